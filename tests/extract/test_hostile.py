"""Pages made to break a parser, a terminal or a reader's trust: text stays, the attack does not."""

import re
import time

import pytest

from reader.extract import extract, extract_plain
from reader.extract.input.feeds import feed_page
from reader.extract.input.html_parser import MAX_ATTRIBUTES, parse
from reader.model.errors import NotAnArticleError
from reader.model.text import clean

SENTENCE = "The lighthouse keeper wrote the weather down each morning, and the sea each night. "


def page(hazard: str, title: str = "The keeper's log", head: str = "") -> bytes:
    """An article with the word MARKER before the hazard and the word TAIL after it."""
    before = f"<p>MARKER {SENTENCE * 3}</p>" * 5
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{before}{hazard}<p>TAIL {SENTENCE * 3}</p></article></body></html>"
    ).encode()


@pytest.mark.parametrize(
    "hazard",
    [
        "<div>" * 1_000 + "<p>deep</p>" + "</div>" * 1_000,
        "<div>" * 20_000 + "<p>deep</p>" + "</div>" * 20_000,
        "<blockquote><p>x</p>" * 800 + "</blockquote>" * 800,
        "<p>" + "<b><i>" * 2_000 + "deep" + "</i></b>" * 2_000 + "</p>",
        "<ul><li>x" * 600 + "</li></ul>" * 600,
    ],
    ids=["div", "div-many", "quote", "inline", "list"],
)
def test_what_follows_deep_nesting_is_kept(hazard: str) -> None:
    """Text after the deepest element is there, and what had to be unwrapped is owned up to."""
    article = extract(page(hazard))
    assert "MARKER" in article.markdown
    assert "TAIL" in article.markdown
    assert article.cut
    assert len(article.markdown) < 200_000


@pytest.mark.parametrize("quote", ["", "'<'", '"a > b"'])
def test_attributes_are_bounded(quote: str) -> None:
    """A flood of attributes, which is quadratic in the parser, is dropped before it; no text is."""
    flood = " ".join(f"a{number}={quote or number}" for number in range(50_000))
    parsed = parse(page(f"<p id=x {flood}>words</p>").decode())
    assert max(len(element.attrib) for element in parsed.root.iter()) <= MAX_ATTRIBUTES
    assert parsed.root.get_element_by_id("x").text == "words"
    assert "TAIL" in parsed.root.text_content()


def test_a_long_attribute_stays_whole() -> None:
    """A picture inside an attribute may be megabytes long: only the number of attributes counts."""
    data = "data:image/png;base64," + "A" * 300_000
    image = parse(page(f'<img src="{data}">').decode()).root.find(".//img")
    assert image is not None
    assert image.get("src") == data


def test_long_lines_and_many_breaks_keep_the_end() -> None:
    """A line of a megabyte and thousands of line breaks lose nothing that follows."""
    assert "TAIL" in extract(page("<p>" + "word " * 200_000 + "</p>")).markdown
    assert "TAIL" in extract(page("<p>x" + "<br>" * 5_000 + "y</p>")).markdown


def test_a_table_cannot_grow() -> None:
    """Column spans of a hundred thousand do not become as many cells."""
    rows = '<tr><td colspan="100000" rowspan="99999">a</td><td>b</td></tr>' * 200
    assert len(extract(page(f"<table>{rows}</table>")).markdown) < 200_000


CONTROLS = (
    "\x1b[31m \x1b]0;t\x07 \x9b2J \x9d52;c;x\x9c \x90q \u202eabc\u202c \u2066x\u2069 \U000e0069"
)


@pytest.mark.parametrize(
    "spelled",
    [
        CONTROLS,
        "".join(f"&#{ord(character)};" for character in CONTROLS),
        "".join(f"&#x{ord(character):X};" for character in CONTROLS),
        "&#xD800;&#0;&#xFFFE;&#x110000;&#999999999999;",
    ],
    ids=["raw", "decimal", "hexadecimal", "impossible"],
)
def test_controls_reach_no_field(spelled: str) -> None:
    """Control and bidirectional characters, however spelled, come out nowhere."""
    head = (
        f'<meta name="author" content="A {spelled}"><meta name="description" content="{spelled}x">'
    )
    link = (
        f'<p>{SENTENCE}<a href="https://x.example/{spelled}" title="{spelled}">l{spelled}</a></p>'
    )
    article = extract(page(f"<p>{SENTENCE}{spelled}</p>{link}", f"T {spelled}", head))
    assert "TAIL" in article.markdown
    for text in (article.title, article.markdown, article.byline or "", article.description or ""):
        assert clean(text) == text
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_doubly_encoded_references_stay_text() -> None:
    """What a second decoding would turn into a control or a tag is escaped against it."""
    article = extract(
        page(f"<p>{SENTENCE}&amp;#27;[31m &amp;#x202e;abc &amp;lt;script&amp;gt;</p>")
    )
    assert not re.search(r"(?<!\\)&(?!amp;)(?:#27|#x202e|lt);", article.markdown)


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVa\tScript:alert(1)",
        "vbscript:x",
        "file:///etc/passwd",
        "data:text/html,x",
    ],
)
@pytest.mark.parametrize("base", ["", '<base href="javascript:1//">', '<base href="file:///etc/">'])
def test_links_lead_to_the_web_only(target: str, base: str) -> None:
    """Links that run, open files or carry data are text, whatever the page names as its base."""
    article = extract(page(f'<p>{SENTENCE}<a href="{target}">go</a></p>', head=base))
    assert "go" in article.markdown
    assert not re.search(r"\]\(<?\s*(?:java|vbs|file|data)", article.markdown, re.IGNORECASE)


