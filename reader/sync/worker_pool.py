"""Parallel requests of one run, within a budget of memory."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

MAX_REQUESTS: Final = 16
"""Requests at the same time: ⏱ more did not help on S3 and WebDAV of the same machine."""
MAX_BYTES: Final = 12 << 20
"""Bytes of objects in memory, unless one alone has more; sealing holds them twice."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class ByteBudget:
    """Bytes that jobs may hold; one that needs more than all waits until it is alone."""

    def __init__(self, size: int = MAX_BYTES):
        self._size = size
        self._free = size
        self._condition = threading.Condition()

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Hold as many bytes, at most the whole budget. Blocks until they are free."""
        wanted = min(size, self._size)
        with self._condition:
            self._condition.wait_for(lambda: self._free >= wanted)
            self._free -= wanted
        try:
            yield
        finally:
            with self._condition:
                self._free += wanted
                self._condition.notify_all()


class WorkerPool(Generic[Item, Result]):
    """Threads of one run. Leaving the block waits for the jobs under way and drops the others."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(MAX_REQUESTS, thread_name_prefix="sync")

    def __enter__(self) -> "WorkerPool[Item, Result]":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def run(self, job: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results in the order of the items, which are taken as they are needed."""
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(self._pool.submit(job, item))
                if len(waiting) >= 2 * MAX_REQUESTS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()
