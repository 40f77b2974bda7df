"""Markdown texts as events, in time linear in the text whatever it holds.

The one grammar of app, command line, export and import, read by pulldown-cmark: CommonMark,
tables, strikethrough, footnotes, task lists and dollar math; HTML stays text unless it is asked for.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, TypedDict

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
_SIGNS: Final = "<~$"
"""Signs that pulldown-cmark reads where this grammar takes them as text: HTML, `~one~`, prices."""
_STAND_INS: Final = "⹅⹆⹇⹉⹊⹋⹌\ufdd0\ufdd1\ufdd2"
"""Signs that may stand for those, if the text has none of them. Rare punctuation first: emphasis
next to punctuation has other rules than next to letters (CommonMark 6.2). The
noncharacters at the end are in no clean text."""
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


class _Masked(NamedTuple):
    """A text with stand-ins for `_SIGNS`; `signs` has each stand-in with its sign."""

    text: str
    signs: tuple[tuple[str, str], ...]
    is_changed: bool

    def restore(self, text: str) -> str:
        """Return a part of the text with the signs that were text."""
        # ⏱ Three replacements take a hundredth of `str.translate`.
        for stand_in, sign in self.signs:
            text = text.replace(stand_in, sign)
        return text

    def restore_event(self, event: Any) -> Any:
        """Return the event with the signs that were text; changes it."""
        if type(event) is dict:
            for key, value in event.items():
                if type(value) is str:
                    if not value.isascii():
                        event[key] = self.restore(value)
                elif type(value) is dict:
                    self.restore_event(value)
        return event


def events(markdown: str) -> Iterator[Event]:
    """Yield the events of the text in order."""
    masked = _mask(markdown)
    stream: Iterator[Any] = iter(pyromark.events(masked.text, options=_OPTIONS))
    return map(masked.restore_event, stream) if masked.is_changed else stream


class PlainEvents(NamedTuple):
    """Events for readers of words; `restore` gives text that was joined from them its signs back.

    ⏱ Restoring each event takes as long as reading it.
    """

    stream: Iterator[Event]
    restore: Callable[[str], str]


def plain_events(markdown: str) -> PlainEvents:
    """Return the events of the text in order; some of their signs are exchanged for others."""
    masked = _mask(markdown)
    stream: Iterator[Any] = iter(pyromark.events(masked.text, options=_OPTIONS))
    return PlainEvents(stream, masked.restore if masked.is_changed else str)


def located_events(markdown: str) -> tuple[Iterator[tuple[Event, Range]], bytes]:
    """Return the events with their ranges, and the UTF-8 text to which the ranges refer.

    In that text some signs are exchanged for others. ⏱ Half as fast as `events`.
    """
    masked = _mask(markdown)
    found: Iterable[Any] = pyromark.events_with_range(
        masked.text, options=_OPTIONS, merge_text=True
    )
    stream: Iterator[tuple[Event, Range]] = iter(found)
    if masked.is_changed:
        stream = ((masked.restore_event(event), place) for event, place in stream)
    return stream, masked.text.encode()


def to_html(markdown: str) -> str:
    """Convert the text to HTML as pulldown-cmark writes it; HTML in the text stays as it is."""
    masked = _mask(markdown, has_html=True)
    return masked.restore(pyromark.html(masked.text, options=_OPTIONS))


def _mask(markdown: str, *, has_html: bool = False) -> _Masked:
    """Return the text without signs that pulldown-cmark reads and this grammar does not."""
    masked, stand_ins = markdown, _STAND_INS
    if not masked.isascii():
        stand_ins = "".join(sign for sign in _STAND_INS if sign not in masked)
        while len(stand_ins) < len(_SIGNS):
            unclean = next(sign for sign in reversed(_STAND_INS) if sign not in stand_ins)
            masked, stand_ins = masked.replace(unclean, ""), stand_ins + unclean
    less_than, tilde, dollar = list(stand_ins[: len(_SIGNS)])
    if not has_html and "<" in masked:
        masked = _HTML.sub(less_than, masked)
    if "~" in masked:
        masked = _LONE_TILDE.sub(tilde, masked)
    lines = f"\n{masked}"
    # ⏱ A substitution copies the text even if it finds nothing: half of the time of this function.
    if _DEEP_CONTAINERS.search(lines):
        masked = _DEEP_CONTAINERS.sub(r"\n\1", lines)[1:]
    if "$" in masked:
        masked = _mask_prices(masked, dollar)
    is_changed = len(masked) != len(markdown) or masked != markdown
    return _Masked(masked, tuple(zip(stand_ins, _SIGNS, strict=False)), is_changed)


def _mask_prices(text: str, stand_in: str) -> str:
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
        parts += (text[start:place], stand_in)
        start = place + 1
    return "".join((*parts, text[start:]))
