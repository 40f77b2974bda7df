"""The notebook: whole quotes with their notes, by article or by date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from reader.model.labels import label_of
from reader.model.text import clean, one_line
from reader.services.notebook import EntryHighlight, by_date, filter_highlights
from reader.ui.dialogs.dialog import Dialog
from reader.ui.dialogs.label_editor import COLOR_KEYS, label_content
from reader.ui.plain_content import plain_content, plain_lines

MAX_QUOTES: Final = 300
"""Quotes shown at once: an option list takes 0.1 ms for each; the filter reaches the others."""

_QUOTES: Final = ("“", '"', "„", "«", "「", "‘")
"""Signs with which a quote may begin, so that it gets no second pair."""

NotebookAction = Literal["open", "note", "label", "delete", "export", "undo"]


@dataclass(frozen=True, slots=True)
class NotebookState:
    """The filter, the grouping, and the id of the highlight under the cursor."""

    words: str = ""
    is_by_date: bool = False
    highlight: str = ""


@dataclass(frozen=True, slots=True)
class NotebookChoice:
    """An action on the highlight under the cursor; `shown` are all that pass the filter.

    `color` is the one to label with; without it the user is asked for a label.
    """

    action: NotebookAction
    mark: EntryHighlight | None
    shown: Sequence[EntryHighlight]
    state: NotebookState
    color: str = ""


class NotebookDialog(Dialog[NotebookChoice]):
    """Returns what to do with a highlight, and the state to come back to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("ctrl+d,pagedown,space", "page(1)", show=False),
        Binding("ctrl+u,pageup,b", "page(-1)", show=False),
        Binding("g,home", "end(0)", show=False),
        Binding("G,end", "end(-1)", show=False),
        Binding("enter,l,o", "answer('open')", show=False),
        Binding("c", "answer('note')", show=False),
        Binding("L", "answer('label')", show=False),
        *(
            Binding(key, f"answer('label', '{color}')", show=False)
            for key, color in COLOR_KEYS.items()
        ),
        Binding("d", "answer('delete')", show=False),
        Binding("u", "answer('undo')", show=False),
        Binding("x", "answer('export')", show=False),
        Binding("y", "copy", show=False),
        Binding("s", "regroup", show=False),
        Binding("slash", "filter", show=False),
        Binding("q", "cancel", show=False),
    ]
    width = 110

    def __init__(
        self,
        title: str,
        marks: Sequence[EntryHighlight],
        copy: Callable[[str], object],
        state: NotebookState | None = None,
    ):
        super().__init__()
        self._title = title
        self._marks = marks
        self._copy = copy
        self._state = state or NotebookState()
        self._shown: list[EntryHighlight] = []
        self._rows: list[EntryHighlight | None] = []
        self.add_class("-notebook-dialog" if marks else "-wide-dialog")
        self._set_hints()

    def _set_hints(self) -> None:
        group = "by article" if self._state.is_by_date else "by date"
        keys = (
            ("enter", "read"), ("c", "note"), ("L", "label"), ("d", "delete"), ("y", "copy"), ("x", "export"),
            ("s", group), ("/", "filter"),
        )  # fmt: skip
        self.key_hints = (*(keys if self._marks else ()), ("esc", "back"))

    def body(self) -> list[Widget]:
        field = Input(self._state.words, placeholder="words of quote, note, title, #label or #tag")
        field.display = bool(self._state.words)
        return [field, OptionList(), Static("", classes="dialog-empty")]

    def on_mount(self) -> None:
        self._fill()
        self.query_one(OptionList).focus()

    # Showing.

    def _fill(self) -> None:
        """Show the highlights that pass the filter, with the cursor on the one it was on."""
        state, options = self._state, self.query_one(OptionList)
        ordered = by_date(self._marks) if state.is_by_date else self._marks
        self._shown = filter_highlights(ordered, state.words)
        self._rows, prompts = [], []
        last = ""
        for mark in self._shown[:MAX_QUOTES]:
            group = mark.highlight.at[:10] if state.is_by_date else mark.entry.id
            if group != last:
                gap = Content("\n" if last else "")
                last = group
                self._rows.append(None)
                prompts.append(Option(Content.assemble(gap, self._heading(mark)), disabled=True))
            self._rows.append(mark)
            prompts.append(Option(self._quote(mark)))
        options.clear_options()
        options.add_options(prompts)
        options.display = bool(prompts)
        at = next((n for n, row in enumerate(self._rows) if _is_at(row, state.highlight)), 1)
        if prompts:
            options.highlighted = at
        self._show_position()

    def _heading(self, mark: EntryHighlight) -> Content:
        entry = mark.entry
        if self._state.is_by_date:
            return plain_content(mark.highlight.at[:10] or "no date", "$accent bold")
        title = plain_content(entry.title, "$accent bold")
        return title + Content("  ") + plain_content(entry.site or "", "$text-muted")

    def _quote(self, mark: EntryHighlight) -> Content:
        highlight = mark.highlight
        quote = highlight.quote.strip()
        parts = [plain_lines(quote if quote.startswith(_QUOTES) else f"“{quote}”")]
        if mark.is_article_note:
            parts = [plain_content("Note on the article", "$text-muted")]
        if any(label := label_of(highlight)):
            parts.append(label_content(label))
        if highlight.note:
            note = clean(highlight.note).strip().replace("\n", "\n▎ ")
            parts.append(Content.styled(f"▎ {note}", "italic"))
        about = mark.entry.title if self._state.is_by_date else highlight.at[:10]
        if about:
            parts.append(plain_content(about, "$text-muted"))
        return Content("\n").join(parts)

    def _show_position(self) -> None:
        """Show the number of the quote under the cursor, and the number of all."""
        current, total = self._current, len(self._shown)
        at = self._shown.index(current) + 1 if current is not None else 0
        of_all = f" of {len(self._marks):,}" if total < len(self._marks) else ""
        count = f"{at:,} of {total:,}" if total else "0"
        self.query_one(".dialog-title", Static).update(
            Content.assemble(
                plain_content(self._title), Content.styled(f"   {count}{of_all}", "$text-muted")
            )
        )
        empty = (
            "No highlight or note has these words."
            if self._marks
            else "No highlights or notes here. While reading, press v to select text and enter to "
            "save it, or c to write a note on the article."
        )
        more = total - MAX_QUOTES
        text = empty if not total else f"and {more:,} more: / finds them" if more > 0 else ""
        below = self.query_one(".dialog-empty", Static)
        below.update(plain_content(text))
        below.display = bool(text)

    @property
    def _current(self) -> EntryHighlight | None:
        at = self.query_one(OptionList).highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    @on(OptionList.OptionHighlighted)
    def _on_moved(self) -> None:
        if self.is_open:
            self._show_position()

    @on(OptionList.OptionSelected)
    def _on_selected(self) -> None:
        self.action_answer("open")

    # Keys.

    def action_step(self, rows: int) -> None:
        options = self.query_one(OptionList)
        if self.focused is not options:
            options.focus()
        elif rows > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_page(self, pages: int) -> None:
        options = self.query_one(OptionList)
        if pages > 0:
            options.action_page_down()  # type: ignore[no-untyped-call]
        else:
            options.action_page_up()  # type: ignore[no-untyped-call]

    def action_end(self, end: int) -> None:
        options = self.query_one(OptionList)
        if end:
            options.action_last()
        else:
            options.action_first()

    def action_regroup(self) -> None:
        """Group by date instead of by article, or the other way round."""
        self._state = replace(
            self._state, is_by_date=not self._state.is_by_date, highlight=self._current_id
        )
        self._set_hints()
        self.show_keys()
        self._fill()

    @property
    def _current_id(self) -> str:
        return self._current.highlight.id if self._current else ""

    def action_copy(self) -> None:
        """Copy the quote, with its note and its source."""
        mark = self._current
        if mark is not None:
            entry, highlight = mark.entry, mark.highlight
            source = one_line(" · ".join(part for part in (entry.title, entry.url) if part), 400)
            note = f"\n{highlight.note}" if highlight.note else ""
            self._copy(f"“{highlight.quote}”{note}\n{source}")

    def action_answer(self, action: NotebookAction, color: str = "") -> None:
        """Close with an action on the highlight under the cursor."""
        if self._current is not None or action == "undo":
            state = replace(self._state, highlight=self._neighbour_id(action))
            self.dismiss(NotebookChoice(action, self._current, self._shown, state, color))

    def _neighbour_id(self, action: NotebookAction) -> str:
        """Return the id to come back to: after a deletion, that of the next highlight."""
        current = self._current
        if current is None or action != "delete":
            return self._current_id
        at = self._shown.index(current)
        others = [*self._shown[at + 1 : at + 2], *self._shown[max(0, at - 1) : at]]
        return others[0].highlight.id if others else ""

    # Filter.

    def action_filter(self) -> None:
        field = self.query_one(Input)
        field.display = True
        field.focus()

    @on(Input.Changed)
    def _on_filter(self, event: Input.Changed) -> None:
        if self.is_open and event.value != self._state.words:
            self._state = replace(self._state, words=event.value, highlight=self._current_id)
            self._fill()

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.query_one(OptionList).focus()

    def action_cancel(self) -> None:
        """Clear the filter first, then close."""
        field = self.query_one(Input)
        if field.value or field.has_focus:
            field.value = ""
            field.display = False
            self.query_one(OptionList).focus()
        else:
            super().action_cancel()

    def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "up") and self.query_one(Input).has_focus:
            event.stop()
            self.query_one(OptionList).focus()


def _is_at(row: EntryHighlight | None, highlight: str) -> bool:
    return row is not None and row.highlight.id == highlight
