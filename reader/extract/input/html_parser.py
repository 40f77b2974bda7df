"""The one parse of a page, bounded in attributes, depth and size."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final, NamedTuple
from urllib.parse import urljoin

from lxml import etree
from lxml.html import (
    HtmlComment,
    HtmlElement,
    HtmlEntity,
    HTMLParser,
    HtmlProcessingInstruction,
    document_fromstring,
)

from reader.model.errors import NotAnArticleError
from reader.model.urls import is_web_url

MAX_TEXT: Final = 20 * 1024 * 1024
"""Characters of a page: the limit of a download."""
MAX_DEPTH: Final = 100
"""Levels of elements that stay: later steps are recursive, and Python allows 1,000 calls."""
MAX_ATTRIBUTES: Final = 200
"""Attributes of an element: libxml2 takes quadratic time for them."""
MAX_ENCODED: Final = 1_000_000
"""Bytes of a page that is parsed from bytes, which is faster; those of larger pages need too much memory."""
MAX_REPARSE_DEPTH: Final = 400
"""Levels of elements that remain in a page too deep for the parser."""

_TOO_DEEP: Final = etree.XPath("/*" * (MAX_DEPTH + 1))
_ELEMENTS: Final = etree.ElementDefaultClassLookup(
    element=HtmlElement,
    comment=HtmlComment,
    pi=HtmlProcessingInstruction,
    entity=HtmlEntity,
)
"""One class for all elements: lxml's own lookup calls Python for every element that is visited."""
MAX_TAG: Final = 8000
"""Characters from which a tag may have too many attributes."""
_LONG_TAG: Final = re.compile(rf"[a-zA-Z][^<>]{{{MAX_TAG}}}")
_MANY_QUOTES: Final = re.compile(r"<[a-zA-Z](?:[^<>\"']*+(?:\"[^\"]*+\"|'[^']*+')){200}")
_TAG: Final = re.compile(r"<([a-zA-Z][^\s/<>]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_ATTRIBUTE: Final = re.compile(
    r"[^\s=>\"'/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?", re.DOTALL
)
_OPENING: Final = re.compile(r"<(?:(script|style)\b|!--)", re.IGNORECASE)
_CLOSING: Final = {
    "script": re.compile("</script", re.IGNORECASE),
    "style": re.compile("</style", re.IGNORECASE),
    "--": re.compile("-->"),
}
_START_OR_END_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)[^<>]*+>")
_VOID_OR_IMPLIED: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
    ]
)
"""Elements without an end tag, or whose end tag is often omitted: they add no depth."""
_UNKNOWN_VOID: Final = ("embed", "source", "track", "wbr")
"""Void elements (HTML Living Standard, 13.1.2) of which libxml2 knows nothing."""
_ASCII_CONTROLS: Final = bytes([*range(9), 11, 12, *range(14, 32), 127])
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_CONTROL_REFERENCE: Final = re.compile(
    r"&#(?:0*(?:[12]?\d|3[01]|127|5[5-7]\d{3}|6553[45])(?!\d)"
    r"|x0*(?:1?[0-9a-f]|7f|d[89a-f]..|fff[ef])(?![0-9a-f]))",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(r"(?:\s|<!--(?:(?!-->).)*+-->)*+", re.DOTALL)
"""White space and comments."""
_DOCUMENT_END: Final = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_ENCODED_END: Final = re.compile(rb"</(?:body|html)", re.IGNORECASE)
_ENCODED_NOSCRIPT: Final = re.compile(b"<noscript", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]*>")
_CDATA: Final = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_SUBSET: Final = re.compile(
    r"(\s*(?:<\?xml[^>]*>\s*)?<!doctype[^<>\[\]]{0,400})\[[^\]]{0,20000}\](?=\s*>)", re.IGNORECASE
)
"""A document type with declarations, whose end the parser takes for text."""
_NOSCRIPT: Final = re.compile(
    r"(<noscript\b[^<>]*>)(.*?)(</noscript\s*>)", re.IGNORECASE | re.DOTALL
)
_IMAGE: Final = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)


@dataclass(slots=True)
class Page:
    """A parsed page. `root` is the `html` element; later stages change it.

    `url` is the page's address, `base_url` the address that links are relative to, `cut` says that
    something was left out.
    """

    root: HtmlElement
    url: str | None
    base_url: str | None
    cut: bool = False


class _Signs(NamedTuple):
    """Parts of a page, in any case; `left` counts the bytes from the first end tag of body or document."""

    has_noscript: bool
    has_reference: bool
    left: int


