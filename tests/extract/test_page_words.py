"""The bench's measures of lost words, on a page small enough to count by hand."""

import pytest

from reader.extract import removals
from tests.bench.extraction import lost_words, page_words

BEFORE = (
    "The ferry came in late that morning with a cargo of clocks, and the harbour master wrote down"
    " eleven of them before the tide turned and the crew went to look for their breakfast."
)
AFTER = (
    "Nobody in the town had ordered one, so they were set up along the pier, where the H<sub>2</sub>O"
    " of the spring floods stopped them one after another until only the smallest could be heard."
)
PAGE = (
    "<html><head><title>Clocks</title></head><body><main><article><h1>Clocks</h1>"
    f"<p>{BEFORE}</p><nav><a href='#l'>Lanterns and ropes</a></nav>"
    f"<p>{AFTER}</p></article></main><p hidden>Nobody</p></body></html>"
).encode()


def test_every_word_of_a_page_is_written_or_listed() -> None:
    """Text between the paragraphs that is left out is accounted for by the list."""
    words, lost = page_words.measure(PAGE)
    assert words > 50
    assert not lost
    assert lost_words.measure(PAGE)[1:] == ({}, {})


def test_a_text_that_is_not_listed_counts_as_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the list the words of the contents are missing, and only those."""
    monkeypatch.setattr(removals, "record_block", lambda _rule, _text: None)
    assert set(page_words.measure(PAGE)[1]) == {"lanterns", "and", "ropes"}


def test_words_that_markdown_writes_anew_are_not_lost() -> None:
    """Raised numbers, labels of callouts and joined spans are the same words in another form."""
    inside = (
        "<p>Nine<sup><a href='#n'>4</a></sup> gates. <a href='/g'><span>Oak</span><span>gate</span></a></p>"
        "<div class='admonition note'><p class='admonition-title'>Note</p><p>Mind the sill.</p></div>"
    )
    page = PAGE.replace(b"<nav>", inside.encode() + b"<nav>")
    assert not page_words.measure(page)[1]
