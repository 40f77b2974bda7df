"""Buttons that hold text of the article, and tabs, as plain elements."""

import re
from typing import Final

from lxml.html import HtmlElement

from reader.extract import removals
from reader.extract.dom import ElementIndex, detach
from reader.extract.markdown import lists

_BLOCKS: Final = (
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "figure", "blockquote", "pre",
    "table",
)  # fmt: skip
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_CONTINUES: Final = re.compile(r"\s*(?:[a-zß-öø-ÿ]|[,.;:!?)’'\]]|[^\x00-\u02af\s])")
MIN_SENTENCE: Final = 60
"""Characters of a button that is text: an answer, a question, a card."""
MAX_TABS: Final = 40
"""Panels of one box of tabs; a gallery has more."""
MAX_SIBLINGS: Final = 3
"""Elements around a link in a box without other text: its icon, a shadow above it."""


def normalise(index: ElementIndex) -> None:
    """Unwrap the buttons that are text. Linear."""
    root = index.root
    lists.mark_tasks(index)
    for gauge in root.iter("progress", "meter"):
        gauge.tag = "span"
    for link in index.with_attribute("role"):
        if (
            link.tag == "a"
            and link.get("role") == "button"
            and link.get("href") is None
            and link.getparent() is not None
            and _is_alone(link)
        ):
            removals.drop(link, "control")
    for field in list(root.iter("select", "textarea")):
        _show_value(field)
    buttons = list(root.iter("button"))
    ids = index.by_id() if buttons else {}
    for button in buttons:
        if button.getparent() is not None:
            _unwrap_button(button, ids)


def _show_value(field: HtmlElement) -> None:
    """Replace a choice inside a sentence by what it shows, and a text to copy by code."""
    if field.tag == "textarea":
        if field.get("readonly") is not None and (field.text or "").strip():
            field.tag = "pre"
            field.attrib.clear()
        return
    options = list(field.iter("option"))
    chosen = next((one for one in options if one.get("selected") is not None), None)
    if chosen is None and options:
        chosen = options[0]
    if chosen is None or not _is_inside_sentence(field):
        return
    words, tail = " ".join(chosen.text_content().split()), field.tail
    field.clear()
    field.tag, field.text, field.tail = "span", words, tail


def _is_alone(link: HtmlElement) -> bool:
    """Return whether a link that leads nowhere is all that its box shows."""
    return (
        len(link.getparent()) <= MAX_SIBLINGS
        and next(link.iter("img", *_BLOCKS), None) is None
        and len(link.text_content()) < MIN_SENTENCE
        and link.getparent().text_content().strip() == link.text_content().strip()
    )


def label_tabs(index: ElementIndex) -> None:
    """Put each tab's label above its panel, and show the panel. Linear."""
    tabs = [
        element
        for element in index.with_attribute("role", "type")
        if element.get("role") == "tablist" or element.get("type") == "radio"
    ]
    ids = index.by_id() if tabs else {}
    seen: set[HtmlElement] = set()
    for tab in tabs:
        box = tab.getparent()
        if box is not None and (box not in seen or tab.get("role") == "tablist"):
            seen.add(box)
            _label_panels(tab, ids)


def show_panels(index: ElementIndex) -> None:
    """Show the hidden panels that buttons in headings unfold: sections of the text. Linear."""
    buttons = [
        element
        for element in index.with_attribute("aria-controls")
        if element.get("aria-expanded") is not None and element.get("aria-controls") is not None
    ]
    ids = index.by_id() if buttons else {}
    for button in buttons:
        panel = ids.get(button.get("aria-controls"))
        if (
            panel is not None
            and (panel.get("hidden") is not None or "display" in (panel.get("style") or ""))
            and _stands_in_heading(button)
            and len(panel.text_content().strip()) >= MIN_SENTENCE
        ):
            panel.attrib.pop("hidden", None)
            if "display" in (panel.get("style") or ""):
                del panel.attrib["style"]


def _stands_in_heading(button: HtmlElement) -> bool:
    """Return whether a heading in the page's text holds the button, or is it."""
    heading = button.tag in _HEADINGS or next(button.iterancestors(*_HEADINGS, "dt"), None)
    if heading is None or heading is False:
        return False
    return next(button.iterancestors("nav", "header", "footer", "dialog", "aside"), None) is None


def _unwrap_button(button: HtmlElement, ids: dict[str, HtmlElement]) -> None:
    """Give the button another tag if it holds text of the article."""
    text = " ".join(button.text_content().split())
    if next(button.iter(*_BLOCKS), None) is not None:
        button.tag = "div"
    elif not text:
        if next(button.iter("img", "amp-img", "picture"), None) is not None:
            button.tag = "span"
    elif _is_whole_heading(button, text) or _is_inside_sentence(button):
        button.tag = "span"
    elif len(text) >= MIN_SENTENCE:
        button.tag = "p"
    elif button.get("aria-expanded") is not None and _opens_text(button, ids):
        button.tag = "p"
        strong = button.makeelement("strong")
        strong.text, button.text = button.text, None
        strong.extend(list(button))
        button.append(strong)


