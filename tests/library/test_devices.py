"""Two devices with one library: whatever way files travel, both come to the same state."""

import random
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reader.library import compaction, device_identity, integrity_checks
from reader.library.document_store import DocumentStore
from reader.library.hlc import MAX_DRIFT_MS
from reader.library.journal_codec import encode
from reader.model.change import Change
from reader.model.entry import State
from reader.model.query import parse
from reader.search.store.cache import Cache
from reader.services.cache_sync import catch_up
from tests.library.libraries import NOON, Clock, added, link, opened, places_in, saving, state_of


def _copy(source: Path, target: Path) -> None:
    """What a synchroniser does: files that are missing or shorter come over."""
    for path in sorted((source / "journal").iterdir()):
        other = target / "journal" / path.name
        other.parent.mkdir(parents=True, exist_ok=True)
        if not other.exists() or other.stat().st_size < path.stat().st_size:
            shutil.copyfile(path, other)
    shutil.copytree(source / "articles", target / "articles", dirs_exist_ok=True)


def test_changes_on_two_devices_meet(tmp_path: Path) -> None:
    """Marks, tags and titles of both are there, a field's last writer wins, on both alike."""
    clock = Clock()
    one, two = places_in(tmp_path, "one"), places_in(tmp_path, "two")
    here = opened(one, clock)
    (name,) = added(here, saving("shared"))
    there = opened(two, clock)
    added(there, link(7))
    _copy(one.home, two.home)
    there.refresh()
    here.change({name: Change(add_tags=("a", "b"), title="first")}, step=None)
    there.change({name: Change(finished=True, add_tags=("c",), title="second")}, step=None)
    here.change({name: Change(remove_tags=("b",), starred=True)}, step=None)
    _copy(one.home, two.home)
    _copy(two.home, one.home)
    assert state_of(one) == state_of(two)
    here.refresh()
    entry = here.get(name).entry
    assert (entry.tags, entry.title, entry.state, entry.starred) == (
        ("a", "c"),
        "second",
        State.READ,
        True,
    )


def test_saving_on_two_devices_undoes_no_mark(tmp_path: Path) -> None:
    """A creation says nothing of what it was not given; the earliest day of saving stays."""
    one, two = places_in(tmp_path, "one"), places_in(tmp_path, "two")
    here, there = opened(one, Clock()), opened(two, Clock(NOON + 5000))
    (name,) = added(here, link(1))
    here.change({name: Change(starred=True, finished=True)}, step=None)
    assert added(there, link(1)) == [name]
    _copy(one.home, two.home)
    there.refresh()
    entry = there.get(name).entry
    assert entry.starred
    assert entry.finished
    assert entry.added == "2026-01-02T12:00:00Z"


def test_the_order_in_which_lines_arrive_does_not_matter(tmp_path: Path) -> None:
    """The same lines in any order, twice or in conflict copies, give the same documents."""
    from reader.library.hlc import Stamp
    from reader.library.lww_document import Document

    rng = random.Random(3)
    changes = [
        ({rng.choice("abc"): rng.randrange(3), "added": f"2026-01-{rng.randrange(10, 20)}"}, stamp)
        for stamp in (
            Stamp(rng.randrange(4), rng.randrange(2), rng.choice("xy")) for _ in range(12)
        )
    ]
    results = []
    for _ in range(40):
        rng.shuffle(changes)
        document = Document()
        for fields, stamp in [*changes, *rng.sample(changes, 4)]:
            document.apply(dict(fields), stamp)
        stamps = {key: document.stamp(key) for key in document.fields}
        results.append((dict(sorted(document.fields.items())), stamps, document.created_at()))
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize(
    "name",
    [
        "{device}-1.sync-conflict-20260102-120000-ABCDEFG.log",
        "{device}-1 (conflicted copy 2026-01-02).log",
        "{device}-1 (Ann's conflicted copy 2026-01-02).log",
        "{device}-1 2.log",
        "{device}-1.log.conflict1",
        "{device}-1.log..path2",
    ],
)
def test_conflict_copies_are_folded_in(tmp_path: Path, name: str) -> None:
    """What only the copy says counts, under every name that synchronisers give copies."""
    places = places_in(tmp_path)
    library = opened(places)
    (first,) = added(library, link(1))
    (log,) = (places.home / "journal").iterdir()
    before = log.read_bytes()
    (second,) = added(library, link(2))
    copy = log.with_name(name.format(device=log.name[:8]))
    copy.write_bytes(log.read_bytes())
    log.write_bytes(before)
    assert state_of(places).keys() == {first, second}
    (third,) = added(opened(places), link(3))
    assert state_of(places).keys() == {first, second, third}


def test_a_copied_library_is_another_device(tmp_path: Path) -> None:
    """The folder's inode differs, so the copy continues under a new id and leaves the old log."""
    places = places_in(tmp_path)
    (name,) = added(opened(places), link(1))
    first = device_identity.load_device(places).id
    shutil.move(places.home, tmp_path / "away")
    shutil.copytree(tmp_path / "away", places.home)
    assert device_identity.load_device(places).id == ""
    library = opened(places)
    library.change({name: Change(starred=True)}, step=None)
    assert device_identity.load_device(places).id not in ("", first)
    assert len(list((places.home / "journal").glob("*.log"))) == 2
    assert library.get(name).entry.starred


