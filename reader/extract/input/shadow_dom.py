"""Declarative shadow roots, put in place of their hosts' children as a browser shows them.

Source: HTML Living Standard, "The template element" and "Flattening slottables". SingleFile and
Chromium's MHTML wrote the attribute as `shadowroot` and `shadowmode`.
"""

from typing import Final

from lxml.html import HtmlElement

from reader.extract.dom import append_text
from reader.extract.input.html_parser import parse
from reader.model.errors import NotAnArticleError

_ATTRIBUTES: Final = ("shadowrootmode", "shadowroot", "shadowmode")
_SCRAPBOOK: Final = "data-scrapbook-shadowdom"
MAX_ROOTS: Final = 5_000
"""Shadow roots of one page: bounds the time of a hostile page."""


def flatten_shadow_roots(root: HtmlElement, text: str) -> None:
    """Show the shadow roots of a page: slots get the host's children. Linear.

    `text` is the page before parsing.
    """
    hosts = root.xpath(f"//*[@{_SCRAPBOOK}]") if _SCRAPBOOK in text else []
    for host in hosts[:MAX_ROOTS]:
        _write_template(host)
    found = [
        template
        for template in root.iter("template")
        if any(template.get(name) is not None for name in _ATTRIBUTES)
    ][:MAX_ROOTS]
    # Outer roots first: a slot may receive a host that has a root too.
    for template in found:
        if template.getparent() is not None:
            _attach_shadow(template)


def _write_template(host: HtmlElement) -> None:
    """Write the shadow root in an attribute of WebScrapBook as a template."""
    text = host.attrib.pop(_SCRAPBOOK)
    template = host.makeelement("template", {"shadowrootmode": "open"})
    try:
        body = parse(text).root.find(".//body")
    except NotAnArticleError:
        return
    if body is not None:
        # The host's own text stays, for a slot.
        template.text, template.tail, host.text = body.text, host.text, None
        template.extend(list(body))
        host.insert(0, template)


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
            append_text(rest, child.tail)
            child.tail = None
            continue
        slot = child.get("slot") if isinstance(child.tag, str) else None
        if slot:
            append_text(rest, child.tail)
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
