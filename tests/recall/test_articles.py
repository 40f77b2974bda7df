"""Article files read side by side."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.model.entry import Entry, EntryId
from reader.model.errors import LibraryBusy
from reader.recall import articles
from reader.recall.articles import markdown_of, markdowns_of


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


@pytest.mark.parametrize("slow", [-1.0, 60.0], ids=["from a disk", "in memory"])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 40])
def test_each_text_stands_where_its_entry_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: float, count: int
) -> None:
    monkeypatch.setattr(articles, "_SLOW", slow)
    entries = written(tmp_path, count)
    expected = ["" if n % 5 == 4 else f"Text {n}.\n" for n in range(count)]
    assert markdowns_of(tmp_path, entries) == expected
    assert [markdown_of(tmp_path, entry) for entry in entries] == expected
    assert markdowns_of(tmp_path / "elsewhere", entries) == [""] * count


def test_nobody_waits_for_entries_that_never_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "_SLOW", -1.0)
    entries, before = written(tmp_path, 2), threading.active_count()

    def coming() -> Iterator[Entry]:
        yield from entries
        raise LibraryBusy("the cache is held by another process: try again")

    with pytest.raises(LibraryBusy):
        markdowns_of(tmp_path, coming())
    assert threading.active_count() == before
