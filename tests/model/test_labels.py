"""Labels of highlights: a colour, a word, or both."""

import pytest

from reader.model.labels import HIGHLIGHT_COLORS, HighlightLabel, parse_color, parse_label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("red", HighlightLabel("red", "")),
        ("RED", HighlightLabel("red", "")),
        ("red to check", HighlightLabel("red", "to check")),
        ("red  #to   check", HighlightLabel("red", "to check")),
        ("#to check", HighlightLabel("", "to check")),
        ("to red", HighlightLabel("", "to red")),
        ("redder", HighlightLabel("", "redder")),
        ("", HighlightLabel()),
        (" # ", HighlightLabel()),
        ("a\x1b[31mb\n", HighlightLabel("", "a[31mb")),
        ("x" * 100, HighlightLabel("", "x" * 60)),
    ],
)
def test_a_label_is_parsed(text: str, label: HighlightLabel) -> None:
    """The first word may be a colour; the rest is cleaned, on one line, and of limited length."""
    assert parse_label(text) == label
    assert parse_label(str(label)) == label


def test_colours_of_other_programs() -> None:
    """A name of another program is the nearest colour, or none."""
    found = [parse_color(name) for name in (" Blue", "teal", "none", "", None, 5, "x" * 1000)]
    assert found == ["blue", "blue", "", "", "", "", ""]
    assert [parse_color(name) for name in HIGHLIGHT_COLORS] == list(HIGHLIGHT_COLORS)


def test_labels_as_tags() -> None:
    assert HighlightLabel("red", "to check").hashtags() == "#red #to-check"
    assert (HighlightLabel().hashtags(), str(HighlightLabel("red"))) == ("", "red")
