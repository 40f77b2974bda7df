"""Sentences end where a reader would end them, in linear time."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.model.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Gray met Dr. Ives at 5 p.m. Monday. They left.", ["Mr. Gray met Dr. Ives at 5 p.m. Monday.", "They left."]),
        ("J. R. Smith, e.g. here. So it was.", ["J. R. Smith, e.g. here.", "So it was."]),
        ("“Wait.” She left. (Later.) Yes.", ["“Wait.”", "She left.", "(Later.)", "Yes."]),
        ("version 2.0 is out… and fine. 3 more.", ["version 2.0 is out… and fine.", "3 more."]),
        ("今日は。明日も！", ["今日は。", "明日も！"]),
        ("a line\nanother", ["a line", "another"]),
        ("  \n ", []),
    ],
)  # fmt: skip
def test_sentences(text: str, sentences: list[str]) -> None:
    """Stops, quotes, abbreviations, numbers and other scripts."""
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@given(st.text(st.sampled_from(list('aB.!?… \n"”)。1')), max_size=80))
def test_every_letter_is_in_one_sentence(text: str) -> None:
    """Spans are ordered, without white space at their ends, and nothing but space is between."""
    spans = sentence_spans(text)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@pytest.mark.parametrize("unit", ["Mr. ", ".", ". ", "a.", '"', "。", "\n", "! ", '." '])
def test_repeated_signs_take_linear_time(unit: str) -> None:
    """A megabyte of one sign or abbreviation is split within seconds."""
    began = process_time()
    sentence_spans("Start here. " + unit * (1_000_000 // len(unit)))
    assert process_time() - began < 5
