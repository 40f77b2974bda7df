"""Prose of an article by sentences: no headings, lists, code or captions."""

import re
from typing import Final

from reader.markdown.plain_text import to_plain_text
from reader.model.tokenizer import tokenize

_FENCE: Final = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
_NOT_PROSE: Final = re.compile(
    r"\s*(?:#{1,6}\s|>|[-*+]\s|\d{1,9}[.)]\s|\||!\[|={3,}|-{3,}|\[\^|[*_][^*_\n]+[*_]\s*$)"
)


def prose_paragraphs(markdown: str, limit: int | None = None) -> list[str]:
    """Return the prose paragraphs as plain single lines, in order. Linear in the text.

    `limit` is the number of characters of prose to read.
    """
    has_fence = "```" in markdown or "~~~" in markdown
    found: list[str] = []
    rest = len(markdown) if limit is None else limit
    for block in re.split(r"\n[ \t]*\n", _without_fences(markdown) if has_fence else markdown):
        if not block or block.startswith(("    ", "\t")) or _NOT_PROSE.match(block):
            continue
        if rest <= 0:
            break
        line = " ".join(to_plain_text(block[:rest]).split())
        rest -= len(block)
        if line:
            found.append(line)
    return found


def _without_fences(markdown: str) -> str:
    """Return the text without fenced code blocks; one without an end takes the rest.

    Reads each line once: a pattern from fence to fence is quadratic where many are open.
    """
    kept: list[str] = []
    fence = ""
    for line in markdown.splitlines(keepends=True):
        if fence:
            run = line.strip()
            if run.startswith(fence) and not run.strip(fence[0]):
                fence = ""
        elif line.startswith(("```", "~~~")) and (opening := _FENCE.match(line.rstrip("\r\n"))):
            fence = opening[0]
        else:
            kept.append(line)
    return "".join(kept)


def is_complete(sentence: str) -> bool:
    """Return whether the sentence has an end and at least five words."""
    ended = sentence.rstrip("\"'”’»)]」』）").endswith((".", "!", "?", "…", "。", "！", "？"))
    return ended and len(tokenize(sentence)) >= 5
