"""Children that are killed at their limits, and a pool that goes on without them."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.model.errors import ExtractionLimitError, JobCancelledError
from reader.services.sandbox.pool import SandboxPool

MODULE = "tests.services.sample_child"


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    with SandboxPool(MODULE, 2, megabytes=512) as opened:
        yield opened


def _ends(pid: int) -> bool:
    """Whether a process that is not ours to wait for ends within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        threading.Event().wait(0.02)
    return False


def test_an_answer_comes_back_whole(pool: SandboxPool) -> None:
    """Megabytes go through unharmed, and what a library prints is no part of the answer."""
    text = "é" * 2_000_000
    assert pool.submit(f"echo {text}".encode(), 10).decode() == text


def test_one_child_serves_many_requests(pool: SandboxPool) -> None:
    """Children live on between requests."""
    assert pool.submit(b"pid", 10) == pool.submit(b"pid", 10)


def test_a_large_parent_keeps_its_children() -> None:
    """The memory of the parent is not counted as the child's."""
    ballast = b"x" * (480 << 20)
    with SandboxPool(MODULE, 1, megabytes=512) as pool:
        assert pool.submit(b"pid", 10) == pool.submit(b"pid", 10)
    assert len(ballast) == 480 << 20


@pytest.mark.parametrize("kind", ["hang", "spin"])
def test_time_is_limited(pool: SandboxPool, kind: str) -> None:
    """A child that sleeps, or stays inside one C call, is gone at its limit, and says so in one line."""
    with pytest.raises(ExtractionLimitError, match=r"longer than 0\.2 seconds"):
        pool.submit(kind.encode(), 0.2)
    assert pool.submit(b"echo next", 10) == b"next"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not keep RLIMIT_AS")
def test_memory_is_limited(pool: SandboxPool) -> None:
    """A request that needs more memory than is allowed fails alone."""
    with pytest.raises(ExtractionLimitError, match="memory"):
        pool.submit(b"hoard 700", 10)
    assert pool.submit(b"echo next", 10) == b"next"


@pytest.mark.parametrize("signal", [6, 9, 11])
def test_a_crash_is_one_line(pool: SandboxPool, signal: int) -> None:
    """A child that is killed from within, as by a fault in C, is replaced."""
    with pytest.raises(ExtractionLimitError) as stopped:
        pool.submit(f"die {signal}".encode(), 10)
    assert "\n" not in str(stopped.value)
    assert pool.submit(b"echo next", 10) == b"next"


def test_an_unlisted_error_names_its_place(pool: SandboxPool) -> None:
    """An error that no one expected becomes one line with its kind and where it arose."""
    with pytest.raises(ExtractionLimitError, match=r"KeyError at sample_child\.py:\d+"):
        pool.submit(b"break \x1b]0;x\x07", 10)


def test_the_current_folder_is_not_searched(pool: SandboxPool, tmp_path: Path) -> None:
    """A module that lies in the current folder by chance, or by intent, is not loaded."""
    (tmp_path / "lxml.py").write_text("raise SystemExit(9)")
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        with SandboxPool(MODULE, 1) as fresh:
            assert str(tmp_path) not in fresh.submit(b"path", 10).decode().split("\n")
            assert "" not in fresh.submit(b"path", 10).decode().split("\n")
    finally:
        os.chdir(here)


def test_closing_ends_what_is_under_way() -> None:
    """A request under way raises JobCancelledError when the pool is closed, and its child is gone."""
    opened = SandboxPool(MODULE, 1)
    pid = int(opened.submit(b"pid", 10))
    raised: list[Exception] = []

    def hang() -> None:
        try:
            opened.submit(b"hang", 30)
        except JobCancelledError as error:
            raised.append(error)

    thread = threading.Thread(target=hang)
    thread.start()
    while not opened._busy:
        threading.Event().wait(0.005)
    opened.close()
    thread.join(10)
    assert raised
    assert _ends(pid)
    with pytest.raises(JobCancelledError):
        opened.submit(b"echo", 1)


def test_no_child_outlives_its_parent() -> None:
    """When the parent is killed, a child ends: at once when idle, at its limit when it is at work."""
    program = (
        "import sys, threading\n"
        "from reader.services.sandbox.pool import SandboxProcess\n"
        f"idle, busy = SandboxProcess({MODULE!r}), SandboxProcess({MODULE!r})\n"
        "idle.call(b'echo', 10); busy.call(b'echo', 10)\n"
        "threading.Thread(target=busy.call, args=(b'spin', 1.0), daemon=True).start()\n"
        "print(idle.pid, busy.pid, flush=True)\n"
        "threading.Event().wait()\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment
    )
    assert parent.stdout is not None
    with parent.stdout:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
    parent.kill()
    parent.wait()
    assert len(pids) == 2
    assert all(_ends(pid) for pid in pids)


def test_requests_are_shared_among_children(pool: SandboxPool) -> None:
    """Two requests at once are answered by two processes, a third waits for the first free one."""
    pids: list[str] = []
    gate = threading.Barrier(2)

    def ask() -> None:
        gate.wait()
        for _ in range(20):
            pids.append(json.loads(pool.submit(b"pid", 10)))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(set(pids)) <= 2
    assert len(pids) == 40
