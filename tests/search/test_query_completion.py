"""The search box completes the word at its cursor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.search.text.query_completion import CompletionValues, add_recent_search, complete

KNOWN = CompletionValues(
    tags=("work", "work/deep", "slow food", "Wörld"),
    sites=("Example Times", "example.org"),
    bylines=("Ada Lovelace",),
    languages=("en", "de"),
)


def applied(query: str, cursor: int | None = None) -> list[str]:
    at = len(query) if cursor is None else cursor
    return [query[: c.start] + c.text + query[c.end :] for c in complete(query, at, KNOWN)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ta", ["tag:"]),
        ("tag:wo", ["tag:work", "tag:work/deep", "tag:Wörld"]),
        ("tag:work/", ["tag:work/deep"]),
        ("tag:deep", ["tag:work/deep"]),
        ('tag:"slow f', ['tag:"slow food"']),
        ("tag:slow", ['tag:"slow food"']),
        ("a -is:un", ["a -is:unread"]),
        ("(is:re", ["(is:reading", "(is:read"]),
        ("sort:-ti", ["sort:-title"]),
        ("site:times", ['site:"Example Times"']),
        ("by:ada", ['by:"Ada Lovelace"']),
        ("lang:", ["lang:en", "lang:de"]),
        ("added:", ["added:<7d", "added:<1m", "added:today", "added:yesterday", "added:>1y"]),
        ("wor", ["words:", "tag:work", "tag:work/deep", "tag:Wörld"]),
        ("#wo", ["tag:work", "tag:work/deep", "tag:Wörld"]),
        ("zzz", []),
        ('"wo', []),
        ("", []),
        ("bread ", []),
    ],
)
def test_completions_at_the_end(query: str, first: list[str]) -> None:
    """Fields, values, tags and sites, quoted where they must be, in the order of the library."""
    assert applied(query)[: len(first) or None] == first


def test_the_word_in_the_middle_is_replaced_whole() -> None:
    """What lies beyond the cursor in the same word goes, what follows it stays."""
    assert applied("tag:woxyz bread", 6)[0] == "tag:work bread"


@given(st.text('tag:is-()" workOR*<', max_size=20), st.integers(0, 20))
def test_no_query_stops_completion(query: str, cursor: int) -> None:
    """Half-typed and wrong queries are completed or not, but never an error."""
    for each in complete(query, min(cursor, len(query)), KNOWN):
        assert 0 <= each.start <= each.end <= len(query)


def test_recent_searches_stand_once_newest_first() -> None:
    """Repeating one moves it up; the list has an end; a stray letter is not kept."""
    assert add_recent_search(("bread", "rail"), "Rail") == ("Rail", "bread")
    assert add_recent_search(("bread",), "r") == ("bread",)
    assert len(add_recent_search([str(number) * 2 for number in range(40)], "new")) == 30