def parse(text: str, url: str | None = None) -> Page:
    """Parse a page. Raises NotAnArticleError if the parser finds nothing. Linear.

    libxml2 drops elements that lie too deep, drops text near 10 MB without `huge_tree`, and is
    quadratic in the attributes of one element, so all three are bounded here. Characters that XML
    cannot hold are dropped before and after the parse, since lxml refuses to copy them. What follows
    the end tag of the body belongs to it (HTML Living Standard, 13.2.6.4.19), but libxml2 puts it
    next to the body, and what follows that of the document into another one; so both tags go.
    """
    cut = len(text) > MAX_TEXT
    text = text[:MAX_TEXT]
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
        # Up to the last end of a section: a search from each open one would be quadratic.
        last = text.rfind("]]>") + 3
        if last > 2 and "<![CDATA[" in text:
            head = _map_markup(text[:last], lambda markup: _CDATA.sub(_escape_cdata, markup))
            text = head + text[last:]
    text = _SUBSET.sub(r"\1", text, count=1) if _SUBSET.match(text) else text
    text, encoded = _strip_controls(text)
    signs = _find_signs(encoded)
    given = text
    if _may_have_many_attributes(text):
        text = _map_markup(text, _trim_tags)
    if signs.has_noscript:
        text = _NOSCRIPT.sub(_balance_noscript, text)
    if signs.left:
        # As many characters are left as bytes at most.
        text = _open_document(text, max(0, len(text) - signs.left) if text == given else 0)
    is_small = len(encoded) <= MAX_ENCODED
    if text is not given and is_small:
        encoded = text.encode()
    page: str | bytes = encoded if is_small else text
    del encoded
    root, whole = _parse_tree(page)
    if not whole:
        cut = True
        root, _ = _parse_tree(_drop_deep_tags(text))
    cut = limit_depth(root) or cut
    _empty_void_elements(root)
    if signs.has_reference and _CONTROL_REFERENCE.search(text):
        _drop_controls(root)
    return Page(root, url, _base_url(root, url), cut)


def _escape_cdata(section: re.Match[str]) -> str:
    """Return the text of a CDATA section as HTML writes it."""
    return escape(section[1], quote=False)


def _strip_controls(text: str) -> tuple[str, bytes]:
    """Return the text without characters that XML cannot hold, and its bytes in UTF-8.

    Fast if there are none.
    """
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        is_clean = False
    else:
        is_clean = (
            len(encoded.translate(None, _ASCII_CONTROLS)) == len(encoded)
            and "\ufffe" not in text
            and "\uffff" not in text
        )
    if is_clean:
        return text, encoded
    text = _CONTROL.sub("", text)
    return text, text.encode()


def _find_signs(page: bytes) -> _Signs:
    """Return which parts a page has that patterns look for: such searches take a tenth of the time."""
    end = _ENCODED_END.search(page)
    return _Signs(
        has_noscript=_ENCODED_NOSCRIPT.search(page) is not None,
        has_reference=b"&#" in page,
        left=0 if end is None else len(page) - end.start(),
    )


def _open_document(text: str, start: int) -> str:
    """Return the page without the end tags of body and document, if anything follows them.

    There are none before `start`. Most pages end there, and need no second copy of their text.
    """
    ends = list(_DOCUMENT_END.finditer(text, start))
    following = [*(found.start() for found in ends[1:]), len(text)]
    if all(
        _NOTHING.fullmatch(text, found.end(), at) is not None
        for found, at in zip(ends, following, strict=False)
    ):
        return text
    # A substitution by pattern would hold the page a third time.
    for tag in {found[0] for found in ends}:
        text = text.replace(tag, "")
    return text


def _may_have_many_attributes(text: str) -> bool:
    """Return whether a tag is long or has many quoted values; scripts look like such tags."""
    return _has_long_tag(text) or _MANY_QUOTES.search(text) is not None


def _has_long_tag(text: str) -> bool:
    """Return whether the markup between two signs `<` is a long tag. Linear."""
    half = MAX_TAG // 2
    opening = -1
    for at in range(0, len(text), half):
        # A long tag covers one of these stretches whole, and next to no page has one.
        last = text.rfind("<", at, at + half)
        if last >= 0:
            opening = last
        elif text.find(">", at, at + half) < 0 and _LONG_TAG.match(text, opening + 1):
            return True
    return False


