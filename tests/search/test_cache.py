"""The cache gives what the language means, whatever happens to its file."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.model.entry import Entry, EntryId, FetchStatus
from reader.model.errors import AmbiguousIdError, UnknownIdError, UsageError
from reader.model.query import Query, SortKey, matches, parse, sort_entries, sort_of
from reader.paths import Paths
from reader.search.store import bitmaps, query_planner
from reader.search.store.cache import Cache, cache_file
from reader.search.store.cache_state import JournalCursor
from reader.search.store.fts_index import searchable_texts
from reader.search.store.rows import CacheRow, HiddenRecord
from tests.queries import entries, phrases, queries

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GONE = HiddenRecord("{}")
READ = {"a-1.log": JournalCursor((1, 100, 5, 6), is_read=True, end=100, crc=7, is_settled=True)}


@pytest.fixture
def places(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home", tmp_path / "state", tmp_path / "cache", tmp_path / "c.toml")


@pytest.fixture
def cache(places: Paths) -> Iterator[Cache]:
    opened = Cache(places)
    yield opened
    opened.close()


def entry(number: int, **fields: object) -> Entry:
    values: dict[str, object] = {
        "id": EntryId(f"{number:012d}"),
        "url": f"https://example.org/{number}",
        "title": f"Article {number}",
        "added": f"2026-01-{number % 28 + 1:02d}T00:00:00Z",
    }
    return Entry(**{**values, **fields})  # type: ignore[arg-type]


def fill(cache: Cache, found: Sequence[Entry], **options: Any) -> frozenset[EntryId]:
    changed = cache.apply([CacheRow(each, "{}") for each in found], {}, READ, **options)
    assert changed is not None
    return changed


def write_article(home: Path, number: int, markdown: str) -> str:
    folder = home / "articles" / str(number)
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(f"---\ntitle: x\n---\n\n{markdown}", "utf-8")
    return f"articles/{number}"


def ids(cache: Cache, query: str) -> list[str]:
    return [each.id for each in cache.listing(parse(query), now=NOW)]


texts = st.tuples(phrases, phrases, st.lists(phrases, max_size=2).map(tuple))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(entries, texts), max_size=10, unique_by=lambda pair: pair[0].id),
    st.lists(queries, min_size=1, max_size=6),
    st.integers(0, 1 << 40),
)
def test_a_listing_is_what_the_language_means(
    tmp_path_factory: pytest.TempPathFactory,
    library: list[tuple[Entry, tuple[str, str, tuple[str, ...]]]],
    asked: list[Query],
    seed: int,
) -> None:
    """Over random libraries and queries, cache and plain evaluation agree in content and order."""
    folder = tmp_path_factory.mktemp("random")
    places = Paths(folder / "home", folder / "state", folder / "cache", folder / "c.toml")
    cache = Cache(places)
    rows, searched = [], {}
    for number, (found, (body, note, quotes)) in enumerate(library):
        placed = found._replace(folder=write_article(places.home, number, body))
        rows.append(CacheRow(placed, "{}", note, quotes))
        searched[placed.id] = searchable_texts(placed, body, note, quotes)
    cache.apply(rows, {}, READ)
    cache.index_texts()
    for query in asked:
        right = [
            row.entry for row in rows if matches(query, row.entry, NOW, lambda e: searched[e.id])
        ]
        listed = list(cache.listing(query, now=NOW, seed=seed))
        assert cache.count(query, now=NOW) == len(right)
        if sort_of(query).key is SortKey.RELEVANCE:
            assert {each.id for each in listed} == {each.id for each in right}
        else:
            assert listed == sort_entries(right, sort_of(query), seed)
    cache.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(entries, max_size=6), min_size=1, max_size=6),
    st.lists(st.sets(st.integers(0, 30), max_size=3), min_size=6, max_size=6),
    st.lists(queries, min_size=1, max_size=4),
    st.sampled_from([0, 1_000]),
    st.sampled_from([1, 200]),
)
def test_what_is_remembered_follows_every_change(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[list[Entry]],
    going: list[set[int]],
    asked: list[Query],
    few: int,
    share: int,
) -> None:
    """Asked again after each change, by the one who changed it or another, the answers are right.

    Few rows are put in order by themselves, and where none are few, every order is remembered.
    """
    monkeypatch.setattr(bitmaps, "SMALL_RESULT", few)
    monkeypatch.setattr(bitmaps, "_SORTED_SHARE", share)
    folder = tmp_path_factory.mktemp("steps")
    places = Paths(folder / "home", folder / "state", folder / "cache", folder / "c.toml")
    caches = [Cache(places), Cache(places)]
    library: dict[EntryId, Entry] = {}
    for number, (step, gone) in enumerate(zip(steps, going, strict=False)):
        named = [*library]
        leaving = {named[at] for at in gone if at < len(named)}
        changes = {each.id: each for each in step if each.id not in leaving}
        changes |= {each: library[each]._replace(starred=True) for each in named[:1]}
        library = {each: library[each] for each in library if each not in leaving} | changes
        for each in leaving & changes.keys():
            del library[each], changes[each]
        writer = caches[number % 2]
        writer.apply(
            [CacheRow(each, "{}") for each in changes.values()], dict.fromkeys(leaving, GONE), READ
        )
        writer.index_texts()
        for query in asked:
            right = [
                each
                for each in library.values()
                if matches(query, each, NOW, lambda e: searchable_texts(e, "", "", ()))
            ]
            for cache in caches:
                listed = list(cache.listing(query, now=NOW, seed=number))
                if sort_of(query).key is SortKey.RELEVANCE:
                    assert {each.id for each in listed} == {each.id for each in right}
                else:
                    assert listed == sort_entries(right, sort_of(query), number)
    for cache in caches:
        cache.close()


def test_a_mark_leaves_the_order_of_all_rows_as_it_is(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another time of saving moves the row; at a million entries each order takes 50 ms."""
    fill(cache, [entry(number) for number in range(30)])
    before = ids(cache, "")
    with monkeypatch.context() as patched:
        patched.setattr(bitmaps.Snapshot, "_reinsert", lambda *_: pytest.fail("it was made again"))
        fill(cache, [entry(number, starred=True) for number in (0, 7, 29)])
        assert ids(cache, "") == before
    fill(cache, [entry(7, starred=True, added="2026-02-01T00:00:00Z")])
    assert ids(cache, "") == [entry(7).id, *(each for each in before if each != entry(7).id)]