def _is_whole_heading(button: HtmlElement, text: str) -> bool:
    """Return whether the button is all of a heading's or a summary's text."""
    above = next(button.iterancestors(*_HEADINGS, "summary", "dt", "legend", "caption"), None)
    return above is not None and " ".join(above.text_content().split()) == text


def _is_inside_sentence(button: HtmlElement) -> bool:
    """Return whether words of a sentence stand before or after the button, which it completes."""
    tail = button.tail or ""
    if not _CONTINUES.match(tail):
        return False
    previous, parent = button.getprevious(), button.getparent()
    before = (previous.tail if previous is not None else parent.text) or ""
    words = before + tail
    return len(words.split()) > 2 and any(map(str.isalpha, words))


def _opens_text(button: HtmlElement, ids: dict[str, HtmlElement]) -> bool:
    """Return whether the button unfolds a panel with text, by its id or directly after it."""
    panel = ids.get(button.get("aria-controls") or "")
    if panel is None:
        panel = button.getnext()
    return panel is not None and len(panel.text_content().strip()) >= MIN_SENTENCE


def _label_panels(tab: HtmlElement, ids: dict[str, HtmlElement]) -> None:
    """Put the labels of a tab list or radio group above their panels."""
    if tab.get("role") == "tablist":
        labels = [inner for inner in tab.iter() if inner.get("role") == "tab"]
        panels = _panels_of(tab, labels, ids)
        # A list that holds its panels, as an accordion does, stays.
        holds = any(tab in panel.iterancestors() for panel in panels)
        obsolete = [*labels] if holds else [tab]
    else:
        box = tab.getparent()
        radios = [inner for inner in box if inner.tag == "input" and inner.get("type") == "radio"]
        found = {label.get("for"): label for label in box.iter("label") if label.get("for")}
        labels = [found[name] for radio in radios if (name := radio.get("id")) in found]
        panels = _panels_beside(box, labels)
        obsolete = [*radios, *labels]
    if not 1 < len(panels) <= MAX_TABS or not all(panel.text_content().strip() for panel in panels):
        return
    for label, panel in zip(labels, panels, strict=True):
        for name in ("hidden", "aria-hidden", "role", "inert"):
            panel.attrib.pop(name, None)
        if "display" in (panel.get("style") or ""):
            del panel.attrib["style"]
        if tab.get("role") == "tablist" and _stands_above(label, panel):
            obsolete = [one for one in obsolete if one is not label]
            _unlink(label)
        else:
            _write_label(label, panel)
    for element in obsolete:
        if element.getparent() is not None:
            detach(element)


def _write_label(label: HtmlElement, panel: HtmlElement) -> None:
    strong = panel.makeelement("strong")
    strong.text = " ".join(label.text_content().split())
    line = panel.makeelement("p")
    line.append(strong)
    if panel.find("pre") is not None:
        # The box of a code block stays as its program wrote it.
        panel.addprevious(line)
    else:
        line.tail, panel.text = panel.text, None
        panel.insert(0, line)


def _stands_above(label: HtmlElement, panel: HtmlElement) -> bool:
    """Return whether the label of an accordion's panel is alone in the element before the panel."""
    before = panel.getprevious()
    if before is None:
        return False
    return [inner for inner in before.iter() if inner.get("role") == "tab"] == [label]


def _unlink(label: HtmlElement) -> None:
    """Leave the words of a label that only unfolds its panel."""
    for link in list(label.iter("a")):
        if (link.get("href") or "#").startswith("#"):
            link.drop_tag()


def _panels_of(
    tablist: HtmlElement, labels: list[HtmlElement], ids: dict[str, HtmlElement]
) -> list[HtmlElement]:
    """Return the panel of each tab, by reference or in order, else none."""
    panels = []
    for label in labels:
        link = label if label.get("href") else next(label.iter("a", "button"), label)
        targets = (
            label.get("aria-controls"), (link.get("href") or "").partition("#")[2],
            link.get("aria-controls"), link.get("data-target", "")[1:],
        )  # fmt: skip
        panel = next((ids[name] for name in targets if name in ids), None)
        if panel is not None:
            panels.append(panel)
    if len(set(panels)) == len(labels):
        return panels
    box = tablist
    for _ in range(3):
        box = box.getparent()
        if box is None:
            break
        panels = [inner for inner in box.iter() if inner.get("role") == "tabpanel"]
        if panels:
            return panels if len(panels) == len(labels) else []
    return []


def _panels_beside(box: HtmlElement, labels: list[HtmlElement]) -> list[HtmlElement]:
    """Return the panel of each label: after it, or in another box."""
    follow = [
        following
        for label in labels
        if label.getparent() is box
        and (following := label.getnext()) is not None
        and following.tag in ("div", "section")
    ]
    if labels and len(follow) == len(labels):
        return follow
    boxes = [inner for inner in box if inner.tag in ("div", "section") and inner not in labels]
    if (
        not boxes
        and (following := box.getnext()) is not None
        and following.tag in ("div", "section")
    ):
        boxes = [following]
    for content in reversed(boxes):
        if len(content) == len(labels) and content.find("label") is None:
            return list(content)
    return []
