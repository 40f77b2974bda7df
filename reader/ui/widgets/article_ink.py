"""Inks of the text as terminal styles: component classes of the widget, mixed and remembered."""

from functools import lru_cache
from typing import Final

from rich.color import Color
from rich.style import Style
from textual.widget import Widget

from reader.layout.spans import Drawn
from reader.layout.text_styles import Face, Ink

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
