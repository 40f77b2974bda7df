"""A text field that completes paths."""

import os
from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual.suggester import Suggester
from textual.widgets import Input

from reader.model.text import clean
from reader.paths import expand_user

MAX_LISTED: Final = 5_000
"""Names of a folder that are looked at: a folder on a slow disk must not delay the next key."""


@dataclass(frozen=True, slots=True)
class PathMatches:
    """The names that continue a path, folders with `/`, and the path up to where they part."""

    names: Sequence[str] = ()
    completed: str = ""


def match_path(text: str) -> PathMatches:
    """Return the names of files and folders that continue a path. Blocks on disk.

    Hidden files are completed from their dot; names with control characters are left out.
    """
    before, slash, start = text.rpartition("/")
    if not text.startswith(("/", "~", "./", "../")) or not slash:
        return PathMatches()
    try:
        with os.scandir(expand_user(before + slash)) as found:
            names = sorted(
                f"{each.name}/" if each.is_dir() else each.name
                for each, _ in zip(found, range(MAX_LISTED), strict=False)
                if each.name.startswith(start) and (start or not each.name.startswith("."))
            )
    except (OSError, ValueError):
        return PathMatches()
    shown = [name for name in names if clean(name) == name]
    common = _common_start(shown)
    return PathMatches(shown, f"{before}{slash}{common}" if common else "")


def _common_start(names: Sequence[str]) -> str:
    """Return the characters that sorted names have in common; empty without names."""
    if not names:
        return ""
    first, last = names[0], names[-1]
    pairs = zip(first, last, strict=False)
    length = next((at for at, (one, other) in enumerate(pairs) if one != other), None)
    return first if length is None else first[:length]


class _PathSuggester(Suggester):
    """Suggests the first name that continues the path."""

    def __init__(self) -> None:
        # Files come and go: no suggestion is kept.
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        found = await to_thread(match_path, value)
        return value[: value.rfind("/") + 1] + found.names[0] if found.names else None


class PathField(Input):
    """A field that suggests the rest of a path; `right` accepts it, `complete` as far as it is clear."""

    def __init__(self, value: str = "", **options: Any):
        super().__init__(value, suggester=_PathSuggester(), select_on_focus=False, **options)

    async def complete(self) -> Sequence[str]:
        """Complete the path as far as it is clear; returns the names to choose from.

        Empty if nothing continues the path. Keys typed meanwhile wait.
        """
        if not self.cursor_at_end:
            return ()
        found = await to_thread(match_path, self.value)
        if len(found.completed) > len(self.value):
            self.value = found.completed
            self.cursor_position = len(self.value)
            return found.names
        return found.names if len(found.names) > 1 else ()
