"""Blocks set as lines: tables, listings, right-to-left text, justified and hyphenated lines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.layout.bidi import is_right_to_left, visual_order
from reader.layout.block_layout import BlockExtras, LayoutOptions, layout_block
from reader.layout.document import Document
from reader.layout.half_block_image import Raster, half_blocks
from reader.layout.latex_to_unicode import to_unicode
from reader.layout.line_breaking import load_hyphenator
from reader.layout.paragraphs import MAX_PORTION
from reader.layout.spans import style_line
from reader.layout.syntax_highlighting import highlight_code
from reader.layout.text_width import width


def set_lines(markdown: str, column: LayoutOptions, beside: BlockExtras | None = None) -> list[str]:
    """What stands on each line of the first block, drawn."""
    document = Document(markdown)
    lines = layout_block(
        document.blocks[0], document.inline_text(0), column, beside or BlockExtras()
    )
    return [
        "".join(drawn.text for drawn in style_line(line, document.inline_text(0))) for line in lines
    ]


def test_table_cells_wrap_and_numbers_stand_at_the_right() -> None:
    """The table keeps to the measure; a blank line parts rows once one has wrapped."""
    table = "| a | n |\n|---|--:|\n| one two three four five | 7 |\n| six | 10 |\n"
    lines = [line.rstrip() for line in set_lines(table, LayoutOptions(measure=16))]
    assert lines == [
        "a              n",
        "────────────  ──",
        "one two        7",
        "three four",
        "five",
        "",
        "six           10",
    ]


def test_a_table_that_cannot_be_squeezed_is_wider_than_the_measure() -> None:
    """Its lines say so, that the view may slide them."""
    head = "|" + "|".join(f" column{n} " for n in range(12)) + "|\n" + "|" + "---|" * 12 + "\n"
    document = Document(head + "|" + "|".join(f" value{n} " for n in range(12)) + "|\n")
    lines = layout_block(
        document.blocks[0], document.inline_text(0), LayoutOptions(measure=30, pane_width=40)
    )
    assert all(line.wide for line in lines)


def test_a_long_line_of_code_goes_on_behind_a_mark() -> None:
    """Nothing of it is lost, and every line is as wide as the shade."""
    lines = set_lines("```\n" + "x" * 50 + "\n```\n", LayoutOptions(measure=20))
    assert [line[:3] for line in lines] == [" xx", " ↪ ", " ↪ "]
    assert {width(line) for line in lines} == {20}
    assert sum(line.count("x") for line in lines) == 50


def test_right_to_left_paragraphs_end_at_the_right_edge() -> None:
    """Their text stays in logical order."""
    arabic = "هذا نص عربي قصير يظهر محاذيا إلى اليمين"
    lines = set_lines(arabic, LayoutOptions(measure=24))
    assert all(width(line) == 24 for line in lines)
    assert " ".join(line.strip() for line in lines) == arabic


def test_visual_order_turns_words_and_leaves_numbers() -> None:
    """Latin and digits inside stay readable, the rest runs leftwards (UAX #9, L2)."""
    text = "אבג ABC 12 דה"
    slices = visual_order(text, 0, len(text), True)
    shown = "".join(text[s.start : s.end][:: -1 if s.mirrored else 1] for s in slices)
    assert shown == "הד ABC 12 גבא"
    assert is_right_to_left(text)
    assert not is_right_to_left("ABC אבג")


def test_justified_lines_fill_the_measure_but_the_last() -> None:
    """Only spaces grow; the words stay."""
    text = "the quick brown fox jumps over the lazy dog and then it sat down by the river"
    lines = set_lines(text, LayoutOptions(measure=30, justified=True))
    assert [width(line) for line in lines[:-1]] == [30] * (len(lines) - 1)
    assert " ".join(" ".join(lines).split()) == text


def test_words_are_hyphenated_by_their_language() -> None:
    """English patterns cut English words; a language without patterns cuts none."""
    hyphens = load_hyphenator("en-GB")
    assert hyphens is not None
    lines = set_lines("an understanding of it", LayoutOptions(measure=9, hyphens=hyphens))
    assert lines[0].endswith("-")
    assert "".join(lines).replace("-", "").replace(" ", "") == "anunderstandingofit"
    assert load_hyphenator("tlh") is None
    assert load_hyphenator(None) is None


def test_notes_and_footnotes_stand_below_behind_a_bar() -> None:
    """A remark has a blank line above it, an opened footnote has none."""
    beside = BlockExtras(notes=("mine",), expanded=("theirs",))
    assert set_lines("text", LayoutOptions(), beside) == ["text", "▎ theirs", "", "▎ mine"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\alpha_1^2 + \beta", "α₁² + β"),
        (r"\frac{a+b}{2}", "(a+b)/2"),
        (r"\sqrt{x}", "√x"),
        (r"x \in \mathbb{R}^n", "x ∈ ℝⁿ"),
        (r"x^{k/2}", "x^(k/2)"),
        (r"\text{if } a \le b", "if a ≤ b"),
        (r"\left( a \right)", "( a )"),
        (r"\unknown{a}", "a"),
        (r"\frac{a", "a/"),
        ("}{", "}{"),
        ("", ""),
    ],
)
def test_formulas_are_readable_on_a_line(source: str, shown: str) -> None:
    """Signs where Unicode has them, plain letters where not."""
    assert to_unicode(source) == shown


