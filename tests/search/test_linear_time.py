"""Every stage over a stored text takes time in proportion to the text, whatever it repeats."""

from collections.abc import Callable
from time import process_time
from typing import Final

import pytest

from reader.model.query import TextTerm
from reader.model.sentences import sentence_spans
from reader.search.discovery.near_duplicates import minhash
from reader.search.discovery.similarity import _count_terms
from reader.search.text.match_finder import find_matches
from reader.search.text.prose import prose_paragraphs
from reader.search.text.snippets import find_best_place, make_snippet
from reader.search.text.summary import key_phrases, summarise

SIZE: Final = 120_000
"""Characters of each text."""
SUSPECT_SECONDS: Final = 0.1
"""Processor time from which the same is measured with a quarter of the text."""
MAX_RATIO: Final = 8
"""Between the two: 4 is linear, 16 quadratic."""

UNITS: Final = (
    "[", "](", "[](", "![](", "[[", "<", "<a ", "<!--", "https://a.b/", "mailto:a@", "www.", "*", "_",
    "*a ", "*_", "`", "```", "```\n", "```a\n", "~~~\n", "````\n~~~~\n", "|-", "| a |\n", "# ", "> ",
    "- ", "1. ", "\\[", "&#", "$", "[^a]: ", "{{", "\"", "“", "…", ".", "..", ". ", ".\n", "? ", "Mr. ",
    "e.g. ", "U.S. ", "No. 1 ", ".' ", ". (", "。", "。」", "a.", "A", "1", " ", "\n", "\u0301", "a\u0301",
    "ß", "½", "한", "字", "क", "का", "ا", "😀", "a-", "a’s ", "===", "---\n", "ab ab. ", "same ", "ssss",
)  # fmt: skip
"""Signs, pairs, marks, abbreviations, unfinished addresses, unclosed tags and plain letters."""

WORDS: Final = (TextTerm("sword"), TextTerm("same word"), TextTerm("ßab", True), TextTerm("字"))

STAGES: Final[dict[str, Callable[[str], object]]] = {
    "summary": lambda text: summarise("A title", text),
    "paragraphs": prose_paragraphs,
    "sentences": sentence_spans,
    "phrases": lambda text: key_phrases("A title", [text], 8),
    "snippet": lambda text: make_snippet(text, WORDS),
    "best place": lambda text: find_best_place(text, WORDS),
    "single words": lambda text: find_matches(text, (TextTerm("sword"), TextTerm("ab", True))),
    "phrases and other scripts": lambda text: find_matches(text, WORDS),
    "terms of similarity": _count_terms,
    "sketch": minhash,
}


def seconds(stage: str, text: str) -> float:
    """Return the processor time of the stage, the better of two runs."""
    times = []
    for _ in range(2):
        start = process_time()
        STAGES[stage](text)
        times.append(process_time() - start)
        if times[0] < SUSPECT_SECONDS:
            break
    return min(times)


@pytest.mark.parametrize("stage", STAGES)
def test_no_repeated_sign_makes_a_stage_slow(stage: str) -> None:
    """The processor time of each stage grows no faster than the text."""
    slow: dict[str, tuple[float, float]] = {}
    for unit in UNITS:
        text = (unit * (SIZE // len(unit) + 1))[:SIZE]
        whole = seconds(stage, text)
        if whole > SUSPECT_SECONDS:
            quarter = seconds(stage, text[: SIZE // 4])
            if whole > MAX_RATIO * quarter:
                slow[unit] = (round(quarter, 3), round(whole, 3))
    assert not slow
