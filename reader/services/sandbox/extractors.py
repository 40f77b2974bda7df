"""Extract untrusted pages in child processes, limited to 15 seconds of work and 1 GB.

Where a page breaks the children, its bare text is tried in another child, and says that it is cut.
"""

import json
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Self

from reader.model.article import Article
from reader.model.errors import ExtractionLimitError, NotAnArticleError, ReaderError
from reader.services.sandbox.codec import unpack
from reader.services.sandbox.pool import SandboxPool

TIMEOUT: Final = 15.0
"""Seconds of processor time for a page."""
PLAIN_TIMEOUT: Final = 12.0
"""Seconds for its bare text if that failed."""
MAX_WORKERS: Final = 8
"""Children at once, unless there are fewer processors."""


class Extractors:
    """Sandboxed extraction for one process; safe from any thread; `close` ends its children.

    `workers` is the number of children at most, by default one for each core; each is started
    when the ones before it are busy.
    """

    def __init__(self, workers: int | None = None):
        self.workers = workers or min(os.cpu_count() or 1, MAX_WORKERS)
        self._pool = SandboxPool("reader.services.sandbox.page_worker", self.workers)

    def warm(self) -> None:
        """Start a child while the page is still on its way. Does not wait for it."""
        self._pool.warm()

    def extract(self, page: bytes, url: str | None = None, name: str = "") -> Article:
        """Extract a page's article; blocks for at most 27 s of work.

        `name` is the name of its file. Raises NotAnArticleError, ExtractionLimitError.
        """
        return self.timed(page, url, name)[0]

    def timed(
        self, page: bytes, url: str | None = None, name: str = ""
    ) -> tuple[Article, list[tuple[str, float]]]:
        """Extract an article with the seconds of each stage; no stages for the plain fallback."""
        try:
            return unpack(self._pool.submit(_request(page, url, name, plain=False), TIMEOUT))
        except ExtractionLimitError as stopped:
            try:
                return unpack(
                    self._pool.submit(_request(page, url, name, plain=True), PLAIN_TIMEOUT)
                )
            except (NotAnArticleError, ExtractionLimitError):
                raise stopped from None

    def map(self, pages: Iterable[tuple[bytes, str | None]]) -> Iterator[Article | ReaderError]:
        """Yield the article of each page, or its error, in order, using all cores.

        Reads ahead of the caller by twice the number of workers, no more.
        """
        waiting: deque[Future[Article | ReaderError]] = deque()
        with ThreadPoolExecutor(self.workers, thread_name_prefix="extract") as threads:
            try:
                for page, url in pages:
                    waiting.append(threads.submit(self._extract_or_error, page, url))
                    if len(waiting) > 2 * self.workers:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def _extract_or_error(self, page: bytes, url: str | None) -> Article | ReaderError:
        try:
            return self.extract(page, url)
        except ReaderError as error:
            return error

    def end_idle(self) -> None:
        """End the children that have nothing to do."""
        self._pool.end_idle()

    def close(self) -> None:
        """End the children; pages in progress raise JobCancelledError."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _request(page: bytes, url: str | None, name: str, *, plain: bool) -> bytes:
    return json.dumps({"url": url, "name": name, "plain": plain}).encode() + b"\n" + page
