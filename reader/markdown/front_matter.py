"""The front matter of a Markdown text: lines of YAML with keys between two rules."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from reader.model.text import one_line

MAX_FRONT_MATTER: Final = 1_000_000
"""Characters in which front matter must end; no text is searched further."""
_OPENING: Final = re.compile(r"---[ \t]*\n")
_CLOSING: Final = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_KEY_LINE: Final = re.compile(r"[^\W\d][\w .-]{0,40}[ \t]*:(?:\s|$)|\"[^\"]{1,40}\":")
_KEY: Final = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
_INNER_KEY: Final = re.compile(
    r"\s+(?:- +)?(name|email|url|link|image|id|affiliation|orcid|avatar|twitter|github):[ \t]+(\S.*)"
)
"""A field of an author in a list."""
_BLOCK_SCALARS: Final = frozenset(("|", ">", "|-", ">-", "|+", ">+"))
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


def write_front_matter(values: Mapping[str, Any]) -> str:
    """Return front matter with a blank line after it; empty values are left out.

    Every text is a JSON string, which YAML reads the same.
    """
    lines = [
        f"{name}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in values.items()
        if value not in (None, [], "")
    ]
    return "\n".join(["---", *lines, "---", "", ""])


def read_values(front: str) -> dict[str, Any]:
    """Return the values of front matter that `write_front_matter` wrote; others are text."""
    values: dict[str, Any] = {}
    for line in front.split("\n"):
        name, colon, value = line.partition(": ")
        if colon:
            try:
                values[name] = json.loads(value)
            except (ValueError, RecursionError):
                values[name] = value
    return values


def read_lists(front: str) -> dict[str, list[str]]:
    """Return the scalars of each key of any front matter: one, or those of a list of scalars.

    Keys are in lower case, with `_` for spaces and hyphens. Of nested values only names are read.
    """
    values: dict[str, list[str]] = {}
    last: list[str] = []
    for line in front.split("\n"):
        key = _KEY.match(line)
        if key:
            last = values.setdefault(key[1].casefold().replace(" ", "_").replace("-", "_"), [])
            value = (key[2] or "").strip()
            # The lines of a block scalar follow.
            last += [""] if value in _BLOCK_SCALARS else _read_scalars(value)
        elif inner := _INNER_KEY.match(line):
            last += _read_scalars(inner[2]) if inner[1] == "name" else []
        elif line.lstrip().startswith("- "):
            last += _read_scalars(line.lstrip()[2:])
        elif line.startswith("  ") and last:
            last[-1] = f"{last[-1]} {line.strip()}".strip()
    return values


def _read_scalars(value: str) -> list[str]:
    value = value.strip()
    if value.startswith("[") and value.endswith("]") and not value.startswith("[["):
        return [item for part in value[1:-1].split(",") if (item := unquote_scalar(part))]
    return [item] if (item := unquote_scalar(value)) and item not in _BLOCK_SCALARS else []


def quote_scalar(value: str) -> str:
    """Quote a text for YAML, so that nothing in it has a meaning."""
    escaped = one_line(value, 2000).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def quote_list(values: Sequence[str]) -> str:
    """Return a list of texts for YAML, on one line."""
    return f"[{', '.join(map(quote_scalar, values))}]"


def unquote_scalar(value: str) -> str:
    """Return the text of a YAML scalar in quotation marks or without."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        quote, value = value[0], value[1:-1]
        return value.replace("''", "'") if quote == "'" else re.sub(r"\\([\"\\])", r"\1", value)
    return value
