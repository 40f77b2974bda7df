"""Callouts, admonitions and alerts as quotes that name their kind: `> [!note] Title`."""

import re
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from reader.extract import removals
from reader.extract.dom import ElementIndex

_KINDS: Final = (
    "note|tip|info|hint|important|warning|caution|danger|error|success|question|faq|example|quote"
    "|abstract|summary|tldr|information|todo|bug|failure|attention|seealso|check|done|help|missing|fail|cite"
)
_CLASS: Final = re.compile(
    rf"(?:^|\s)(?:markdown-alert|admonition|callout|alert|theme-admonition|notice|hint|custom-block"
    rf"|aside|starlight-aside|remark|confluence-information-macro)(?:-|--|__|\s+(?:[\w-]+\s+)*?(?:alert--|admonition-|callout-|is-|type-|starlight-aside--)?)"
    rf"({_KINDS}|primary|secondary)(?:$|\s)",
    re.I,
)
_THEME: Final = re.compile(rf"(?:^|\s)theme-admonition-({_KINDS})(?:$|\s)", re.I)
"""The kind in Docusaurus, whose other class names a colour."""
_KIND_FIRST: Final = re.compile(
    rf"(?:^|\s)({_KINDS})\s+(?:custom-block|callout|admonition)(?:$|\s)", re.I
)
"""The order of VitePress."""
_BOX_PARTS: Final = (
    "alert", "admonition", "callout", "notice", "aside", "custom-block", "hint",
    "information-macro",
)  # fmt: skip
_BOX: Final = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_BOX_PARTS)})(?:$|[\s_-])", re.I)
_UNNAMED: Final = re.compile(r"(?:^|\s)kg-callout-card(?:$|\s)")
"""A callout of Ghost, which has a colour and an emoji in place of a kind."""
_NAMES: Final = {"primary": "info", "secondary": "note", "information": "info"}
_TITLE: Final = re.compile(
    r"(?:^|[\s_-])(?:markdown-alert-title|admonition-title|callout-title|admonition-heading"
    r"|admonitionheading|custom-block-title|alert-heading|starlight-aside__title|callout-heading"
    r"|notice-title|aside__title)",
    re.I,
)


def normalise(index: ElementIndex) -> None:
    """Turn every callout into `<blockquote data-callout="kind" data-title="…">`."""
    has_data = index.has_attribute("data-callout")
    if not has_data and not index.names_folded_class(*_BOX_PARTS):
        return
    for element in list(index.root.iter("div", "aside", "section", "blockquote", "figure")):
        classes = element.get("class")
        if (not has_data and not (classes and _is_box(classes))) or element.getparent() is None:
            continue
        kind = _kind(element)
        if kind is not None:
            _convert(element, kind)


def _kind(element: HtmlElement) -> str | None:
    own = element.get("data-callout")
    if own and re.fullmatch(r"[\w-]{1,30}", own):
        return str(own.lower())
    classes = element.get("class") or ""
    if not classes or not _is_box(classes):
        return None
    found = _THEME.search(classes) or _CLASS.search(classes) or _KIND_FIRST.search(classes)
    if found is None:
        if _UNNAMED.search(classes) or (element.tag == "figure" and "callout" in classes.split()):
            _drop_icon(element)
            return "note"
        if "admonition" not in classes or _title_of(element) is None:
            return None
        return "note"
    if (
        element.get("role") == "alert"
        and _title_of(element) is None
        and element.find(".//p") is None
    ):
        return None
    kind = found[1].lower()
    return _NAMES.get(kind, kind)


def _drop_icon(element: HtmlElement) -> None:
    """Drop the emoji or picture before the text of a callout."""
    first = next((inner for inner in element if isinstance(inner.tag, str)), None)
    if first is not None and not any(map(str.isalnum, first.text_content())):
        removals.drop(first, "control")


@lru_cache(maxsize=2048)
def _is_box(classes: str) -> bool:
    """Return whether classes name a callout; pages repeat their classes."""
    return _BOX.search(classes) is not None


def _title_of(element: HtmlElement) -> HtmlElement | None:
    for number, inner in enumerate(
        element.iter("div", "p", "span", "strong", "summary", "h4", "h5")
    ):
        if number > 6:
            return None
        name = inner.get("class") or ""
        if inner is not element and (
            _TITLE.search(name) or (name == "title" and inner.getparent() is element)
        ):
            return inner
    return None


def _convert(element: HtmlElement, kind: str) -> None:
    title = _title_of(element)
    words = ""
    if title is not None and title.getparent() is not None:
        words = " ".join(title.text_content().split())[:200]
        title.drop_tree()
    for tool in list(element.iter("button", "svg")):
        if tool.getparent() is not None:
            removals.drop(tool, "control")
    for inner in element.iter("div", "section"):
        if "display" in (inner.get("style") or ""):
            inner.attrib.pop("style")
    element.tag = "blockquote"
    element.set("data-callout", kind)
    element.set("data-title", words)


def heading(element: HtmlElement) -> str | None:
    """Return the first line of a callout; None for a plain quote."""
    kind = element.get("data-callout")
    if not kind:
        return None
    fold = element.get("data-callout-fold") or ""
    words = element.get("data-title") or ""
    plain = words.casefold() == kind and element.get("data-callout-fold") is None
    title = "" if plain else words
    return f"[!{kind}]{fold if fold in '+-' else ''}{' ' + title if title else ''}"
