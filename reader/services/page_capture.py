"""One link brought home: its page fetched, its article taken out, its pictures beside it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from reader.fetch.response import Fetched
from reader.model.article import Article
from reader.model.entry import EntryId
from reader.services.fetched_pages import Spool
from reader.services.image_archiver import PictureSource, Settle, gather
from reader.services.pagination import Extract, whole
from reader.services.workspace import Shelf

QUICK_TRIES: Final = 2
PATIENCE: Final = 25.0
"""Seconds after which a person who waits for one page gets it without the pictures still missing."""
LEAST_FOR_PICTURES: Final = 2.0


class PageSource(PictureSource, Protocol):
    """What asks for pages too: `fetch.client.Client`, or what a test puts in its place."""

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Fetched: ...

    async def reaches(self, url: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Captured:
    """All that there is to save of a link; the article has its pictures."""

    page: Fetched
    article: Article


def capture_now(shelf: Shelf, url: str, *, allow_private: bool = False) -> Captured:
    """A typed address brought home at once, with its pictures; blocks, at most about 30 s.

    Pictures get what is left of that time, and are off where the settings say so. Raises
    FetchError, NetworkGone, NotAnArticle, ExtractionStopped. Must not run in an event loop.
    """
    from reader.fetch.client import Client

    async def once() -> Captured:
        began = asyncio.get_running_loop().time()
        async with Client(shelf.settings.fetch) as client:
            page = await client.page(url, allow_private=allow_private, tries=QUICK_TRIES)
            page, article = await whole(page, client, shelf.extractors.extract)
            if not shelf.settings.fetch.images:
                return Captured(page, article)
            left = PATIENCE - (asyncio.get_running_loop().time() - began)
            seconds = max(left, LEAST_FOR_PICTURES)
            gathered = await gather(article, client, shelf.pictures.settle, seconds=seconds)
            return Captured(page, replace(article, pictures=gathered.pictures))

    return asyncio.run(once())


@dataclass(frozen=True, slots=True)
class Capture:
    """What capturing needs: where pages come from, and who reads them. `pictures` may be off."""

    source: PageSource
    extract: Extract
    settle: Settle
    spool: Spool
    pictures: bool = True

    async def one(self, entry_id: EntryId, url: str, fetched: Callable[[bool], None]) -> Captured:
        """Bring one link home; `fetched` is told when the page is here, and whether it was asked for.

        Raises FetchError, NotAnArticle, ExtractionStopped. A page that an earlier run fetched is
        not asked for again.
        """
        kept = await asyncio.to_thread(self.spool.get, entry_id) if entry_id in self.spool else None
        page = kept or await self.source.page(url)
        fetched(kept is None)
        if kept is None:
            await asyncio.to_thread(self.spool.put, entry_id, page)
        page, article = await whole(page, self.source, self.extract)
        if not self.pictures:
            return Captured(page, article)
        gathered = await gather(article, self.source, self.settle)
        return Captured(page, replace(article, pictures=gathered.pictures))
