"""A person's own cookies, for chosen hosts only."""

import os
from pathlib import Path

import pytest

from reader.fetch.client import fetch_page
from reader.fetch.cookies import CookieFile
from reader.model.errors import SettingsError
from reader.settings import FetchSettings
from tests.loopback import Loopback, plain

LINES = """# Netscape HTTP Cookie File
.paper.example\tTRUE\t/\tTRUE\t0\tsession\tabc
#HttpOnly_www.paper.example\tFALSE\t/news\tFALSE\t4102444800\tlogin\txyz
.paper.example\tTRUE\t/\tFALSE\t946684800\told\tgone
.paper.example\tTRUE\t/\tFALSE\t0\tbad\ta;b
.other.example\tTRUE\t/\tFALSE\t0\tother\t1
not a cookie
"""


@pytest.fixture
def jar(tmp_path: Path) -> Path:
    path = tmp_path / "cookies.txt"
    path.write_text(LINES)
    return path


def test_cookies_go_only_where_they_belong(jar: Path) -> None:
    """Chosen host, domain, path, security and age all have to fit; longest path first."""
    cookies = CookieFile.read(str(jar), ["paper.example"])
    headers = {
        "https://www.paper.example/news/1": "login=xyz; session=abc",
        "http://www.paper.example/news/1": "login=xyz",
        "https://www.paper.example/newsletter": "session=abc",
        "https://paper.example/news/1": "session=abc",
        "https://other.example/": "",
        "https://notpaper.example/": "",
        "https://paper.example.evil.example/": "",
    }
    for url, header in headers.items():
        assert cookies.header(url, now=1_800_000_000.0) == header, url


def test_no_host_chosen_means_no_cookie(jar: Path) -> None:
    """A cookies.txt alone sends nothing."""
    assert CookieFile.read(str(jar), []).header("https://paper.example/") == ""
    assert CookieFile.read("", ["paper.example"]).header("https://paper.example/") == ""


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    """A cookies.txt that cannot be read stops the fetch with its name."""
    with pytest.raises(SettingsError, match=r"gone\.txt cannot be read"):
        CookieFile.read(str(tmp_path / "gone.txt"), ["a.example"])


def test_cookies_that_are_no_file_are_refused(tmp_path: Path) -> None:
    """A pipe would be waited for, and a device has no end; a link to a file is one."""
    pipe, kept, link = tmp_path / "pipe", tmp_path / "kept.txt", tmp_path / "link.txt"
    os.mkfifo(pipe)
    for name in (str(pipe), "/dev/zero", str(tmp_path), "a\0b"):
        with pytest.raises(SettingsError, match="cannot be read"):
            CookieFile.read(name, ["tides.example"])
    kept.write_text("tides.example\tFALSE\t/\tFALSE\t0\ta\tb\n")
    link.symlink_to(kept)
    assert CookieFile.read(str(link), ["tides.example"]).header("http://tides.example/") == "a=b"


def test_a_page_is_asked_for_with_the_chosen_cookies(server: Loopback, tmp_path: Path) -> None:
    """The request carries the cookie of the host it goes to."""
    path = tmp_path / "cookies.txt"
    path.write_text("127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tabc\n")
    server.answers["/"] = plain(b"<p>Only for members.</p>")
    fetching = FetchSettings(cookies=str(path), cookie_hosts=("127.0.0.1",))
    fetch_page(server.url, allow_private=True, fetching=fetching)
    fetch_page(server.url, allow_private=True, fetching=FetchSettings(cookies=str(path)))
    assert "Cookie: session=abc\r\n" in server.requests[0]
    assert "Cookie:" not in server.requests[1]
