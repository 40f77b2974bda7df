"""Markdown becomes the blocks that a reader sees."""

from reader.layout.block_parser import parse_blocks
from reader.layout.blocks import BlockKind
from reader.layout.inline_parser import parse_inline
from reader.layout.text_styles import ColorRole, FontStyle


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
    assert [(b.first_prefix[0].text, b.raw) for b in blocks] == [("☐ ", "open"), ("☑ ", "done")]


def test_a_callout_has_its_title_and_no_mark_of_its_kind() -> None:
    """`> [!note]` becomes a label; the text follows below it."""
    blocks = parse_blocks("> [!warning] Thin ice\n> Stay off.\n").blocks
    assert [(b.kind, b.raw) for b in blocks] == [
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
    assert [parse_inline(b.raw, {}).text for b in blocks] == [
        "<script>alert(1)</script>",
        "<b>x</b>",
    ]


def test_deep_nesting_loses_no_words() -> None:
    """Thirty quotes inside each other still show what the innermost says."""
    assert any("deep" in block.raw for block in parse_blocks("> " * 30 + "deep\n").blocks)


def test_references_never_become_control_characters() -> None:
    """Numeric references decode only to what `clean` keeps."""
    text = parse_inline("a &#27;[31m b &#x202e; c &amp;#27; d", {}).text
    assert text.isprintable()
    assert "\u202e" not in text


def test_faces_are_laid_over_the_plain_text() -> None:
    """The text holds no markup; runs say which words are which."""
    prose = parse_inline("a **b** *c* `d` ~~e~~ [f](https://x.example/)", {})
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
    prose = parse_inline("see https://a.example/b_c.", {})
    assert prose.targets[0].destination == "https://a.example/b_c"


def test_prices_are_not_math() -> None:
    """Dollar signs before numbers stay."""
    assert parse_inline("costs $5 or $6 here", {}).text == "costs $5 or $6 here"


def test_footnotes_keep_their_numbers() -> None:
    """The raised number is the label where all labels are numbers, else the order."""
    parsed = parse_blocks("a[^7]\n\n[^7]: b\n")
    assert parse_inline(parsed.blocks[0].raw, parsed.environment).text == "a⁷"
    parsed = parse_blocks("a[^x]\n\n[^x]: b\n")
    assert parse_inline(parsed.blocks[0].raw, parsed.environment).text == "a¹"


def test_a_sign_alone_is_shown_with_what_it_leads_to() -> None:
    """An embedded film or post: the link's title beside it, or else the host; one link in all."""
    prose = parse_inline('[▶](https://v.example/1 "A walk\non the  dyke") seen', {})
    assert prose.text == "▶ A walk on the dyke seen"
    assert prose.runs[0][:2] == (0, len("▶ A walk on the dyke"))
    assert parse_inline("[↗](https://www.post.example/a/1)", {}).text == "↗ post.example"
    assert parse_inline('[▶ Play](https://v.example/1 "A walk")', {}).text == "▶ Play"
    assert parse_inline("[↗](mailto:someone)", {}).text == "↗"
