"""How many requests run at once."""

import asyncio

from reader.fetch.concurrency import RequestSlots


async def test_waiting_in_line_costs_no_time() -> None:
    """The deadline of one who waits stands still, and runs on once it is its turn."""
    slots = RequestSlots(at_once=8, per_host=1)
    later = asyncio.Event()
    seen: list[float | None] = []

    async def second(deadline: asyncio.Timeout) -> None:
        async with slots.acquire("https://a.example/2", deadline):
            seen.append(deadline.when())

    async def waits() -> None:
        async with asyncio.timeout(30.0) as deadline:
            asking = asyncio.create_task(second(deadline))
            await asyncio.sleep(0)
            seen.append(deadline.when())
            later.set()
            await asking

    async with asyncio.timeout(30.0) as first, slots.acquire("https://a.example/1", first):
        waiting = asyncio.create_task(waits())
        await later.wait()
    await waiting
    assert seen[0] is None
    assert seen[1] is not None


async def test_a_busy_host_keeps_no_place_of_the_others() -> None:
    """With one host full, seven other requests still find a place."""
    slots = RequestSlots(at_once=2, per_host=1)
    async with asyncio.timeout(30.0) as first, slots.acquire("https://a.example/", first):
        async with asyncio.timeout(30.0) as second:
            waits = asyncio.create_task(slots.acquire("https://a.example/", second).__aenter__())
            await asyncio.sleep(0)
            async with asyncio.timeout(30.0) as third, slots.acquire("https://b.example/", third):
                assert not waits.done()
            waits.cancel()
            await asyncio.gather(waits, return_exceptions=True)
