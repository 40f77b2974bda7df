import pytest

from reader import resources
from reader.extract import extract
from reader.model.errors import NotAnArticleError

SENTENCE = "The ferry was late again that morning, and nobody on the quay seemed to mind it at all."
DUMP = f"""Late ferry
{SENTENCE} {SENTENCE}
{SENTENCE} Then it came.
Hashtags
#sea #ferry
Try Our AI Features
Explore what Our AI can do for you:
Comments
No comments yet...
Related Articles

The Harbour Post
6 hours ago
- The Harbour Post
Second ferry is full
{SENTENCE} It was full. {SENTENCE} {SENTENCE}

Coast Radio
2 days ago
- Coast Radio
Wind on the span
{SENTENCE} It was windy.
"""


def seed(name: str) -> bytes:
    return (resources.sample_articles() / name).read_bytes()


@pytest.mark.parametrize("content", [DUMP, DUMP.replace("\n", "\r\n"), "\ufeff" + DUMP])
def test_a_dump_gives_its_article_alone(content: str) -> None:
    """Labels end the article, related articles are split off, hashtags become suggestions."""
    article = extract(content.encode())
    assert article.title == "Late ferry"
    assert article.markdown.count("nobody on the quay") == 3
    assert "AI" not in article.markdown
    assert article.tags == ("sea", "ferry")
    assert [(item.title, item.source, item.age) for item in article.related] == [
        ("Second ferry is full", "The Harbour Post", "6 hours ago"),
        ("Wind on the span", "Coast Radio", "2 days ago"),
    ]


def test_an_mhtml_page_brings_its_images_and_address() -> None:
    """Quoted-printable text and base64 pictures; the container's address counts."""
    article = extract(seed("tide-tables.mhtml"))
    assert article.url == "https://coastlines.example/tide-tables"
    (picture,) = article.images
    assert picture.name in article.markdown
    assert picture.content.startswith(b"\x89PNG")
    assert "folding ruler" in article.markdown


def test_a_singlefile_page_names_its_address() -> None:
    """The comment at its top says where it was saved from; its data pictures are files."""
    article = extract(seed("commonplace-singlefile.html"))
    assert article.url == "https://margins.example/commonplace"
    assert len(article.images) == 1
    assert "data:" not in article.markdown
    assert "reader survey" not in article.markdown


def test_markdown_stays_markdown() -> None:
    """Front matter is understood, the title is not repeated, tables and code are as they were."""
    article = extract(seed("start-here.md"))
    assert (article.title, article.byline) == ("Start here", "The reader developers")
    assert "| `s` | add or remove the star |" in article.markdown
    assert not article.markdown.startswith("# Start here")


def test_a_newsletter_is_its_html_part() -> None:
    """Subject, sender and date of the mail are the article's."""
    body = "".join(f"<p>{SENTENCE} {number}</p>" for number in range(6))
    mail = (
        "From: Mara Okello <mara@coast.example>\r\nTo: me@here.example\r\nSubject: =?utf-8?q?Late_ferry_=E2=80=93_again?=\r\n"
        "Date: Sat, 14 Mar 2026 06:30:00 +0800\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n'
        f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>{body}</body></html>\r\n--b--\r\n"
    )
    article = extract(mail.encode())
    assert article.title == "Late ferry – again"
    assert article.byline == "Mara Okello"
    assert SENTENCE in article.markdown


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"\x7fELF" + bytes(100),
        b"\x89PNG\r\n" + bytes(99),
        bytes(range(256)) * 40,
        b"<html></html>",
    ],
)
def test_what_holds_no_text_is_refused_with_a_reason(content: bytes) -> None:
    """Programs, pictures, noise and empty pages are no articles."""
    with pytest.raises(NotAnArticleError) as caught:
        extract(content)
    assert caught.value.reason


@pytest.mark.parametrize(
    "name",
    sorted(
        path.name
        for path in resources.sample_articles().iterdir()
        if path.suffix != ".toml" and ".expected." not in path.name
    ),
)
def test_every_sample_is_an_article(name: str) -> None:
    """The samples are what a newcomer sees first."""
    article = extract(seed(name))
    assert article.title
    assert article.words > 150 or article.language == "ja" or article.language == "ar"


def test_a_script_full_of_quotes_swallows_nothing() -> None:
    """Signs and quotes of a program look like one endless tag; the article behind it stays."""
    code = "for (i=0; i<a; i++) {" + "x(\"a>b\", 'c');" * 400 + "}"
    body = "".join(f"<p>{SENTENCE} {number}</p>" for number in range(6))
    article = extract(
        f"<title>T</title><body><script>{code}</script><article>{body}</article></body>".encode()
    )
    assert article.markdown.count(SENTENCE) == 6


def test_a_feed_of_several_items_is_a_list_of_them() -> None:
    """Each item keeps its title, its address and its longest text; entities are not resolved."""
    items = "".join(
        f"<item><title>Tide {number}</title><link>https://a.example/{number}</link>"
        f"<description>The water of day {number} stood higher than anybody could remember.</description></item>"
        for number in range(3)
    )
    feed = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        f'<rss version="2.0"><channel><title>Tides &x;</title>{items}</channel></rss>'
    )
    article = extract(feed.encode())
    assert article.title == "Tides &x;"
    for number in range(3):
        assert f"## [Tide {number}](https://a.example/{number})" in article.markdown
        assert f"The water of day {number} stood" in article.markdown


@pytest.mark.parametrize("count", [1, 2])
def test_addresses_of_a_feed_are_relative_to_its_base(count: int) -> None:
    """`xml:base` of the feed counts for the links of its items, that of a text for its links."""
    entry = (
        '<entry><title>Tide</title><link href="tide.html"/><content type="html" xml:base="/notes/">'
        f"&lt;p&gt;{SENTENCE} See &lt;a href='moon.html'&gt;the moon&lt;/a&gt;.&lt;/p&gt;</content></entry>"
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/log/"><title>Tides</title>{entry * count}</feed>'
    article = extract(feed.encode())
    assert article.markdown.count("[the moon](https://a.example/notes/moon.html)") == count
    address = "https://a.example/log/tide.html"
    assert address == article.canonical or address in article.markdown


def test_text_that_was_wrapped_joins_words_and_sentences() -> None:
    """A dash at the start of a line is no bullet, and a compound broken at its hyphen is whole."""
    lines = (
        "The council wrote about a matter of tides, moons and the long-\n"
        "standing quarrel over the harbour dues, which the two villages\n"
        "- having agreed on nothing else in a hundred years of trying to\n"
        "do so - took to court in the summer after the flood of the pier.\n"
    )
    text = extract(f"A quarrel\n\n{lines}\n{lines}".encode()).markdown
    assert "long-standing quarrel" in text
    assert "villages - having agreed" in text.replace("\\", "")


def test_a_mail_of_plain_text_keeps_its_first_line() -> None:
    """The subject is the title, and no line of the text is."""
    mail = f"From: Mara <m@coast.example>\r\nSubject: Late ferry\r\nDate: 14 Mar 2026 06:30:00 GMT\r\nContent-Type: text/plain\r\n\r\nDear all,\r\n\r\n{SENTENCE}\r\n"
    article = extract(mail.encode())
    assert article.title == "Late ferry"
    assert article.markdown.startswith("Dear all,")
