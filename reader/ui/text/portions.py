"""Endless paragraphs cut into portions that can be set one at a time."""

import re
from typing import Final

LONGEST: Final = 4_000
"""Code points up to which a paragraph stays whole."""
LEAST: Final = 2_000
MOST: Final = 8_000
_END: Final = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+|(?<=[。！？])|\n")


def portions(raw: str) -> list[str]:
    """The paragraph's Markdown cut after sentences, outside links, emphasis and code.

    Where none ends for long, it is cut anywhere; all but white space at the cuts is kept.
    """
    if len(raw) <= LONGEST:
        return [raw]
    found: list[str] = []
    start = 0
    while len(raw) - start > LONGEST:
        end = _cut(raw, start)
        found.append(raw[start:end].strip())
        start = end
    return [*found, raw[start:].strip()]


def _cut(raw: str, start: int) -> int:
    for end in _END.finditer(raw, start + LEAST, start + MOST):
        if _is_balanced(raw[start : end.end()]):
            return end.end()
    space = raw.rfind(" ", start + LEAST, start + MOST)
    return space + 1 if space >= 0 else start + MOST


def _is_balanced(portion: str) -> bool:
    """Whether nothing that was opened in it is still open, as far as counting tells."""
    return (
        portion.count("[") == portion.count("]")
        and portion.count("(") == portion.count(")")
        and not any(portion.count(sign) % 2 for sign in "*_`$~")
    )
