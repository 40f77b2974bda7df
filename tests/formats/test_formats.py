import io
import json
import random
import re
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from copy import copy
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.formats import csv_reader, registry
from reader.formats.archives import ExportFolder
from reader.formats.import_file import ImportFile
from reader.formats.import_row import ImportRow, RejectedRow, parse_date, parse_fraction, parse_time
from reader.formats.registry import FORMATS, detect_format, format_by_name
from reader.model.errors import ExchangeError, UsageError
from tests.formats.samples import POCKET, POCKET_LATER, POCKET_ZIP, SAMPLES, zipped


def test_every_format_is_in_the_guide() -> None:
    """`docs/moving.md` names all that `--format` takes, in the same order."""
    guide = (Path(__file__).parents[2] / "docs" / "moving.md").read_text(encoding="utf-8")
    inward = re.findall(r"^\| `([a-z-]+)` \|", guide.partition("## Export")[0], re.MULTILINE)
    assert inward == [*(row.name for row in FORMATS), "reader"]


def read(name: str, content: bytes | None = None) -> list[ImportRow | RejectedRow]:
    return list(
        format_by_name(name).read(ImportFile(name, SAMPLES[name] if content is None else content))
    )


def good(name: str, content: bytes | None = None) -> list[ImportRow]:
    return [row for row in read(name, content) if isinstance(row, ImportRow)]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_format_is_recognised_from_its_content(name: str) -> None:
    """The file's name says nothing; its content does."""
    assert detect_format(ImportFile("export", SAMPLES[name])).name == name


def test_every_format_has_a_sample() -> None:
    """No format goes in untested."""
    assert {row.name for row in FORMATS} == set(SAMPLES)


@pytest.mark.parametrize(
    "content",
    [
        POCKET,
        POCKET_LATER,
        "\ufeff" + POCKET.replace("\n", "\r\n").replace("title,url", "Title,URL"),
    ],
)
def test_pocket_csv(content: str) -> None:
    """Both generations of the header, with a mark or not: titles, times, tags and the archive."""
    rows = read("pocket", content.encode())
    assert rows[0] == ImportRow(
        1, "https://a.example/1", "Why, and how", ("reading", "ai"), "2023-11-14T22:13:20Z"
    )
    assert rows[1] == ImportRow(
        2, "https://a.example/2", "", (), "2020-09-24T15:31:36Z", archived=True
    )
    assert rows[2] == RejectedRow(3, "no web address: 'ftp://a.example/3'")


VARIANTS = {
    "a mark and Windows line ends": "\ufeff" + POCKET.replace("\n", "\r\n"),
    "other names' case and spaces": POCKET.replace(
        "title,url,time_added", " Title , URL,Time_Added"
    ),
    "line ends of an old Mac": POCKET.replace("\n", "\r"),
    "semicolons": "url;tags;status;time_added;title\nhttps://a.example/1;reading|ai;unread;1700000000;Why, and how\n",
    "tabs and no status": "time_added\turl\ttags\ttitle\n1700000000\thttps://a.example/1\treading|ai\tWhy, and how\n",
    "empty lines": "\n\n" + POCKET.replace("\n", "\n\n"),
}


@pytest.mark.parametrize("content", VARIANTS.values(), ids=VARIANTS.keys())
def test_a_table_may_be_written_otherwise(content: str) -> None:
    """Mark, line ends, order and names of the columns, and what parts them, are the program's."""
    name, rows = registry.read(ImportFile("export", content.encode()))
    assert (name, next(rows)) == (
        "pocket",
        ImportRow(
            1, "https://a.example/1", "Why, and how", ("reading", "ai"), "2023-11-14T22:13:20Z"
        ),
    )


