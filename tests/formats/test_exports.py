import json
import re
import shutil
import struct
import subprocess
import xml.etree.ElementTree as ET
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from reader.formats import netscape, reader_json
from reader.formats.export_item import ExportItem
from reader.formats.exporters import epub, html_page, obsidian, readwise_highlights
from reader.formats.import_file import ImportFile
from reader.formats.import_row import ImportRow, RejectedRow
from reader.formats.importers import readwise_highlights as importer
from reader.formats.xhtml import link
from reader.model.article import Related
from reader.model.entry import Entry, EntryId, FetchStatus, Record
from reader.model.errors import ExchangeError
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
    highlights=(
        Highlight("h1", "the tide", start=4, note="=1+1", at="2026-01-03T00:00:00Z"),
        Highlight("h2", "the ferry", start=40, note="late", color="red", label="open question"),
    ),
    position=Position("Then the", 30, 0.5),
    images={"https://a.example/i.png": "images/0011223344556677.png"},
)
TEXT = (
    "It was *the tide* that <script>alert(1)</script> came.[^1]\n\n![A wave](https://a.example/i.png)\n\n"
    "![Gone](https://a.example/j.png) [bad](javascript:alert(1)) [good](https://a.example/)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: Note.\n"
)
PORTION = ExportItem(
    RECORD, TEXT, lambda name: b"\x89PNG picture" if name.endswith("77.png") else None
)
LINK = ExportItem(
    Record(
        Entry(
            EntryId("zzzzzzzzzzzz"),
            "https://b.example/",
            "Link",
            "2026-01-02T03:04:06Z",
            fetch=FetchStatus.QUEUED,
        )
    )
)


def test_own_json_gives_back_the_same_records() -> None:
    """Out and in, nothing is lost but what lies in the article's folder."""
    content = "".join(reader_json.write([PORTION, LINK])).encode()
    upload = ImportFile("x.json", content)
    assert reader_json.matches(upload)
    rows = [row for row in reader_json.read(upload) if isinstance(row, tuple)]
    assert [number for number, _ in rows] == [1, 2]
    assert rows[0][1].record == RECORD._replace(entry=ENTRY._replace(folder=None))
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
    rows = list(reader_json.read(ImportFile("x", content.encode())))
    assert [type(row).__name__ for row in rows] == ["RejectedRow", "RejectedRow", "tuple"]


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
    (row,) = reader_json.read(ImportFile("x", content.encode()))
    assert isinstance(row, RejectedRow)


def test_why_a_record_is_refused_is_said_in_words() -> None:
    """A message names what is wrong, not how Python found it."""
    records = [
        {"id": "a" * 12},
        [1],
        {"id": "a" * 12, "added": "2026-01-02T03:04:05Z", "position": [2]},
    ]
    content = json.dumps({"format": "reader-library", "version": 1, "records": records})
    assert [
        row.reason
        for row in reader_json.read(ImportFile("x", content.encode()))
        if isinstance(row, RejectedRow)
    ] == [
        "not a record: it has no 'added'",
        *["not a record: a field has a value of another type"] * 2,
    ]


def test_texts_of_a_record_are_cleaned() -> None:
    """What our own export would have cleaned is cleaned again; pictures have names of ours."""
    record = {"id": "a" * 12, "added": "2026-01-02T03:04:05Z", "title": "T\x1b]0;x", "byline": 7}
    record |= {
        "markdown": "a\x1b[31mb",
        "pictures": {"x": "../y.png", "z": "images/0011223344556677.png"},
    }
    content = json.dumps({"format": "reader-library", "version": 1, "records": [record]})
    ((_, portion),) = [
        row for row in reader_json.read(ImportFile("x", content.encode())) if isinstance(row, tuple)
    ]
    assert (portion.record.entry.title, portion.record.entry.byline) == ("T]0;x", None)
    assert portion.markdown == "a[31mb"
    assert portion.record.images == {"z": "images/0011223344556677.png"}


def test_a_web_page_runs_nothing_and_fetches_nothing() -> None:
    """Text that looks like HTML stays text; pictures are inside; other schemes are gone."""
    page = "".join(html_page.write([PORTION], "My <export>"))
    assert "<script" not in page
    assert 'href="javascript:' not in page
    assert 'src="data:image/png;base64,' in page
    assert "j.png" not in page
    assert "[Gone]" in page
    assert "default-src" in page
    assert "Tides &amp; &lt;b&gt;tables&lt;/b&gt;" in page


