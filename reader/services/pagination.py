"""Join the pages of an article, and try alternate forms of a page without text."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from reader.fetch.alternate_urls import alternate_urls, is_redirect_stub
from reader.fetch.response import Response
from reader.model.article import Article
from reader.model.errors import FetchError, NotAnArticleError, ReaderError
from reader.services.page_renderer import Render

Extract = Callable[[bytes, str | None], Article]
"""Extracts a page's article in a sandboxed child; blocks, raises ReaderError."""

MAX_PAGES: Final = 20
"""Pages that are joined to one article."""
MAX_ALTERNATES: Final = 5
"""Other addresses that are tried for a page without its text."""
TIMEOUT: Final = 15.0
"""Seconds for all further pages: a chain of slow pages must not make the user wait."""
_PAGE_NUMBER: Final = re.compile(
    r"\W*\b(?:page|seite|p\.)?\s*\d+(?:\s*(?:of|/|von)\s*\d+)?\W*$", re.IGNORECASE
)


class LinkedPageSource(Protocol):
    """A source of linked pages; their addresses are never private."""

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Response: ...


async def join_pages(
    page: Response,
    source: LinkedPageSource,
    extract: Extract,
    *,
    seconds: float = TIMEOUT,
    render: Render | None = None,
) -> tuple[Response, Article]:
    """Extract an article with its following pages; return the page it was found on too.

    A page that only redirects is followed; if a page has no text, its AMP and print forms are
    tried, then `render`. Following pages of the same title are joined, at most twenty. Raises NotAnArticleError, ExtractionLimitError as `extract`
    does for the first page; further pages that fail are left out.
    """
    found = None
    if is_redirect_stub(page.content, page.final_url, page.refresh):
        found = await _find_alternate(page, source, extract, seconds)
    if found is None:
        try:
            found = page, await asyncio.to_thread(extract, page.page, page.final_url)
        except NotAnArticleError:
            found = await _find_alternate(page, source, extract, seconds)
            if found is None and render is not None:
                found = await asyncio.to_thread(_render, page, render, extract)
            if found is None:
                raise
    page, article = found
    parts = [article]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await _follow(page, parts, source, extract)
    return page, article if len(parts) == 1 else _join(parts)


async def _find_alternate(
    page: Response, source: LinkedPageSource, extract: Extract, seconds: float
) -> tuple[Response, Article] | None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await _alternate_version(page, source, extract)
    return None


def _render(page: Response, render: Render, extract: Extract) -> tuple[Response, Article] | None:
    """Return the rendered page with its article, or None if that fails. Blocks."""
    with contextlib.suppress(ReaderError):
        rendered = render(page)
        if rendered is not None:
            return rendered, extract(rendered.page, rendered.final_url)
    return None


async def _alternate_version(
    page: Response, source: LinkedPageSource, extract: Extract
) -> tuple[Response, Article] | None:
    seen = {page.final_url}
    named = alternate_urls(page.content, page.final_url, refresh_header=page.refresh)
    waiting = [named.refresh, named.amp, named.print_version]
    while waiting and len(seen) <= MAX_ALTERNATES:
        address = waiting.pop(0)
        if address is None or address in seen:
            continue
        seen.add(address)
        try:
            other = await source.page(address)
            return other, await asyncio.to_thread(extract, other.page, other.final_url)
        except FetchError:
            continue
        except NotAnArticleError:
            # One stub may lead to the next.
            named = alternate_urls(other.content, other.final_url, refresh_header=other.refresh)
            waiting.insert(0, named.refresh)
    return None


async def _follow(
    page: Response, parts: list[Article], source: LinkedPageSource, extract: Extract
) -> None:
    """Append the following pages until one is missing or belongs to another article."""
    seen = {page.final_url}
    following = alternate_urls(page.content, page.final_url).next_page
    while following is not None and following not in seen and len(parts) < MAX_PAGES:
        seen.add(following)
        try:
            page = await source.page(following)
            part = await asyncio.to_thread(extract, page.page, page.final_url)
        except (FetchError, NotAnArticleError):
            return
        if _base_title(part) != _base_title(parts[0]) or page.final_url in seen - {following}:
            return
        parts.append(part)
        following = alternate_urls(page.content, page.final_url, len(parts)).next_page


def _base_title(article: Article) -> str:
    return _PAGE_NUMBER.sub("", article.title).casefold()


def _join(parts: list[Article]) -> Article:
    """Join the parts into one text, without repeating paragraphs of earlier parts."""
    seen: set[str] = set()
    texts: list[str] = []
    words = 0
    for part in parts:
        blocks = part.markdown.split("\n\n")
        fresh = [block for block in blocks if len(block) < 40 or block not in seen]
        seen.update(blocks)
        texts.append("\n\n".join(fresh).strip())
        words += round(part.words * sum(map(len, fresh)) / max(sum(map(len, blocks)), 1))
    pictures = {one.destination: one for part in parts for one in part.images}
    return replace(
        parts[0],
        title=_PAGE_NUMBER.sub("", parts[0].title) or parts[0].title,
        markdown="\n\n".join(text for text in texts if text) + "\n",
        words=words,
        images=tuple(pictures.values()),
        cut=any(part.cut for part in parts),
    )
