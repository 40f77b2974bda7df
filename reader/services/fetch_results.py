"""Write fetched pages to the library, keeping the better of two texts."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reader.model.article import Article, ImageFile
from reader.model.change import Change
from reader.model.entry import EntryId, Record
from reader.model.errors import FetchError, ReaderError, UnknownIdError
from reader.services.fetch_scheduler import FetchResult, QueuedLink
from reader.services.fetched_pages import FetchedPages
from reader.services.image_archiver import image_destinations
from reader.services.page_capture import CapturedPage
from reader.services.url_dedup import UrlDeduplicator, merge_into

if TYPE_CHECKING:
    from reader.library import Library

MIN_WORD_SHARE: Final = 0.6
"""Share of the former words below which a refetched page counts as worse."""


class FetchResultWriter:
    """The sink of a run: one change of the library for each batch of results.

    `saved` are links that became articles, `failures` ids with their reasons. `merged_count`
    counts links that proved to be known articles, `unchanged_count` articles whose new page was
    the same or worse. Nothing here is an undo step.
    """

    def __init__(self, library: "Library", spool: FetchedPages):
        self.saved: list[EntryId] = []
        self.failures: list[tuple[EntryId, str]] = []
        self.merged_count = 0
        self.unchanged_count = 0
        self._library = library
        self._spool = spool
        self._deduplicator: UrlDeduplicator | None = None
        self._changes: dict[EntryId, Change] = {}

    def write(self, results: Sequence[FetchResult]) -> None:
        """Save articles and failures; skip entries deleted meanwhile. Blocks on disk."""
        for link, result in results:
            try:
                record = self._library.get(link.id)
            except UnknownIdError:
                continue
            if isinstance(result, CapturedPage):
                self._write_page(link, record, result)
            else:
                self._write_failure(record, result)
        self._flush()
        for link, _ in results:
            self._spool.remove(link.id)

    def _write_page(self, link: QueuedLink, record: Record, captured: CapturedPage) -> None:
        if record.digest is not None:
            self._write_refetched(record, captured)
            return
        final, article = captured.page.final_url, captured.article
        duplicate = self._loaded_deduplicator().find(link.url, final, article)
        if duplicate is not None and duplicate.entry.id != record.entry.id:
            self._flush()
            merge_into(self._library, record, duplicate, step=None)
            self.merged_count += 1
            return
        self._loaded_deduplicator().add(record.entry.id, link.url, final, article.canonical)
        self._changes[record.entry.id] = _text_change(captured, article)
        self.saved.append(record.entry.id)

    def _loaded_deduplicator(self) -> UrlDeduplicator:
        if self._deduplicator is None:
            self._deduplicator = UrlDeduplicator(self._library)
            self._deduplicator.add_all()
        return self._deduplicator

    def _write_refetched(self, record: Record, captured: CapturedPage) -> None:
        """Replace a refetched article's text, unless the new text is not better."""
        article = captured.article
        worse = article.words < MIN_WORD_SHARE * record.entry.words or (
            article.cut and not record.cut
        )
        if worse or record.entry.folder is None:
            self.unchanged_count += 1
            return
        if article.markdown == self._library.markdown(record.entry.id):
            self.unchanged_count += 1
            fresh = {
                picture.destination: (Path(picture.name).name, picture.content)
                for picture in article.images
                if picture.destination not in record.images
            }
            if fresh:
                self._library.add_images(record.entry.id, fresh)
            return
        rescued = images_to_keep(self._library, article, record)
        article = replace(article, images=(*article.images, *rescued))
        self._changes[record.entry.id] = _text_change(captured, article)

    def _write_failure(self, record: Record, error: ReaderError) -> None:
        self.failures.append((record.entry.id, str(error)))
        if record.digest is not None:
            return
        passing = isinstance(error, FetchError) and error.is_temporary
        attempts = record.attempts + 1 if passing else 0
        self._changes[record.entry.id] = Change(failure=str(error), attempts=attempts)

    def _flush(self) -> None:
        if self._changes:
            self._library.change(self._changes, step=None)
            self._changes = {}


def _text_change(captured: CapturedPage, article: Article) -> Change:
    final = captured.page.final_url
    return Change(article=article, page=captured.page.page, final=final, attempts=0)


def images_to_keep(library: "Library", article: Article, record: Record) -> list[ImageFile]:
    """Return images of the former page that the text shows and could not be fetched again."""
    has = {picture.destination for picture in article.images}
    found: list[ImageFile] = []
    for place in image_destinations(article.markdown):
        if place in record.images and place not in has:
            content = library.image(record.entry.id, record.images[place])
            if content is not None:
                found.append(ImageFile(record.images[place], content, source_url=place))
    return found
