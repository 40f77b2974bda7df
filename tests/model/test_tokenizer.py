"""Texts as the words that search compares."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.model.tokenizer import fold_accents, tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It’s “late”—or not…", ["it", "s", "late", "or", "not"]),
        ("snake_case, KEBAB-CASE", ["snake", "case", "kebab", "case"]),
        ("Straße, Ærø, ½ naïve cafe\u0301", ["strasse", "aero", "1", "2", "naive", "cafe"]),
        ("\xa0«Où ?»\xa0", ["ou"]),
        ("ﬁne ｆｕｌｌ", ["fine", "full"]),
        ("望遠鏡’s", ["望", "远", "镜", "s"]),
        ("\x00a\x1fb\x7f", ["a", "b"]),
        ("Άνθρωπος ΛΌΓΟΣ λόγος", ["ανθρωποσ", "λογοσ", "λογοσ"]),
        ("किताब, किताबें", ["किताब", "किताबें"]),
        ("காடு கடு", ["காடு", "கடு"]),
        ("བོད་ཡིག ꯃꯤꯇꯩ", ["བོད", "ཡིག", "ꯃꯤꯇꯩ"]),
        ("no\xa0break\u202fspace", ["no", "break", "space"]),
        ("", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert tokenize(text) == words


@given(st.text(st.one_of(st.characters(max_codepoint=0x2FF), st.sampled_from("’“”–—…•ﬁ½ßẞ\u0301"))))
def test_words_of_latin_are_what_is_between_signs(text: str) -> None:
    """However they are found: by bytes where the text folds to ASCII, by a pattern elsewhere."""
    assert tokenize(text) == re.findall(r"[^\W_]+", fold_accents(text))
