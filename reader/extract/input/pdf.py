"""PDF files as Markdown: headings, joined lines, columns in reading order, images, page marks.

The extra `pdf` brings two libraries: liteparse for scripts from left to right, pypdf for those from
right to left, whose letters liteparse leaves in the order of the paper. pypdf also reads the document
information and the outline.
"""

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from reader.extract.input.pdf_repair import OutlineItem, escape, mark_headings, restore_lines
from reader.model.errors import NotAnArticleError
from reader.model.text import clean, one_line

if TYPE_CHECKING:
    # Imported where a PDF is read.
    from pypdf import PdfReader

MAX_PAGES: Final = 2_000
"""Pages that are read: a long book has 1,500."""
MAX_OUTLINE: Final = 5_000
"""Items of the outline that are looked for: a thick book has a few hundred."""
MIN_LETTERS: Final = 20
"""Letters of a file with text; a scanned one may have a stamp."""
MIN_RTL_SHARE: Final = 0.2
"""Share of right-to-left letters from which pypdf reads the text.

Of three Arabic files it kept .81 of the word triples, liteparse .55; without them .905 and .931.
"""
_TITLE_BLOCKS: Final = 6
"""Blocks at the top among which the title is looked for: a journal's name may be above it."""
_LOCAL_LINK: Final = re.compile(r"(?<!!)\[([^\[\]]*)\]\((?!https?:|mailto:)[^()\s]*\)")
_SIGNS: Final = ".:!"
_LEADING_SIGNS: Final = re.compile(rf"^[{_SIGNS}]+.")
_WORD_OR_SIGN: Final = re.compile(rf"[{_SIGNS}]+(?!\d)|[^\s{_SIGNS}]+(?:[.:]\d+)*|\S")
_ARABIC_DIGITS: Final = re.compile("[٠-٩۰-۹]{2,}")
_RTL: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FENCE: Final = re.compile(r"^(?:```|~~~)")
_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])")
_UNFINISHED: Final = re.compile(r"[\w,;–—-]$")
_CONTINUED: Final = re.compile(r"^[^\W\dA-Z_]")
_GENERATED_TITLE: Final = re.compile(
    r"(?:untitled|microsoft word|microsoft powerpoint|slide 1|print|document\d*)\b|.*\.\w{2,4}$",
    re.I,
)
_DATE: Final = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")


@dataclass(frozen=True, slots=True)
class PdfFile:
    """The text of a PDF as Markdown, its images by name, and what its information says."""

    markdown: str = field(repr=False)
    title: str = ""
    author: str = ""
    date: str = ""
    images: dict[str, bytes] = field(default_factory=dict, repr=False)
    cut: bool = False


def is_pdf(page: bytes) -> bool:
    """Return whether the bytes are a PDF; some have a few bytes before their head."""
    return b"%PDF-" in page[:1024] and page.lstrip()[:1] != b"<"


def read_pdf(page: bytes) -> PdfFile:
    """Read a PDF. Raises NotAnArticleError with its reason: damaged, locked, scanned, or no extra.

    Not bounded in time for every file: run it where it can be killed.
    """
    try:
        from liteparse import LiteParse, ParseError
    except ImportError:
        raise NotAnArticleError(
            "this is a PDF, which needs the extra `pdf`: pip install 'reader-tui[pdf]'"
        ) from None
    parser = LiteParse(
        ocr_enabled=False,
        output_format="markdown",
        extract_images=True,
        extract_links=True,
        continue_on_page_error=True,
        max_pages=MAX_PAGES,
        num_workers=1,
        quiet=True,
    )
    try:
        found = parser.parse(page)
    except ParseError as error:
        said = one_line(str(error), 200).casefold()
        locked = "password" in said or "encrypt" in said
        raise NotAnArticleError(
            "the PDF is locked" if locked else "the PDF cannot be read"
        ) from None
    pages = [clean(each.markdown or "") for each in found.pages]
    _refuse_scanned(pages)
    pages = restore_lines(pages, [clean(each.text or "") for each in found.pages])
    facts, outline = _information(page)
    images = {
        image.name: bytes(image.bytes) for image in found.images if image.bytes and image.name
    }
    cut = bool(found.page_errors) or found.total_pages > len(found.pages)
    text = "\n".join(pages)
    if len(_RTL.findall(text)) > MIN_RTL_SHARE * sum(map(str.isalpha, text)):
        pages, images = _read_rtl(page), {}
    pages = mark_headings(pages, outline)
    title, markdown = split_title(_title(facts.get("/Title", "")), join_pages(pages))
    return PdfFile(
        markdown,
        title=title,
        author=one_line(facts.get("/Author", ""), 300),
        date=_date(facts.get("/CreationDate", "")),
        images=images,
        cut=cut,
    )


def _refuse_scanned(pages: Sequence[str]) -> None:
    letters = sum(map(str.isalnum, re.sub(r"!\[[^\]]*\]\([^)]*\)", "", "".join(pages))))
    if letters < MIN_LETTERS:
        raise NotAnArticleError(
            "the PDF holds no text: its pages are images, as a scanner makes them"
        )


def _read_rtl(page: bytes) -> list[str]:
    """Return the text of each page in the order of reading, a paragraph a line."""
    from pypdf import PdfReader

    pages: list[str] = []
    try:
        for each in PdfReader(io.BytesIO(page), strict=False).pages[:MAX_PAGES]:
            text = unicodedata.normalize("NFKC", each.extract_text() or "")
            pages.append(_paragraphs(_in_logical_order(clean(text))))
    except _pdf_errors():
        if not pages:
            raise NotAnArticleError("the PDF cannot be read") from None
    _refuse_scanned(pages)
    return pages


