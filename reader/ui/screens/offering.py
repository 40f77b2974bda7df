"""What a search may become: completions of the word that is typed, and recent searches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reader.search.text.query_completion import Completion, Known, completions
from reader.ui.screens.stage import Stage
from reader.ui.widgets.search_field import Offers

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
