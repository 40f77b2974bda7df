"""The open article: previewed, opened, its place kept, its progress told, its neighbours found."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any, Final

from reader.layout.document import ShownArticle
from reader.model.entry import Entry, EntryId, Fetch, minutes_left
from reader.model.errors import ReaderError
from reader.model.highlight import Highlight, Position
from reader.model.query import Text
from reader.search.text.match_finder import found_in
from reader.search.text.snippets import best_place
from reader.ui.backend import Listed
from reader.ui.controllers.context import Stage
from reader.ui.controllers.entry_list import Browsing
from reader.ui.reading_timer import Pacing
from reader.ui.widgets.status_line import Note

KEEP_EVERY: Final = 10.0
"""Seconds between two places kept of one article; the last one is kept on leaving."""


def _place_in(markdown: str, words: tuple[Text, ...]) -> Position | None:
    """Where most of the words stand together; None where none does. Linear in the text."""
    found = best_place(markdown, words) if words else None
    return Position(quote=found[0], progress=found[1]) if found else None


class Reading:
    """Knows which entry is shown, and whether it is opened or only previewed."""

    def __init__(self, stage: Stage, browsing: Browsing, clock: Callable[[], float] = monotonic):
        self._stage = stage
        self._browsing = browsing
        self._clock = clock
        self.entry: Entry | None = None
        self.is_open = False
        self._listing: Listed | None = None
        self._position: Position | None = None
        self._finished = False
        self._kept: Position | None = None
        self._kept_at = float("-inf")
        self._marked: tuple[EntryId | None, tuple[Text, ...]] = (None, ())
        self._pacing = Pacing(clock)

    def begin(self) -> None:
        """Ask how fast someone reads."""
        self._stage.errands.ask("speed", self._stage.desk.speed, self._tell_speed)

    # -- showing --------------------------------------------------------------------------------

    def preview(self, entry: Entry) -> None:
        """Show the entry while only its row was looked at; nothing is kept of that."""
        if self._stage.is_at(self._stage.article):
            return
        is_shown = self.entry and (self.entry.id, self.entry.fetch) == (entry.id, entry.fetch)
        shown = self._stage.article.article
        if not is_shown or (shown is not None and tuple(shown.tags) != entry.tags):
            self._show(entry, preview=True)
        else:
            self._mark_anew()

    def open(self, entry: Entry) -> None:
        """Show the entry for reading: from now on its place is kept."""
        self._listing = self._browsing.listing
        if self.entry is not None and self.entry.id == entry.id and self._stage.article.article:
            self._mark_anew()
            self._begin()
        else:
            self._show(entry, preview=False)
        self._stage.focus(self._stage.article)

    def open_at(self, entry: Entry, highlight: Highlight) -> None:
        """Open the entry where a highlight is."""
        self._listing = self._browsing.listing
        self._show(entry, preview=False, at=Position(highlight.quote, highlight.start))
        self._stage.focus(self._stage.article)

    def close(self) -> None:
        """Show nothing."""
        self.leave()
        self.entry = None
        self._stage.errands.forget("article")
        self._stage.article.show(None)

    def reload(self) -> None:
        """Show the article as it is on the disk by now, where it stands."""
        if self.entry is None:
            return
        entry_id = self.entry.id

        def show(found: Sequence[Entry]) -> None:
            if found and self.entry is not None and self.entry.id == entry_id:
                self._show(found[0], preview=not self.is_open)

        self._stage.errands.ask("entry", lambda: self._stage.desk.entries([entry_id]), show)

    def _show(self, entry: Entry, *, preview: bool, at: Position | None = None) -> None:
        if self.entry is not None and self.entry.id != entry.id:
            self.leave()
        self.entry = entry

        words = self._browsing.words

        def read() -> tuple[ShownArticle, Position | None]:
            article = self._stage.desk.article(entry.id)
            return article, _place_in(article.markdown, words)

        def show(found: tuple[ShownArticle, Position | None]) -> None:
            article, place = found
            self._stage.article.show(article, preview=preview, at=at)
            is_new = self._marked != (entry.id, words)
            if is_new or (words and not self._stage.article.is_marked):
                self._mark(entry.id, words, place if is_new and at is None else None)
            if not preview and not self.is_open:
                self._begin()

        def fail(error: ReaderError) -> None:
            self._stage.article.show(self._notice(entry, str(error)), preview=True)

        if entry.fetch is not Fetch.DONE:
            self._stage.errands.forget("article")
            self._stage.article.show(self._notice(entry, self._waiting(entry)), preview=True)
            return
        self._stage.errands.ask("article", read, show, fail)

    def _mark(self, entry_id: EntryId, words: tuple[Text, ...], place: Position | None) -> None:
        """Mark what the list was searched for, and go to the place where most of it stands."""
        self._marked = (entry_id, words)
        finder = partial(found_in, sought=words) if words else None
        self._stage.article.mark_found(finder, place)

    def _mark_anew(self) -> None:
        """Mark the text that is shown already, where other words are searched for by now."""
        article, words = self._stage.article.article, self._browsing.words
        if article is None or self._marked == (article.id, words):
            return
        entry_id, markdown = EntryId(article.id), article.markdown
        self._stage.errands.ask(
            "place",
            lambda: _place_in(markdown, words),
            lambda place: self._mark(entry_id, words, place),
        )

    def _waiting(self, entry: Entry) -> str:
        key = self._stage.keyring.key("fetch")
        if entry.fetch is Fetch.FAILED:
            return f"Could not be fetched: {entry.reason or 'no reason known'}. {key} tries again."
        return f"Waiting to be fetched. {key} in the list fetches it now."

    def _notice(self, entry: Entry, said: str) -> ShownArticle:
        return ShownArticle(
            entry.id, entry.title, "", site=entry.site, tags=entry.tags, notice=said
        )

    def _begin(self) -> None:
        self.is_open = True
        self._stage.article.open_preview()
        self._position = self._kept = self._stage.article.position
        self._kept_at = self._clock()
        self._pacing.begin(self._words_above())
        self.tell()
        if self._stage.settings.reading.finish == "open" and self.entry and not self.entry.finished:
            self.reached_end(self.entry.id)

    # -- progress -------------------------------------------------------------------------------

    def moved(self, entry_id: str, position: Position) -> None:
        """The text moved: tell it, and keep it now and then."""
        if not self.is_open or self.entry is None or entry_id != self.entry.id:
            return
        self._position = position
        self._pacing.moved(self._words_above())
        self.tell()
        if self._clock() - self._kept_at >= KEEP_EVERY:
            self._keep()

    def reached_end(self, entry_id: str) -> None:
        """The end came on the screen while someone read: the article is finished."""
        if (
            self.is_open
            and self.entry is not None
            and entry_id == self.entry.id
            and not self._finished
        ):
            self._finished = True
            self._keep()

    def keep_place(self) -> None:
        """Keep the place now, if it has changed."""
        if self.is_open and self._position != self._kept:
            self._keep()

    def leave(self) -> None:
        """Keep the place on leaving the article."""
        self.keep_place()
        if self.is_open and self._pacing.seconds:
            self._keep_pace()
        self.is_open = False
        self._finished = False
        self._position = self._kept = None
        self._stage.status.show_progress(None)

    def _keep(self) -> None:
        if self.entry is None or self._position is None:
            return
        entry_id, position, finished = self.entry.id, self._position, self._finished
        self._kept, self._kept_at = position, self._clock()
        keep = self._stage.desk.keep_place
        self._stage.errands.change(
            lambda: keep(entry_id, position, finished=finished), lambda _: self._browsing.refresh()
        )

    def _keep_pace(self) -> None:
        words, seconds = self._pacing.words, self._pacing.seconds
        keep = self._stage.desk.keep_pace
        self._stage.errands.change(lambda: keep(words, seconds), self._tell_speed)

    def _tell_speed(self, speed: int) -> None:
        self._stage.entries.speed = speed
        self.tell()

    def _share(self) -> float:
        """How much of the article lies above the top line, 0.0 to 1.0."""
        return min(1.0, max(0.0, self._position.progress)) if self._position else 0.0

    def _words_above(self) -> float:
        return self.entry.words * self._stage.article.above if self.entry else 0.0

    def tell(self) -> None:
        """Show in the footer how far one is."""
        if self.entry is not None and self.is_open and self._position is not None:
            here = replace(self.entry, progress=self._share(), finished=False)
            left = minutes_left(here, self._stage.entries.speed)
            self._stage.status.show_progress((self._share(), left))

    # -- moving ---------------------------------------------------------------------------------

    def step(self, rows: int) -> None:
        """Open the article so many rows on in the list that one came from."""
        listing, entry = self._listing, self.entry
        if listing is None or entry is None:
            return

        def find() -> Entry | None:
            at = listing.index_of(entry.id)
            row = -1 if at is None else at + rows
            return listing[row] if 0 <= row < len(listing) else None

        def go(found: Entry | None) -> None:
            if found is None:
                words = "This is the last one." if rows > 0 else "This is the first one."
                self._stage.note(Note(words))
                return
            kept = self._listing
            self.open(found)
            self._listing = kept
            self._follow(found.id)

        self._stage.errands.ask("step", find, go)

    def _follow(self, entry_id: EntryId) -> None:
        """Put the list's cursor on the article that is open."""
        listing = self._browsing.listing
        at = listing.index_of(entry_id) if listing is not None else None
        if at is not None:
            self._stage.entries.go_to(at)

    def commands(self) -> dict[str, Callable[[], Any]]:
        """What the reader's keys do."""
        view = self._stage.article
        return {
            "reader-down": lambda: view.action_move_lines(1),
            "reader-up": lambda: view.action_move_lines(-1),
            "reader-page-down": lambda: view.action_move_page(1),
            "reader-page-up": lambda: view.action_move_page(-1),
            "reader-half-down": lambda: view.action_move_half(1),
            "reader-half-up": lambda: view.action_move_half(-1),
            "reader-top": view.action_go_top,
            "reader-bottom": view.action_go_end,
            "jump-back": view.action_go_back,
            "sideways": lambda: view.action_move_sideways(8),
            "sideways-back": lambda: view.action_move_sideways(-8),
            "previous": lambda: self.step(-1),
            "next": lambda: self.step(1),
            "highlight": view.action_mark,
            "note": view.action_edit_note,
            "mark-next": lambda: view.action_mark_paragraph(1),
            "mark-before": lambda: view.action_mark_paragraph(-1),
            "mark-sentence": view.action_mark_sentence,
            "mark-word": view.action_mark_word,
            "mark-shorter": lambda: view.action_mark_end(-1),
            "mark-longer": lambda: view.action_mark_end(1),
            "mark-other-end": view.action_mark_other_end,
            "mark-keep": view.action_mark_keep,
            "mark-note": view.action_mark_note,
            "mark-remove": view.action_mark_remove,
            "mark-copy": view.action_mark_copy,
            "mark-leave": view.action_leave,
        }
