"""The native messaging host saves what a browser sends, and refuses everything else in one line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reader.paths import find
from reader.services.browser_manifests import browsers, install, launcher_path
from reader.services.workspace import Workspace
from reader.settings import Settings

PARAGRAPH = "The night ferry leaves the harbour at ten and reaches the island before sunrise. " * 6
PAGE = (
    "<!DOCTYPE html><html><head><title>Night ferry</title></head><body><article>"
    f"<h1>Night ferry</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></article></body></html>"
)


def message(content: object = PAGE, **values: object) -> bytes:
    """Return a companion's message as the browser writes it."""
    page = {"filename": "a.html", "content": content, "title": "T", "url": "https://f.example/n"}
    return framed(json.dumps({"method": "save", "pageData": page | values}).encode())


def framed(content: bytes) -> bytes:
    return len(content).to_bytes(4, sys.byteorder) + content


def talk(sent: bytes, pieces: int = 1) -> list[dict[str, Any]]:
    """Return the host's answers to these bytes, which arrive in pieces."""
    host = subprocess.Popen(
        [sys.executable, "-m", "reader.services.browser_host", "chrome-extension://x/"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )
    assert host.stdin is not None
    assert host.stdout is not None
    size = -(-len(sent) // pieces)
    with host.stdin:
        for start in range(0, len(sent), max(size, 1)):
            host.stdin.write(sent[start : start + size])
            host.stdin.flush()
    with host.stdout:
        answer = host.stdout.read()
    host.wait(30)
    found = []
    while answer:
        length = int.from_bytes(answer[:4], sys.byteorder)
        found.append(json.loads(answer[4 : 4 + length]))
        answer = answer[4 + length :]
    return found


def saved() -> list[tuple[str | None, str, tuple[str, ...]]]:
    with Workspace(find(), Settings()) as workspace:
        entries = [record.entry for record in workspace.library.records()]
    return [(entry.url, entry.title, entry.tags) for entry in entries]


def test_a_page_is_saved_with_the_tags_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page becomes an article under its address; sent again it is no error."""
    config = tmp_path / "browser.toml"
    config.write_text('[browser]\ntags = ["clipped", " "]\n')
    monkeypatch.setenv("READER_CONFIG", str(config))
    assert talk(message() + message(), pieces=7) == [{}, {}]
    assert saved() == [("https://f.example/n", "Night ferry", ("clipped",))]


def test_an_address_that_is_not_of_the_web_is_left_out() -> None:
    """A local file has no address in the library."""
    assert talk(message(url="file:///home/me/secret.html")) == [{}]
    ((url, title, _),) = saved()
    assert (url, title) == (None, "Night ferry")


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (framed(b"{"), "cannot be parsed"),
        (framed(b"[" * 100_000), "cannot be parsed"),
        (framed(b'"\xff"'), "cannot be parsed"),
        (framed(b"[]"), "no page to save"),
        (framed(b'{"method": "save"}'), "no page to save"),
        (framed(b'{"method": "quit", "pageData": {}}'), "no page to save"),
        (message(content=7), "empty or not a text"),
        (message(content=" "), "empty or not a text"),
        (message(content=PAGE[:-80]), "incomplete"),
        (message(content=PAGE[200:]), "incomplete"),
        (message(content="<html></html>"), "no article"),
        (message(content=f"<html>{'x' * (21 << 20)}</html>"), "larger than 20 MB"),
        ((1 << 31).to_bytes(4, sys.byteorder), "larger than 64 MB"),
    ],
    ids=[
        *("cut", "deep", "bytes", "list", "no-page", "other-method", "number", "blank"),
        *("no-end", "no-start", "no-text", "huge-page", "huge-message"),
    ],
)
def test_anything_else_is_refused_in_one_line(sent: bytes, error: str) -> None:
    """Nothing is saved, and the browser gets a sentence to show."""
    (answer,) = talk(sent)
    assert error in answer["error"]
    assert "\n" not in answer["error"]
    assert saved() == []


def test_a_message_that_ends_early_is_dropped() -> None:
    """A browser that quits while it sends gets no answer, and nothing is saved."""
    assert talk(message()[:-10]) == []
    assert talk(b"\x01") == []
    assert saved() == []


def test_the_launcher_starts_the_host(tmp_path: Path) -> None:
    """The script that manifests name works in the empty environment of a browser."""
    places = find()
    (firefox, *_) = browsers(tmp_path, is_mac=False)
    install(firefox, places, os.environ)
    host = subprocess.run(
        [launcher_path(places), "manifest.json", "extension"],
        input=message(),
        capture_output=True,
        check=True,
        env={"HOME": os.environ["HOME"], "PATH": "/usr/bin:/bin"},
    )
    assert json.loads(host.stdout[4:]) == {}


def test_the_host_imports_little_before_it_reads() -> None:
    """The browser waits for the first byte to be read, not for parsers."""
    script = "import sys, reader.services.browser_host; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    heavy = {"json", "re", "dataclasses", "pathlib", "typing", "tinydb", "lxml", "textual"}
    # Site packages may load some of them for editable installs.
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not heavy & (set(loaded.stdout.split()) - set(bare.stdout.split()))