def book_of(portions: list[ExportItem]) -> bytes:
    stream = BytesIO()
    epub.write(
        stream,
        portions,
        "Two <books>",
        identifier="urn:uuid:12345678-1234-5234-a234-123456789012",
        modified="2026-01-02T03:04:05Z",
        rewrite_image=lambda content: ("8899aabbccddeeff.png", PNG) if content == b"webp" else None,
    )
    return stream.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    [
        chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")),
        chunk(b"IEND", b""),
    ]
)
ODD = r"""
# One *two*

## One two

[space](<https://a.example/a b>) [pipe](https://a.example/a|b^c?d=[e]) [none](https://) [port](https://a.example:99999/)
[here](#one-two) [nowhere](#gone) [relative](/x) [mail](mailto:a@b.example) <https://a.example/?a=1&b=2>

![a](https://a.example/i.png "title") ![b](<https://a.example/é b.webp>) ![c](https://a.example/broken.webp)

A note[^1], again[^1], none[^2]. <div>raw</div> &nbsp; H~2~O ~~gone~~ \
new line

[^1]: Its `words` and

    a second paragraph.

- [x] done

| a | b |
|:--|--:|
| 1 | 2 |
"""
PLACES = {
    "https://a.example/i.png": "images/0011223344556677.png",
    "https://a.example/é b.webp": "images/1122334455667788.webp",
    "https://a.example/broken.webp": "images/2233445566778899.webp",
}
FILES = {"0": PNG, "1": b"webp", "2": b"not decodable"}


def odd(**changes: Any) -> ExportItem:
    entry = ENTRY._replace(**changes)
    return ExportItem(RECORD._replace(entry=entry, images=PLACES), ODD, lambda name: FILES[name[7]])


def test_an_epub_has_all_images_that_books_can_show() -> None:
    """WebP is written anew, once; what cannot be decoded is left as its words."""
    with zipfile.ZipFile(BytesIO(book_of([odd(), odd(id=EntryId("1" * 12))]))) as book:
        images = [name for name in book.namelist() if name.startswith("book/images/")]
        assert images == ["book/images/0011223344556677.png", "book/images/8899aabbccddeeff.png"]
        chapter = book.read("book/chapter-1.xhtml").decode()
    assert chapter.count("<img") == 2
    assert "[c]" in chapter
    assert '<a href="#h-1">here</a> <a>nowhere</a> <a>relative</a>' in chapter


def test_no_book_is_empty() -> None:
    """Where nothing was found there is nothing to write."""
    with pytest.raises(ExchangeError, match="at least one"):
        book_of([])


@pytest.mark.skipif(shutil.which("epubcheck") is None, reason="epubcheck is not installed")
def test_epubcheck_finds_nothing(tmp_path: Path) -> None:
    """Odd titles, languages, links and pictures, and articles without a text, make a valid book."""
    portions = [
        odd(),
        odd(title=" ", language="en_US", byline=None),
        odd(title="x" * 300, language="not a language", url="https://a.example/a b|c"),
        odd(language=None, url=None, tags=()),
        LINK,
    ]
    path = tmp_path / "book.epub"
    path.write_bytes(book_of(portions))
    program = Path(shutil.which("epubcheck") or "").resolve()
    # Debian's is a jar that only runs by itself where the kernel was told how.
    words = ["java", "-jar"] if program.suffix == ".jar" else []
    done = subprocess.run([*words, program, path], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 errors / 0 warnings" in done.stdout + done.stderr


def test_links_are_uris_or_none() -> None:
    """Brackets stay only around an IPv6 host; other schemes are no links."""
    assert link("http://[2001:db8::1]/a[0]?b=[1]") == "http://[2001:db8::1]/a%5B0%5D?b=%5B1%5D"
    assert link("https://h.example?q=[a]|é%z") == "https://h.example?q=%5Ba%5D%7C%C3%A9%25z"
    assert link("mailto:a@b.example") == "mailto:a@b.example"
    assert [
        link(one) for one in ("javascript:x", "https://", "file:///x", "//h/x", "http://h:x/")
    ] == [None] * 5


def test_notes_of_two_articles_on_one_page_stay_apart() -> None:
    """A link to a note or a heading leads to the one of its own article."""
    page = "".join(html_page.write([odd(), odd(id=EntryId("1" * 12))], "Two"))
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names)) > 4
    assert {name[1:] for name in re.findall(r'href="(#[^"]+)"', page)} <= set(names)


def test_an_epub_is_a_book_of_well_formed_chapters() -> None:
    """The mimetype comes first and unpacked; every file is XML; pictures are in the manifest."""
    with zipfile.ZipFile(BytesIO(book_of([PORTION, LINK]))) as book:
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


