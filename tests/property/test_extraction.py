"""Whatever bytes come, extraction gives an article or its one listed error, twice the same."""

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reader.extract import extract, extract_plain
from reader.extract.input.charset import decode
from reader.extract.input.mime import is_mail, split_parts
from reader.model.article import Article
from reader.model.errors import NotAnArticleError
from reader.model.text import clean

PIECES = st.sampled_from(
    [
        b"<p>", b"</p>", b"<div class=x>", b"</div>", b"<br>", b"<a href='", b"'>", b"</a>", b"<!--",
        b"-->", b"<script>", b"</script>", b"<table><tr><td colspan=9>", b"<pre><code>", b"<h1>",
        b"<img src=data:image/png;base64,iVBOR>", b"<title>", b"&#27;", b"&amp;#x202e;", b"&lt;", b"\x00",
        b"\xff\xfe", b"\xc3", b"\x1b]0;", b"<svg><math>", b"<li>", b"<svg onload=x", b"]]>", b"<![CDATA[",
        b"---\ntitle: x\n---\n", b"# A\n", b"```\n", b"[a](javascript:b)", b"From: a\nSubject: b\n\n",
        b"Content-Type: multipart/related; boundary=b\nMIME-Version: 1.0\n\n--b\n", b"\n--b--\n",
        b"Hashtags\n#a #b\n", b"Related Articles\n", b"6 hours ago\n", b"word word word word. ", b"\r\n",
        "日本語の文章です。".encode(), "שלום ".encode(), b"\n\n", b" ", b"<x:y z", b"<frameset>", b"<html><body>",
    ]
)  # fmt: skip
BYTES = st.one_of(
    st.binary(max_size=400),
    st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40).map(b"".join),
)
QUIET = settings(max_examples=150, suppress_health_check=list(HealthCheck))


def _result(page: bytes) -> Article | str:
    try:
        return extract(page, "https://page.example/a")
    except NotAnArticleError as error:
        return error.reason


class _Credulous(MarkdownIt):
    """A renderer that makes a link of anything that is written like one."""

    def validateLink(self, url: str) -> bool:
        return True


def _schemes(markdown: str) -> Iterator[str]:
    """The schemes of everything that any renderer would take for a link or an image."""
    for block in _Credulous("commonmark").parse(markdown):
        for token in block.children or ():
            address = token.attrs.get("href") or token.attrs.get("src")
            # Pictures that came inside the page are named by their place in the folder.
            if address and not str(address).startswith("images/"):
                yield urlsplit(str(address)).scheme


@given(BYTES)
@QUIET
def test_any_bytes_give_an_article_or_a_reason(page: bytes) -> None:
    """No other error is raised, the result is clean, and it is the same when asked again."""
    result = _result(page)
    assert result == _result(page)
    if isinstance(result, Article):
        texts = [result.title, result.markdown, result.byline or "", *result.tags]
        texts += [one.title for one in result.related]
        assert all(clean(text) == text for text in texts)
        assert "\n" not in result.title
        assert set(_schemes(result.markdown)) <= {"http", "https", "mailto"}
    else:
        assert "\n" not in result


@given(BYTES)
@QUIET
def test_any_bytes_give_their_bare_text_or_a_reason(page: bytes) -> None:
    """The last resort fails in no other way than the first."""
    with contextlib.suppress(NotAnArticleError):
        assert extract_plain(page).cut


@given(
    st.binary(max_size=300), st.sampled_from([None, "utf-8", "shift_jis", "utf-7", "hex", "\x00"])
)
@QUIET
def test_any_bytes_are_decoded(page: bytes, declared: str | None) -> None:
    """Decoding never fails, whatever is declared."""
    assert isinstance(decode(page, declared), str)


@given(BYTES)
@QUIET
def test_any_bytes_are_split_as_mail(page: bytes) -> None:
    """Neither the question whether it is mail nor the splitting fails."""
    is_mail(page)
    assert split_parts(page)[1] is not None