def test_a_table_of_windows_and_one_cut_in_a_character_are_recognised() -> None:
    """Neither an old code page nor a letter of two bytes across the first bytes hides the header."""
    (row,) = good("pocket", "url,time_added,title\nhttps://a.example/1,0,Café\n".encode("cp1252"))
    assert row.title == "Café"
    head = "URL,Title,Selection,Folder,Timestamp\nhttps://c.example/1,"
    for pad in range(4):
        content = ("\ufeff" + head + "x" * pad + "é" * 5000 + ",,Unread,1700000000\n").encode()
        assert detect_format(ImportFile("x", content)).name == "instapaper"


def test_a_whole_row_larger_than_a_record_may_be_is_a_row() -> None:
    """The limit is for rows that do not end."""
    large = "x" * (csv_reader.MAX_RECORD + 1)
    content = f"url,title\nhttps://a.example/1,{large}\nhttps://a.example/2,b\n".encode()
    assert [row["title"] for _, row in csv_reader.rows(content)] == [large, "b"]


def test_a_quote_that_nobody_closes_costs_one_row() -> None:
    """What follows is read as rows of its own; a huge cell is a cell like any other."""
    content = (
        "title,url,time_added\n"
        "Good,https://a.example/1,1\n"
        '"Open,https://a.example/2,1\n'
        f"{'long ' * 200_000},https://a.example/3,1\n"
        '"Two\nlines",https://a.example/4,1\n'
    )
    rows = read("pocket", content.encode())
    assert [getattr(row, "url", None) for row in rows] == [
        "https://a.example/1",
        None,
        "https://a.example/3",
        "https://a.example/4",
    ]
    assert [row.row for row in rows] == [1, 2, 3, 4]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_named_format_reads_only_its_own(name: str) -> None:
    """Any file may be handed over under any name: its rows come, or one sentence."""
    for content in SAMPLES.values():
        upload = ImportFile("x", content)
        if format_by_name(name).matches(upload):
            assert list(registry.read(upload, name)[1])
            continue
        with pytest.raises(ExchangeError, match="looks like"):
            registry.read(upload, name)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=4,
)


@pytest.mark.parametrize("name", ["wallabag", "karakeep", "pinboard"])
@given(data=st.data())
def test_any_value_may_stand_anywhere_in_json(name: str, data: st.DataObject) -> None:
    """What is not of the kind that was expected costs its row, or its field, and nothing else."""
    value = json.loads(SAMPLES[name])
    first = (value["bookmarks"] if isinstance(value, dict) else value)[0]
    key = data.draw(st.sampled_from(sorted(first)))
    first[key] = data.draw(json_values)
    upload = ImportFile("x", json.dumps(value).encode())
    for row in format_by_name(name).read(upload):
        if isinstance(row, ImportRow):
            assert all(isinstance(tag, str) for tag in row.tags)
            assert all(
                isinstance(said, str | None)
                for said in (row.url, row.title, row.byline, row.site, row.published, row.language)
            )


def test_zips_in_a_zip_and_unpacked_folders_are_read(tmp_path: Path) -> None:
    """However the export was packed on its way here, it is the same export."""
    whole = read("omnivore")
    outer = ImportFile("x.zip", zipped({"a/one.zip": SAMPLES["omnivore"], ".DS_Store": b"x"}))
    (inner,) = outer.parts()
    assert list(format_by_name("omnivore").read(inner)) == whole
    with zipfile.ZipFile(io.BytesIO(SAMPLES["omnivore"])) as archive:
        archive.extractall(tmp_path / "export" / "omnivore")
    (tmp_path / "outside.html").write_text("secret")
    (tmp_path / "export" / "omnivore" / "content" / "two.html").symlink_to(
        tmp_path / "outside.html"
    )
    folder = ImportFile("export", b"", folder=ExportFolder(tmp_path / "export"))
    assert list(folder.parts()) == [folder]
    one, refused, two = list(format_by_name("omnivore").read(folder))
    assert (one, two) == (whole[0], whole[1])
    assert isinstance(refused, RejectedRow)


