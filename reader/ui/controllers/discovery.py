"""What comes back by itself: what to read now, the review, statistics, doubles, alike tags, rules."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from reader.model.text import one_line
from reader.ui.backend import Outcome, ReadingSuggestions
from reader.ui.controllers.article import ArticleController
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entry_list import ListController
from reader.ui.controllers.status import JobController
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.picker import PickerDialog, Row
from reader.ui.dialogs.prompt import PromptDialog
from reader.ui.widgets.status_line import StatusMessage

if TYPE_CHECKING:
    from reader.model.entry import Entry
    from reader.search.discovery.similar_tags import MergeProposal
    from reader.search.discovery.statistics import Statistics
    from reader.services.duplicates import DuplicateGroup
    from reader.services.review import Question
    from reader.services.rules import RuleEffect

DEFAULT_MINUTES = 15
"""Minutes at hand where nothing else is said."""


class DiscoveryController:
    """Each key asks in a thread, shows the answer in a dialog, and does what is picked."""

    def __init__(
        self,
        stage: UIContext,
        browsing: ListController,
        working: JobController,
        reading: ArticleController,
    ):
        self._context = stage
        self._entry_list = browsing
        self._jobs = working
        self._article = reading
        self._backend = stage.backend.discovery

    # -- what to read now -----------------------------------------------------------------------

    def to_read(self) -> None:
        """Ask for the minutes at hand, then show what fits among what the list shows."""
        dialog = PromptDialog("Minutes at hand", value=str(DEFAULT_MINUTES), answer="show")
        self._context.prompt(dialog, self._load_suggestions)

    def _load_suggestions(self, words: str) -> None:
        number = words.removesuffix("min").strip()
        if not (number.isdecimal() and number.isascii() and len(number) < 5):
            self._context.notify_error(f"{one_line(words, 40)} is no number of minutes")
            return
        query = self._entry_list.query
        ask = self._context.tasks.run_latest
        ask("to-read", lambda: self._backend.to_read(query, int(number)), self._show_suggestions)

    def _show_suggestions(self, found: ReadingSuggestions) -> None:
        rows = [
            Row(entry.title, entry, f"{left} min", entry.site or "")
            for entry, left in found.within_minutes
        ]
        rows += [
            Row(entry.title, entry, f"{left} min", f"forgotten · {entry.site or ''}".rstrip(" ·"))
            for entry, left in found.neglected
        ]
        dialog: PickerDialog[Entry] = PickerDialog(
            f"To read now: {self._entry_list.filter.title}",
            rows,
            typing=False,
            answer="read",
            empty="Nothing here fits, and nothing was forgotten.",
        )
        dialog.add_class("-wide-dialog")
        self._context.prompt(dialog, self._article.open)

    # -- the review -----------------------------------------------------------------------------

    def review(self) -> None:
        """Ask for the highlights that are due, one after the other."""
        self._context.tasks.run_latest("review", self._backend.due_questions, self._start_review)

    def _start_review(self, due: "Sequence[Question]") -> None:
        if not due:
            self._context.show_message(StatusMessage("No highlight is due today."))
        else:
            self._ask_question(due, 0)

    def _ask_question(self, due: "Sequence[Question]", number: int) -> None:
        from reader.search.discovery.spaced_repetition import Grade
        from reader.ui.dialogs.review import OPEN_ARTICLE, ReviewDialog

        question = due[number]

        def answered(how: int) -> None:
            if how == OPEN_ARTICLE:
                self._article.open_at(question.entry, question.highlight)
                return
            self._context.tasks.run_serial(
                lambda: self._backend.answer(question, Grade(how)),
                lambda _: self._next_question(due, number + 1),
            )

        self._context.prompt(ReviewDialog(question, number + 1, len(due)), answered)

    def _next_question(self, due: "Sequence[Question]", number: int) -> None:
        if number < len(due):
            self._ask_question(due, number)
        else:
            self._context.show_message(
                StatusMessage(f"{len(due)} reviewed; that is all for today.")
            )

    # -- statistics -----------------------------------------------------------------------------

    def statistics(self) -> None:
        self._context.tasks.run_latest(
            "statistics", self._backend.statistics, self._show_statistics
        )

    def _show_statistics(self, found: "Statistics") -> None:
        from reader.ui.dialogs.statistics import StatisticsDialog

        self._context.prompt(StatisticsDialog(found), lambda _: None)

    # -- doubles --------------------------------------------------------------------------------

    def find_duplicates(self) -> None:
        """Compare the texts of what the list shows, then offer to merge those that say the same."""
        query = self._entry_list.query
        groups: list[DuplicateGroup] = []

        def compare(progress: Callable[[int, int], None], stopped: Callable[[], bool]) -> Outcome:
            groups.extend(self._backend.find_duplicates(query, progress, stopped))
            return Outcome("", undoable=False)

        self._jobs.start("comparing", compare, lambda _: self._show_duplicates(groups))

    def _show_duplicates(self, groups: "Sequence[DuplicateGroup]") -> None:
        rows: list[Row[Sequence[DuplicateGroup]]] = [
            Row(group.survivor.title, (group,), f"+{len(group.others)}", self._others(group))
            for group in groups
        ]
        if len(groups) > 1:
            rows.insert(0, Row("All of them", groups, f"{len(groups)} groups"))
        dialog = PickerDialog(
            "The same text twice", rows, answer="merge", empty="No two articles say the same."
        )
        dialog.add_class("-wide-dialog")
        self._context.prompt(
            dialog, lambda picked: self._change(lambda: self._backend.merge_duplicates(picked))
        )

    def _others(self, group: "DuplicateGroup") -> str:
        return " · ".join(one_line(entry.site or entry.title, 40) for entry in group.others)

    # -- alike tags, rules ----------------------------------------------------------------------

    def similar_tags(self) -> None:
        """Offer to merge tags that probably mean the same."""
        self._context.tasks.run_latest("alike", self._backend.similar_tags, self._show_similar_tags)

    def _show_similar_tags(self, found: "Sequence[MergeProposal]") -> None:
        rows = [
            Row(f"{', '.join(f'#{tag}' for tag in each.others)} → #{each.keep}", each, each.reason)
            for each in found
        ]
        dialog = PickerDialog("Alike tags", rows, answer="merge", empty="No two tags are alike.")
        self._context.prompt(
            dialog, lambda each: self._change(lambda: self._backend.merge_tags(each))
        )

    def rules(self) -> None:
        """Show what the rules of the settings would change, and do it once that is agreed."""
        self._context.tasks.run_latest("rules", self._backend.plan_rules, self._confirm_rules)

    def _confirm_rules(self, planned: "Sequence[RuleEffect]") -> None:
        if not planned:
            self._context.show_message(StatusMessage("No rule changes anything."))
            return
        shown = [f"{one_line(each.entry.title, 40)}: {each.description}" for each in planned[:8]]
        more = [f"and {len(planned) - 8} more"] if len(planned) > 8 else []
        count = f"{len(planned)} article{'' if len(planned) == 1 else 's'}"
        dialog = ConfirmDialog(f"Apply the rules to {count}?", "\n".join(shown + more), "apply")
        self._context.prompt(
            dialog, lambda _: self._change(lambda: self._backend.apply_rules(planned))
        )

    def _change(self, task: Callable[[], Outcome]) -> None:
        def settle(done: Outcome) -> None:
            self._context.notify_outcome(done)
            self._entry_list.refresh()

        self._context.tasks.run_serial(task, settle)

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "to-read": self.to_read,
            "review": self.review,
            "statistics": self.statistics,
            "doubles": self.find_duplicates,
            "alike-tags": self.similar_tags,
            "rules": self.rules,
        }
