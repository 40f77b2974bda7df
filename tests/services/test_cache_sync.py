"""The cache catches up with the journals, by the lines beyond or wholly, and says what changed."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reader import paths
from reader.library import Library
from reader.library.compaction import write_snapshot
from reader.library.journal_codec import encode
from reader.library.journal_reader import JournalReader
from reader.model.article import Article
from reader.model.change import Change, SaveRequest
from reader.model.entry import EntryId
from reader.model.query import parse
from reader.paths import Paths
from reader.search.store import row_writer
from reader.search.store.cache import Cache
from reader.search.store.fast_listing import newest_rows
from reader.search.store.rows import Rows
from reader.services import cache_sync, entries, tags
from reader.services.cache_sync import catch_up
from reader.services.tags import TagChange
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.services.cache_content import cache_content

NOON = "2026-01-01T12:00:00Z"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def places(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home", tmp_path / "state", tmp_path / "cache", tmp_path / "c.toml")


@pytest.fixture
def library(places: Paths) -> Iterator[Library]:
    opened = Library.open(places)
    yield opened
    opened.close()


@pytest.fixture
def cache(places: Paths) -> Iterator[Cache]:
    opened = Cache(places)
    yield opened
    opened.close()


def save(library: Library, *numbers: int) -> list[EntryId]:
    savings = [
        SaveRequest(
            given=f"https://example.org/{number}",
            page=b"<p>page</p>",
            article=Article(f"Title {number}", f"Body word{number}.\n", 2),
        )
        for number in numbers
    ]
    return [added.record.entry.id for added in library.add(savings, step="saved")]


def titles(cache: Cache, query: str = "") -> list[str]:
    return sorted(entry.title for entry in cache.listing(parse(query), now=NOW))


def agree(library: Library, cache: Cache) -> None:
    """The cache has exactly the library's entries."""
    truth = {record.entry.id: record.entry for record in library.records()}
    both = [*cache.listing(parse(""), now=NOW), *cache.listing(parse("is:trashed"), now=NOW)]
    assert {entry.id: entry for entry in both} == truth


