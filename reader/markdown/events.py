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
    if _LESS_THAN in masked or _TILDE in masked:
        masked = masked.replace(_LESS_THAN, "").replace(_TILDE, "")
    if "<" in masked:
        masked = _HTML.sub(_LESS_THAN, masked)
    if "~" in masked:
        masked = _LONE_TILDE.sub(_TILDE, masked)
    masked = _DEEP_CONTAINERS.sub(r"\1", masked)
    stream: Iterable[Any] = pyromark.events(masked, options=_OPTIONS)
    if "$" in masked:
        stream = _without_prices(stream)
    has_masks = _LESS_THAN in masked or _TILDE in masked
    return map(_unmask, stream) if has_masks else iter(stream)


def _unmask(event: Any) -> Any:
    """Return the event with the signs that were text."""
    if isinstance(event, str):
        return event.replace(_LESS_THAN, "<").replace(_TILDE, "~")
    if isinstance(event, dict):
        return {key: _unmask(value) for key, value in event.items()}
    return event


def _without_prices(stream: Iterable[Any]) -> Iterator[Any]:
    """Yield formulas with a digit beside a dollar as text: `$5-$6` are two prices."""
    formula: str | None = None
    after_digit = False
    for event in stream:
        text = event.get("Text") if isinstance(event, dict) else None
        if formula is not None:
            is_price = after_digit or (text is not None and text[:1].isdigit())
            yield {"Text": f"${formula}$"} if is_price else {"InlineMath": formula}
            formula = None
            after_digit = False
        if isinstance(event, dict) and "InlineMath" in event:
            formula = event["InlineMath"]
            continue
        yield event
        after_digit = text is not None and text[-1:].isdigit()
    if formula is not None:
        yield {"Text": f"${formula}$"} if after_digit else {"InlineMath": formula}
