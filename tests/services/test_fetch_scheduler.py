"""Many links at once, against servers that are made up."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reader.fetch.response import Response
from reader.model.article import Article, ImageFile
from reader.model.entry import EntryId
from reader.model.errors import FetchError, NetworkError, NotAnArticleError, WriteError
from reader.paths import find
from reader.services.fetch_scheduler import FetchProgress, FetchResult, FetchScheduler, QueuedLink
from reader.services.fetched_pages import FetchedPages
from reader.services.page_capture import CapturedPage, PageCapture

QUICK = (0.0, 0.0)


@dataclass
class Web:
    """Servers that answer by address; counts what is asked, and what runs at once."""

    answers: dict[str, list[Exception | bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    running: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    there: bool = False
    after: Callable[[], bool] = lambda: True

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Response:
        host = url.split("/")[2]
        self.asked.append(url)
        self.running[host] += 1
        self.most[host] = max(self.most[host], self.running[host])
        await asyncio.sleep(0)
        self.running[host] -= 1
        answers = self.answers.get(url, [b"text"])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        while url in self.answers and not self.after():
            await asyncio.sleep(0.001)
        if isinstance(answer, Exception):
            raise answer
        return Response(url, url, answer)

    async def image(self, url: str) -> Response:
        raise FetchError("no pictures here", kind="not-found")

    async def can_reach(self, url: str) -> bool:
        return self.there


@dataclass
class Box:
    """A sink that remembers; `full` makes it fail."""

    results: dict[str, CapturedPage | Exception] = field(default_factory=dict)
    full: bool = False

    def write(self, results: Sequence[FetchResult]) -> None:
        if self.full:
            raise WriteError("the disk is full")
        for link, result in results:
            assert link.url not in self.results
            self.results[link.url] = result

    @property
    def saved(self) -> list[str]:
        return [url for url, result in self.results.items() if isinstance(result, CapturedPage)]

    @property
    def failed(self) -> dict[str, str]:
        failures = {
            url: result for url, result in self.results.items() if isinstance(result, Exception)
        }
        return {url: str(error) for url, error in failures.items()}


def read(page: bytes, url: str | None) -> Article:
    if page == b"nothing":
        raise NotAnArticleError("there is no text")
    return Article(title="T", markdown=page.decode(), words=1)


def settle(content: bytes) -> ImageFile:
    raise AssertionError


def links(*urls: str) -> list[QueuedLink]:
    return [QueuedLink(EntryId(f"{number:012d}"), url) for number, url in enumerate(urls)]


def crawled(
    web: Web,
    wanted: Sequence[QueuedLink],
    box: Box | None = None,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    extract: Callable[[bytes, str | None], Article] = read,
) -> tuple[FetchScheduler, Box, list[FetchProgress]]:
    sink = box or Box()
    seen: list[FetchProgress] = []

    async def run() -> FetchScheduler:
        crawl = FetchScheduler(
            wanted, PageCapture(web, extract, settle, FetchedPages(find())), sink,
            progress=seen.append, cancelled=cancelled, pauses=QUICK,
        )  # fmt: skip
        assert await crawl.run() == seen[-1]
        return crawl

    return asyncio.run(run()), sink, seen


def busy(pause: float | None = None) -> FetchError:
    return FetchError("the server failed (503)", kind="server", passing=True, retry_after=pause)


def unreachable() -> FetchError:
    return FetchError("the server refuses connections", kind="connection", passing=True)


def test_all_links_are_fetched_in_order_and_two_per_host() -> None:
    """Every link is asked once, the first ones first, and no host has more than two at once."""
    wanted = links(*(f"https://h{number % 7}.example/{number}" for number in range(60)))
    web = Web()
    _, box, seen = crawled(web, wanted)
    assert sorted(web.asked) == sorted(link.url for link in wanted)
    assert web.asked[:5] == [link.url for link in wanted[:5]]
    assert set(box.saved) == set(web.asked)
    assert max(web.most.values()) <= 2
    assert seen[-1] == FetchProgress(60, 0, 0, seen[-1].seconds)
    assert [progress.left for progress in seen] == sorted((p.left for p in seen), reverse=True)


def test_what_may_pass_is_tried_again_and_what_will_not_has_its_reason() -> None:
    """A busy server gets two more tries; a missing page and a page without text get none."""
    web = Web(
        {
            "https://a.example/busy": [busy(), busy(0.0), b"text"],
            "https://a.example/dead": [busy()],
            "https://a.example/gone": [
                FetchError("the page was removed permanently (410)", kind="gone")
            ],
            "https://a.example/empty": [b"nothing"],
            "https://a.example/later": [busy(3600.0)],
        }
    )
    _, box, seen = crawled(web, links(*web.answers))
    assert box.saved == ["https://a.example/busy"]
    assert box.failed == {
        "https://a.example/dead": "the server failed (503)",
        "https://a.example/gone": "the page was removed permanently (410)",
        "https://a.example/empty": "no article: there is no text",
        "https://a.example/later": "the server failed (503)",
    }
    asked = Counter(web.asked)
    assert [asked[url] for url in web.answers] == [3, 3, 1, 1, 1]
    assert (seen[-1].done, seen[-1].failed, seen[-1].left) == (1, 4, 0)


def test_three_connection_errors_in_a_row_pause_and_fail_nothing() -> None:
    """With the network gone the run ends at once, and every link stays as it was."""
    wanted = links(*(f"https://h{number}.example/" for number in range(50)))
    for error in (unreachable(), NetworkError("there is no network")):
        web = Web({link.url: [error] for link in wanted})
        crawl, box, seen = crawled(web, wanted)
        assert crawl.is_offline
        assert box.results == {}
        assert seen[-1].left == 50
        assert len(web.asked) <= 16


def test_an_outage_in_the_middle_keeps_what_came_before() -> None:
    """Pages that came are saved, and the dead links before the outage have their reason."""
    good = [f"https://g{number}.example/" for number in range(4)]
    bad = [f"https://b{number}.example/" for number in range(6)]
    box = Box()

    web = Web({url: [unreachable()] for url in bad}, after=lambda: len(box.saved) == 4)
    crawl, _, _ = crawled(web, links(*good, *bad), box)
    assert crawl.is_offline
    assert sorted(box.saved) == good
    assert box.failed == {}


def test_dead_links_are_no_outage_while_a_known_host_answers() -> None:
    """Where a host that answered before still does, the others are dead and have their reason."""
    good = ["https://g.example/"]
    bad = [f"https://b{number}.example/" for number in range(6)]
    box = Box()
    web = Web({url: [unreachable()] for url in bad}, there=True, after=lambda: bool(box.saved))
    crawl, _, _ = crawled(web, links(*good, *bad), box)
    assert not crawl.is_offline
    assert box.saved == good
    assert sorted(box.failed) == bad


def test_one_link_without_a_network_stays_queued_and_one_dead_link_fails() -> None:
    """A run of one link tells a network that is gone from a server that refuses."""
    crawl, box, _ = crawled(
        Web({"https://a.example/": [NetworkError("no network")]}), links("https://a.example/")
    )
    assert (crawl.is_offline, box.results) == (True, {})
    crawl, box, _ = crawled(
        Web({"https://a.example/": [unreachable()]}), links("https://a.example/")
    )
    assert (crawl.is_offline, list(box.failed)) == (False, ["https://a.example/"])


def test_it_can_be_stopped() -> None:
    """After cancelling no further link is asked for; what came is saved, the rest is left."""
    wanted = links(*(f"https://h{number}.example/" for number in range(200)))
    web, box = Web(), Box()
    crawl, box, seen = crawled(web, wanted, box, cancelled=lambda: len(box.results) >= 20)
    assert crawl.was_cancelled
    assert 20 <= len(box.saved) < 200
    assert seen[-1].done == len(box.saved)
    assert len(web.asked) <= len(box.saved) + 32


def test_a_full_disk_ends_the_run() -> None:
    """What the sink raises comes out, and not one page more than needed is fetched."""
    wanted = links(*(f"https://h{number}.example/" for number in range(200)))
    web = Web()
    with pytest.raises(WriteError):
        crawled(web, wanted, Box(full=True))
    assert len(web.asked) < 200


def test_a_page_that_was_fetched_is_not_asked_for_again(settled: Path) -> None:
    """A run that was killed after fetching leaves its pages to the next."""
    wanted = links(*(f"https://h{number}.example/" for number in range(5)))
    with pytest.raises(WriteError):
        crawled(Web(), wanted, Box(full=True))
    kept = [link for link in wanted if FetchedPages(find()).get(link.id)]
    assert kept
    web = Web()
    _, box, _ = crawled(web, wanted)
    assert len(box.saved) == 5
    assert not set(web.asked) & {link.url for link in kept}


def test_a_mistake_in_the_program_is_not_hidden() -> None:
    """An error that is no ReaderError ends the run with itself."""

    def broken(page: bytes, url: str | None) -> Article:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crawled(Web(), links("https://a.example/"), extract=broken)
