"""The column that text is set in: its measure and how lines are filled."""

from dataclasses import dataclass

from reader.ui.text.wrapping import Hyphens

NARROWEST = 16


@dataclass(frozen=True, slots=True)
class Column:
    """`measure` and `room` (the whole pane) in cells, `spacing` in blank lines between lines.

    `indented` paragraphs begin with an indent instead of a blank line. `reorder` puts right-to-left
    text in visual order for terminals that do not.
    """

    measure: int = 68
    room: int = 80
    spacing: int = 0
    indented: bool = False
    justified: bool = False
    reorder: bool = False
    hyphens: Hyphens | None = None
