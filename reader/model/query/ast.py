"""The syntax tree of a query: frozen terms joined by operators, and an order."""

from dataclasses import dataclass, field
from enum import StrEnum


class Flag(StrEnum):
    """Values of `is:`."""

    UNREAD = "unread"
    READING = "reading"
    READ = "read"
    STARRED = "starred"
    ARCHIVED = "archived"
    TRASHED = "trashed"
    QUEUED = "queued"
    FAILED = "failed"
    OFFLINE = "offline"


class Part(StrEnum):
    """Values of `has:`."""

    HIGHLIGHTS = "highlights"
    NOTES = "notes"
    IMAGES = "images"
    TAGS = "tags"


class TextField(StrEnum):
    """Fields that match where they contain the text, case and accents folded."""

    SITE = "site"
    BY = "by"
    TITLE = "title"
    REASON = "reason"


class NumberField(StrEnum):
    """Fields that are whole numbers."""

    WORDS = "words"
    MINUTES = "minutes"
    LEFT = "left"


class TimeField(StrEnum):
    """Fields that are times."""

    ADDED = "added"
    PUBLISHED = "published"


class TimeUnit(StrEnum):
    """Lengths of time, by the local calendar."""

    HOURS = "h"
    DAYS = "d"
    WEEKS = "w"
    MONTHS = "m"
    YEARS = "y"


class Comparison(StrEnum):
    """Comparison operators; the empty one is equality."""

    AT_MOST = "<="
    AT_LEAST = ">="
    LESS = "<"
    MORE = ">"
    EQUAL = ""


class SortKey(StrEnum):
    """Keys of `sort:`, best first: newest, longest, A to Z."""

    ADDED = "added"
    PUBLISHED = "published"
    TITLE = "title"
    WORDS = "words"
    MINUTES = "minutes"
    LEFT = "left"
    PROGRESS = "progress"
    RANDOM = "random"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class TextTerm:
    """A word or phrase of the full text; with `prefix` its last word may be longer.

    `is_exact` is set by quotes or `+`: a ranked search then finds nothing without the word. As a
    filter both forms mean the same, so they are equal.
    """

    text: str
    prefix: bool = False
    is_exact: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class TagTerm:
    """The tag, or one nested in it; with `only_nested` only the nested ones."""

    tag: str
    only_nested: bool = False


@dataclass(frozen=True, slots=True)
class StateTerm:
    flag: Flag


@dataclass(frozen=True, slots=True)
class HasTerm:
    part: Part


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """The field contains the text, case and accents folded."""

    field: TextField
    text: str


@dataclass(frozen=True, slots=True)
class LabelTerm:
    """A highlight with a label of this colour or word."""

    label: str


@dataclass(frozen=True, slots=True)
class LanguageTerm:
    """The language, or a regional form of it: `en` matches `en-GB`."""

    code: str


@dataclass(frozen=True, slots=True)
class NumberTerm:
    field: NumberField
    comparison: Comparison
    number: int


@dataclass(frozen=True, slots=True)
class NumberRangeTerm:
    """Both ends belong to it; `None` leaves an end open, never both."""

    field: NumberField
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class AgeTerm:
    """Younger (`<`) or older (`>`) than an amount of units before now."""

    field: TimeField
    comparison: Comparison
    amount: int
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class DateTerm:
    """On, before or after a local day, month or year: `2026`, `2026-01`, `2026-01-31`, `today`."""

    field: TimeField
    comparison: Comparison
    day: str


@dataclass(frozen=True, slots=True)
class DateRangeTerm:
    """Both ends belong to it; `None` leaves an end open, never both."""

    field: TimeField
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Not:
    term: "Term"


@dataclass(frozen=True, slots=True)
class And:
    """Two or more terms, none of them an `And`."""

    terms: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Two or more terms, none of them an `Or`."""

    terms: tuple["Term", ...]


Leaf = (
    TextTerm
    | TagTerm
    | StateTerm
    | HasTerm
    | FieldTerm
    | LabelTerm
    | LanguageTerm
    | NumberTerm
    | NumberRangeTerm
    | AgeTerm
    | DateTerm
    | DateRangeTerm
)
Term = Leaf | Not | And | Or


@dataclass(frozen=True, slots=True)
class Sort:
    key: SortKey
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """The condition, `None` for all entries that are not in the trash, and the order."""

    where: Term | None = None
    sort: Sort | None = None

    def __str__(self) -> str:
        from reader.model.query.formatter import format_query

        return format_query(self)


def and_(*terms: Term) -> Term:
    """All of the terms at once, kept flat. Needs at least one."""
    flat = tuple(
        part for term in terms for part in (term.terms if isinstance(term, And) else (term,))
    )
    return flat[0] if len(flat) == 1 else And(flat)


def or_(*terms: Term) -> Term:
    """Any of the terms, kept flat. Needs at least one."""
    flat = tuple(
        part for term in terms for part in (term.terms if isinstance(term, Or) else (term,))
    )
    return flat[0] if len(flat) == 1 else Or(flat)


def leaves(term: Term | None) -> list[Leaf]:
    """Every leaf of the term, in the order written, negated ones included."""
    if term is None:
        return []
    if isinstance(term, Not):
        return leaves(term.term)
    if isinstance(term, And | Or):
        return [leaf for part in term.terms for leaf in leaves(part)]
    return [term]


def search_words(query: Query) -> tuple[TextTerm, ...]:
    """Return the words to rank by, to cut snippets around and to mark."""

    def positive(term: Term | None) -> list[TextTerm]:
        if isinstance(term, TextTerm):
            return [term]
        if isinstance(term, And | Or):
            return [text for part in term.terms for text in positive(part)]
        return []

    return tuple(dict.fromkeys(positive(query.where)))


def loose_words(query: Query) -> tuple[TextTerm, ...]:
    """Return the bare words that an article may lack: not exact, not in groups."""
    terms = query.where.terms if isinstance(query.where, And) else (query.where,)
    return tuple(
        dict.fromkeys(term for term in terms if isinstance(term, TextTerm) and not term.is_exact)
    )


def uses_full_text(query: Query) -> bool:
    """Return whether the query has words, for which the full text must be up to date."""
    return any(isinstance(leaf, TextTerm) for leaf in leaves(query.where))


def includes_trash(query: Query) -> bool:
    """Return whether the query names the trash; otherwise trashed entries are left out."""
    return StateTerm(Flag.TRASHED) in leaves(query.where)
