import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.exchange.formats import FORMATS, named, recognise
from reader.exchange.incoming import Incoming, Refused, fraction, moment
from reader.exchange.upload import Upload
from reader.model.errors import ExchangeError, WrongUsage
from tests.exchange.samples import POCKET, POCKET_LATER, POCKET_ZIP, SAMPLES, zipped


def read(name: str, content: bytes | None = None) -> list[Incoming | Refused]:
    return list(named(name).read(Upload(name, SAMPLES[name] if content is None else content)))


def good(name: str, content: bytes | None = None) -> list[Incoming]:
    return [row for row in read(name, content) if isinstance(row, Incoming)]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_format_is_recognised_from_its_content(name: str) -> None:
    """The file's name says nothing; its content does."""
    assert recognise(Upload("export", SAMPLES[name])).name == name


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
    assert rows[0] == Incoming(
        1, "https://a.example/1", "Why, and how", ("reading", "ai"), "2023-11-14T22:13:20Z"
    )
    assert rows[1] == Incoming(
        2, "https://a.example/2", "", (), "2020-09-24T15:31:36Z", archived=True
    )
    assert rows[2] == Refused(3, "no web address: 'ftp://a.example/3'")


def test_pocket_zip_is_one_import_with_its_annotations() -> None:
    """All parts are read, rows numbered on, and highlights go to their article."""
    rows = read("pocket", POCKET_ZIP)
    assert [row.row for row in rows] == [1, 2, 3, 4]
    first = rows[0]
    assert isinstance(first, Incoming)
    assert [(mark.quote, mark.at) for mark in first.highlights] == [
        ("the words", "2023-11-14T22:15:00Z")
    ]


def test_pocket_html() -> None:
    """What stands under the second heading is archived."""
    assert good("pocket-html") == [
        Incoming(
            1, "https://b.example/1", "First & last", ("one", "two words"), "2023-07-06T07:31:35Z"
        ),
        Incoming(2, "https://b.example/2", "", (), "2023-07-06T07:31:36Z", archived=True),
    ]


def test_instapaper() -> None:
    """The folder is the state, a folder of one's own a tag, the selection a highlight."""
    one, two, three, four = good("instapaper")
    assert one.highlights[0].quote == "a kept line"
    assert (two.archived, two.tags) == (True, ("react", "java script"))
    assert (three.starred, three.tags) == (True, ("social",))
    assert four.tags == ("Cooking",)


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


def test_wallabag_brings_content_and_annotations() -> None:
    """Tags come as texts and as objects; one bad entry is told and passed over."""
    one, bad = read("wallabag")
    assert isinstance(one, Incoming)
    assert (one.tags, one.archived, one.added) == (("x", "y z"), True, "2024-01-01T08:00:00Z")
    assert one.byline == "A. One, B. Two"
    assert [(mark.quote, mark.note) for mark in one.highlights] == [
        ("text of the entry", "my note")
    ]
    assert bad == Refused(2, "not an object")


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
    assert isinstance(read("netscape")[2], Refused)


def test_pinboard_readeck_safari_and_lists() -> None:
    """Small formats keep titles, times and tags."""
    (pin,) = good("pinboard")
    assert (pin.title, pin.tags, pin.added) == ("Pinned", ("a", "b"), "2020-01-02T03:04:05Z")
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
        recognise(Upload("x.zip", zipped({"metadata_0_to_20.json": "[]", name: "x"})))


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    """A file that grows more than a hundredfold is no article."""
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata_0_to_20.json", " " * 5_000_000)
    with pytest.raises(ExchangeError, match="grows more than"):
        recognise(Upload("x.zip", stream.getvalue()))


def test_a_file_of_no_known_format_says_what_is_known() -> None:
    """The answer names the formats."""
    with pytest.raises(ExchangeError, match="Pocket"):
        recognise(Upload("x.bin", b"\x00\x01\x02"))
    with pytest.raises(WrongUsage, match=r"did you mean pocket\?"):
        named("poket")


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_clear_refusal(content: bytes) -> None:
    """No file of any kind ends an import with anything but ExchangeError."""
    upload = Upload("file", content)
    for row in FORMATS:
        try:
            if row.recognises(upload):
                list(row.read(upload))
        except ExchangeError:
            continue


def test_times_and_positions_of_every_spelling() -> None:
    """Seconds, milliseconds, ISO with and without a colon in the zone; fractions and percentages."""
    assert moment("1700000000") == moment(1700000000000) == "2023-11-14T22:13:20Z"
    assert moment("2024-01-01T10:00:00+0200") == "2024-01-01T08:00:00Z"
    assert [moment(value) for value in ("0", "", None, "soon", "99999999999999999999")] == [
        None
    ] * 5
    assert [fraction(value) for value in (0, "50", "0.5", 100, "x", "-3")] == [
        0.0,
        0.5,
        0.5,
        1.0,
        0.0,
        0.0,
    ]
