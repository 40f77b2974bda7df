"""Width of text in terminal cells, and the offsets at which text may be cut.

Widths are Rich's, because Textual pads and crops with them. Graphemes are joined further than
Rich does (skin tones, flags, Hangul and Indic marks), so that none is ever cut.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from rich.cells import cell_len

# All of these take one cell each and never combine.
_SINGLE_CELL: Final = re.compile(
    "[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2070-\u209c]*"
)

_NEVER_JOINS: Final = re.compile("[\u3041-\u3096\u30a0-\ua48c\uac00-\ud7a3]").match
"""Characters that never join the character before them."""


class Grapheme(NamedTuple):
    """A user-perceived character: offsets in the text, and cells."""

    start: int
    end: int
    width: int


def width(text: str) -> int:
    """Return the cells that the text takes on the screen."""
    return cell_len(text)


def is_single_cell(text: str) -> bool:
    """Return whether every character is one cell and one grapheme."""
    return _SINGLE_CELL.fullmatch(text) is not None


def graphemes(text: str) -> list[Grapheme]:
    """Split the text into graphemes, in order, without gaps."""
    starts: list[int] = []
    flags = 0
    for position, character in enumerate(text):
        # The quick answers are those of Latin, CJK and Hangul, which are most of all text.
        if character < "\u0300" or _NEVER_JOINS(character):
            if text[position - 1 : position] != "\u200d" or character < "\u2190":
                starts.append(position)
            flags = 0
            continue
        if not position or not _joins_previous(text, position, character, flags):
            starts.append(position)
        flags = flags + 1 if _is_flag_letter(character) else 0
    return [
        Grapheme(start, end, _width_of(text[start:end]))
        for start, end in pairwise([*starts, len(text)])
    ]


@lru_cache(maxsize=20_000)
def extra_cells(grapheme: str) -> int:
    """Return the cells that the grapheme takes on some terminals beyond its width.

    Many terminals give a cell to spacing marks, such as vowel signs of Hindi and Tamil; Rich gives
    them none.
    """
    return sum(unicodedata.category(mark) == "Mc" for mark in grapheme[1:])


@lru_cache(maxsize=20_000)
def _width_of(grapheme: str) -> int:
    return cell_len(grapheme)


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _joins_previous(text: str, position: int, character: str, flags: int) -> bool:
    """Return whether the character joins the grapheme before it, after `flags` flag letters."""
    if character < "\u0300":
        return False
    last = text[position - 1]
    if character in "\u200d\ufe0e\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff":
        return last != "\n"
    if last == "\u200d":
        return character >= "\u2190"
    if _is_flag_letter(character):
        return flags % 2 == 1
    if "\u1160" <= character <= "\u11ff":
        return "\u1100" <= last <= "\u11ff"
    return unicodedata.category(character) in ("Mn", "Me", "Mc")


def split_by_width(text: str, first: int, others: int) -> list[tuple[int, int]]:
    """Split the text into pieces of a width; all but the first of `others`. Linear.

    Only a grapheme wider than its piece exceeds it. An empty text is one empty piece.
    """
    if is_single_cell(text):
        cuts = [0, *range(first, len(text), others), len(text)]
    else:
        cuts, used, room = [0], 0, first
        for grapheme in graphemes(text):
            if used + grapheme.width > room and used:
                cuts.append(grapheme.start)
                used, room = 0, others
            used += grapheme.width
        cuts.append(len(text))
    return list(pairwise(cuts)) if text else [(0, 0)]


def fit_offset(text: str, cells: int) -> int:
    """Return the offset after the last grapheme that fits into the cells."""
    if is_single_cell(text):
        return min(cells, len(text))
    used = 0
    for grapheme in graphemes(text):
        used += grapheme.width
        if used > cells:
            return grapheme.start
    return len(text)


def shorten(text: str, cells: int, ellipsis: str = "…") -> str:
    """Return the text, cut with an ellipsis of one cell if it is wider; empty without a cell."""
    if width(text) <= cells:
        return text
    return text[: fit_offset(text, cells - 1)].rstrip("… ") + ellipsis if cells > 0 else ""
