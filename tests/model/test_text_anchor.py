"""Quotes find their words again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.model.text_anchor import AnchorIndex, anchor_for

TEXT = (
    "The ferry is slow.\nA square is slow too, and nobody minds.\n\n"
    "People who did not plan to meet are kept together for a while. The ferry is slow.\n"
    "“The bus does not wait,” she said, “and nobody talks on it.”\n"
)


def found(quote: str, text: str = TEXT, **more: object) -> str | None:
    span = AnchorIndex(text).find(quote, **more)  # type: ignore[arg-type]
    return text[span.start : span.end] if span else None


def test_words_stand_where_they_stood() -> None:
    """A quote that occurs once needs no context."""
    assert found("nobody minds.") == "nobody minds."


def test_a_quote_may_run_over_paragraphs() -> None:
    """Spaces of a quote are folded, the text's line ends are not in the way."""
    assert found("nobody minds. People who did") == "nobody minds.\n\nPeople who did"


def test_surroundings_choose_between_equal_places() -> None:
    """The same words later in the text are found by what stands before them."""
    span = AnchorIndex(TEXT).find("The ferry is slow.", prefix="for a while. ")
    assert span is not None
    assert span.start == TEXT.rindex("The ferry")


def test_the_offset_chooses_where_surroundings_do_not() -> None:
    """Without context the nearest place counts."""
    text = "yes and yes and yes"
    assert AnchorIndex(text).find("yes", start=9) == (8, 11)


def test_typography_and_case_do_not_matter() -> None:
    """Straight quotes find curly ones."""
    assert found('"the bus does not wait,"') == "“The bus does not wait,”"


def test_a_changed_word_does_not_lose_the_quote() -> None:
    """An edit inside the words is survived, and whole words are marked."""
    quote = "People that had not planned to meet are kept together for a while."
    assert found(quote) == "People who did not plan to meet are kept together for a while."


def test_a_long_quote_is_found_by_its_ends() -> None:
    """A paragraph inserted into a long highlight is taken into it."""
    words = " ".join(f"word{number}" for number in range(200))
    changed = words.replace("word100 ", "quite other things were put in here ")
    text = f"Before.\n{changed}\nAfter."
    assert found(words, text) == changed


@pytest.mark.parametrize("quote", ["", "   ", "entirely different words that are not there at all"])
def test_what_is_gone_is_not_guessed(quote: str) -> None:
    """No place is better than a wrong one."""
    assert found(quote) is None


def test_a_selection_keeps_its_surroundings() -> None:
    """What `select` makes finds the same span again."""
    start = TEXT.index("slow too")
    made = anchor_for(TEXT, start - 1, start + 9)
    assert made.quote == "slow too,"
    assert made.prefix.endswith("A square is ")
    assert made.start == start


words = st.text("ab \n'é漢", max_size=60)


@settings(max_examples=200)
@given(words, st.integers(0, 60), st.integers(0, 60))
def test_any_selection_finds_itself(text: str, one: int, other: int) -> None:
    """Whatever was selected is found at the same place in the same text."""
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    made = anchor_for(text, start, end)
    span = AnchorIndex(text).find(made.quote, made.prefix, made.suffix, made.start)
    if not made.quote:
        assert span is None
    else:
        assert span is not None
        assert " ".join(text[span.start : span.end].split()) == made.quote


@settings(max_examples=100)
@given(words, words)
def test_no_text_raises(text: str, quote: str) -> None:
    """Any quote in any text gives a span inside it, or none."""
    span = AnchorIndex(text).find(quote)
    assert span is None or 0 <= span.start < span.end <= len(text)
