"""The two text fields: the filter of the list, and words to find."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from textual.widgets import Input

from reader.search.text.query_completion import Completion, CompletionValues, complete
from reader.ui.controllers.context import UIContext
from reader.ui.widgets.search_field import OPEN_CLASS, CompletionList

MAX_SUGGESTIONS: Final = 6
"""Suggestions shown below the field."""


@dataclass(frozen=True, slots=True)
class _Suggestion:
    """`text` is the search with the suggestion in it, `cursor` the position behind it."""

    shown: str
    text: str
    cursor: int


def _suggestion(text: str, found: Completion) -> _Suggestion:
    whole = text[: found.start] + found.text + text[found.end :]
    return _Suggestion(found.label, whole, found.start + len(found.text))


class CompletionController:
    """Suggests completions of the search, and recent searches."""

    def __init__(self, context: UIContext, completion_list: CompletionList):
        self._context = context
        self._field = context.filter
        self._list = completion_list
        self._completions = CompletionValues()
        self._recent: Sequence[str] = ()
        self._rows: Sequence[_Suggestion] = ()
        self._at: int | None = None

    def start(self) -> None:
        """Load completions and recent searches."""
        run_latest, backend = self._context.tasks.run_latest, self._context.backend
        run_latest("recent", backend.recent_searches, self._set_recent)
        run_latest("known", backend.completions, self._set_completions)
        self.update()

    def _set_recent(self, recent: Sequence[str]) -> None:
        self._recent = recent
        self.update()

    def _set_completions(self, known: CompletionValues) -> None:
        self._completions = known
        self.update()

    def update(self) -> None:
        """Update the suggestions for the input. Hide them if the field has no focus."""
        text, cursor = self._field.value, self._field.cursor_position
        if not self._context.has_focus(self._field):
            self._rows = ()
        elif not text.strip():
            self._rows = [
                _Suggestion(each, each, len(each)) for each in self._recent[:MAX_SUGGESTIONS]
            ]
        else:
            found = complete(text, cursor, self._completions)[:MAX_SUGGESTIONS]
            self._rows = [_suggestion(text, each) for each in found]
        self._at = None
        self._show()

    def step(self, rows: int) -> None:
        """Choose the next suggestion or the previous one; none beyond the ends."""
        count = len(self._rows)
        at = -1 if self._at is None else self._at
        stepped = (at + 1 + rows) % (count + 1) - 1
        self._at = None if stepped < 0 else stepped
        self._show()

    @property
    def has_choice(self) -> bool:
        """True if a suggestion is chosen."""
        return self._at is not None

    def accept(self) -> bool:
        """Insert the chosen suggestion, else the first. Returns whether there was one."""
        if not self._rows:
            return False
        chosen = self._rows[self._at or 0]
        self._field.value = chosen.text
        self._field.cursor_position = chosen.cursor
        return True

    def _show(self) -> None:
        self._list.show_completions(tuple(row.shown for row in self._rows), self._at)


class SearchController:
    """Opens and closes the two fields; the filter stays open while it is set."""

    def __init__(
        self,
        context: UIContext,
        set_text: Callable[[str], None],
        apply_suggestion: Callable[[], bool],
        completion: CompletionController,
        find: Input,
    ):
        self._context = context
        self._apply_suggestion = apply_suggestion
        self._completion = completion
        self._filter = context.filter
        self._filter.on_value_change = set_text
        self._find = find

    @property
    def is_finding(self) -> bool:
        """True if the field for words to find has the focus."""
        return self._context.has_focus(self._find)

    def search(self) -> None:
        """Open the filter; the list follows the input."""
        self._filter.add_class(OPEN_CLASS)
        self._context.focus(self._filter)
        self._completion.start()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Update the suggestions, or the matches in the text."""
        if event.input is self._filter:
            self._completion.update()
        elif event.input is self._find:
            self._context.article.find(event.value)
            if event.value.strip():
                self._show_match_number()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Finish a search in the text."""
        if event.input is self._find:
            self._close_find()
            self._show_match_number()

    def accept(self) -> None:
        """Accept the chosen suggestion, or the corrected search; else go to the rows.

        A search that cannot be parsed stays in the field: the rows are those of the one before it.
        """
        if self._completion.has_choice:
            self._completion.accept()
        elif self._context.state.query_correction:
            self._filter.value = self._context.state.query_correction
            self._filter.cursor_position = len(self._filter.value)
        elif self._context.state.query_error:
            self._context.notify_error(self._context.state.query_error)
        elif not self._apply_suggestion():
            self._remember(self._filter.value)
            self._focus_list()

    def _remember(self, search: str) -> None:
        if search.strip() and not self._context.state.query_error:
            backend = self._context.backend
            self._context.tasks.run_latest(
                "remember", lambda: backend.remember_search(search), lambda _: None
            )

    def _focus_list(self) -> None:
        self._context.focus(self._context.entries)
        self._completion.update()
        self.show_filter()

    def show_filter(self) -> None:
        """Show the filter if it has text."""
        self._filter.set_class(bool(self._filter.value), OPEN_CLASS)

    def find(self) -> None:
        """Open the field for words to find in the text."""
        self._find.add_class(OPEN_CLASS)
        self._context.focus(self._find)

    def _show_match_number(self) -> None:
        at, count = self._context.article.match_position
        self._context.notify_info(f"{at:,} of {count:,}" if count else "Not in this text.")

    def leave(self) -> bool:
        """Close the focused field and clear it. Returns whether a field had the focus."""
        if self._context.has_focus(self._filter):
            self._filter.value = ""
            self._focus_list()
        elif self._context.has_focus(self._find):
            self._find.value = ""
            self._close_find()
        else:
            return False
        return True

    def _close_find(self) -> None:
        self._find.remove_class(OPEN_CLASS)
        self._context.focus(self._context.article)

    def step_match(self, step: int) -> None:
        """Go to the next match or the previous one, and show its number."""
        article = self._context.article
        article.step_match(step)
        if article.match_position[1]:
            self._show_match_number()
        else:
            key = self._context.keys.key("find")
            self._context.notify_info(f"No words are marked in this text. {key} finds some.")
