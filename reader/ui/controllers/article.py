"""The open article: preview, reading, position, progress, and its neighbours in the list."""

from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import Final, NamedTuple

from reader.layout.blocks import EndAction
from reader.layout.document import ShownArticle
from reader.model.entry import Entry, EntryId, FetchStatus, minutes_left_at
from reader.model.errors import ReaderError
from reader.model.failure_reason import is_private_address
from reader.model.highlight import Highlight, Position
from reader.model.query import TextTerm
from reader.model.text import one_line
from reader.search.text.match_finder import find_matches
from reader.search.text.snippets import find_best_place
from reader.services.outcome import Outcome
from reader.ui.controllers.context import KeyHold, UIContext
from reader.ui.entry_sequence import EntrySequence
from reader.ui.reading_timer import ReadingTimer

SAVE_INTERVAL: Final = 10.0
"""Seconds between two saves of the position; it is also saved on leaving."""
_SHOWN_FIELDS: Final = (
    "title", "byline", "site", "tags", "words", "fetch", "reason", "folder", "highlights",
    "has_note", "labels",
)  # fmt: skip
"""Fields of an entry whose change is seen in its text or head."""


class _Opening(NamedTuple):
    """An article whose text is being read to be opened, and the position to go to."""

    id: EntryId
    at: Position | None


def _best_position(markdown: str, words: tuple[TextTerm, ...]) -> Position | None:
    """Return the position with most of the words close together; None without matches."""
    found = find_best_place(markdown, words) if words else None
    return Position(quote=found[0], progress=found[1]) if found else None


def _noted_position(
    highlights: Sequence[Highlight], words: tuple[TextTerm, ...]
) -> Position | None:
    """Return the position of the first highlight whose note has one of the words."""
    noted = (each for each in highlights if words and find_matches(each.note, words, 1))
    return next((Position(each.quote, each.start) for each in noted), None)


def _neighbour(listing: EntrySequence | None, entry_id: EntryId, rows: int) -> Entry | None:
    """Return the entry that many rows further in the listing; None without one."""
    at = None if listing is None else listing.index_of(entry_id)
    if listing is None or at is None or not 0 <= at + rows < len(listing):
        return None
    return listing[at + rows]


