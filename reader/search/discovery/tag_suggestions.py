"""Tags for an article: those the page names, and those of the most alike articles at home."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reader.model.text import clean_tag, fold_case
from reader.model.tokenizer import fold_accents
from reader.search.discovery.similarity import key_terms, similar

MAX_NEIGHBOURS: Final = 15
"""Alike articles whose tags are counted."""
MIN_SHARE: Final = 0.06
"""Of the text's weight that an article must share to be alike at all."""
_LEAST_VOTE: Final = 0.12
"""Of all neighbours' votes that a tag must have."""
_LIFT: Final = 1.5
"""How much more often than in the whole library it must be borne by the neighbours."""
_CLOSE: Final = 0.25
"""The share from which one bearer alone is enough."""


class Reason(StrEnum):
    """Where a suggested tag comes from."""

    PAGE = "page"
    SIMILAR = "alike"


@dataclass(frozen=True, slots=True)
class TagSuggestion:
    """A tag, in the spelling of the library where it has it; the best score is 1.0."""

    tag: str
    score: float
    reason: Reason


def suggest_tags(
    connection: sqlite3.Connection,
    title: str,
    body: str,
    *,
    offered: Sequence[str] = (),
    borne: Iterable[str] = (),
    besides: str = "",
    limit: int = 6,
) -> list[TagSuggestion]:
    """Tags that fit the text, best first; empty where nothing in the library is alike.

    `offered` are the page's own hashtags and keywords: those that are tags here come first, the
    others last. `borne` are left out. `besides` is the article's own id, if it is in the library.
    """
    known = {_form(tag): tag for (tag,) in connection.execute("select shown from tags")}
    left_out = {_form(tag) for tag in borne}
    found: dict[str, TagSuggestion] = {}
    for tag in (clean_tag(each) for each in offered):
        if tag and _form(tag) in known:
            found[_form(tag)] = TagSuggestion(known[_form(tag)], 1.0, Reason.PAGE)
    for tag, score in vote_tags(connection, title, body, besides):
        found.setdefault(_form(tag), TagSuggestion(tag, score, Reason.SIMILAR))
    for tag in (clean_tag(each) for each in offered):
        if tag and len(tag) <= 40:
            found.setdefault(_form(tag), TagSuggestion(tag, 0.0, Reason.PAGE))
    return [each for form, each in found.items() if form not in left_out][:limit]


def vote_tags(
    connection: sqlite3.Connection, title: str, body: str, besides: str = ""
) -> list[tuple[str, float]]:
    """Tags of the most alike articles, each counted by how alike its bearers are, best first."""
    near = [
        each
        for each in similar(connection, key_terms(connection, title, body), besides, MAX_NEIGHBOURS)
        if each.share >= MIN_SHARE
    ]
    if not near:
        return []
    votes: dict[str, float] = defaultdict(float)
    bearers: dict[str, int] = defaultdict(int)
    frequency: dict[str, float] = {}
    articles = connection.execute("select count(*) from facts where trashed = 0").fetchone()[0]
    for each in near:
        for tag, live in connection.execute(
            "select shown, tags.live from tagged join tags using (tag)"
            " where row = ? and tagged.own = 1",
            (each.row,),
        ):
            votes[tag] += each.share**2
            bearers[tag] += 1
            frequency[tag] = live / articles
    whole = sum(each.share**2 for each in near)
    ordered = sorted(votes.items(), key=lambda pair: (-pair[1], fold_case(pair[0])))
    return [
        (tag, vote / whole)
        for tag, vote in ordered
        if vote / whole >= max(_LEAST_VOTE, min(_LIFT * frequency[tag], 0.9))
        and (bearers[tag] > 1 or near[0].share >= _CLOSE)
    ]


def _form(tag: str) -> str:
    """The form in which a page's tag is recognised as one of ours: signs and plural aside."""
    plain = re.sub(r"[\W_]+", "", fold_accents(tag).rpartition("/")[2])
    return plain.removesuffix("s") if len(plain) > 4 else plain
