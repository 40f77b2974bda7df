"""The daily review of highlights; how well each is remembered is kept in this device's state."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reader.library.device_identity import library_key
from reader.library.durable_io import atomic_write
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
    """A highlight that comes up, with the article it is from."""

    entry: Entry
    highlight: Highlight


def due_questions(shelf: Workspace, *, limit: int = DAILY_LIMIT) -> list[Question]:
    """The highlights to review now, overdue ones first. Raises LibraryDamaged.

    Reads the records of highlighted articles; a highlight that was deleted comes up no more.
    """
    listing = shelf.synced_cache().listing(parse("has:highlights sort:-added"), now=shelf.now())
    found: dict[str, Question] = {}
    for entry in listing:
        for mark in shelf.library.get(entry.id).highlights:
            found[f"{entry.id}/{mark.id}"] = Question(entry, mark)
    return [
        found[key] for key in due_highlights(found, _read_cards(_file(shelf)), shelf.now(), limit)
    ]


def record_answer(shelf: Workspace, question: Question, how: Grade) -> datetime:
    """Note how well it was remembered; returns when it comes up again.

    Raises NotSaved, LibraryDamaged. One fsync.
    """
    file, key = _file(shelf), f"{question.entry.id}/{question.highlight.id}"
    cards = _read_cards(file)
    card = grade_card(key, cards.get(key), how, shelf.now())
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        atomic_write(file, _encode({**cards, key: card}))
    except OSError as error:
        raise WriteError(f"the review is not saved: {error.strerror} ({file.parent})") from error
    return card.due


def _file(shelf: Workspace) -> Path:
    return shelf.places.state / "libraries" / library_key(shelf.places.home) / "review.json"


def _read_cards(file: Path) -> dict[str, ReviewCard]:
    try:
        rows: Any = json.loads(file.read_bytes())
        return {
            key: ReviewCard(key, datetime.fromisoformat(memory["due"]), memory)
            for key, memory in rows.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise LibraryDamagedError(
            f"{file} cannot be read: {error}: delete it to begin anew"
        ) from error


def _encode(cards: Mapping[str, ReviewCard]) -> bytes:
    rows = {key: dict(card.memory) for key, card in sorted(cards.items())}
    return json.dumps(rows, indent=1).encode()
