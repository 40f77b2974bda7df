"""Tag suggestions from the page's keywords and from similar articles of the library."""

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
"""Similar articles whose tags are counted."""
MIN_SHARE: Final = 0.06
"""Minimum share of the text's weight for an article to count as similar."""
_MIN_VOTE: Final = 0.12
"""Minimum share of all votes for a tag."""
_MIN_LIFT: Final = 1.5
"""Minimum ratio of a tag's frequency among neighbours to that in the library."""
_CLOSE_SHARE: Final = 0.25
"""Share from which a single neighbour is enough."""


class Reason(StrEnum):
    """Source of a suggested tag."""

    PAGE = "page"
    SIMILAR = "alike"


@dataclass(frozen=True, slots=True)
class TagSuggestion:
    """A tag in the library's spelling if known; the best score is 1.0."""

    tag: str
    score: float
    reason: Reason


def suggest_tags(
    connection: sqlite3.Connection,
    title: str,
    body: str,
    *,
    offered: Sequence[str] = (),
    own_tags: Iterable[str] = (),
    besides: str = "",
    limit: int = 6,
) -> list[TagSuggestion]:
    """Return tags that fit the text, best first; empty if nothing in the library is similar.

    `offered` are the page's hashtags and keywords: known tags come first, others last. `own_tags` are
    left out. `besides` is the id of the article if it is in the library.
    """
    known = {_normal_form(tag): tag for (tag,) in connection.execute("select shown from tags")}
    left_out = {_normal_form(tag) for tag in own_tags}
    found: dict[str, TagSuggestion] = {}
    for tag in (clean_tag(each) for each in offered):
        if tag and _normal_form(tag) in known:
            found[_normal_form(tag)] = TagSuggestion(known[_normal_form(tag)], 1.0, Reason.PAGE)
    for tag, score in vote_tags(connection, title, body, besides):
        found.setdefault(_normal_form(tag), TagSuggestion(tag, score, Reason.SIMILAR))
    for tag in (clean_tag(each) for each in offered):
        if tag and len(tag) <= 40:
            found.setdefault(_normal_form(tag), TagSuggestion(tag, 0.0, Reason.PAGE))
    return [each for form, each in found.items() if form not in left_out][:limit]


def vote_tags(
    connection: sqlite3.Connection, title: str, body: str, besides: str = ""
) -> list[tuple[str, float]]:
    """Return tags of the most similar articles with their share of the votes, best first."""
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
        if vote / whole >= max(_MIN_VOTE, min(_MIN_LIFT * frequency[tag], 0.9))
        and (bearers[tag] > 1 or near[0].share >= _CLOSE_SHARE)
    ]


def _normal_form(tag: str) -> str:
    """Return the form that page tags are compared in: no signs, no plural."""
    plain = re.sub(r"[\W_]+", "", fold_accents(tag).rpartition("/")[2])
    return plain.removesuffix("s") if len(plain) > 4 else plain
