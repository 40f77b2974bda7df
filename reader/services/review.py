"""The daily review of highlights; its schedule is stored in this device's state folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from reader.library.durable_io import atomic_write, read_plain_file
from reader.library.state_folder import state_folder
from reader.model.entry import Entry
from reader.model.errors import LibraryDamagedError, WriteError
from reader.model.highlight import Highlight
from reader.model.query import parse
from reader.search.discovery.spaced_repetition import (
    DAILY_LIMIT,
    Grade,
    ReviewCard,
    due_highlights,
    grade_card,
)
from reader.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Question:
    """A highlight that is due, with its article.

    `intervals` are the times until it is due again after each answer.
    """

    entry: Entry
    highlight: Highlight
    intervals: Mapping[Grade, timedelta] = field(default_factory=dict)


def format_interval(interval: timedelta) -> str:
    """Return `10 min`, `5 h` or `3 d`."""
    seconds = interval.total_seconds()
    if seconds < 5400:
        return f"{max(round(seconds / 60), 1)} min"
    return f"{round(seconds / 3600)} h" if seconds < 86_400 else f"{round(seconds / 86_400)} d"


def due_questions(workspace: Workspace, *, limit: int = DAILY_LIMIT) -> list[Question]:
    """Return the highlights to review now, overdue ones first. Raises LibraryDamagedError.

    Reads the records of highlighted articles; deleted highlights are no longer due.
    """
    listing = workspace.synced_cache().listing(
        parse("has:highlights sort:-added"), now=workspace.now()
    )
    found: dict[str, Question] = {}
    for entry in listing:
        for mark in workspace.library.get(entry.id).highlights:
            found[f"{entry.id}/{mark.id}"] = Question(entry, mark)
    cards, now = _read_cards(_file(workspace)), workspace.now()
    return [
        replace(found[key], intervals=_intervals(key, cards.get(key), now))
        for key in due_highlights(found, cards, now, limit)
    ]


def _intervals(key: str, card: ReviewCard | None, now: datetime) -> dict[Grade, timedelta]:
    return {grade: grade_card(key, card, grade, now).due - now for grade in Grade}


def record_answer(workspace: Workspace, question: Question, how: Grade) -> datetime:
    """Record how well a highlight was remembered; return when it is due again.

    Raises WriteError, LibraryDamagedError. One fsync.
    """
    file, key = _file(workspace), f"{question.entry.id}/{question.highlight.id}"
    cards = _read_cards(file)
    card = grade_card(key, cards.get(key), how, workspace.now())
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        atomic_write(file, _encode({**cards, key: card}))
    except OSError as error:
        raise WriteError(f"the review is not saved: {error.strerror} ({file.parent})") from error
    return card.due


def _file(workspace: Workspace) -> Path:
    return state_folder(workspace.places) / "review.json"


def _read_cards(file: Path) -> dict[str, ReviewCard]:
    try:
        rows: Any = json.loads(read_plain_file(file))
        return {
            key: ReviewCard(key, datetime.fromisoformat(memory["due"]), memory)
            for key, memory in rows.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise LibraryDamagedError(
            f"{file} cannot be read: {error}: delete it to start over"
        ) from error


def _encode(cards: Mapping[str, ReviewCard]) -> bytes:
    rows = {key: dict(card.memory) for key, card in sorted(cards.items())}
    return json.dumps(rows, indent=1).encode()