@settings(max_examples=200)
@given(st.text("\\{}^_ abcfrtqs12&\n", max_size=80))
def test_no_formula_raises(source: str) -> None:
    """Whatever stands between dollar signs becomes one line."""
    assert "\n" not in to_unicode(source)


@pytest.mark.parametrize("part", ["^", "_{", "\\frac", "\\sqrt ", "{^", "\\hat", "\\mathbb{"])
def test_no_depth_of_a_formula_raises(part: str) -> None:
    """A text of a stranger may nest a thousand levels."""
    assert to_unicode(part * (1_900 // len(part)))
    assert Document(f"${part * (1_900 // len(part))}x$").plain_text()


def test_two_pixels_stand_in_one_cell() -> None:
    """Equal neighbours are one stretch; what shows through is the colour behind."""
    red, blue, clear = b"\xf8\0\0\xff", b"\0\0\xf8\xff", b"\0\0\0\0"
    raster = Raster(2, 3, red * 2 + blue * 2 + clear + red)
    assert raster.is_valid
    assert half_blocks(raster, 80, (8, 8, 8)) == [
        ((2, 0xF80000, 0x0000F8),),
        ((1, 0x080808, 0x080808), (1, 0xF80000, 0x080808)),
    ]
    assert not Raster(2, 2, red).is_valid


def test_a_wide_image_is_sampled_to_the_room() -> None:
    """It keeps its proportion."""
    rows = half_blocks(Raster(40, 20, b"\1\2\3\xff" * 800), 10, (0, 0, 0))
    assert len(rows) == 3
    assert {sum(dots.cells for dots in row) for row in rows} == {10}


def test_colours_are_those_of_known_languages_only() -> None:
    """A listing in a language nobody asked about stays plain."""
    assert highlight_code("def f(): pass", "Python")
    assert highlight_code("def f(): pass", "odin") == ()
    assert highlight_code("x" * 30_000, "python") == ()


_SHOWN = {
    "A sentence *here*. ": "A sentence here. ",
    "[a](b) and `c`. ": "a and c. ",
    "文です。": "文です。",
    "x" * 99: "x" * 99,
}
"""Pieces of Markdown, and their text."""


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([*_SHOWN]), max_size=400))
def test_endless_paragraphs_lose_no_word(pieces: list[str]) -> None:
    """Portions joined are the paragraph, white space at the cuts aside; runs keep their words."""
    blocks = Document("".join(pieces)).blocks
    texts = [block.content for block in blocks]
    assert "".join("".join(text.text for text in texts).split()) == "".join(
        "".join(_SHOWN[piece] for piece in pieces).split()
    )
    words = {text.text[run.start : run.end] for text in texts for run in text.runs}
    assert words <= {"here", "a", "c"}
    assert all(len(text.text) <= MAX_PORTION for text in texts)
