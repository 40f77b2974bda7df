"""The query language: text to value and back, what it means, and what it says when wrong."""

import os
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.model.entry import Entry, EntryId, FetchStatus
from reader.model.errors import QueryError
from reader.model.query import (
    Query,
    Sort,
    SortKey,
    TextTerm,
    matches,
    parse,
    search_words,
    sort_entries,
)
from tests.queries import entries, queries

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(**fields: object) -> Entry:
    values: dict[str, object] = {
        "id": EntryId("0123456789ab"),
        "url": "https://www.example.org/a",
        "title": "Slow food",
        "added": "2026-02-27T10:00:00Z",
    }
    return Entry(**{**values, **fields})  # type: ignore[arg-type]


def holds(query: str, **fields: object) -> bool:
    return matches(parse(query), entry(**fields), NOW)


@given(queries)
def test_a_query_is_printed_as_text_that_parses_to_it(query: Query) -> None:
    """Query value → text → the same value, for every kind of term."""
    assert parse(str(query)) == query


@given(st.text(max_size=60) | st.text('-()" :*<>.tagisOR\\', max_size=30))
def test_any_text_parses_or_is_refused_inside_itself(text: str) -> None:
    """No text raises anything but WrongQuery, whose offsets lie in the text; else it round-trips."""
    refusal = None
    try:
        query = parse(text)
    except QueryError as error:
        refusal = error
    if refusal is not None:
        assert 0 <= refusal.start <= refusal.end <= max(len(text), refusal.start + 1)
        return
    assert parse(str(query)) == query
    assert str(parse(str(query))) == str(query)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("", ""),
        ("slow AND food", "slow food"),
        ('"slow food" fo*', '"slow food" fo*'),
        ("a OR b c", "a OR b c"),
        ("(a OR b) c", "(a OR b) c"),
        ("-(a b)", "-(a b)"),
        ('TAG:"slow food" tag:work/*', 'tag:"slow food" tag:work/*'),
        ("tag:#Work", "tag:Work"),
        ("words:=5 minutes:5..", "words:5 minutes:5.."),
        ("a OR b sort:-Published", "(a OR b) sort:-published"),
        ("https://example.org/x", "https://example.org/x"),
        ('"OR" "-x" "a:b"', '"OR" "-x" "a:b"'),
        ('"NOT" not', '"NOT" not'),
        (r'"say \"so\""', r'"say \"so\""'),
        ('+bread "butter" salt', '"bread" "butter" salt'),
        ("+bread* +tag:food -+salt +AND", '"bread"* tag:food -"salt" "AND"'),
        ("+OR +NOT* +NOTE", '"OR" "NOT"* "NOTE"'),
        ("c++ a+b +1", 'c++ a+b "1"'),
        ("slow\xa0bread\u202ftag:x", "slow bread tag:x"),
    ],
)
def test_printing_keeps_what_was_meant(text: str, printed: str) -> None:
    """Fields are lower case, AND and needless quotes go; nothing else changes."""
    assert str(parse(text)) == printed


