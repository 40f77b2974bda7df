"""No text makes a stage over a stored article slow: one sign or pair, repeated for a megabyte."""

import time
from collections.abc import Callable

import pytest

from reader.formats.xhtml import to_xhtml
from reader.markdown.outline import links, outline
from reader.markdown.plain_text import to_plain_text

SIZE = 250_000
"""Characters of each text: what is quadratic takes minutes at this size, too."""
MAX_SECONDS = 0.5
"""Processor time at `SIZE`: one second for a megabyte is asked, and test machines are busy."""
PAIRS = (
    '[ ] ( * _ ` ~ < ! \\ & $ | # > - + 1. = : ^ [[ ![ ]( [a]( [a]: <a <!-- <a" **a *a_ a* '
    "_a `a ``a` $a $$a ~~a &amp; &# \\* [^1] <http: http:// www. a@b. ![]( (a *a**a []() [][ a. 。 "
    "\" ' é 😀 <a@b.c"
).split()
LINES = (
    "> ", "- ", "1. ", "#\n", "-\n", "|\n", "|a|b|\n|-|-|\n", "[^1]: a\n", "\n> ", "\n\n    ", "\t",
    "a\n", "a  \n", "---\n", "===\n", "```\n", "~~~\n", "$$\n", "\x00", "> - ", "e.g. ", "Mr. A. ",
)  # fmt: skip
STAGES: dict[str, Callable[[str], object]] = {
    "outline": outline,
    "links": links,
    "plain text": to_plain_text,
    "XHTML": lambda text: to_xhtml(text, {}, lambda _: None),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_repeated_sign_takes_no_stage_long(stage: str) -> None:
    """Each stage over each text stays within its time."""
    slow = []
    for pair in (*PAIRS, *LINES):
        text = (pair * (SIZE // len(pair) + 1))[:SIZE]
        began = time.process_time()
        STAGES[stage](text)
        seconds = time.process_time() - began
        if seconds > MAX_SECONDS:
            slow.append((pair, round(seconds, 2)))
    assert not slow
