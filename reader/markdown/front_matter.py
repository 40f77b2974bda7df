"""The front matter of a Markdown text: lines of YAML with keys between two rules."""

import re
from typing import Final

MAX_FRONT_MATTER: Final = 1_000_000
"""Characters in which front matter must end; no text is searched further."""
_OPENING: Final = re.compile(r"---[ \t]*\n")
_CLOSING: Final = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_KEY_LINE: Final = re.compile(r"[^\W\d][\w .-]{0,40}[ \t]*:(?:\s|$)|\"[^\"]{1,40}\":")
_OTHER_LINE: Final = re.compile(r"\s|-(?:\s|$)|#|[\])}]")


def split_front_matter(text: str) -> tuple[str, str]:
    """Return the lines between the rules, and the text after them and one blank line.

    The first is empty if the text has none: a text may begin with a rule, too. Linear.
    """
    start = _OPENING.match(text)
    end = _CLOSING.search(text, start.end(), start.end() + MAX_FRONT_MATTER) if start else None
    if start is None or end is None:
        return "", text
    front = text[start.end() : end.start()]
    return (front, text[end.end() :].removeprefix("\n")) if has_keys(front) else ("", text)


def has_keys(front: str) -> bool:
    """Return whether lines are YAML as front matter has it: keys, lists, comments."""
    lines = [line for line in front.split("\n") if line.strip()]
    keys = sum(_KEY_LINE.match(line) is not None for line in lines)
    return bool(keys or not lines) and all(
        _KEY_LINE.match(line) or _OTHER_LINE.match(line) for line in lines
    )
