"""Requests against a hostile server on this machine (RELIABILITY, B4)."""

import asyncio
import errno
import gzip
import socket
import zlib
from collections.abc import Iterator, Sequence

import pytest

from reader import __version__
from reader.fetch.client import Client, fetch_page
from reader.fetch.limits import Limits
from reader.fetch.response import Response
from reader.model.errors import FetchError, NetworkError, PrivateAddressError
from reader.settings import FetchSettings
from tests.loopback import Loopback, plain, sent_on

PAGE = b"<!doctype html><title>Tides</title><p>The sea comes back twice a day.</p>"
SHORT = Limits(seconds=5.0)


def ask(server: Loopback, path: str = "/", *, limits: Limits = SHORT, tries: int = 1) -> Response:
    """The page as a site of the internet would serve it."""

    async def once() -> Response:
        async with Client(limits=limits, resolve=server.resolve, route=server.route) as client:
            return await client.page(f"http://tides.example{path}", tries=tries)

    return asyncio.run(once())


def refusal(server: Loopback, path: str = "/", *, limits: Limits = SHORT) -> FetchError:
    """The reason why there is no page; always one line."""
    with pytest.raises(FetchError) as refused:
        ask(server, path, limits=limits)
    assert "\n" not in str(refused.value)
    return refused.value


def test_a_page_comes_with_its_address_and_type(server: Loopback) -> None:
    """The bytes, the type and the final address are what the server said."""
    server.answers["/"] = plain(PAGE, kind="Text/HTML; charset=UTF-8")
    found = ask(server)
    assert found == Response(
        "http://tides.example/", "http://tides.example/", PAGE, "text/html; charset=utf-8", 200
    )


