"""One link brought home: its page fetched, its article taken out, its pictures beside it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from reader.fetch.response import Response
from reader.model.article import Article
from reader.model.entry import EntryId
from reader.services.fetched_pages import FetchedPages
from reader.services.image_archiver import ImageSource, NormaliseImage, download_images
from reader.services.pagination import Extract, join_pages
from reader.services.workspace import Workspace

MAX_TRIES: Final = 2
TIMEOUT: Final = 25.0
"""Seconds after which a person who waits for one page gets it without the pictures still missing."""
MIN_IMAGE_TIMEOUT: Final = 2.0


class PageSource(ImageSource, Protocol):
    """What asks for pages too: `fetch.client.Client`, or what a test puts in its place."""

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Response: ...

    async def can_reach(self, url: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """All that there is to save of a link; the article has its pictures."""

    page: Response
    article: Article


def capture(shelf: Workspace, url: str, *, allow_private: bool = False) -> CapturedPage:
    """A typed address brought home at once, with its pictures; blocks, at most about 30 s.

    Pictures get what is left of that time, and are off where the settings say so. Raises
    FetchError, NetworkGone, NotAnArticle, ExtractionStopped. Must not run in an event loop.
    """
    from reader.fetch.client import Client

    async def once() -> CapturedPage:
        began = asyncio.get_running_loop().time()
        async with Client(shelf.settings.fetch) as client:
            page = await client.page(url, allow_private=allow_private, tries=MAX_TRIES)
            page, article = await join_pages(page, client, shelf.extractors.extract)
            if not shelf.settings.fetch.images:
                return CapturedPage(page, article)
            left = TIMEOUT - (asyncio.get_running_loop().time() - began)
            seconds = max(left, MIN_IMAGE_TIMEOUT)
            gathered = await download_images(
                article, client, shelf.images.normalise, seconds=seconds
            )
            return CapturedPage(page, replace(article, images=gathered.images))

    return asyncio.run(once())


@dataclass(frozen=True, slots=True)
class PageCapture:
    """What capturing needs: where pages come from, and who reads them. `pictures` may be off."""

    source: PageSource
    extract: Extract
    normalise_image: NormaliseImage
    spool: FetchedPages
    with_images: bool = True

    async def run(
        self, entry_id: EntryId, url: str, fetched: Callable[[bool], None]
    ) -> CapturedPage:
        """Bring one link home; `fetched` is told when the page is here, and whether it was asked for.

        Raises FetchError, NotAnArticle, ExtractionStopped. A page that an earlier run fetched is
        not asked for again.
        """
        kept = await asyncio.to_thread(self.spool.get, entry_id) if entry_id in self.spool else None
        page = kept or await self.source.page(url)
        fetched(kept is None)
        if kept is None:
            await asyncio.to_thread(self.spool.put, entry_id, page)
        page, article = await join_pages(page, self.source, self.extract)
        if not self.with_images:
            return CapturedPage(page, article)
        gathered = await download_images(article, self.source, self.normalise_image)
        return CapturedPage(page, replace(article, images=gathered.images))
