"""Tables: simple ones as GFM, layout dissolved, others as labelled lists.

Source: HTML 4.9 and its "Forming a table" (spans, row groups), GFM 4.10.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml.html import HtmlElement

from reader.extract.markdown import code

MAX_SPAN: Final = 100
"""Columns or rows that a cell may cover; HTML allows 1000 and 65534."""
_CELL_TAGS: Final = ("td", "th")
_GROUP_TAGS: Final = ("thead", "tbody", "tfoot")
_BLOCKS: Final = frozenset((
    "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "details", "dl",
))  # fmt: skip
_LONG_CELL: Final = 700
"""Characters of a cell with several paragraphs that no screen shows on one line."""
MAX_CODE_LINES: Final = 6
"""Lines of code that a cell holds as spans; more are a block."""
MAX_CELL_ITEMS: Final = 12
"""Items of a list inside a cell that are written in its line."""
MAX_NESTED_CELLS: Final = 16
"""Cells of a table inside a cell that are written in its line."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its spans; 0 rows are all of its group."""

    element: HtmlElement
    column_span: int
    row_span: int
    is_header: bool


@dataclass(slots=True)
class Table:
    """The rows of a table without its nested ones, and its content outside of cells."""

    rows: list[list[Cell]] = field(default_factory=list)
    captions: list[HtmlElement] = field(default_factory=list)
    strays: list[str | HtmlElement] = field(default_factory=list)


def table_rows(table: HtmlElement) -> Table:
    """Return the table's own rows, the foot last. Empty rows are left out."""
    out = Table()
    foot: list[list[Cell]] = []
    loose: list[Cell] = []

    def close() -> None:
        if loose:
            out.rows.append(list(loose))
            loose.clear()

    def collect(element: HtmlElement, rows: list[list[Cell]]) -> None:
        _add_text(out, element.text)
        for child in element:
            tag = child.tag
            if tag == "tr":
                close()
                _add_row(out, rows, child)
            elif tag in _CELL_TAGS:
                loose.append(_cell(child))
            elif tag == "caption":
                out.captions.append(child)
            elif tag in _GROUP_TAGS:
                close()
                group: list[list[Cell]] = []
                collect(child, group)
                (foot if tag == "tfoot" else rows).extend(_bounded(group))
            elif _holds_cells(child):
                collect(child, rows)
            elif isinstance(tag, str) and tag not in ("colgroup", "col"):
                out.strays.append(child)
            _add_text(out, child.tail)
        close()

    collect(table, out.rows)
    out.rows = [*_bounded(out.rows), *foot]
    return out


def _add_text(table: Table, text: str | None) -> None:
    if text and not text.isspace():
        table.strays.append(text)


def _add_row(table: Table, rows: list[list[Cell]], row: HtmlElement) -> None:
    cells: list[Cell] = []
    waiting = [row]
    while waiting:
        element = waiting.pop()
        if element.tag in _CELL_TAGS:
            cells.append(_cell(element))
            continue
        if element is not row and not _holds_cells(element):
            table.strays.append(element)
            continue
        _add_text(table, element.text)
        inner = [child for child in element if isinstance(child.tag, str)]
        for child in element:
            _add_text(table, child.tail)
        waiting += reversed(inner)
    if cells:
        rows.append(cells)


def _holds_cells(element: HtmlElement) -> bool:
    """Return whether the element, which a table should not hold, wraps rows or cells of it."""
    if not isinstance(element.tag, str) or element.tag == "table":
        return False
    inner = next(element.iter("tr", *_CELL_TAGS), None)
    return inner is not None and next(inner.iterancestors("table"), None) in (
        None,
        next(element.iterancestors("table"), None),
    )


def _cell(element: HtmlElement) -> Cell:
    return Cell(
        element,
        max(1, _span(element, "colspan")),
        _span(element, "rowspan"),
        element.tag == "th",
    )


def _span(cell: HtmlElement, name: str) -> int:
    found = re.match(r"\s*(\d{1,6})", cell.get(name) or "")
    return min(MAX_SPAN, int(found[1])) if found else 1


def _bounded(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Return the rows of one group with no cell reaching beyond it."""
    count = len(rows)
    return [
        [
            Cell(
                cell.element,
                cell.column_span,
                min(cell.row_span or count, count - number),
                cell.is_header,
            )
            for cell in row
        ]
        for number, row in enumerate(rows)
    ]


def is_layout(table: HtmlElement, rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether the table only places things on the page."""
    if table.get("role") in ("presentation", "none"):
        return True
    if max((len(row) for row in rows), default=0) <= 1:
        return True
    if any(cell.is_header for row in rows for cell in row):
        return False
    if len(rows) == 1 or next(table.iterdescendants("table"), None) is not None:
        return True
    return any(_holds_blocks(cell.element) for row in rows for cell in row)


def is_complex(rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether a cell holds what cannot be on one line."""
    return any(_holds_blocks(cell.element) for row in rows for cell in row)


def _holds_blocks(cell: HtmlElement) -> bool:
    if not len(cell):
        return False
    paragraphs = 0
    for inner in cell.iter():
        tag = inner.tag
        if tag in _BLOCKS:
            return True
        if tag == "pre" and len(code.lines_of(inner)) > MAX_CODE_LINES:
            return True
        if tag in ("ul", "ol") and (
            len(inner) > MAX_CELL_ITEMS or next(inner.iterdescendants("ul", "ol"), None) is not None
        ):
            return True
        if tag == "table" and sum(1 for _ in inner.iter(*_CELL_TAGS)) > MAX_NESTED_CELLS:
            return True
        paragraphs += tag in ("p", "li")
    return paragraphs > 2 and len(cell.text_content()) > _LONG_CELL


def grid(rows: Sequence[Sequence[Cell]], texts: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the texts row by row, each in its column.

    A position that a cell above or before reaches into is empty.
    """
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
    used = sorted({column for line in lines for column, text in enumerate(line) if text})
    if len(used) == width:
        return lines
    return [[line[column] if column < len(line) else "" for column in used] for line in lines]


def to_markdown(lines: Sequence[Sequence[str]]) -> str:
    """Return the grid as a GFM table whose first line is the header."""
    width = max(len(line) for line in lines)
    head = [*lines[0], *[""] * (width - len(lines[0]))]
    out = [_line(head), "|" + " --- |" * width]
    out += [_line(line) for line in lines[1:]]
    return "\n".join(out)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