def test_one_broken_file_in_a_zip_is_reported_and_passed_over() -> None:
    """The other files of the export come in."""
    files: dict[str, str | bytes] = {
        "metadata_0_to_20.json": "[{",
        "metadata_20_to_40.json": '[{"url": "https://d.example/3", "slug": "s"}]',
    }
    bad, fine = read("omnivore", zipped(files))
    assert isinstance(bad, RejectedRow)
    assert (isinstance(fine, ImportRow), fine.row) == (True, 2)
    files = {"b1/info.json": "{", "b2/info.json": '{"URL": "https://l.example/2"}'}
    bad, fine = read("readeck", zipped(files))
    assert isinstance(bad, RejectedRow)
    assert isinstance(fine, ImportRow)


def test_pocket_zip_is_one_import_with_its_annotations() -> None:
    """All parts are read, rows numbered on, and highlights go to their article."""
    rows = read("pocket", POCKET_ZIP)
    assert [row.row for row in rows] == [1, 2, 3, 4]
    first = rows[0]
    assert isinstance(first, ImportRow)
    assert [(mark.quote, mark.at) for mark in first.highlights] == [
        ("the words", "2023-11-14T22:15:00Z")
    ]


def test_pocket_html() -> None:
    """What stands under the second heading is archived."""
    assert good("pocket-html") == [
        ImportRow(
            1, "https://b.example/1", "First & last", ("one", "two words"), "2023-07-06T07:31:35Z"
        ),
        ImportRow(2, "https://b.example/2", "", (), "2023-07-06T07:31:36Z", archived=True),
    ]


def test_instapaper() -> None:
    """The folder is the state, a folder of one's own a tag, the selection a highlight."""
    one, two, three, four = good("instapaper")
    assert one.highlights[0].quote == "a kept line"
    assert (two.archived, two.tags) == (True, ("react", "java script"))
    assert (three.starred, three.tags) == (True, ("social",))
    assert four.tags == ("Cooking",)
    (note,) = good("instapaper", b"URL,Title,Selection,Folder\n,A note,What I wrote,Unread\n")
    assert (note.url, note.title, note.markdown) == (None, "A note", "What I wrote")


def test_omnivore_brings_text_and_highlights() -> None:
    """Everything lies in the zip, so nothing has to be fetched again."""
    one, two = good("omnivore")
    assert (one.archived, one.progress, one.tags, one.byline) == (
        True,
        0.4,
        ("RSS", "Økonomi"),
        "Juliette G.",
    )
    assert b"read offline" in (one.page or b"")
    assert [(mark.quote, mark.note) for mark in one.highlights] == [
        ("words that were read", "my thought"),
        ("all of them", ""),
    ]
    assert (two.row, two.page, two.highlights) == (2, None, ())


def test_omnivore_positions_labels_and_notes() -> None:
    """A position of 1 is a hundredth; labels stay with the quote; a note before all is the article's."""
    item = {"url": "https://d.example/1", "slug": "s", "readingProgress": 1, "state": "ARCHIVED"}
    marks = "On the whole.\n\n\n\n> one \n> two\nthree \n\n#deep #sea\n\nmy thought\n\n> four "
    (one,) = good(
        "omnivore", zipped({"metadata_0_to_20.json": json.dumps([item]), "highlights/s.md": marks})
    )
    assert (one.progress, one.finished, one.archived, one.note) == (
        0.01,
        False,
        True,
        "On the whole.",
    )
    assert [(mark.quote, mark.note) for mark in one.highlights] == [
        ("one two three", "#deep #sea\n\nmy thought"),
        ("four", ""),
    ]


def test_wallabag_without_a_text_is_a_link() -> None:
    """Where wallabag only says that it could get nothing, the page is still to be fetched."""
    said = "<p>wallabag can't retrieve contents for this article. Please troubleshoot.</p>"
    (one,) = good(
        "wallabag",
        json.dumps([{"is_archived": 0, "url": "https://e.example/2", "content": said}]).encode(),
    )
    assert one.page is None


