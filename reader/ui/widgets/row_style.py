"""The style of a cell on the background of its row."""

from rich.style import Style


def style_on_row(cell: Style, plain: Style, row: Style) -> Style:
    """Return the style of a cell on a row that has the cursor or is selected.

    A terminal with few colours shows such a row reversed. All of its cells then have the colours of
    `plain` text: any other pair, dim text, or bold text, which xterm draws in a brighter colour,
    would be a patch with another background.
    """
    if not row.reverse:
        return cell + Style(bgcolor=row.bgcolor, underline=row.underline)
    attributes = Style(bold=False, italic=cell.italic, strike=cell.strike, dim=False)
    return plain + attributes + Style(reverse=True, underline=row.underline)
