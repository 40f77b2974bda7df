"""Blocks below each other: the same wherever one begins to look."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.layout import block_parser
from reader.layout.block_layout import LayoutOptions
from reader.layout.document import Document, header_blocks, plain_text
from reader.layout.viewport import LinePosition, Viewport
from tests.layout.test_block_parser import parse_blocks

PARTS = (
    "A paragraph with *some* [link](https://x.example/) in it, long enough to take two lines.",
    "## A heading",
    "- one\n- two\n\n  more of two\n- three",
    "1. one\n2. two",
    "> a quote\n> goes on\n>\n> here",
    "```python\nprint(1)\n\nprint(2)\n```",
    "~~~\nnot closed by ```\n\nA word\n~~~",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "$$\n\\alpha\n\nb\n$$",
    "![alt](images/x.png)\n*caption*",
    "    indented code\n\n    more",
    "a[^1] and [ref][r]",
    "[^1]: the note\n\n    its second paragraph",
    "[r]: https://r.example/",
    "---",
)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PARTS), max_size=25))
def test_parts_make_the_blocks_of_the_whole(chosen: list[str]) -> None:
    """However small the parts in which Markdown is read, the blocks are the same."""
    markdown = "\n\n".join(chosen) + "\n"
    whole = parse_blocks(markdown).blocks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(block_parser, "PART_SIZE", 1)
        assert parse_blocks(markdown).blocks == whole


def document(paragraphs: int) -> Document:
    chance = random.Random(7)
    return Document(
        "\n\n".join(chance.choice(PARTS) for _ in range(paragraphs)),
        header_blocks("Title", "by", "#tag"),
    )


def texts(flow: Viewport) -> list[str | None]:
    found = []
    for line in range(flow.height):
        shown = flow.line(flow.position_at(line))
        found.append(None if shown is None else repr(shown.parts))
    return found


@pytest.mark.parametrize("spacing", [0, 1])
def test_lines_do_not_depend_on_where_one_looked_first(spacing: int) -> None:
    """Reading backwards or forwards shows the same lines."""
    column = LayoutOptions(measure=40, line_spacing=spacing)
    forward = Viewport(document(60), column)
    while not forward.is_measured:
        forward.measure_next(0)
    backward = Viewport(document(60), column)
    backward.document.parse_all()
    for block in reversed(range(len(backward.document.blocks))):
        backward.lines(block)
    assert texts(forward) == texts(backward)
    assert forward.height == backward.height


def test_settling_keeps_what_stands_on_top() -> None:
    """Whatever is set above moves the line by as much as is returned."""
    flow = Viewport(document(200), LayoutOptions(measure=30))
    line = flow.height // 2
    before = flow.position_at(line)
    line += flow.layout_around(line, 20)
    assert flow.position_at(line) == before


def test_every_offset_has_its_line() -> None:
    """`line_of` leads to the line that shows the offset."""
    flow = Viewport(document(60), LayoutOptions(measure=24, line_spacing=1))
    flow.document.parse_all()
    for block in range(len(flow.document.blocks)):
        for offset in range(0, len(flow.document.inline_text(block).text), 7):
            line = flow.line_at(block, offset)
            spot = flow.position_at(line)
            shown = flow.line(spot)
            assert spot.block == block
            assert shown is not None
            assert shown.start <= offset


def test_indented_paragraphs_have_no_blank_line_between_them() -> None:
    """The first after a heading still stands apart."""
    flow = Viewport(Document("# H\n\none\n\ntwo\n\nthree\n"), LayoutOptions(indented=True))
    shown = [flow.line(LinePosition(block, flow.gap(block))) for block in range(4)]
    assert [flow.gap(block) for block in range(4)] == [0, 1, 0, 0]
    assert [line.parts[0][0] == "  " for line in shown if line] == [False, False, True, True]


def test_plain_text_is_what_is_read() -> None:
    """Marks of emphasis, lists and links are not in it; cells and code are."""
    text = plain_text(
        "# A\n\n- *b* [c](https://x.example/)\n\n```\nd\n```\n\n| e | f |\n|---|---|\n| g | h |\n"
    )
    assert text.split() == ["A", "b", "c", "d", "e", "f", "g", "h"]
