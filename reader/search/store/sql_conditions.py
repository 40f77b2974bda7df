"""Translation of query leaves to SQL conditions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, assert_never

from reader.model.labels import label_key
from reader.model.query import (
    AgeTerm,
    Comparison,
    DateRangeTerm,
    DateTerm,
    FieldTerm,
    Flag,
    HasTerm,
    LabelTerm,
    LanguageTerm,
    Leaf,
    NumberField,
    NumberRangeTerm,
    NumberTerm,
    Part,
    StateTerm,
    TagTerm,
    TextField,
    TextTerm,
    time_bounds,
)
from reader.model.text import fold_case
from reader.model.tokenizer import fold_accents

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
    NumberField.WORDS: "f.words",
    NumberField.MINUTES: "f.minutes",
    NumberField.LEFT: "f.minutes_left",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A SQL condition `where` on the table `source`, aliased `f`.

    If `depends_on_time`, the condition depends on the current second and is not cached.
    """

    where: str
    values: tuple[Any, ...] = ()
    source: str = FACTS
    depends_on_time: bool = False


ALL_ENTRIES: Final = Condition("1")
TRASHED: Final = Condition(_FLAGS[Flag.TRASHED])


def condition_of(leaf: Leaf, now: datetime) -> Condition:
    """Return the condition of any leaf but words, which the full-text index answers."""
    match leaf:
        case TextTerm():
            raise ValueError("words are matched, not compared")
        case TagTerm(tag, beneath):
            only = " and f.nested = 1" if beneath else ""
            where = f"f.tag = (select tag from tags where folded = ?){only}"
            return Condition(where, (fold_case(tag),), "tagged f")
        case StateTerm(flag):
            return Condition(_FLAGS[flag])
        case HasTerm(part):
            return Condition(_PARTS[part])
        case LabelTerm(label):
            # An index holds the few entries with labels.
            where = (
                "f.row in (select row from entries where labels <> ''"
                " and instr(char(10) || labels || char(10), ?) > 0)"
            )
            return Condition(where, (f"\n{label_key(label)}\n",))
        case FieldTerm(TextField.TITLE, text):
            return Condition("instr(f.key, ?) > 0", (fold_accents(text),), "titles f")
        case FieldTerm(TextField.REASON, text):
            # Few entries have a reason, and nothing shows them but the view of failed links.
            where = "f.row in (select row from entries where instr(lower(reason), ?) > 0)"
            return Condition(where, (fold_accents(text),))
        case FieldTerm(name, text):
            column = "site" if name is TextField.SITE else "byline"
            where = f"f.{column} in (select {column} from {column}s where instr(key, ?) > 0)"
            return Condition(where, (fold_accents(text),))
        case LanguageTerm(code):
            # The code itself, or a region after a hyphen; the first two comparisons exclude most rows.
            where = "f.language >= ? and f.language < ? and (f.language = ? or f.language >= ?)"
            return Condition(where, (code, code + ".", code, code + "-"))
        case NumberTerm(measure, comparison, number):
            sign = "=" if comparison is Comparison.EQUAL else str(comparison)
            return Condition(f"{MEASURES[measure]} {sign} ?", (number,))
        case NumberRangeTerm(measure, low, high):
            least, most = (0 if low is None else low), (1 << 62 if high is None else high)
            return Condition(f"{MEASURES[measure]} between ? and ?", (least, most))
        case AgeTerm() | DateTerm() | DateRangeTerm():
            within = "f.published >= ? and f.published < ?"
            return Condition(
                within, time_bounds(leaf, now), depends_on_time=isinstance(leaf, AgeTerm)
            )
    assert_never(leaf)
