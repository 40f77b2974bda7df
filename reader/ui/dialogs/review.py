"""One question of the daily review: a highlight, its source, and four answers."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from reader.search.discovery.spaced_repetition import Grade
from reader.services.review import Question, format_interval
from reader.ui.dialogs.dialog import Dialog
from reader.ui.plain_content import plain_content, plain_lines

OPEN_ARTICLE = 0
"""The answer that opens the article instead."""


class ReviewDialog(Dialog[int]):
    """Returns how well it was remembered, as a `Grade`, or `OPEN_ARTICLE`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(int(how)), f"grade({int(how)})", show=False) for how in Grade),
        Binding("o", "read", show=False),
    ]
    key_hints = (
        ("1", "again"), ("2", "hard"), ("3", "good"), ("4", "easy"), ("o", "read"),
        ("esc", "stop"),
    )  # fmt: skip
    width = 76

    def __init__(self, question: Question, number: int, count: int):
        super().__init__()
        self.heading = f"Review {number} of {count}"
        self._question = question
        self.add_class("-wide-dialog")

    def body(self) -> list[Widget]:
        mark, entry = self._question.highlight, self._question.entry
        note = [Static(plain_lines(f"\n{mark.note}"))] if mark.note else []
        source = Static(
            plain_content(f"{entry.title} · {entry.site or ''}".rstrip(" ·")), classes="dialog-hint"
        )
        again = Static(plain_content(self._again()), classes="dialog-hint")
        return [VerticalScroll(Static(plain_lines(mark.quote)), *note), source, again]

    def _again(self) -> str:
        """Return when the highlight comes up again after each answer."""
        intervals = self._question.intervals
        each = [
            f"{label} {format_interval(intervals[Grade(int(key))])}"
            for key, label in self.key_hints
            if key.isdigit() and Grade(int(key)) in intervals
        ]
        return f"Next in: {' · '.join(each)}" if each else ""

    def action_grade(self, how: int) -> None:
        self.dismiss(how)

    def action_read(self) -> None:
        self.dismiss(OPEN_ARTICLE)
