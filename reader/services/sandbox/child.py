"""The child's side of the sandbox: set limits, then answer requests until the pipe ends.

Runs in a separate process that `services.sandbox.pool` starts; imports nothing before its limits hold.
"""

import contextlib
import gc
import importlib
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO, Final

REQUEST: Final = struct.Struct("!dQ")
"""Seconds of work allowed, then the length of the request that follows."""
REPLY: Final = struct.Struct("!cQ")
"""One of the kinds below, then the length of what follows."""
ANSWER, LAST_ANSWER, CRASH, OUT_OF_MEMORY = b"a", b"l", b"c", b"m"
"""Kinds of replies: an answer, the last answer of a child, a crash, out of memory."""

WALL_CLOCK_FACTOR: Final = 8
"""Wall-clock seconds allowed per second of processor time."""
MAX_RETAINED_KB: Final = 450_000
"""A child that ever held this much exits after its answer: freed memory is rarely returned."""
_KB_UNIT: Final = 1 if sys.platform != "darwin" else 1024


def main(module: str, megabytes: int) -> None:
    """Answer requests on standard input by `module.answer(bytes) -> bytes`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl+c is for the parent, which ends the pipe
    limit = megabytes << 20
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit and does not keep it
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not become part of an answer
    sys.excepthook = _crash_hook(replies)
    answer: Callable[[bytes], bytes] = importlib.import_module(module).answer
    # Pages make many objects that live as long as they do: collecting less often saves 4 %.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    # Whatever a page does from here on, it writes no file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while head := requests.read(REQUEST.size):
        seconds, length = REQUEST.unpack(head)
        request = requests.read(length)
        # The default action of these signals ends the process inside any C call, parent or no
        # parent. What counts is its own work: fifty children at once each wait for their turn.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds * WALL_CLOCK_FACTOR)
        try:
            kind, content = ANSWER, answer(request)
        except MemoryError:
            kind, content = OUT_OF_MEMORY, b""
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if kind == ANSWER and _peak_kb() > MAX_RETAINED_KB:
            kind = LAST_ANSWER
        _send(replies, kind, content)
        if kind != ANSWER:
            return
        del request, content


def _peak_kb() -> int:
    """Return the most memory that this process has held, in kilobytes.

    Not by getrusage where /proc has it: Linux counts the parent's memory at the start of the child.
    """
    with (
        contextlib.suppress(OSError, ValueError),
        open("/proc/self/status", "rb") as status,  # noqa: PTH123 - pathlib would be imported for it
    ):
        for line in status:
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KB_UNIT


def _send(replies: BinaryIO, kind: bytes, content: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        replies.write(REPLY.pack(kind, len(content)))
        replies.write(content)
        replies.flush()


def _crash_hook(
    replies: BinaryIO,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return an exception hook that reports the error's place to the parent."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = ""
        if trace is not None:
            file = trace.tb_frame.f_code.co_filename.rpartition("/")[2]
            where = f" at {file}:{trace.tb_lineno}"
        _send(replies, CRASH, f"{kind.__name__}{where}".encode())

    return tell
