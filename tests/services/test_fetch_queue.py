"""Links wait on the disk and are worked off in the background."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reader.fetch.client import Client
from reader.fetch.response import Response
from reader.model.article import Article, ImageFile
from reader.model.change import Change, SaveRequest
from reader.model.entry import EntryId, FetchStatus
from reader.model.errors import LibraryBusyError, NetworkError, NotAnArticleError
from reader.model.highlight import Highlight
from reader.paths import find
from reader.services.fetch_queue import QueueReport, pending, process_queue
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.loopback import Loopback, plain, running, sent_on

WORDS = "The sea comes back twice a day, and nobody has to ask it to. "


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as started:
        yield started


@pytest.fixture
def workspace(settled: Path) -> Iterator[Workspace]:
    ticks = iter(range(1_700_000_000, 1_800_000_000))
    with Workspace(find(), Settings(), clock=lambda: float(next(ticks))) as opened:
        yield opened


def extract(page: bytes, url: str | None) -> Article:
    """An extraction that knows pages of `title|canonical|text`."""
    title, canonical, text = page.decode().split("|", 2)
    if not text:
        raise NotAnArticleError("there is no text")
    return Article(title=title, markdown=text, words=len(text.split()), canonical=canonical or None)


def normalise(content: bytes) -> ImageFile:
    return ImageFile(f"images/{content.hex()[:16]}.png", content)


def queue(workspace: Workspace, *urls: str, **given: Any) -> list[EntryId]:
    added = [workspace.library.add([SaveRequest(given=url, **given)], step=None)[0] for url in urls]
    return [one.record.entry.id for one in added]


def worked(workspace: Workspace, server: Loopback, **options: Any) -> QueueReport:
    def client() -> Client:
        return Client(resolve=server.resolve, route=server.route)

    return process_queue(workspace, client=client, extract=extract, normalise=normalise, **options)


def page(text: str = WORDS * 3, title: str = "Tides", canonical: str = "") -> bytes:
    return plain(f"{title}|{canonical}|{text}".encode())


def test_a_queued_link_becomes_an_article_with_images(
    workspace: Workspace, server: Loopback
) -> None:
    """Text, page, pictures and the final address are there; what a person gave stays."""
    text = f"{WORDS}\n\n![shore](http://a.example/shore.png)"
    server.answers["/old"] = sent_on("http://a.example/new")
    server.answers["/new"] = page(text)
    server.answers["/shore.png"] = plain(b"PICTURE", kind="image/png")
    (one,) = queue(workspace, "http://a.example/old?utm_source=x", tags=("sea",), starred=True)
    assert worked(workspace, server) == QueueReport(done=1)
    record = workspace.library.get(one)
    assert (record.entry.fetch, record.entry.title, record.entry.tags) == (
        FetchStatus.DONE,
        "Tides",
        ("sea",),
    )
    assert record.entry.starred
    assert record.entry.has_images
    assert record.final == "http://a.example/new"
    assert workspace.library.markdown(one) == text
    assert workspace.library.original(one) == f"Tides||{text}".encode()
    folder = workspace.library.folder(one)
    assert folder is not None
    assert (folder / record.images["http://a.example/shore.png"]).read_bytes() == b"PICTURE"
    assert worked(workspace, server) == QueueReport()
    assert workspace.library.undo() is None


def test_newest_links_come_first(workspace: Workspace, server: Loopback) -> None:
    """What was saved last is fetched first."""
    urls = [f"http://h{number}.example/{number}" for number in range(6)]
    ids = queue(workspace, *urls)
    assert [record.entry.id for record in pending(workspace)] == ids[::-1]


def test_failures_have_reasons_and_only_some_are_tried_again(
    workspace: Workspace, server: Loopback
) -> None:
    """What may pass waits for the next run, what will not waits for a person."""
    gone, empty, busy = queue(
        workspace, *(f"http://a.example/{name}" for name in ("gone", "empty", "busy"))
    )
    server.answers["/gone"] = plain(b"", status="410 Gone")
    server.answers["/empty"] = page("")
    server.answers["/busy"] = plain(b"", status="503 Busy", headers=["Retry-After: 7200"])
    report = worked(workspace, server)
    assert (report.done, report.failed, report.left) == (0, 3, 0)
    assert dict(report.failures) == {
        gone: "the page was removed permanently (410)",
        empty: "no article: there is no text",
        busy: "the server failed (503)",
    }
    entry = workspace.library.get(gone).entry
    assert (entry.fetch, entry.reason) == (
        FetchStatus.FAILED,
        "the page was removed permanently (410)",
    )
    assert [record.entry.id for record in pending(workspace)] == [busy]
    assert {record.entry.id for record in pending(workspace, retry=True)} == {gone, empty, busy}
    server.answers["/busy"] = server.answers["/gone"] = page()
    assert worked(workspace, server).done == 1
    assert worked(workspace, server, only=[gone]).done == 1
    assert workspace.library.get(gone).entry.reason is None
    assert pending(workspace) == []


def test_a_gone_network_changes_nothing(workspace: Workspace, settled: Path) -> None:
    """Every link stays queued, without reason and without attempts."""
    ids = queue(workspace, *(f"http://h{number}.example/" for number in range(5)))

    async def resolve(host: str, port: int) -> list[str]:
        raise NetworkError("the name server does not answer")

    report = process_queue(
        workspace, client=lambda: Client(resolve=resolve), extract=extract, normalise=normalise
    )
    assert (report.gone, report.left, report.failures) == (True, 5, ())
    for one in ids:
        record = workspace.library.get(one)
        assert (record.entry.fetch, record.attempts) == (FetchStatus.QUEUED, 0)


def test_progress_counts_down_and_can_be_stopped(workspace: Workspace, server: Loopback) -> None:
    """Done and left add up at every step; after cancelling the rest still waits."""
    queue(workspace, *(f"http://h{number}.example/{number}" for number in range(30)))
    for number in range(30):
        server.answers[f"/{number}"] = page(WORDS * (number + 1), f"T{number}")
    seen: list[int] = []
    report = worked(
        workspace, server, cancelled=lambda: len(seen) > 1,
        progress=lambda now: seen.append(now.done + now.failed + now.left),
    )  # fmt: skip
    assert report.cancelled
    assert set(seen) == {30}
    assert 0 < report.left == len(pending(workspace)) < 30
    assert worked(workspace, server).done == report.left


@pytest.mark.parametrize(
    ("host", "same"), [("amp.a.example", 1), ("m.a.example", 1), ("blog.a.example", 0)]
)
def test_a_site_s_copies_for_phones_are_its_articles(
    workspace: Workspace, server: Loopback, host: str, same: int
) -> None:
    """A page that names the known address is the same article there, and not on another host."""
    server.answers["/article"] = page()
    server.answers["/copy"] = page(canonical="http://a.example/article")
    queue(workspace, "http://a.example/article")
    worked(workspace, server)
    queue(workspace, f"http://{host}/copy")
    assert worked(workspace, server).same == same


def test_a_link_to_a_known_article_is_merged(workspace: Workspace, server: Loopback) -> None:
    """Tags, star, note and highlights go to the article; the link's id goes on working."""
    server.answers["/article"] = page(title="Tides")
    server.answers["/short"] = sent_on("http://a.example/article")
    server.answers["/print"] = page(title="Tides", canonical="http://www.a.example/article")
    (known,) = queue(workspace, "http://a.example/article")
    worked(workspace, server)
    workspace.library.change({known: Change(note="Mine.")}, step=None)
    mark = Highlight(id="m1", quote="twice a day")
    short, printed = queue(
        workspace, "http://a.example/short", "http://a.example/print",
        tags=("sea",), starred=True, note="Yours.", highlights=(mark,),
    )  # fmt: skip
    report = worked(workspace, server)
    assert (report.done, report.same) == (2, 2)
    record = workspace.library.get(known)
    assert record.entry.tags == ("sea",)
    assert record.entry.starred
    assert record.highlights == (mark,)
    assert record.note == "Mine.\n\nYours.\n\nYours."
    assert workspace.library.get(short).entry.id == workspace.library.get(printed).entry.id == known
    assert [one.entry.id for one in workspace.library.records()] == [known]
    assert pending(workspace, retry=True) == []


