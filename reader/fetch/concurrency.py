"""Whose turn it is among many addresses: first come first, but never too much for one host."""

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Generic, TypeVar
from urllib.parse import urlsplit

MAX_CONCURRENT: Final = 8
MAX_PER_HOST: Final = 2


class RequestSlots:
    """Places in line, inside one event loop. Waiting does not count as time of the request."""

    def __init__(self, at_once: int = MAX_CONCURRENT, per_host: int = MAX_PER_HOST):
        self._all = asyncio.Semaphore(at_once)
        self._per_host = per_host
        self._hosts: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def acquire(self, url: str, deadline: asyncio.Timeout) -> AsyncIterator[None]:
        """Hold a place for one request; `deadline` stands still until there is one."""
        loop = asyncio.get_running_loop()
        host = urlsplit(url).hostname or ""
        own = self._hosts.setdefault(host, asyncio.Semaphore(self._per_host))
        began, ends = loop.time(), deadline.when()
        deadline.reschedule(None)
        # The host's place first: one who waits for a busy host must not hold a place of all.
        async with own, self._all:
            if ends is not None:
                deadline.reschedule(ends + loop.time() - began)
            yield


Key = TypeVar("Key")


class HostQueue(Generic[Key]):
    """Keys with their hosts, handed out in the order they were added; times are seconds.

    A host has at most two at once. A key may come back for later, and a host may be left to rest.
    Handing one out costs the logarithm of their number.
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
        """How many wait, for a turn or for a time."""
        return self._size

    def add(self, key: Key, host: str) -> None:
        """Let a key wait behind all others."""
        self._count += 1
        self._size += 1
        self._order[key] = self._count
        self._enqueue(self._count, host, key)

    def requeue(self, key: Key, host: str, due: float) -> None:
        """Let a key that had its turn come back, not before `due`, in its old place."""
        self._size += 1
        heapq.heappush(self._later, (due, self._order[key], host, key))

    def pause_host(self, host: str, until: float) -> None:
        """Ask nothing of a host until then."""
        self._resting[host] = max(until, self._resting.get(host, until))

    def pop(self, now: float) -> tuple[Key, str] | None:
        """The key whose turn it is with its host, or `None` where all have to wait."""
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
        """One of a host's turns is over."""
        self._running[host] -= 1

    def next_due(self, now: float) -> float | None:
        """Seconds until a time comes for which a key or a host waits; `None` where none does."""
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
        """Put a host's first key among those that may be next; an outdated one is passed over."""
        if self._waiting[host]:
            heapq.heappush(self._heads, (self._waiting[host][0][0], host))
        else:
            del self._waiting[host]