def test_wallabag_brings_content_and_annotations() -> None:
    """Tags come as texts and as objects; one bad entry is told and passed over."""
    one, bad = read("wallabag")
    assert isinstance(one, ImportRow)
    assert (one.tags, one.archived, one.added) == (("x", "y z"), True, "2024-01-01T08:00:00Z")
    assert one.byline == "A. One, B. Two"
    assert [(mark.quote, mark.note) for mark in one.highlights] == [
        ("text of the entry", "my note")
    ]
    assert bad == RejectedRow(2, "not an object")


def test_karakeep_lists_become_nested_tags() -> None:
    """A list within a list is a tag within a tag; texts without an address stay texts."""
    one, two = good("karakeep")
    assert (one.tags, one.note, one.archived) == (("a", "b", "Home/Garden"), "why", True)
    assert (two.url, two.markdown) == (None, "Words of my own.")


def test_raindrop() -> None:
    """Notes of several lines, folders as nested tags, each highlight line a highlight."""
    one, two = good("raindrop")
    assert one.title == 'Saved, "quoted" title'
    assert (one.note, one.tags, one.starred) == (
        "First line\nSecond line",
        ("reading", "go", "Research/Go"),
        True,
    )
    assert [mark.quote for mark in one.highlights] == ["One highlight", "Another"]
    assert two.tags == ()


def test_readwise_leaves_the_feed_out() -> None:
    """Tags are a Python list as text; a broken one costs the tags, not the row."""
    one, two = good("readwise")
    assert (one.tags, one.progress, one.finished) == (("example", "it's"), 0.5, False)
    assert (two.tags, two.archived, two.finished) == ((), True, True)


def test_matter_brings_its_articles() -> None:
    """The HTML beside the table is the article; highlights are joined by title."""
    (one,) = good("matter")
    assert (one.archived, one.starred, one.finished, one.tags) == (True, True, True, ("one", "two"))
    assert b"what matters" in (one.page or b"")
    assert [mark.quote for mark in one.highlights] == ["what matters here"]


def test_netscape_folders_are_nested_tags() -> None:
    """Unclosed tags, folders in folders, linkding's pseudo-tag and notes."""
    one, two = good("netscape")
    assert (one.title, one.tags, one.archived) == ("One <b>", ("x", "Reading/Deep"), True)
    assert (one.description, one.note) == ("What it says", "my note")
    assert (two.title, two.tags) == ("Two", ())
    assert isinstance(read("netscape")[2], RejectedRow)
    bar = '<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p><DT><H3 PERSONAL_TOOLBAR_FOLDER="true">Bar</H3><DL><p><DT><H3>In</H3><DL><p><DT><A HREF="https://j.example/3" TOREAD="0">x</A>'
    (inside,) = good("netscape", bar.encode())
    assert (inside.tags, inside.finished) == (("In",), True)


def test_netscape_titles_and_notes_without_escaping_are_whole() -> None:
    """linkding and buku write titles as they are, so a tag in one is text; line breaks are not."""
    head = '<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p><DT><A HREF="https://j.example/4">'
    page = f"{head}How <b>x</b> and <style> differ</A><DD>Not <i><br>or <u><DT><A HREF='https://j.example/5'>Next</A>"
    one, two = good("netscape", page.encode())
    assert (one.title, one.description) == ("How <b>x</b> and <style> differ", "Not <i>or <u>")
    assert two.title == "Next"


