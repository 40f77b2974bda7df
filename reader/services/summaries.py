"""Summaries: key sentences of the article, or the answer of a configured command."""

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Final

from reader.markdown.plain_text import to_plain_text
from reader.model.errors import Cancelled, ReaderError
from reader.model.text import clean
from reader.search.text.summary import Summary, summarise

TIMEOUT: Final = 180.0
"""Seconds for the command; a local model may take a minute."""
_MAX_ANSWER_BYTES: Final = 20_000
"""Bytes of the answer that are read; the command is stopped there."""
_POLL_INTERVAL: Final = 0.1


def no_cancel() -> bool:
    return False


def summary(
    title: str,
    markdown: str,
    command: Sequence[str] = (),
    *,
    cancelled: Callable[[], bool] = no_cancel,
    patience: float = TIMEOUT,
) -> Summary:
    """Summarise the article in sentences and phrases; a configured command writes the sentences.

    The command gets title and text on standard input, without a shell. Raises ReaderError if it
    fails or takes too long, Cancelled if `cancelled` returns true; the command and its child
    processes are then stopped. Blocks until it has answered.
    """
    own = summarise(title, markdown)
    if not command:
        return own
    answer = _run_command(
        command, f"{title}\n\n{to_plain_text(markdown)}".encode(), cancelled, patience
    )
    lines = tuple(line.strip() for line in answer.splitlines() if line.strip())
    if not lines:
        raise ReaderError(f"{command[0]} answered nothing")
    return Summary(lines, own.phrases)


def _run_command(
    command: Sequence[str], text: bytes, cancelled: Callable[[], bool], patience: float
) -> str:
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise ReaderError(f"cannot start {command[0]}: {error.strerror}") from error
    assert process.stdin is not None
    assert process.stdout is not None
    feeding = threading.Thread(target=_feed, args=(process.stdin, text), daemon=True)
    feeding.start()
    try:
        answer, is_whole = _read_answer(process.stdout, cancelled, time.monotonic() + patience)
        # A command that closed its output may still take a moment to exit.
        code = process.wait(timeout=patience) if is_whole else 0
    except TimeoutError:
        raise ReaderError(f"{command[0]} took longer than {patience:.0f} s") from None
    except subprocess.TimeoutExpired:
        raise ReaderError(f"{command[0]} does not end") from None
    finally:
        _kill_group(process)
        feeding.join()
        process.stdout.close()
    if code:
        raise ReaderError(f"{command[0]} failed with exit code {code}")
    return clean(answer.decode("utf-8", "replace"))


def _feed(stream: IO[bytes], text: bytes) -> None:
    # The command may not read all of its input.
    with suppress(OSError):
        stream.write(text)
    with suppress(OSError):
        stream.close()


def _read_answer(
    stream: IO[bytes], cancelled: Callable[[], bool], deadline: float
) -> tuple[bytes, bool]:
    """Read the command's output, and whether it is complete. Raises Cancelled, TimeoutError."""
    answer = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while len(answer) < _MAX_ANSWER_BYTES:
            if cancelled():
                raise Cancelled("the summary was stopped")
            if time.monotonic() > deadline:
                raise TimeoutError
            if selector.select(_POLL_INTERVAL):
                piece = os.read(stream.fileno(), 8192)
                if not piece:
                    return answer, True
                answer += piece
    return answer[:_MAX_ANSWER_BYTES], False


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the command and its child processes, if any of them still runs."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
