"""Front matter is told from a text that begins with a rule."""

import pytest

from reader.markdown.front_matter import split_front_matter


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