@pytest.mark.parametrize(
    ("text", "start", "end", "nearest"),
    [
        ("a tga:work", 2, 6, "tag:"),
        ("labels:work", 0, 7, "label:"),
        ("is:unred", 3, 8, "unread"),
        ("has:note", 4, 8, "notes"),
        ("sort:tilte", 5, 10, "title"),
        ("sort:-wrods", 6, 11, "words"),
        ("-sort:title", 0, 11, "sort:-title"),
        ("-sort:-title", 0, 12, "sort:title"),
        ("-(sort:title a)", 2, 12, None),
        ("a -(b (c sort:title))", 9, 19, None),
        ("added:7d", 6, 8, "added:<7d"),
        ("added:2026-13", 6, 13, None),
        ("added:2026-02..2026-01", 6, 22, "added:2026-01..2026-02"),
        ("words:many", 6, 10, None),
        ('a "b', 2, 4, None),
        ("(a", 0, 1, None),
        ("a)", 1, 2, None),
        ("()", 0, 2, None),
        ("a OR", 2, 4, None),
        ("OR a", 0, 2, None),
        ("a AND", 2, 5, None),
        ("a - b", 2, 3, None),
        ("++", 0, 2, None),
        ("tag:", 4, 4, None),
        ("a NOT b", 2, 5, "-"),
        ("a | b", 2, 3, "OR"),
        ("no:tags", 0, 3, "-has:"),
        ("before:2026", 0, 7, "added:<"),
        ("added:2026/1/5", 6, 14, "2026-01-05"),
        ("added:<1week", 7, 12, "<1w"),
        ('added:"last month"', 6, 18, "<1m"),
        ("added:<7", 7, 8, "<7d"),
        ("note:x", 0, 5, None),
        ("Rust: what", 0, 5, None),
    ],
)
def test_a_wrong_query_says_where_and_the_nearest_word(
    text: str, start: int, end: int, nearest: str | None
) -> None:
    """Offsets frame what is wrong; the sentence counts from 1 and names the suggestion."""
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.start, caught.value.end, caught.value.nearest) == (start, end, nearest)
    assert f"at character {start + 1}" in str(caught.value)
    assert nearest is None or nearest in str(caught.value)


def test_a_query_beyond_the_limits_is_refused() -> None:
    """Endless and bottomless queries are wrong queries, not crashes."""
    for text in ("a" * 5000, "(" * 3000 + "a" + ")" * 500, "-" * 3000 + "a"):
        with pytest.raises(QueryError):
            parse(text)


def test_tags_nest() -> None:
    """`tag:work` matches it and nested tags, `tag:work/*` only nested ones; case does not count."""
    assert holds("tag:WORK", tags=("work",))
    assert holds("tag:work", tags=("Work/deep",))
    assert not holds("tag:work", tags=("workshop",))
    assert holds("tag:work/*", tags=("work/deep",))
    assert not holds("tag:work/*", tags=("work",))


def test_bare_words_search_text_folded_and_by_parts_of_cjk() -> None:
    """Case and accents fold, words are whole unless `*`, CJK is found by any part of a sentence."""
    assert holds("CAFE", title="Le Café")
    assert not holds("caf", title="Le Café")
    assert holds("caf*", title="Le Café")
    assert holds('"slow food"')
    assert not holds('"food slow"')
    assert holds("械学", title="機械学習の話")
    assert not holds("学械", title="機械学習の話")
    assert holds("strasse", title="Straße")
    assert holds("हिन्दी", title="यह हिन्दी है")


def test_what_is_in_the_trash_shows_only_when_asked_for() -> None:
    """`is:trashed` anywhere in the query lifts the veil, archived entries never hide."""
    assert not holds("slow", trashed=True)
    assert holds("is:trashed", trashed=True)
    assert not holds("is:trashed")
    assert holds("slow", archived=True)


def test_states_and_parts() -> None:
    """`is:` and `has:` ask the entry's own values."""
    assert holds("is:reading", progress=0.02)
    assert holds("is:unread", progress=0.01)
    assert holds("is:read", finished=True, progress=0.5)
    assert holds("is:queued", fetch=FetchStatus.QUEUED)
    assert holds("is:failed", fetch=FetchStatus.FAILED)
    assert holds(
        "has:tags has:images has:notes has:highlights",
        tags=("a",),
        has_images=True,
        has_note=True,
        highlights=1,
    )
    assert holds("-has:tags")


def test_names_contain_and_languages_begin() -> None:
    """`site:` knows the site's name and host; `lang:en` includes its regions."""
    assert holds("site:example.org")
    assert holds("site:POST", site="The Post")
    assert holds("by:doe", byline="Jané Doé")
    assert holds('title:"ow fo"')
    assert holds('reason:"Host not"', reason="a.example: host not found")
    assert not holds("reason:host")
    assert holds("lang:en", language="en-GB")
    assert not holds("lang:en", language="eng")


