"""Markdown becomes the blocks that a reader sees."""

from random import Random

import pytest

from reader.layout.block_parser import BlockParser
from reader.layout.blocks import BlockKind
from reader.layout.document import Document, plain_text
from reader.layout.inline_text import InlineText
from reader.layout.text_styles import ColorRole, FontStyle
from tests.search.test_linear_time import UNITS


def parse_blocks(markdown: str) -> BlockParser:
    """Return a parser that has read the whole text."""
    parser = BlockParser(markdown)
    while parser.parse_next():
        pass
    return parser


def inline(markdown: str) -> InlineText:
    """Return the text of a paragraph."""
    (block,) = parse_blocks(markdown).blocks
    return block.content


def kinds(markdown: str) -> list[BlockKind]:
    return [block.kind for block in parse_blocks(markdown).blocks]


def test_a_nested_list_shows_both_marks_beside_its_first_line() -> None:
    """An item that begins with a list has its own mark and the inner one on one line."""
    first = parse_blocks("- 1. inner\n").blocks[0]
    assert "".join(piece.text for piece in first.first_prefix) == "• 1. "


def test_ordered_marks_are_as_wide_as_the_longest() -> None:
    """The text of a list of ten begins in one column."""
    blocks = parse_blocks("\n".join(f"{n}. item" for n in range(1, 11))).blocks
    assert {len(block.first_prefix[0].text) for block in blocks} == {4}


def test_a_task_shows_its_box() -> None:
    """Open and done tasks differ by sign, not by colour."""
    blocks = parse_blocks("- [ ] open\n- [x] done\n").blocks
    assert [(b.first_prefix[0].text, b.content.text) for b in blocks] == [
        ("☐ ", "open"),
        ("☑ ", "done"),
    ]


def test_a_callout_has_its_title_and_no_mark_of_its_kind() -> None:
    """`> [!note]` becomes a label; the text follows below it."""
    blocks = parse_blocks("> [!warning] Thin ice\n> Stay off.\n").blocks
    assert [(b.kind, b.content.text) for b in blocks] == [
        (BlockKind.LABEL, "Thin ice"),
        (BlockKind.PARAGRAPH, "Stay off."),
    ]
    assert blocks[1].rest_prefix[0].color is ColorRole.CALLOUT


def test_a_figure_is_its_image_and_its_caption() -> None:
    """Emphasis on the line below an image is a caption, on any other line it is text."""
    assert kinds("![a](x.png)\n*b*\n") == [BlockKind.IMAGE, BlockKind.CAPTION]
    assert kinds("![a](x.png)\n\n*b*\n") == [BlockKind.IMAGE, BlockKind.PARAGRAPH]
    assert kinds("*b* and ![a](x.png)\n") == [BlockKind.PARAGRAPH]


def test_html_is_text() -> None:
    """Tags in Markdown are shown, not obeyed."""
    blocks = parse_blocks("<script>alert(1)</script>\n\n<b>x</b>\n").blocks
    assert [b.content.text for b in blocks] == [
        "<script>alert(1)</script>",
        "<b>x</b>",
    ]


def test_deep_nesting_loses_no_words() -> None:
    """Thirty quotes inside each other still show what the innermost says."""
    assert "deep" in inline("> " * 30 + "deep\n").text


def test_references_never_become_control_characters() -> None:
    """Numeric references decode only to what `clean` keeps."""
    text = inline("a &#27;[31m b &#x202e; c &amp;#27; d").text
    assert text.isprintable()
    assert "\u202e" not in text


def test_faces_are_laid_over_the_plain_text() -> None:
    """The text holds no markup; runs say which words are which."""
    prose = inline("a **b** *c* `d` ~~e~~ [f](https://x.example/)")
    assert prose.text == "a b c d e f"
    assert [run.font for run in prose.runs] == [
        FontStyle.BOLD,
        FontStyle.ITALIC,
        FontStyle.CODE,
        FontStyle.STRIKE,
        FontStyle.LINK,
    ]
    assert prose.targets[0].destination == "https://x.example/"


def test_a_bare_address_is_a_link() -> None:
    """The full stop after an address is not part of it."""
    prose = inline("see https://a.example/b_c.")
    assert prose.targets[0].destination == "https://a.example/b_c"


def test_prices_are_not_math() -> None:
    """Dollar signs before numbers stay."""
    assert inline("costs $5 or $6 here").text == "costs $5 or $6 here"


def test_footnotes_keep_their_numbers() -> None:
    """The raised number is the label where all labels are numbers, else the order."""
    parsed = parse_blocks("a[^7]\n\n[^7]: b\n")
    assert parsed.blocks[0].content.text == "a⁷"
    parsed = parse_blocks("a[^x]\n\n[^x]: b\n")
    assert parsed.blocks[0].content.text == "a¹"