def test_frequent_words_are_remembered_before_anyone_asks(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, as long as it may go on; what comes later is found as well."""
    monkeypatch.setattr(bitmaps, "SMALL_RESULT", 0)
    fill(cache, [entry(number, title="A ferry at sea") for number in range(1, 5)])
    cache.index_texts()
    shares = [("ferry", 0.9), ("sea", 0.8), ("at", 0.7)]
    with sqlite3.connect(cache.path) as connection:
        connection.executemany("insert into common values (?, ?)", shares)
    connection.close()
    steps = iter([True, True, False])
    cache.preload(going_on=lambda: next(steps))
    assert cache._masks is not None
    assert [*cache._masks.texts.matches][::2] == ['("ferry")', '("sea")']
    fill(cache, [entry(2, title="A harbour"), entry(7, title="A ferry")])
    cache.index_texts()
    found = cache.listing(parse("ferry"), now=NOW)
    assert {each.id for each in found} == {entry(number).id for number in (1, 3, 4, 7)}


def test_a_list_outlives_its_cache(cache: Cache) -> None:
    """Made anew by another process meanwhile: rows that are not there are empty ones."""
    fill(cache, [entry(number) for number in range(1, 4)])
    listing = cache.listing(parse(""), now=NOW)
    cache.discard()
    assert len(listing) == 3
    assert [each.id for each in listing[:]] == ["", "", ""]


def test_the_text_of_what_is_gone_is_found_no_more(cache: Cache) -> None:
    """It stands in the index still, and may be the last one there."""
    fill(cache, [entry(1, title="The ferry"), entry(2, title="A ferry")])
    cache.index_texts()
    assert len(ids(cache, "ferry")) == 2
    cache.apply([], {entry(1).id: GONE, entry(2).id: GONE}, READ)
    assert ids(cache, "ferry") == []
    fill(cache, [entry(3, title="No ferry")])
    assert ids(cache, "ferry") == []
    cache.index_texts()
    assert ids(cache, "ferry") == [entry(3).id]
    assert ids(cache, "ferry OR is:starred") == [entry(3).id]


def test_words_of_very_many_articles_are_not_ranked(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that say them in the title or a note come first, then the newest."""
    monkeypatch.setattr(query_planner, "MAX_RANKED", 3)
    found = [
        entry(
            number, title="The sea", folder=write_article(cache.home, number, "A ferry " * number)
        )
        for number in range(1, 5)
    ]
    cache.apply(
        [
            *(CacheRow(each, "{}") for each in found),
            CacheRow(entry(5, title="A ferry"), "{}"),
            CacheRow(entry(6), "{}", "the ferry of my note"),
        ],
        {},
        READ,
    )
    cache.index_texts()
    named = [hit.entry.id for hit in cache.search(parse("ferry"), now=NOW)]
    assert named == [entry(number).id for number in (6, 5, 4, 3, 2, 1)]
    reverse = [each.id for each in cache.listing(parse("ferry sort:-relevance"), now=NOW)]
    assert reverse == named[::-1]
    assert cache.count(parse("ferry -title:sea"), now=NOW) == 2


def test_failed_links_are_counted_by_reason(cache: Cache) -> None:
    """Reasons of the trash do not count; `reason:` finds the links of each."""
    failed = {"words": 0, "fetch": FetchStatus.FAILED}
    fill(
        cache,
        [
            entry(1, reason="a.example: host not found", **failed),
            entry(2, reason="b.example: Host not found", **failed),
            entry(3, reason="the page is empty", trashed=True, **failed),
            entry(4),
        ],
    )
    assert cache.failure_reasons() == (
        ("a.example: host not found", 1),
        ("b.example: Host not found", 1),
    )
    assert len(ids(cache, 'is:failed reason:"host not FOUND"')) == 2
    assert ids(cache, "reason:empty is:trashed") == [entry(3).id]


def test_a_listing_reads_what_is_looked_at(cache: Cache) -> None:
    """Length, windows, negative places, slices and places of ids all speak of the same order."""
    fill(cache, [entry(number) for number in range(500)])
    listing = cache.listing(parse("sort:title"), now=NOW)
    assert len(listing) == 500
    assert listing[-1] == listing[499] == list(listing)[-1]
    assert listing[120:140] == list(listing)[120:140]
    assert listing.index_of(listing[321].id) == 321
    assert listing.index_of(EntryId("none")) is None
    with pytest.raises(IndexError):
        listing[500]


def test_changes_are_reported_and_taken_in(cache: Cache) -> None:
    """Only what differs is told as changed; journals stand where they were said to."""
    assert fill(cache, [entry(1), entry(2)]) == {entry(1).id, entry(2).id}
    assert fill(cache, [entry(1), entry(2, starred=True)]) == {entry(2).id}
    assert cache.entry(entry(2).id) == entry(2, starred=True)
    assert cache.journal_cursors() == READ
    assert fill(cache, [entry(2)], whole=True) == {entry(1).id, entry(2).id}
    assert ids(cache, "") == [entry(2).id]
    assert fill(cache, [entry(1)]) == {entry(1).id}
    assert len(ids(cache, "article")) == 0
    cache.index_texts()
    assert len(ids(cache, "article")) == 2


def test_a_step_from_elsewhere_is_not_taken(cache: Cache) -> None:
    """Where another process was faster, nothing is written and the caller is told."""
    fill(cache, [entry(1)])
    assert cache.apply([CacheRow(entry(2), "{}")], {}, READ, known={}) is None
    changed = cache.apply([CacheRow(entry(2), "{}")], {}, READ, known=READ)
    assert changed == frozenset({entry(2).id})


def test_a_listing_outlives_its_entries(cache: Cache) -> None:
    """A list on a screen can still show rows that were purged meanwhile."""
    fill(cache, [entry(1), entry(2)])
    listing = cache.listing(parse(""), now=NOW)
    cache.apply([], {entry(1).id: HiddenRecord("{}")}, READ)
    assert [each.id for each in listing] == [entry(2).id, entry(1).id]
    assert cache.entry(entry(1).id) is None


@pytest.mark.parametrize("harm", ["rubbish", "empty", "cut", "version", "gone", "folder"])
def test_a_damaged_file_is_an_empty_cache(places: Paths, harm: str) -> None:
    """Rubbish, a cut or a vanished file gives an empty cache that can be filled again."""
    cache = Cache(places)
    fill(cache, [entry(number) for number in range(200)])
    file = cache_file(places)
    cache.close()
    if harm == "rubbish":
        file.write_bytes(os.urandom(9000))
    elif harm == "empty":
        file.write_bytes(b"")
    elif harm == "cut":
        file.write_bytes(file.read_bytes()[:5000])
    elif harm == "version":
        other = sqlite3.connect(file)
        other.execute("pragma user_version = 0")
        other.close()
    else:
        file.unlink()
        if harm == "folder":
            file.mkdir()
    again = Cache(places)
    assert again.journal_cursors() == {}
    assert ids(again, "") == []
    fill(again, [entry(1)])
    assert ids(again, "") == [entry(1).id]
    again.close()


def test_a_cache_deleted_under_an_open_app_is_filled_again(cache: Cache) -> None:
    """The open connections of every thread notice, and nobody reads the lost file."""
    fill(cache, [entry(1)])
    cache_file(Paths(cache.home, cache.home, cache.path.parent, cache.home)).unlink()
    assert cache.journal_cursors() == {}
    fill(cache, [entry(2)])
    assert ids(cache, "") == [entry(2).id]


def test_without_a_cache_folder_there_is_a_temporary_one(places: Paths) -> None:
    """A cache folder that cannot be made does not stop anyone from reading."""
    places.cache.parent.mkdir(exist_ok=True)
    places.cache.write_text("a file where the folder should be")
    cache = Cache(places)
    fill(cache, [entry(1)])
    assert ids(cache, "") == [entry(1).id]
    cache.close()


def test_threads_and_processes_share_it(places: Paths) -> None:
    """Writers take turns, readers see whole steps."""
    caches = [Cache(places), Cache(places)]
    failures: list[BaseException] = []

    def work(which: int) -> None:
        try:
            for number in range(10):
                fill(caches[which % 2], [entry(which * 100 + number)])
                assert len(ids(caches[which % 2], "")) > number
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=work, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(ids(caches[0], "")) == 40
    for cache in caches:
        cache.close()


def test_a_new_file_may_be_opened_by_many_at_once(places: Paths) -> None:
    """Each waits for its turn, none is told that the cache is held by another."""
    for number in range(20):
        elsewhere = places._replace(cache=places.cache / str(number))
        caches = [Cache(elsewhere) for _ in range(4)]
        with ThreadPoolExecutor(len(caches)) as pool:
            assert list(pool.map(Cache.journal_cursors, caches)) == [{}] * len(caches)
        for cache in caches:
            cache.close()


def test_ids_resolve_from_their_beginning(cache: Cache) -> None:
    """Four letters at least, one article only; the shortest beginnings are those that resolve."""
    first, second = EntryId("abcdef000000"), EntryId("abcdeg000000")
    fill(cache, [entry(1, id=first), entry(2, id=second, trashed=True)])
    assert cache.resolve("ABCDEF") == first
    with pytest.raises(AmbiguousIdError) as caught:
        cache.resolve("abcd")
    assert caught.value.candidates == (first, second)
    for unknown in ("zzzz", "éééé", "\udcff\udcff\udcff\udcff"):
        with pytest.raises(UnknownIdError):
            cache.resolve(unknown)
    with pytest.raises(UsageError):
        cache.resolve("abc")
    assert cache.shortest_prefixes([first, second]) == {first: "abcdef", second: "abcdeg"}


def test_what_is_gone_is_still_known(cache: Cache) -> None:
    """Its document comes back to be folded into, its id leads to the article that it is."""
    other = EntryId("ffff00000000")
    fill(cache, [entry(1)])
    cache.apply(
        [],
        {other: HiddenRecord("kept", same=entry(1).id), EntryId("eeee"): HiddenRecord("gone")},
        READ,
    )
    assert cache.documents([other, entry(1).id]) == {other: "kept", entry(1).id: "{}"}
    assert cache.resolve("ffff") == entry(1).id
    with pytest.raises(UnknownIdError):
        cache.resolve("eeee")
    cache.apply([CacheRow(entry(2, id=other), "back")], {}, READ)
    assert cache.documents([other]) == {other: "back"}
    assert cache.resolve("ffff") == other


def test_counts_follow_states_and_nested_tags(cache: Cache) -> None:
    """A level counts each entry once, however many of its tags lie beneath; the trash counts apart."""
    fill(
        cache,
        [
            entry(1, tags=("work/a", "work/b"), starred=True),
            entry(2, tags=("Work",), progress=0.5),
            entry(3, tags=("other",), trashed=True),
            entry(4, finished=True, archived=True),
        ],
    )
    counts = cache.facets()
    assert (counts.all, counts.unread, counts.reading, counts.read) == (3, 1, 1, 1)
    assert (counts.starred, counts.archived, counts.trashed, counts.untagged) == (1, 1, 1, 1)
    assert [(tag.tag, tag.count, tag.own) for tag in counts.tags] == [
        ("Work", 2, 1),
        ("work/a", 1, 1),
        ("work/b", 1, 1),
    ]
    fill(cache, [entry(2), entry(1, tags=("work/a",))])
    assert [(tag.tag, tag.count, tag.own) for tag in cache.facets().tags] == [
        ("Work", 1, 0),
        ("work/a", 1, 1),
    ]


def test_search_ranks_titles_first_and_cuts_snippets(cache: Cache) -> None:
    """A word in the title beats one in the text; snippets show it, accents and case aside."""
    body = "An opening without it.\n\nHere **Café** culture is [praised](https://x.org/cafe)."
    fill(
        cache,
        [
            entry(1, folder=write_article(cache.home, 1, body)),
            entry(
                2, title="Cafe life", folder=write_article(cache.home, 2, "Nothing of the sort.")
            ),
        ],
    )
    cache.index_texts()
    hits = cache.search(parse("café"), now=NOW)
    assert [hit.entry.id for hit in hits] == [entry(2).id, entry(1).id]
    assert hits[1].snippet == "Here Café culture is praised."
    assert [hits[1].snippet[start:end] for start, end in hits[1].marks] == ["Café"]
    assert hits[0].snippet == "Nothing of the sort."
    assert [hit.entry.id for hit in cache.search(parse("café sort:title"), now=NOW)] == [
        entry(1).id,
        entry(2).id,
    ]


def test_a_hit_in_a_note_shows_the_note(cache: Cache) -> None:
    """Also the notes of highlights and their quotes; a hit in the text still shows the text."""
    folder = write_article(cache.home, 1, "A text about tea.")
    rows = [
        CacheRow(entry(1, folder=folder, has_note=True), "{}", note="Ask about zanzibar."),
        CacheRow(
            entry(2, folder=folder, highlights=1), "{}", highlights=("A quote.", "In Zanzibar?")
        ),
        CacheRow(entry(3, folder=write_article(cache.home, 3, "To Zanzibar by dhow.")), "{}"),
    ]
    cache.apply(rows, {}, READ)
    cache.index_texts()
    hits = {hit.entry.id: hit for hit in cache.search(parse("zanzibar"), now=NOW)}
    assert [hits[entry(number).id].snippet for number in (1, 2, 3)] == [
        "Ask about zanzibar.",
        "In Zanzibar?",
        "To Zanzibar by dhow.",
    ]
    assert all(hit.marks for hit in hits.values())


def test_the_full_text_follows_every_change(cache: Cache) -> None:
    """A new title, note, highlight or fetch is found, the former is not; states index nothing."""
    folder = write_article(cache.home, 1, "alpha")
    cache.apply([CacheRow(entry(1, folder=folder), "{}", "beta", ("gamma\ndelta",))], {}, READ)
    assert cache.index_texts() == 1
    for word in ("alpha", "beta", "gamma", "delta"):
        assert ids(cache, word)
    changed = entry(1, folder=write_article(cache.home, 2, "omega"), title="New")
    cache.apply([CacheRow(changed, "{}", "", ())], {}, READ)
    assert cache.unindexed_count() == 1
    cache.index_texts()
    assert ids(cache, "omega new")
    for word in ("alpha", "beta", "gamma", "article"):
        assert not ids(cache, word)
    cache.apply([CacheRow(changed._replace(starred=True), "{}")], {}, READ)
    assert cache.unindexed_count() == 0


def test_indexing_can_be_stopped_and_goes_on_later(cache: Cache) -> None:
    """Progress is told after each step; a refusal leaves the rest for the next call."""
    fill(cache, [entry(number) for number in range(150)])
    told: list[tuple[int, int]] = []

    def once(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    first = cache.index_texts(going_on=once)
    assert told == [(first, 150)]
    assert 0 < first < 150
    assert cache.index_texts() == 150 - first
    assert cache.unindexed_count() == 0
