"""What comes back by itself: what to read now, the review, statistics, doubles, alike tags, rules."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from reader.model.text import one_line
from reader.ui.backend import Done, ToRead
from reader.ui.controllers.article import Reading
from reader.ui.controllers.context import Stage
from reader.ui.controllers.entry_list import Browsing
from reader.ui.controllers.status import Working
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.picker import PickDialog, Row
from reader.ui.dialogs.prompt import WordsDialog
from reader.ui.widgets.status_line import Note

if TYPE_CHECKING:
    from reader.model.entry import Entry
    from reader.search.discovery.similar_tags import Proposal
    from reader.search.discovery.statistics import Statistics
    from reader.services.duplicates import Group
    from reader.services.review import Question
    from reader.services.rules import Effect

A_BREAK = 15
"""Minutes at hand where nothing else is said."""


class Recalling:
    """Each key asks in a thread, shows the answer in a dialog, and does what is picked."""

    def __init__(self, stage: Stage, browsing: Browsing, working: Working, reading: Reading):
        self._stage = stage
        self._browsing = browsing
        self._working = working
        self._reading = reading
        self._desk = stage.desk.recalling

    # -- what to read now -----------------------------------------------------------------------

    def to_read(self) -> None:
        """Ask for the minutes at hand, then show what fits among what the list shows."""
        dialog = WordsDialog("Minutes at hand", value=str(A_BREAK), answer="show")
        self._stage.ask(dialog, self._fitting)

    def _fitting(self, words: str) -> None:
        number = words.removesuffix("min").strip()
        if not (number.isdecimal() and number.isascii() and len(number) < 5):
            self._stage.wrong(f"{one_line(words, 40)} is no number of minutes")
            return
        query = self._browsing.query
        ask = self._stage.errands.ask
        ask("to-read", lambda: self._desk.to_read(query, int(number)), self._show_to_read)

    def _show_to_read(self, found: ToRead) -> None:
        rows = [
            Row(entry.title, entry, f"{left} min", entry.site or "")
            for entry, left in found.fitting
        ]
        rows += [
            Row(entry.title, entry, f"{left} min", f"forgotten · {entry.site or ''}".rstrip(" ·"))
            for entry, left in found.forgotten
        ]
        dialog: PickDialog[Entry] = PickDialog(
            f"To read now: {self._browsing.choice.title}",
            rows,
            typing=False,
            answer="read",
            empty="Nothing here fits, and nothing was forgotten.",
        )
        dialog.add_class("-wide-dialog")
        self._stage.ask(dialog, self._reading.open)

    # -- the review -----------------------------------------------------------------------------

    def review(self) -> None:
        """Ask for the highlights that are due, one after the other."""
        self._stage.errands.ask("review", self._desk.questions, self._begin_review)

    def _begin_review(self, due: "Sequence[Question]") -> None:
        if not due:
            self._stage.note(Note("No highlight is due today."))
        else:
            self._ask_for(due, 0)

    def _ask_for(self, due: "Sequence[Question]", number: int) -> None:
        from reader.search.discovery.spaced_repetition import Remembered
        from reader.ui.dialogs.review import READ, ReviewDialog

        question = due[number]

        def answered(how: int) -> None:
            if how == READ:
                self._reading.open_at(question.entry, question.highlight)
                return
            self._stage.errands.change(
                lambda: self._desk.answer(question, Remembered(how)),
                lambda _: self._go_on(due, number + 1),
            )

        self._stage.ask(ReviewDialog(question, number + 1, len(due)), answered)

    def _go_on(self, due: "Sequence[Question]", number: int) -> None:
        if number < len(due):
            self._ask_for(due, number)
        else:
            self._stage.note(Note(f"{len(due)} reviewed; that is all for today."))

    # -- statistics -----------------------------------------------------------------------------

    def statistics(self) -> None:
        self._stage.errands.ask("statistics", self._desk.statistics, self._show_statistics)

    def _show_statistics(self, found: "Statistics") -> None:
        from reader.ui.dialogs.statistics import StatisticsDialog

        self._stage.ask(StatisticsDialog(found), lambda _: None)

    # -- doubles --------------------------------------------------------------------------------

    def doubles(self) -> None:
        """Compare the texts of what the list shows, then offer to merge those that say the same."""
        query = self._browsing.query
        groups: list[Group] = []

        def compare(progress: Callable[[int, int], None], stopped: Callable[[], bool]) -> Done:
            groups.extend(self._desk.doubles(query, progress, stopped))
            return Done("", undoable=False)

        self._working.start("comparing", compare, lambda _: self._show_doubles(groups))

    def _show_doubles(self, groups: "Sequence[Group]") -> None:
        rows: list[Row[Sequence[Group]]] = [
            Row(group.keep.title, (group,), f"+{len(group.others)}", self._others(group))
            for group in groups
        ]
        if len(groups) > 1:
            rows.insert(0, Row("All of them", groups, f"{len(groups)} groups"))
        dialog = PickDialog(
            "The same text twice", rows, answer="merge", empty="No two articles say the same."
        )
        dialog.add_class("-wide-dialog")
        self._stage.ask(
            dialog, lambda picked: self._change(lambda: self._desk.merge_doubles(picked))
        )

    def _others(self, group: "Group") -> str:
        return " · ".join(one_line(entry.site or entry.title, 40) for entry in group.others)

    # -- alike tags, rules ----------------------------------------------------------------------

    def alike_tags(self) -> None:
        """Offer to merge tags that probably mean the same."""
        self._stage.errands.ask("alike", self._desk.alike_tags, self._show_alike)

    def _show_alike(self, found: "Sequence[Proposal]") -> None:
        rows = [
            Row(f"{', '.join(f'#{tag}' for tag in each.others)} → #{each.keep}", each, each.why)
            for each in found
        ]
        dialog = PickDialog("Alike tags", rows, answer="merge", empty="No two tags are alike.")
        self._stage.ask(dialog, lambda each: self._change(lambda: self._desk.merge_tags(each)))

    def rules(self) -> None:
        """Show what the rules of the settings would change, and do it once that is agreed."""
        self._stage.errands.ask("rules", self._desk.ruled, self._show_ruled)

    def _show_ruled(self, planned: "Sequence[Effect]") -> None:
        if not planned:
            self._stage.note(Note("No rule changes anything."))
            return
        shown = [f"{one_line(each.entry.title, 40)}: {each.said}" for each in planned[:8]]
        more = [f"and {len(planned) - 8} more"] if len(planned) > 8 else []
        count = f"{len(planned)} article{'' if len(planned) == 1 else 's'}"
        dialog = ConfirmDialog(f"Apply the rules to {count}?", "\n".join(shown + more), "apply")
        self._stage.ask(dialog, lambda _: self._change(lambda: self._desk.apply_rules(planned)))

    def _change(self, task: Callable[[], Done]) -> None:
        def settle(done: Done) -> None:
            self._stage.said(done)
            self._browsing.refresh()

        self._stage.errands.change(task, settle)

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "to-read": self.to_read,
            "review": self.review,
            "statistics": self.statistics,
            "doubles": self.doubles,
            "alike-tags": self.alike_tags,
            "rules": self.rules,
        }
