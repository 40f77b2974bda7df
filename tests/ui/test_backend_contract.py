"""The contract of the app's backend, over the library on disk and over the test double."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader import paths
from reader.library import Library
from reader.model.article import Article
from reader.model.change import Change, SaveRequest
from reader.model.entry import Entry, EntryId
from reader.model.errors import UnknownIdError
from reader.model.highlight import Highlight, Position
from reader.model.query import parse
from reader.services.workspace import QUIET, Workspace
from reader.settings import Settings
from reader.ui.backend import Backend, DiscoveryBackend
from reader.ui.library_backend import LibraryBackend
from reader.ui.library_discovery import LibraryDiscovery
from tests.ui.memory_backend import MemoryBackend, MemoryDiscovery, sample

BODY = "The ferry is slow. Nobody minds, because the bridge is closed on market days."


def save_request(entry: Entry) -> SaveRequest:
    article = Article(entry.title, BODY, 14, site=entry.site, url=entry.url, byline=entry.byline)
    return SaveRequest(article, b"<p>page</p>", given=entry.url, added=entry.added, tags=entry.tags)


@pytest.fixture(params=["memory", "library"])
def backend(request: pytest.FixtureRequest, settled: Path) -> Iterator[Backend]:
    """Nine articles, the newest first, behind either implementation."""
    if request.param == "memory":
        yield MemoryBackend([entry_without_marks(entry) for entry in sample()])
        return
    with Workspace(paths.find(), Settings()) as workspace:
        for entry in reversed(sample()):
            workspace.library.add([save_request(entry)], step=None)
        opened = LibraryBackend(workspace)
        opened.pull_changes()
        yield opened


def entry_without_marks(entry: Entry) -> Entry:
    return entry._replace(finished=False, starred=False, progress=0.0)


def ids(backend: Backend, query: str = "-is:archived") -> list[EntryId]:
    return backend.listing(parse(query)).ids()


@pytest.mark.parametrize(
    ("protocol", "implementations"),
    [
        (Backend, (MemoryBackend, LibraryBackend)),
        (DiscoveryBackend, (MemoryDiscovery, LibraryDiscovery)),
    ],
)
def test_both_have_every_method_with_its_parameters(
    protocol: type, implementations: tuple[type, ...]
) -> None:
    """A method of the protocol is there, and takes what the protocol says."""
    for name, method in vars(protocol).items():
        if name.startswith("_") or not callable(method):
            continue
        wanted = [p for p in inspect.signature(method).parameters.values() if p.name != "self"]
        for implementation in implementations:
            signature = inspect.signature(getattr(implementation, name))
            signature.bind(
                None,
                *(None for p in wanted if p.kind is not p.KEYWORD_ONLY),
                **{
                    p.name: None
                    for p in wanted
                    if p.kind is p.KEYWORD_ONLY and p.default is p.empty
                },
            )


MARKS: list[tuple[dict[str, bool], str]] = [
    ({"finished": True}, "is:read"),
    ({"starred": True}, "is:starred"),
    ({"archived": True}, "is:archived"),
]


@pytest.mark.parametrize(("marks", "query"), MARKS)
def test_a_mark_is_listed_counted_and_undone(
    backend: Backend, marks: dict[str, bool], query: str
) -> None:
    """The change comes back before and after; lists and counts have it; undo reverts it."""
    first = ids(backend)[0]
    outcome = backend.mark([first], **marks)
    assert outcome.undoable
    assert not outcome.is_error
    ((before, after),) = outcome.changes
    name = next(iter(marks))
    assert (before.id, getattr(before, name), getattr(after, name)) == (first, False, True)
    assert ids(backend, query) == [first]
    assert backend.counts({"here": query}).views["here"] == 1
    assert backend.entries([first]) == [after]
    assert not backend.pull_changes()
    backend.undo()
    assert ids(backend, query) == []


def test_marking_unread_clears_the_progress(backend: Backend) -> None:
    first = ids(backend)[0]
    backend.save_position(first, Position("The ferry", 0, 0.5), finished=True)
    assert backend.entries([first])[0].finished
    backend.mark([first], finished=False)
    (entry,) = backend.entries([first])
    assert (entry.finished, entry.progress) == (False, 0.0)


def test_an_unknown_id_changes_nothing(backend: Backend) -> None:
    before = ids(backend)
    with pytest.raises((UnknownIdError, KeyError)):
        backend.mark([before[0], EntryId("zzzzzzzzzzzz")], starred=True)
    assert ids(backend, "is:starred") == []


def test_many_are_one_change_and_one_undo(backend: Backend) -> None:
    chosen = ids(backend)[:3]
    outcome = backend.tag(chosen, ["harbours"], [])
    assert {after.id for _, after in outcome.changes} <= set(chosen)
    assert set(ids(backend, "tag:harbours")) == set(chosen)
    assert dict(backend.counts({}).tags)["harbours"] == 3
    backend.undo()
    assert ids(backend, "tag:harbours") == []


def test_the_trash_gives_back_what_it_got(backend: Backend) -> None:
    before = ids(backend)
    backend.delete(before[:2])
    assert set(ids(backend, "is:trashed")) == set(before[:2])
    assert len(ids(backend)) == len(before) - 2
    backend.restore(before[:1])
    assert ids(backend, "is:trashed") == before[1:2]
    backend.undo()
    backend.undo()
    assert ids(backend) == before
    assert not backend.undo().undoable


def test_highlights_and_notes_come_back(backend: Backend) -> None:
    first = ids(backend)[0]
    backend.save_highlight(first, Highlight("", "The ferry is slow"))
    (found,) = backend.highlights(parse(""))
    assert (found.entry.id, found.highlight.quote) == (first, "The ferry is slow")
    backend.save_note(first, "mine")
    assert backend.article(first).note == "mine"
    note, _ = backend.highlights(parse(""))
    assert (note.is_article_note, note.highlight.note) == (True, "mine")
    backend.remove_highlight(first, found.highlight)
    backend.save_note(first, "")
    assert list(backend.highlights(parse(""))) == []


def test_a_row_is_found_by_its_id(backend: Backend) -> None:
    listing = backend.listing(parse(""))
    assert [listing.index_of(listing[row].id) for row in (0, 4, 8)] == [0, 4, 8]
    assert listing.index_of(EntryId("zzzzzzzzzzzz")) is None


def test_an_address_is_added_once(backend: Backend) -> None:
    plan = backend.plan_add("https://new.example/page")
    outcome = backend.add_all(plan, (), QUIET)
    assert outcome.entry in ids(backend, "")
    count = len(ids(backend, ""))
    backend.add_all(plan, (), QUIET)
    assert len(ids(backend, "")) == count


WRITES: list[Callable[[LibraryBackend, EntryId], object]] = [
    lambda backend, entry_id: backend.mark([entry_id], starred=True),
    lambda backend, entry_id: backend.mark([entry_id], archived=True),
    lambda backend, entry_id: backend.delete([entry_id]),
    lambda backend, entry_id: backend.tag([entry_id], ["x"], []),
    lambda backend, entry_id: backend.save_position(entry_id, Position("", 0, 0.4), finished=False),
    lambda backend, entry_id: backend.save_note(entry_id, "n"),
]


@pytest.mark.parametrize("number", range(len(WRITES)))
def test_a_change_that_is_handed_on_equals_a_rebuilt_cache(settled: Path, number: int) -> None:
    """The cache has after each change what a cache made from the journals has."""
    with Workspace(paths.find(), Settings()) as workspace:
        workspace.library.add([save_request(entry) for entry in sample()], step=None)
        backend = LibraryBackend(workspace)
        backend.pull_changes()
        first = ids(backend)[0]
        for _ in range(2):
            WRITES[number](backend, first)
        had = {entry.id: entry for entry in workspace.cache.entries(ids(backend, "is:trashed"))}
        had |= {entry.id: entry for entry in workspace.cache.entries(ids(backend, ""))}
    for file in paths.find().cache.glob("*.sqlite*"):
        file.unlink()
    with Workspace(paths.find(), Settings()) as workspace:
        rebuilt = workspace.synced_cache().entries(list(had))
        assert {entry.id: entry for entry in rebuilt} == had


def test_changes_of_another_process_between_are_not_skipped(settled: Path) -> None:
    """Another process appends to the same journal between two changes of the app."""
    with Workspace(paths.find(), Settings()) as workspace:
        workspace.library.add([save_request(entry) for entry in sample()], step=None)
        backend = LibraryBackend(workspace)
        backend.pull_changes()
        first, second, third = ids(backend)[:3]
        backend.mark([first], starred=True)
        other = Library.open(paths.find())
        other.change({second: Change(starred=True)}, step="starred")
        other.close()
        backend.mark([third], starred=True)
        assert set(ids(backend, "is:starred")) == {first, second, third}


def test_changes_of_another_device_before_a_mark_are_still_pulled(settled: Path) -> None:
    """A mark reads the other device's lines, and the list must not count them as shown."""
    places = paths.find()
    with Workspace(places, Settings()) as workspace:
        workspace.library.add([save_request(entry) for entry in sample()], step=None)
        backend = LibraryBackend(workspace)
        backend.pull_changes()
        first, second = ids(backend)[:2]
        other = Library.open(places._replace(state=places.state.with_name("another-device")))
        other.change({second: Change(starred=True)}, step="starred")
        other.close()
        backend.mark([first], starred=True)
        assert backend.pull_changes()
        assert set(ids(backend, "is:starred")) == {first, second}


