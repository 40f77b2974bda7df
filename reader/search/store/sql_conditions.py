"""Each leaf of a query as SQL on the tables that say whether it holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, assert_never

from reader.model.query import (
    Aged,
    Comparison,
    Dated,
    DatedBetween,
    Flag,
    Has,
    Is,
    Language,
    Leaf,
    Measure,
    Measured,
    MeasuredBetween,
    Named,
    Naming,
    Part,
    Tagged,
    Text,
    bounds,
)
from reader.model.text import folded
from reader.model.tokenizer import unaccented

FACTS: Final = "facts f"
_FLAGS: Final = {
    Flag.UNREAD: "f.state = 0",
    Flag.READING: "f.state = 1",
    Flag.READ: "f.state = 2",
    Flag.STARRED: "f.starred = 1",
    Flag.ARCHIVED: "f.archived = 1",
    Flag.TRASHED: "f.trashed = 1",
    Flag.QUEUED: "f.fetch = 1",
    Flag.FAILED: "f.fetch = 2",
    Flag.OFFLINE: "f.offline = 1",
}
_PARTS: Final = {
    Part.HIGHLIGHTS: "f.highlights > 0",
    Part.NOTES: "f.noted = 1",
    Part.IMAGES: "f.pictured = 1",
    Part.TAGS: "f.tagged = 1",
}
MEASURES: Final = {
    Measure.WORDS: "f.words",
    Measure.MINUTES: "f.minutes",
    Measure.LEFT: "f.minutes_left",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds of the rows of the table `source`, named `f` there, where `where` does.

    One that `is_passing` depends on the second it is asked in, and will not be asked again.
    """

    where: str
    values: tuple[Any, ...] = ()
    source: str = FACTS
    is_passing: bool = False


EVERYTHING: Final = Condition("1")
TRASHED: Final = Condition(_FLAGS[Flag.TRASHED])


def condition_of(leaf: Leaf, now: datetime) -> Condition:
    """The condition for any leaf but words, which the full text answers."""
    match leaf:
        case Text():
            raise ValueError("words are matched, not compared")
        case Tagged(tag, beneath):
            only = " and f.beneath = 1" if beneath else ""
            where = f"f.tag = (select tag from tags where folded = ?){only}"
            return Condition(where, (folded(tag),), "tagged f")
        case Is(flag):
            return Condition(_FLAGS[flag])
        case Has(part):
            return Condition(_PARTS[part])
        case Named(Naming.TITLE, text):
            return Condition("instr(f.key, ?) > 0", (unaccented(text),), "titles f")
        case Named(name, text):
            column = "site" if name is Naming.SITE else "byline"
            where = f"f.{column} in (select {column} from {column}s where instr(key, ?) > 0)"
            return Condition(where, (unaccented(text),))
        case Language(code):
            # The code, or one that goes on behind a hyphen: the first two tell most rows apart.
            where = "f.language >= ? and f.language < ? and (f.language = ? or f.language >= ?)"
            return Condition(where, (code, code + ".", code, code + "-"))
        case Measured(measure, comparison, number):
            sign = "=" if comparison is Comparison.EQUAL else str(comparison)
            return Condition(f"{MEASURES[measure]} {sign} ?", (number,))
        case MeasuredBetween(measure, low, high):
            least, most = (0 if low is None else low), (1 << 62 if high is None else high)
            return Condition(f"{MEASURES[measure]} between ? and ?", (least, most))
        case Aged() | Dated() | DatedBetween():
            within = "f.published >= ? and f.published < ?"
            return Condition(within, bounds(leaf, now), is_passing=isinstance(leaf, Aged))
    assert_never(leaf)
