"""Whole Markdown texts as events, in time linear in the text whatever it holds.

This is the grammar of `parser`, read by pulldown-cmark: CommonMark, tables, strikethrough,
footnotes, task lists and dollar math; HTML stays text. A test compares the two.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyromark

MAX_NESTING: Final = 100
"""Levels of containers that are kept; what lies deeper belongs to the last of them."""
TEXT_EVENTS: Final = frozenset(("Text", "Code", "InlineMath", "DisplayMath", "InlineHtml", "Html"))
"""Events whose value is text that is read."""
_OPTIONS: Final = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_MATH
)
# pulldown-cmark has no switch for HTML and for `~one~` tilde. Noncharacters stand for the signs
# that are text, so that they mean nothing to it.
_LESS_THAN: Final = "\ufdd0"
_TILDE: Final = "\ufdd1"
_DOLLAR_SIGN: Final = "\ufdd2"
_MASKS: Final = {_LESS_THAN: "<", _TILDE: "~", _DOLLAR_SIGN: "$"}
_DOLLAR: Final = re.compile(r"\\.|\$\$|\$|\n[ \t]*\n", re.DOTALL)
_HTML: Final = re.compile(
    r"(?<!\\)(?<!\]\()(?<!\]: )<(?=[A-Za-z/!?])(?![A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+>|[\w.+-]{1,64}+@[\w.-]++>)"
)
_LONE_TILDE: Final = re.compile(r"(?<![~\\])~(?!~)")
_MARKER: Final = r"(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])[ \t]*+"
_DEEP_CONTAINERS: Final = re.compile(
    rf"^([ \t]{{0,3}}(?:{_MARKER}){{{MAX_NESTING}}})(?:{_MARKER})++", re.MULTILINE
)

Event = str | dict[str, Any]
"""A name, or one name with its value: `Rule`, `{"Text": "a"}`, `{"Start": "Paragraph"}`."""


def events(markdown: str) -> Iterator[Event]:
    """Yield the events of the text in order."""
    masked = markdown
    for sign in _MASKS:
        if sign in masked:
            masked = masked.replace(sign, "")
    if "<" in masked:
        masked = _HTML.sub(_LESS_THAN, masked)
    if "~" in masked:
        masked = _LONE_TILDE.sub(_TILDE, masked)
    masked = _DEEP_CONTAINERS.sub(r"\1", masked)
    if "$" in masked:
        masked = _mask_prices(masked)
    stream: Iterable[Any] = pyromark.events(masked, options=_OPTIONS)
    has_masks = masked is not markdown and any(sign in masked for sign in _MASKS)
    return map(_unmask, stream) if has_masks else iter(stream)


def _unmask(event: Any) -> Any:
    """Return the event with the signs that were text."""
    if isinstance(event, str):
        for sign, text in _MASKS.items():
            event = event.replace(sign, text)
        return event
    if isinstance(event, dict):
        return {key: _unmask(value) for key, value in event.items()}
    return event


def _mask_prices(text: str) -> str:
    """Return the text with dollars that delimit no formula masked: `$5-$6` are two prices.

    A formula ends at the next dollar; it has no space inside a dollar and no digit outside one.
    """
    masked: list[int] = []
    opening: int | None = None
    for found in _DOLLAR.finditer(text):
        place = found.start()
        if found[0] != "$":
            if opening is not None and not found[0].startswith("\\"):
                masked.append(opening)
                opening = None
            continue
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if opening is not None:
            if not before.isspace() and not after.isdigit():
                opening = None
                continue
            masked.append(opening)
        opening = place if after and not after.isspace() and not before.isdigit() else None
        if opening is None:
            masked.append(place)
    if opening is not None:
        masked.append(opening)
    if not masked:
        return text
    parts: list[str] = []
    start = 0
    for place in masked:
        parts += (text[start:place], _DOLLAR_SIGN)
        start = place + 1
    return "".join((*parts, text[start:]))