class ArticleController:
    """Shows an entry, as a preview or for reading, and saves the reading position."""

    def __init__(
        self,
        context: UIContext,
        clock: Callable[[], float] = monotonic,
    ):
        self._context = context
        self._state = context.state
        self._clock = clock
        self.is_open = False
        self._listing: EntrySequence | None = None
        self._position: Position | None = None
        self._finished = False
        self._saved_position: Position | None = None
        self._saved_at = float("-inf")
        self._opening: _Opening | None = None
        self._marked_words: tuple[EntryId | None, tuple[TextTerm, ...]] = (None, ())
        # Keys typed ahead are meant for the text that is coming.
        self._keys = KeyHold(context)
        self._timer = ReadingTimer(clock)

    def start(self) -> None:
        """Load the reading speed."""
        self._context.tasks.run_latest(
            "speed", self._context.backend.reading_speed, self._show_reading_speed
        )

    # Showing.

    def preview(self, entry: Entry) -> None:
        """Show the entry as a preview; its position is not saved."""
        if self._context.has_focus(self._context.article):
            return
        is_shown = self._state.entry and (self._state.entry.id, self._state.entry.fetch) == (
            entry.id,
            entry.fetch,
        )
        shown = self._context.article.article
        if not is_shown or (shown is not None and tuple(shown.tags) != entry.tags):
            self._show(entry, preview=True)
        else:
            self._refresh_marks()

    def open(self, entry: Entry, at: Highlight | None = None) -> None:
        """Show the entry for reading, at a highlight if there is one.

        Its position is saved from now on.
        """
        self._listing = self._state.listing
        shown = self._context.shown_entry
        if at is not None:
            self._show(entry, preview=False, at=Position(at.quote, at.start))
        elif shown is not None and shown.id == entry.id:
            self._refresh_marks()
            # The reason why a link has no text is not read, and has no end.
            if not self.shows_link:
                self._start_reading()
            self._keys.release()
        else:
            self._show(entry, preview=False)
        self._context.focus(self._context.article)

    def close(self) -> None:
        """Close the article."""
        self.leave()
        self._state.entry = None
        self._opening = None
        self._keys.release()
        self._context.tasks.discard("article")
        self._context.article.show_article(None)

    def show_changes(self, changes: Sequence[tuple[Entry, Entry]]) -> None:
        """Follow changes of the shown entry; load its text again if nothing is known of them."""
        for _, after in changes:
            self._follow(after)
        if not changes:
            self._load_entry(self._show_again)

    def follow_others(self) -> None:
        """Follow what another program changed of the shown entry."""
        self._load_entry(self._follow)

    def _load_entry(self, on_loaded: Callable[[Entry], None]) -> None:
        """Load the shown entry as it is now; nothing happens if it is gone."""
        if self._state.entry is None:
            return
        ids = [self._state.entry.id]
        self._context.tasks.run_latest(
            "entry",
            lambda: self._context.backend.entries(ids),
            lambda found: on_loaded(found[0]) if found else None,
        )

    def _follow(self, after: Entry) -> None:
        """Take the present state of the shown entry, on which the next key acts."""
        before = self._state.entry
        if before is None or before.id != after.id:
            return
        self._state.entry = after
        if any(getattr(before, name) != getattr(after, name) for name in _SHOWN_FIELDS):
            self._show_again(after)
        elif before.archived != after.archived:
            self.offer_end_actions()

    def _show_again(self, entry: Entry) -> None:
        """Load the text of the shown entry again from the disk; it stays in its place."""
        if self._state.entry is not None and self._state.entry.id == entry.id:
            opening = self._opening
            if opening is not None and opening.id == entry.id:
                self._show(entry, preview=False, at=opening.at)
            else:
                self._show(entry, preview=not self.is_open)

    def _show(self, entry: Entry, *, preview: bool, at: Position | None = None) -> None:
        if self._state.entry is not None and self._state.entry.id != entry.id:
            self.leave()
        self._state.entry = entry
        self._opening = None if preview else _Opening(entry.id, at)
        if not preview and self._context.shown_entry is None:
            self._keys.hold()

        words = self._state.words

        def read() -> tuple[ShownArticle, Position | None]:
            article = self._context.backend.article(entry.id)
            place = _best_position(article.markdown, words)
            return article, place or _noted_position(article.highlights, words)

        def show(found: tuple[ShownArticle, Position | None]) -> None:
            article, place = found
            self._opening = None
            self._context.article.show_article(article, preview=preview, at=at)
            self._keys.release()
            is_new = self._marked_words != (entry.id, words)
            if is_new or (words and not self._context.article.has_search_matches):
                self._mark(entry.id, words, place if is_new and at is None else None)
            if not preview and not self.is_open:
                self._start_reading()
            else:
                self.offer_end_actions()

        def fail(error: ReaderError) -> None:
            self._opening = None
            self._context.article.show_article(self._notice(entry, str(error)), preview=True)
            self._keys.release()

        if entry.fetch is not FetchStatus.DONE:
            self._opening = None
            self._context.tasks.discard("article")
            self._context.article.show_article(
                self._notice(entry, self._waiting(entry)), preview=True
            )
            self._keys.release()
            return
        self._context.tasks.run_latest("article", read, show, fail)

    @property
    def shows_link(self) -> bool:
        """True if the entry on the screen has no text."""
        shown = self._context.shown_entry
        return shown is not None and shown.fetch is not FetchStatus.DONE

    def _mark(self, entry_id: EntryId, words: tuple[TextTerm, ...], place: Position | None) -> None:
        """Mark the words of the search, and go to the best match."""
        self._marked_words = (entry_id, words)
        finder = partial(find_matches, sought=words) if words else None
        self._context.article.mark_search_matches(finder, place)

    def _refresh_marks(self) -> None:
        """Mark the words of a new search in the text that is shown."""
        article, words = self._context.article.article, self._state.words
        if article is None or self._marked_words == (article.id, words):
            return
        entry_id, markdown, highlights = EntryId(article.id), article.markdown, article.highlights
        self._context.tasks.run_latest(
            "place",
            lambda: _best_position(markdown, words) or _noted_position(highlights, words),
            lambda place: self._mark(entry_id, words, place),
        )

    def _waiting(self, entry: Entry) -> str:
        key = self._context.keys.key("fetch")
        if entry.fetch is FetchStatus.FAILED:
            reason = entry.reason or "reason unknown"
            if is_private_address(reason):
                # The app never asks a private address: a page could have named it.
                command = f"reader add --allow-private {one_line(entry.url or '', 200)}"
                return f"Could not be fetched: {reason}. If you trust it: {command}"
            return f"Could not be fetched: {reason}. Press {key} to try again."
        return f"Waiting to be fetched. Press {key} to fetch it now."

    def _notice(self, entry: Entry, text: str) -> ShownArticle:
        return ShownArticle(
            entry.id, entry.title, "", site=entry.site, tags=entry.tags, notice=text
        )

    def _start_reading(self) -> None:
        self.is_open = True
        self._context.article.open_preview()
        self._position = self._saved_position = self._context.article.position
        self._saved_at = self._clock()
        self._timer.start(self._words_above())
        self.update_status()
        self.offer_end_actions()
        entry = self._state.entry
        if entry and not entry.finished and self._context.settings.reading.finish == "open":
            self.reached_end(entry.id)

    def offer_end_actions(self) -> None:
        """Offer below the text to archive the article, read the next one, or see related ones."""
        entry, listing = self._state.entry, self._listing
        if entry is None or not self.is_open:
            return

        def show(following: Entry | None) -> None:
            if self._state.entry is None or self._state.entry.id != entry.id:
                return
            actions = [("archive", "return to the inbox" if entry.archived else "archive")]
            if following is not None:
                actions.append(("next", f"next: {following.title}"))
            actions.append(("details", "related articles, summary"))
            key = self._context.keys.key
            self._context.article.set_end_actions(
                [EndAction(key(name), label, name) for name, label in actions if key(name)]
            )

        self._context.tasks.run_latest(
            "end actions", lambda: _neighbour(listing, entry.id, 1), show
        )

    # Progress.

    def on_scroll(self, entry_id: str, position: Position) -> None:
        """Show the progress, and save the position now and then."""
        if not self.is_open or self._state.entry is None or entry_id != self._state.entry.id:
            return
        self._position = position
        if self._context.article.passage is None:
            self._timer.on_scroll(self._words_above())
        else:
            self._timer.skip_to(self._words_above())
        self.update_status()
        if self._clock() - self._saved_at >= SAVE_INTERVAL:
            self._save_position()

    def reached_end(self, entry_id: str) -> None:
        """Mark the article as finished, because its end was read."""
        entry = self._state.entry
        is_shown = self.is_open and entry is not None and entry.id == entry_id
        if is_shown and not self._finished:
            self._finished = True
            self._save_position()
            self.update_status()

    def save_position(self) -> None:
        """Save the position if it has changed."""
        if self.is_open and self._position != self._saved_position:
            self._save_position()

    def leave(self) -> None:
        """Stop reading the article, aloud too, and save its position."""
        self._context.article.end_passage()
        self.save_position()
        if self.is_open and self._timer.seconds:
            self._save_reading_speed()
        self.is_open = False
        self._finished = False
        self._position = self._saved_position = None
        self._context.status.show_progress(None)

    def _save_position(self) -> None:
        if self._state.entry is None or self._position is None:
            return
        entry_id, position, finished = self._state.entry.id, self._position, self._finished
        self._saved_position, self._saved_at = position, self._clock()
        save = self._context.backend.save_position

        def show(outcome: Outcome) -> None:
            if outcome.changes:
                self._context.show_changes(outcome.changes)

        self._context.tasks.run_serial(lambda: save(entry_id, position, finished=finished), show)

    def _save_reading_speed(self) -> None:
        words, seconds = self._timer.words, self._timer.seconds
        record = self._context.backend.record_reading_speed
        self._context.tasks.run_serial(lambda: record(words, seconds), self._show_reading_speed)

    def _show_reading_speed(self, speed: int) -> None:
        self._context.entries.reading_speed = speed
        self.update_status()

    def _progress(self) -> float:
        """Return the share of the article above the top line, 0.0 to 1.0."""
        return min(1.0, max(0.0, self._position.progress)) if self._position else 0.0

    def _words_above(self) -> float:
        entry = self._state.entry
        return entry.words * self._context.article.share_above if entry else 0.0

    def update_status(self) -> None:
        """Show progress and minutes left in the footer."""
        if self._state.entry is not None and self.is_open and self._position is not None:
            # The top line of a last page is far from the end of the text.
            is_at_end = self._finished and self._context.article.is_at_end
            progress = 1.0 if is_at_end else self._progress()
            here = self._state.entry._replace(progress=progress, finished=is_at_end)
            left = minutes_left_at(here, self._context.entries.reading_speed)
            self._context.status.show_progress((progress, left))

    # Moving.

    def step(self, rows: int) -> None:
        """Open the article that many rows further in the list it was opened from."""
        listing, entry = self._listing, self._state.entry
        if listing is None or entry is None:
            return

        def go(found: Entry | None) -> None:
            if found is None:
                place = "last" if rows > 0 else "first"
                self._context.notify_info(f"This is the {place} article of the list.")
                self._keys.release()
                return
            listing = self._listing
            self.open(found)
            self._listing = listing
            self._follow_cursor(found.id)

        def fail(error: ReaderError) -> None:
            self._context.notify_error(str(error))
            self._keys.release()

        self._keys.hold()
        self._context.tasks.run_latest(
            "step", lambda: _neighbour(listing, entry.id, rows), go, fail
        )

    def _follow_cursor(self, entry_id: EntryId) -> None:
        """Move the cursor of the list to the open article."""
        listing = self._state.listing
        at = listing.index_of(entry_id) if listing is not None else None
        if at is not None:
            self._context.entries.go_to(at)
