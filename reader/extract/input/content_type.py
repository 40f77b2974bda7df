"""Content sniffing: page, Markdown, another markup, text, or data that cannot be read."""

import codecs
import re
from enum import StrEnum
from typing import Final

from reader.extract.input.charset import detect_utf16
from reader.extract.input.markup import SYNTAXES
from reader.markdown.front_matter import split_front_matter
from reader.model.errors import NotAnArticleError


class InputKind(StrEnum):
    """Kind of an input."""

    PAGE = "page"
    MARKDOWN = "markdown"
    MARKUP = "markup"
    TEXT = "text"
    BOOK = "book"


_MAGIC: Final = (
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x00asm", "a program"),
    (b"\x1f\x8b", "a packed file: unpack it first"),
    (b"BZh", "a packed file: unpack it first"),
    (b"\xfd7zXZ", "a packed file: unpack it first"),
    (b"(\xb5/\xfd", "a packed file: unpack it first"),
    (b"7z\xbc\xaf", "a packed file: unpack it first"),
    (b"PK\x03\x04", "a zip: `reader import` reads exports of other programs"),
    (b"\x89PNG", "a picture, not a page"),
    (b"\xff\xd8\xff", "a picture, not a page"),
    (b"GIF8", "a picture, not a page"),
    (b"RIFF", "a picture or sound, not a page"),
    (b"II*\x00", "a picture, not a page"),
    (b"MM\x00*", "a picture, not a page"),
    (b"SQLite format 3", "a database, not a page"),
    (b"OggS", "sound, not a page"),
    (b"fLaC", "sound, not a page"),
    (b"ID3", "sound, not a page"),
    (b"\x1aE\xdf\xa3", "a film, not a page"),
    (b"\xd0\xcf\x11\xe0", "an office document: save it as HTML first"),
    (b"{\\rtf", "an RTF document: save it as HTML first"),
)
_CONTROLS: Final = bytes([*range(7), *range(14, 27), *range(28, 32), 127])
_HEAD_LENGTH: Final = 65_536
"""Bytes or characters from which the type of a file is recognised."""

_FIRST_TAG: Final = re.compile(r"\s*<(?:!doctype|!--|\?xml|[a-z][a-z0-9-]*[\s>/])", re.IGNORECASE)
_DOCUMENT_TAG: Final = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_BLOCK_TAG: Final = re.compile(
    r"<(?:/?(?:p|div|td|tr|li|h[1-6]|article|section|blockquote)|br)\s*/?>", re.IGNORECASE
)
_NAMES: Final = {
    "md": InputKind.MARKDOWN,
    "markdown": InputKind.MARKDOWN,
    "mdown": InputKind.MARKDOWN,
    "mkd": InputKind.MARKDOWN,
    "html": InputKind.PAGE,
    "htm": InputKind.PAGE,
    "xhtml": InputKind.PAGE,
    **dict.fromkeys(SYNTAXES, InputKind.MARKUP),
}
"""Kinds of files by the suffix of their name."""
_TOML_FIELDS: Final = re.compile(r"[\n\ufeff]*\+\+\+[ \t]*\n\w+[ \t]*=")
_UNDERLINED: Final = re.compile(r"^\S.*\n(?:=+|-{3,})[ \t]*$", re.MULTILINE)
_RULED: Final = re.compile(r"^(?:=|-){3,}[ \t]*\n\S.*\n(?:=|-){3,}[ \t]*$", re.MULTILINE)
"""A heading between two rules, as plain text has it: Markdown has one below only."""
_MARKDOWN_SYNTAX: Final = re.compile(
    r"^#{1,6} +\S|^(?:```|~~~)|^\S.*\n(?:=+|-{3,})[ \t]*$|!?\[[^\]\n]{1,300}\]\((?:<|https?:|/|#|\.|images/)"
    r"|^\[\^?[^\]\n]{1,60}\]: *\S|\*\*[^\s*][^*\n]{0,200}\*\*|^\|.+\|[ \t]*\n\|[ :|-]+\|[ \t]*$",
    re.MULTILINE,
)


def reject_binary(page: bytes) -> None:
    """Raise NotAnArticleError for binary data; the error names its kind."""
    if not page.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise NotAnArticleError("the page is empty")
    for magic, kind in _MAGIC:
        if page.startswith(magic):
            raise NotAnArticleError(f"this is {kind}")
    if page[4:8] == b"ftyp":
        raise NotAnArticleError("this is a film, not a page")
    if page.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return
    head = page[:_HEAD_LENGTH]
    nuls = head.count(0)
    if detect_utf16(head[:4096]):
        return
    controls = len(head) - len(head.translate(None, _CONTROLS))
    # A tenth of random bytes are control characters; a text has next to none, in any encoding.
    most = len(head) // 20 if _is_utf8(head) else len(head) // 100
    if 10 * nuls > len(head) or controls > max(most, 1):
        raise NotAnArticleError("these are binary data, not a page")


def _is_utf8(head: bytes) -> bool:
    """Return whether the bytes are UTF-8, a character cut at the end included."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def detect_kind(text: str, name: str = "") -> InputKind:
    """Return the kind of a decoded text, from its file name or its first 65,536 characters."""
    named = _NAMES.get(name.rpartition(".")[2].casefold()) if "." in name else None
    if named is not None:
        return named
    head = text[:_HEAD_LENGTH]
    if split_front_matter(head.lstrip("\n\ufeff"))[0] or _TOML_FIELDS.match(head):
        return InputKind.MARKDOWN
    if _FIRST_TAG.match(head) and _DOCUMENT_TAG.search(head[:4096]):
        return InputKind.PAGE
    signs = len(_MARKDOWN_SYNTAX.findall(head))
    plain = _UNDERLINED if name.casefold().endswith((".txt", ".text")) else _RULED
    signs -= len(plain.findall(head))
    tags = len(_BLOCK_TAG.findall(head))
    if _FIRST_TAG.match(head) and signs <= tags:
        return InputKind.PAGE
    if tags > 3 and tags > 2 * signs and 600 * tags > len(head):
        return InputKind.PAGE
    if signs > 1 or re.match(r"# +\S", head):
        return InputKind.MARKDOWN
    return InputKind.TEXT


_WORD: Final = re.compile(r"\w")
_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{5}")
"""Signs of scripts that put no spaces between words."""
_SENTENCE_ENDS: Final = frozenset(".!?…:")
MIN_WORDS: Final = 4
"""Words in a row that are prose; labels have up to three."""


def has_sentence(markdown: str) -> bool:
    """Return whether a line has four words, or ends like a sentence. Linear."""
    for line in markdown.split("\n"):
        end = line.rstrip(" \t").rstrip("\"'”’»)*_")
        if end and end[-1] in _SENTENCE_ENDS and _WORD.search(end[:-3]):
            return True
        run = 0
        for word in line.split():
            starts = _WORD.match(word) is not None
            # The first of them may begin with a quotation mark.
            run = run + 1 if starts and run else int(_WORD.search(word) is not None)
            if run >= MIN_WORDS:
                return True
    return _UNSPACED.search(markdown) is not None
