"""The short way to the newest rows is taken only where the cache is surely fresh."""

import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from reader.model.entry import Entry, EntryId
from reader.paths import Paths
from reader.search.store.cache import Cache, cache_file
from reader.search.store.cache_state import JournalCursor
from reader.search.store.fast_listing import newest_rows
from reader.search.store.rows import CacheRow

LINES = b"00000001 {}\n00000002 {}\n"


@pytest.fixture
def places(tmp_path: Path) -> Paths:
    """A library of three entries, one in the trash, with a cache that has read its one journal."""
    places = Paths(tmp_path / "a %?#", tmp_path / "state", tmp_path / "cache", tmp_path / "c.toml")
    journal = places.home / "journal" / "aaaaaaaa-1.log"
    journal.parent.mkdir(parents=True)
    journal.write_bytes(LINES)
    cache = Cache(places)
    rows = [
        CacheRow(
            Entry(
                EntryId(f"aaaa{n}0000000"), None, f"T{n}", f"2026-01-0{n}T00:00:00Z", trashed=n == 2
            ),
            "",
        )
        for n in (1, 2, 3)
    ]
    status = journal.stat()
    stamp = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    at = JournalCursor(stamp, is_read=True, end=len(LINES), crc=zlib.crc32(LINES))
    cache.apply(rows, {}, {"aaaaaaaa-1.log": at})
    cache.close()
    return places


def test_fresh_rows_come_newest_first(places: Paths) -> None:
    """What is in the trash is not among them; the neighbours of each id stand beside it."""
    rows = newest_rows(str(places.cache), str(places.home), 50)
    assert rows is not None
    assert [(row["title"], row["id_before"]) for row in rows] == [
        ("T3", "aaaa20000000"),
        ("T1", None),
    ]
    assert len(newest_rows(str(places.cache), str(places.home), 1) or []) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda journal: (journal / "aaaaaaaa-1.log").write_bytes(LINES + b"x"),
        lambda journal: (journal / "aaaaaaaa-1.log").write_bytes(
            LINES.replace(b"00000002", b"00000003")
        ),
        lambda journal: (journal / "bbbbbbbb-1.log").write_bytes(b""),
        lambda journal: (journal / "bbbbbbbb-1.log.conflict1").write_bytes(b""),
        lambda journal: (journal / "aaaaaaaa-1.log").unlink(),
        lambda journal: (journal / "aaaaaaaa-1.log").rename(journal / "aaaaaaaa-2.log"),
    ],
    ids=["longer", "rewritten", "another", "copy", "gone", "renamed"],
)
def test_a_stale_cache_gives_nothing(places: Paths, change: Callable[[Path], object]) -> None:
    """Any difference between the journals and what was read of them sends the caller the long way."""
    change(places.home / "journal")
    assert newest_rows(str(places.cache), str(places.home), 50) is None


def test_no_cache_or_a_broken_one_gives_nothing(places: Paths) -> None:
    """Neither is made, mended or complained about here."""
    cache_file(places).write_bytes(b"rubbish" * 1000)
    assert newest_rows(str(places.cache), str(places.home), 50) is None
    cache_file(places).unlink()
    assert newest_rows(str(places.cache), str(places.home), 50) is None
    assert not cache_file(places).exists()


def test_the_fast_path_imports_little() -> None:
    """Nothing that takes as long as Python itself to import is loaded."""
    script = "import sys, reader.search.store.fast_listing; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    heavy = {"dataclasses", "typing", "re", "json", "pathlib", "inspect", "platformdirs", "enum"}
    assert not heavy & set(loaded.stdout.split())