@pytest.mark.parametrize(
    ("final", "text"),
    [("http://b.example/article", WORDS * 3), ("http://a.example/", WORDS * 3),
     ("http://a.example/article", WORDS.upper() * 3)],
)  # fmt: skip
def test_other_hosts_front_pages_and_other_texts_are_other_articles(
    workspace: Workspace, server: Loopback, final: str, text: str
) -> None:
    """An address alone does not make two links one article."""
    path = "/" + final.split("/", 3)[3]
    server.answers[path] = page()
    queue(workspace, final)
    assert worked(workspace, server).done == 1
    server.answers[path] = page(text)
    server.answers["/link"] = sent_on(final)
    queue(workspace, "http://a.example/link")
    assert worked(workspace, server) == QueueReport(done=1)
    assert len(list(workspace.library.records())) == 2


def test_fetching_again_never_makes_it_worse(workspace: Workspace, server: Loopback) -> None:
    """A shorter page is not taken, a better one is, and the former folder stays."""
    server.answers["/"] = page(WORDS * 10)
    (one,) = queue(workspace, "http://a.example/")
    worked(workspace, server)
    first = workspace.library.get(one).entry.folder
    for worse in (page("Please log in to read on."), plain(b"", status="404 Gone")):
        server.answers["/"] = worse
        worked(workspace, server, only=[one])
        entry = workspace.library.get(one).entry
        assert (entry.folder, entry.fetch, entry.words) == (first, FetchStatus.DONE, 140)
    server.answers["/"] = page(WORDS * 12)
    assert worked(workspace, server, only=[one]).kept == 0
    record = workspace.library.get(one)
    assert record.entry.words == 168
    assert record.former == (first,)
    assert (workspace.places.home / str(first) / "article.md").exists()