def test_a_sign_alone_is_shown_with_what_it_leads_to() -> None:
    """An embedded film or post: the link's title beside it, or else the host; one link in all."""
    prose = inline('[▶](https://v.example/1 "A walk\non the  dyke") seen')
    assert prose.text == "▶ A walk on the dyke seen"
    assert prose.runs[0][:2] == (0, len("▶ A walk on the dyke"))
    assert inline("[↗](https://www.post.example/a/1)").text == "↗ post.example"
    assert inline('[▶ Play](https://v.example/1 "A walk")').text == "▶ Play"
    assert inline("[↗](mailto:someone)").text == "↗"


def test_an_image_among_words_keeps_the_space_behind_it() -> None:
    """Only an image alone on its lines is a block; its address may hold brackets."""
    assert inline("![a](x.png) ![b](y.png) c\n").text == "a b c"
    (block,) = parse_blocks(
        "[![Zug (1)](https://a.example/zug_(1).png)](https://b.example/)\n"
    ).blocks
    assert (block.kind, block.alt) == (BlockKind.IMAGE, "Zug (1)")
    assert block.info == "https://a.example/zug_(1).png"


def test_a_formula_alone_on_its_lines_is_a_block() -> None:
    """Inside a line it is text like other formulas."""
    assert kinds("a\n$$\nx^2\n$$\nb\n") == [
        BlockKind.PARAGRAPH,
        BlockKind.MATH,
        BlockKind.PARAGRAPH,
    ]
    assert inline("so $$x^2$$ it is\n").text == "so x² it is"


def test_an_escaped_callout_is_text() -> None:
    """A quotation may begin with such brackets."""
    blocks = parse_blocks("> \\[!note] is a mark\n").blocks
    assert [(b.kind, b.content.text) for b in blocks] == [
        (BlockKind.PARAGRAPH, "[!note] is a mark")
    ]


def test_addresses_with_escapes_are_whole_links() -> None:
    """Converted pages escape underscores in bare addresses, too."""
    prose = inline("see https://a.example/b\\_c\\_d now\n")
    assert prose.targets[0].destination == "https://a.example/b_c_d"


def test_addresses_are_written_as_a_browser_needs_them() -> None:
    """Letters beyond ASCII are encoded in links."""
    prose = inline("[a](https://bücher.example/ü?q=ä)\n")
    assert prose.targets[0].destination == "https://xn--bcher-kva.example/%C3%BC?q=%C3%A4"


def test_a_link_that_would_run_a_script_has_no_target() -> None:
    """It is shown as text."""
    prose = inline("[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x)\n")
    assert prose.targets == ()
    assert prose.text == "[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x)"


def test_fonts_inside_the_same_font_end_where_they_end() -> None:
    """The outer emphasis goes on behind the inner one."""
    prose = inline("*a *b* c* d\n")
    assert [(prose.text[run.start : run.end], run.font) for run in prose.runs] == [
        ("a b c", FontStyle.ITALIC)
    ]


def test_long_paragraphs_come_in_parts() -> None:
    """The first screen of a text without a blank line does not wait for the whole."""
    parser = BlockParser("A line of *some* words.\n" * 50_000)
    parser.parse_next()
    assert parser.pending > 1_000_000
    assert 2_000 <= len(parser.blocks[0].content.text) <= 8_000


def test_white_space_at_the_start_of_a_long_paragraph_moves_no_cut() -> None:
    """Nothing is shown twice, nothing is lost."""
    sentences = [f"Sentence *{number}* of it.\n" for number in range(2_000)]
    blocks = parse_blocks("&#32; &#32; " + "".join(sentences)).blocks
    shown = " ".join(block.content.text for block in blocks)
    assert shown == " ".join(f"Sentence {number} of it." for number in range(2_000))


def test_no_depth_of_lists_raises() -> None:
    """Empty items inside each other, each on its line; the innermost words are shown."""
    lists = "".join(f"{'  ' * depth}-\n" for depth in range(1_200))
    blocks = parse_blocks(f"{lists}{'  ' * 1_200}deep\n").blocks
    assert any("deep" in block.content.text for block in blocks)


def test_fonts_and_links_over_the_ends_of_lines_raise_nothing() -> None:
    """A font may begin in a callout's title or around an image and end behind it."""
    for text in (
        "> [!note] *a\n> b* c",
        "> [!note] [a\n> b](c) d",
        "*[![a](b)](c)\nd* e",
        "**![a](b)\nd** e",
        "[*![a](b)*\nd](c) e",
        "[![a](b)\nd](c) e",
    ):
        assert parse_blocks(text).blocks[-1].content.text.endswith(text[-1])


@pytest.mark.parametrize("seed", range(40))
def test_the_plain_text_of_all_is_that_of_the_parts(seed: int) -> None:
    """Reading without places, as search and highlights do, gives the text of the reading view."""
    pieces = [
        *UNITS,
        "> [!note] A title\n",
        "> \\[!note] text\n",
        "\n\n",
        "![a](b)\n",
        "$$x$$\n",
        "words ",
    ]
    chosen = Random(seed)
    text = "".join(chosen.choices(pieces, k=chosen.randrange(60))) * chosen.choice((1, 30))
    assert plain_text(text) == Document(text).plain_text()
