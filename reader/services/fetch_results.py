"""What a run of the queue captured, put into the library: never a worse text for a better one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reader.model.article import Article, Picture
from reader.model.change import Change
from reader.model.entry import EntryId, Record
from reader.model.errors import FetchError, ReaderError, UnknownId
from reader.services.fetch_scheduler import Link, Result
from reader.services.fetched_pages import Spool
from reader.services.image_archiver import destinations
from reader.services.page_capture import Captured
from reader.services.url_dedup import Twins, hand_over

if TYPE_CHECKING:
    from reader.library import Library

WORSE: Final = 0.6
"""A page fetched again with fewer words than this share of the former is a worse one."""


class Keeping:
    """The sink of a run: one change of the library for all results that have come.

    `saved` are links that became articles, `failures` ids with their reasons, `same` counts links that proved to be known articles,
    `kept` articles whose new page was the same or worse. Nothing here is a step of undo.
    """

    def __init__(self, library: "Library", spool: Spool):
        self.saved: list[EntryId] = []
        self.failures: list[tuple[EntryId, str]] = []
        self.same = 0
        self.kept = 0
        self._library = library
        self._spool = spool
        self._twins: Twins | None = None
        self._changes: dict[EntryId, Change] = {}

    def keep(self, results: Sequence[Result]) -> None:
        """Save articles and reasons; what was deleted meanwhile is dropped. Blocks on disk."""
        for link, result in results:
            try:
                record = self._library.get(link.id)
            except UnknownId:
                continue
            if isinstance(result, Captured):
                self._captured(link, record, result)
            else:
                self._failed(record, result)
        self._flush()
        for link, _ in results:
            self._spool.drop(link.id)

    def _captured(self, link: Link, record: Record, captured: Captured) -> None:
        if record.digest is not None:
            self._again(record, captured)
            return
        final, article = captured.page.final_url, captured.article
        twin = self._known().of(link.url, final, article)
        if twin is not None and twin.entry.id != record.entry.id:
            self._flush()
            hand_over(self._library, record, twin, step=None)
            self.same += 1
            return
        self._known().learn(record.entry.id, link.url, final, article.canonical)
        self._changes[record.entry.id] = _text(captured, article)
        self.saved.append(record.entry.id)

    def _known(self) -> Twins:
        if self._twins is None:
            self._twins = Twins(self._library)
            self._twins.learn_all()
        return self._twins

    def _again(self, record: Record, captured: Captured) -> None:
        """An article that was fetched again: kept as it was where the new text is not better."""
        article = captured.article
        worse = article.words < WORSE * record.entry.words or (article.cut and not record.cut)
        folder = self._library.folder(record.entry.id)
        if worse or folder is None:
            self.kept += 1
            return
        if article.markdown == self._library.markdown(record.entry.id):
            self.kept += 1
            fresh = {
                picture.place: (Path(picture.name).name, picture.content)
                for picture in article.pictures
                if picture.place not in record.pictures
            }
            if fresh:
                self._library.add_pictures(record.entry.id, fresh)
            return
        rescued = _rescued(article, folder, record.pictures)
        article = replace(article, pictures=(*article.pictures, *rescued))
        self._changes[record.entry.id] = _text(captured, article)

    def _failed(self, record: Record, error: ReaderError) -> None:
        self.failures.append((record.entry.id, str(error)))
        if record.digest is not None:
            return
        passing = isinstance(error, FetchError) and error.passing
        attempts = record.attempts + 1 if passing else 0
        self._changes[record.entry.id] = Change(failure=str(error), attempts=attempts)

    def _flush(self) -> None:
        if self._changes:
            self._library.change(self._changes, step=None)
            self._changes = {}


def _text(captured: Captured, article: Article) -> Change:
    final = captured.page.final_url
    return Change(article=article, page=captured.page.page, final=final, attempts=0)


def _rescued(article: Article, folder: Path, known: Mapping[str, str]) -> list[Picture]:
    """Pictures of the former page that the new text still shows and its servers no longer give."""
    has = {picture.place for picture in article.pictures}
    found: list[Picture] = []
    for place in destinations(article.markdown):
        if place in known and place not in has:
            try:
                content = (folder / known[place]).read_bytes()
            except OSError:
                continue
            found.append(Picture(known[place], content, of=place))
    return found
