"""The open article: previewed, opened, its place kept, its progress told, its neighbours found."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any, Final

from reader.layout.document import ShownArticle
from reader.model.entry import Entry, EntryId, FetchStatus, minutes_left_at
from reader.model.errors import ReaderError
from reader.model.highlight import Highlight, Position
from reader.model.query import TextTerm
from reader.search.text.match_finder import find_matches
from reader.search.text.snippets import find_best_place
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entry_list import ListController
from reader.ui.entry_sequence import EntrySequence
from reader.ui.reading_timer import ReadingTimer
from reader.ui.widgets.status_line import StatusMessage

SAVE_INTERVAL: Final = 10.0
"""Seconds between two places kept of one article; the last one is kept on leaving."""


def _best_position(markdown: str, words: tuple[TextTerm, ...]) -> Position | None:
    """Where most of the words stand together; None where none does. Linear in the text."""
    found = find_best_place(markdown, words) if words else None
    return Position(quote=found[0], progress=found[1]) if found else None


class ArticleController:
    """Knows which entry is shown, and whether it is opened or only previewed."""

    def __init__(
        self, stage: UIContext, browsing: ListController, clock: Callable[[], float] = monotonic
    ):
        self._context = stage
        self._entry_list = browsing
        self._clock = clock
        self.entry: Entry | None = None
        self.is_open = False
        self._listing: EntrySequence | None = None
        self._position: Position | None = None
        self._finished = False
        self._saved_position: Position | None = None
        self._saved_at = float("-inf")
        self._marked_words: tuple[EntryId | None, tuple[TextTerm, ...]] = (None, ())
        self._timer = ReadingTimer(clock)

    def start(self) -> None:
        """Ask how fast someone reads."""
        self._context.tasks.run_latest(
            "speed", self._context.backend.reading_speed, self._show_reading_speed
        )

    # -- showing --------------------------------------------------------------------------------

    def preview(self, entry: Entry) -> None:
        """Show the entry while only its row was looked at; nothing is kept of that."""
        if self._context.has_focus(self._context.article):
            return
        is_shown = self.entry and (self.entry.id, self.entry.fetch) == (entry.id, entry.fetch)
        shown = self._context.article.article
        if not is_shown or (shown is not None and tuple(shown.tags) != entry.tags):
            self._show(entry, preview=True)
        else:
            self._refresh_marks()

    def open(self, entry: Entry) -> None:
        """Show the entry for reading: from now on its place is kept."""
        self._listing = self._entry_list.listing
        if self.entry is not None and self.entry.id == entry.id and self._context.article.article:
            self._refresh_marks()
            self._start_reading()
        else:
            self._show(entry, preview=False)
        self._context.focus(self._context.article)

    def open_at(self, entry: Entry, highlight: Highlight) -> None:
        """Open the entry where a highlight is."""
        self._listing = self._entry_list.listing
        self._show(entry, preview=False, at=Position(highlight.quote, highlight.start))
        self._context.focus(self._context.article)

    def close(self) -> None:
        """Show nothing."""
        self.leave()
        self.entry = None
        self._context.tasks.discard("article")
        self._context.article.show_article(None)

    def reload(self) -> None:
        """Show the article as it is on the disk by now, where it stands."""
        if self.entry is None:
            return
        entry_id = self.entry.id

        def show(found: Sequence[Entry]) -> None:
            if found and self.entry is not None and self.entry.id == entry_id:
                self._show(found[0], preview=not self.is_open)

        self._context.tasks.run_latest(
            "entry", lambda: self._context.backend.entries([entry_id]), show
        )

    def _show(self, entry: Entry, *, preview: bool, at: Position | None = None) -> None:
        if self.entry is not None and self.entry.id != entry.id:
            self.leave()
        self.entry = entry

        words = self._entry_list.words

        def read() -> tuple[ShownArticle, Position | None]:
            article = self._context.backend.article(entry.id)
            return article, _best_position(article.markdown, words)

        def show(found: tuple[ShownArticle, Position | None]) -> None:
            article, place = found
            self._context.article.show_article(article, preview=preview, at=at)
            is_new = self._marked_words != (entry.id, words)
            if is_new or (words and not self._context.article.has_search_matches):
                self._mark(entry.id, words, place if is_new and at is None else None)
            if not preview and not self.is_open:
                self._start_reading()

        def fail(error: ReaderError) -> None:
            self._context.article.show_article(self._notice(entry, str(error)), preview=True)

        if entry.fetch is not FetchStatus.DONE:
            self._context.tasks.discard("article")
            self._context.article.show_article(
                self._notice(entry, self._waiting(entry)), preview=True
            )
            return
        self._context.tasks.run_latest("article", read, show, fail)

    def _mark(self, entry_id: EntryId, words: tuple[TextTerm, ...], place: Position | None) -> None:
        """Mark what the list was searched for, and go to the place where most of it stands."""
        self._marked_words = (entry_id, words)
        finder = partial(find_matches, sought=words) if words else None
        self._context.article.mark_search_matches(finder, place)

    def _refresh_marks(self) -> None:
        """Mark the text that is shown already, where other words are searched for by now."""
        article, words = self._context.article.article, self._entry_list.words
        if article is None or self._marked_words == (article.id, words):
            return
        entry_id, markdown = EntryId(article.id), article.markdown
        self._context.tasks.run_latest(
            "place",
            lambda: _best_position(markdown, words),
            lambda place: self._mark(entry_id, words, place),
        )

    def _waiting(self, entry: Entry) -> str:
        key = self._context.keys.key("fetch")
        if entry.fetch is FetchStatus.FAILED:
            return f"Could not be fetched: {entry.reason or 'no reason known'}. {key} tries again."
        return f"Waiting to be fetched. {key} in the list fetches it now."

    def _notice(self, entry: Entry, said: str) -> ShownArticle:
        return ShownArticle(
            entry.id, entry.title, "", site=entry.site, tags=entry.tags, notice=said
        )

    def _start_reading(self) -> None:
        self.is_open = True
        self._context.article.open_preview()
        self._position = self._saved_position = self._context.article.position
        self._saved_at = self._clock()
        self._timer.start(self._words_above())
        self.update_status()
        if (
            self._context.settings.reading.finish == "open"
            and self.entry
            and not self.entry.finished
        ):
            self.reached_end(self.entry.id)

    # -- progress -------------------------------------------------------------------------------

    def on_scroll(self, entry_id: str, position: Position) -> None:
        """The text moved: tell it, and keep it now and then."""
        if not self.is_open or self.entry is None or entry_id != self.entry.id:
            return
        self._position = position
        self._timer.on_scroll(self._words_above())
        self.update_status()
        if self._clock() - self._saved_at >= SAVE_INTERVAL:
            self._save_position()

    def reached_end(self, entry_id: str) -> None:
        """The end came on the screen while someone read: the article is finished."""
        if (
            self.is_open
            and self.entry is not None
            and entry_id == self.entry.id
            and not self._finished
        ):
            self._finished = True
            self._save_position()

    def save_position(self) -> None:
        """Keep the place now, if it has changed."""
        if self.is_open and self._position != self._saved_position:
            self._save_position()

    def leave(self) -> None:
        """Keep the place on leaving the article."""
        self.save_position()
        if self.is_open and self._timer.seconds:
            self._save_reading_speed()
        self.is_open = False
        self._finished = False
        self._position = self._saved_position = None
        self._context.status.show_progress(None)

    def _save_position(self) -> None:
        if self.entry is None or self._position is None:
            return
        entry_id, position, finished = self.entry.id, self._position, self._finished
        self._saved_position, self._saved_at = position, self._clock()
        keep = self._context.backend.save_position
        self._context.tasks.run_serial(
            lambda: keep(entry_id, position, finished=finished),
            lambda _: self._entry_list.refresh(),
        )

    def _save_reading_speed(self) -> None:
        words, seconds = self._timer.words, self._timer.seconds
        keep = self._context.backend.record_reading_speed
        self._context.tasks.run_serial(lambda: keep(words, seconds), self._show_reading_speed)

    def _show_reading_speed(self, speed: int) -> None:
        self._context.entries.reading_speed = speed
        self.update_status()

    def _progress(self) -> float:
        """How much of the article lies above the top line, 0.0 to 1.0."""
        return min(1.0, max(0.0, self._position.progress)) if self._position else 0.0

    def _words_above(self) -> float:
        return self.entry.words * self._context.article.share_above if self.entry else 0.0

    def update_status(self) -> None:
        """Show in the footer how far one is."""
        if self.entry is not None and self.is_open and self._position is not None:
            here = replace(self.entry, progress=self._progress(), finished=False)
            left = minutes_left_at(here, self._context.entries.reading_speed)
            self._context.status.show_progress((self._progress(), left))

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
                self._context.show_message(StatusMessage(words))
                return
            kept = self._listing
            self.open(found)
            self._listing = kept
            self._follow_cursor(found.id)

        self._context.tasks.run_latest("step", find, go)

    def _follow_cursor(self, entry_id: EntryId) -> None:
        """Put the list's cursor on the article that is open."""
        listing = self._entry_list.listing
        at = listing.index_of(entry_id) if listing is not None else None
        if at is not None:
            self._context.entries.go_to(at)

    def commands(self) -> dict[str, Callable[[], Any]]:
        """What the reader's keys do."""
        view = self._context.article
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