@pytest.mark.parametrize(
    ("bookmarks", "tags", "added"),
    [
        (
            "<html><head><title>Bookmarks</title></head><body><h1>Bookmarks</h1><h2>Boats</h2><ul>"
            '<li><a href="https://b.example/1">One</a>\n<!--End of section (do not delete this comment)-->\n</ul></body></html>',
            ("Boats",),
            None,
        ),
        (
            "<html><head><title>Bookmark file</title></head><body><p><ol>"
            '<LI><a href="https://b.example/1">One</a>\n</ol></body></html>',
            (),
            None,
        ),
        (
            '{"checksum": "x", "roots": {"bookmark_bar": {"id": "1", "type": "folder", "name": "Bookmarks bar", "children": ['
            '{"type": "folder", "id": "9", "name": "Boats", "children": [{"type": "url", "name": "One", "url": "https://b.example/1",'
            ' "date_added": "13350000000000000"}]}]}, "other": {"id": "2", "type": "folder", "name": "Other", "children": []}}, "version": 1}',
            ("Boats",),
            "2024-01-17T21:20:00Z",
        ),
        (
            '{"guid": "root________", "title": "", "root": "placesRoot", "type": "text/x-moz-place-container", "children": ['
            '{"guid": "menu________", "title": "menu", "root": "bookmarksMenuFolder", "children": [{"title": "Boats", "children": ['
            '{"title": "One", "uri": "https://b.example/1", "dateAdded": 1704067200000000, "tags": "slow", "type": "text/x-moz-place"},'
            '{"title": "Recent", "uri": "place:sort=8", "type": "text/x-moz-place"}]}]}]}',
            ("slow", "Boats"),
            "2024-01-01T00:00:00Z",
        ),
    ],
    ids=["w3m", "lynx", "chromium", "firefox"],
)
def test_other_bookmark_files_of_browsers(
    bookmarks: str, tags: tuple[str, ...], added: str | None
) -> None:
    """Text browsers' pages, and the JSON that Chromium keeps and Firefox exports."""
    (one,) = good("netscape", bookmarks.encode())
    assert (one.url, one.title, one.tags, one.added) == ("https://b.example/1", "One", tags, added)


def test_any_table_with_addresses() -> None:
    """Columns go by their usual names, tags by whatever parts them."""
    one, two = good("table")
    assert (one.url, one.title, one.tags) == (
        "https://p.example/1",
        'A "quoted" word',
        ("one", "two words"),
    )
    assert (one.added, one.archived, one.note) == ("2023-11-14T22:13:20Z", True, "why")
    assert (two.url, two.tags, two.added) == ("https://p.example/2", (), None)


def test_pinboard_readeck_safari_and_lists() -> None:
    """Small formats keep titles, times and tags."""
    (pin,) = good("pinboard")
    assert (pin.title, pin.tags, pin.added) == ("Pinned", ("a", "b"), "2020-01-02T03:04:05Z")
    assert (pin.note, pin.finished) == ("Long", False)
    (deck,) = good("readeck")
    assert (deck.tags, deck.archived, b"lies in the deck" in (deck.page or b"")) == (
        ("q",),
        True,
        True,
    )
    (sofa,) = good("safari")
    assert (sofa.title, sofa.added) == ("On the sofa", "2023-04-05T06:07:08Z")
    assert [(row.url, row.title) for row in good("list")] == [
        ("https://n.example/1", ""),
        ("https://n.example/2", "With a title"),
        ("https://n.example/3", "Marked"),
    ]


