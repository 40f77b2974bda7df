"""The discovery backend over a workspace: suggestions, review, duplicates, tags and rules.

Every method blocks on disk and is called in a thread; all raise ReaderError.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reader.model.entry import minutes_left_at
from reader.model.query import Query
from reader.services.outcome import Outcome
from reader.services.workspace import Job, Workspace
from reader.ui.backend import ReadingSuggestions

if TYPE_CHECKING:
    from datetime import datetime

    from reader.search.discovery.similar_tags import MergeProposal
    from reader.search.discovery.spaced_repetition import Grade
    from reader.search.discovery.statistics import Statistics
    from reader.services.duplicates import DuplicateGroup
    from reader.services.review import Question
    from reader.services.rules import RuleEffect


class LibraryDiscovery:
    """See `DiscoveryBackend`; `on_change` is called after each change."""

    def __init__(self, workspace: Workspace, on_change: Callable[[], object]):
        self._workspace = workspace
        self._on_change = on_change

    def to_read(self, query: Query, minutes: int) -> ReadingSuggestions:
        from reader.search.discovery.reading_suggestions import neglected, within_minutes

        speed = self._workspace.settings.reading.speed
        found = list(self._workspace.synced_cache().listing(query, now=self._workspace.now()))
        chosen = within_minutes(found, minutes, speed=speed)
        gems = [entry for entry in neglected(found, self._workspace.now()) if entry not in chosen]
        return ReadingSuggestions(
            [(entry, minutes_left_at(entry, speed)) for entry in chosen],
            [(entry, minutes_left_at(entry, speed)) for entry in gems],
        )

    def due_questions(self) -> "Sequence[Question]":
        from reader.services import review

        return review.due_questions(self._workspace)

    def answer(self, question: "Question", how: "Grade") -> "datetime":
        from reader.services import review

        return review.record_answer(self._workspace, question, how)

    def statistics(self) -> "Statistics":
        from reader.services import statistics as statistics_service

        return statistics_service.collect_statistics(self._workspace)

    def similar_tags(self) -> "Sequence[MergeProposal]":
        from reader.search.discovery.similar_tags import propose_merges

        return propose_merges(self._workspace.synced_cache().facets().tags)

    def merge_tags(self, proposal: "MergeProposal") -> Outcome:
        from reader.services.tags import TagChange, apply

        outcome = apply(self._workspace, TagChange(tuple(proposal.others), proposal.keep))
        self._on_change()
        return outcome

    def find_duplicates(self, query: Query, job: Job) -> "Sequence[DuplicateGroup]":
        from reader.services import duplicates

        return duplicates.find_duplicates(self._workspace, query, job=job)

    def merge_duplicates(self, groups: "Sequence[DuplicateGroup]") -> Outcome:
        from reader.services import duplicates

        outcome = duplicates.merge(self._workspace, groups)
        self._on_change()
        return outcome

    def plan_rules(self) -> "Sequence[RuleEffect]":
        from reader.model.rules import parse_rules
        from reader.services import rules

        return rules.plan_effects(self._workspace, parse_rules(self._workspace.settings.rules))

    def apply_rules(self, planned: "Sequence[RuleEffect]") -> Outcome:
        from reader.services import rules

        outcome = rules.apply_all(self._workspace, planned)
        self._on_change()
        return outcome
