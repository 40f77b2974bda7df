"""Wrapped lines fit, and lose no word."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reader.layout.line_breaking import wrap
from reader.layout.text_width import graphemes, is_single_cell, split_by_width, width
from reader.model.text import clean

ALPHABET = (
    "abcdefgh  ABC,.!?-–—/'’“”()\n" "éßøа́עבגمرحبا" "日本語、。「」ーっ한국" "e\u0301n\u0303o\u0308"
    "👍🏽👩\u200d👧🇳🇱❤\ufe0f✔1\ufe0f\u20e3" "क्षि\u0e33ก"
)  # fmt: skip
texts = st.text(ALPHABET, max_size=120).map(clean)


@settings(max_examples=400)
@given(texts, st.integers(2, 40), st.integers(2, 40))
@example("word-word—word", 5, 5)
@example("🇳🇱" * 9, 3, 2)
def test_lines_fit_and_nothing_is_lost(text: str, measure: int, first: int) -> None:
    """No line is wider than its measure, what lies between two lines is white space."""
    rows = wrap(text, measure, first)
    position = 0
    for number, row in enumerate(rows):
        assert row.start >= position
        assert not text[position : row.start].strip()
        shown = text[row.start : row.end]
        assert "\n" not in shown
        room = measure if number else first
        assert width(shown) <= room or len(graphemes(shown)) == 1
        position = row.end
    assert not text[position:].strip()


@settings(max_examples=200)
@given(texts, st.integers(1, 30))
def test_graphemes_are_never_cut(text: str, measure: int) -> None:
    """Every line begins and ends where a grapheme does."""
    edges = {0, len(text)}
    for part in re.finditer(r"[^\n]*", text):
        edges |= {part.start() + g.start for g in graphemes(part[0])} | {part.end()}
    for row in wrap(text, measure):
        assert row.start in edges
        assert row.end in edges


@settings(max_examples=200)
@given(st.text(ALPHABET, max_size=60).map(clean))
def test_graphemes_cover_the_text(text: str) -> None:
    """Graphemes follow each other without a gap; their widths add up where offsets are cells."""
    found = graphemes(text)
    assert "".join(text[g.start : g.end] for g in found) == text
    if is_single_cell(text):
        assert sum(g.width for g in found) == len(text) == width(text)


def test_joined_signs_are_one_grapheme() -> None:
    """Families, skin tones, flags, keycaps and stacked marks."""
    for sign in (
        "👩\u200d👩\u200d👧\u200d👦",
        "👍🏽",
        "🇳🇱",
        "1\ufe0f\u20e3",
        "e\u0301\u0323",
        "❤\ufe0f",
        "각",
    ):
        assert len(graphemes(sign)) == 1, sign


def test_punctuation_never_begins_a_japanese_line() -> None:
    """A full stop stays with its sentence, an opening bracket goes with what it opens."""
    text = "日本語の文章です。「括弧」も、同じです。"
    for measure in range(6, 20):
        for row in wrap(text, measure)[1:]:
            assert text[row.start] not in "。、」"
        for row in wrap(text, measure)[:-1]:
            assert text[row.end - 1] != "「"


def test_a_line_may_end_at_a_dash_between_words() -> None:
    """Compounds break after their hyphen, numbers with a sign do not."""
    assert [r[:2] for r in wrap("well-known", 6)] == [(0, 5), (5, 10)]
    assert [r[:2] for r in wrap("is -5 C", 4)] == [(0, 2), (3, 7)]


def test_a_hyphen_is_drawn_where_a_word_is_cut_for_it() -> None:
    """The callback names the offsets; the hyphen has its cell."""
    rows = wrap("a wonderful day", 9, hyphens=lambda word: [3, 6] if word == "wonderful" else [])
    assert rows[0] == (0, 8, True)
    assert rows[1][0] == 8


def test_chopped_pieces_fit_and_join_to_the_text() -> None:
    """A wide character that would need the last cell and one more goes to the next piece."""
    assert split_by_width("日本語", 3, 4) == [(0, 1), (1, 3)]
    assert split_by_width("abcdefg", 3, 2) == [(0, 3), (3, 5), (5, 7)]
    assert split_by_width("", 3, 2) == [(0, 0)]


@pytest.mark.parametrize(
    "text", ["नाव कैसे चलती है और नाविक क्या जानते हैं। ", "காலை நேரத்தில் படகு ஆற்றைக் கடக்கிறது. "]
)
def test_a_line_fits_where_spacing_marks_take_a_cell(text: str) -> None:
    """Terminals differ in the width of vowel signs; none may cut the end of a line."""
    marks = [character for character in text if unicodedata.category(character) == "Mc"]
    assert marks
    for row in wrap(text * 8, 30):
        line = (text * 8)[row.start : row.end]
        assert width(line) + sum(character in marks for character in line) <= 30
