"""Lines of the text as segments of one style each."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from reader.ui.text.ink import Ink, Piece
from reader.ui.text.lines import Drawn, Line, Overlay, draw
from reader.ui.text.prose import Prose
from reader.ui.widgets.article_ink import InkStyles

IMAGE_LINES: Final = 400
"""Lines of pictures that are kept as they were drawn."""

LastWord = Callable[[Drawn, int], Sequence[Drawn]]
"""May put something else in place of a stretch of a block, of the same width."""


class Drawing:
    """Draws with a widget's component styles.

    Text carries its place as `offset` meta only where that is asked for: every place makes a style
    of its own, which nothing on the way to the terminal can keep.
    """

    def __init__(self, widget: Widget, last_word: LastWord):
        self._inks = InkStyles(widget)
        self._last_word = last_word
        self._images: dict[int, tuple[Line, list[Segment]]] = {}

    def clear(self) -> None:
        """Forget what was drawn: colours have changed."""
        self._inks.clear()
        self._images.clear()

    @property
    def blank(self) -> Style:
        """The style of empty cells."""
        return self._inks.ink(Ink.TEXT)

    def pieces(self, pieces: Iterable[Piece]) -> list[Segment]:
        """Words of our own."""
        return [Segment(piece.text, self._inks.ink(piece.ink)) for piece in pieces]

    def text(
        self,
        line: Line,
        prose: Prose,
        block: int,
        overlays: Sequence[Overlay],
        slid: int,
        *,
        placed: bool,
    ) -> list[Segment]:
        """A line of a block's text; a wide one slid to the left by so many cells."""
        segments = [
            self._segment(drawn, block, placed)
            for stretch in draw(line, prose, overlays)
            for drawn in self._last_word(stretch, block)
        ]
        if line.wide and slid:
            strip = Strip(segments)
            return list(strip.crop(min(slid, strip.cell_length)))
        return segments

    def image(self, line: Line, prose: Prose, block: int) -> list[Segment]:
        """A line of a picture: a style for nearly every cell, so it is made once."""
        known = self._images.get(id(line))
        if known is None:
            known = line, [self._segment(drawn, block, False) for drawn in draw(line, prose)]
            self._images[id(line)] = known
            if len(self._images) > IMAGE_LINES:
                self._images.pop(next(iter(self._images)))
        return known[1]

    def _segment(self, drawn: Drawn, block: int, placed: bool) -> Segment:
        style = self._inks.of(drawn)
        if placed and drawn.start >= 0:
            style += Style.from_meta({"offset": (drawn.start, block)})
        return Segment(drawn.text, style)
