"""Whatever Markdown says, lines hold only what a person can read, and fit their column."""

import gc
import random
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.layout import block_parser
from reader.layout.block_layout import LayoutOptions
from reader.layout.blocks import BlockKind
from reader.layout.document import Document, header_blocks, plain_text
from reader.layout.spans import style_line
from reader.layout.text_width import width
from reader.layout.viewport import Viewport
from reader.model.text import clean
from tests.layout.test_block_parser import parse_blocks
from tests.markdown.test_linear import LINES, PAIRS

PIECES = (
    "\x1b[31m", "\x1b]0;pwned\x07", "\x9b31m", "\u202e", "\u2066", "\x00", "\r", "\x08", "&#27;", "&#x9b;",
    "&#x202e;", "&amp;#27;", "[/]", "[@click=app.quit]x[/]", "[bold]", "<b>", "</script>", "# ", "> ",
    "- ", "1. ", "```", "~~~\n", "|a|b|\n|-|-|\n", "| c |", "$", "$$\n", "\\frac{", "^", "_", "{", "}",
    "*", "**", "`", "[", "](", ")", "![", "](javascript:alert(1))", "<https://a.example/>", "[^1]",
    "[^1]: ", "[!note]", "[ ] ", "---\n", "\n", "\n\n", "    ", "\t", " ", "word ", "e\u0301", "日本語、",
    "👩\u200d👧", "שלום ", "\ufe0f", "\U000e0041", "a" * 50, "\\", "&lt;", "[a]: http://b.example/\n",
)  # fmt: skip
markdowns = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=300)
@given(markdowns, st.integers(8, 50), st.booleans())
def test_lines_are_clean_and_fit(markdown: str, measure: int, reorder: bool) -> None:
    """No control character, override or line end is drawn; only wide tables pass the column."""
    column = LayoutOptions(
        measure=measure, pane_width=measure + 4, justified=True, visual_order=reorder
    )
    flow = Viewport(Document(markdown, header_blocks("[/] \x1b title", "", "#\u202etag")), column)
    while not flow.is_measured:
        flow.measure_next(0)
    for number in range(flow.height):
        spot = flow.position_at(number)
        line = flow.line(spot)
        if line is None:
            continue
        text = "".join(
            drawn.text for drawn in style_line(line, flow.document.inline_text(spot.block))
        )
        assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in text)
        assert not set(text) & set("\u202e\u202d\u2066\u2067\u2028")
        prefix = sum(width(piece.text) for piece in flow.document.blocks[spot.block].rest_prefix)
        if not line.wide and prefix + 16 <= measure:
            assert width(text) <= measure


@settings(max_examples=200)
@given(markdowns)
def test_prose_is_clean_as_a_whole(markdown: str) -> None:
    """What may be copied, quoted and kept is what `clean` lets through."""
    document = Document(markdown)
    document.parse_all()
    for index, block in enumerate(document.blocks):
        if block.kind is not BlockKind.CODE:
            text = document.inline_text(index).text
            assert clean(text).replace("\u200d", "") == text.replace("\u200d", "")
        for target in document.inline_text(index).targets:
            assert target.is_note or not target.destination.startswith("javascript")


def test_any_text_gives_the_same_blocks_in_parts_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever begins on one line and ends on another; nothing raises."""
    chance = random.Random(21)
    for _ in range(600):
        markdown = "".join(chance.choices(PIECES, k=chance.randint(1, 60)))
        monkeypatch.setattr(block_parser, "PART_SIZE", 8_000)
        whole = parse_blocks(markdown).blocks
        monkeypatch.setattr(block_parser, "PART_SIZE", 1)
        assert parse_blocks(markdown).blocks == whole


SIZE = 40_000
"""Characters of each text: quadratic work would take seconds."""
MIN_SECONDS = 0.05
"""Processor time from which the same is measured with a quarter of the text."""
MAX_RATIO = 8
"""Between the two: 4 is linear, 16 quadratic."""


def seconds(unit: str, size: int) -> float:
    text = (unit * (size // len(unit) + 1))[:size]
    # Collections take longer the more objects other tests have left.
    gc.disable()
    try:
        start = time.process_time()
        plain_text(text)
        return time.process_time() - start
    finally:
        gc.enable()


def test_the_layout_takes_time_in_proportion_to_the_text() -> None:
    """Whatever sign, pair or line a text repeats."""
    slow = []
    for unit in (
        *PAIRS,
        *LINES,
        "- a\n  - b\n",
        "1. a\n   1. b\n\n",
        "![a](b)\n",
        "$$a$$\n\n",
        "**a. b** ",
    ):
        taken = seconds(unit, SIZE)
        if taken > MIN_SECONDS:
            taken = min(taken, seconds(unit, SIZE))
            quarter = min(seconds(unit, SIZE // 4) for _ in range(2))
            if taken > MAX_RATIO * quarter:
                slow.append((unit, round(taken, 2), round(quarter, 3)))
    assert not slow