def test_a_request_says_who_asks_and_no_more(server: Loopback) -> None:
    """The request names host and reader; no cookie and no referrer follow, also after a redirect."""
    server.answers["/"] = sent_on("/there\r\nSet-Cookie: seen=1; Path=/")
    server.answers["/there"] = plain(PAGE)
    ask(server)
    assert len(server.requests) == 2
    for head in server.requests:
        names = {line.partition(":")[0].casefold() for line in head.splitlines()[1:] if line}
        assert names <= {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert f"User-Agent: reader/{__version__}\r\n" in head
        assert "Host: tides.example\r\n" in head
        assert "Accept-Encoding: gzip\r\n" in head


def test_a_user_agent_of_the_settings_cannot_add_headers(server: Loopback) -> None:
    """Line ends in the setting are folded into one line."""
    server.answers["/"] = plain(PAGE)
    fetch_page(
        server.url, allow_private=True, fetching=FetchSettings(user_agent="me\r\nCookie: a=b")
    )
    assert "User-Agent: me Cookie: a=b\r\n" in server.requests[0]


def test_a_typed_address_is_private_only_where_allowed(server: Loopback) -> None:
    """Without leave the loopback address is refused and sees no connection; with it, it answers."""
    server.answers["/"] = plain(PAGE)
    for host in ("127.0.0.1", "localhost", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]"):
        with pytest.raises(FetchError) as refused:
            fetch_page(f"http://{host}:{server.port}/")
        assert refused.value.kind == "refused"
    assert server.connections == 0
    assert fetch_page(server.url, allow_private=True).content == PAGE


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f000001", "localhost", "[::1]"])
def test_a_redirect_never_leads_to_a_private_address(
    server: Loopback, guarded: Loopback, host: str
) -> None:
    """Not even where the typed address may be private; the guarded server sees no connection."""
    server.answers["/"] = sent_on(f"http://{host}:{guarded.port}/")
    with pytest.raises(FetchError) as refused:
        fetch_page(server.url, allow_private=True)
    assert refused.value.kind == "refused"


def test_a_redirect_back_to_the_private_server_is_refused_too(server: Loopback) -> None:
    """The connection that stands open to a typed private address is not used for a redirect."""
    server.answers["/"] = sent_on("/inner")
    server.answers["/inner"] = plain(PAGE)
    with pytest.raises(FetchError) as refused:
        fetch_page(server.url, allow_private=True)
    # It names the address to type instead, and cannot be allowed for the first one.
    assert str(refused.value) == f"sent on to a private address: {server.url}/inner"
    assert not isinstance(refused.value, PrivateAddressError)
    assert server.connections == 1


def test_metadata_and_files_are_refused_behind_a_redirect(server: Loopback) -> None:
    """A cloud's metadata service, files, data and other schemes are no targets."""
    for where in ("http://169.254.169.254/latest", "file:///etc/passwd", "data:text/html,x",
                  "ftp://a.example/", "http://me:word@tides.example/"):  # fmt: skip
        server.answers["/"] = sent_on(where)
        # A literal address needs no name server, so the fake one is not asked for it.
        with pytest.raises(FetchError) as refused:
            fetch_page(server.url, allow_private=True)
        assert refused.value.kind == "refused"


def test_one_private_address_among_several_refuses_the_name(guarded: Loopback) -> None:
    """A name that is public and private at once is refused before any connection."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["93.184.215.14", "127.0.0.1"]

    def route(address: str, port: int) -> tuple[str, int]:
        return "127.0.0.1", guarded.port

    async def once() -> None:
        async with Client(resolve=resolve, route=route) as client:
            await client.page("http://both.example/")

    with pytest.raises(FetchError, match="not on the public internet"):
        asyncio.run(once())


def test_a_name_is_resolved_once_for_a_connection(server: Loopback) -> None:
    """A name server that changes its answer after the check is not asked again (rebinding)."""
    server.answers["/"] = plain(PAGE)
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["93.184.215.14"] if len(asked) == 1 else ["127.0.0.1"]

    async def once() -> Response:
        async with Client(resolve=resolve, route=server.route) as client:
            return await client.page("http://rebound.example/")

    assert asyncio.run(once()).content == PAGE
    assert asked == ["rebound.example"]


def test_an_image_is_never_fetched_from_a_private_address(guarded: Loopback) -> None:
    """The address of an image comes from a page, so it may not be private."""

    async def once() -> None:
        async with Client() as client:
            await client.image(f"{guarded.url}/pixel.png")

    with pytest.raises(FetchError) as refused:
        asyncio.run(once())
    assert refused.value.kind == "refused"


def test_an_image_of_an_allowed_private_page_comes_from_its_host(
    server: Loopback, guarded: Loopback
) -> None:
    """The same host and port may be private; any other, and any redirect, may not."""
    server.answers["/"] = plain(PAGE)
    server.answers["/dot.png"] = plain(b"\x89PNG\r\n\x1a\n", kind="image/png")
    server.answers["/away.png"] = sent_on(f"{guarded.url}/pixel.png")

    async def fetch(image: str, *, allow: bool) -> bytes:
        async with Client() as client:
            await client.page(f"{server.url}/", allow_private=allow)
            return (await client.image(image)).content

    assert asyncio.run(fetch(f"{server.url}/dot.png", allow=True)).startswith(b"\x89PNG")
    for image in (f"{guarded.url}/pixel.png", f"{server.url}/away.png"):
        with pytest.raises(FetchError):
            asyncio.run(fetch(image, allow=True))
    assert guarded.connections == 0


def test_redirects_end(server: Loopback) -> None:
    """A loop of redirects is given up after five; a redirect's endless body is not read."""
    server.answers["/"] = sent_on("/")
    assert refusal(server).kind == "redirect"
    assert server.connections == 6
    server.answers["/"] = sent_on("")
    assert refusal(server).kind == "redirect"

    def endless() -> Iterator[bytes]:
        yield b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 999999999\r\n\r\n"
        while not server.until_over(0):
            yield b"x" * 65536

    server.answers["/"] = endless
    server.answers["/there"] = plain(PAGE)
    assert ask(server).final_url == "http://tides.example/there"


def test_a_gzip_bomb_stops_at_the_limit(server: Loopback) -> None:
    """1 MB that inflates to 1 GB is refused as too large while it inflates."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(10_000_000)) for _ in range(10)) + packer.flush()
    server.answers["/"] = plain(bomb, headers=["Content-Encoding: gzip"])
    assert refusal(server).kind == "too-large"


def test_gzip_and_deflate_are_read_and_nothing_on_top(server: Loopback) -> None:
    """One encoding is undone, also raw deflate and several gzip members; two are refused."""
    raw = zlib.compressobj(wbits=-15)
    answers = {
        "gzip": gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]),
        "deflate": zlib.compress(PAGE),
        "Deflate": raw.compress(PAGE) + raw.flush(),
        "identity": PAGE,
    }
    for name, body in answers.items():
        server.answers["/"] = plain(body, headers=[f"Content-Encoding: {name}"])
        assert ask(server).content == PAGE, name
    for name in ("gzip, gzip", "gzip\r\nContent-Encoding: gzip", "br", "zstd"):
        body = gzip.compress(gzip.compress(PAGE))
        server.answers["/"] = plain(body, headers=[f"Content-Encoding: {name}"])
        assert refusal(server).kind == "not-html", name


def test_an_endless_body_stops_at_the_limit(server: Loopback) -> None:
    """A body that never ends is cut off at 10 MB, and not kept."""

    def endless() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        while not server.until_over(0):
            yield b"x" * 65536

    server.answers["/"] = endless
    assert refusal(server).kind == "too-large"
    server.answers["/"] = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"
    assert refusal(server).kind == "too-large"


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_slow_server_ends_with_the_time(server: Loopback, where: str) -> None:
    """One byte every now and then does not hold a request beyond its limit."""

    def slow() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        if where == "body":
            yield b"Content-Type: text/html\r\nContent-Length: 1000\r\n\r\n"
        while not server.until_over(0.02):
            yield b"x"

    server.answers["/"] = slow
    error = refusal(server, limits=Limits(seconds=0.3))
    assert (error.kind, error.is_temporary) == ("timeout", True)


def test_huge_headers_are_refused(server: Loopback) -> None:
    """A header of 5 MB, and 200,000 headers, are no answer."""
    server.answers["/"] = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 5_000_000 + b"\r\n\r\n"
    assert refusal(server).kind == "cut"
    server.answers["/"] = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200_000 + b"\r\n"
    assert refusal(server).kind == "cut"
    server.answers["/"] = b"\x00\x01\x02 not HTTP at all\r\n\r\n"
    assert refusal(server).kind == "cut"


def test_a_part_is_never_a_page(server: Loopback) -> None:
    """A body shorter than it says, a cut chunk, a cut gzip stream and a 206 are refused."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    part = gzip.compress(PAGE)[:-12]
    for answer in (
        head + b"Content-Length: 500\r\n\r\n" + PAGE,
        head + b"Transfer-Encoding: chunked\r\n\r\n50\r\n" + PAGE[:20],
        head + b"Content-Encoding: gzip\r\n\r\n" + part,
        head + b"Content-Encoding: gzip\r\n\r\n" + b"no gzip at all",
    ):
        server.answers["/"] = answer
        error = refusal(server)
        assert (error.kind, error.is_temporary) == ("cut", True)
    server.answers["/"] = plain(PAGE, status="206 Partial Content")
    assert refusal(server).kind == "server"


@pytest.mark.parametrize(
    ("status", "kind", "passing"),
    [("404 Not Found", "not-found", False), ("410 Gone", "gone", False),
     ("401 Unauthorized", "forbidden", False), ("403 Forbidden", "forbidden", False),
     ("451 Unavailable", "forbidden", False), ("408 Request Timeout", "timeout", True),
     ("429 Too Many Requests", "server", True), ("500 Oops", "server", True),
     ("503 Busy", "server", True), ("501 Never", "server", False), ("204 None", "server", False),
     ("304 Not Modified", "server", False), ("418 Teapot", "server", False)],
)  # fmt: skip
def test_every_refusal_has_its_reason(
    server: Loopback, status: str, kind: str, passing: bool
) -> None:
    """Each status is gone, forbidden or a failure, and passes or not."""
    server.answers["/"] = plain(b"", status=status)
    error = refusal(server)
    assert (error.kind, error.is_temporary) == (kind, passing)
    assert status.split()[0] in str(error)


def test_retry_after_is_reported(server: Loopback) -> None:
    """Seconds and dates are both understood, within a day; nonsense is no pause."""

    async def once(client: Client) -> float | None:
        try:
            await client.page("http://tides.example/")
        except FetchError as error:
            return error.retry_after
        return None

    async def asked() -> float | None:
        async with Client(
            resolve=server.resolve, route=server.route, clock=lambda: 784111777.0
        ) as client:
            return await once(client)

    for header, seconds in {
        "120": 120.0, "Sun, 06 Nov 1994 08:50:37 GMT": 60.0, "Sun, 06 Nov 1993 08:50:37 GMT": 0.0,
        "9" * 400: 86400.0, "soon": None, "": None, "-5": None,
    }.items():  # fmt: skip
        server.answers["/"] = plain(b"", status="503 Busy", headers=[f"Retry-After: {header}"])
        assert asyncio.run(asked()) == seconds, header


def test_what_is_no_page_is_refused(server: Loopback) -> None:
    """By its type before the body is read, by its first bytes where the type lies."""
    for kind in ("image/png", "video/mp4", "application/json", "audio/mpeg"):
        server.answers["/"] = plain(b"x", kind=kind)
        assert refusal(server).kind == "not-html", kind
    for body in (b"\x7fELF\x02", b"\x89PNG\r\n", b"PK\x03\x04", b"", b" \n\n"):
        server.answers["/"] = plain(body)
        assert refusal(server).kind == "not-html", body
    for kind in ("text/plain", "application/xhtml+xml", "", "message/rfc822", "application/pdf"):
        server.answers["/"] = plain(PAGE, kind=kind)
        assert ask(server).content == PAGE, kind


def test_what_may_pass_is_tried_again_at_once(server: Loopback) -> None:
    """A busy server is asked a second time when it says when; a missing page is not."""
    answers = iter([plain(b"", status="503 Busy", headers=["Retry-After: 0"]), plain(PAGE)])
    server.answers["/"] = lambda: [next(answers)]
    assert ask(server, tries=2).content == PAGE
    with pytest.raises(FetchError):
        ask(server, "/nowhere", tries=2)
    assert len(server.requests) == 3


def test_a_closed_port_and_an_unknown_host_are_distinguished() -> None:
    """A refused connection may pass; a name that nobody knows does not."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FetchError) as refused:
        fetch_page(f"http://127.0.0.1:{port}/", allow_private=True)
    assert (refused.value.kind, refused.value.is_temporary) == ("connection", True)
    assert not isinstance(refused.value, NetworkError)


def test_no_route_and_no_name_server_mean_the_network_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither says anything about the link."""

    def no_answer(*args: object, **named: object) -> list[object]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", no_answer)
    with pytest.raises(NetworkError):
        fetch_page("http://tides.example/")
    monkeypatch.undo()

    async def no_route(*args: object, **named: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    async def once() -> None:
        async def resolve(host: str, port: int) -> Sequence[str]:
            return ["93.184.215.14"]

        async with Client(resolve=resolve) as client:
            await client.page("http://tides.example/")

    monkeypatch.setattr("anyio.connect_tcp", no_route)
    with pytest.raises(NetworkError):
        asyncio.run(once())


def test_the_header_charset_reaches_the_extraction() -> None:
    """The header counts before the page's own words; a page that is UTF-8 stays as it came."""

    def page(content: bytes, kind: str) -> bytes:
        return Response("u", "u", content, kind).page

    text = "<p>Grüße, 海</p>"
    greek = "<p>θάλασσα</p>"
    assert (
        page(greek.encode("iso-8859-7"), "text/html; charset=iso-8859-7")
        == b"\xef\xbb\xbf" + greek.encode()
    )
    for head in ("<meta charset=utf-8>", "<script charset=utf-8 src=a.js></script>"):
        for label, codec in (("windows-1253", "cp1253"), ("iso-8859-7", "iso-8859-7")):
            found = page(f"{head}{greek}".encode(codec), f"text/html; charset={label}")
            assert found == b"\xef\xbb\xbf" + f"{head}{greek}".encode()
    thai = "<p>ทางเดินออกจากหมู่บ้าน</p>"
    found = page(thai.encode("cp874"), 'text/html; charset="windows-874"')
    assert found == b"\xef\xbb\xbf" + thai.encode()
    for content, kind in (
        (text.encode(), "text/html; charset=iso-8859-1"),
        (text.encode("utf-16"), "text/html; charset=utf-8"),
        (b"\xe4", "text/html; charset=x-nope-9000"),
        (b"\xe4", "text/html; charset=utf-7"),
        (b"\xe4", "text/html; charset=base64"),
        (b"\xe4", "text/html"),
    ):
        assert page(content, kind) == content, kind


def test_a_gate_that_sets_a_cookie_and_redirects_to_itself_opens(server: Loopback) -> None:
    """The cookie goes back to the address that set it, within the one chain."""

    def gate() -> Iterator[bytes]:
        if "Cookie: gate=1" in server.requests[-1]:
            yield plain(PAGE)
        else:
            yield sent_on("/gate\r\nSet-Cookie: gate=1; Path=/; HttpOnly")

    server.answers["/gate"] = gate
    assert ask(server, "/gate").content == PAGE
    assert len(server.requests) == 2
    ask(server, "/gate")
    assert "Cookie" not in server.requests[2]


def test_an_encoding_that_is_none_is_ignored(server: Loopback) -> None:
    """Servers write `none`, or a charset, where browsers read the page as it is."""
    for name in ("none", "UTF-8", "identity, none"):
        server.answers["/"] = plain(PAGE, headers=[f"Content-Encoding: {name}"])
        assert ask(server).content == PAGE, name


def test_two_requests_at_once_to_one_host(server: Loopback) -> None:
    """Of six requests to a slow host no more than two run at once, and all are answered."""
    running, most = 0, 0

    def slow() -> Iterator[bytes]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        server.until_over(0.05)
        running -= 1
        yield plain(PAGE)

    server.answers["/"] = slow

    async def all_six() -> list[Response]:
        async with Client(resolve=server.resolve, route=server.route) as client:
            asked = [client.page("http://tides.example/") for _ in range(6)]
            return await asyncio.gather(*asked)

    assert [found.content for found in asyncio.run(all_six())] == [PAGE] * 6
    assert most == 2
