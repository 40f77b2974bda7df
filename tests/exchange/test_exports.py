import json
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from reader.exchange import epub, netscape, portable, readings, vault, webpage
from reader.exchange.incoming import Refused
from reader.exchange.portion import Portion
from reader.exchange.upload import Upload
from reader.model.article import Related
from reader.model.entry import Entry, EntryId, Fetch, Record
from reader.model.highlight import Highlight, Position

ENTRY = Entry(
    id=EntryId("0123456789ab"),
    url="https://a.example/x?a=1&b=2",
    title="Tides & <b>tables</b>",
    added="2026-01-02T03:04:05Z",
    byline="A. One, B. Two",
    site="Coast",
    published="2026-01-01",
    language="en",
    tags=("sea", "slow food"),
    words=12,
    progress=0.5,
    starred=True,
    folder="articles/2026/tides",
)
RECORD = Record(
    ENTRY,
    given="https://a.example/x?a=1&b=2&utm_source=z",
    description="About tides.",
    digest="ab" * 32,
    suggested=("moon",),
    related=(Related("Other", "Paper", "2 hours ago", "https://a.example/y"),),
    note="My note",
    highlights=(Highlight("h1", "the tide", start=4, note="=1+1", at="2026-01-03T00:00:00Z"),),
    position=Position("Then the", 30, 0.5),
    pictures={"https://a.example/i.png": "images/0011223344556677.png"},
)
TEXT = (
    "It was *the tide* that <script>alert(1)</script> came.[^1]\n\n![A wave](https://a.example/i.png)\n\n"
    "![Gone](https://a.example/j.png) [bad](javascript:alert(1)) [good](https://a.example/)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: Note.\n"
)
PORTION = Portion(
    RECORD, TEXT, lambda name: b"\x89PNG picture" if name.endswith("77.png") else None
)
LINK = Portion(
    Record(
        Entry(
            EntryId("zzzzzzzzzzzz"),
            "https://b.example/",
            "Link",
            "2026-01-02T03:04:06Z",
            fetch=Fetch.QUEUED,
        )
    )
)


def test_own_json_gives_back_the_same_records() -> None:
    """Out and in, nothing is lost but what lies in the article's folder."""
    content = "".join(portable.write([PORTION, LINK])).encode()
    upload = Upload("x.json", content)
    assert portable.recognises(upload)
    rows = [row for row in portable.read(upload) if isinstance(row, tuple)]
    assert [number for number, _ in rows] == [1, 2]
    assert rows[0][1].record == replace(RECORD, entry=replace(ENTRY, folder=None))
    assert rows[0][1].markdown == TEXT
    assert rows[1][1].record == LINK.record


def test_a_broken_record_costs_only_itself() -> None:
    """The rest of the file is read."""
    content = json.dumps(
        {
            "format": "reader-library",
            "version": 1,
            "records": [
                {"id": 1},
                7,
                {"id": "a" * 12, "added": "2026-01-02T03:04:05Z", "title": "T"},
            ],
        }
    )
    rows = list(portable.read(Upload("x", content.encode())))
    assert [type(row).__name__ for row in rows] == ["Refused", "Refused", "tuple"]


@pytest.mark.parametrize(
    "field",
    [
        {"id": "../../../x"},
        {"id": 7},
        {"added": "/etc"},
        {"added": "../x"},
        {"words": "many"},
        {"progress": []},
        {"fetch": "maybe"},
        {"highlights": [{"quote": "no id"}]},
        {"position": "here"},
        {"pictures": []},
    ],
    ids=str,
)
def test_a_record_that_we_would_not_write_is_refused(field: dict[str, Any]) -> None:
    """An id names a folder and a time the one above it: a file from anywhere may say neither."""
    record = {"id": "a" * 12, "added": "2026-01-02T03:04:05Z", "title": "T"} | field
    content = json.dumps({"format": "reader-library", "version": 1, "records": [record]})
    (row,) = portable.read(Upload("x", content.encode()))
    assert isinstance(row, Refused)


