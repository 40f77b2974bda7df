"""How many requests run at once: eight in all, two to one host."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

AT_ONCE: Final = 8
PER_HOST: Final = 2


class Slots:
    """Places in line, inside one event loop. Waiting does not count as time of the request."""

    def __init__(self, at_once: int = AT_ONCE, per_host: int = PER_HOST):
        self._all = asyncio.Semaphore(at_once)
        self._per_host = per_host
        self._hosts: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def taken(self, url: str, deadline: asyncio.Timeout) -> AsyncIterator[None]:
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
