"""Completions at the cursor of the search box: fields, values, tags and sites."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reader.model.errors import QueryError
from reader.model.labels import HIGHLIGHT_COLORS
from reader.model.query import FIELDS, Flag, Part, SortKey
from reader.model.query.parser import Token, tokenize_query
from reader.model.tokenizer import fold_accents

MAX_COMPLETIONS: Final = 12
"""Suggestions for one word: half the lines of a terminal of 24."""
_HINTS: Final = {
    "added": ("<7d", "<1m", "today", "yesterday", ">1y"),
    "published": ("<7d", "<1m", "<1y", ">1y"),
    "words": (">2000", "<500"),
    "minutes": ("<5", "<10", ">30"),
    "left": ("<5", "<10", "<15"),
}


@dataclass(frozen=True, slots=True)
class CompletionValues:
    """Values of the library for completion, each list most frequent first."""

    tags: Sequence[str] = ()
    sites: Sequence[str] = ()
    bylines: Sequence[str] = ()
    languages: Sequence[str] = ()
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion: `text` replaces the query from `start` to `end`; `label` is shown."""

    text: str
    start: int
    end: int
    label: str


def complete(query: str, cursor: int, known: CompletionValues) -> list[Completion]:
    """Return completions of the word at the cursor, likeliest first.

    Words of two or more letters are completed to fields, and to tags with that prefix.
    """
    token = _token_at(query, cursor)
    if token is None:
        return []
    if token.kind == "field":
        return _complete_value(query, token, cursor, known)
    typed = query[token.start : cursor].casefold()
    if token.kind != "text" or token.is_exact or not typed:
        return []
    fields = [f"{field}:" for field in (*FIELDS, "sort") if field.startswith(typed)]
    # Tags are shown with a `#`, so some users type one.
    tags = _matching_values(known.tags, typed.removeprefix("#")) if len(typed) > 1 else []
    offered = [*fields, *(f"tag:{_quote_value(tag)}" for tag in tags)]
    return [Completion(text, token.start, token.end, text) for text in offered[:MAX_COMPLETIONS]]


def _token_at(query: str, cursor: int) -> Token | None:
    """Return the token that ends at or contains the cursor."""
    try:
        found = list(tokenize_query(query))
    except QueryError:
        # A quote is still open: closing it at the cursor allows completion.
        try:
            found = list(tokenize_query(query[:cursor] + '"'))
        except QueryError:
            return None
    return next((token for token in found if token.start < cursor <= token.end), None)


def _complete_value(
    query: str, token: Token, cursor: int, known: CompletionValues
) -> list[Completion]:
    field = token.field.casefold()
    start = token.start + len(token.field) + 1
    typed = query[start:cursor].lstrip('"')
    end = min(token.end, len(query))
    reverse = "-" if field == "sort" and typed.startswith("-") else ""
    offered = _matching_values(_field_values(field, known), typed.removeprefix(reverse))
    if field == "tag" and (typed.endswith("/") or not typed):
        offered = [tag for tag in offered if tag.casefold() != typed.rstrip("/").casefold()]
    whole = ((value, f"{reverse}{_quote_value(value)}") for value in offered[:MAX_COMPLETIONS])
    return [
        Completion(text, start, end, value) for value, text in whole if query[start:end] != text
    ]


def _field_values(field: str, known: CompletionValues) -> Iterable[str]:
    listed: dict[str, Iterable[str]] = {
        "is": [str(flag) for flag in Flag],
        "has": [str(part) for part in Part],
        "sort": [str(key) for key in SortKey],
        "tag": known.tags,
        "site": known.sites,
        "by": known.bylines,
        "lang": known.languages,
        "label": (*known.labels, *(each for each in HIGHLIGHT_COLORS if each not in known.labels)),
    }
    return listed.get(field, _HINTS.get(field, ()))


def _matching_values(values: Iterable[str], typed: str) -> list[str]:
    """Return values with the prefix, then those with a word or level that has it."""
    wanted = fold_accents(typed)
    first, later = [], []
    for value in values:
        plain = fold_accents(value)
        if plain.startswith(wanted):
            first.append(value)
        elif any(f"{sign}{wanted}" in plain for sign in (" ", "/", ".", "-")):
            later.append(value)
    return first + later


def _quote_value(value: str) -> str:
    special = any(sign.isspace() or sign in '()"\\' for sign in value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if special else value


MAX_RECENT_SEARCHES: Final = 30
"""Searches that are remembered."""


def add_recent_search(recent: Sequence[str], query: str) -> tuple[str, ...]:
    """Return the recent searches with this one first; queries of one letter are skipped."""
    tidy = " ".join(query.split())
    if len(tidy) < 2:
        return tuple(recent[:MAX_RECENT_SEARCHES])
    return (tidy, *(each for each in recent if each.casefold() != tidy.casefold()))[
        :MAX_RECENT_SEARCHES
    ]
