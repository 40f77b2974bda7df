"""The two lines to type in: the list's filter, and what to find in the text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual.widgets import Input

from reader.search.text.query_completion import Completion, Known, completions
from reader.ui.controllers.context import Stage
from reader.ui.controllers.entry_list import Browsing
from reader.ui.widgets.search_field import OPEN, Offers
from reader.ui.widgets.status_line import Note

MOST: Final = 6
"""Lines offered."""


@dataclass(frozen=True, slots=True)
class _Offer:
    """`text` is the whole search with the offer in it, `cursor` stands behind what it put in."""

    shown: str
    text: str
    cursor: int


def _completed(text: str, found: Completion) -> _Offer:
    whole = text[: found.start] + found.text + text[found.end :]
    return _Offer(found.shown, whole, found.start + len(found.text))


class Offering:
    """Offers while the filter is typed in; the list follows what is taken."""

    def __init__(self, stage: Stage, offers: Offers):
        self._stage = stage
        self._field = stage.filter
        self._offers = offers
        self._known = Known()
        self._recent: Sequence[str] = ()
        self._rows: Sequence[_Offer] = ()
        self._at: int | None = None

    def begin(self) -> None:
        """Learn what the library has to offer, and offer."""
        ask, desk = self._stage.errands.ask, self._stage.desk
        ask("recent", desk.recent, self._learn_recent)
        ask("known", desk.known, self._learn_known)
        self.offer()

    def _learn_recent(self, recent: Sequence[str]) -> None:
        self._recent = recent
        self.offer()

    def _learn_known(self, known: Known) -> None:
        self._known = known
        self.offer()

    def offer(self) -> None:
        """Offer what fits what is typed, nothing of it chosen; nothing where nobody types."""
        text, cursor = self._field.value, self._field.cursor_position
        if not self._stage.is_at(self._field):
            self._rows = ()
        elif not text.strip():
            self._rows = [_Offer(each, each, len(each)) for each in self._recent[:MOST]]
        else:
            found = completions(text, cursor, self._known)[:MOST]
            self._rows = [_completed(text, each) for each in found]
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
    def is_chosen(self) -> bool:
        """Whether one of the offers is chosen."""
        return self._at is not None

    def take(self) -> bool:
        """Put the chosen offer in the field, else the first; whether there was one."""
        if not self._rows:
            return False
        offer = self._rows[self._at or 0]
        self._field.value = offer.text
        self._field.cursor_position = offer.cursor
        return True

    def _show(self) -> None:
        self._offers.show(tuple(offer.shown for offer in self._rows), self._at)


class Fields:
    """Each is there while it is typed in; the filter stays while it narrows the list."""

    def __init__(self, stage: Stage, browsing: Browsing, offering: Offering, find: Input):
        self._stage = stage
        self._browsing = browsing
        self._offering = offering
        self._filter = stage.filter
        self._filter.follow = browsing.type
        self._find = find

    @property
    def is_finding(self) -> bool:
        """Whether someone types what to find in the text."""
        return self._stage.is_at(self._find)

    def search(self) -> None:
        """Type a filter; the list follows."""
        self._filter.add_class(OPEN)
        self._stage.focus(self._filter)
        self._offering.begin()

    def typed(self, event: Input.Changed) -> None:
        """Follow what is typed: the offers below it, or the marks in the text."""
        if event.input is self._filter:
            self._offering.offer()
        elif event.input is self._find:
            self._tell_matches(event.value)

    def kept(self, event: Input.Submitted) -> None:
        """Go on with what was typed."""
        if event.input is self._find:
            self._found()

    def keep(self) -> None:
        """Take what is chosen, or what may have been meant; else go on to the rows."""
        if self._offering.is_chosen:
            self._offering.take()
        elif not self._browsing.take_instead():
            self._remember(self._filter.value)
            self._go_on()

    def _remember(self, search: str) -> None:
        if search.strip() and not self._browsing.wrong:
            desk = self._stage.desk
            self._stage.errands.ask("remember", lambda: desk.remember(search), lambda _: None)

    def complete(self) -> None:
        """Put the first offer, or the chosen one, in the place of the word; else go on."""
        if not self._offering.take():
            self._go_on()

    def _go_on(self) -> None:
        self._stage.focus(self._stage.entries)
        self._offering.offer()
        self.show_filter()

    def show_filter(self) -> None:
        """Show the filter's line if there is something in it."""
        self._filter.set_class(bool(self._filter.value), OPEN)

    def find(self) -> None:
        """Type what to find in the text."""
        self._find.add_class(OPEN)
        self._stage.focus(self._find)

    def _tell_matches(self, wording: str) -> None:
        """Mark what was typed so far, and say how often it is there."""
        self._stage.article.find(wording)
        at, count = self._stage.article.match
        if wording.strip():
            self._stage.note(Note(f"{at} of {count}" if count else "Not in this text."))

    def _found(self) -> None:
        at, count = self._stage.article.match
        self._leave_find()
        self._stage.note(Note(f"{at} of {count}" if count else "Not in this text."))

    def leave(self) -> bool:
        """Leave the line that is typed in, its words given up; whether there was one."""
        if self._stage.is_at(self._filter):
            self._filter.value = ""
            self._go_on()
        elif self._stage.is_at(self._find):
            self._find.value = ""
            self._leave_find()
        else:
            return False
        return True

    def _leave_find(self) -> None:
        self._find.remove_class(OPEN)
        self._stage.focus(self._stage.article)

    def step_match(self, step: int) -> None:
        """The next match or the one before, and which of how many it is."""
        article = self._stage.article
        if step > 0:
            article.action_next_match()
        else:
            article.action_previous_match()
        at, count = article.match
        if count:
            self._stage.note(Note(f"{at} of {count}"))

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "search": self.search,
            "search-keep": self.keep,
            "search-complete": self.complete,
            "search-down": lambda: self._offering.step(1),
            "search-up": lambda: self._offering.step(-1),
            "search-leave": self.leave,
            "find": self.find,
            "find-next": lambda: self.step_match(1),
            "find-before": lambda: self.step_match(-1),
        }
