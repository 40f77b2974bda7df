"""Rendering of an entry as the cells of its list row.

In a narrow pane columns disappear in this order: tags, age, site.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reader.layout.text_width import shorten, width
from reader.model.entry import Entry, FetchStatus, State, minutes_left_at
from reader.model.failure_reason import general_reason, short_reason
from reader.model.text import one_line
from reader.ui.glyphs import Glyphs
from reader.ui.relative_time import age


class RowPart(StrEnum):
    """The part of a row that a piece of text belongs to; it selects the style."""

    GAP = "gap"
    MARK = "mark"
    TITLE = "title"
    FACTS = "facts"
    AGE = "age"
    TAGS = "tags"
    REASON = "reason"
    SNIPPET = "snippet"
    MISSING = "missing"
    MATCH = "match"


Piece = tuple[str, RowPart]
Line = list[Piece]

_LEAD_WIDTH = 3
"""Cells before the text: a space, the mark, a space."""
_MIN_TITLE = 20
"""Cells that a title has at least before a column is added to its line."""
_MIN_WIDTH_FOR_AGE = 26
"""Cells of the list from which a row shows its age."""
_MIN_SITE = 8
"""Cells that the name of a site has at least, else it is left out."""


@dataclass(frozen=True, slots=True)
class RowRenderer:
    """Layout of rows: `cells` wide, `height` lines each, `reading_speed` in words a minute or 0."""

    cells: int
    height: int
    now: datetime
    glyphs: Glyphs
    reading_speed: int = 0

    def lines(self, entry: Entry, *, selected: bool = False) -> list[Line]:
        """Return the lines of the entry's row, each exactly `cells` wide."""
        mark = self._mark(entry, selected)
        if self.height == 1:
            return [self._single_line(entry, mark)]
        title = self._justify(
            [
                *mark,
                (self._shorten(self._title(entry), self.cells - _LEAD_WIDTH - 1), RowPart.TITLE),
            ],
            [],
        )
        if self.height == 2:
            return [title, self._facts_line(entry, tags=True)]
        return [title, self._facts_line(entry, tags=False), self._tags_line(entry)]

    def snippet(
        self, text: str, marks: Sequence[tuple[int, int]], missing: Sequence[str] = ()
    ) -> Line:
        """Return the snippet line below a row: missing words struck out, then matches marked."""
        room = self.cells - _LEAD_WIDTH - 1
        struck: Line = []
        for word in map(one_line, missing):
            # At least half of the line is left for the text.
            if sum(width(part) for part, _ in struck) + width(word) + 1 > room // 2:
                break
            struck += [(word, RowPart.MISSING), (" ", RowPart.GAP)]
        room -= sum(width(part) for part, _ in struck)
        text = shorten(text, max(room, 1), self.glyphs.ellipsis)
        line: Line = [(" " * _LEAD_WIDTH, RowPart.GAP), *struck]
        at = 0
        for start, end in marks:
            line += [(text[at:start], RowPart.SNIPPET), (text[start:end], RowPart.MATCH)]
            at = max(at, end)
        return self._justify([*line, (text[at:], RowPart.SNIPPET)], [])

    def _mark(self, entry: Entry, selected: bool) -> Line:
        signs = self.glyphs
        if selected:
            return [(" ", RowPart.GAP), (signs.selected, RowPart.MARK), (" ", RowPart.GAP)]
        statuses = {FetchStatus.QUEUED: signs.queued, FetchStatus.FAILED: signs.failed}
        sign = statuses.get(entry.fetch) or signs.state(entry.state)
        return [(" ", RowPart.GAP), (sign, RowPart.MARK), (" ", RowPart.GAP)]

    def _title(self, entry: Entry) -> str:
        return one_line(entry.title) or one_line(entry.url or "") or "Untitled"

    def _facts(self, entry: Entry, room: int) -> str:
        """Return site, minutes and minutes left; the site is cut first."""
        dot = f" {self.glyphs.dot} "
        numbers = [f"{entry.minutes} min"] if entry.minutes else []
        if entry.state is State.READING:
            numbers.append(f"{self._minutes_left(entry)} left")
        spare = room - width(dot.join(numbers)) - width(dot)
        site = one_line(entry.site or "", 80)
        if site and spare >= min(width(site), _MIN_SITE):
            numbers.insert(0, self._shorten(site, spare))
        return dot.join(numbers)

    def _star(self, entry: Entry) -> str:
        """Return the star before the facts or the title; empty for entries without one."""
        return f"{self.glyphs.star} " if entry.starred else ""

    def _minutes_left(self, entry: Entry) -> int:
        return (
            minutes_left_at(entry, self.reading_speed) if self.reading_speed else entry.minutes_left
        )

    def _status(self, entry: Entry) -> Piece | None:
        """Return the status that replaces the facts of an entry without text."""
        if entry.fetch is FetchStatus.QUEUED:
            return "waiting to be fetched", RowPart.FACTS
        if entry.fetch is FetchStatus.FAILED:
            reason = short_reason(general_reason(entry.reason or "no reason known"))
            return f"failed: {one_line(reason)}", RowPart.REASON
        return None

    def _facts_line(self, entry: Entry, *, tags: bool) -> Line:
        room = self.cells - _LEAD_WIDTH - 1
        right = self._age(entry) if self.cells >= _MIN_WIDTH_FOR_AGE else []
        room -= width(right[0][0]) + 2 if right else 0
        star = self._star(entry)
        text, part = self._status(entry) or (self._facts(entry, room - width(star)), RowPart.FACTS)
        left: Line = [(" " * _LEAD_WIDTH, RowPart.GAP), (star, RowPart.FACTS)]
        left.append((self._shorten(text, room - width(star)), part))
        if tags and entry.tags:
            spare = room - width(star) - width(left[-1][0]) - 2
            names = self._tags(entry, spare)
            left += [("  ", RowPart.GAP), (names, RowPart.TAGS)] if names else []
        return self._justify(left, right)

    def _age(self, entry: Entry) -> Line:
        shown = age(entry.added, self.now)
        return [(shown, RowPart.AGE)] if shown else []

    def _tags_line(self, entry: Entry) -> Line:
        names = self._tags(entry, self.cells - _LEAD_WIDTH - 1)
        return self._justify([(" " * _LEAD_WIDTH, RowPart.GAP), (names, RowPart.TAGS)], [])

    def _tags(self, entry: Entry, room: int) -> str:
        """Return as many whole tags as fit, and `…` if there are more."""
        shown = ""
        for tag in entry.tags:
            longer = f"{shown} #{one_line(tag, 60)}" if shown else f"#{one_line(tag, 60)}"
            if width(longer) > room:
                return (
                    f"{shown} {self.glyphs.ellipsis}"
                    if width(shown) + 2 <= room and shown
                    else shown
                )
            shown = longer
        return shown

    def _single_line(self, entry: Entry, mark: Line) -> Line:
        right: Line = []
        room = self.cells - _LEAD_WIDTH - 1
        if room - 18 >= _MIN_TITLE:
            right = [
                (f"{self._minutes_or_status(entry):>8}", RowPart.FACTS),
                (f"{age(entry.added, self.now):>7}", RowPart.AGE),
            ]
        if room - 44 >= _MIN_TITLE and entry.site:
            site = one_line(entry.site, 60)
            site = self._shorten(site, 20)
            right.insert(0, ("  " + site + " " * (20 - width(site)), RowPart.FACTS))
        if room - 74 >= _MIN_TITLE and entry.tags:
            names = self._tags(entry, 28)
            right.insert(0, ("  " + names + " " * (28 - width(names)), RowPart.TAGS))
        room -= sum(width(text) for text, _ in right)
        return self._justify(
            [*mark, (self._shorten(self._star(entry) + self._title(entry), room), RowPart.TITLE)],
            right,
        )

    def _minutes_or_status(self, entry: Entry) -> str:
        """Return the text of the column of minutes, at most 8 cells."""
        if entry.fetch is FetchStatus.QUEUED:
            return "queued"
        if entry.fetch is FetchStatus.FAILED:
            return "failed"
        if not entry.minutes:
            return ""
        minutes = self._minutes_left(entry) if entry.state is State.READING else entry.minutes
        return f"{min(minutes, 9_999)} min"

    def _shorten(self, text: str, room: int) -> str:
        return shorten(text, room, self.glyphs.ellipsis)

    def _justify(self, left: Line, right: Line) -> Line:
        """Put cells at the left and right edges with a gap between them."""
        used = sum(width(text) for text, _ in (*left, *right))
        return [
            *left,
            (" " * max(0, self.cells - 1 - used), RowPart.GAP),
            *right,
            (" ", RowPart.GAP),
        ]
