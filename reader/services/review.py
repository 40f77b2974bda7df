"""The daily review of highlights; how well each is remembered is kept in this device's state."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reader.library.device_identity import key_of
from reader.library.durable_io import write_whole
from reader.model.entry import Entry
from reader.model.errors import LibraryDamaged, NotSaved
from reader.model.highlight import Highlight
from reader.model.query import parse
from reader.search.discovery.spaced_repetition import A_DAY, Card, Remembered, due, reviewed
from reader.services.workspace import Shelf


@dataclass(frozen=True, slots=True)
class Question:
    """A highlight that comes up, with the article it is from."""

    entry: Entry
    highlight: Highlight


def questions(shelf: Shelf, *, limit: int = A_DAY) -> list[Question]:
    """The highlights to review now, overdue ones first. Raises LibraryDamaged.

    Reads the records of highlighted articles; a highlight that was deleted comes up no more.
    """
    listing = shelf.fresh_cache().listing(parse("has:highlights sort:-added"), now=shelf.now())
    found: dict[str, Question] = {}
    for entry in listing:
        for mark in shelf.library.get(entry.id).highlights:
            found[f"{entry.id}/{mark.id}"] = Question(entry, mark)
    return [found[key] for key in due(found, _cards(_file(shelf)), shelf.now(), limit)]


def answer(shelf: Shelf, question: Question, how: Remembered) -> datetime:
    """Note how well it was remembered; returns when it comes up again.

    Raises NotSaved, LibraryDamaged. One fsync.
    """
    file, key = _file(shelf), f"{question.entry.id}/{question.highlight.id}"
    cards = _cards(file)
    card = reviewed(key, cards.get(key), how, shelf.now())
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(file, _written({**cards, key: card}))
    except OSError as error:
        raise NotSaved(f"the review is not saved: {error.strerror} ({file.parent})") from error
    return card.due


def _file(shelf: Shelf) -> Path:
    return shelf.places.state / "libraries" / key_of(shelf.places.home) / "review.json"


def _cards(file: Path) -> dict[str, Card]:
    try:
        rows: Any = json.loads(file.read_bytes())
        return {
            key: Card(key, datetime.fromisoformat(memory["due"]), memory)
            for key, memory in rows.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise LibraryDamaged(f"{file} cannot be read: {error}: delete it to begin anew") from error


def _written(cards: Mapping[str, Card]) -> bytes:
    rows = {key: dict(card.memory) for key, card in sorted(cards.items())}
    return json.dumps(rows, indent=1).encode()