def _parse_tree(page: str | bytes) -> tuple[HtmlElement, bool]:
    """Return the tree of a page, and whether the parser stayed within its limits.

    Bytes are UTF-8.
    """
    encoding = "utf-8" if isinstance(page, bytes) else None
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding=encoding)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        root = document_fromstring(page, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise NotAnArticleError("nothing in it can be read as a page") from None
    limits = parser.error_log.filter_from_level(etree.ErrorLevels.FATAL)
    return root, not any(
        error.type in (etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_NAME_TOO_LONG)
        for error in limits
    )


def _empty_void_elements(root: HtmlElement) -> None:
    """Move what libxml2 puts into elements that hold nothing behind them. Linear.

    It takes these elements for ones with an end tag, so they hold the rest of their paragraph.
    """
    for element in root.iter(*_UNKNOWN_VOID):
        if not len(element) and not element.text:
            continue
        rest, element.tail = element.tail or "", None
        text, element.text = element.text or "", None
        children = list(element)
        for child in reversed(children):
            element.addnext(child)
        if children:
            children[-1].tail = (children[-1].tail or "") + rest or None
            element.tail = text or None
        else:
            element.tail = text + rest


def _map_markup(text: str, change: Callable[[str], str]) -> str:
    """Apply `change` to everything but scripts, styles and comments. Linear.

    Signs and quotes of a script look like one endless tag that holds the article after it.
    """
    parts: list[str] = []
    at = 0
    unclosed: set[str] = set()
    for opening in _OPENING.finditer(text):
        kind = (opening[1] or "--").lower()
        if opening.start() < at or kind in unclosed:
            continue
        closing = _CLOSING[kind].search(text, opening.end())
        if closing is None:
            unclosed.add(kind)
            continue
        parts += (change(text[at : opening.start()]), text[opening.start() : closing.end()])
        at = closing.end()
    return "".join((*parts, change(text[at:])))


def _balance_noscript(found: re.Match[str]) -> str:
    """Reduce a `<noscript>` with unbalanced tags to its images.

    Browsers read its content as text, so sites close tags in it that they opened elsewhere; for this
    parser such an element would hold the rest of the page.
    """
    opening, inside, closing = found.groups()
    depths: dict[str, int] = {}
    for tag in _START_OR_END_TAG.finditer(inside):
        name = tag[2].lower()
        if name not in _VOID_OR_IMPLIED and not tag[0].endswith("/>"):
            depths[name] = depths.get(name, 0) + (-1 if tag[1] else 1)
    if any(depths.values()):
        inside = "".join(_IMAGE.findall(inside))
    return f"{opening}{inside}{closing}"


def _trim_tags(markup: str) -> str:
    """Return markup whose tags have their first attributes only."""
    if not _may_have_many_attributes(markup):
        return markup
    parts: list[str] = []
    at = 0
    for found in _TAG.finditer(markup):
        if found.end() - found.start() > 2 * MAX_ATTRIBUTES:
            parts += (markup[at : found.start()], _trim_attributes(found))
            at = found.end()
    return "".join((*parts, markup[at:])) if parts else markup


def _trim_attributes(found: re.Match[str]) -> str:
    """Return a tag with its first attributes only."""
    kept = []
    for attribute in _ATTRIBUTE.finditer(found[2]):
        kept.append(attribute[0])
        if len(kept) == MAX_ATTRIBUTES:
            return f"<{found[1]} {' '.join(kept)}>"
    return found[0]


def _drop_deep_tags(text: str) -> str:
    """Return the page without tags below `MAX_REPARSE_DEPTH` levels."""
    depth = 0

    def judge(found: re.Match[str]) -> str:
        nonlocal depth
        if found[2].lower() in _VOID_OR_IMPLIED:
            return found[0]
        if found[1]:
            depth = max(0, depth - 1)
            return found[0] if depth < MAX_REPARSE_DEPTH else " "
        depth += 1
        return found[0] if depth <= MAX_REPARSE_DEPTH else " "

    return _START_OR_END_TAG.sub(judge, text)


def limit_depth(root: HtmlElement) -> bool:
    """Unwrap elements below `MAX_DEPTH` and keep their text. Returns whether there were any."""
    # Linear like the walk below, but in C: hardly any page has an element at this level.
    if not _TOO_DEEP(root):
        return False
    depth, deep = 0, []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            depth += 1
            if depth > MAX_DEPTH:
                deep.append(element)
        else:
            depth -= 1
    for element in reversed(deep):
        if isinstance(element.tag, str) and element.getparent() is not None:
            element.drop_tag()
    return bool(deep)


def _drop_controls(root: HtmlElement) -> None:
    """Drop characters that only references can bring into a tree, such as `&#27;`."""
    for element in root.iter():
        for name, text in (("text", element.text), ("tail", element.tail)):
            if text and not text.isprintable() and _CONTROL.search(text):
                setattr(element, name, _CONTROL.sub("", text))
        for name, value in element.attrib.items():
            if not value.isprintable() and _CONTROL.search(value):
                element.set(name, _CONTROL.sub("", value))


def _base_url(root: HtmlElement, url: str | None) -> str | None:
    """Return the address that links are relative to: the first `<base>` with an href counts.

    Source: HTML Living Standard, 4.2.3.
    """
    for element in root.iter("base"):
        href = element.get("href")
        if href is None:
            continue
        try:
            found = str(urljoin(url or "", href.strip()))
        except ValueError:
            return url
        return found if is_web_url(found) else url
    return url


def text_file(root: HtmlElement) -> str | None:
    """Return the text of a browser's view of a text file, else None."""
    body = root.find(".//body")
    if body is None or (body.text and not body.text.isspace()):
        return None
    if body.find("pre") is None:
        return None
    children = [
        child
        for child in body
        if isinstance(child.tag, str) and child.tag not in ("script", "style")
    ]
    shown = [child for child in children if "".join(child.itertext()).strip()]
    if len(shown) != 1 or shown[0].tag != "pre" or len(shown[0]) or shown[0].get("class"):
        return None
    if any(child.tail and not child.tail.isspace() for child in body):
        return None
    return str(shown[0].text or "")