def test_formulas_leave_as_their_tex() -> None:
    """No brace, star or line of a formula is taken for Markdown, in books and on pages."""
    text = "The set $\\{a_i \\mid i * j * k\\}$ and $_\\text{net} w_\\text{row}$.\n\n$$\na &= b \\\\\nc &< d\n$$\n"
    portion = ExportItem(RECORD, text, lambda _: None)
    with zipfile.ZipFile(BytesIO(book_of([portion]))) as book:
        chapter = book.read("book/chapter-1.xhtml").decode()
    for page in (chapter, "".join(html_page.write([portion], "Export"))):
        assert r"\{a_i \mid i * j * k\}" in page
        assert r"_\text{net} w_\text{row}" in page
        assert r"a &amp;= b \\" in page
        assert "<em>" not in page.partition("The set")[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("spoken", "is_right_to_left"),
    [
        ("ar", True),
        ("fa-IR", True),
        ("he", True),
        ("az-Arab", True),
        ("de", False),
        ("ar-Latn", False),
    ],
)
def test_books_and_pages_run_as_their_language_does(spoken: str, is_right_to_left: bool) -> None:
    """Chapters and articles name their direction; a book's pages turn in that of most chapters."""
    portion = odd(language=spoken)
    with zipfile.ZipFile(BytesIO(book_of([portion]))) as book:
        package = book.read("book/content.opf").decode()
        chapter = book.read("book/chapter-1.xhtml").decode()
    page = "".join(html_page.write([portion], "Export"))
    assert ('page-progression-direction="rtl"' in package) == is_right_to_left
    for text in (chapter, page):
        assert (' dir="rtl"' in text) == is_right_to_left


def test_bookmarks_can_be_read_back() -> None:
    """What other programs read, our own import reads too."""
    content = "\n".join(netscape.write([RECORD])).encode()
    (row,) = netscape.read(ImportFile("b.html", content))
    assert isinstance(row, ImportRow)
    assert (row.url, row.title, row.tags, row.note) == (
        ENTRY.url,
        ENTRY.title,
        ENTRY.tags,
        "My note",
    )


def test_spreadsheets_get_no_formulas() -> None:
    """A cell that begins like a formula is quoted."""
    lines = list(readwise_highlights.write([RECORD]))
    assert lines[0].startswith("Highlight,Title,Author,URL,Note")
    assert "'=1+1" in lines[1]
    assert [readwise_highlights.escape_formula(cell) for cell in ("=a", "+a", "-a", "@a", "a")] == [
        "'=a",
        "'+a",
        "'-a",
        "'@a",
        "a",
    ]


def test_labels_leave_in_every_format_and_come_back_from_ours() -> None:
    """Colour and word are tags in texts, Readwise's tags in its CSV, and fields in our JSON."""
    assert "> [!quote]\n> the ferry\n> #red #open-question\n> > late" in obsidian.merge_note(
        None, PORTION, ""
    )
    assert "<p>#red #open-question</p>" in "".join(html_page.write([PORTION], "T"))
    lines = "".join(readwise_highlights.write([RECORD]))
    assert ",.red .open-question late,40," in lines
    (row,) = importer.read(ImportFile("h.csv", lines.encode()))
    assert isinstance(row, ImportRow)
    assert [(mark.note, mark.color, mark.label) for mark in row.highlights] == [
        ("'=1+1", "", ""),
        ("late", "red", "open-question"),
    ]
    (back,) = reader_json.read(ImportFile("r.json", "".join(reader_json.write([PORTION])).encode()))
    assert isinstance(back, tuple)
    assert back[1].record.highlights == RECORD.highlights


def test_a_vault_note_is_updated_in_place() -> None:
    """A person's lines and keys stay where they are; ours are written anew."""
    first = obsidian.merge_note(None, PORTION, "images")
    assert obsidian.note_entry_id(first) == ENTRY.id
    assert "](images/0011223344556677.png)" in first
    own = (
        first.replace("---\n\n", "aliases:\n  - sea book\n---\n\nMy line before.\n\n", 1)
        + "\nMy line after.\n"
    )
    later = ExportItem(
        RECORD._replace(entry=ENTRY._replace(title="New title", tags=("sea",)), note=""),
        "New text.",
    )
    second = obsidian.merge_note(own, later, "images")
    assert "My line before." in second
    assert "My line after." in second
    assert "aliases:\n  - sea book\n" in second
    assert "New text." in second
    assert "It was" not in second
    assert second.count("title:") == 1
    assert obsidian.merge_note(second, later, "images") == second


