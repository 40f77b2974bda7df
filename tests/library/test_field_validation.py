"""Journals that say nonsense, and folders that lead elsewhere, cost themselves and nothing more."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reader.library import integrity_checks
from reader.library.document_store import DocumentStore
from reader.library.field_validation import valid_fields
from reader.library.hlc import Stamp
from reader.library.journal_codec import encode
from reader.library.link_checks import check_links
from reader.library.lww_document import Document
from reader.model.change import Change, SaveRequest
from reader.model.errors import LibraryDamagedError
from reader.model.query import parse
from reader.model.urls import MAX_URL_LENGTH
from reader.paths import Paths
from reader.search.store.cache import Cache
from reader.services.cache_sync import catch_up
from tests.library.libraries import Clock, added, journal_of, opened, places_in, saving

GOOD: dict[str, object] = {
    "url": "https://a.example/", "given": "a", "final": "https://f.example/", "canonical": "c", "title": "Title", "site": "s",
    "added": "2026-01-01T00:00:00Z", "deleted": False, "byline": "b", "published": "2026", "modified": "2026",
    "language": "en", "description": "d", "image": "i", "words": 5, "suggested": ["a"], "text": "ab" * 32,
    "folder": "articles/2026/x-abcdabcdabcd-0123abcd", "tag:a": "a", "mark:1": ["q", "p", "s", 1, "n", "2026"],
    "picture:x": "images/y.png", "position": ["q", 1, 0.5], "progress": 0.5, "finished": True, "starred": True,
    "archived": True, "note": "n", "related": [["t", None, "a", "https://u.example/"]], "former": ["articles/2026/z-abcdabcdabcd-0123abcd"],
    "attempts": 1, "reason": "r", "cut": False, "same": None, "label:1": ["red", "question"],
}  # fmt: skip
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ODD = [
    5, -1, 1 << 70, 1.5, float("nan"), float("inf"), "x", "", [], [1], ["a"], [[1]], {}, {"a": 1}, True,
    ["q", "p", "s", float("nan"), "n", "t"], ["q", float("inf"), 1],
    ["red", 5], ["crimson", "w" * 500], ["red", "a\x1b[2J\nb"],
]  # fmt: skip


@pytest.fixture
def places(tmp_path: Path) -> Paths:
    return places_in(tmp_path)


LINK = {
    "url": "https://a.example/", "given": "a", "title": "Title", "site": "s", "description": "d",
    "added": "2026-01-01T00:00:00Z", "deleted": False, "starred": True, "tag:a": "a", "tag:b": None,
}  # fmt: skip
ODD_TEXTS = (
    "a\nb",
    " a ",
    "a\x7f",
    "\u202ea",
    "Tïtle",
    "ein  wort",
    "x" * 100_000,
    "http://",
    "ftp://a.example/",
    "javascript:1",
    "2026-02-30T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01t00:00:00Z",
    "2026-01-01T00:00:00Z2026-01-01T00:00:00Z",
    "٢٠٢٦-01-01T00:00:00Z",
    "2026-01-01T00:00:60Z",
)


@pytest.mark.parametrize("name", LINK)
def test_many_links_are_checked_as_each_is(name: str) -> None:
    """Checking them together takes no value that a check of its own refuses or changes."""
    for value in (*ODD, *ODD_TEXTS, 0, None, *LINK.values()):
        fields = [dict(LINK), {**LINK, name: value}, {"title": "Titel ü", "added": LINK["added"]}]
        documents = [Document(each, Stamp(1, 0, "a")) for each in fields]
        check_links(documents)
        for each in documents:
            alone = valid_fields("abcdabcdabcd", Document(dict(each.fields), Stamp(1, 0, "a")))
            assert each.valid is None or each.valid == alone
    documents = [Document(dict(LINK), Stamp(1, 0, "a")) for _ in range(3)]
    check_links(documents)
    assert all(each.valid is each.fields for each in documents)


def test_what_has_its_shape_is_handed_on_as_it_is() -> None:
    """No copy is made of what is in order, and unknown fields are in order."""
    fields = {**GOOD, "of a later version": {"any": "thing"}}
    document = Document()
    document.apply(dict(fields), Stamp(1, 0, "a"))
    assert valid_fields("abcdabcdabcd", document) is document.fields
    document.apply({"title": 5, "words": "many"}, Stamp(2, 0, "a"))
    assert valid_fields("abcdabcdabcd", document) == {
        name: value for name, value in fields.items() if name not in ("title", "words")
    }
    document.apply({"title": "Title", "words": 5}, Stamp(3, 0, "a"))
    assert valid_fields("abcdabcdabcd", document) == fields


def test_values_of_any_shape_cost_themselves_only(places: Paths) -> None:
    """Every field with every odd value: listed, cached, changed, deleted, checked, nothing raised."""
    library = opened(places)
    (first,) = added(library, saving("whole"))
    rows = [
        {"o": "set", "i": f"{number:012d}", "f": {**GOOD, name: value}}
        for number, (name, value) in enumerate((name, value) for name in GOOD for value in ODD)
    ]
    with journal_of(places).open("ab") as stream:
        stream.writelines(encode({"c": [number, 0], **row}) for number, row in enumerate(rows))
    library.refresh()
    records = {record.entry.id: record for record in library.records()}
    assert first in records
    assert len(records) > len(rows) / 2
    cache = Cache(places)
    catch_up(places, cache)
    whole = library.get(first).entry
    for entry in cache.listing(parse("is:trashed OR -is:trashed"), now=NOON):
        assert entry == records[entry.id].entry
    cache.close()
    change = Change(starred=False, title="T", add_tags=("a", "b"), note="n", finished=False)
    library.change(dict.fromkeys(records, change), step="changed")
    library.change(dict.fromkeys(records, Change(trashed=True)), step="deleted")
    library.undo()
    library.undo()
    ledger = DocumentStore(places, Clock())
    ledger.refresh()
    list(integrity_checks.run_checks(ledger))
    assert library.get(first).entry == whole


@pytest.mark.parametrize("value", ["2026-13-45T25:61:61Z", "0000-01-01T00:00:00Z", "", 5])
def test_times_that_do_not_exist_do_not_hide_an_article(places: Paths, value: object) -> None:
    """Although the earliest `added` counts, and these sort before all others."""
    library = opened(places)
    (name,) = added(library, saving("whole"))
    before = library.get(name).entry
    (places.home / "journal" / "abcdefgh-1.log").write_bytes(
        encode({"format": 1, "device": "abcdefgh", "n": 1})
        + encode({"c": [1, 0], "o": "set", "i": name, "f": {"added": value}})
        + encode({"c": [1, 1], "o": "set", "i": "0" * 12, "f": {**GOOD, "added": value}})
    )
    library.refresh()
    assert library.get(name).entry == before
    assert [record.entry.id for record in library.records()] == [name]


def test_images_are_added_in_a_copied_library(places: Paths) -> None:
    """A clone by git has no `tmp/`, which is ignored there."""
    library = opened(places)
    (name,) = added(library, saving("whole"))
    shutil.rmtree(places.home / "tmp")
    library.add_images(name, {"u": ("0.png", b"picture")})
    folder = library.folder(name)
    assert folder
    assert (folder / "images" / "0.png").read_bytes() == b"picture"
    assert not list((places.home / "tmp").iterdir())


@pytest.mark.parametrize("below", ["", "article.md", "page.html.gz", "images"])
def test_links_in_article_folders_are_not_followed(places: Paths, below: str) -> None:
    """Neither read nor written through: what a synchroniser brings may point anywhere."""
    library = opened(places)
    (name,) = added(library, saving("whole"))
    folder = library.folder(name)
    assert folder
    away = places.home.parent / "away"
    away.mkdir()
    (away / "article.md").write_text('---\nid: "x"\n---\n\nnot ours')
    target = folder / below
    if target.exists():
        target.rename(away / "moved")
    target.symlink_to(away if below in ("", "images") else away / "article.md")
    jobs: dict[str, Callable[[], object]] = {
        "article.md": lambda: library.markdown(name),
        "page.html.gz": lambda: library.original(name),
        "": lambda: library.markdown(name),
        "images": lambda: library.add_images(name, {"u": ("0.png", b"picture")}),
    }
    with pytest.raises(LibraryDamagedError, match="link"):
        jobs[below]()
    assert not (away / "0.png").exists()


def test_addresses_are_kept_whole(places: Paths) -> None:
    """A shortened address would be another page; control characters of a typed one are dropped."""
    library = opened(places)
    url = "https://a.example/" + "x" * (MAX_URL_LENGTH - 100)
    typed = f"{url}?utm_source=y\x1b]0;z\x07"
    (name,) = added(library, SaveRequest(given=typed, final=f"{url}/final"))
    record = library.get(name)
    assert record.entry.url is not None
    assert record.entry.url.startswith(url)
    assert record.final == f"{url}/final"
    store = DocumentStore(places, Clock())
    store.refresh()
    assert not [each for each in integrity_checks.run_checks(store) if each.kind == "rejected"]
    cache = Cache(places)
    catch_up(places, cache)
    (listed,) = cache.listing(parse(""), now=NOON)
    assert listed.url == record.entry.url
    cache.close()
