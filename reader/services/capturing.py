"""One link brought home: its page fetched, its article taken out, its pictures beside it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from reader.fetch.answer import Fetched
from reader.model.article import Article
from reader.model.entry import EntryId
from reader.services.archive import PictureSource, Settle, gather
from reader.services.spool import Spool

Extract = Callable[[bytes, str | None], Article]
"""Takes the article out of a page in a guarded child; blocks, raises ReaderError."""


class PageSource(PictureSource, Protocol):
    """What asks for pages too: `fetch.client.Client`, or what a test puts in its place."""

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Fetched: ...

    async def reaches(self, url: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Captured:
    """All that there is to save of a link; the article has its pictures."""

    page: Fetched
    article: Article


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
        article = await asyncio.to_thread(self.extract, page.page, page.final_url)
        if not self.pictures:
            return Captured(page, article)
        gathered = await gather(article, self.source, self.settle)
        return Captured(page, replace(article, pictures=gathered.pictures))
