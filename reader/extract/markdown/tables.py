"""Tables: simple ones as GFM, layout dissolved, what fits no cell as labelled lists."""

import re
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

MAX_SPAN: Final = 100
_BLOCKS: Final = frozenset(
    [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "blockquote",
        "figure",
        "table",
        "hr",
        "details",
        "dl",
        "iframe",
        "video",
    ]
)
_MAX_INLINE_CELL: Final = 700


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with how many columns it covers, and how many rows below it it reaches into."""

    element: HtmlElement
    column_span: int
    row_span: int
    is_header: bool


def table_rows(table: HtmlElement) -> list[list[Cell]]:
    """The cells of the table's own rows; empty rows left out."""
    rows: list[list[Cell]] = []
    for part in table:
        if part.tag == "tr":
            _add_row(rows, part)
        elif part.tag in ("thead", "tbody", "tfoot"):
            for row in part:
                if row.tag == "tr":
                    _add_row(rows, row)
    return rows


def _add_row(rows: list[list[Cell]], row: HtmlElement) -> None:
    cells = [
        Cell(cell, _span(cell, "colspan"), _span(cell, "rowspan"), cell.tag == "th")
        for cell in row
        if cell.tag in ("td", "th")
    ]
    if cells:
        rows.append(cells)


def _span(cell: HtmlElement, name: str) -> int:
    found = re.match(r"\s*(\d{1,6})", cell.get(name) or "")
    return max(1, min(MAX_SPAN, int(found[1]))) if found else 1


def is_layout(table: HtmlElement, rows: list[list[Cell]]) -> bool:
    """Whether the table only places things on the page."""
    if table.get("role") in ("presentation", "none"):
        return True
    if any(inner is not table for inner in table.iter("table")):
        return True
    if max((len(row) for row in rows), default=0) <= 1:
        return True
    headed = any(cell.is_header for row in rows for cell in row)
    if headed:
        return False
    if len(rows) == 1:
        return True
    return any(_holds_blocks(cell.element) for row in rows for cell in row)


def is_complex(rows: list[list[Cell]]) -> bool:
    """Whether a cell holds what cannot be on one line."""
    return any(_holds_blocks(cell.element) for row in rows for cell in row)


def _holds_blocks(cell: HtmlElement) -> bool:
    if not len(cell):
        return False
    paragraphs = 0
    for inner in cell.iter():
        if inner.tag in _BLOCKS:
            return True
        if inner.tag in ("p", "li"):
            paragraphs += 1
    return paragraphs > 2 and len(cell.text_content()) > _MAX_INLINE_CELL


def grid(rows: list[list[Cell]], texts: list[list[str]]) -> list[list[str]]:
    """The texts row by row, each in its column: empty where a cell above or before reaches in."""
    out: list[list[str]] = []
    reaching: dict[int, int] = {}
    for row, words in zip(rows, texts, strict=True):
        line: list[str] = []
        for cell, text in zip(row, words, strict=True):
            while reaching.get(len(line), 0) > 0:
                reaching[len(line)] -= 1
                line.append("")
            start = len(line)
            line.append(text)
            line += [""] * (min(cell.column_span, MAX_SPAN - len(line) % MAX_SPAN) - 1)
            if cell.row_span > 1:
                for column in range(start, len(line)):
                    reaching[column] = cell.row_span - 1
        while reaching.get(len(line), 0) > 0:
            reaching[len(line)] -= 1
            line.append("")
        out.append(line)
    return _drop_empty_columns(out)


def _drop_empty_columns(lines: list[list[str]]) -> list[list[str]]:
    width = max(len(line) for line in lines)
    used = sorted({at for line in lines for at, text in enumerate(line) if text})
    if len(used) == width:
        return lines
    return [[line[at] if at < len(line) else "" for at in used] for line in lines]


def to_markdown(lines: list[list[str]]) -> str:
    """The grid as a GFM table; its first line is the header."""
    width = max(len(line) for line in lines)
    head = lines[0] + [""] * (width - len(lines[0]))
    out = [_row(head), "|" + " --- |" * width]
    out += [_row(line) for line in lines[1:]]
    return "\n".join(out)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
