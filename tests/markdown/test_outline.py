import pytest

from reader.markdown.outline import links, outline

TEXT = """# One *two*

Text with [a link](https://a.example/x) and [the same](https://a.example/x "t") and [mail](mailto:a@b.example).

## Three `four`

[relative](/x) <https://b.example/> ![picture](https://c.example/i.png)

\\# no heading

    # code
"""


def test_headings_in_order() -> None:
    """Emphasis and code give their words; what looks like a heading in code is none."""
    assert outline(TEXT) == [(1, "One two"), (2, "Three four")]


def test_links_one_can_follow() -> None:
    """Each address once; relative ones and pictures are none."""
    assert links(TEXT) == [
        ("a link", "https://a.example/x"),
        ("mail", "mailto:a@b.example"),
        ("https://b.example/", "https://b.example/"),
    ]


@pytest.mark.parametrize(
    "text",
    ["A\n===", "A\r\n===  \r\n", "A\r---\r", "> A\n> =", "- A\n  -\t\n", "a\n\n#\tA", "> # A #"],
)
def test_headings_of_all_forms(text: str) -> None:
    """Underlines may be short, indented, in a quote, and have spaces or any line end after them."""
    assert [heading for _, heading in outline(text)] == ["A"]


def test_signs_that_are_text_stay_in_headings_and_links() -> None:
    """Prices, lone tildes and tags are written as they were, also in addresses."""
    text = "# $5 or ~6 <b>\n\n[~a 7 <i>](https://a.example/~b)"
    assert outline(text) == [(1, "$5 or ~6 <b>")]
    assert links(text) == [("~a 7 <i>", "https://a.example/~b")]
