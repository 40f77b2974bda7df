"""Tables: what is data stays a table, what is layout does not."""

from lxml import html

from reader.extract import markdown


def written(fragment: str) -> str:
    root = html.fragment_fromstring(fragment, create_parent="div")
    return markdown.convert(root, None).rstrip("\n")


def test_a_simple_table_is_gfm() -> None:
    """Header, rows, signs of the table in cells, and breaks."""
    page = "<table><tr><th>A</th><th>B</th></tr><tr><td>x|y</td><td>1<br>2</td></tr></table>"
    assert written(page) == "| A | B |\n| --- | --- |\n| x\\|y | 1 2 |"


def test_spans_keep_columns_in_place() -> None:
    """A cell over two rows leaves its place free below; over columns, beside."""
    page = (
        "<table><tr><th>A</th><th>B</th></tr>"
        "<tr><td rowspan=2>x</td><td>1</td></tr><tr><td>2</td></tr></table>"
    )
    assert written(page) == "| A | B |\n| --- | --- |\n| x | 1 |\n|  | 2 |"


def test_columns_do_not_grow_without_end() -> None:
    """A row that claims 100,000 columns has no more than a hundred."""
    row = "<tr><td colspan=100000>a</td><td>b</td></tr>"
    text = written(f"<table>{row * 200}</table>")
    assert len(text) < 200 * 20


def test_layout_is_dissolved() -> None:
    """Tables that place text give their text as paragraphs."""
    page = "<table><tr><td><h2>T</h2><p>one</p></td><td><p>two</p></td></tr></table>"
    assert written(page) == "## T\n\none\n\ntwo"


def test_cells_with_blocks_become_labelled_items() -> None:
    """What fits no line keeps its label."""
    page = (
        "<table><tr><th>Name</th><th>Code</th></tr>"
        "<tr><td>f</td><td><p>Call it:</p><blockquote>f()</blockquote></td></tr></table>"
    )
    assert written(page) == "- **Name**\n\n  f\n\n  **Code**\n\n  Call it:\n\n  > f()"