def test_a_workspace_closes_every_part(settled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure of the last writing, or of one part, leaves no other part open."""
    workspace = Workspace(paths.find(), Settings())
    closed: list[str] = []

    class Part:
        def close(self) -> None:
            closed.append("part")
            raise OSError("of the tests")

    def fail() -> bool:
        raise MemoryError

    monkeypatch.setattr(workspace, "_extractors", Part())
    monkeypatch.setattr(workspace, "_images", Part())
    monkeypatch.setattr(workspace, "update_cache", fail)
    with pytest.raises(OSError, match="of the tests"):
        workspace.close()
    assert closed == ["part", "part"]
    monkeypatch.setattr(workspace, "update_cache", lambda: True)
    workspace.close()
    assert closed == ["part", "part"]


def test_changes_are_carried_as_they_come(places: Paths, library: Library, cache: Cache) -> None:
    """New, changed, deleted and purged entries; nothing is reported twice; the full text follows."""
    one, two = save(library, 1, 2)
    assert catch_up(places, cache) == {one, two}
    assert catch_up(places, cache) == frozenset()
    library.change({one: Change(starred=True, add_tags=("Work",))}, step="x")
    assert catch_up(places, cache) == {one}
    agree(library, cache)
    library.change({two: Change(trashed=True)}, step="x")
    catch_up(places, cache)
    agree(library, cache)
    library.purge([two])
    assert catch_up(places, cache) == {two}
    agree(library, cache)
    cache.index_texts()
    assert titles(cache, "word1") == ["Title 1"]
    assert titles(cache, "word2") == []


def test_what_was_purged_can_come_back(places: Paths, library: Library, cache: Cache) -> None:
    """Saving it again is folded into what the cache still knows of it."""
    (one,) = save(library, 1)
    library.change({one: Change(trashed=True)}, step="x")
    library.purge([one])
    catch_up(places, cache)
    assert titles(cache) == []
    save(library, 1)
    assert catch_up(places, cache) == {one}
    agree(library, cache)


def test_an_id_leads_to_what_it_turned_out_to_be(
    places: Paths, library: Library, cache: Cache
) -> None:
    """A link that proved to be a known article resolves to that one."""
    one, two = save(library, 1, 2)
    library.change({two: Change(same=one, trashed=True)}, step=None)
    catch_up(places, cache)
    assert cache.resolve(two) == one
    agree(library, cache)


@pytest.mark.parametrize("guess", ["right", "right, no copy", "wrong"])
def test_a_filling_is_the_same_whatever_is_known_of_repeated_records(
    places: Paths, library: Library, cache: Cache, monkeypatch: pytest.MonkeyPatch, guess: str
) -> None:
    """Records with one change, several, some that lists do not show, and all of them in a copy."""
    saved = save(library, *range(6))
    links = [
        SaveRequest(given=f"https://links.example/{each}", tags=("Work/A",)) for each in range(300)
    ]
    library.add(links, step="links")
    library.change({saved[0]: Change(starred=True, add_tags=("work/a",))}, step="x")
    library.change({each: Change(trashed=True) for each in saved[1:4]}, step="x")
    library.purge([saved[1]])
    if guess != "right, no copy":
        (log,) = (places.home / "journal").glob("*.log")
        shutil.copy(log, log.with_name(log.name.replace(".log", ".sync-conflict-1.log")))
    ids = frozenset(saved) | {record.entry.id for record in library.records()}
    with monkeypatch.context() as patch:
        patch.setattr(JournalReader, "repeated_ids", lambda _: (ids, len(ids)))
        catch_up(places, cache)
    expected = cache_content(cache.path)
    agree(library, cache)
    cache.discard()
    if guess == "wrong":
        monkeypatch.setattr(JournalReader, "repeated_ids", lambda _: (frozenset(), 5))
    steps: list[tuple[int, int]] = []
    catch_up(places, cache, progress=lambda done, total: steps.append((done, total)))
    assert cache_content(cache.path) == expected
    assert steps[0] == (0, 1)
    assert steps[-1] == (1, 1)


def test_filling_begins_again_on_another_disk(
    places: Paths, library: Library, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full after some rows: none of them is missing in the temporary file."""
    save(library, *range(3))
    insert = row_writer.fill_by_lists
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    failures = [full]

    def fail_once(connection: sqlite3.Connection, parts: Iterable[Rows]) -> set[EntryId]:
        if failures:
            next(iter(parts))
            raise failures.pop()
        return insert(connection, parts)

    monkeypatch.setattr("reader.search.store.cache.fill_by_lists", fail_once)
    catch_up(places, cache)
    assert cache.is_temporary
    agree(library, cache)


@pytest.mark.parametrize("loss", ["deleted", "journal replaced", "journal cut"])
def test_a_cache_that_no_longer_fits_is_filled_again(
    places: Paths, library: Library, cache: Cache, loss: str
) -> None:
    """A lost cache, or a journal that is another one now, costs one whole reading."""
    save(library, 1, 2)
    catch_up(places, cache)
    (log,) = (places.home / "journal").glob("*.log")
    lines = log.read_bytes().splitlines(keepends=True)
    if loss == "deleted":
        cache.path.unlink()
    elif loss == "journal replaced":
        copy = log.with_suffix(".new")
        other = json.loads(lines[-1][9:].replace(b"Title 2", b"Title 3"))
        copy.write_bytes(b"".join(lines[:-1]) + encode(other))
        copy.replace(log)
    else:
        log.write_bytes(b"".join(lines[:-1]))
    told: list[tuple[int, int]] = []
    catch_up(places, cache, progress=lambda done, total: told.append((done, total)))
    fresh = Library.open(places)
    agree(fresh, cache)
    fresh.close()
    assert told[0] == (0, 1)
    assert told[-1] == (1, 1)


def test_a_journal_that_was_exchanged_for_a_longer_one_is_read_on(
    places: Paths, library: Library, cache: Cache
) -> None:
    """Synchronisers bring a grown log as a new file: what it begins with is not read again."""
    save(library, 1, 2)
    catch_up(places, cache)
    (log,) = (places.home / "journal").glob("*.log")
    content = log.read_bytes()
    (three,) = save(library, 3)
    copy = log.with_suffix(".new")
    copy.write_bytes(log.read_bytes())
    copy.replace(log)
    assert log.read_bytes().startswith(content)
    told: list[tuple[int, int]] = []
    changed = catch_up(places, cache, progress=lambda done, total: told.append((done, total)))
    assert changed == {three}
    assert not told
    library.refresh()
    agree(library, cache)


def test_a_snapshot_stands_for_the_log_before_it(
    places: Paths, library: Library, cache: Cache
) -> None:
    """After compaction nothing is different, and the cache stays fresh with the old files there."""
    (one,) = save(library, 1)
    catch_up(places, cache)
    begun = library.start_generation(even_if_small=True)
    assert begun is not None
    write_snapshot(places.home, *begun)
    assert catch_up(places, cache) == frozenset()
    library.change({one: Change(title="Changed")}, step=None)
    assert catch_up(places, cache) == {one}
    assert titles(cache) == ["Changed"]
    assert newest_rows(str(places.cache), str(places.home), 5) is not None
    agree(library, cache)


def test_what_only_a_log_says_goes_when_its_device_closes_it_without(
    places: Paths, library: Library, cache: Cache
) -> None:
    """What counts is what the files say, also where a device has taken something back."""
    (one,) = save(library, 1)
    catch_up(places, cache)
    (log,) = (places.home / "journal").glob("*.log")
    device = log.name.partition("-")[0]
    lines = (
        {"format": 1, "device": device, "n": 2},
        {"c": [1, 0], "o": "set", "i": "zzzzzzzzzzzz", "f": {"title": "Other", "added": NOON}},
        {"end": 1},
    )
    (log.parent / f"{device}-2.snap").write_bytes(b"".join(map(encode, lines)))
    assert catch_up(places, cache) == {one, "zzzzzzzzzzzz"}
    assert titles(cache) == ["Other"]
    library.refresh()
    agree(library, cache)
    log.unlink()
    assert catch_up(places, cache) == frozenset()
    assert titles(cache) == ["Other"]


def test_a_torn_end_is_waited_for(places: Paths, library: Library, cache: Cache) -> None:
    """Half a line changes nothing; when the rest has arrived, it counts."""
    (one,) = save(library, 1)
    catch_up(places, cache)
    (log,) = (places.home / "journal").glob("*.log")
    line = encode({"c": [1 << 45, 0], "o": "set", "i": one, "f": {"title": "Whole"}})
    with log.open("ab") as stream:
        stream.write(line[:20])
    assert catch_up(places, cache) == frozenset()
    with log.open("ab") as stream:
        stream.write(line[20:])
    assert catch_up(places, cache) == {one}
    assert titles(cache) == ["Whole"]


def test_two_devices_are_folded_in_any_order(places: Paths, library: Library, cache: Cache) -> None:
    """A change that arrives before the creation it belongs to is there when that comes."""
    save(library, 1)
    catch_up(places, cache)
    folder = places.home / "journal"
    header = encode({"format": 1, "device": "00000000", "n": 1})
    late = {"c": [5, 0], "o": "set", "i": "abcdabcdabcd", "f": {"starred": True}}
    (folder / "00000000-1.log").write_bytes(header + encode(late))
    catch_up(places, cache)
    assert titles(cache) == ["Title 1"]
    made = {"title": "Elsewhere", "added": "2026-01-01T00:00:00Z", "deleted": False}
    header = encode({"format": 1, "device": "11111111", "n": 1})
    early = {"c": [4, 0], "o": "set", "i": "abcdabcdabcd", "f": made}
    (folder / "11111111-1.log").write_bytes(header + encode(early))
    assert catch_up(places, cache) == {"abcdabcdabcd"}
    assert titles(cache, "is:starred") == ["Elsewhere"]
    library.refresh()
    agree(library, cache)


def test_a_closed_library_leaves_the_cache_fresh(places: Paths) -> None:
    """After a change the next list reads the short way; an empty cache is not filled on leaving."""
    with Workspace(places, Settings()) as workspace:
        (one,) = save(workspace.library, 1)
    assert newest_rows(str(places.cache), str(places.home), 5) is None
    with Workspace(places, Settings()) as workspace:
        workspace.synced_cache()
    with Workspace(places, Settings()) as workspace:
        workspace.library.change({one: Change(starred=True)}, step="starred")
    rows = newest_rows(str(places.cache), str(places.home), 5)
    assert rows is not None
    assert rows[0]["starred"] == 1


def test_a_change_of_a_library_on_the_cache_continues_the_newest_log(places: Paths) -> None:
    """After compaction, with a fresh cache: the line goes to the log that counts."""
    with Workspace(places, Settings()) as workspace:
        (one,) = save(workspace.library, 1)
        begun = workspace.library.start_generation(even_if_small=True)
        assert begun is not None
        write_snapshot(places.home, *begun)
        while not all(at.is_settled for at in workspace.cache.journal_cursors().values()):
            catch_up(places, workspace.cache)
    with Workspace(places, Settings()) as workspace:
        workspace.library.change({one: Change(starred=True)}, step="starred")
    (log,) = (places.home / "journal").glob("*-2.log")
    assert b"starred" in log.read_bytes()
    assert Library.open(places).get(one).entry.starred


@pytest.mark.parametrize("first", [1, 30])
def test_bulk_work_leaves_the_cache_as_a_new_one(
    places: Paths, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each job its rows are those of a cache filled from nothing, tags and counts included.

    With 30 entries at first the empty cache takes them before their indexes.
    """
    monkeypatch.setattr(cache_sync, "MIN_BULK", 10)
    choose = random.Random(first)
    names = ["seldom", "work/a", "work/b", "reading"]

    def requests(numbers: range) -> list[SaveRequest]:
        return [
            SaveRequest(
                given=f"https://site{number % 3}.example/{number}",
                title=f"Title {number}",
                tags=tuple(choose.sample(names, choose.randint(0, 3))),
                finished=bool(number % 4),
                progress=choose.choice([0.0, 0.3]),
                note=choose.choice(["", "a note"]),
                leave_in_trash=True,
            )
            for number in numbers
        ]

    def compare(workspace: Workspace) -> None:
        file = workspace.synced_cache().path
        others = places._replace(cache=places.cache.with_name("other"))
        shutil.rmtree(others.cache, ignore_errors=True)
        new = Cache(others)
        catch_up(others, new)
        assert cache_content(file) == cache_content(new.path)
        new.close()

    with Workspace(places, Settings()) as workspace:
        workspace.synced_cache()
        workspace.library.import_entries(requests(range(first)), step="imported", run="a")
        workspace.release([])
        compare(workspace)
        ids = [
            name
            for name, _ in workspace.library.import_entries(requests(range(40)), step="imported")
        ]
        compare(workspace)
        renamed = TagChange(("work/a",), "work/c")
        jobs: list[Callable[[], object]] = [
            lambda: tags.apply(workspace, renamed),
            lambda: entries.undo(workspace),
            lambda: entries.tag(workspace, ids[:9], ["seldom", "new/one"], ["reading"]),
            lambda: entries.tag(workspace, ids[5:20], [], names),
            lambda: entries.mark(workspace, ids[3:30], finished=True, starred=True),
            lambda: entries.delete(workspace, ids[:25]),
            lambda: entries.undo(workspace),
            lambda: entries.delete(workspace, ids[10:35]),
            lambda: tags.apply(workspace, TagChange(("seldom", "work"), "rare")),
            lambda: entries.purge(workspace, ids[10:30]),
            lambda: workspace.library.import_entries(requests(range(45)), step="imported"),
            lambda: entries.undo(workspace),
        ]
        for job in jobs:
            job()
            compare(workspace)


@pytest.mark.parametrize("words", ["quiet harbour", "quiet harbour missing", "quay"])
def test_a_search_has_one_order_however_the_cache_was_filled(
    places: Paths, library: Library, cache: Cache, words: str
) -> None:
    """Articles of equal rank stand newest first, also those that were indexed again since."""
    savings = [
        SaveRequest(
            given=f"https://example.org/{number}",
            page=b"<p>page</p>",
            article=Article("Tides", f"A quiet harbour, number{number}, and its quay.\n", 7),
        )
        for number in range(8)
    ]
    ids = [each.record.entry.id for each in library.add(savings, step=None)]
    catch_up(places, cache)
    cache.index_texts()
    for changed in (ids[5], ids[2]):
        for title in ("Ebb", "Tides"):
            library.change({changed: Change(title=title)}, step="retitled")
            catch_up(places, cache)
            cache.index_texts()
    rebuilt = Cache(places._replace(cache=places.cache.with_name("other")))
    catch_up(places, rebuilt)
    rebuilt.index_texts()
    found, again = (
        [hit.entry.id for hit in each.search(parse(words), now=NOW)] for each in (cache, rebuilt)
    )
    rebuilt.close()
    assert found == again == [entry.id for entry in cache.listing(parse(""), now=NOW)]


def _exchange(file: Path) -> None:
    other = sqlite3.connect(file.with_name("other"))
    other.execute("create table somebody_elses (content)")
    other.execute("pragma user_version = 77")
    other.commit()
    other.close()
    file.with_name("other").replace(file)


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.unlink(),
        lambda file: shutil.rmtree(file.parent),
        lambda file: (file.unlink(), file.write_bytes(b"rubbish" * 1000)),
        _exchange,
    ],
    ids=["deleted", "folder deleted", "damaged", "exchanged"],
)
def test_a_cache_that_breaks_between_two_reads_is_filled_before_the_second(
    places: Paths, harm: Callable[[Path], object]
) -> None:
    """No list, count or search is empty because the file went after it was filled."""
    with Workspace(places, Settings(), clock=NOW.timestamp) as workspace:
        save(workspace.library, 1, 2)
        cache = workspace.synced_cache(text=True)
        harm(cache.path)
        assert titles(cache) == ["Title 1", "Title 2"]
        harm(cache.path)
        assert titles(cache, "word2") == ["Title 2"]
        harm(cache.path)
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(cache.count, parse(""), now=NOW).result() == 2
    with Workspace(places, Settings()) as workspace:
        cache = workspace.synced_cache()
        harm(cache.path)
        assert cache.count(parse(""), now=NOW) == 2
