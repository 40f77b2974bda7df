"""Proposals to merge tags that probably mean the same."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
_MIN_ONE_EDIT: Final = 5
"""Letters of the shorter tag from which one different letter is allowed."""
_MIN_TWO_EDITS: Final = 9
"""Letters of the shorter tag from which two letters may differ: about the share of one in five."""
_MAX_VARIANT_LETTERS: Final = 22
"""Letters up to which tags are found by their variants: 254 of them at most."""
_MIN_PIECE_LETTERS: Final = _MAX_VARIANT_LETTERS - 3
"""Letters from which tags are found by their pieces, so that each pair shares a way."""
_PIECES: Final = 5
"""Pieces of a long tag, of which two edits leave one as it is: each edit touches two at most."""
_MAX_COMPARED: Final = 40
"""Tags compared with each tag by letters; made tags may all resemble each other."""
_MAX_SPELT: Final = 20_000
"""Most used tags that are compared by letters: their variants take 100 MB."""
_DIGIT: Final = re.compile(r"\d")
_SIGNS: Final = re.compile(r"[\W_]+")


def propose_merges(tags: Sequence[TagCount]) -> list[MergeProposal]:
    """Propose merges of tags that differ in signs, accents, plural or spelling, most used first.

    Tags of different levels are never alike, nor are numbers (`2024`, `2025`). ⏱ 10,000 tags take
    a second.
    """
    own = sorted((tag for tag in tags if tag.own), key=lambda tag: (-tag.own, fold_case(tag.tag)))
    names = [_FoldedTag.of(tag.tag) for tag in own]
    index = _TagIndex(names)
    taken: set[int] = set()
    found: list[MergeProposal] = []
    for position, name in enumerate(names):
        if position in taken:
            continue
        alike = [
            (other, why)
            for other in sorted(index.candidates(position))
            if other > position
            and other not in taken
            and (why := _similarity_reason(name.plain, names[other].plain))
        ]
        if alike:
            taken.update(other for other, _ in alike)
            others = tuple(own[other].tag for other, _ in alike)
            found.append(MergeProposal(own[position].tag, others, alike[0][1]))
    return found


@dataclass(frozen=True, slots=True)
class _FoldedTag:
    """A tag in the form it is compared in: its parent levels, and the last one without signs."""

    above: str
    plain: str

    @classmethod
    def of(cls, tag: str) -> "_FoldedTag":
        above, _, name = fold_accents(tag).rpartition("/")
        return cls(above, _SIGNS.sub("", name))

    def has_digits(self) -> bool:
        return _DIGIT.search(self.plain) is not None


class _TagIndex:
    """Positions of tags by the keys that similar tags share, so that not all pairs are compared."""

    def __init__(self, names: Sequence[_FoldedTag]):
        self._names = names
        self._by_name: dict[tuple[str, str], list[int]] = {}
        self._by_key: dict[int, list[int]] = {}
        for position, name in enumerate(names):
            self._by_name.setdefault((name.above, name.plain), []).append(position)
            if position < _MAX_SPELT and not name.has_digits():
                for key in _indexed_keys(name):
                    self._by_key.setdefault(key, []).append(position)

    def candidates(self, position: int) -> set[int]:
        """Return the positions of the later tags that may be alike, and of some others."""
        name = self._names[position]
        found = set(self._by_name[name.above, name.plain])
        if name.has_digits():
            return found
        for form in _number_forms(name.plain):
            found.update(self._by_name.get((name.above, form), ()))
        if position < _MAX_SPELT:
            compared: set[int] = set()
            for key in _looked_up_keys(name):
                others = self._by_key.get(key, [])
                start = bisect_right(others, position)
                # In a crowd of made tags, what is left out here is similar to another one.
                compared.update(others[start : start + _MAX_COMPARED - len(compared)])
                if len(compared) >= _MAX_COMPARED:
                    break
            found |= compared
        return found


def _number_forms(plain: str) -> Iterator[str]:
    """Yield the words of which this is the singular or the plural."""
    for ending in _PLURAL_ENDINGS:
        yield plain + ending
        yield plain.removesuffix(ending)
    if plain.endswith("y"):
        yield plain[:-1] + "ies"
    yield plain.removesuffix("ies") + "y"


def _indexed_keys(name: _FoldedTag) -> set[int]:
    keys: set[int] = set()
    if len(name.plain) <= _MAX_VARIANT_LETTERS:
        keys |= _variants(name)
    if len(name.plain) >= _MIN_PIECE_LETTERS:
        length = len(name.plain)
        for start, end in _pieces(length):
            keys.add(hash((name.above, length, start, name.plain[start:end])))
    return keys


def _looked_up_keys(name: _FoldedTag) -> Iterator[int]:
    if len(name.plain) <= _MAX_VARIANT_LETTERS:
        yield from _variants(name)
    if len(name.plain) >= _MIN_PIECE_LETTERS:
        for length in range(len(name.plain) - 2, len(name.plain) + 3):
            for start, end in _pieces(length):
                for shift in range(-2, 3):
                    if start + shift >= 0:
                        piece = name.plain[start + shift : end + shift]
                        yield hash((name.above, length, start, piece))


def _variants(name: _FoldedTag) -> set[int]:
    """Return the word with up to as many letters left out as may differ: similar words share one."""
    words = {name.plain}
    edits = _allowed_edits(len(name.plain) + 1)
    for _ in range(edits):
        words |= {word[:at] + word[at + 1 :] for word in words for at in range(len(word))}
    return {hash((name.above, word)) for word in words}


def _pieces(length: int) -> list[tuple[int, int]]:
    cuts = [length * number // _PIECES for number in range(_PIECES + 1)]
    return list(pairwise(cuts))


def _allowed_edits(letters: int) -> int:
    """Return how many letters may differ if the shorter of two tags has this length."""
    return 2 if letters >= _MIN_TWO_EDITS else 1 if letters >= _MIN_ONE_EDIT else 0


def _similarity_reason(plain: str, other: str) -> str:
    if plain == other:
        return "written differently"
    if _DIGIT.search(plain) or _DIGIT.search(other):
        return ""
    shorter, longer = sorted((plain, other), key=len)
    if len(shorter) >= 3 and (
        longer in {shorter + ending for ending in _PLURAL_ENDINGS}
        or (shorter.endswith("y") and longer == shorter[:-1] + "ies")
    ):
        return "singular and plural"
    allowed = _allowed_edits(len(shorter))
    if allowed and edit_distance(*_different_parts(shorter, longer), allowed) <= allowed:
        return "spelt alike"
    return ""


def _different_parts(shorter: str, longer: str) -> tuple[str, str]:
    """Return the words without the letters that both begin and end with."""
    start = _common_length(shorter, longer)
    shorter, longer = shorter[start:], longer[start:]
    length = _common_length(shorter[::-1], longer[::-1])
    return shorter[: len(shorter) - length], longer[: len(longer) - length]


def _common_length(shorter: str, longer: str) -> int:
    """Return the number of letters that both begin with."""
    pairs = enumerate(zip(shorter, longer, strict=False))
    return next((at for at, (one, other) in pairs if one != other), len(shorter))
