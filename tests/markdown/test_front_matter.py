"""Front matter is told from a text that begins with a rule."""

import pytest

from reader.markdown.front_matter import (
    quote_list,
    read_lists,
    read_values,
    split_front_matter,
    write_front_matter,
)


@pytest.mark.parametrize(
    ("text", "front", "body"),
    [
        ("---\ntitle: x\n---\n\nText", "title: x\n", "Text"),
        ("---\n# a comment\n\ntitle: x\n...\nText", "# a comment\n\ntitle: x\n", "Text"),
        ("---\nno end", "", "---\nno end"),
        ("---\n\nAfter the rule.\n\n---\n\nMore.", "", "---\n\nAfter the rule.\n\n---\n\nMore."),
        ("---\nA sentence without a key.\n---\n", "", "---\nA sentence without a key.\n---\n"),
        ("Text", "", "Text"),
        ("---\ntags:\n  - a\n---\n", "tags:\n  - a\n", ""),
    ],
)
def test_front_matter_has_a_key(text: str, front: str, body: str) -> None:
    """Only lines of keys between two rules are front matter; all else is the text's."""
    assert split_front_matter(text) == (front, body)


def test_written_values_are_read_back() -> None:
    """Whatever a title holds; YAML reads the same."""
    values = {"title": 'a: "b" # c\n---', "tags": ["x", "y, z"], "words": 3}
    front, body = split_front_matter(write_front_matter({**values, "byline": ""}) + "Text")
    assert read_values(front) == values
    assert body == "Text"


def test_lists_of_any_style() -> None:
    """Keys in one spelling, scalars without their quotation marks, on one line or several."""
    front = (
        "Tags: [a, 'it''s', \"b \\\"c\\\"\"]\ndate-published: 2026-01-02\nauthors:\n  - X\n  - Y\n"
    )
    assert read_lists(front) == {
        "tags": ["a", "it's", 'b "c"'],
        "date_published": ["2026-01-02"],
        "authors": ["X", "Y"],
    }
    assert quote_list(['a "b"', "c\\d"]) == '["a \\"b\\"", "c\\\\d"]'