def test_the_users_tags_and_keys_stay_in_a_note() -> None:
    """Whichever way Obsidian wrote the list: theirs stay, ours go when they are gone here."""
    first = obsidian.merge_note(None, PORTION, "images")
    start = first.index("tags: [")
    block = "tags:\n  - sea\n  - 'slow-food'\n  - mine\nmy own key: 1\n# a comment\n"
    own = first[:start] + block + first[first.index("reader-tags:") :]
    later = ExportItem(RECORD._replace(entry=ENTRY._replace(tags=("sea", "new tag"))), "New text.")
    second = obsidian.merge_note(own, later, "images")
    assert 'tags: ["sea", "new-tag", "mine"]\n' in second
    assert "my own key: 1\n# a comment\n" in second
    third = obsidian.merge_note(
        second, ExportItem(RECORD._replace(entry=ENTRY._replace(tags=()))), "images"
    )
    assert 'tags: ["mine"]\n' in third


def test_a_note_keeps_its_line_ends_and_bytes() -> None:
    """An editor of Windows, a byte order mark and stray bytes of another time stay."""
    first = obsidian.merge_note(None, PORTION, "images").replace("\n", "\r\n")
    own = "\ufeff" + first + "caf\udce9\r\n"
    second = obsidian.merge_note(own, PORTION, "images")
    assert second.endswith("caf\udce9\r\n")
    assert "\n" not in second.replace("\r\n", "")
    assert obsidian.note_entry_id(own) == ENTRY.id
    assert second == own.removeprefix("\ufeff")


def test_images_of_a_note_are_beside_it() -> None:
    """A destination that begins like another is another; links to a picture stay links."""
    places = {"https://a.example/i": "images/0011223344556677.png"}
    text = "![x](https://a.example/i) ![y](https://a.example/i2) [z](https://a.example/i) ![s](<https://a.example/i>)"
    note = obsidian.merge_note(None, ExportItem(RECORD._replace(images=places), text), "my files")
    file = "<my files/0011223344556677.png>"
    assert f"![x]({file}) ![y](https://a.example/i2) [z](https://a.example/i) ![s]({file})" in note


def test_a_vault_note_without_our_marks_keeps_every_line() -> None:
    """Someone who removed our marks loses nothing: our part is put on top."""
    note = '---\nreader-id: "0123456789ab"\nmine: 1\n---\n\nAll mine.\n'
    merged = obsidian.merge_note(note, PORTION, "images")
    assert "All mine." in merged
    assert "mine: 1" in merged


@pytest.mark.parametrize(
    ("hostile", "active"),
    [
        ("```dataviewjs\napp.vault.delete()\n```", "```dataviewjs"),
        ("> ~~~~ tasks\n> not done\n> ~~~~", "\n> ~~~~ tasks"),
        ("- 1. ```dataview\nLIST\n```", "```dataview"),
        ("`= this.file.name` and `$= dv.current()`", "`="),
        ("`  $= x`", "`  $="),
        ("`INPUT[toggle:done]`", "`INPUT["),
        ("<% tp.system.prompt() %>", "<%"),
        ("%% reader: end %% and %%hidden%%", "%%hidden"),
        ("![[Private note]]", "![["),
        ("[x](obsidian://advanced-uri?eval=1)", "obsidian:"),
        ("[x](<javascript:alert(1)>)", "javascript:"),
        ("[x](shell:calc)", "shell:"),
        ("<iframe src='x'></iframe>", "<iframe"),
    ],
)
def test_plugins_find_nothing_to_run_in_a_note(hostile: str, active: str) -> None:
    """Title, text, note and highlights of a page are text, whatever plug-in is installed."""
    mark = Highlight("h9", hostile, note=hostile)
    record = RECORD._replace(
        entry=ENTRY._replace(title=hostile), note=hostile, highlights=(mark,), images={}
    )
    note = obsidian.merge_note(None, ExportItem(record, hostile), "")
    front, body = note.split("\n---\n", 1)
    assert active not in body.replace(obsidian.BEGIN, "").replace(obsidian.END, "")
    assert "<%" not in front
    assert obsidian.merge_note(note, ExportItem(record, hostile), "") == note


def test_known_languages_and_web_links_stay_in_a_note() -> None:
    """Only what would run is broken."""
    text = "```python\nx = 1\n```\n\n[a](https://a.example/data:1) `x = 1` [b](mailto:b@c.example)"
    note = obsidian.merge_note(None, ExportItem(RECORD._replace(images={}), text), "")
    assert text in note


def test_no_export_has_a_password() -> None:
    """User name and password of an address are left out."""
    given = "https://ann:secret@a.example/1"
    record = RECORD._replace(entry=ENTRY._replace(url=given), given=given, final=given)
    assert "secret" not in "".join(reader_json.write([ExportItem(record)]))
