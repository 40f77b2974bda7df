"""Proposals to merge tags that probably mean the same."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reader.model.text import fold_case
from reader.model.tokenizer import fold_accents
from reader.search.discovery.spell_correction import edit_distance
from reader.search.store.facets import TagCount


@dataclass(frozen=True, slots=True)
class MergeProposal:
    """Tags that probably mean the same; `keep` is the most used, `reason` explains the match."""

    keep: str
    others: tuple[str, ...]
    reason: str


_PLURAL_ENDINGS: Final = ("s", "es", "n", "en", "e", "er", "x")


def propose_merges(tags: Sequence[TagCount]) -> list[MergeProposal]:
    """Propose merges of tags that differ in signs, accents, plural or spelling, most used first.

    Tags of different levels are never alike, nor are numbers (`2024`, `2025`).
    """
    own = sorted((tag for tag in tags if tag.own), key=lambda tag: (-tag.own, fold_case(tag.tag)))
    taken: set[str] = set()
    found: list[MergeProposal] = []
    for position, tag in enumerate(own):
        if tag.tag in taken:
            continue
        alike = [
            (other.tag, why)
            for other in own[position + 1 :]
            if other.tag not in taken and (why := _similarity_reason(tag.tag, other.tag))
        ]
        if alike:
            taken.update(name for name, _ in alike)
            found.append(MergeProposal(tag.tag, tuple(name for name, _ in alike), alike[0][1]))
    return found


def _similarity_reason(one: str, other: str) -> str:
    above, _, name = fold_accents(one).rpartition("/")
    other_above, _, other_name = fold_accents(other).rpartition("/")
    if above != other_above:
        return ""
    plain, other_plain = (re.sub(r"[\W_]+", "", each) for each in (name, other_name))
    if plain == other_plain:
        return "written differently"
    if any(each.isdecimal() for each in re.findall(r"\d+|\D+", plain + other_plain)):
        return ""
    shorter, longer = sorted((plain, other_plain), key=len)
    if len(shorter) >= 3 and (
        longer in {shorter + ending for ending in _PLURAL_ENDINGS}
        or (shorter.endswith("y") and longer == shorter[:-1] + "ies")
    ):
        return "singular and plural"
    allowed = 1 if len(shorter) >= 5 else 0
    allowed = 2 if len(shorter) >= 9 else allowed
    if allowed and edit_distance(plain, other_plain, allowed) <= allowed:
        return "spelt alike"
    return ""
