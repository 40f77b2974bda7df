"""External commands of the settings: run without a shell, with limits on time and output."""

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Final

from reader.model.errors import JobCancelledError, ReaderError
from reader.model.text import one_line

_POLL_INTERVAL: Final = 0.1
"""Seconds between two checks whether the user cancelled."""
_PIECE_BYTES: Final = 1 << 16
"""Bytes read at once: the capacity of a pipe on Linux."""
_FEEDING_WAIT: Final = 1.0
"""Seconds for the rest of the input after the end: a program that left the session may hold the pipe."""
_OPEN_WAIT: Final = 1.0
"""Seconds without output after the end of a command whose output another program holds open."""


def no_cancel() -> bool:
    """Return False: the command is never cancelled."""
    return False


def run_command(
    command: Sequence[str],
    text: bytes = b"",
    *,
    max_bytes: int,
    timeout: float,
    cancelled: Callable[[], bool] = no_cancel,
    with_errors: bool = False,
    keeps_children: bool = False,
) -> bytes:
    """Run a command with `text` on standard input; return its output, cut at `max_bytes`.

    `with_errors` adds what it writes to standard error, and names the first line if it fails. The
    command and its child processes have ended when this returns, except those in another session,
    and with `keeps_children` those that a command without a failure left behind.

    Raises ReaderError if it cannot start, fails or exceeds `timeout` seconds, JobCancelledError if
    `cancelled` returns true.
    """
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if with_errors else subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ReaderError(start_failure(command, error)) from error
    assert process.stdin is not None
    assert process.stdout is not None
    feeding = threading.Thread(target=_feed, args=(process.stdin, text), daemon=True)
    feeding.start()
    code, is_whole = -1, False
    try:
        answer, is_whole = _read_output(process, max_bytes, cancelled, time.monotonic() + timeout)
        # A command that closed its output may still take a moment to exit.
        code = process.wait(timeout=timeout) if is_whole else 0
    except TimeoutError:
        raise ReaderError(f"{command[0]} took longer than {timeout:.0f} s") from None
    except subprocess.TimeoutExpired:
        raise ReaderError(f"{command[0]} did not end and was stopped") from None
    finally:
        if code or not is_whole or not keeps_children:
            _kill_group(process)
        feeding.join(_FEEDING_WAIT)
        process.stdout.close()
    if code:
        said = first_line(answer) if with_errors else ""
        raise ReaderError(
            f"{command[0]} failed: {said}" if said else f"{command[0]} failed with exit code {code}"
        )
    return answer


def first_line(output: bytes) -> str:
    """Return the first line of an output that is not empty, in a form that a message may have."""
    return one_line(output.decode("utf-8", "replace").strip().partition("\n")[0], 120)


def start_failure(command: Sequence[str], error: OSError | ValueError) -> str:
    """Return why a command cannot be started; a word with a NUL raises ValueError."""
    detail = error.strerror if isinstance(error, OSError) else "invalid words"
    return f"cannot start {one_line(command[0], 80)}: {detail}"


def _feed(stream: IO[bytes], text: bytes) -> None:
    # The command may not read all of its input.
    with suppress(OSError):
        stream.write(text)
    with suppress(OSError):
        stream.close()


def _read_output(
    process: subprocess.Popen[bytes],
    max_bytes: int,
    cancelled: Callable[[], bool],
    deadline: float,
) -> tuple[bytes, bool]:
    """Read the command's output, and whether it is complete. Raises JobCancelledError, TimeoutError.

    The output ends with the command: a program that it left behind may hold it open.
    """
    stream = process.stdout
    assert stream is not None
    answer = bytearray()
    last = time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while len(answer) < max_bytes:
            if cancelled():
                raise JobCancelledError("the command was stopped")
            if time.monotonic() > deadline:
                raise TimeoutError
            if selector.select(_POLL_INTERVAL):
                piece = os.read(stream.fileno(), _PIECE_BYTES)
                if not piece:
                    return bytes(answer), True
                answer += piece
                last = time.monotonic()
            elif process.poll() is not None and time.monotonic() - last > _OPEN_WAIT:
                return bytes(answer), True
    return bytes(answer[:max_bytes]), False


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the command and its child processes, if any of them still runs."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