def test_texts_of_a_record_are_cleaned() -> None:
    """What our own export would have cleaned is cleaned again; pictures have names of ours."""
    record = {"id": "a" * 12, "added": "2026-01-02T03:04:05Z", "title": "T\x1b]0;x", "byline": 7}
    record |= {
        "markdown": "a\x1b[31mb",
        "pictures": {"x": "../y.png", "z": "images/0011223344556677.png"},
    }
    content = json.dumps({"format": "reader-library", "version": 1, "records": [record]})
    ((_, portion),) = [
        row for row in portable.read(Upload("x", content.encode())) if isinstance(row, tuple)
    ]
    assert (portion.record.entry.title, portion.record.entry.byline) == ("T]0;x", None)
    assert portion.markdown == "a[31mb"
    assert portion.record.pictures == {"z": "images/0011223344556677.png"}


def test_a_web_page_runs_nothing_and_fetches_nothing() -> None:
    """Text that looks like HTML stays text; pictures are inside; other schemes are gone."""
    page = "".join(webpage.write([PORTION], "My <export>"))
    assert "<script" not in page
    assert 'href="javascript:' not in page
    assert 'src="data:image/png;base64,' in page
    assert "j.png" not in page
    assert "[Gone]" in page
    assert "default-src" in page
    assert "Tides &amp; &lt;b&gt;tables&lt;/b&gt;" in page


def test_an_epub_is_a_book_of_well_formed_chapters() -> None:
    """The mimetype comes first and unpacked; every file is XML; pictures are in the manifest."""
    content = epub.write(
        [PORTION, LINK], "Two", identifier="urn:uuid:1", modified="2026-01-02T03:04:05Z"
    )
    with zipfile.ZipFile(BytesIO(content)) as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type, book.read("mimetype")) == (
            "mimetype",
            zipfile.ZIP_STORED,
            b"application/epub+zip",
        )
        for name in book.namelist():
            if name.endswith((".xhtml", ".opf", ".xml")):
                ET.fromstring(book.read(name))
        package = book.read("book/content.opf").decode()
        assert "images/0011223344556677.png" in package
        assert package.count("itemref") == 2
        assert b"<script" not in book.read("book/chapter-1.xhtml")


def test_bookmarks_can_be_read_back() -> None:
    """What other programs read, our own import reads too."""
    content = "\n".join(netscape.write([RECORD])).encode()
    (row,) = netscape.read(Upload("b.html", content))
    assert (row.url, row.title, row.tags, row.note) == (
        ENTRY.url,
        ENTRY.title,
        ENTRY.tags,
        "My note",
    )  # type: ignore[union-attr]


def test_spreadsheets_get_no_formulas() -> None:
    """A cell that begins like a formula is quoted."""
    lines = list(readings.write([RECORD]))
    assert lines[0].startswith("Highlight,Title,Author,URL,Note")
    assert "'=1+1" in lines[1]
    assert [readings.quoted(cell) for cell in ("=a", "+a", "-a", "@a", "a")] == [
        "'=a",
        "'+a",
        "'-a",
        "'@a",
        "a",
    ]


def test_a_vault_note_is_updated_in_place() -> None:
    """A person's lines and keys stay where they are; ours are written anew."""
    first = vault.merged(None, PORTION, "images")
    assert vault.identity(first) == ENTRY.id
    assert "](images/0011223344556677.png)" in first
    own = (
        first.replace("---\n\n", "aliases:\n  - sea book\n---\n\nMy line before.\n\n", 1)
        + "\nMy line after.\n"
    )
    later = Portion(
        replace(RECORD, entry=replace(ENTRY, title="New title", tags=("sea",)), note=""),
        "New text.",
    )
    second = vault.merged(own, later, "images")
    assert "My line before." in second
    assert "My line after." in second
    assert "aliases:\n  - sea book\n" in second
    assert "New text." in second
    assert "It was" not in second
    assert second.count("title:") == 1
    assert vault.merged(second, later, "images") == second


def test_a_vault_note_without_our_marks_keeps_every_line() -> None:
    """Someone who removed our marks loses nothing: our part is put on top."""
    note = '---\nreader-id: "0123456789ab"\nmine: 1\n---\n\nAll mine.\n'
    merged = vault.merged(note, PORTION, "images")
    assert "All mine." in merged
    assert "mine: 1" in merged