def test_fetching_again_brings_what_was_missing_and_keeps_what_is_gone(
    workspace: Workspace, server: Loopback
) -> None:
    """A picture that failed before comes home; one that its server lost stays."""
    text = f"{WORDS}\n\n![](http://a.example/1.png)\n\n![](http://a.example/2.png)"
    server.answers["/"] = page(text)
    server.answers["/1.png"] = plain(b"ONE", kind="image/png")
    (one,) = queue(workspace, "http://a.example/")
    worked(workspace, server)
    assert list(workspace.library.get(one).images) == ["http://a.example/1.png"]
    server.answers["/2.png"] = plain(b"TWO", kind="image/png")
    assert worked(workspace, server, only=[one]).kept == 1
    assert len(workspace.library.get(one).images) == 2
    del server.answers["/1.png"]
    server.answers["/"] = page(f"{WORDS * 2}\n{text}")
    assert worked(workspace, server, only=[one]).kept == 0
    record = workspace.library.get(one)
    folder = workspace.library.folder(one)
    assert folder is not None
    files = {place: (folder / name).read_bytes() for place, name in record.images.items()}
    assert files == {"http://a.example/1.png": b"ONE", "http://a.example/2.png": b"TWO"}


def test_a_link_among_the_images_is_not_followed(
    workspace: Workspace, server: Loopback, tmp_path: Path
) -> None:
    """Fetching a page again copies no file of this machine into the library."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"SECRET")
    text = f"{WORDS}\n\n![](http://a.example/1.png)"
    server.answers["/"] = page(text)
    server.answers["/1.png"] = plain(b"ONE", kind="image/png")
    (one,) = queue(workspace, "http://a.example/")
    worked(workspace, server)
    folder = workspace.library.folder(one)
    assert folder is not None
    (image,) = (folder / "images").iterdir()
    image.unlink()
    image.symlink_to(secret)
    del server.answers["/1.png"]
    server.answers["/"] = page(f"{WORDS * 2}\n{text}")
    worked(workspace, server, only=[one])
    contents = {
        path.read_bytes()
        for path in workspace.places.home.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    assert b"SECRET" not in contents


def test_what_was_deleted_meanwhile_is_not_brought_back(
    workspace: Workspace, server: Loopback
) -> None:
    """A link in the trash is not fetched; one deleted for good while it was fetched is dropped."""
    trashed, purged = queue(workspace, "http://a.example/1", "http://a.example/2")
    workspace.library.change({trashed: Change(trashed=True)}, step=None)
    server.answers["/2"] = page()

    def deleting(content: bytes, url: str | None) -> Article:
        workspace.library.change({purged: Change(trashed=True)}, step=None)
        workspace.library.purge([purged])
        return extract(content, url)

    def client() -> Client:
        return Client(resolve=server.resolve, route=server.route)

    process_queue(workspace, client=client, extract=deleting, normalise=normalise)
    assert len(server.requests) == 1
    assert [one.entry.id for one in workspace.library.records()] == [trashed]


def test_one_run_at_a_time(workspace: Workspace, server: Loopback) -> None:
    """A second reader that fetches the same library is told to wait."""
    queue(workspace, "http://a.example/1")
    said: list[str] = []

    def second(content: bytes, url: str | None) -> Article:
        with pytest.raises(LibraryBusyError) as busy:
            worked(workspace, server)
        said.append(str(busy.value))
        return extract(content, url)

    server.answers["/1"] = page()
    process_queue(
        workspace, client=lambda: Client(resolve=server.resolve, route=server.route),
        extract=second, normalise=normalise,
    )  # fmt: skip
    assert said == ["a download is running already: wait until it is done"]
    assert pending(workspace) == []


def test_a_dead_link_is_fetched_from_the_archive_when_asked(
    workspace: Workspace, server: Loopback
) -> None:
    """The copy of the time when it was saved, with its picture, under the link's own address."""
    (one,) = queue(workspace, "http://a.example/dead", added="2021-03-04T05:06:07Z")
    worked(workspace, server)
    assert not any("web.archive.org" in head for head in server.requests)
    text = f"{WORDS}\n\n![](http://a.example/shore.png)"
    copy = "/web/20210301000000id_/http://a.example/dead"
    server.answers["/web/20210304050607id_/http://a.example/dead"] = sent_on(copy)
    server.answers[copy] = page(text)
    server.answers["/web/2im_/http://a.example/shore.png"] = plain(b"SHORE", kind="image/png")

    def client() -> Client:
        return PlainArchive(resolve=server.resolve, route=server.route)

    report = process_queue(
        workspace, only=[one], wayback=True, client=client, extract=extract, normalise=normalise
    )
    assert report == QueueReport(done=1)
    record = workspace.library.get(one)
    assert record.entry.url == "http://a.example/dead"
    assert record.final in (None, "http://a.example/dead")
    assert list(record.images) == ["http://a.example/shore.png"]


class PlainArchive(Client):
    """A client that asks the archive without TLS, because the server of the test has none."""

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Response:
        return await super().page(url.replace("https://web", "http://web"))

    async def image(self, url: str) -> Response:
        return await super().image(url.replace("https://web", "http://web"))


def test_rules_see_what_was_fetched(workspace: Workspace, server: Loopback) -> None:
    """A rule that asks for the text is carried out once the text is there, as a step."""
    workspace.settings = Settings(rules=({"query": "tides words:>5", "tag": "sea"},))
    server.answers["/tides"] = page()
    (one,) = queue(workspace, "http://a.example/tides")
    assert worked(workspace, server).done == 1
    assert workspace.library.get(one).entry.tags == ("sea",)
    undone = workspace.library.undo()
    assert undone is not None
    assert workspace.library.get(one).entry.tags == ()
