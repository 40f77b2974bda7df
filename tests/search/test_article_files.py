"""Article files as the full text and snippets read them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.model.entry import Entry, EntryId
from reader.model.errors import LibraryBusyError
from reader.search.store.article_files import read_markdown, read_markdowns


def open_files() -> int:
    """How many this process has."""
    return len(list(Path("/dev/fd").iterdir()))


def written(home: Path, count: int) -> list[Entry]:
    """Entries with an article each, but for every fifth, which is a link."""
    entries: list[Entry] = []
    for number in range(count):
        folder = None if number % 5 == 4 else f"articles/{number}"
        if folder:
            (home / folder).mkdir(parents=True)
            text = f"---\ntitle: {number}\n---\n\nText {number}.\n"
            (home / folder / "article.md").write_text(text)
        entries.append(Entry(EntryId(f"e{number}"), None, "", "", folder=folder))
    return entries


@pytest.mark.parametrize("count", [0, 1, 2, 3, 40])
def test_each_text_stands_where_its_entry_does(tmp_path: Path, count: int) -> None:
    entries = written(tmp_path, count)
    expected = ["" if n % 5 == 4 else f"Text {n}.\n" for n in range(count)]
    assert list(read_markdowns(tmp_path, entries)) == expected
    assert [read_markdown(tmp_path, entry) for entry in entries] == expected
    assert list(read_markdowns(tmp_path / "elsewhere", entries)) == [""] * count


@pytest.mark.parametrize("what", ["file", "folder", "pipe", "parent"])
def test_links_and_pipes_are_not_read(tmp_path: Path, what: str) -> None:
    """A synchronised folder may hold a link to a private file, and a pipe would wait for ever."""
    (entry,) = written(tmp_path / "home", 1)
    folder = tmp_path / "home" / "articles" / "0"
    outside = tmp_path / "outside"
    if what == "folder":
        folder.rename(outside)
        folder.symlink_to(outside)
    elif what == "parent":
        (tmp_path / "article.md").write_text("---\ntitle: x\n---\n\nPrivate.\n")
        entry = Entry(EntryId("e0"), None, "", "", folder="articles/../..")
    else:
        (folder / "article.md").rename(outside)
        if what == "pipe":
            os.mkfifo(folder / "article.md")
        else:
            (folder / "article.md").symlink_to(outside)
    assert read_markdown(tmp_path / "home", entry) == ""
    assert list(read_markdowns(tmp_path / "home", [entry])) == [""]


def test_what_does_not_come_leaves_no_file_open(tmp_path: Path) -> None:
    """Neither entries that cannot be read, nor a text that nobody asks for any more."""
    entries, before = written(tmp_path, 9), open_files()

    def coming() -> Iterator[Entry]:
        yield from entries
        raise LibraryBusyError("the cache is held by another process: try again")

    with pytest.raises(LibraryBusyError):
        list(read_markdowns(tmp_path, coming()))
    first = read_markdowns(tmp_path, entries)
    next(first)
    del first
    assert open_files() == before


def test_a_folder_in_the_place_of_a_text_has_none(tmp_path: Path) -> None:
    (tmp_path / "articles/0/article.md").mkdir(parents=True)
    entry = Entry(EntryId("e0"), None, "", "", folder="articles/0")
    assert read_markdown(tmp_path, entry) == ""
