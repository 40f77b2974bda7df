"""Paragraphs that are too long for one block, and captions."""

import re
from typing import Final

from reader.layout.inline_text import InlineText, Run
from reader.layout.text_styles import FontStyle

MAX_PARAGRAPH: Final = 4_000
"""Code points up to which a paragraph is not split."""
MIN_PORTION: Final = 2_000
"""Code points from which a piece may end: half of the longest paragraph that is not split."""
MAX_PORTION: Final = 8_000
"""Code points of a piece: ⏱ wrapping 8,000 letters takes .4 ms, 8,000 ideographs 20 ms."""
MAX_OPEN: Final = MAX_PARAGRAPH + MAX_PORTION
"""Code points behind a cut from which the next cut is known, whatever follows."""
_PORTION_END: Final = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+|(?<=[。！？])|\n")


def split_paragraph(text: InlineText, *, is_open: bool = False) -> tuple[list[InlineText], int]:
    """Split the paragraph after sentences, outside links, emphasis and code.

    Returns the pieces and the offset behind the last of them: that of the end, or of what stays
    of a paragraph that is still `is_open`. A long stretch without a sentence end is cut anywhere.
    Only white space at the cuts is lost.
    """
    found: list[InlineText] = []
    start, size = 0, len(text.text)
    while size - start > (MAX_OPEN if is_open else MAX_PARAGRAPH):
        end = _find_cut(text, start)
        found.append(text.slice(start, end))
        start = end
    if not is_open:
        found.append(text.slice(start, size))
        start = size
    return [piece for piece in found if piece.text], start


def _find_cut(text: InlineText, start: int) -> int:
    at, last = start + MIN_PORTION, start + MAX_PORTION
    while end := _PORTION_END.search(text.text, at, last):
        run = text.run_over(end.end())
        if run is None:
            return end.end()
        at = run.end
    space = text.text.rfind(" ", start + MIN_PORTION, last)
    return space + 1 if space >= 0 else min(last, len(text.text))


def caption(text: InlineText) -> InlineText | None:
    """Return the text without its emphasis; None if that does not cover all of it."""
    end = 0
    runs: list[Run] = []
    for run in text.runs:
        if run.start != end or not run.font & FontStyle.ITALIC:
            return None
        end = run.end
        plain = run._replace(font=run.font & ~FontStyle.ITALIC)
        if plain.font or plain.target >= 0:
            runs.append(plain)
    return text._replace(runs=tuple(runs)) if end == len(text.text) else None
