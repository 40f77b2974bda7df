import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.library.field_validation import is_folder_of
from reader.model.text import (
    clean,
    clean_tag,
    count_words,
    one_line,
    reading_minutes,
    slug,
    truncate,
)


@given(st.text())
def test_clean_is_idempotent_and_leaves_no_control(text: str) -> None:
    """Whatever comes in, nothing that steers a terminal comes out, and cleaning twice is the same."""
    once = clean(text)
    assert clean(once) == once
    assert not [
        c for c in once if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cs", "Co")
    ]
    assert not set(once) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")


def test_clean_keeps_what_scripts_need() -> None:
    """Emoji sequences, Persian joiners, Hebrew and Arabic marks, and direction marks stay."""
    for text in ("👩‍💻", "می\u200cخواهم", "❤️", "1️⃣", "שָׁלוֹם", "a\u200e b", "क्\u200dष", "日本語"):
        assert clean(text) == text


def test_clean_drops_what_hides() -> None:
    """Overrides, joiners between Latin letters, soft hyphens, tags and stacked marks go."""
    assert clean("\u202egnp.exe\u202c") == "gnp.exe"
    assert clean("a\u200db pass\u200bword sof\u00adt") == "ab password soft"
    assert clean("x\x1b]0;pwned\x07y\x9b31m") == "x]0;pwnedy31m"
    assert clean("one\u2028two\r\nthree\rfour") == "one\ntwo\nthree\nfour"
    assert len(clean("Z" + "\u0351\u0300\u0327" * 40)) == 5


def test_one_line_is_one_line_of_bounded_length() -> None:
    """Titles never break a list: spaces are folded and the rest is cut with an ellipsis."""
    assert one_line(" a\n\tb  c ") == "a b c"
    assert len(one_line("word " * 1000)) <= 300


def test_cut_never_splits_a_grapheme() -> None:
    """A cut before a combining mark or inside an emoji sequence moves to its start."""
    assert truncate("ab👩‍💻cd", 5) == "ab…"
    assert truncate("abe\u0301fg", 4) == "ab…"


def test_words_and_minutes() -> None:
    """A CJK character counts half a word; minutes are rounded up, and 0 for nothing."""
    assert count_words("It's a well-known 3.5 thing.") == 5
    assert count_words("日本語の文章です") == 4
    assert (reading_minutes(0), reading_minutes(1), reading_minutes(230), reading_minutes(231)) == (
        0,
        1,
        1,
        2,
    )


def test_slug_is_safe_on_every_file_system() -> None:
    """Names are short, without case or signs, and never empty or reserved."""
    assert slug("Why Anwar's ASEAN: “Ça va?”") == "why-anwar-s-asean-ça-va"
    assert slug("Straße ＡＢ ½ № 5…") == "strasse-ab-1-2-no-5"
    assert slug("½/½ \u202e../.. \x00") == "1-2-1-2"
    assert slug("") == slug("…! 🚢") == "article"
    assert len(slug("word " * 100)) <= 60


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("日本語の長い題名", "日本語の長い題名"),
        ("AI " + "港" * 80, "ai-" + "港" * 39),
        ("हिन्दी में समाचार", "हिन्दी-में-समाचार"),
        ("Паром опять опоздал", "паром-опять-опоздал"),
        ("한국어 제목", "한국어-제목"),
        ("עברית \u200fושלום", "עברית-ושלום"),
        ("e\u0301te\u0301", "été"),
    ],
)
def test_slug_keeps_letters_of_any_script(title: str, name: str) -> None:
    """Vowel signs stay with their letters; a long word is cut between characters."""
    assert slug(title) == name
    assert len(slug(title * 50).encode()) <= 120


@given(title=st.text(max_size=200))
def test_slug_makes_folders_that_are_valid(title: str) -> None:
    """No title gives a folder that another device would refuse."""
    folder = f"articles/2026/{slug(title)}-abcdabcdabcd-0123abcd"
    assert is_folder_of(folder, "abcdabcdabcd")
    assert len(folder.encode()) < 200


def test_tags_are_tidied() -> None:
    """A leading # and empty levels go; a tag stays on one line."""
    assert clean_tag("#asia//south / east/") == "asia/south/east"
    assert clean_tag("  # ") == ""
