"""Capture one page: fetch it, extract its article, download its images."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from reader.fetch.response import Response
from reader.model.article import Article
from reader.model.entry import EntryId
from reader.services.fetched_pages import FetchedPages
from reader.services.image_archiver import ImageSource, NormaliseImage, download_images
from reader.services.page_renderer import Render, renderer_of
from reader.services.pagination import Extract, join_pages
from reader.services.workspace import Workspace

MAX_TRIES: Final = 2
"""Requests for a typed address: a second one after a passing failure."""
TIMEOUT: Final = 25.0
"""Seconds a user waits for one page; images missing by then are left out."""
MIN_IMAGE_TIMEOUT: Final = 2.0
"""Seconds that images get even if the page took all of the time."""


class PageSource(ImageSource, Protocol):
    """A source of pages and images: `fetch.client.Client`, or a test's replacement."""

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Response: ...

    async def can_reach(self, url: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """A page with its extracted article and images."""

    page: Response
    article: Article


def capture(workspace: Workspace, url: str, *, allow_private: bool = False) -> CapturedPage:
    """Capture a typed address with its images; blocks, at most about 30 s.

    Images get the rest of that time, and none if the settings turn them off. Raises
    FetchError, NetworkError, NotAnArticleError, ExtractionLimitError. Must not run in an event loop.
    """
    from reader.fetch.client import Client

    async def once() -> CapturedPage:
        began = asyncio.get_running_loop().time()
        async with Client(workspace.settings.fetch) as client:
            page = await client.page(url, allow_private=allow_private, tries=MAX_TRIES)
            page, article = await join_pages(
                page,
                client,
                workspace.extractors.extract,
                render=renderer_of(workspace.settings.commands),
            )
            if not workspace.settings.fetch.images:
                return CapturedPage(page, article)
            left = TIMEOUT - (asyncio.get_running_loop().time() - began)
            seconds = max(left, MIN_IMAGE_TIMEOUT)
            gathered = await download_images(
                article, client, workspace.images.normalise, seconds=seconds
            )
            return CapturedPage(page, replace(article, images=gathered.images))

    return asyncio.run(once())


@dataclass(frozen=True, slots=True)
class PageCapture:
    """Captures queued links; `with_images` turns image downloads on or off.

    `render` renders pages without an article, if the settings name a command for that.
    """

    source: PageSource
    extract: Extract
    normalise_image: NormaliseImage
    spool: FetchedPages
    with_images: bool = True
    render: Render | None = None

    async def run(
        self, entry_id: EntryId, url: str, fetched: Callable[[bool], None]
    ) -> CapturedPage:
        """Capture one link; call `fetched` with whether the page was requested.

        `fetched` is called as soon as the page has arrived; a page that an earlier run fetched is
        not requested again. Raises FetchError, NotAnArticleError, ExtractionLimitError.
        """
        kept = await asyncio.to_thread(self.spool.get, entry_id) if entry_id in self.spool else None
        page = kept or await self.source.page(url)
        fetched(kept is None)
        if kept is None:
            await asyncio.to_thread(self.spool.put, entry_id, page)
        page, article = await join_pages(page, self.source, self.extract, render=self.render)
        if not self.with_images:
            return CapturedPage(page, article)
        gathered = await download_images(article, self.source, self.normalise_image)
        return CapturedPage(page, replace(article, images=gathered.images))
