"""The screen behind a dialog: the same words, fainter.

Textual's own `BackgroundScreen` gives the same picture by way of Rich, stretch by stretch, and
anew for each painting of the dialog: with three panes most of what a dialog costs.
"""

from typing import Any

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.css.styles import RulesMap
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from reader.layout.spans import PLACEHOLDER


def _without_tiles(text: str) -> str:
    """The text with blanks where the terminal draws a picture: in other colours it would be another."""
    return " " * text.count(PLACEHOLDER) if PLACEHOLDER in text else text


class Behind(Visual):
    """A screen as it stands, under a veil; drawn once for each style there is."""

    def __init__(self, screen: Screen[Any]):
        self.screen = screen
        self.size = screen.size
        self._strips = screen._compositor.render_strips()
        self._veil = Color(0, 0, 0, 0)
        self._veiled: list[Strip] = []

    def under(self, veil: Color) -> "Behind":
        """This with a colour over it that lets it shine through."""
        if veil != self._veil or not self._veiled:
            self._veil, known = veil, dict[RichStyle | None, RichStyle]()
            self._veiled = [
                Strip(
                    [
                        Segment(_without_tiles(text), self._faint(ink, known))
                        for text, ink, control in strip
                        if not control
                    ]
                )
                for strip in self._strips
            ]
        return self

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self._veiled[:height]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return len(self._strips)

    def _faint(self, ink: RichStyle | None, known: dict[RichStyle | None, RichStyle]) -> RichStyle:
        faint = known.get(ink)
        if faint is None:
            plain = RichStyle() if ink is None else ink.clear_meta_and_links()
            front, back = (
                colour and (Color.from_rich_color(colour) + self._veil).rich_color
                for colour in (plain.color, plain.bgcolor)
            )
            faint = known[ink] = plain + RichStyle.from_color(front, back)
        return faint
