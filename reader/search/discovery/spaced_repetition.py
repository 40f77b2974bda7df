"""Spaced repetition of highlights.

The intervals come from FSRS (Free Spaced Repetition Scheduler) in the fsrs library.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final

from reader.model.errors import LibraryDamagedError

DAILY_LIMIT: Final = 20
"""Highlights per daily review."""


class Grade(IntEnum):
    """FSRS rating of how well the user remembered a highlight."""

    FORGOTTEN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """Next review of a highlight; `memory` is the scheduler's state as JSON values."""

    highlight: str
    due: datetime
    memory: Mapping[str, Any]


def grade_card(highlight: str, card: ReviewCard | None, how: Grade, now: datetime) -> ReviewCard:
    """Return the card after a review. Raises LibraryDamagedError if its memory is invalid."""
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
    """Return the highlights to review now: longest overdue first, then new ones in order."""
    known = list(highlights)
    overdue = sorted(
        (cards[each].due, position, each)
        for position, each in enumerate(known)
        if each in cards and cards[each].due <= now
    )
    new = [each for each in known if each not in cards]
    return [*(each for *_, each in overdue), *new][:limit]
