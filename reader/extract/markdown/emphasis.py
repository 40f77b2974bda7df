"""Emphasis that CommonMark reads as it was meant.

Source: CommonMark 0.31, section 6.2 and "An algorithm for parsing nested emphasis and links";
`~~` goes by the same rules in markdown-it and GFM.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reader.extract.markdown.sentinels import (
    BREAK,
    CLOSING,
    DEL,
    DELIMITERS,
    EM,
    END_DEL,
    END_EM,
    END_LINK,
    END_STRONG,
    LINK,
    OPENING,
    STRONG,
    TARGET,
    TOKEN,
)

_EMPTY: Final = re.compile(
    f"{EM}(\\s*){END_EM}|{STRONG}(\\s*){END_STRONG}|{DEL}(\\s*){END_DEL}"
    f"|{LINK}[^{TARGET}]*{TARGET}(\\s*){END_LINK}"
)
_ADJACENT: Final = re.compile(f"{END_EM}{EM}|{END_STRONG}{STRONG}|{END_DEL}{DEL}")
_MARK: Final = re.compile(f"[{EM}-{END_DEL}]")
_MAX_REPAIRS: Final = 60
"""Repairs of one run of text: each scans it once."""
_MAX_SCANNED: Final = 400_000
"""Characters scanned in all for repairs; longer runs lose their emphasis."""


def tidy(run: str) -> str:
    """Return the run with emphasis that CommonMark reads: flanked and never empty."""
    before = ""
    while before != run:
        before = run
        run = _EMPTY.sub(lambda m: m[1] or m[2] or m[3] or m[4] or "", _ADJACENT.sub("", run))
    if _MARK.search(run) is None:
        # Most runs with markup have links alone.
        return run
    for _ in range(min(_MAX_REPAIRS, _MAX_SCANNED // (len(run) + 1))):
        mended = _fix_flanking(run)
        if mended == run:
            mended = _fix_pairing(run)
        if mended == run:
            return run
        run = mended
    return _MARK.sub("", run)


def _fix_flanking(run: str) -> str:
    """Return the run with the first invalid delimiter moved inwards or dropped."""
    groups: list[list[re.Match[str]]] = []
    for found in TOKEN.finditer(run):
        if found[0] in DELIMITERS:
            _append_mark(groups, found)
    for group in groups:
        closes = [mark for mark in group if mark[0] in CLOSING]
        opens = [mark for mark in group if mark[0] in OPENING]
        start, end = group[0].start(), group[-1].end()
        read = _delimiter_run(run, group)
        if closes and opens:
            return _drop_pair(run, opens[0].start())
        if opens and not read.can_open:
            return _move_inwards(run, start, end, 1)
        if closes and not read.can_close:
            return _move_inwards(run, start, end, -1)
    return run


@dataclass(slots=True)
class _DelimiterRun:
    """Marks that form one delimiter run of CommonMark."""

    character: str
    length: int
    remaining: int
    """Characters of the run that no pair has used; a `~~` counts as one."""
    can_open: bool
    can_close: bool


_Pair = tuple[int, int, str]
"""Positions of the opening and the closing run, and their delimiter."""


def _fix_pairing(run: str) -> str:
    """Return the run without the innermost emphasis that would be paired wrongly."""
    for line in _delimiter_sequences(run):
        meant, places = _intended_pairs(line)
        if len(meant) < 2:
            continue
        wrong = Counter(meant) - Counter(_parsed_pairs(run, line))
        if wrong:
            innermost = min(wrong, key=lambda pair: (pair[1] - pair[0], -pair[0]))
            return _drop_pair(run, places[innermost])
    return run


def _delimiter_sequences(run: str) -> Iterator[list[list[re.Match[str]]]]:
    """Yield the delimiter runs that can pair; those of a link's text are apart."""
    stack: list[list[list[re.Match[str]]]] = [[]]
    for found in TOKEN.finditer(run):
        token, line = found[0], stack[-1]
        if token in DELIMITERS:
            _append_mark(line, found)
        elif token[0] == LINK:
            stack.append([])
        elif token == END_LINK and len(stack) > 1:
            yield stack.pop()
    yield from reversed(stack)


def _append_mark(line: list[list[re.Match[str]]], mark: re.Match[str]) -> None:
    """Add a mark to the last delimiter run if it continues that run."""
    last = line[-1][-1] if line else None
    if last and last.end() == mark.start() and DELIMITERS[last[0]][0] == DELIMITERS[mark[0]][0]:
        line[-1].append(mark)
    else:
        line.append([mark])


