"""What comes back without being searched for, as the app asks for it, over a person's own shelf.

Every method blocks on disk and is called in a thread; all raise ReaderErrors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from reader.model.entry import Entry, minutes_left
from reader.model.query import Query
from reader.services.workspace import Shelf
from reader.ui.desk import Done, Progress

if TYPE_CHECKING:
    from datetime import datetime

    from reader.search.discovery.similar_tags import Proposal
    from reader.search.discovery.spaced_repetition import Remembered
    from reader.search.discovery.statistics import Statistics
    from reader.services.duplicates import Group
    from reader.services.review import Question
    from reader.services.rules import Effect


@dataclass(frozen=True, slots=True)
class ToRead:
    """What fits the time at hand, with the minutes left of each, and what was forgotten."""

    fitting: Sequence[tuple[Entry, int]] = ()
    forgotten: Sequence[tuple[Entry, int]] = ()


class RecallingDesk(Protocol):
    """All that the recalling screens ask for."""

    def to_read(self, query: Query, minutes: int) -> ToRead: ...
    def questions(self) -> "Sequence[Question]": ...
    def answer(self, question: "Question", how: "Remembered") -> "datetime": ...
    def statistics(self) -> "Statistics": ...
    def alike_tags(self) -> "Sequence[Proposal]": ...
    def merge_tags(self, proposal: "Proposal") -> Done: ...
    def doubles(
        self, query: Query, progress: Progress, cancelled: Callable[[], bool]
    ) -> "Sequence[Group]": ...
    def merge_doubles(self, groups: "Sequence[Group]") -> Done: ...
    def ruled(self) -> "Sequence[Effect]": ...
    def apply_rules(self, planned: "Sequence[Effect]") -> Done: ...


class ShelfRecallingDesk:
    """See `RecallingDesk`; `changed` is called after each change."""

    def __init__(self, shelf: Shelf, changed: Callable[[], object]):
        self._shelf = shelf
        self._changed = changed

    def to_read(self, query: Query, minutes: int) -> ToRead:
        from reader.search.discovery.reading_suggestions import fitting, forgotten

        speed = self._shelf.settings.reading.speed
        found = list(self._shelf.fresh_cache().listing(query, now=self._shelf.now()))
        chosen = fitting(found, minutes, speed=speed)
        gems = [entry for entry in forgotten(found, self._shelf.now()) if entry not in chosen]
        return ToRead(
            [(entry, minutes_left(entry, speed)) for entry in chosen],
            [(entry, minutes_left(entry, speed)) for entry in gems],
        )

    def questions(self) -> "Sequence[Question]":
        from reader.services import review

        return review.questions(self._shelf)

    def answer(self, question: "Question", how: "Remembered") -> "datetime":
        from reader.services import review

        return review.answer(self._shelf, question, how)

    def statistics(self) -> "Statistics":
        from reader.services import statistics as statistics_service

        return statistics_service.reckon(self._shelf)

    def alike_tags(self) -> "Sequence[Proposal]":
        from reader.search.discovery.similar_tags import near_duplicates

        return near_duplicates(self._shelf.fresh_cache().counts().tags)

    def merge_tags(self, proposal: "Proposal") -> Done:
        from reader.services.tags import Plan, carry_out

        count = carry_out(self._shelf, Plan(tuple(proposal.others), proposal.keep))
        self._changed()
        return Done(f"Merged into #{proposal.keep}: {count} article{'' if count == 1 else 's'}")

    def doubles(
        self, query: Query, progress: Progress, cancelled: Callable[[], bool]
    ) -> "Sequence[Group]":
        from reader.services import duplicates

        return duplicates.doubles(self._shelf, query, progress=progress, cancelled=cancelled)

    def merge_doubles(self, groups: "Sequence[Group]") -> Done:
        from reader.services import duplicates

        count = duplicates.merge(self._shelf, groups)
        self._changed()
        return Done(f"Merged {count} article{'' if count == 1 else 's'}")

    def ruled(self) -> "Sequence[Effect]":
        from reader.model.rules import rules_of
        from reader.services import rules

        return rules.effects(self._shelf, rules_of(self._shelf.settings.rules))

    def apply_rules(self, planned: "Sequence[Effect]") -> Done:
        from reader.services import rules

        count = rules.carry_out(self._shelf, planned)
        self._changed()
        return Done(f"Rules changed {count} article{'' if count == 1 else 's'}")
