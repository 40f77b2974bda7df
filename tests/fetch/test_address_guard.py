"""Which addresses may be asked, and which types of answers are pages."""

import httpcore
import pytest

from reader.fetch.address_guard import is_public, resolve_redirect, web_url
from reader.fetch.guarded_backend import GuardedBackend, connection_pool
from reader.fetch.response import check_page_type
from reader.model.errors import FetchError, SettingsError


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.9",
        "224.0.0.251", "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1",
        "2001:db8::1", "3fff::1", "100::1", "5f00::1", "::7f00:1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:c0a8:101::1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
        "2001:0:7f00:1::", "2001:0:808:808:0:0:f5ff:fffe", "2606:4700::5efe:7f00:1",
        "", "localhost", "0x7f000001",
    ],
)  # fmt: skip
def test_what_is_not_the_internet_is_refused(address: str) -> None:
    """Loopback, private, link-local, reserved and group addresses are not public, wrapped or not."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
     "2002:808:808::1", "2606:4700::5efe:808:808"],
)  # fmt: skip
def test_the_internet_is_public(address: str) -> None:
    """Global unicast addresses may be asked, also where one wraps another."""
    assert is_public(address)


def test_addresses_go_over_the_wire_in_ascii() -> None:
    """Hosts become IDNA, paths and queries are percent-encoded once, fragments stay here."""
    assert web_url("HTTP://bücher.example:80/straße?q=ä b&x=%20#top") == (
        "http://xn--bcher-kva.example:80/stra%C3%9Fe?q=%C3%A4%20b&x=%20"
    )
    assert web_url("https://[2606:4700::1111]/") == "https://[2606:4700::1111]/"


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example", "https://", "https:///x",
     "http://user@a.example/", "http://user:word@a.example/", "http://a b.example/",
     "http://[::1", "http://a.example:99999/", "javascript:alert(1)", "", "http://a\r\nHost: b/",
     "http://a.example/" + "x" * 5000, "http://a.example/\udcff", "http://a.example/?\ud800"],
)  # fmt: skip
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    """Other schemes, user information, broken hosts and endless addresses are refused."""
    with pytest.raises(FetchError) as refused:
        web_url(url)
    assert refused.value.kind == "refused"
    assert "\n" not in str(refused.value)


def test_redirects_are_relative_to_where_they_stand() -> None:
    """A redirect may be relative; one to another scheme is refused."""
    assert resolve_redirect("https://a.example/x/y", "../z?q") == "https://a.example/z?q"
    assert resolve_redirect("https://a.example/x", "//b.example/ä") == "https://b.example/%C3%A4"
    for where in ("file:///etc/passwd", "data:text/html,x", "http://me@b.example/", "http://[::1"):
        with pytest.raises(FetchError):
            resolve_redirect("https://a.example/", where)


@pytest.mark.parametrize(
    "proxy",
    [
        "ftp://proxy.example", "http://", "http://[::1", "http://proxy.example:99999",
        "http://proxy.example:abc", "http://pröxy.example", "http://a b", "http://user@:80",
    ],
)  # fmt: skip
def test_a_proxy_that_is_no_address_is_named(proxy: str) -> None:
    """The settings are at fault, and are named."""
    with pytest.raises(SettingsError, match=r"fetch\.proxy must be an address"):
        connection_pool(GuardedBackend(private=False), proxy)


def test_a_login_of_a_proxy_is_sent_in_utf_8() -> None:
    """Names outside ASCII are no error, and the login leaves the address."""
    pool = connection_pool(GuardedBackend(private=False), "http://ü:p%C3%A4@proxy.example:8080")
    assert isinstance(pool, httpcore.AsyncHTTPProxy)
    assert pool._proxy_url.host == b"proxy.example"
    assert pool._proxy_headers == [(b"Proxy-Authorization", b"Basic w7w6cMOk")]


@pytest.mark.parametrize(
    "kind",
    ["", "text/html; charset=utf-8", "text/xml", "application/rss+xml", "application/atom+xml",
     "application/feed+json", "application/pdf"],
)  # fmt: skip
def test_the_types_of_pages_and_feeds_are_taken(kind: str) -> None:
    """A missing type is one of a page, too."""
    check_page_type(kind)


@pytest.mark.parametrize("kind", ["text/css", "application/json", "image/png", "video/mp4"])
def test_other_types_are_named(kind: str) -> None:
    """What is no page is refused before it is read."""
    with pytest.raises(FetchError, match="not a web page"):
        check_page_type(kind)
