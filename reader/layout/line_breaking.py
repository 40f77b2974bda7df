"""Line breaking: greedy, measured in cells; no text is lost and no grapheme is cut."""

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from reader.layout.text_width import Grapheme, extra_cells, graphemes, is_single_cell

Hyphenator = Callable[[str], Sequence[int]]
"""Returns the offsets in a word at which a hyphen may be inserted."""

_SPACES: Final = " \t\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000"
_DASHES: Final = "-\u2010\u2012\u2013\u2014/"
_NO_BREAK_AFTER: Final = frozenset("（〔［｛〈《「『【｟〘〖〝‘“([{¥$€£＄￡￥")
_NO_BREAK_BEFORE: Final = frozenset(
    "）〕］｝〉》」』】｠〙〗〟’”)]},.!?:;%‼⁇⁈⁉・：；／。．、，！？ー〜～…‥々〻ゝゞヽヾ％"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
)
_IS_IDEOGRAPH: Final = re.compile(
    "[\u2e80-\u312f\u3190-\u31bf\u31f0-\u4dbf\u4e00-\ua4cf\uf900-\ufaff\uff01-\uffee"
    "\U00020000-\U0003ffff\U0001f000-\U0001faff]"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
MIN_HYPHENATED: Final = 6
"""Letters of the shortest word that is hyphenated: parts of a shorter one fill no line."""


class TextRow(NamedTuple):
    """A line: offsets without the space at its end, and whether a hyphen follows."""

    start: int
    end: int
    has_hyphen: bool = False


def wrap(
    text: str, measure: int, first: int | None = None, hyphens: Hyphenator | None = None
) -> list[TextRow]:
    """Break a paragraph into rows; `first` is the measure of the first row if it differs.

    A newline always ends a row. Rows never overlap, and only white space lies between them. A word
    longer than the measure is cut between graphemes. Linear in the text.
    """
    rows: list[TextRow] = []
    measure = max(measure, 1)
    room = measure if first is None else max(first, 1)
    start = 0
    for part in text.split("\n"):
        fill = _wrap_single_cell if is_single_cell(part) else _wrap_graphemes
        found = fill(part, measure, room, hyphens)
        rows += [TextRow(row.start + start, row.end + start, row.has_hyphen) for row in found]
        start += len(part) + 1
        room = measure
    return rows


def _wrap_single_cell(
    text: str, measure: int, room: int, hyphens: Hyphenator | None
) -> list[TextRow]:
    """Break a text whose offsets are cells; looks at no character twice."""
    rows: list[TextRow] = []
    position, size = 0, len(text)
    while size - position > room:
        limit = position + room
        end = text.rfind(" ", position, limit + 1)
        dashed = _find_dash_break(text, max(end, position) + 1, limit)
        if dashed:
            end = dashed
        cut = _find_hyphen_break(text, max(end, position), limit, hyphens)
        if cut:
            rows.append(TextRow(position, cut, True))
            position = cut
        elif end > position:
            rows.append(TextRow(position, _strip_end(text, position, end)))
            position = end
        else:
            rows.append(TextRow(position, limit))
            position = limit
        while position < size and text[position] == " ":
            position += 1
        room = measure
    if position < size or not rows:
        rows.append(TextRow(position, _strip_end(text, position, size)))
    return rows


def _strip_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in _SPACES:
        end -= 1
    return end


def _find_dash_break(text: str, low: int, limit: int) -> int:
    """Return the last offset in (low, limit] after a dash between two words, or 0."""
    for end in range(limit, low, -1):
        if text[end - 1] in _DASHES and text[end : end + 1].isalnum() and text[end - 2].isalnum():
            return end
    return 0


def _find_hyphen_break(text: str, start: int, limit: int, hyphens: Hyphenator | None) -> int:
    """Return the offset at which to hyphenate the word across `limit`, or 0."""
    if hyphens is None:
        return 0
    while start < len(text) and text[start] in _SPACES:
        start += 1
    found = _WORD.search(text, start)
    if not found or found.start() >= limit or len(found[0]) < MIN_HYPHENATED:
        return 0
    following = text[found.end() : found.end() + 1]
    if following and following not in _SPACES + ",.;:!?)]»”’…":
        return 0
    fitting = [found.start() + offset for offset in hyphens(found[0])]
    return max((offset for offset in fitting if offset < limit), default=0)


def _wrap_graphemes(
    text: str, measure: int, room: int, hyphens: Hyphenator | None
) -> list[TextRow]:
    """Break any text: after spaces and dashes, and around ideographs."""
    found = graphemes(text)
    rows: list[TextRow] = []
    begin = index = used = 0
    breaking = -1  # index of the grapheme that may start the next row
    while index < len(found):
        grapheme = found[index]
        is_space = text[grapheme.start] in _SPACES
        if index > begin and _may_break(text, found[index - 1], grapheme):
            breaking = index
        # A line that is too long on some terminal would lose its end there.
        taken = grapheme.width
        if grapheme.end - grapheme.start > 1:
            taken += extra_cells(text[grapheme.start : grapheme.end])
        if used + taken <= room or is_space:
            used += taken
            index += 1
            continue
        limit = grapheme.start
        word = found[breaking if breaking > begin else begin].start
        cut = _find_hyphen_break(text, word, limit, hyphens)
        if cut:
            next_row = next(i for i in range(begin, index + 1) if found[i].start >= cut)
        elif breaking > begin:
            next_row = breaking
        else:
            next_row = max(index, begin + 1)
        end = found[next_row].start if next_row < len(found) else len(text)
        start = found[begin].start
        rows.append(TextRow(start, end if cut else _strip_end(text, start, end), bool(cut)))
        while next_row < len(found) and text[found[next_row].start] in _SPACES:
            next_row += 1
        begin = index = next_row
        used, breaking, room = 0, -1, measure
    if begin < len(found) or not rows:
        start = found[begin].start if begin < len(found) else 0
        rows.append(TextRow(start, _strip_end(text, start, len(text))))
    return rows


def _may_break(text: str, last: Grapheme, here: Grapheme) -> bool:
    before, after = text[last.start], text[here.start]
    if before in _SPACES:
        return after not in _SPACES
    if after in _SPACES:
        return False
    if before in _DASHES:
        return after.isalnum() and last.start > 0 and text[last.start - 1].isalnum()
    if _IS_IDEOGRAPH.match(before) or _IS_IDEOGRAPH.match(after):
        return before not in _NO_BREAK_AFTER and after not in _NO_BREAK_BEFORE
    return False


MIN_BEFORE_HYPHEN: Final = 2
"""Letters before a hyphen, as TeX has them for English."""
MIN_AFTER_HYPHEN: Final = 3
"""Letters after a hyphen, as TeX has them for English."""


@cache
def load_hyphenator(language: str | None) -> Hyphenator | None:
    """Load the hyphenator of a language; None if the language has no patterns.

    Reads a dictionary from the disk: up to a second for German, so never on the event loop.
    """
    import pyphen

    name = pyphen.language_fallback((language or "").replace("-", "_"))
    if not name:
        return None
    patterns = pyphen.Pyphen(lang=name, left=MIN_BEFORE_HYPHEN, right=MIN_AFTER_HYPHEN)

    @lru_cache(maxsize=20_000)
    def offsets(word: str) -> Sequence[int]:
        # A position with data is one at which the spelling changes: "Zuk-ker" for "Zucker".
        return [int(place) for place in patterns.positions(word) if not place.data]

    return offsets
