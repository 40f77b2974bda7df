"""The two lines to type in: the list's filter, and what to find in the text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual.widgets import Input

from reader.search.text.query_completion import Completion, CompletionValues, complete
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entry_list import ListController
from reader.ui.widgets.search_field import OPEN_CLASS, CompletionList
from reader.ui.widgets.status_line import StatusMessage

MAX_SUGGESTIONS: Final = 6
"""Lines offered."""


@dataclass(frozen=True, slots=True)
class _Suggestion:
    """`text` is the whole search with the offer in it, `cursor` stands behind what it put in."""

    shown: str
    text: str
    cursor: int


def _suggestion(text: str, found: Completion) -> _Suggestion:
    whole = text[: found.start] + found.text + text[found.end :]
    return _Suggestion(found.label, whole, found.start + len(found.text))


class CompletionController:
    """Offers while the filter is typed in; the list follows what is taken."""

    def __init__(self, stage: UIContext, offers: CompletionList):
        self._context = stage
        self._field = stage.filter
        self._list = offers
        self._completions = CompletionValues()
        self._recent: Sequence[str] = ()
        self._rows: Sequence[_Suggestion] = ()
        self._at: int | None = None

    def start(self) -> None:
        """Learn what the library has to offer, and offer."""
        ask, desk = self._context.tasks.run_latest, self._context.backend
        ask("recent", desk.recent_searches, self._set_recent)
        ask("known", desk.completions, self._set_completions)
        self.update()

    def _set_recent(self, recent: Sequence[str]) -> None:
        self._recent = recent
        self.update()

    def _set_completions(self, known: CompletionValues) -> None:
        self._completions = known
        self.update()

    def update(self) -> None:
        """Offer what fits what is typed, nothing of it chosen; nothing where nobody types."""
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
        """Choose the next offer, or the one before; none beyond the ends."""
        count = len(self._rows)
        at = -1 if self._at is None else self._at
        stepped = (at + 1 + rows) % (count + 1) - 1
        self._at = None if stepped < 0 else stepped
        self._show()

    @property
    def has_choice(self) -> bool:
        """Whether one of the offers is chosen."""
        return self._at is not None

    def accept(self) -> bool:
        """Put the chosen offer in the field, else the first; whether there was one."""
        if not self._rows:
            return False
        offer = self._rows[self._at or 0]
        self._field.value = offer.text
        self._field.cursor_position = offer.cursor
        return True

    def _show(self) -> None:
        self._list.show_completions(tuple(offer.shown for offer in self._rows), self._at)


class SearchController:
    """Each is there while it is typed in; the filter stays while it narrows the list."""

    def __init__(
        self,
        stage: UIContext,
        browsing: ListController,
        offering: CompletionController,
        find: Input,
    ):
        self._context = stage
        self._entry_list = browsing
        self._completion = offering
        self._filter = stage.filter
        self._filter.on_value_change = browsing.set_text
        self._find = find

    @property
    def is_finding(self) -> bool:
        """Whether someone types what to find in the text."""
        return self._context.has_focus(self._find)

    def search(self) -> None:
        """Type a filter; the list follows."""
        self._filter.add_class(OPEN_CLASS)
        self._context.focus(self._filter)
        self._completion.start()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow what is typed: the offers below it, or the marks in the text."""
        if event.input is self._filter:
            self._completion.update()
        elif event.input is self._find:
            self._show_matches(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on with what was typed."""
        if event.input is self._find:
            self._finish_find()

    def accept(self) -> None:
        """Take what is chosen, or what may have been meant; else go on to the rows."""
        if self._completion.has_choice:
            self._completion.accept()
        elif not self._entry_list.apply_suggestion():
            self._remember(self._filter.value)
            self._focus_list()

    def _remember(self, search: str) -> None:
        if search.strip() and not self._entry_list.query_error:
            desk = self._context.backend
            self._context.tasks.run_latest(
                "remember", lambda: desk.remember_search(search), lambda _: None
            )

    def complete(self) -> None:
        """Put the first offer, or the chosen one, in the place of the word; else go on."""
        if not self._completion.accept():
            self._focus_list()

    def _focus_list(self) -> None:
        self._context.focus(self._context.entries)
        self._completion.update()
        self.show_filter()

    def show_filter(self) -> None:
        """Show the filter's line if there is something in it."""
        self._filter.set_class(bool(self._filter.value), OPEN_CLASS)

    def find(self) -> None:
        """Type what to find in the text."""
        self._find.add_class(OPEN_CLASS)
        self._context.focus(self._find)

    def _show_matches(self, wording: str) -> None:
        """Mark what was typed so far, and say how often it is there."""
        self._context.article.find(wording)
        at, count = self._context.article.match_position
        if wording.strip():
            self._context.show_message(
                StatusMessage(f"{at} of {count}" if count else "Not in this text.")
            )

    def _finish_find(self) -> None:
        at, count = self._context.article.match_position
        self._close_find()
        self._context.show_message(
            StatusMessage(f"{at} of {count}" if count else "Not in this text.")
        )

    def leave(self) -> bool:
        """Leave the line that is typed in, its words given up; whether there was one."""
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
        """The next match or the one before, and which of how many it is."""
        article = self._context.article
        if step > 0:
            article.action_next_match()
        else:
            article.action_previous_match()
        at, count = article.match_position
        if count:
            self._context.show_message(StatusMessage(f"{at} of {count}"))

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "search": self.search,
            "search-keep": self.accept,
            "search-complete": self.complete,
            "search-down": lambda: self._completion.step(1),
            "search-up": lambda: self._completion.step(-1),
            "search-leave": self.leave,
            "find": self.find,
            "find-next": lambda: self.step_match(1),
            "find-before": lambda: self.step_match(-1),
        }
