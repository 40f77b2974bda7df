"""A full disk, a folder that cannot be written, a lock that is held: one line, exit 1, and all that was is there."""

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from reader import paths
from reader.cli.crash_log import report_bug
from reader.library import file_lock
from reader.library.journal_codec import encode
from tests.cli.conftest import Reader

SENTENCE = "The ferry was late again that morning, and nobody on the quay seemed to mind it at all."


@pytest.fixture
def kept(reader: Reader, settled: Path) -> str:
    """The id of the one article of a library."""
    page = settled / "page.html"
    page.write_text(f"<title>Late ferry</title><article><h1>Late ferry</h1><p>{SENTENCE}</p>")
    identity: str = reader("add", str(page), "--json").json[0]["id"]
    return identity


def _refuse(
    monkeypatch: pytest.MonkeyPatch, name: str, number: int, when: Callable[..., bool]
) -> None:
    real = getattr(os, name)

    def refusing(*args: Any, **named: Any) -> Any:
        if when(*args):
            raise OSError(number, os.strerror(number))
        return real(*args, **named)

    monkeypatch.setattr(os, name, refusing)


@contextmanager
def _full(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The disk takes no byte more."""
    with monkeypatch.context() as patched:
        _refuse(patched, "write", errno.ENOSPC, lambda descriptor, content: descriptor > 2)
        yield "No space left"


@contextmanager
def _read_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The library's folder can be read and nothing else."""
    home, writing = str(paths.find().home), os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def is_inside(path: Any, *rest: Any) -> bool:
        return str(path).startswith(home)

    with monkeypatch.context() as patched:
        for name in ("mkdir", "rename", "unlink"):
            _refuse(patched, name, errno.EROFS, is_inside)
        _refuse(
            patched,
            "open",
            errno.EROFS,
            lambda path, flags, *rest: is_inside(path) and bool(flags & writing),
        )
        yield "Read-only"


class Hours:
    """A time that passes by sleeping only."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += 1.0


@contextmanager
def _held(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Another process is in the middle of a change, and stays there."""
    with file_lock.hold_lock(paths.find().home / ".lock"), monkeypatch.context() as patched:
        patched.setattr(file_lock, "time", Hours())
        yield "the library is busy"


@pytest.mark.parametrize("fault", [_full, _read_only, _held])
def test_failed_saves_are_reported_in_one_line(
    reader: Reader,
    kept: str,
    settled: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[pytest.MonkeyPatch], AbstractContextManager[str]],
) -> None:
    """Every change says so and exits with 1, reading goes on, and nothing of it is left behind."""
    before = reader("show", kept, "--json").json
    reader("list")
    other = settled / "other.html"
    other.write_text(f"<title>Other</title><article><h1>Other</h1><p>{SENTENCE} Other.</p>")
    with fault(monkeypatch) as said:
        for words in (
            ("mark", kept, "--star"),
            ("tag", kept, "+new"),
            ("rm", kept),
            ("add", str(other)),
            ("add", "--later", "https://later.example/"),
        ):
            done = reader(*words)
            assert (done.code, done.out) == (1, "")
            assert done.err.startswith("reader: ")
            assert said in done.err
            assert done.err.count("\n") == 1
        for asking in (("list",), ("show", kept), ("search", "ferry")):
            assert "Late ferry" in reader(*asking).out
    assert reader("show", kept, "--json").json == before
    assert len(reader("list", "--json").json) == 1
    assert reader("doctor").out == "no problems found\n"
    assert reader("add", str(other)).code == 0
    assert len(reader("list", "--json").json) == 2


def test_a_cache_folder_that_cannot_be_made_stops_no_command(
    reader: Reader, kept: str, settled: Path
) -> None:
    """Reading and changing work without a cache; at most one line says so."""
    shutil.rmtree(settled / "cache", ignore_errors=True)
    (settled / "cache").write_text("a file")
    links = settled / "links.txt"
    links.write_text("https://a.example/1\nhttps://a.example/2\n")
    commands = (
        ("mark", kept, "--star"), ("tag", kept, "+ferries"), ("import", str(links)), ("undo",),
        ("add", "https://a.example/3", "--later"), ("highlight", kept, "nobody on the quay"),
        ("search", "quay"), ("list",), ("rm", kept), ("restore", kept), ("doctor",),
    )  # fmt: skip
    for words in commands:
        done = reader(*words)
        assert done.code == 0, (words, done)
        assert done.err.count("cannot be written") <= 1, (words, done)
    (shown,) = [each for each in reader("list", "--json").json if each["id"] == kept]
    assert (shown["starred"], shown["tags"]) == (True, ["ferries"])


def test_a_peers_journal_that_others_may_read_is_a_notice(reader: Reader, kept: str) -> None:
    """A synchroniser writes files with usual permissions: doctor says so and is content."""
    home = paths.find().home
    (own,) = (home / "journal").glob("*-1.log")
    peer = own.with_name("peer0000-1.log")
    _, *rest = own.read_bytes().splitlines(keepends=True)
    peer.write_bytes(encode({"format": 1, "device": "peer0000", "n": 1}) + b"".join(rest))
    peer.chmod(0o644)
    home.chmod(0o755)
    reader("doctor", "--repair")
    done = reader("doctor")
    assert done.code == 0, done
    assert peer.stat().st_mode & 0o777 == 0o644 or "peer0000" not in done.out


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "reader: not enough memory\n"),
        (
            UnicodeEncodeError("ascii", "ï", 0, 1, "ordinal not in range(128)"),
            "reader: the names of files need UTF-8, not ascii: set LANG=C.UTF-8\n",
        ),
    ],
)
def test_what_the_machine_lacks_is_no_bug(
    error: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Too little memory, or a locale that cannot name the files, is said in one line."""
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    assert report_bug(error) == 1
    assert capsys.readouterr().err == said
