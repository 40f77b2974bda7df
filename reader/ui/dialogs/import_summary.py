"""The result of an import: what came, why the rest did not, and the rows that failed."""

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from reader.model.text import plural
from reader.ui.dialogs.dialog import TextDialog
from reader.ui.plain_content import plain_content

if TYPE_CHECKING:
    from reader.services.imports import ImportReport

ImportChoice = Literal["queued", "fetch"]
_COUNT_CELLS = 8
"""Cells of the column of counts: a million with its commas fits."""


class ImportSummaryDialog(TextDialog[ImportChoice]):
    """Returns `queued` to show the links that wait, `fetch` to download them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer('queued')", show=False),
        Binding("f", "answer('fetch')", show=False),
    ]
    width = 76

    def __init__(self, report: "ImportReport"):
        super().__init__()
        self._report = report
        self.heading = f"Imported from {report.program}"
        waiting = (("enter", "show queued"), ("f", "fetch them")) if self._waiting else ()
        scroll = (("j k", "scroll"),) if report.refused else ()
        self.key_hints = (*waiting, *scroll, ("esc", "close"))
        self.add_class("-wide-dialog")
        self.opens_unasked = True

    @property
    def _waiting(self) -> int:
        return max(0, self._report.new - self._report.with_text)

    def body(self) -> list[Widget]:
        found = self._report
        counts = [
            (found.new, "new"),
            (found.with_text, "of them with their text"),
            (self._waiting, "queued to be fetched"),
            (found.known, "already there; they gained tags, notes and highlights"),
            (found.trashed, "of these in the trash, where they stay"),
            (found.undated, "without a readable date; new ones get today's"),
            (found.skipped, "bookmarklets and the like, skipped"),
        ]
        lines = [_counted(count, text) for count, text in counts if count or text == "new"]
        if found.refused_count:
            lines += [
                Content(""),
                _head(f"{plural(found.refused_count, 'row')} could not be imported"),
            ]
            lines += [_counted(count, reason) for reason, count in found.reasons.most_common()]
            lines += [Content(""), _head("Rows of the file")]
            lines += [_counted(row.row, row.reason) for row in found.refused]
            more = found.refused_count - len(found.refused)
            lines += [Content(f"and {more:,} more")] if more else []
        return [VerticalScroll(Static(Content("\n").join(lines)))]

    def action_answer(self, choice: ImportChoice) -> None:
        self.dismiss(choice if self._waiting else None)


def _counted(count: int, text: str) -> Content:
    return Content.styled(f"{count:>{_COUNT_CELLS},}  ", "bold") + plain_content(text)


def _head(words: str) -> Content:
    return Content.styled(words, "$accent bold")
