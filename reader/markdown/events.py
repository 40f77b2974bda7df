"""Markdown texts as events, in time linear in the text whatever it holds.

The one grammar of app, command line, export and import, read by pulldown-cmark: CommonMark,
tables, strikethrough, footnotes, task lists and dollar math; HTML stays text unless it is asked for.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypedDict

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
_UNMASKED: Final = str.maketrans(_MASKS)
_DOLLAR: Final = re.compile(r"\\.|\$\$|\$|\n[ \t]*\n", re.DOTALL)
# ⏱ A pattern that begins with its sign is searched for ten times as fast as one that looks behind.
_HTML: Final = re.compile(
    r"<(?<!\\<)(?<!\]\(<)(?<!\]: <)(?=[A-Za-z/!?])"
    r"(?![A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+>|[\w.+-]{1,64}+@[\w.-]++>)"
)
_LONE_TILDE: Final = re.compile(r"~(?<![~\\]~)(?!~)")
_MARKER: Final = r"(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])[ \t]*+"
_DEEP_CONTAINERS: Final = re.compile(
    rf"\n([ \t]{{0,3}}(?:{_MARKER}){{{MAX_NESTING}}})(?:{_MARKER})++"
)

Event = str | dict[str, Any]
"""A name, or one name with its value: `Rule`, `{"Text": "a"}`, `{"Start": "Paragraph"}`."""


class Range(TypedDict):
    """The bytes of an event in the UTF-8 text that was parsed."""

    start: int
    end: int


def events(markdown: str) -> Iterator[Event]:
    """Yield the events of the text in order."""
    masked = _mask(markdown)
    stream: Iterator[Any] = iter(pyromark.events(masked, options=_OPTIONS))
    return map(_unmask, stream) if _has_masks(markdown, masked) else stream


def located_events(markdown: str) -> tuple[Iterator[tuple[Event, Range]], bytes]:
    """Return the events with their ranges, and the UTF-8 text to which the ranges refer.

    In that text some signs are exchanged for others. ⏱ Half as fast as `events`.
    """
    masked = _mask(markdown)
    found: Iterable[Any] = pyromark.events_with_range(masked, options=_OPTIONS, merge_text=True)
    stream: Iterator[tuple[Event, Range]] = iter(found)
    if _has_masks(markdown, masked):
        stream = ((_unmask(event), place) for event, place in stream)
    return stream, masked.encode()


def to_html(markdown: str) -> str:
    """Convert the text to HTML as pulldown-cmark writes it; HTML in the text stays as it is."""
    masked = _mask(markdown, has_html=True)
    return pyromark.html(masked, options=_OPTIONS).translate(_UNMASKED)


def _mask(markdown: str, *, has_html: bool = False) -> str:
    """Return the text without signs that pulldown-cmark reads and this grammar does not."""
    masked = markdown
    if not masked.isascii():
        for sign in _MASKS:
            if sign in masked:
                masked = masked.replace(sign, "")
    if not has_html and "<" in masked:
        masked = _HTML.sub(_LESS_THAN, masked)
    if "~" in masked:
        masked = _LONE_TILDE.sub(_TILDE, masked)
    masked = _DEEP_CONTAINERS.sub(r"\n\1", f"\n{masked}")[1:]
    if "$" in masked:
        masked = _mask_prices(masked)
    return masked


def _has_masks(markdown: str, masked: str) -> bool:
    return len(masked) != len(markdown) or masked != markdown


def _unmask(event: Any) -> Any:
    """Return the event with the signs that were text."""
    if isinstance(event, str):
        return event if event.isascii() else event.translate(_UNMASKED)
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