def test_a_clock_from_the_future_is_merged_and_not_adopted(tmp_path: Path) -> None:
    """A change to its field holds, other changes carry the right time, doctor names the device."""
    one, two = places_in(tmp_path, "one"), places_in(tmp_path, "two")
    far = NOON + 30 * MAX_DRIFT_MS / 1000
    here, ahead = opened(one, Clock()), opened(two, Clock(far))
    (name,) = added(here, link(1))
    added(ahead, link(2))
    _copy(one.home, two.home)
    ahead.refresh()
    ahead.change({name: Change(starred=True, title="from the future")}, step=None)
    _copy(two.home, one.home)
    here.refresh()
    assert here.get(name).entry.starred
    here.change({name: Change(starred=False, note="now")}, step=None)
    assert not here.get(name).entry.starred
    _copy(one.home, two.home)
    assert state_of(one) == state_of(two)
    ledger = DocumentStore(one, Clock())
    ledger.refresh()
    stamp = ledger.documents[name].stamp("note")
    assert stamp is not None
    assert stamp.ms < (NOON + 100) * 1000
    assert [each.kind for each in integrity_checks.check_journals(ledger)] == ["clock"]


def test_a_deletion_is_kept_against_an_older_copy(tmp_path: Path) -> None:
    """A record purged on one device does not come back from another's journal."""
    clock = Clock()
    one, two = places_in(tmp_path, "one"), places_in(tmp_path, "two")
    here = opened(one, clock)
    (name,) = added(here, saving("gone"))
    there = opened(two, clock)
    added(there, link(1))
    _copy(one.home, two.home)
    there.refresh()
    there.change({name: Change(starred=True)}, step=None)
    here.change({name: Change(trashed=True)}, step=None)
    assert here.purge([name]) == 1
    _copy(two.home, one.home)
    here.refresh()
    assert name not in {record.entry.id for record in here.records()}
    ledger = DocumentStore(one, clock)
    ledger.refresh()
    assert "purged" in {each.kind for each in integrity_checks.check_folders(ledger)}


def test_a_file_under_our_name_that_we_did_not_write_is_another_device(tmp_path: Path) -> None:
    """Whoever takes the last number of our journal does not end it: we continue under a new id."""
    places = places_in(tmp_path)
    library = opened(places)
    (name,) = added(library, link(1))
    device = library.device
    row = {"c": [1, 0], "o": "set", "i": "abcdabcdabcd", "f": {"added": "2026-01-01T00:00:00Z"}}
    lines = ({"format": 1, "device": device, "n": 999_999_999}, row, {"end": 1, "of": {}})
    file = places.home / "journal" / f"{device}-999999999.snap"
    file.write_bytes(b"".join(map(encode, lines)))
    library.change({name: Change(starred=True)}, step=None)
    assert library.device != device
    assert library.get(name).entry.starred
    begun = library.start_generation(even_if_small=True)
    assert begun is not None
    compaction.write_snapshot(places.home, *begun)
    assert state_of(places).keys() == {name, "abcdabcdabcd"}


@pytest.mark.parametrize("order", ["one after the other", "in turns"])
def test_articles_merged_in_opposite_directions_do_not_both_go(tmp_path: Path, order: str) -> None:
    """Each device keeps another one; whichever was merged last stays."""
    clock = Clock()
    one, two = places_in(tmp_path, "one"), places_in(tmp_path, "two")
    here, there = opened(one, clock), opened(two, clock)
    names = added(here, link(1), link(2), link(3))
    added(there, link(7))
    _copy(one.home, two.home)
    there.refresh()
    for library, kept in ((here, names), (there, names[::-1])):
        changes = {
            kept[0]: Change(add_tags=("a",)),
            kept[1]: Change(trashed=True, same=kept[0]),
            kept[2]: Change(trashed=True),
        }
        library.change(changes, step="merged", survivors=[kept[0]])
        if order == "in turns":
            clock.now -= 0.005
    _copy(one.home, two.home)
    _copy(two.home, one.home)
    for library, places in ((here, one), (there, two)):
        library.refresh()
        listed = [each.entry.id for each in library.records() if not each.entry.trashed]
        assert {names[0], names[2]} & set(listed)
        assert library.get(names[2]).entry.id in listed
        with closing(Cache(places)) as cache:
            catch_up(places, cache)
            shown = cache.listing(parse(""), now=datetime(2026, 3, 1, tzinfo=UTC))
            assert {entry.id for entry in shown} == set(listed)


def test_an_undone_merge_leaves_both_articles(tmp_path: Path) -> None:
    """That the kept one is not deleted is no part of the step."""
    library = opened(places_in(tmp_path))
    kept, gone = added(library, link(1), link(2))
    library.change({gone: Change(trashed=True)}, step="merged", survivors=[kept])
    library.change({kept: Change(trashed=True)}, step="deleted")
    library.undo()
    undone = library.undo()
    assert undone
    assert (undone.changed, undone.skipped) == (1, 0)
    assert not any(library.get(each).entry.trashed for each in (kept, gone))
