"""Concurrency limits: slots for running requests, and a queue that is fair to hosts."""

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Generic, TypeVar
from urllib.parse import urlsplit

MAX_CONCURRENT: Final = 8
"""Requests at the same time: two for each of four hosts."""
MAX_PER_HOST: Final = 2
"""Requests to one host at the same time; browsers open up to six."""


class RequestSlots:
    """Semaphores of one event loop, for all requests and for each host."""

    def __init__(self, at_once: int = MAX_CONCURRENT, per_host: int = MAX_PER_HOST):
        self._all = asyncio.Semaphore(at_once)
        self._per_host = per_host
        self._hosts: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def acquire(self, url: str, deadline: asyncio.Timeout) -> AsyncIterator[None]:
        """Hold a slot for one request; pause `deadline` while waiting for it."""
        loop = asyncio.get_running_loop()
        host = urlsplit(url).hostname or ""
        own = self._hosts.setdefault(host, asyncio.Semaphore(self._per_host))
        began, ends = loop.time(), deadline.when()
        deadline.reschedule(None)
        # The host's slot first: a request that waits for a busy host must not hold a general slot.
        async with own, self._all:
            if ends is not None:
                deadline.reschedule(ends + loop.time() - began)
            yield


Key = TypeVar("Key")


class HostQueue(Generic[Key]):
    """Queue of keys with their hosts, first in first out; times are seconds.

    A host has at most two keys at once. A key can be requeued for later, and a host paused.
    Taking a key is logarithmic in their number.
    """

    def __init__(self, per_host: int = MAX_PER_HOST):
        self._per_host = per_host
        self._count = 0
        self._size = 0
        self._waiting: dict[str, list[tuple[int, Key]]] = {}
        self._heads: list[tuple[int, str]] = []
        self._later: list[tuple[float, int, str, Key]] = []
        self._order: dict[Key, int] = {}
        self._running: Counter[str] = Counter()
        self._resting: dict[str, float] = {}

    def __len__(self) -> int:
        """Return the number of waiting keys."""
        return self._size

    def add(self, key: Key, host: str) -> None:
        """Append a key."""
        self._count += 1
        self._size += 1
        self._order[key] = self._count
        self._enqueue(self._count, host, key)

    def requeue(self, key: Key, host: str, due: float) -> None:
        """Put a key back in its old place, not before `due`."""
        self._size += 1
        heapq.heappush(self._later, (due, self._order[key], host, key))

    def pause_host(self, host: str, until: float) -> None:
        """Hand out no key of a host until a time."""
        self._resting[host] = max(until, self._resting.get(host, until))

    def pop(self, now: float) -> tuple[Key, str] | None:
        """Return the next key with its host, None if all have to wait."""
        while self._later and self._later[0][0] <= now:
            _, order, host, key = heapq.heappop(self._later)
            self._enqueue(order, host, key)
        held: list[tuple[int, str]] = []
        found: tuple[Key, str] | None = None
        while self._heads and found is None:
            head = heapq.heappop(self._heads)
            host = head[1]
            waiting = self._waiting.get(host)
            if not waiting or waiting[0][0] != head[0]:
                continue
            if self._running[host] >= self._per_host or self._resting.get(host, now) > now:
                held.append(head)
                continue
            found = (heapq.heappop(waiting)[1], host)
            self._running[host] += 1
            self._size -= 1
            self._publish_head(host)
        for head in held:
            heapq.heappush(self._heads, head)
        return found

    def release(self, host: str) -> None:
        """Free one of a host's places."""
        self._running[host] -= 1

    def next_due(self, now: float) -> float | None:
        """Return the seconds until a key or host is due; None if none waits."""
        times = [self._later[0][0]] if self._later else []
        times += [
            until
            for host, until in self._resting.items()
            if until > now and self._waiting.get(host)
        ]
        return max(min(times) - now, 0.0) if times else None

    def _enqueue(self, order: int, host: str, key: Key) -> None:
        heapq.heappush(self._waiting.setdefault(host, []), (order, key))
        self._publish_head(host)

    def _publish_head(self, host: str) -> None:
        """Offer a host's first key; `pop` skips outdated offers."""
        if self._waiting[host]:
            heapq.heappush(self._heads, (self._waiting[host][0][0], host))
        else:
            del self._waiting[host]
