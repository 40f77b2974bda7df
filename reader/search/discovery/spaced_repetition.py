"""Highlights asked again at growing intervals, by how well they are remembered.

The intervals are those of FSRS (Free Spaced Repetition Scheduler), from the fsrs library.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final

from reader.model.errors import LibraryDamagedError

DAILY_LIMIT: Final = 20
"""Highlights of one day's review."""


class Grade(IntEnum):
    """How well a highlight was remembered, as FSRS counts it."""

    FORGOTTEN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """When a highlight comes up again; `memory` is the scheduler's own state, as JSON values."""

    highlight: str
    due: datetime
    memory: Mapping[str, Any]


def grade_card(highlight: str, card: ReviewCard | None, how: Grade, now: datetime) -> ReviewCard:
    """The card after a review. Raises LibraryDamaged where its memory cannot be read."""
    # Imported here: ⏱ fsrs takes 50 ms to import, and only a review needs it.
    from fsrs import Card as Memory
    from fsrs import Rating, Scheduler

    scheduler = Scheduler(enable_fuzzing=False, learning_steps=(), relearning_steps=())
    try:
        memory = Memory.from_dict(dict(card.memory)) if card else Memory(card_id=1)  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError) as error:
        raise LibraryDamagedError(
            f"the review of {highlight[:40]!r} cannot be read: {error}"
        ) from error
    after, _ = scheduler.review_card(memory, Rating(int(how)), now.astimezone(UTC))
    return ReviewCard(highlight, after.due, dict(after.to_dict()))


def due_highlights(
    highlights: Iterable[str],
    cards: Mapping[str, ReviewCard],
    now: datetime,
    limit: int = DAILY_LIMIT,
) -> list[str]:
    """Highlights to review now: those overdue longest, then those never reviewed, in their order."""
    known = list(highlights)
    overdue = sorted(
        (cards[each].due, position, each)
        for position, each in enumerate(known)
        if each in cards and cards[each].due <= now
    )
    new = [each for each in known if each not in cards]
    return [*(each for *_, each in overdue), *new][:limit]