def test_removed_text_comes_with_its_rule(settled: Path) -> None:
    """The page as it was fetched is extracted again, and what the article lacks is listed."""
    words = "The ferry is slow, and nobody minds, because the bridge is closed on market days. " * 4
    page = f"<html><body><article><h1>Ferry</h1><p>{words}</p><h2>Piers<a class='headerlink' href='#p'>Permalink</a></h2><p>{words}</p></article></body></html>"
    entry = sample()[0]
    with Workspace(paths.find(), Settings()) as workspace:
        request = SaveRequest(
            Article(entry.title, words, 60, url=entry.url),
            page.encode(),
            given=entry.url,
            added=entry.added,
        )
        workspace.library.add([request], step=None)
        opened = LibraryBackend(workspace)
        opened.pull_changes()
        removed = opened.removed_text(ids(opened)[0])
    assert ("permalink", "Permalink") in [(one.rule, one.text) for one in removed]


def test_counts_come_with_the_list_of_a_new_cache(settled: Path) -> None:
    """Whichever asks first fills the cache, so the sidebar never counts an empty one."""
    with Workspace(paths.find(), Settings()) as workspace:
        workspace.library.add([save_request(entry) for entry in sample()], step=None)
    for file in paths.find().cache.glob("*.sqlite*"):
        file.unlink()
    with Workspace(paths.find(), Settings()) as workspace:
        assert LibraryBackend(workspace).counts({"Inbox": "-is:archived"}).views == {"Inbox": 9}


