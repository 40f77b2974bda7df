"""Parts of a page that it hides: by attribute, inline style or its own style sheets."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from reader.extract import removals
from reader.extract.content.segmenter import BLOCK_TAGS, is_data_table, text_of
from reader.extract.dom import LiveIndex
from reader.extract.style_sheets import StyleRule, StyleSheets

MAX_HIDDEN_INLINE_CHARS: Final = 80
"""Characters of hidden words in a line that are dropped; longer text may unfold."""
MAX_CHECKS: Final = 20_000
"""Pairs of a hidden element and a rule that may show it; a framework's sheets have hundreds."""
MAX_ANCESTORS: Final = 50
"""Elements around a hidden one in which the outer part of a selector is looked for."""
_HIDING_STYLE: Final = re.compile(
    r"(?:^|[;\s{])(?:display\s*:\s*none|visibility\s*:\s*hidden)\s*(?:!important\s*)?(?:[;}]|$)",
    re.I,
)
# Patterns that begin with a word, which the regex engine searches five times as fast.
_PROPERTIES: Final = tuple(
    (
        re.compile(rf"{name}\s*:\s*{value}\s*(?:!important\s*)?(?:[;}}]|$)"),
        re.compile(rf"{name}\s*:\s*(?!{value}\b)[a-z-]+\s*(?:!important\s*)?(?:[;}}]|$)"),
    )
    for name, value in (("display", "none"), ("visibility", "hidden"))
)
"""Of each property that hides, the declarations that do, and those that show again."""
_NAME: Final = re.compile(r"[.#](?:[\w-]|\\.|[^\x00-\x7f])++")
_COMPOUND: Final = re.compile(rf"([a-z][a-z0-9-]*+)?((?:{_NAME.pattern})*+)", re.I)
_COMBINATOR: Final = re.compile(r"\s*+>\s*+|\s++")
_ESCAPE: Final = re.compile(r"\\(.)")
MIN_PANELS: Final = 2
"""Hidden panels of one kind below a label each, from which they are an accordion."""
MIN_PANEL_CHARS: Final = 60
"""Characters of the shortest panel that may be text."""
MAX_PANEL_LABEL: Final = 200
"""Characters of the longest label of a panel: a question."""
_LABELLING: Final = ("h1", "h2", "h3", "h4", "h5", "h6", "button", "dt", "summary")
_OUTSIDE: Final = ("nav", "header", "footer", "dialog", "aside", "form")
_Weight = tuple[bool, int, int, int, int]
_NO_WEIGHT: Final[_Weight] = (False, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Compound:
    """A selector without combinators: a tag or "", and classes and ids with their signs."""

    tag: str
    names: frozenset[str]

    def selects(self, element: HtmlElement) -> bool:
        """Return whether the element has the tag and all names."""
        return self.tag in ("", element.tag) and self.names.issubset(_names_of(element))


_Selector = Sequence[_Compound]
"""Compounds from the outermost to the element's own."""


def hidden_elements(index: LiveIndex) -> frozenset[HtmlElement]:
    """Return the elements that the page hides by attribute, inline style or style sheet.

    Of style sheets only rules that hold on a wide screen and name a single class, id or tag with
    class hide; any rule of classes, ids and tags that outweighs them shows again.
    """
    found: set[HtmlElement] = {
        element
        for element in index.with_attribute("hidden", "style")
        if element.get("hidden") is not None or _HIDING_STYLE.search(element.get("style") or "")
    }
    sheets = StyleSheets(index.root)
    for hiding, showing in _PROPERTIES:
        hidden = _hidden_by_rules(index, sheets, hiding)
        if hidden:
            _leave_shown(sheets, showing, hidden)
        found.update(hidden)
    return frozenset(found.difference(_accordion_panels(found)))


def _accordion_panels(hidden: Collection[HtmlElement]) -> set[HtmlElement]:
    """Return the hidden panels that a click on the label above each unfolds: questions, chapters.

    They are at least two of one tag and class, with text that is not mostly links.
    """
    kinds: dict[tuple[str, str], list[HtmlElement]] = {}
    for element in hidden:
        if element.tag in ("div", "section", "dd") and _is_below_label(element):
            kinds.setdefault((element.tag, element.get("class") or ""), []).append(element)
    return {
        panel
        for panels in kinds.values()
        if len(panels) >= MIN_PANELS and all(map(_holds_text, panels))
        for panel in panels
    }


def _is_below_label(panel: HtmlElement) -> bool:
    """Return whether a heading or a button stands alone in the element before a panel."""
    label = panel.getprevious()
    while label is not None and label.tag in ("style", "script"):
        label = label.getprevious()
    return (
        label is not None
        and isinstance(label.tag, str)
        and next(label.iter(*_LABELLING), None) is not None
        and 0 < _count_chars(label) <= MAX_PANEL_LABEL
        and next(panel.iterancestors(*_OUTSIDE), None) is None
    )


def _count_chars(element: HtmlElement) -> int:
    """Return the characters of the words in an element, without those of its style sheets."""
    inside = sum(len(text_of(inner)) for inner in element.iter("style", "script"))
    return len(text_of(element)) - inside


def _holds_text(panel: HtmlElement) -> bool:
    text = _count_chars(panel)
    linked = sum(len(text_of(link)) for link in panel.iter("a"))
    return text >= MIN_PANEL_CHARS and 2 * linked < text and panel.find(".//form") is None


def _hidden_by_rules(
    index: LiveIndex, sheets: StyleSheets, hiding: re.Pattern[str]
) -> dict[HtmlElement, _Weight]:
    """Return the elements that rules hide, each with the weight of the heaviest rule."""
    # By name with its sign, then by tag, or "" for any.
    weights: dict[str, dict[str, _Weight]] = {}
    for rule in sheets.rules(hiding):
        if _COMBINATOR.search(rule.selector):
            continue
        selector = _parse_selector(rule.selector)
        if selector is not None and len(selector) == 1:
            (own,) = selector
            if len(own.names) == 1:
                (name,) = own.names
                by_tag = weights.setdefault(name, {})
                by_tag[own.tag] = max(_weight(selector, rule), by_tag.get(own.tag, _NO_WEIGHT))
    found: dict[HtmlElement, _Weight] = {}
    for name, elements in _named_elements(index, weights) if weights else ():
        by_tag = weights[name]
        for element in elements:
            for weight in (by_tag.get(""), by_tag.get(element.tag)):
                if weight is not None:
                    found[element] = max(weight, found.get(element, weight))
    return found


def _named_elements(
    index: LiveIndex, wanted: Collection[str]
) -> Iterator[tuple[str, list[HtmlElement]]]:
    """Yield each wanted class and id, with its sign, and elements that have it."""
    by_class = index.by_class()
    all_classes = "\n".join(by_class)
    # Most names of a framework's sheet stand in no class of the page.
    if any(name[0] == "." and name[1:] in all_classes for name in wanted):
        for names, elements in by_class.items():
            for name in names.split():
                if (signed := f".{name}") in wanted:
                    yield signed, elements
    if any(name.startswith("#") for name in wanted):
        for element in index.with_attribute("id"):
            if (signed := f"#{element.get('id')}") in wanted:
                yield signed, [element]


def _leave_shown(
    sheets: StyleSheets, showing: re.Pattern[str], hidden: dict[HtmlElement, _Weight]
) -> None:
    """Remove the elements that a rule shows again from those that rules hide.

    An example is `class="hidden md:block"`, which is hidden on phones only. Linear, by the limit.
    """
    by_name: dict[str, list[HtmlElement]] = {}
    for element in hidden:
        for name in _names_of(element):
            by_name.setdefault(name, []).append(element)
    checks = 0

    def may_select(selectors: str) -> bool:
        # Names with escapes are not compared as they are written.
        return "\\" in selectors or not by_name.keys().isdisjoint(_NAME.findall(selectors))

    for rule in sheets.rules(showing, may_select):
        selector = _parse_selector(rule.selector)
        if selector is None or not selector[-1].names:
            continue
        weight = _weight(selector, rule)
        for element in by_name.get(min(selector[-1].names), ()):
            checks += 1
            if hidden.get(element, weight) < weight and _selects(selector, element):
                del hidden[element]
        if checks > MAX_CHECKS:
            return


def _weight(selector: _Selector, rule: StyleRule) -> _Weight:
    """Return what decides between two rules: mark, specificity, place."""
    names = [name for compound in selector for name in compound.names]
    ids = sum(name[0] == "#" for name in names)
    return (
        rule.is_important,
        ids,
        len(names) - ids,
        sum(bool(one.tag) for one in selector),
        rule.place,
    )


def _selects(selector: _Selector, element: HtmlElement) -> bool:
    """Return whether a selector matches; a child combinator counts as one for descendants."""
    *outer, own = selector
    if not own.selects(element):
        return False
    above = islice(element.iterancestors(), MAX_ANCESTORS)
    return all(any(map(one.selects, above)) for one in reversed(outer))


def _names_of(element: HtmlElement) -> Iterator[str]:
    yield from (f".{name}" for name in (element.get("class") or "").split())
    if name := element.get("id"):
        yield f"#{name}"


def _parse_selector(text: str) -> _Selector | None:
    """Return a selector of tags, classes and ids, or None for one with anything else."""
    compounds = []
    for part in _COMBINATOR.split(text):
        match = _COMPOUND.fullmatch(part)
        if match is None or not part:
            return None
        names = (_ESCAPE.sub(r"\1", name) for name in _NAME.findall(match[2]))
        compounds.append(_Compound((match[1] or "").lower(), frozenset(names)))
    return compounds


def drop_hidden_text(index: LiveIndex, hidden: Collection[HtmlElement]) -> None:
    """Remove hidden words, ornaments and parts of tables from what contains them.

    Examples are machine dates and print marks. An initial letter stays, hidden or not.
    """
    unspoken = [element for element in index.root.iter() if element.get("aria-hidden") == "true"]
    for element in (*hidden, *unspoken):
        if element.getparent() is None:
            continue
        if element.tag in BLOCK_TAGS:
            # A table of data is one block, so no later stage looks at its parts.
            if element in hidden and _is_in_data_table(element):
                removals.drop(element, "hidden")
        elif _is_short_inline(element):
            removals.drop(element, "hidden")


def _is_in_data_table(element: HtmlElement) -> bool:
    table = next(element.iterancestors("table"), None)
    return table is not None and (element.tag == "tr" or is_data_table(table))


def _is_short_inline(element: HtmlElement) -> bool:
    """Return whether an element holds few words and no block; an initial letter does not count."""
    words = text_of(element)
    if len(words) == 1 and (element.tail or "")[:1].isalpha():
        return False
    return len(words) <= MAX_HIDDEN_INLINE_CHARS and not any(
        inner.tag in BLOCK_TAGS or inner.tag == "img" for inner in element.iter()
    )
