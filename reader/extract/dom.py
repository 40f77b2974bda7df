"""Edits of a page's tree that lxml has no method for."""

from lxml.html import HtmlElement


def append_text(element: HtmlElement, text: str | None) -> None:
    """Add the text at the end of the element's content."""
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def insert_text_before(element: HtmlElement, text: str) -> None:
    """Add the text directly before the element."""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    elif (parent := element.getparent()) is not None:
        parent.text = (parent.text or "") + text


def detach(element: HtmlElement) -> HtmlElement:
    """Take the element out of its parent and leave its tail there. Return the element."""
    parent = element.getparent()
    if parent is not None:
        if element.tail:
            insert_text_before(element, element.tail)
        element.tail = None
        parent.remove(element)
    return element


def replace(old: HtmlElement, new: HtmlElement) -> None:
    """Put the new element in the place of the old one, before its tail."""
    parent = old.getparent()
    if parent is not None:
        new.tail, old.tail = old.tail, None
        parent.replace(old, new)
