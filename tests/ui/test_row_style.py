"""Rows with the cursor are one bar, on terminals with shades and without."""

from rich.style import Style

from reader.ui.widgets.row_style import style_on_row

PLAIN = Style(color="white", bgcolor="black")


def test_shades_keep_the_colours_of_their_cells() -> None:
    cell = Style(color="blue", bgcolor="black", bold=True)
    row = Style(bgcolor="grey23")
    assert style_on_row(cell, PLAIN, row) == Style(color="blue", bgcolor="grey23", bold=True)


def test_a_reversed_row_has_one_background() -> None:
    """Muted, dim, bold and coloured cells are not patches of other colours in the bar."""
    row = Style(reverse=True, bgcolor="grey23")
    cells = [Style(color="grey50", dim=True), Style(color="blue", bgcolor="red"), Style(bold=True)]
    shown = [style_on_row(cell, PLAIN, row) for cell in cells]
    assert {(each.color, each.bgcolor) for each in shown} == {(PLAIN.color, PLAIN.bgcolor)}
    assert all(each.reverse and not each.dim for each in shown)
    assert not any(each.bold for each in shown)
