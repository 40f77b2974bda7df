"""Pages that were fetched and not yet saved survive a kill."""

import os
from pathlib import Path

from reader.fetch.response import Response
from reader.model.entry import EntryId
from reader.paths import find
from reader.services.fetched_pages import MAX_AGE, FetchedPages

ONE = EntryId("0123456789ab")
PAGE = Response("https://a.example/", "https://a.example/x", b"<p>\n\xff</p>", "text/html", 200)


def test_a_page_comes_back_as_it_was(settled: Path) -> None:
    """Another process finds the bytes and all that the server said of them."""
    FetchedPages(find()).put(ONE, PAGE)
    assert FetchedPages(find()).get(ONE) == PAGE
    FetchedPages(find()).remove(ONE)
    assert FetchedPages(find()).get(ONE) is None


def test_what_is_damaged_or_old_counts_as_none(settled: Path) -> None:
    """A torn file, a flipped byte and a page of last week are fetched again."""
    spool = FetchedPages(find())
    spool.put(ONE, PAGE)
    (path,) = [path for path in settled.rglob(ONE) if path.is_file()]
    whole = path.read_bytes()
    for broken in (b"", whole[:-1], whole[:-1] + b"x", b"[]\n", b"{}\n", b"\xff"):
        path.write_bytes(broken)
        assert spool.get(ONE) is None
    path.write_bytes(whole)
    assert spool.get(ONE) == PAGE
    old = path.stat().st_mtime - MAX_AGE - 60
    os.utime(path, (old, old))
    assert spool.get(ONE) is None


def test_libraries_do_not_share_pages(settled: Path) -> None:
    """A page belongs to the library it was fetched for; sweeping leaves the others alone."""
    here = find({"READER_HOME": str(settled / "one")})
    there = find({"READER_HOME": str(settled / "two")})
    FetchedPages(here).put(ONE, PAGE)
    assert FetchedPages(there).get(ONE) is None
    FetchedPages(there).clear()
    assert FetchedPages(here).get(ONE) == PAGE
    FetchedPages(here).clear()
    assert FetchedPages(here).get(ONE) is None


def test_nobody_else_can_read_them(settled: Path) -> None:
    """The folder and the file are the person's own."""
    FetchedPages(find()).put(ONE, PAGE)
    (path,) = [path for path in settled.rglob(ONE) if path.is_file()]
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
