"""Random queries, and random entries that they have something to say about."""

from hypothesis import strategies as st

from reader.model.entry import Entry, EntryId, FetchStatus
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
    Not,
    NumberField,
    NumberRangeTerm,
    NumberTerm,
    Part,
    Query,
    Sort,
    SortKey,
    StateTerm,
    TagTerm,
    Term,
    TextField,
    TextTerm,
    TimeField,
    TimeUnit,
    and_,
    or_,
)

WORDS = (
    "slow",
    "Brot",
    "café",
    "fire",
    "firefly",
    "機械学習",
    "naïve",
    "don't",
    "2026",
    "ЁЛКА",
    "ß",
)
TAGS = ("work", "Work/deep", "slow food", "work/deep/er", "Ärger", "日本")
SITES = ("Example", "The Été Post", "example.org")

words = st.sampled_from(WORDS)
phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
days = st.sampled_from(("2025", "2026", "2025-12", "2026-01", "2026-01-05", "2026-02-28", "today"))
numbers = st.integers(0, 3000)
times = st.sampled_from(TimeField)


def _is_ordered(span: DateRangeTerm) -> bool:
    first, last = span.first, span.last
    if first is None or last is None:
        return bool(first or last)
    return "today" in (first, last) or last >= first[: len(last)]


def _between(low: int | None, high: int | None) -> bool:
    return (low is not None or high is not None) and (low is None or high is None or low <= high)


odd_words = st.text(max_size=8).map(lambda text: "a" + "".join(c for c in text if c.isprintable()))
texts = st.builds(TextTerm, phrases | odd_words, st.booleans())
tagged = st.builds(TagTerm, st.sampled_from(TAGS), st.booleans())
measured = st.builds(NumberTerm, st.sampled_from(NumberField), st.sampled_from(Comparison), numbers)
spans = st.builds(
    NumberRangeTerm, st.sampled_from(NumberField), st.none() | numbers, st.none() | numbers
).filter(lambda span: _between(span.low, span.high))
younger = st.sampled_from([each for each in Comparison if each is not Comparison.EQUAL])
aged = st.builds(AgeTerm, times, younger, st.integers(0, 400), st.sampled_from(TimeUnit))
dated = st.builds(DateTerm, times, st.sampled_from(Comparison), days)
dated_spans = st.builds(DateRangeTerm, times, st.none() | days, st.none() | days).filter(
    _is_ordered
)
named = st.builds(
    FieldTerm, st.sampled_from(TextField), st.sampled_from((*SITES, "caf", "o", "É")) | phrases
)
filters = st.one_of(
    tagged,
    st.builds(StateTerm, st.sampled_from(Flag)),
    st.builds(HasTerm, st.sampled_from(Part)),
    named,
    st.builds(LabelTerm, st.sampled_from(("red", "Open Question", "Todo", "none"))),
    st.builds(LanguageTerm, st.sampled_from(("en", "en-gb", "de"))),
    measured,
    spans,
    aged,
    dated,
    dated_spans,
)
terms: st.SearchStrategy[Term] = st.recursive(
    st.one_of(filters, texts),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: and_(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: or_(*parts)),
    ),
    max_leaves=6,
)
sorts = st.builds(Sort, st.sampled_from(SortKey), st.booleans())
queries = st.builds(Query, st.none() | terms, st.none() | sorts)

ids = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=12, max_size=12).map(EntryId)
entries = st.builds(
    Entry,
    id=ids,
    url=st.sampled_from((None, "https://www.example.org/a", "http://[broken", "https://post.fr/é")),
    title=phrases,
    added=st.sampled_from(
        (
            "2026-01-05T00:00:00Z",
            "2026-01-05T23:59:59Z",
            "2025-12-31T23:30:00Z",
            "2026-02-28T12:00:00Z",
        )
    ),
    byline=st.none() | phrases,
    site=st.none() | st.sampled_from(SITES),
    published=st.sampled_from(
        (None, "2026", "2025-12", "2026-01-05", "2026-01-05T10:00:00+02:00", "?")
    ),
    language=st.sampled_from((None, "en", "en-GB", "de", "den")),
    tags=st.lists(st.sampled_from(TAGS), unique=True, max_size=3).map(
        lambda tags: tuple(sorted(tags))
    ),
    words=st.sampled_from((0, 1, 230, 231, 2000, 2001)),
    progress=st.sampled_from((0.0, 0.01, 0.02, 0.5, 1.0)),
    finished=st.booleans(),
    starred=st.booleans(),
    archived=st.booleans(),
    trashed=st.booleans(),
    fetch=st.sampled_from(FetchStatus),
    reason=st.none() | phrases,
    highlights=st.integers(0, 2),
    has_note=st.booleans(),
    has_images=st.booleans(),
    has_text=st.booleans(),
    created=st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(("a", "b"))),
    labels=st.sampled_from(((), ("red",), ("open question", "red"), ("todo",))),
)