def test_words_of_a_change_are_found_at_once(settled: Path) -> None:
    """A note, a highlight and a page just added are searched without a restart."""
    with Workspace(paths.find(), Settings()) as workspace:
        (added,) = workspace.library.add([save_request(sample()[0])], step=None)
        entry_id = added.record.entry.id
        backend = LibraryBackend(workspace)
        backend.prepare(QUIET)
        backend.save_note(entry_id, "about zanzibar")
        typed = backend.as_prefix_query(parse("zanzib"), "zanzib")
        assert backend.ranked_listing(typed).entries.ids() == [entry_id]
        backend.save_highlight(entry_id, Highlight("h1", "Nobody minds", note="quokka"))
        assert backend.ranked_listing(parse("quokka")).entries.ids() == [entry_id]


def test_texts_of_large_changes_are_indexed_in_the_background(settled: Path) -> None:
    with Workspace(paths.find(), Settings()) as workspace:
        backend = LibraryBackend(workspace)
        backend.prepare(QUIET)
        workspace.library.add([save_request(entry) for entry in sample()], step=None)
        backend.pull_changes()
        assert backend.index_texts(QUIET) == len(sample())
        assert backend.index_texts(QUIET) == 0


def test_a_conflict_copy_is_pulled_once(settled: Path) -> None:
    """Its name may have the mark behind the type; then nothing is left to pull."""
    places = paths.find()
    with Workspace(places, Settings()) as workspace:
        workspace.library.add([save_request(entry) for entry in sample()], step=None)
        backend = LibraryBackend(workspace)
        backend.pull_changes()
        first = ids(backend)[0]
        other = Library.open(places._replace(state=places.state.with_name("another-device")))
        before = {*(places.home / "journal").iterdir()}
        other.change({first: Change(starred=True)}, step="starred")
        other.close()
        for log in {*(places.home / "journal").iterdir()} - before:
            log.rename(log.with_name(f"{log.name}.conflict1"))
        assert backend.pull_changes()
        assert ids(backend, "is:starred") == [first]
        assert not backend.pull_changes()
