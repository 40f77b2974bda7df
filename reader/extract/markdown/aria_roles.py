"""Elements whose role or obsolete tag states their meaning, with the HTML tag for it.

Sources: WAI-ARIA 1.3 and DPUB-ARIA 1.1 (roles), HTML 15.2 (obsolete elements).
"""

import re
from typing import Final

from lxml.html import HtmlElement

from reader.extract import removals
from reader.extract.dom import ElementIndex

_ROLE_TAGS: Final = {
    "paragraph": "p", "list": "ul", "listitem": "li", "blockquote": "blockquote",
    "doc-epigraph": "blockquote", "separator": "hr", "code": "code", "emphasis": "em",
    "strong": "strong", "deletion": "del", "insertion": "ins", "subscript": "sub",
    "superscript": "sup", "mark": "mark", "time": "time", "term": "dfn", "figure": "figure",
    "caption": "figcaption", "table": "table", "grid": "table", "treegrid": "table",
    "rowgroup": "tbody", "row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th",
    "rowheader": "th", "doc-subtitle": "p",
}  # fmt: skip
"""Roles of elements without meaning; `article`, `note` and landmarks are boxes."""
_GENERIC_TAGS: Final = frozenset(("div", "span", "p", "section"))
_OBSOLETE_TAGS: Final = {
    "dir": "ul", "listing": "pre", "xmp": "pre", "plaintext": "pre", "strike": "del",
    "acronym": "abbr", "big": "span", "blink": "span", "font": "span", "nobr": "span",
    "basefont": "span", "marquee": "div", "multicol": "div", "tt": "code", "noembed": "template",
    "noframes": "template", "amp-img": "img",
}  # fmt: skip
"""Obsolete elements, as HTML 15 has browsers show them; fallbacks that none shows are templates."""
_TABLE_ROLES: Final = frozenset(("table", "grid", "treegrid"))
_ROW_ROLES: Final = frozenset((
    "rowgroup", "row", "cell", "gridcell", "columnheader", "rowheader",
))  # fmt: skip
_PERMALINK: Final = re.compile(
    r"(?:^|[\s_-])(?:anchor|perma-?link|header-?link|heading-?link|hash-?link|direct-link|autolink)"
    r"(?:$|[\s_-])",
    re.I,
)
_PERMALINK_TEXT: Final = re.compile(
    r"[\s#¶§🔗⚓∞\u200b\ufe0f]*|(?:permalink|link|anchor|copy link)", re.I
)
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_DATA_AS: Final = frozenset(("p", "ul", "ol", "li", "blockquote", *_HEADINGS))


def normalise(index: ElementIndex) -> None:
    """Give elements the tag of their role; drop permalinks in headings and terms. Linear."""
    root = index.root
    for element in root.iter(*_OBSOLETE_TAGS):
        element.tag = _OBSOLETE_TAGS[element.tag]
    for element in index.with_attribute("role", "data-as"):
        if element.tag in _GENERIC_TAGS:
            _apply_role(element)
    for footer in root.iter("footer"):
        if next(footer.iterancestors("blockquote", "figure", "body"), footer).tag != "body":
            # Who said it, and not the foot of a page.
            footer.tag = "div" if next(footer.iter("p", "div"), None) is not None else "p"
    for cite in list(root.iter("cite")):
        _stand_above(cite)
    drop_permalinks(root)
    for section in index.by_class().get("mw-editsection", ()):
        if section.tag == "span" and section.getparent() is not None:
            removals.drop(section, "edit link")


def _stand_above(cite: HtmlElement) -> None:
    """Put the name at the start of a quotation above its text, as forums draw it."""
    box = cite.getparent()
    above = box if box is None or box.tag == "blockquote" else box.getparent()
    if (
        box is None
        or above is None
        or above.tag != "blockquote"
        or box.tag not in ("blockquote", "div")
        or cite.getprevious() is not None
        or (box.text or "").strip()
        or not (cite.tail or "")[:1].isalnum()
    ):
        return
    line = box.makeelement("p")
    line.tail, cite.tail = cite.tail, None
    box.replace(cite, line)
    line.append(cite)


def drop_permalinks(root: HtmlElement) -> None:
    """Drop the links of headings, terms and summaries to themselves. Linear."""
    for heading in root.iter(*_HEADINGS, "dt", "summary"):
        if len(heading):
            _drop_permalinks(heading)


def _apply_role(element: HtmlElement) -> None:
    name = element.get("data-as")
    if name in _DATA_AS:
        element.tag = name
        return
    role = (element.get("role") or "").split(None, 1)[:1]
    if not role:
        return
    if role[0] == "heading":
        level = (element.get("aria-level") or "2").strip()
        element.tag = f"h{level}" if level in ("1", "2", "3", "4", "5", "6") else "h6"
        return
    tag = _ROLE_TAGS.get(role[0])
    if tag is None or (role[0] in _ROW_ROLES and not _is_in_table(element)):
        return
    element.tag = tag
    if tag in ("td", "th"):
        for name in ("colspan", "rowspan"):
            value = element.get(f"aria-{name}")
            if value:
                element.set(name, value)


def _is_in_table(element: HtmlElement) -> bool:
    return any(
        above.tag == "table" or above.get("role") in _TABLE_ROLES
        for above in element.iterancestors()
    )


def _drop_permalinks(heading: HtmlElement) -> None:
    for link in list(heading.iter("a", "button", "clipboard-copy")):
        if link.getparent() is None:
            continue
        text = "".join(link.itertext()).strip()
        names = (
            f"{link.get('class') or ''} {link.get('aria-label') or ''} {link.get('title') or ''}"
        )
        if (
            link.find(".//img") is None
            and _PERMALINK_TEXT.fullmatch(text) is not None
            and (text or _PERMALINK.search(names) or not link.get("id"))
        ):
            removals.drop(link, "permalink")
        elif (
            _PERMALINK.search(link.get("class") or "")
            and len(text) < 3
            and not any(map(str.isalnum, text))
        ):
            removals.drop(link, "permalink")
