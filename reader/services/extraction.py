"""Extraction of untrusted pages in child processes that can be killed."""

import json
import os
import queue
import selectors
import struct
import subprocess
import sys
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from types import TracebackType
from typing import Any, Final, Self

from reader.model.article import Article, Picture, Related
from reader.model.errors import ExtractionStopped, NotAnArticle, ReaderError

SECONDS: Final = 15.0
MEMORY: Final = 1 << 30
_HEAD: Final = struct.Struct("!I")


class Extractors:
    """Long-lived children, each with 15 s and 1 GB a page; safe to use from several threads.

    A child is started with its first page, killed and replaced when it passes a limit, and ends
    by itself when this process does. The memory limit does not hold on macOS.
    """

    def __init__(self, workers: int | None = None, *, seconds: float = SECONDS):
        self.workers = workers or max(1, os.cpu_count() or 1)
        self._seconds = seconds
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(self.workers):
            self._idle.put(None)
        self._lock = threading.Lock()
        self._closed = False

    def extract(self, page: bytes, url: str | None = None) -> Article:
        """The article of one page; blocks. Raises NotAnArticle, ExtractionStopped."""
        child = self._idle.get()
        try:
            if child is None or not child.is_alive():
                child = _Child()
            answer = child.ask(page, url, self._seconds)
        except _Gone as gone:
            if child is not None:
                child.kill()
            child = None
            raise ExtractionStopped(f"the page was given up: {gone}") from None
        finally:
            if self._closed and child is not None:
                child.kill()
                child = None
            self._idle.put(child)
        return _article(answer)

    def map(self, pages: Iterable[tuple[bytes, str | None]]) -> Iterator[Article | ReaderError]:
        """Articles or errors in the order of the pages, all workers busy."""

        def one(item: tuple[bytes, str | None]) -> Article | ReaderError:
            try:
                return self.extract(*item)
            except ReaderError as error:
                return error

        with ThreadPoolExecutor(self.workers) as threads:
            yield from threads.map(one, pages)

    def close(self) -> None:
        """End the children that are idle now, and each other one when its page is done."""
        with self._lock:
            self._closed = True
            for _ in range(self.workers):
                try:
                    child = self._idle.get_nowait()
                except queue.Empty:
                    break
                if child is not None:
                    child.kill()
                self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Gone(Exception):
    """The child did not answer, and why."""


class _Child:
    """One process; a request and an answer are each a length and that many bytes."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "reader.services.extraction_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            start_new_session=True,
        )

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, page: bytes, url: str | None, seconds: float) -> dict[str, Any]:
        address = (url or "").encode("utf-8", "replace")
        until = time.monotonic() + seconds
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(_HEAD.pack(len(address)) + address + _HEAD.pack(len(page)) + page)
            stdin.flush()
        except OSError:
            raise _Gone("its process ended") from None
        (length,) = _HEAD.unpack(self._read(_HEAD.size, until))
        answer: dict[str, Any] = json.loads(self._read(length, until))
        return answer

    def _read(self, size: int, until: float) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None
        parts: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while size:
                left = until - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise _Gone("it took too long")
                part = os.read(stdout.fileno(), min(size, 1 << 20))
                if not part:
                    raise _Gone("it needs too much memory")
                parts.append(part)
                size -= len(part)
        return b"".join(parts)

    def kill(self) -> None:
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
        self._process.wait()


def _article(answer: dict[str, Any]) -> Article:
    if "reason" in answer:
        raise NotAnArticle(answer["reason"])
    if "stopped" in answer:
        raise ExtractionStopped(answer["stopped"])
    values = answer["article"]
    values["tags"] = tuple(values["tags"])
    values["related"] = tuple(Related(**row) for row in values["related"])
    values["pictures"] = tuple(
        Picture(name, b64decode(content)) for name, content in values["pictures"]
    )
    return Article(**values)


def portable(article: Article) -> dict[str, Any]:
    """The article as JSON values; the other side of the pipe reads it back."""
    values = asdict(article)
    values["pictures"] = [
        [one.name, b64encode(one.content).decode("ascii")] for one in article.pictures
    ]
    return values
