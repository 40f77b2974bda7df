"""What a query is made of: frozen terms, joined by and, or and not, with an order."""

from dataclasses import dataclass
from enum import StrEnum


class Flag(StrEnum):
    """What `is:` asks for."""

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
    """What `has:` asks for."""

    HIGHLIGHTS = "highlights"
    NOTES = "notes"
    IMAGES = "images"
    TAGS = "tags"


class Naming(StrEnum):
    """Fields that match where they contain the text, case and accents folded."""

    SITE = "site"
    BY = "by"
    TITLE = "title"


class Measure(StrEnum):
    """Fields that are whole numbers."""

    WORDS = "words"
    MINUTES = "minutes"
    LEFT = "left"


class Time(StrEnum):
    """Fields that are times."""

    ADDED = "added"
    PUBLISHED = "published"


class Unit(StrEnum):
    """Lengths of time, by the local calendar."""

    HOURS = "h"
    DAYS = "d"
    WEEKS = "w"
    MONTHS = "m"
    YEARS = "y"


class Comparison(StrEnum):
    """How a value stands to the one given; the empty one is equality."""

    AT_MOST = "<="
    AT_LEAST = ">="
    LESS = "<"
    MORE = ">"
    EQUAL = ""


class SortKey(StrEnum):
    """What `sort:` orders by, best first: newest, longest, A to Z."""

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
class Text:
    """Words of the full text, beside each other and in order; `prefix` leaves the last one open."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tag, or one beneath it; with `beneath` only those beneath."""

    tag: str
    beneath: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    flag: Flag


@dataclass(frozen=True, slots=True)
class Has:
    part: Part


@dataclass(frozen=True, slots=True)
class Named:
    """The field contains the text, case and accents folded."""

    field: Naming
    text: str


@dataclass(frozen=True, slots=True)
class Language:
    """The language, or a regional form of it: `en` matches `en-GB`."""

    code: str


@dataclass(frozen=True, slots=True)
class Measured:
    field: Measure
    comparison: Comparison
    number: int


@dataclass(frozen=True, slots=True)
class MeasuredBetween:
    """Both ends belong to it; `None` leaves an end open, never both."""

    field: Measure
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Aged:
    """Younger (`<`) or older (`>`) than so many units before now."""

    field: Time
    comparison: Comparison
    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Dated:
    """On, before or after a local day, month or year: `2026`, `2026-01`, `2026-01-31`, `today`."""

    field: Time
    comparison: Comparison
    day: str


@dataclass(frozen=True, slots=True)
class DatedBetween:
    """Both ends belong to it; `None` leaves an end open, never both."""

    field: Time
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
    Text
    | Tagged
    | Is
    | Has
    | Named
    | Language
    | Measured
    | MeasuredBetween
    | Aged
    | Dated
    | DatedBetween
)
Term = Leaf | Not | And | Or


@dataclass(frozen=True, slots=True)
class Sort:
    key: SortKey
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Which entries, `None` for all that are not in the trash, and in which order."""

    where: Term | None = None
    sort: Sort | None = None

    def __str__(self) -> str:
        from reader.model.query.formatter import printed

        return printed(self)


def both(*terms: Term) -> Term:
    """All of the terms at once, kept flat. Needs at least one."""
    flat = tuple(
        part for term in terms for part in (term.terms if isinstance(term, And) else (term,))
    )
    return flat[0] if len(flat) == 1 else And(flat)


def either(*terms: Term) -> Term:
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


def sought(query: Query) -> tuple[Text, ...]:
    """The words that hits are wanted for: to rank by, to cut snippets around, to mark."""

    def positive(term: Term | None) -> list[Text]:
        if isinstance(term, Text):
            return [term]
        if isinstance(term, And | Or):
            return [text for part in term.terms for text in positive(part)]
        return []

    return tuple(dict.fromkeys(positive(query.where)))


def asks_text(query: Query) -> bool:
    """Whether the query looks for words, for which the full text must be up to date."""
    return any(isinstance(leaf, Text) for leaf in leaves(query.where))


def shows_trash(query: Query) -> bool:
    """Whether the query speaks of the trash; otherwise what lies there stays out of sight."""
    return Is(Flag.TRASHED) in leaves(query.where)
