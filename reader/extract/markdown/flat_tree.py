"""The flat tree of a page: shadow roots with filled slots, documents of frames, revealed parts.

Sources: DOM 4.2.2 (shadow trees) and 4.2.2.4 (slots), HTML 4.8.5 (`srcdoc`), 4.12.3 (`template`),
6.1 (`hidden`), 6.12 (`popover`).
"""

from typing import Final

from lxml.html import HtmlElement

from reader.extract.input import html_parser
from reader.model.errors import NotAnArticle

_SHADOW_ATTRIBUTES: Final = ("shadowrootmode", "shadowroot", "shadowmode")
"""The standard's attribute, its predecessor in Chromium and MHTML, and SingleFile's."""
_SHADOW_MODES: Final = frozenset(("open", "closed"))
MAX_FRAME_DEPTH: Final = 3
"""Frames inside frames that are read; saved pages nest advertisements deeper."""


def flatten(root: HtmlElement) -> None:
    """Put shadow trees and framed documents in their place and drop `hidden` from what can show.

    Linear in the page with the text of its frames.
    """
    if _insert_frames(root, MAX_FRAME_DEPTH):
        html_parser.limit_depth(root)
    for template in list(root.iter("template")):
        if any((template.get(name) or "").lower() in _SHADOW_MODES for name in _SHADOW_ATTRIBUTES):
            _attach_shadow(template)
    for element in root.xpath("//*[@hidden or @popover]"):
        if (element.get("hidden") or "").strip().lower() == "until-found":
            del element.attrib["hidden"]
        elif element.get("popover") is not None:
            element.set("hidden", "")
    for dialog in root.iter("dialog"):
        if dialog.get("open") is None:
            dialog.set("hidden", "")
        dialog.tag = "div"


def _insert_frames(element: HtmlElement, depth: int) -> bool:
    """Replace frames with a `srcdoc` by the body of their document. Return whether any was."""
    found = False
    for frame in list(element.iter("iframe", "frame")):
        source = frame.get("srcdoc")
        if not source or not source.strip() or frame.getparent() is None or not depth:
            continue
        try:
            body = html_parser.parse(source).root.find("body")
        except NotAnArticle:
            continue
        if body is None or (not body.text_content().strip() and body.find(".//img") is None):
            continue
        _insert_frames(body, depth - 1)
        body.tag = "div"
        body.tail = frame.tail
        frame.getparent().replace(frame, body)
        found = True
    return found


def _attach_shadow(template: HtmlElement) -> None:
    """Replace the host's children by the shadow tree, with the children in its slots."""
    host = template.getparent()
    if host is None:
        return
    # The default slot gets the text and the children that name no slot, in their order.
    rest = host.makeelement("span")
    rest.text = host.text
    host.text = None
    named: dict[str, list[HtmlElement]] = {}
    for child in list(host):
        if child is template:
            _append_text(rest, child.tail)
            child.tail = None
            continue
        slot = child.get("slot") if isinstance(child.tag, str) else None
        if slot:
            _append_text(rest, child.tail)
            child.tail = None
            host.remove(child)
            named.setdefault(slot, []).append(child)
        else:
            rest.append(child)
    for slot in list(template.iter("slot")):
        if next(slot.iterancestors("template"), None) is not template:
            continue
        name = slot.get("name") or ""
        assigned = named.pop(name, []) if name else []
        if not name and rest is not None and (len(rest) or (rest.text or "").strip()):
            _fill_slot(slot, list(rest), rest.text)
            rest = None
        elif assigned:
            _fill_slot(slot, assigned, None)
    template.drop_tag()


def _fill_slot(slot: HtmlElement, assigned: list[HtmlElement], text: str | None) -> None:
    """Replace the fallback content of the slot by the nodes assigned to it."""
    for child in list(slot):
        slot.remove(child)
    slot.text = text
    for child in assigned:
        child.attrib.pop("slot", None)
        # A slot that is itself assigned to a slot hands its nodes on.
        if slot.get("slot"):
            child.set("slot", slot.get("slot"))
        slot.append(child)
    slot.tag = "span"


def _append_text(element: HtmlElement, text: str | None) -> None:
    """Add the text at the end of the element."""
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
