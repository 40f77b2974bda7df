"""Lines of the text as segments of one style each."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from rich.color import Color
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from reader.layout.inline_parser import Prose
from reader.layout.spans import Drawn, Line, Overlay, draw
from reader.layout.text_styles import Face, Ink, Piece

CLASSES: Final = frozenset(f"article--{ink}" for ink in Ink)

_BOLD_INKS: Final = frozenset({Ink.TITLE, Ink.HEADING, Ink.CALLOUT, Ink.HINT})


class InkStyles:
    """Styles for what is drawn, computed once per look until the theme changes."""

    def __init__(self, widget: Widget):
        self._widget = widget
        self._known: dict[tuple[Ink, Face, tuple[Ink, ...]], Style] = {}

    def clear(self) -> None:
        """Forget all: colours have changed."""
        self._known.clear()

    def of(self, drawn: Drawn) -> Style:
        """The style of a stretch of text, colours opaque."""
        if drawn.dots:
            return _of_dots(drawn.dots.upper, drawn.dots.lower)
        if drawn.tile and drawn.tile.colour is not None:
            return self.ink(Ink.TEXT) + Style(color=_rich(drawn.tile.colour))
        key = (drawn.ink, drawn.face, drawn.overlays)
        style = self._known.get(key)
        if style is None:
            style = self._known[key] = self._mixed(*key)
        return style

    def ink(self, ink: Ink) -> Style:
        return self.of(Drawn("", ink))

    def _mixed(self, ink: Ink, face: Face, overlays: tuple[Ink, ...]) -> Style:
        back = self._widget.background_colors[1]
        inks = [ink, *overlays]
        if face & Face.CODE:
            inks.insert(1, Ink.CODE)
        if face & Face.ABSENT:
            inks.insert(1, Ink.DIM)
        front = back
        style = Style()
        for number, name in enumerate(inks):
            rules = self._widget.get_component_styles(f"article--{name}")
            back += rules.background
            if not number or rules.has_rule("color"):
                front = rules.color
            style += rules.text_style
        faces = Style(
            bold=True if face & Face.BOLD or ink in _BOLD_INKS else None,
            italic=True if face & (Face.ITALIC | Face.MATH) else None,
            strike=True if face & Face.STRIKE else None,
            underline=True if face & Face.LINK else None,
        )
        colours = Style.from_color((back + front).rich_color, back.rich_color)
        return style + faces + colours


@lru_cache(maxsize=16_384)
def _of_dots(upper: int, lower: int) -> Style:
    return Style.from_color(_rich(upper), _rich(lower))


@lru_cache(maxsize=32_768)
def _rich(colour: int) -> Color:
    return Color.from_rgb(colour >> 16, colour >> 8 & 255, colour & 255)


IMAGE_LINES: Final = 400
"""Lines of pictures that are kept as they were drawn."""

CODE: Final = "\x1b"
"""What only codes for the terminal have: everything else that is drawn is clean."""
_NO_ROOM: Final = ((ControlType.CURSOR_FORWARD, 0),)
"""A code that does nothing: it marks a segment as one that takes no room."""

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
        self._has_codes = False

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
            drawn_line = draw(line, prose)
            known = line, [each for drawn in drawn_line for each in self._stretch(drawn, block)]
            self._images[id(line)] = known
            if len(self._images) > IMAGE_LINES:
                self._images.pop(next(iter(self._images)))
        return known[1]

    def _stretch(self, drawn: Drawn, block: int) -> list[Segment]:
        """A stretch of a picture, and behind it what the terminal draws over it."""
        segments = [self._segment(drawn, block, False)]
        if drawn.tile is not None and drawn.tile.control:
            segments.append(Segment(drawn.tile.control, Style.null(), _NO_ROOM))
            self._has_codes = True
        return segments

    def marked(self, strips: list[Strip]) -> list[Strip]:
        """The painted lines with the codes among them marked again, which Textual's styling undoes."""
        if not self._has_codes:
            return strips
        return [_marked(strip) if CODE in strip.text else strip for strip in strips]

    def _segment(self, drawn: Drawn, block: int, placed: bool) -> Segment:
        style = self._inks.of(drawn)
        if placed and drawn.start >= 0:
            style += Style.from_meta({"offset": (drawn.start, block)})
        return Segment(drawn.text, style)


def _marked(strip: Strip) -> Strip:
    segments = [
        Segment(segment.text, Style.null(), _NO_ROOM) if CODE in segment.text else segment
        for segment in strip
    ]
    return Strip(segments, strip.cell_length)
