"""Labels for training: which blocks of a page its truth has, and how much each one counts."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

TOKEN = re.compile(r"\w+")
_TEX = re.compile(r"\\[A-Za-z]{2,}")
MANY = 24
"""Places tried for a block whose words occur often in the truth."""


def by_text(texts: Sequence[str], truth: str) -> tuple[list[float], list[int]]:
    """For each block how much of it is in the truth (0 to 1), and its number of tokens.

    Blocks are laid along the truth in order, each beginning after the one before, so that a word
    that stands in chrome and in the article counts once, where it belongs.
    """
    wanted = TOKEN.findall(truth)
    grams: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(wanted)):
        for size in (1, 2, 4):
            if at + size <= len(wanted):
                grams[tuple(wanted[at : at + size])].append(at)
    tokens = [TOKEN.findall(text) for text in texts]
    spots: list[tuple[int, int, int, float]] = []
    for number, words in enumerate(tokens):
        for start, size, hit in _places(words, grams, wanted):
            spots.append((number, start, size, hit))
    chain = _best_chain(spots)
    kept = [0.0] * len(texts)
    for number, _start, _size, hit in chain:
        kept[number] = hit / len(tokens[number])
    return kept, [len(words) for words in tokens]


def is_formula(text: str) -> bool:
    """Whether a block holds TeX: its truth may have the signs that it is drawn with, or nothing."""
    return bool(_TEX.search(text))


def _places(
    words: list[str], grams: dict[tuple[str, ...], list[int]], wanted: list[str]
) -> list[tuple[int, int, float]]:
    """(start, length, hits) of the places in the truth where the words may stand."""
    size = len(words)
    if not size:
        return []
    step = 4 if size >= 4 else 2 if size >= 2 else 1
    found: list[int] = []
    for start in grams.get(tuple(words[:step]), ())[: MANY * 8]:
        if wanted[start : start + size] == words:
            found.append(start)
            if len(found) >= MANY:
                break
    if found or size < 6:
        return [(start, size, float(size)) for start in found]
    votes: dict[int, list[int]] = defaultdict(list)
    for at in range(size - 3):
        for start in grams.get(tuple(words[at : at + 4]), ())[:8]:
            votes[start - at].append(start)
    total = sum(map(len, votes.values()))
    if total < 0.3 * (size - 3):
        return []
    main = max(votes, key=lambda key: len(votes[key]))
    # Words that the truth has not (a formula's source) make the stretch shorter than the block.
    near = [start for lag in votes if abs(lag - main) <= size for start in votes[lag]]
    first, last = min(near), max(near) + 4
    return [(first, min(last - first, size), min(float(size), total + 3.0))]


def _best_chain(
    spots: list[tuple[int, int, int, float]],
) -> list[tuple[int, int, int, float]]:
    """The heaviest chain of spots that rises in block number and in truth position."""
    spots = sorted(spots, key=lambda spot: (spot[0], -spot[1]))
    ends: list[int] = []
    best: list[tuple[float, int]] = []
    value: list[float] = []
    back: list[int] = []
    # best[k] is the heaviest chain that ends at truth position ends[k]; both rise together.
    for index, (_number, start, size, hit) in enumerate(spots):
        slack = start + min(3, size // 4)
        at = bisect_left(ends, slack + 1) - 1
        base, previous = best[at] if at >= 0 else (0.0, -1)
        if previous >= 0 and (spots[previous][0] == spots[index][0] or spots[previous][1] >= start):
            base, previous = _earlier(spots, value, index, slack)
        value.append(base + hit + 0.01 * (hit == size))
        back.append(previous)
        _insert(ends, best, start + size, (value[index], index))
    if not value:
        return []
    at = max(range(len(value)), key=lambda k: value[k])
    chain = []
    while at >= 0:
        chain.append(spots[at])
        at = back[at]
    return chain[::-1]


def _earlier(
    spots: list[tuple[int, int, int, float]], value: list[float], index: int, slack: int
) -> tuple[float, int]:
    best, found = 0.0, -1
    number, start = spots[index][:2]
    for k in range(index):
        before, begins, size, _hit = spots[k]
        if before < number and begins < start and begins + size <= slack and value[k] > best:
            best, found = value[k], k
    return best, found


def _insert(
    ends: list[int], best: list[tuple[float, int]], end: int, entry: tuple[float, int]
) -> None:
    at = bisect_left(ends, end + 1)
    if at and best[at - 1][0] >= entry[0]:
        return
    while at < len(ends) and best[at][0] <= entry[0]:
        del ends[at], best[at]
    if at and ends[at - 1] == end:
        best[at - 1] = entry
    else:
        ends.insert(at, end)
        best.insert(at, entry)


def by_snippets(
    texts: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]
) -> list[float | None]:
    """1 for blocks with a snippet that must be there, 0 with one that must not, None unknown."""
    squeezed = ["".join(text.split()) for text in texts]
    kept: list[float | None] = [None] * len(texts)
    for label, snippets in ((0.0, unwanted), (1.0, wanted)):
        for snippet in snippets:
            needle = "".join(snippet.split())
            found = [k for k, text in enumerate(squeezed) if needle in text]
            if label and len(found) > 1:
                found = [max(found, key=lambda k: len(squeezed[k]))]
            for k in found:
                kept[k] = label
    return kept