@pytest.mark.parametrize("name", ["../out.html", "/etc/x.html", "C:\\x.html", "a/../../b.html"])
def test_an_archive_that_leaves_its_folder_is_refused(name: str) -> None:
    """One such name is enough to trust nothing in the archive."""
    with pytest.raises(ExchangeError, match="leaves its folder"):
        detect_format(ImportFile("x.zip", zipped({"metadata_0_to_20.json": "[]", name: "x"})))


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    """A file that grows more than a hundredfold is no article."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata_0_to_20.json", " " * 5_000_000)
    with pytest.raises(ExchangeError, match="grows more than"):
        detect_format(ImportFile("x.zip", stream.getvalue()))


def test_links_and_overlapping_bombs_are_refused() -> None:
    """A link is no page, and many names for the same bytes still unpack to all of them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("content/x.html")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ExchangeError, match="holds a link"):
        detect_format(ImportFile("x.zip", stream.getvalue()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content/0.html", bytes(1_000_000))
        for number in range(1, 3000):
            again = copy(archive.infolist()[0])
            again.filename = f"content/{number}.html"
            archive.filelist.append(again)
    with pytest.raises(ExchangeError, match="files overlap"):
        detect_format(ImportFile("x.zip", stream.getvalue()))


@pytest.mark.parametrize("claimed", [5_000, 200_000])
def test_a_file_of_another_size_than_it_claims_is_refused(claimed: int) -> None:
    """It is read no further than its claim; its row is told, and comes as a link."""
    item = json.dumps([{"url": "https://d.example/1", "slug": "s"}])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata_0_to_20.json", item)
        archive.writestr("content/s.html", random.Random(1).randbytes(50_000).hex())
    lying = stream.getvalue().replace(struct.pack("<I", 100_000), struct.pack("<I", claimed))
    refused, link = read("omnivore", lying)
    assert isinstance(refused, RejectedRow)
    assert "content/s.html" in refused.reason
    assert link == ImportRow(1, "https://d.example/1")


def test_a_file_of_no_known_format_says_what_is_known() -> None:
    """The answer names the formats."""
    with pytest.raises(ExchangeError, match="Pocket"):
        detect_format(ImportFile("x.bin", b"\x00\x01\x02"))
    with pytest.raises(UsageError, match=r"did you mean pocket\?"):
        format_by_name("poket")


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_clear_refusal(content: bytes) -> None:
    """No file of any kind ends an import with anything but ExchangeError."""
    for row in FORMATS:
        try:
            list(registry.read(ImportFile("file", content), row.name)[1])
        except ExchangeError:
            continue


def test_times_and_positions_of_every_spelling() -> None:
    """Seconds, milliseconds, ISO with and without a colon in the zone; fractions and percentages."""
    assert parse_time("1700000000") == parse_time(1700000000000) == "2023-11-14T22:13:20Z"
    assert parse_time("2024-01-01T10:00:00+0200") == "2024-01-01T08:00:00Z"
    assert parse_time("1700000000000000") == parse_time("Tue, 14 Nov 2023 22:13:20 GMT")
    assert parse_time("2024-01-01 10:00:00 +0200") == parse_time("2024-01-01 08:00:00 UTC")
    assert parse_time("2024-05-06T07:08:09.123456789Z") == "2024-05-06T07:08:09Z"
    assert [
        parse_date(said) for said in ("2024", "2024-05-06", "2024-05-06T07:08:09+0000", "soon")
    ] == [
        "2024",
        "2024-05-06",
        "2024-05-06T07:08:09Z",
        None,
    ]
    assert [parse_time(value) for value in ("0", "", None, "soon", "99999999999999999999")] == [
        None
    ] * 5
    assert [parse_fraction(value) for value in (0, "50", "0.5", 100, "x", "-3")] == [
        0.0,
        0.5,
        0.5,
        1.0,
        0.0,
        0.0,
    ]


def _hostile_files() -> dict[str, tuple[str, bytes]]:
    """Files of 250 KB that repeat one construct, with the format that reads them."""
    size = 250_000

    def filled(unit: str, start: str = "", end: str = "") -> bytes:
        return (start + unit * (size // len(unit)) + end).encode()

    bookmarks = "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL>"
    ril = "<title>Pocket Export</title>"
    found = {
        "netscape-unfinished-tags": ("netscape", filled("<a ", bookmarks)),
        "netscape-comments": ("netscape", filled("<!--", bookmarks)),
        "netscape-sections": ("netscape", filled("<![", bookmarks)),
        "netscape-quotes": ("netscape", filled('<a href="', bookmarks)),
        "netscape-attributes": ("netscape", filled(" x=1", bookmarks + "<a", ">")),
        "netscape-texts": ("netscape", filled("a<b>", bookmarks + '<A HREF="https://a.example">')),
        "netscape-folders": ("netscape", filled("<DL><H3>a</H3>", bookmarks)),
        "netscape-notes": ("netscape", filled("[linkding-notes]", bookmarks + '<A HREF="https://a.example">a</A><DD>')),
        "netscape-tags": ("netscape", bookmarks.encode() + b'<A HREF="https://a.example" TAGS="' + ",".join(map(str, range(40_000))).encode() + b'">a</A>'),
        "netscape-numbers": ("netscape", filled("9", bookmarks + '<A HREF="https://a.example">&#')),
        "pocket-html-tags": ("pocket-html", filled("<a ", ril)),
        "list-links": ("list", b"https://a.example\n- [" + filled("](http://a")),
        "list-spaces": ("list", b"https://a.example\n" + filled(" ", "- [a](http://a")),
        "csv-tags": ("table", b"url,tags\nhttps://a.example,\"" + ",".join(map(str, range(40_000))).encode() + b'"'),
        "csv-quotes": ("table", b"url,tags\n" + filled('a","\n')),
        "csv-open": ("table", b'url,tags\n"' + filled("a\n")),
        "csv-spaces": ("table", b"url,added\nhttps://a.example," + filled(" ", "2024", "+01:00")),
        "matter-titles": ("matter", b"title,url,file id,text\n" + filled("t,https://a.example,1,q\n")),
        "json-nesting": ("wallabag", filled("[", '[{"is_archived":0,"url":"https://a.example"},')),
        "json-values": ("wallabag", filled("[],", '[{"is_archived":0,"url":"https://a.example"},', "1]")),
        "json-digits": ("pinboard", filled("9", '[{"href":"https://a.example","toread":"no"},', "]")),
    }  # fmt: skip
    highlights = {"links": "[x](http://a", "spaces": " ", "quotes": "> a\n\n", "lines": "\n \n"}
    for name, unit in highlights.items():
        files: dict[str, str | bytes] = {
            "metadata_0_to_1.json": '[{"slug":"s","url":"https://a.example","savedAt":1}]',
            "highlights/s.md": filled(unit, "> a "),
        }
        found[f"omnivore-{name}"] = ("omnivore", zipped(files))
    digits = {"metadata_0_to_1.json": "[]", "a" + "1" * 30_000 + ".json": "[]"}
    found["zip-digits"] = ("omnivore", zipped(digits))
    return found


@pytest.mark.parametrize("case", _hostile_files())
def test_no_file_makes_an_import_slow(case: str) -> None:
    """A quarter of a megabyte of one repeated construct is read within seconds."""
    name, content = _hostile_files()[case]
    began = process_time()
    with suppress(ExchangeError):
        for _ in format_by_name(name).read(ImportFile("x", content)):
            pass
    assert process_time() - began < 5


@pytest.mark.parametrize(
    ("name", "start", "unit"),
    [
        ("metadata_0_to_9.json", "[", "[],"),
        ("metadata_0_to_9.json", "[", '{"a":1},'),
        ("part_0.csv", "url,time_added\n", "a,\n"),
        ("part_0.csv", 'url,time_added\n"', "a,\n"),
    ],
)
def test_a_small_zip_takes_little_memory(name: str, start: str, unit: str) -> None:
    """What a zip unpacks to is read piece by piece: parsed values take 20 times their text."""
    size = 150_000
    content = zipped({name: start + unit * (size // len(unit))})
    format_name = "omnivore" if name.endswith(".json") else "pocket"
    tracemalloc.start()
    try:
        with suppress(ExchangeError):
            for _ in format_by_name(format_name).read(ImportFile("x", content)):
                pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


def test_an_overlarge_item_is_skipped_by_name() -> None:
    """The items around it come in."""
    rows = [
        {"href": "https://a.example", "toread": "no"},
        "x" * 5_000_000,
        {"href": "https://b.example"},
    ]
    found = list(format_by_name("pinboard").read(ImportFile("x", json.dumps(rows).encode())))
    assert [type(row).__name__ for row in found] == ["ImportRow", "RejectedRow", "ImportRow"]
    assert isinstance(found[1], RejectedRow)
    assert "5 MB" in found[1].reason


def test_linkwarden_goodlinks_readwise_highlights_and_kindle() -> None:
    """Collections, pins, states, highlights with notes, and books without a page."""
    plan, refused = read("linkwarden")
    assert isinstance(plan, ImportRow)
    assert isinstance(refused, RejectedRow)
    assert (plan.tags, plan.starred, plan.description) == (
        ("later", "Work/Plans"),
        True,
        "Why it matters",
    )
    good, other = read("goodlinks")
    assert isinstance(good, ImportRow)
    assert isinstance(other, ImportRow)
    assert (good.archived, good.starred, good.added) == (True, True, "2023-11-14T22:13:20Z")
    assert [(mark.quote, mark.note) for mark in good.highlights] == [("The boat waits.", "true")]
    assert not other.archived
    (book,) = read("readwise-highlights")
    assert isinstance(book, ImportRow)
    assert (book.title, book.byline, book.tags) == ("A long book", "B. Writer", ("sea",))
    assert [(mark.note, mark.color, mark.label) for mark in book.highlights] == [
        ("my thought", "blue", "to check"),
        ("not clear", "red", "why"),
    ]
    assert book.markdown == "> First words, here.\n\n> Second words."
    (clipped,) = read("kindle")
    assert isinstance(clipped, ImportRow)
    assert (clipped.title, clipped.byline) == ("A long book", "Writer, B.")
    (mark,) = clipped.highlights
    assert (mark.quote, mark.note, mark.at) == (
        "The tide comes twice a day.",
        "not here",
        "2022-12-18T15:19:56Z",
    )


@pytest.mark.parametrize(
    ("name", "export"),
    [
        ("goodlinks", [{"addedAt": 1, "url": "ADDRESS"}]),
        ("karakeep", {"bookmarks": [{"content": {"url": "ADDRESS"}}]}),
        ("linkwarden", {"collections": [{"id": 1, "name": "x", "links": [{"url": "ADDRESS"}]}]}),
        ("pinboard", [{"href": "ADDRESS", "time": "", "description": ""}]),
        ("wallabag", [{"url": "ADDRESS", "is_archived": 0}]),
    ],
)
def test_json_exports_reject_addresses_in_one_way(name: str, export: object) -> None:
    """Bookmarklets are expected, a long address is cut, and none is named."""
    text = json.dumps(export)
    (bookmarklet,) = read(name, text.replace("ADDRESS", "javascript:void(0)").encode())
    (long,) = read(name, text.replace("ADDRESS", "x" * 5_000).encode())
    assert isinstance(bookmarklet, RejectedRow)
    assert isinstance(long, RejectedRow)
    assert bookmarklet.is_expected
    assert bookmarklet.reason == "not a web page: javascript:"
    assert not long.is_expected
    assert long.reason.startswith("no web address: 'xxx")
    assert len(long.reason) < 200


def test_a_pin_of_another_type_is_no_pin() -> None:
    link = {"url": "https://quay.example/", "name": "Ropes"}
    export = {"collections": [7, {"id": 1, "name": "x", "links": [link]}]}
    found = read("linkwarden", json.dumps({**export, "pinnedLinks": [{"url": [1]}]}).encode())
    assert found[0] == RejectedRow(1, "not an object")
    assert isinstance(found[1], ImportRow)
    assert not found[1].starred


def test_a_large_collection_of_linkwarden_is_read_link_by_link() -> None:
    """All links of a collection are in one object, which may be larger than any item."""
    links = [
        {"url": f"https://quay.example/{number}", "description": "x" * 1_000}
        for number in range(5_000)
    ]
    collections = [
        {"id": 1, "links": links, "name": "Harbour"},
        {"id": 2, "name": "Tides", "parentId": 1, "links": [{"url": "https://quay.example/tide"}]},
        "no collection",
    ]
    rows = read("linkwarden", json.dumps({"collections": collections}).encode())
    plans = [row for row in rows if isinstance(row, ImportRow)]
    assert len(plans) == len(rows) - 1 == 5_001
    assert plans[0].tags == ("Harbour",)
    assert plans[-1].tags == ("Harbour/Tides",)
