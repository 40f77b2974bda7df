"""The dimmed screen behind a dialog.

Textual's own `BackgroundScreen` draws the same through Rich, segment by segment, for each paint of
the dialog. With three panes that is most of a dialog's time.
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


def _blank_images(text: str) -> str:
    """Return the text with blanks for terminal images, whose colours are their ids."""
    return " " * text.count(PLACEHOLDER) if PLACEHOLDER in text else text


class Backdrop(Visual):
    """A captured screen under a tint, computed once for each style."""

    def __init__(self, screen: Screen[Any]):
        self.screen = screen
        self.size = screen.size
        self._strips = screen._compositor.render_strips()
        self._tint = Color(0, 0, 0, 0)
        self._dimmed: list[Strip] = []

    def under(self, veil: Color) -> "Backdrop":
        """Return the backdrop with a translucent colour over it."""
        if veil != self._tint or not self._dimmed:
            self._tint, known = veil, dict[RichStyle | None, RichStyle]()
            self._dimmed = [
                Strip(
                    [
                        Segment(_blank_images(text), self._dim_style(style, known))
                        for text, style, control in strip
                        if not control
                    ]
                )
                for strip in self._strips
            ]
        return self

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self._dimmed[:height]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return len(self._strips)

    def _dim_style(
        self, style: RichStyle | None, known: dict[RichStyle | None, RichStyle]
    ) -> RichStyle:
        faint = known.get(style)
        if faint is None:
            plain = RichStyle() if style is None else style.clear_meta_and_links()
            front, back = (
                colour and (Color.from_rich_color(colour) + self._tint).rich_color
                for colour in (plain.color, plain.bgcolor)
            )
            faint = known[style] = plain + RichStyle.from_color(front, back)
        return faint
