"""Declarative shadow roots, put in place of their hosts' children as a browser shows them.

Source: HTML Living Standard, "The template element" and "Flattening slottables". SingleFile and
Chromium's MHTML wrote the attribute as `shadowroot` and `shadowmode`.
"""

from typing import Final

from lxml.html import HtmlElement

_ATTRIBUTES: Final = ("shadowrootmode", "shadowroot", "shadowmode")
MAX_ROOTS: Final = 5_000


def flatten_shadow_roots(root: HtmlElement) -> None:
    """Show the shadow roots of a page: slots get the host's children. Linear."""
    found = [
        template
        for template in root.iter("template")
        if any(template.get(name) is not None for name in _ATTRIBUTES)
    ][:MAX_ROOTS]
    # Outer roots first: a slot may receive a host that has a root too.
    for template in found:
        host = template.getparent()
        if host is not None:
            _flatten(host, template)


def _flatten(host: HtmlElement, template: HtmlElement) -> None:
    light = [child for child in host if child is not template]
    before = host.text
    after = template.tail
    template.tail = None
    host.text = None
    for child in list(host):
        host.remove(child)
    named: dict[str, list[HtmlElement]] = {}
    for child in light:
        name = child.get("slot", "") if isinstance(child.tag, str) else ""
        named.setdefault(name.strip(), []).append(child)
    host.text = template.text
    for child in list(template):
        host.append(child)
    has_default = False
    for slot in list(host.iter("slot")):
        name = (slot.get("name") or "").strip()
        if name not in named and (name or has_default):
            slot.drop_tag()
            continue
        if not name:
            has_default = True
            loose = ((before or "") + (after or "")).strip()
            if not named.get("") and not loose:
                slot.drop_tag()
                continue
        _fill(slot, named.pop(name, []), before if not name else None, after if not name else None)


def _fill(
    slot: HtmlElement, children: list[HtmlElement], before: str | None, after: str | None
) -> None:
    """Put children in place of a slot's own content, with the loose text around them."""
    slot.text = f"{before or ''}{after or ''}" or None
    for child in list(slot):
        slot.remove(child)
    for child in children:
        slot.append(child)
    slot.drop_tag()
