"""Reading aloud with a program of the settings: one process for each sentence."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import IO, Final

from reader.model.errors import ReaderError, UsageError
from reader.model.text import one_line
from reader.services.external_command import start_failure

LANGUAGE: Final = "{lang}"
DEFAULT_LANGUAGE: Final = "en"
TIMEOUT: Final = 600.0
"""Seconds for a sentence: the longest one takes three minutes at the slowest usual speed."""
_KNOWN: Final = (
    ("espeak-ng", "-v", LANGUAGE, "--stdin"),
    ("say",),
    ("spd-say", "--wait", "--pipe-mode", "--language", LANGUAGE),
)
"""Commands that are used without a setting, the first that is installed."""
_MAX_REASON: Final = 2_000
"""Bytes at the end of a program's errors that are read for the reason."""
_MIN_SECONDS: Final = 1 / 60
"""Seconds for a character: the fastest voices take three times as long."""


def find_command(command: Sequence[str]) -> tuple[str, ...]:
    """Return the command of the settings, else that of an installed program. Raises UsageError."""
    found = tuple(command) or next((each for each in _KNOWN if shutil.which(each[0])), ())
    if not found:
        raise UsageError(
            "no program to read aloud: install espeak-ng, or set [commands] speak in the settings"
        )
    return found


class Speech:
    """A sentence that a program speaks.

    The text comes on the program's standard input. `{lang}` in its words is the language of the
    text; a program that fails with a region (`de-ch`) is asked again for the language alone.
    """

    def __init__(self, command: Sequence[str], text: str, language: str | None):
        self._command = find_command(command)
        self._text = text
        self._languages = _candidates(language)
        if not any(LANGUAGE in word for word in self._command):
            self._languages = self._languages[:1]
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def run(self) -> bool:
        """Speak; return whether the sentence was spoken to its end. Blocks until then.

        Raises ReaderError if the program cannot be started or fails.
        """
        reason = ""
        for language in self._languages:
            with tempfile.TemporaryFile() as errors:
                begun = time.monotonic()
                code = self._speak(language, errors)
                if self._is_stopped:
                    return False
                complaint = _last_line(errors)
                # Without a sound device espeak-ng exits with 0: an early end with a message failed.
                is_silent = time.monotonic() - begun < _MIN_SECONDS * len(self._text)
                if not code and not (complaint and is_silent):
                    return True
                reason = reason or complaint
        raise ReaderError(f"{self._command[0]} failed: {reason or f'exit code {code}'}")

    def stop(self) -> None:
        """Kill the program with its child processes; from any thread, does not block."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None:
                _kill_group(self._process)

    def _speak(self, language: str, errors: IO[bytes]) -> int:
        """Run the program once; return its exit code."""
        words = [word.replace(LANGUAGE, language) for word in self._command]
        with self._lock:
            if self._is_stopped:
                return 0
            try:
                process = self._process = subprocess.Popen(
                    words,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    start_new_session=True,
                )
            except (OSError, ValueError) as error:
                raise ReaderError(start_failure(words, error)) from None
        try:
            process.communicate(self._text.encode("utf-8", "replace") + b"\n", timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            raise ReaderError(f"{words[0]} took longer than {TIMEOUT:.0f} s") from None
        finally:
            with self._lock:
                self._process = None
                _kill_group(process)
            process.wait()
        return process.returncode


def _last_line(errors: IO[bytes]) -> str:
    """Return the last line that a program wrote, which names the cause; empty without one."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - _MAX_REASON))
    text = errors.read(_MAX_REASON).decode("utf-8", "replace").strip()
    return one_line(text.rpartition("\n")[2], 160)


def _candidates(language: str | None) -> list[str]:
    """Return the language in the form that programs know, then without its region."""
    code = (language or "").strip().casefold().replace("_", "-")
    if not code or not all(part.isascii() and part.isalnum() for part in code.split("-")):
        return [DEFAULT_LANGUAGE]
    return list(dict.fromkeys([code, code.partition("-")[0]]))


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
