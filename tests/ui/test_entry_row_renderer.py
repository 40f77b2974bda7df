"""Rows of the list show star, tags and status at every height, and keep their columns."""

from datetime import UTC, datetime

import pytest

from reader.layout.text_width import width
from reader.model.entry import Entry, EntryId, FetchStatus
from reader.ui.glyphs import UNICODE
from reader.ui.widgets.entry_row_renderer import RowRenderer

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
ENTRY = Entry(
    id=EntryId("a1"),
    url="https://quay.example/ropes",
    title="Ropes of the old quay",
    added="2026-03-18T09:00:00Z",
    tags=("harbour",),
    site="quay.example",
    words=2_000,
)
WITHOUT_TEXT = [
    ENTRY._replace(words=0, fetch=FetchStatus.QUEUED),
    ENTRY._replace(words=0, fetch=FetchStatus.FAILED, reason="quay.example: host not found"),
]


def lines(entry: Entry, height: int, cells: int = 120) -> list[str]:
    """The row's lines as plain text."""
    rows = RowRenderer(cells, height, NOW, UNICODE).lines(entry)
    return ["".join(text for text, _ in line) for line in rows]


@pytest.mark.parametrize("height", [1, 2, 3])
@pytest.mark.parametrize("entry", [ENTRY, *WITHOUT_TEXT])
def test_a_star_and_tags_are_shown_at_every_height(entry: Entry, height: int) -> None:
    """Links that wait or failed can be starred and tagged too."""
    shown = "".join(lines(entry._replace(starred=True), height))
    assert UNICODE.star in shown
    assert "#harbour" in shown
    assert UNICODE.star not in "".join(lines(entry, height))


@pytest.mark.parametrize("cells", [12, 26, 40, 60, 120])
@pytest.mark.parametrize("height", [1, 2, 3])
def test_lines_are_as_wide_as_the_pane(height: int, cells: int) -> None:
    for entry in (ENTRY, *WITHOUT_TEXT):
        for shown in lines(entry._replace(starred=True), height, cells):
            assert width(shown) == cells


@pytest.mark.parametrize("entry", [*WITHOUT_TEXT, ENTRY._replace(words=50_000_000)])
def test_columns_stand_below_each_other(entry: Entry) -> None:
    """A status or a very long text shifts neither site nor tags, and no word is cut."""
    (usual,) = lines(ENTRY, 1)
    (shown,) = lines(entry, 1)
    for column in ("quay.example", "#harbour"):
        assert shown.index(column) == usual.index(column)
    assert shown.split()[-3] in ("queued", "failed", "min")
