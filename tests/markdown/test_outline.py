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
