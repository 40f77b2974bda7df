"""Files that hold a server's response: WARC, a response with its header, a packed page."""

import gzip
import zlib

import pytest

from reader.extract import extract
from reader.extract.input.responses import read_response
from reader.model.errors import NotAnArticleError

SENTENCE = "Die Fähre kam auch heute zu spät, doch niemand am Kai störte sich daran."
PAGE = f"<html><head><title>Fähre</title></head><body>{f'<p>{SENTENCE}</p>' * 6}</body></html>"
URL = "https://quay.example/late"


def response(body: bytes, fields: str = "", charset: str = "windows-1252") -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset={charset}\r\n{fields}\r\n".encode()
        + body
    )


def record(kind: str, content: bytes, uri: str = URL) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <{uri}>\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content + b"\r\n\r\n"


def chunked(body: bytes) -> bytes:
    parts = (body[at : at + 100] for at in range(0, len(body), 100))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


BODY = PAGE.encode("cp1252")
ARCHIVE = record("warcinfo", b"software: x\r\n") + record("request", b"GET / HTTP/1.1\r\n\r\n")


@pytest.mark.parametrize(
    "data",
    [
        response(BODY),
        response(gzip.compress(BODY), "Content-Encoding: gzip\r\n"),
        response(zlib.compress(BODY), "Content-Encoding: deflate\r\n"),
        response(zlib.compress(BODY, wbits=-15), "Content-Encoding: deflate\r\n"),
        response(BODY, "Content-Encoding: br\r\n"),
        response(chunked(BODY), "Transfer-Encoding: chunked\r\n"),
        gzip.compress(PAGE.encode()),
        ARCHIVE + record("response", response(BODY)),
        ARCHIVE
        + record(
            "response", response(chunked(gzip.compress(BODY)), "Transfer-Encoding: chunked\r\n")
        ),
        b"".join(map(gzip.compress, (ARCHIVE, record("response", response(BODY))))),
        ARCHIVE
        + record("resource", PAGE.encode()).replace(
            b"Content-L", b"Content-Type: text/html\r\nContent-L"
        ),
    ],
    ids=(
        "response", "packed", "deflate", "bare deflate", "unpacked already", "chunked", "packed page", "archive", "archive, both",
        "packed archive", "resource",
    ),
)  # fmt: skip
def test_the_page_of_a_response_is_read(data: bytes) -> None:
    """In the charset of its header; the header and the records around it are no text."""
    article = extract(data)
    assert article.title == "Fähre"
    assert article.markdown.count(SENTENCE) == 6
    assert "HTTP" not in article.markdown


def test_broken_and_giant_responses_stay_within_bounds() -> None:
    """Packed data that is no page is refused; what unpacks to more than the limit is cut."""
    bomb = gzip.compress(b"<p>" + b"a" * 1_000_000)
    found = read_response(bomb, 1000)
    assert found is not None
    assert len(found.body) == 1000
    many = gzip.compress(b"") * 100_000 + gzip.compress(PAGE.encode())
    assert extract(many).title == "Fähre"
    for data in (gzip.compress(bytes(999)), gzip.compress(PAGE.encode())[:9] + b"x" * 99):
        with pytest.raises(NotAnArticleError):
            extract(data)
    assert read_response(b"WARC/1.0\r\nContent-Length: 99999999999\r\n\r\nx", 1000) is None
    assert read_response(record("response", b"HTTP/1.1 200 OK\r\n\r\n"), 1000) is None


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_an_unsupported_coding_is_named(coding: str) -> None:
    """The reason tells what the page is packed with."""
    packed = record("response", response(b"\x1b\x02packed", f"Content-Encoding: {coding}\r\n"))
    with pytest.raises(NotAnArticleError, match=f"compressed with {coding}, which is not support"):
        extract(packed)
