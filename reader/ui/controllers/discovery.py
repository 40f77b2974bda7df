"""Suggestions, review, statistics, duplicates, similar tags and rules."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from reader.model.text import one_line, plural
from reader.services.outcome import Outcome
from reader.ui.backend import ReadingSuggestions
from reader.ui.controllers.context import UIContext
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.picker import PickerDialog, Row
from reader.ui.dialogs.prompt import PromptDialog

if TYPE_CHECKING:
    from reader.model.entry import Entry
    from reader.search.discovery.similar_tags import MergeProposal
    from reader.search.discovery.statistics import Statistics
    from reader.services.duplicates import DuplicateGroup
    from reader.services.review import Question
    from reader.services.rules import RuleEffect

DEFAULT_MINUTES: Final = 15
"""Minutes suggested in the prompt."""
MAX_EFFECTS: Final = 8
"""Effects of rules that the confirmation lists, so that it fits a screen of 24 lines."""


class DiscoveryController:
    """Loads what a command shows, opens it in a dialog, and applies the answer."""

    def __init__(self, context: UIContext):
        self._context = context
        self._backend = context.backend.discovery

    # Suggestions.

    def suggest(self) -> None:
        """Ask for minutes, then suggest articles of the list that fit."""
        dialog = PromptDialog(
            "How many minutes do you have?", value=str(DEFAULT_MINUTES), answer="show"
        )
        self._context.prompt(dialog, self._load_suggestions)

    def _load_suggestions(self, text: str) -> None:
        number = text.removesuffix("min").strip()
        if not (number.isdecimal() and number.isascii() and len(number) < 5):
            self._context.notify_error(f"{one_line(text, 40)} is not a number of minutes")
            return
        query = self._context.state.query
        self._context.load_dialog(
            "suggest",
            lambda: self._backend.to_read(query, int(number)),
            self._show_suggestions,
        )

    def _show_suggestions(self, found: ReadingSuggestions) -> None:
        rows = [
            Row(entry.title, entry, f"{left} min", entry.site or "")
            for entry, left in found.within_minutes
        ]
        rows += [
            Row(entry.title, entry, f"{left} min", f"neglected · {entry.site or ''}".rstrip(" ·"))
            for entry, left in found.neglected
        ]
        dialog: PickerDialog[Entry] = PickerDialog(
            f"To read now: {self._context.state.filter.title}",
            rows,
            has_filter=False,
            answer="read",
            empty="Nothing here fits, and nothing is neglected.",
        )
        dialog.add_class("-wide-dialog")
        self._context.prompt(dialog, self._context.open_entry)

    # Review.

    def review(self) -> None:
        """Ask about due highlights, one after the other."""
        self._context.load_dialog("review", self._backend.due_questions, self._start_review)

    def _start_review(self, due: "Sequence[Question]") -> None:
        if not due:
            self._context.notify_info("No highlight is due today.")
        else:
            self._ask_question(due, 0)

    def _ask_question(self, due: "Sequence[Question]", number: int) -> None:
        from reader.search.discovery.spaced_repetition import Grade
        from reader.ui.dialogs.review import OPEN_ARTICLE, ReviewDialog

        question = due[number]

        def answer(grade: int) -> None:
            if grade == OPEN_ARTICLE:
                self._context.open_entry(question.entry, question.highlight)
                return
            self._context.hold_keys()
            self._context.tasks.run_serial(
                lambda: self._backend.answer(question, Grade(grade)),
                lambda _: self._next_question(due, number + 1),
            )

        self._context.prompt(ReviewDialog(question, number + 1, len(due)), answer)

    def _next_question(self, due: "Sequence[Question]", number: int) -> None:
        if number < len(due):
            self._ask_question(due, number)
        else:
            self._context.notify_info(
                f"{plural(len(due), 'highlight')} reviewed; no more are due today."
            )
        self._context.release_keys()

    # Statistics.

    def statistics(self) -> None:
        """Show the statistics of the library."""
        self._context.load_dialog("statistics", self._backend.statistics, self._show_statistics)

    def _show_statistics(self, found: "Statistics") -> None:
        from reader.ui.dialogs.statistics import StatisticsDialog

        self._context.prompt(StatisticsDialog(found), lambda _: None)

    # Duplicates.

    def find_duplicates(self) -> None:
        """Compare the texts of the listed articles, then offer to merge duplicates."""
        find = partial(self._backend.find_duplicates, self._context.state.query)
        self._context.start_job("comparing", find, self._show_duplicates)

    def _show_duplicates(self, groups: "Sequence[DuplicateGroup]") -> None:
        rows: list[Row[Sequence[DuplicateGroup]]] = [
            Row(group.survivor.title, (group,), f"+{len(group.others)}", self._others(group))
            for group in groups
        ]
        if len(groups) > 1:
            rows.insert(0, Row("All of them", groups, f"{len(groups):,} groups"))
        dialog = PickerDialog("Duplicates", rows, answer="merge", empty="No duplicates found.")
        dialog.add_class("-wide-dialog")
        dialog.opens_unasked = True
        self._context.prompt(
            dialog, lambda chosen: self._change(lambda: self._backend.merge_duplicates(chosen))
        )

    def _others(self, group: "DuplicateGroup") -> str:
        return " · ".join(one_line(entry.site or entry.title, 40) for entry in group.others)

    # Similar tags and rules.

    def similar_tags(self) -> None:
        """Offer to merge tags that probably mean the same."""
        self._context.load_dialog("similar", self._backend.similar_tags, self._show_similar_tags)

    def _show_similar_tags(self, found: "Sequence[MergeProposal]") -> None:
        rows = [
            Row(f"{', '.join(f'#{tag}' for tag in each.others)} → #{each.keep}", each, each.reason)
            for each in found
        ]
        dialog = PickerDialog("Similar tags", rows, answer="merge", empty="No similar tags found.")
        self._context.prompt(
            dialog, lambda each: self._change(lambda: self._backend.merge_tags(each))
        )

    def rules(self) -> None:
        """Show the effects of the rules, and apply them after a confirmation."""
        self._context.load_dialog("rules", self._backend.plan_rules, self._confirm_rules)

    def _confirm_rules(self, planned: "Sequence[RuleEffect]") -> None:
        if not planned:
            self._context.notify_info("No rule changes anything.")
            return
        lines = [
            f"{one_line(each.entry.title, 40)}: {each.description}"
            for each in planned[:MAX_EFFECTS]
        ]
        if len(planned) > MAX_EFFECTS:
            lines.append(f"and {len(planned) - MAX_EFFECTS} more")
        dialog = ConfirmDialog(
            f"Apply the rules to {plural(len(planned))}?", "\n".join(lines), "apply"
        )
        self._context.prompt(
            dialog, lambda _: self._change(lambda: self._backend.apply_rules(planned))
        )

    def _change(self, function: Callable[[], Outcome]) -> None:
        self._context.tasks.run_serial(function, self._context.show_outcome)
