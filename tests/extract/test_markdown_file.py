"""Markdown files keep what notes programs write: formulas, notes, tasks, callouts, prices."""

import re

import pytest

from reader.extract import extract

SENTENCE = "The keeper of the tide gauge writes down every flood, and the cat reads it at night."


def markdown(text: str, name: str = "") -> str:
    return extract(text.encode(), name=name).markdown.strip()


def test_a_note_comes_out_as_it_is() -> None:
    """Formulas, footnotes, tasks, callouts and code survive the way through the tree."""
    parts = [
        SENTENCE,
        "- [x] Oil the float\n- [ ] Wind the clock\n  - [ ] on Sundays",
        r"The flood follows $h = a \cos(\omega t)$ and, over a year,",
        "$$\n\\sum_{i=1}^{n} h_i \\le H_{\\max}\n$$",
        "> [!warning] Mind the ladder\n> It is wet at noon.",
        "> [!note]\n> Nothing else.",
        "A note[^1] follows.",
        '```python\nx = "$5"\n```',
        "[^1]: It is short.",
    ]
    assert markdown("# Tides\n\n" + "\n\n".join(parts)) == "\n\n".join(parts)


def test_prices_are_prices() -> None:
    """Two amounts on a line are no formula."""
    text = f"# Fares\n\n{SENTENCE} A berth costs $4-$7, a cabin US$80/US$95, freight $1,000–$1,500."
    assert markdown(text).endswith(
        "A berth costs $4-$7, a cabin US$80/US$95, freight $1,000–$1,500."
    )


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    """Only keys, lists and comments between two lines of dashes are."""
    text = f"---\n\n{SENTENCE}\n\n---\n\nAfter: {SENTENCE}\n"
    assert markdown(text).count(SENTENCE) == 2
    article = extract(f"---\ntitle: Log\ntags:\n  - sea\n---\n{SENTENCE}\n".encode())
    assert (article.title, article.tags) == ("Log", ("sea",))


@pytest.mark.parametrize("name", ["notes.md", "/home/me/Notes.Markdown"])
def test_the_file_name_counts(name: str) -> None:
    """Text without signs of Markdown, and Markdown with much HTML, are Markdown by their name."""
    assert r"$e = m$" in markdown(f"{SENTENCE}\n\nIt says $e = m$ on the wall.\n", name)
    table = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    text = f"## Gauge\n\n{SENTENCE}\n\n{table}\n\n> {SENTENCE}\n"
    assert f"> {SENTENCE}" in markdown(text, name)


@pytest.mark.parametrize(
    "front",
    [
        '+++\ntitle = "Log"\ndate = 2025-08-27\nauthors = ["Ida", "Bo"]\ntags = ["sea"]\n[params]\nx = 1\n+++\n',
        '{\n  "title": "Log",\n  "date": "2025-08-27",\n  "authors": [{"name": "Ida"}, "Bo"],\n  "tags": ["sea"]\n}\n',
        "---\ntitle: >\n  Log\nauthors:\n  - name: Ida\n    email: i@quay.example\n  - Bo\ndate: 2025-08-27\ntags: [sea]\n---\n",
    ],
)
def test_front_matter_of_other_kinds(front: str) -> None:
    """TOML, JSON, and YAML with folded texts and people."""
    article = extract(f"{front}\n{SENTENCE}\n".encode(), name="n.md")
    assert (article.title, article.byline, article.published) == ("Log", "Ida, Bo", "2025-08-27")
    assert article.tags == ("sea",)
    assert article.markdown.strip() == SENTENCE


@pytest.mark.parametrize("front", ["+++\ntitle = \n+++\n", '{"title": ', "+++\n", "{}\n"])
def test_broken_front_matter_is_text(front: str) -> None:
    assert SENTENCE in extract(f"{front}\n\n{SENTENCE}\n".encode(), name="n.md").markdown


def test_drawings_tables_and_pages_of_plain_text() -> None:
    """What spaces align stays as it is; feet and heads of pages go; sections have headings."""
    drawing = "+------+-------+\n| Hour |  Tide |\n+------+-------+"
    columns = "Year    Depth\n1901    1.2\n1902    1.4"
    pages = "Okello          Informational          [Page 1]\n\f\nRFC 9     Tides     March 2026\n"
    manual = "NAME\n       tide - tell the height of the water at an hour"
    text = "\n\n".join(("Tides", SENTENCE, drawing, SENTENCE, columns, pages, manual, SENTENCE))
    written = extract(text.encode(), name="tides.txt").markdown
    assert f"```\n{drawing}\n```" in written
    assert f"```\n{columns}\n```" in written
    assert "## NAME\n\ntide - tell the height of the water at an hour" in written
    assert "Page 1" not in written
    assert "RFC 9" not in written
    assert written.count(SENTENCE) == 3


@pytest.mark.parametrize(
    "text",
    [
        "> [!note]+ Title with *signs* and `code`\n> The text of it.",
        "> \\[!note\\] no callout",
        "Formulas $x<y$ and prices from \\$5-\\$6.",
        "A note[^1] and the same again[^1].\n\n[^1]: First paragraph.\n\n    Second paragraph.",
        "```py\n<a> \\[!b]\n```",
        "| a | b |\n| --- | --- |\n| c \\| e | d |",
        "~~gone~~ and *a* **b** `\\[!c]`",
    ],
)
def test_what_a_file_has_is_written_again(text: str) -> None:
    """Each kind of Markdown passes through unchanged."""
    assert markdown(f"# Tides\n\n{SENTENCE}\n\n{text}\n", "note.md") == f"{SENTENCE}\n\n{text}"


def test_html_in_a_file_is_read_as_a_page_and_obeyed_in_nothing() -> None:
    """Elements become their Markdown; scripts are left out."""
    assert markdown(f"# T\n\n{SENTENCE}\n\n<b>x</b> y<script>alert(1)</script>\n", "n.md").endswith(
        "\n\n**x** y"
    )


def test_items_of_a_plain_text_keep_their_numbers() -> None:
    """A list that begins at six, skips a number or begins at zero is written as it stands."""
    text = (
        "The mill book\n\nThe gauge is read twice a day, and the book is closed at noon by the clerk.\n\n"
        "5.2. The lower gate\n\n6. The upper gate\n\n6.1. Its paddles\n\n7. The weir\n9. The pond\n\n"
        "All of them were counted again in the spring of the following year.\n"
    )
    markdown = extract(text.encode(), name="mill.txt").markdown
    assert "\n6. The upper gate\n" in markdown
    assert "\n7. The weir\n" in markdown
    assert re.search(r"^9[.)] The pond$", markdown, re.MULTILINE)
