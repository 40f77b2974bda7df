"""A whole article as it stands on the screen, at three measures; look at it when it changes.

    python -m tests.layout.test_golden

writes the expected files anew.
"""

from pathlib import Path

import pytest

from reader.layout.block_layout import LayoutOptions
from reader.layout.document import Document, header_blocks
from reader.layout.spans import style_line
from reader.layout.text_width import width
from reader.layout.viewport import Viewport

HERE = Path(__file__).parent / "golden"
COLUMNS = {
    "68": LayoutOptions(measure=68, pane_width=72),
    "36": LayoutOptions(measure=36, pane_width=38),
    "44-indented-justified": LayoutOptions(
        measure=44, pane_width=46, indented=True, justified=True
    ),
}


def drawn(column: LayoutOptions) -> str:
    """The article's lines without colours, the ends of lines as they are padded cut off."""
    head = header_blocks("Why the ferry still beats the bridge", "Mara Okello · 9 min", "#asean")
    document = Document((HERE / "ferry.md").read_text(encoding="utf-8"), head)
    flow = Viewport(document, column)
    while not flow.is_measured:
        flow.measure_next(0)
    lines = []
    for number in range(flow.height):
        spot = flow.position_at(number)
        line = flow.line(spot)
        if line is None:
            block = document.blocks[spot.block]
            lines.append("".join(piece.text for piece in block.gap_prefix).rstrip())
        else:
            stretches = style_line(line, document.inline_text(spot.block))
            lines.append("".join(stretch.text for stretch in stretches).rstrip())
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", COLUMNS)
def test_the_article_stands_as_it_was_looked_at(name: str) -> None:
    """Every kind of block, wrapped and prefixed; no line is wider than its column."""
    text = drawn(COLUMNS[name])
    assert text == (HERE / f"{name}.txt").read_text(encoding="utf-8")
    assert max(map(width, text.split("\n"))) <= COLUMNS[name].pane_width


if __name__ == "__main__":
    for known, column in COLUMNS.items():
        (HERE / f"{known}.txt").write_text(drawn(column), encoding="utf-8")