def _intended_pairs(
    line: Sequence[Sequence[re.Match[str]]],
) -> tuple[list[_Pair], dict[_Pair, int]]:
    """Return the pairs as they were wrapped, and the position of each."""
    pairs, places, stack = list[_Pair](), dict[_Pair, int](), list[tuple[int, re.Match[str]]]()
    for number, group in enumerate(line):
        for mark in group:
            if mark[0] in OPENING:
                stack.append((number, mark))
            elif stack:
                opened, opening = stack.pop()
                pair = (opened, number, DELIMITERS[mark[0]])
                pairs.append(pair)
                places[pair] = opening.start()
    return pairs, places


def _parsed_pairs(run: str, line: Sequence[Sequence[re.Match[str]]]) -> Iterator[_Pair]:
    """Yield the pairs that a reader of CommonMark finds."""
    groups = [_delimiter_run(run, group) for group in line]
    stack: list[int] = []
    # Below these no opener fits a closer of the kind, so that nothing is looked at twice.
    bottoms: dict[tuple[str, bool, int], int] = {}
    for number, closer in enumerate(groups):
        kind = (closer.character, closer.can_open, closer.length % 3)
        while closer.can_close and closer.remaining:
            at = len(stack) - 1
            bottom = bottoms.get(kind, -1)
            while at >= 0 and stack[at] > bottom and not _can_pair(groups[stack[at]], closer):
                at -= 1
            if at < 0 or stack[at] <= bottom:
                bottoms[kind] = stack[-1] if stack else number - 1
                break
            opener = groups[stack[at]]
            strong = opener.remaining > 1 and closer.remaining > 1
            yield stack[at], number, closer.character * (1 + strong)
            opener.remaining -= 1 + strong
            closer.remaining -= 1 + strong
            del stack[at + (opener.remaining > 0) :]
        if closer.can_open and closer.remaining:
            stack.append(number)


def _delimiter_run(run: str, group: Sequence[re.Match[str]]) -> _DelimiterRun:
    before, after = (
        _character_class(run, group[0].start() - 1),
        _character_class(run, group[-1].end()),
    )
    sign = DELIMITERS[group[0][0]]
    length = len(group) if sign == "~~" else sum(len(DELIMITERS[mark[0]]) for mark in group)
    return _DelimiterRun(
        sign if sign == "~~" else "*",
        length,
        length,
        can_open=after == "a" or (after == "." and before != "a"),
        can_close=before == "a" or (before == "." and after != "a"),
    )


def _can_pair(opener: _DelimiterRun, closer: _DelimiterRun) -> bool:
    """Return whether the two may pair, by the rule of three, too."""
    if opener.character != closer.character:
        return False
    if opener.character == "*" and (opener.can_close or closer.can_open):
        threes = (opener.length + closer.length) % 3 == 0
        return not threes or (opener.length % 3 == 0 and closer.length % 3 == 0)
    return True


def _character_class(run: str, at: int) -> str:
    """Return the character's class for flanking: a space, `.` punctuation, `a` other."""
    if not 0 <= at < len(run) or run[at].isspace() or run[at] == BREAK:
        return " "
    if "\ue000" <= run[at] <= "\ue00b" or unicodedata.category(run[at])[0] in "PS":
        return "."
    return "a"


def _move_inwards(run: str, start: int, end: int, step: int) -> str:
    """Move the delimiters past the punctuation inside them, or drop them."""
    group = run[start:end]
    if step > 0:
        sign, rest = run[end : end + 1], run[end + 1 :]
        if sign and sign not in "\\<&" and not "\ue000" <= sign <= "\ue00b":
            return f"{run[:start]}{sign}{group}{rest}"
        return _drop_pair(run, start)
    sign = run[start - 1 : start]
    if sign and not "\ue000" <= sign <= "\ue00b":
        return f"{run[: start - 1]}{group}{sign}{run[end:]}"
    return _drop_pair(run, start)


def _drop_pair(run: str, at: int) -> str:
    """Return the run without the mark at that place and its partner."""
    mark = run[at]
    places = [found.start() for found in TOKEN.finditer(run) if found[0] in (mark, _partner(mark))]
    if mark in CLOSING:
        places = places[::-1]
    depth = 0
    for place in places[places.index(at) :]:
        depth += 1 if run[place] == mark else -1
        if depth == 0:
            first, second = sorted((at, place))
            return run[:first] + run[first + 1 : second] + run[second + 1 :]
    return run[:at] + run[at + 1 :]


def _partner(mark: str) -> str:
    return OPENING.get(mark) or CLOSING[mark]