def test_numbers_compare() -> None:
    """Comparisons and ranges, both ends included."""
    assert holds("words:>2000", words=2001)
    assert not holds("words:>2000", words=2000)
    assert holds("words:100..200", words=200)
    assert holds("minutes:<10", words=100)
    assert holds("left:<2", words=2300, progress=0.95)
    assert holds("left:0", words=2300, finished=True)


def test_ages_reach_back_from_now() -> None:
    """`<7d` is within the last seven days, `>7d` before; months end where the month does."""
    assert holds("added:<7d", added="2026-02-22T12:00:01Z")
    assert not holds("added:<7d", added="2026-02-22T11:59:59Z")
    assert holds("added:>7d", added="2026-02-22T11:59:59Z")
    assert matches(
        parse("added:<1m"),
        entry(added="2026-02-28T13:00:00Z"),
        datetime(2026, 3, 31, 12, tzinfo=UTC),
    )
    assert holds("added:<999999y")
    assert not holds("added:>999999y")


def test_ranges_are_local_days_with_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A range includes its last day, and days begin at the local midnight, summer time included."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert holds("added:2026-01..2026-03", added="2026-03-31T21:59:59Z")
        assert not holds("added:2026-01..2026-03", added="2026-03-31T22:00:00Z")
        assert holds("added:2026-01", added="2025-12-31T23:00:00Z")
        assert holds("added:today", added="2026-02-28T23:00:00Z")
        assert holds("added:<2026", added="2025-12-31T22:59:59Z")
        assert holds("added:0001..9999")
    finally:
        os.environ["TZ"] = "UTC"
        time.tzset()


def test_publication_counts_as_the_page_wrote_it() -> None:
    """An imprecise date is its first day; none at all answers no date."""
    assert holds("published:2026-01", published="2026-01-05T10:00:00+02:00")
    assert holds("published:<2026-01-02", published="2026")
    assert not holds("published:..2030")
    assert holds("-published:..2030")
    assert not holds("published:..2030", published="soon")


def test_the_words_sought_are_those_not_negated() -> None:
    """Snippets and marks follow the positive words, wherever they stand."""
    assert search_words(parse("a (b OR c*) -d tag:e a")) == (
        TextTerm("a"),
        TextTerm("b"),
        TextTerm("c", prefix=True),
    )


@given(st.lists(entries, max_size=8, unique_by=lambda entry: entry.id))
def test_reversing_an_order_reverses_it(found: list[Entry]) -> None:
    """`sort:-KEY` is the reverse of `sort:KEY`, ties included, where every entry has a value."""
    for key in SortKey:
        if key in (SortKey.PUBLISHED, SortKey.RELEVANCE):
            continue
        forward = sort_entries(found, Sort(key), seed=7)
        assert sort_entries(reversed(found), Sort(key, reverse=True), seed=7) == forward[::-1]


def test_the_default_order_breaks_ties_by_clock_then_id() -> None:
    """Newest added first; of one second the later created; then the smaller id."""
    same = [
        entry(id=EntryId(f"0000000000{n}"), created=(c, 0, "d"))
        for n, c in ((12, 1), (11, 1), (10, 2))
    ]
    older = entry(added="2026-01-01T00:00:00Z", created=(9, 9, "z"))
    ordered = sort_entries([older, *same], Sort(SortKey.ADDED))
    assert [each.id for each in ordered] == [
        "000000000010",
        "000000000011",
        "000000000012",
        older.id,
    ]


def test_what_was_never_published_comes_last_either_way() -> None:
    """An absent date is no early date."""
    dated, undated = entry(published="2020"), entry(id=EntryId("zzzzzzzzzzzz"))
    for reverse in (False, True):
        assert sort_entries([undated, dated], Sort(SortKey.PUBLISHED, reverse)) == [dated, undated]


def test_quotes_and_plus_ask_for_the_word_itself() -> None:
    """Both mark the word as exact; as a filter it means the same as a bare one."""
    query = parse('+a "b" c "d e" f* +g*')
    assert [word.is_exact for word in search_words(query)] == [
        True, True, False, True, False, True,
    ]  # fmt: skip
    assert parse("+a") == parse("a")
