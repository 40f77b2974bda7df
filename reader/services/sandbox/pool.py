"""Long-lived, killable child processes for work on hostile bytes.

A child is a new interpreter, never a fork of this process, which may hold a terminal, threads and
locks. It knows nothing of the library. Requests and answers are bytes on its standard input and
output; nothing that comes back is unpickled. macOS does not enforce the limit of memory; the limit
of time holds everywhere.
"""

import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from reader.model.errors import ExtractionLimitError, JobCancelledError
from reader.model.text import one_line
from reader.services.sandbox import child

MAX_MEGABYTES: Final = 1024
"""Memory of a child for pages, the limit that README names."""
MAX_ANSWER_BYTES: Final = 256 << 20
"""Bytes of an answer: an article of 10 MB with its images."""
KILL_DELAY: Final = 2.0
"""Seconds after a child's limit at which the parent kills it."""

_START: Final = (
    "import sys,json;sys.path[:]=json.loads(sys.argv[1]);"
    "from reader.services.sandbox.child import main;main(sys.argv[2],int(sys.argv[3]))"
)


class SandboxProcess:
    """One process that answers by `module.answer`; for one thread at a time.

    Blocks. After any error the process has ended, and the object cannot be used again.
    """

    def __init__(self, module: str, megabytes: int = MAX_MEGABYTES):
        # Isolated, and with our own path: a page saved beside a hostile lxml.py must not load it.
        command = [sys.executable, "-I", "-S", "-c", _START]
        self._process = subprocess.Popen(
            [*command, json.dumps(_import_path()), module, str(megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.is_spent = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def call(self, request: bytes, seconds: float) -> bytes:
        """Return the child's answer; it may use `seconds` of processor time.

        Raises ExtractionLimitError with what stopped it. `is_spent` is set if the child ended after
        a good answer.
        """
        overdue = threading.Timer(
            seconds * child.WALL_CLOCK_FACTOR + KILL_DELAY, self._process.kill
        )
        overdue.daemon = True
        overdue.start()
        whole = False
        try:
            kind, content = self._exchange(request, seconds)
            whole = kind in (child.ANSWER, child.LAST_ANSWER)
        finally:
            overdue.cancel()
            if not whole:
                self.end()
        self.is_spent = kind != child.ANSWER
        if self.is_spent:
            self.end()
        if kind == child.OUT_OF_MEMORY:
            raise ExtractionLimitError("extraction ran out of memory")
        if kind == child.CRASH:
            reason = one_line(content.decode("utf-8", "replace"), 120)
            raise ExtractionLimitError(f"the page could not be read: {reason}")
        return content

    def _exchange(self, request: bytes, seconds: float) -> tuple[bytes, bytes]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        # An answer that the child sent before it ended can still be read.
        with contextlib.suppress(BrokenPipeError):
            stdin.write(child.REQUEST.pack(seconds, len(request)))
            stdin.write(request)
            stdin.flush()
        head = stdout.read(child.REPLY.size)
        if len(head) == child.REPLY.size:
            kind, length = child.REPLY.unpack(head)
            if length <= MAX_ANSWER_BYTES:
                content = stdout.read(length)
                if len(content) == length:
                    return kind, content
        raise ExtractionLimitError(self._failure_reason(seconds))

    def _failure_reason(self, seconds: float) -> str:
        """Return why the pipe ended, from the process's exit code."""
        self._process.kill()
        ended = self._process.wait()
        if -ended in (signal.SIGKILL, signal.SIGALRM, signal.SIGPROF):
            return f"extraction took longer than {seconds:g} seconds"
        return f"the page stopped the extraction (exit {ended})"

    def kill(self) -> None:
        """Kill the process from another thread; the waiting thread reaps it."""
        self._process.kill()

    def end(self) -> None:
        """Kill the process, which holds nothing worth saving, and reap it."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # unsent bytes of a request
                    pipe.close()
        self._process.wait()


def _import_path() -> list[str]:
    """Return the child's import path: this one, without the current folder."""
    ours = str(Path(child.__file__).resolve().parents[2])
    path = [entry for entry in sys.path if entry]
    return path if ours in path else [ours, *path]


class SandboxPool:
    """At most `workers` children, started when they are needed; safe from any thread."""

    def __init__(self, module: str, workers: int, megabytes: int = MAX_MEGABYTES):
        self._module = module
        self._megabytes = megabytes
        self._free = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._idle: deque[SandboxProcess] = deque()
        self._busy: set[SandboxProcess] = set()
        self._closed = False

    def submit(self, request: bytes, seconds: float) -> bytes:
        """Return the answer of the first free child. Raises JobCancelledError once closed."""
        with self._borrow() as taken:
            return taken.call(request, seconds)

    def warm(self) -> None:
        """Start a child ahead of the first request, unless there is one."""
        with self._lock:
            if not self._idle and not self._busy and not self._closed:
                self._idle.append(SandboxProcess(self._module, self._megabytes))

    @contextlib.contextmanager
    def _borrow(self) -> Iterator[SandboxProcess]:
        with self._free:
            with self._lock:
                if self._closed:
                    raise JobCancelledError("stopped")
                taken = (
                    self._idle.pop()
                    if self._idle
                    else SandboxProcess(self._module, self._megabytes)
                )
                self._busy.add(taken)
            whole = False
            try:
                yield taken
                whole = True
            except ExtractionLimitError:
                if self._closed:
                    raise JobCancelledError("stopped") from None
                raise
            finally:
                with self._lock:
                    self._busy.discard(taken)
                    keep = whole and not taken.is_spent and not self._closed
                    if keep:
                        self._idle.append(taken)
                if not keep:
                    taken.end()

    def end_idle(self) -> None:
        """End the children that have no request; the next request starts another."""
        with self._lock:
            idle, self._idle = list(self._idle), deque()
        for taken in idle:
            taken.end()

    def close(self) -> None:
        """End all children; requests in progress raise JobCancelledError. May be called again."""
        with self._lock:
            self._closed = True
            idle, self._idle = list(self._idle), deque()
            busy = list(self._busy)
        for taken in busy:
            taken.kill()
        for taken in idle:
            taken.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
