"""Library digest in Markdown: begun, new, short and neglected articles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from reader.model.entry import Entry, State, minutes_left_at
from reader.model.text import clean
from reader.search.discovery.reading_suggestions import neglected, within_minutes

_MARKDOWN_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~])")
_SHORT_READ_MINUTES: Final = 10
"""Minutes of a short read."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its entries; no entry is in two sections."""

    title: str
    entries: tuple[Entry, ...]


def make_sections(
    entries: Sequence[Entry], now: datetime, *, speed: int = 0, limit: int = 5
) -> list[Section]:
    """Return the non-empty sections for entries in any order."""
    week_ago = f"{now.astimezone(UTC) - timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}"
    waiting = [entry for entry in entries if not entry.trashed and not entry.archived]
    newest = sorted(waiting, key=lambda entry: (entry.added, entry.id), reverse=True)
    begun = [entry for entry in newest if entry.state is State.READING]
    new = [entry for entry in newest if entry.state is State.UNREAD and entry.added >= week_ago]
    offered = (
        ("Continue reading", begun),
        ("New this week", new),
        (
            f"Short reads, up to {_SHORT_READ_MINUTES} minutes",
            within_minutes(newest, _SHORT_READ_MINUTES, speed=speed, limit=4 * limit),
        ),
        ("Forgotten gems", neglected(newest, now, limit=4 * limit)),
    )
    shown: set[str] = set()
    found: list[Section] = []
    for title, candidates in offered:
        chosen = tuple(entry for entry in candidates if entry.id not in shown)[:limit]
        shown.update(entry.id for entry in chosen)
        if chosen:
            found.append(Section(title, chosen))
    return found


def format_digest(parts: Sequence[Section], now: datetime, *, speed: int = 0) -> str:
    """Format the digest: a heading with the local date, then one list per section."""
    lines = [f"# Digest of {now.astimezone():%Y-%m-%d}", ""]
    for part in parts:
        lines += [
            f"## {part.title}",
            "",
            *(_format_entry(entry, speed) for entry in part.entries),
            "",
        ]
    if not parts:
        lines += ["Nothing is waiting.", ""]
    return "\n".join(lines)


def _format_entry(entry: Entry, speed: int) -> str:
    title = _escape_text(entry.title)
    linked = f"[{title}](<{_escape_url(entry.url)}>)" if entry.url else title
    facts = [_escape_text(entry.site)] if entry.site else []
    facts.append(
        f"{minutes_left_at(entry, speed)} min" + (" left" if entry.progress >= 0.02 else "")
    )
    return f"- {linked} ({', '.join(facts)}) `{entry.id}`"


def _escape_text(text: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", " ".join(clean(text).split()))


def _escape_url(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C").replace("\n", "")