def _information(page: bytes) -> tuple[dict[str, str], list[OutlineItem]]:
    """Return the texts of the document information, and the outline; empty if unreadable."""
    from pypdf import PdfReader

    facts: dict[str, str] = {}
    outline: list[OutlineItem] = []
    try:
        file = PdfReader(io.BytesIO(page), strict=False)
        for name, value in (file.metadata or {}).items():
            if isinstance(value, str):
                facts[str(name)] = str(value)
        outline += islice(_outline_items(file, file.outline, 1), MAX_OUTLINE)
    except _pdf_errors():
        pass
    return facts, outline


def _outline_items(file: "PdfReader", items: Sequence[Any], depth: int) -> Iterator[OutlineItem]:
    """Yield the items of an outline that point to a page; a list holds those one level below."""
    for item in items:
        if isinstance(item, list):
            yield from _outline_items(file, item, depth + 1)
        elif (number := file.get_destination_page_number(item)) is not None:
            yield OutlineItem(one_line(str(item.title), 300), depth, number)


def _pdf_errors() -> tuple[type[Exception], ...]:
    """Return what pypdf raises for files that do not follow the standard."""
    from pypdf.errors import PyPdfError

    return (
        PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError,
        RecursionError, NotImplementedError, OSError, AssertionError,
    )  # fmt: skip


def _in_logical_order(text: str) -> str:
    """Return right-to-left lines in the order of reading, if the file has them as on paper.

    Then the signs that end sentences stand at the beginning of lines.
    """
    lines = [line.strip() for line in text.split("\n")]
    first = sum(bool(_LEADING_SIGNS.match(line)) for line in lines)
    if first <= sum(line.endswith((".", "؟", "!", ":", "،")) for line in lines):
        return text
    return "\n".join(_reversed_words(line) if _RTL.search(line) else line for line in lines)


def _reversed_words(line: str) -> str:
    """Return the words in the other order; a sign belongs to the word that it follows then."""
    written = ""
    for word in reversed(_WORD_OR_SIGN.findall(line)):
        written += word if word[0] in _SIGNS or not written else f" {word}"
    return _ARABIC_DIGITS.sub(lambda found: found[0][::-1], written)


def _paragraphs(text: str) -> str:
    """Join the lines of a page: a short line, or one that ends a sentence, ends a paragraph."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    longest = max(map(len, lines), default=0)
    parts: list[list[str]] = [[]]
    for line in lines:
        if line:
            parts[-1].append(escape(line))
        ends_sentence = line.endswith((".", "!", "?", "؟", "۔", ":"))
        if (
            not line
            or (len(line) < 0.6 * longest)
            or (ends_sentence and len(line) < 0.85 * longest)
        ):
            parts.append([])
    return "\n\n".join(" ".join(part) for part in parts if part)


def join_pages(pages: Sequence[str]) -> str:
    """Join pages with a mark before each but the first; a sentence over two pages stays whole.

    The mark of a page in the middle of a paragraph stands behind the paragraph. Linear.
    """
    written: list[str] = []
    for number, page in enumerate(pages, 1):
        blocks = [block for block in re.split(r"\n{2,}", _escape_tags(page).strip("\n")) if block]
        mark = [f"*page {number}*"] if number > 1 and blocks else []
        if mark and written and _continues(written[-1], blocks[0]):
            hyphenated = written[-1].endswith("-") and written[-1][-2:-1].isalpha()
            before = written[-1][:-1] if hyphenated else f"{written[-1]} "
            written[-1] = before + blocks[0]
            blocks = blocks[1:]
        written += mark + blocks
    return "\n\n".join(written) + "\n"


def split_title(stated: str, markdown: str) -> tuple[str, str]:
    """Return the title, and the text without it: a heading near the top, else the stated one."""
    blocks = markdown.split("\n\n", _TITLE_BLOCKS)
    for place, block in enumerate(blocks[:_TITLE_BLOCKS]):
        heading = one_line(block[2:], 300) if block.startswith("# ") else ""
        if heading and stated.casefold().startswith(heading.casefold() if stated else ""):
            return heading, "\n\n".join(blocks[:place] + blocks[place + 1 :])
    return stated, markdown


def _continues(before: str, after: str) -> bool:
    """Return whether a block is the rest of the sentence that the last page began."""
    is_text = not before.startswith(("#", "|", "```", "- ", "!", "*page")) and "\n" not in before
    return bool(is_text and _UNFINISHED.search(before) and _CONTINUED.match(after))


def _escape_tags(text: str) -> str:
    """Escape signs that begin an HTML tag, outside of code: a PDF has no tags."""
    lines, is_code = [], False
    for line in text.split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
        lines.append(line if is_code else _TAG.sub(r"\\<", _LOCAL_LINK.sub(r"\1", line)))
    return "\n".join(lines)


def _title(said: str) -> str:
    """Return the title that the file states, unless a program made it up."""
    title = one_line(said, 300)
    return "" if _GENERATED_TITLE.match(title) else title


def _date(said: str) -> str:
    """Return the day of a PDF's date, `D:YYYYMMDD…`; empty for any other text."""
    found = _DATE.match(said)
    return "-".join(found.groups()) if found else ""
