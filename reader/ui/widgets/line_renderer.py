"""Line renderer: lines of the document as segments of one style each."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from rich.color import Color
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from reader.layout.inline_text import InlineText
from reader.layout.spans import Line, Overlay, StyledSpan, style_line
from reader.layout.text_styles import ColorRole, Decoration, FontStyle

COMPONENT_CLASSES: Final = frozenset(f"article--{role}" for role in ColorRole)

_BOLD_ROLES: Final = frozenset(
    {ColorRole.TITLE, ColorRole.HEADING, ColorRole.CALLOUT, ColorRole.HINT}
)


class StyleCache:
    """Styles of spans, computed once per look until the theme changes."""

    def __init__(self, widget: Widget):
        self._widget = widget
        self._cache: dict[tuple[ColorRole, FontStyle, tuple[ColorRole, ...]], Style] = {}

    def clear(self) -> None:
        """Forget all styles: colors have changed."""
        self._cache.clear()

    def span_style(self, drawn: StyledSpan) -> Style:
        """Return the style of a span, with opaque colors."""
        if drawn.pixels:
            return _pixel_style(drawn.pixels.upper, drawn.pixels.lower)
        if drawn.tile and drawn.tile.color is not None:
            return self.role_style(ColorRole.TEXT) + Style(color=_to_rich_color(drawn.tile.color))
        key = (drawn.color, drawn.font, drawn.overlays)
        style = self._cache.get(key)
        if style is None:
            style = self._cache[key] = self._blend(*key)
        return style

    def role_style(self, role: ColorRole) -> Style:
        return self.span_style(StyledSpan("", role))

    def _blend(self, role: ColorRole, face: FontStyle, overlays: tuple[ColorRole, ...]) -> Style:
        back = self._widget.background_colors[1]
        roles = [role, *overlays]
        if face & FontStyle.CODE:
            roles.insert(1, ColorRole.CODE)
        if face & FontStyle.MISSING:
            roles.insert(1, ColorRole.DIM)
        front = back
        style = Style()
        for number, name in enumerate(roles):
            rules = self._widget.get_component_styles(f"article--{name}")
            back += rules.background
            if not number or rules.has_rule("color"):
                front = rules.color
            style += rules.text_style
        faces = Style(
            bold=True if face & FontStyle.BOLD or role in _BOLD_ROLES else None,
            italic=True if face & (FontStyle.ITALIC | FontStyle.MATH) else None,
            strike=True if face & FontStyle.STRIKE else None,
            underline=True if face & FontStyle.LINK else None,
        )
        colours = Style.from_color((back + front).rich_color, back.rich_color)
        return style + faces + colours


@lru_cache(maxsize=16_384)
def _pixel_style(upper: int, lower: int) -> Style:
    return Style.from_color(_to_rich_color(upper), _to_rich_color(lower))


@lru_cache(maxsize=32_768)
def _to_rich_color(colour: int) -> Color:
    return Color.from_rgb(colour >> 16, colour >> 8 & 255, colour & 255)


MAX_CACHED_LINES: Final = 400
"""Rendered lines of images that are cached."""

CODE_BACKGROUND: Final = "\x1b"
"""Marks control codes for the terminal; all other text is clean."""
_NO_ROOM: Final = ((ControlType.CURSOR_FORWARD, 0),)
"""A control code without effect, which marks a segment of no width."""

SpanFilter = Callable[[StyledSpan, int], Sequence[StyledSpan]]
"""Replaces a span of a block by spans of the same width."""


class LineRenderer:
    """Renders lines with a widget's component styles.

    Text carries its offset as meta data only on request: each offset makes a separate style,
    which nothing on the way to the terminal can cache.
    """

    def __init__(self, widget: Widget, span_filter: SpanFilter):
        self._styles = StyleCache(widget)
        self._span_filter = span_filter
        self._images: dict[int, tuple[Line, list[Segment]]] = {}
        self._has_codes = False

    def clear(self) -> None:
        """Forget rendered lines: colors have changed."""
        self._styles.clear()
        self._images.clear()

    @property
    def blank_style(self) -> Style:
        """The style of empty cells."""
        return self._styles.role_style(ColorRole.TEXT)

    def render_decorations(self, pieces: Iterable[Decoration]) -> list[Segment]:
        """Render decorations."""
        return [Segment(piece.text, self._styles.role_style(piece.color)) for piece in pieces]

    def render_text(
        self,
        line: Line,
        prose: InlineText,
        block: int,
        overlays: Sequence[Overlay],
        sideways: int,
        *,
        with_offsets: bool,
    ) -> list[Segment]:
        """Render a line of text; wide lines are scrolled by `sideways` cells."""
        segments = [
            self._segment(drawn, block, with_offsets)
            for stretch in style_line(line, prose, overlays)
            for drawn in self._span_filter(stretch, block)
        ]
        if line.wide and sideways:
            strip = Strip(segments)
            return list(strip.crop(min(sideways, strip.cell_length)))
        return segments

    def render_image(self, line: Line, prose: InlineText, block: int) -> list[Segment]:
        """Render a line of an image, cached: it has a style for nearly every cell."""
        known = self._images.get(id(line))
        if known is None:
            drawn_line = style_line(line, prose)
            known = (
                line,
                [each for drawn in drawn_line for each in self._image_segments(drawn, block)],
            )
            self._images[id(line)] = known
            if len(self._images) > MAX_CACHED_LINES:
                self._images.pop(next(iter(self._images)))
        return known[1]

    def _image_segments(self, drawn: StyledSpan, block: int) -> list[Segment]:
        """Render a run of an image, and the code with which the terminal draws over it."""
        segments = [self._segment(drawn, block, False)]
        if drawn.tile is not None and drawn.tile.control:
            segments.append(Segment(drawn.tile.control, Style.null(), _NO_ROOM))
            self._has_codes = True
        return segments

    def mark_control_codes(self, strips: list[Strip]) -> list[Strip]:
        """Mark the control codes among painted lines again, which Textual's styling removes."""
        if not self._has_codes:
            return strips
        return [
            _mark_control_codes(strip) if CODE_BACKGROUND in strip.text else strip
            for strip in strips
        ]

    def _segment(self, drawn: StyledSpan, block: int, with_offsets: bool) -> Segment:
        style = self._styles.span_style(drawn)
        if with_offsets and drawn.start >= 0:
            style += Style.from_meta({"offset": (drawn.start, block)})
        return Segment(drawn.text, style)


def _mark_control_codes(strip: Strip) -> Strip:
    segments = [
        Segment(segment.text, Style.null(), _NO_ROOM)
        if CODE_BACKGROUND in segment.text
        else segment
        for segment in strip
    ]
    return Strip(segments, strip.cell_length)