@pytest.mark.parametrize(
    ("bases", "expected"),
    [
        ('<base target="_blank"><base href="/pens/">', "https://quill.example/pens/ink.html"),
        ('<base href="/a/"><base href="/b/">', "https://quill.example/a/ink.html"),
        ('<base href="javascript:1"><base href="/b/">', "https://quill.example/log/ink.html"),
        ('<base href="//[bad">', "https://quill.example/log/ink.html"),
        ("<base>", "https://quill.example/log/ink.html"),
    ],
)
def test_the_first_base_with_an_address_counts(bases: str, expected: str) -> None:
    """As HTML 4.2.3 says; an address that is none of the web changes nothing."""
    text = page(f'<p>{SENTENCE}<a href="ink.html">ink</a></p>', head=bases)
    assert f"[ink]({expected})" in extract(text, "https://quill.example/log/1").markdown


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<html></html>", "sentence"),
        (b"<html><body><p></p></body></html>", "sentence"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40, "program"),
        (b"\x1f\x8b\x08\x00" + bytes(60), "packed"),
        (b"PK\x03\x04" + bytes(60), "zip"),
        (b"%PDF-1.7\n" + bytes(range(256)), "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "picture"),
        (bytes(range(32)) * 40, "binary"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_page_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    """Refusals say in one line what was there instead."""
    with pytest.raises(NotAnArticleError, match=reason) as refused:
        extract(content)
    assert "\n" not in str(refused.value)


def test_a_short_text_with_a_sentence_is_saved() -> None:
    """Nothing is refused for being short."""
    assert extract(b"The ferry leaves at six.").markdown.strip() == "The ferry leaves at six."
    assert "Six." in extract(b"<p>The ferry leaves when? Six.</p>").markdown


def test_entities_are_not_expanded() -> None:
    """Document types with entities, inner or outer, bring nothing in."""
    doctype = '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    article = extract(doctype.encode() + page(f"<p>{SENTENCE}&b; &x;</p>"))
    assert "lollol" not in article.markdown
    assert "root:" not in article.markdown


def test_the_bare_text_keeps_paragraphs_and_ends() -> None:
    """Where the parser is given up, paragraphs, title and the end are there, scripts are not."""
    article = extract_plain(
        page("<script>var evil = '<p>never</p>'</script><!-- hidden --><p>a &amp; b<br>c</p>")
    )
    assert article.title == "The keeper's log"
    assert article.cut
    assert article.markdown.count("MARKER") == 5
    assert "TAIL" in article.markdown
    assert "evil" not in article.markdown
    assert "hidden" not in article.markdown


@pytest.mark.parametrize("hazard", ["<", "<script>", "<!--", "<p ", "<title>", "&#", "'\"<a "])
def test_the_bare_text_passes_every_end_that_is_missing(hazard: str) -> None:
    """Brackets, elements and comments without an end, tens of thousands of them, lose no text."""
    assert "MARKER" in extract_plain(page(hazard * 20_000)).markdown


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("Gone fishing", "Gone fishing"),
        ("<h1>Gone</h1><p>fishing</p>", "fishing"),
        ("Loading<script src=app.js></script>", None),
        ("Enter <form><input name=q></form>", None),
        ("<a href=/in>Enter</a>", None),
        (" ", None),
    ],
)
def test_a_few_words_are_the_text_where_nothing_else_can_come(
    inside: str, text: str | None
) -> None:
    """A page of two words says them; one that waits for a script or an answer says nothing yet."""
    page = f"<html><body>{inside}</body></html>".encode()
    if text is None:
        with pytest.raises(NotAnArticleError):
            extract(page)
    else:
        assert text in extract(page).markdown


def test_comments_in_a_row_are_no_feed_and_take_no_time() -> None:
    """Each way to read them as fewer, longer comments doubled the time of the check."""
    began = time.process_time()
    assert feed_page("<!---->" * 400 + "<p>") is None
    assert time.process_time() - began < 1
    feed = "<!-- a --><!-- b --><rss><channel><item><title>Ice</title></item></channel></rss>"
    assert feed_page(feed) is not None


def test_many_elements_that_html_does_not_know_are_read_in_linear_time() -> None:
    """Nor is one endless word searched again from each of its letters."""
    began = time.process_time()
    extract(
        f"<title>T</title><article>{'<x-y>word</x-y>' * 10_000}<p>{'A word. ' * 40}</p></article>".encode()
    )
    assert time.process_time() - began < 12
