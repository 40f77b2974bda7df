import hashlib
import re

import pytest

from reader.model import urls
from reader.model.errors import UsageError
from reader.model.urls import clean_url, host_of, id_for


def test_tracking_goes_and_the_rest_stays_in_order() -> None:
    """The same article shared from a newsletter has the same address."""
    assert (
        clean_url("HTTPS://Example.com:443/a?b=2&utm_source=x&a=1&fbclid=y#top")
        == "https://example.com/a?b=2&a=1"
    )
    assert clean_url("http://example.com") == "http://example.com/"
    assert clean_url("https://example.com/#!/route") == "https://example.com/#!/route"


def test_user_information_never_stays() -> None:
    """A password in an address is not written to the library."""
    assert clean_url("https://me:secret@example.com/") == "https://example.com/"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "http://[::1",
        "x",
        "http://a:99999999/",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    """Only http and https with a host can be saved."""
    with pytest.raises(UsageError):
        clean_url(url)


def test_an_id_is_the_start_of_the_hash_in_base32() -> None:
    """Twelve characters, sixty bits, the same on every device."""
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    bits = int(hashlib.sha256(b"https://example.com/a").hexdigest()[:15], 16)
    expected = "".join(alphabet[bits >> shift & 31] for shift in range(55, -1, -5))
    assert id_for("https://example.com/a?utm_medium=mail") == expected
    assert id_for(None, b"text") != id_for(None, b"other")


def test_host_is_shown_without_www() -> None:
    """The same site has one name."""
    assert host_of("https://www.example.com/a") == "example.com"
    assert host_of(None) == ""


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("straße.example", "xn--strae-oqa.example"),
        ("FAẞ.example", "xn--fa-hia.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("日本。example", "xn--wgv71a.example"),
    ],
)
def test_hosts_are_written_as_browsers_send_them(host: str, expected: str) -> None:
    """Non-transitional (UTS 46): `ß` and final sigma are letters, so `strasse` is another host."""
    assert clean_url(f"https://{host}/a") == f"https://{expected}/a"
    assert id_for("https://straße.example/") != id_for("https://strasse.example/")


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example", "http://a.example/?", "https://a.example/?&&", "https://x-1.a.example//b",
        "https://a.example/p;q=1/@x?a=1&utm_source=s&b", "https://a.example/p?x=%20?y/", "https://1.2.3.4/",
        "https://a.example/p?utm_a&utm_b=1", "https://a.example/(x)!$*+,~'",
    ],
)  # fmt: skip
def test_the_fast_path_of_plain_addresses_gives_the_same(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """An id depends on the cleaned address: both ways must give the same."""
    short = urls.clean_url.__wrapped__(url)
    monkeypatch.setattr(urls, "_plain_url", lambda: re.compile("(?!)"))
    assert short == urls.clean_url.__wrapped__(url)
