"""The standard streams, which may be closed, full, of another encoding, or read by nobody.

Imported before the short way to a list, so it imports nothing of its own.
"""

from __future__ import annotations

import os
import sys


class ClosedPipeError(BrokenPipeError):
    """Whoever read standard output went away (`| head`); nothing is left to say to it."""


def configure() -> None:
    """Open what was closed to nowhere, and let no character fail.

    A closed stream is no error (`reader add page.html >&-` saves the page); but were its number
    left free, the next file that is opened would be taken for it. A terminal of another encoding
    gets `?` for what it cannot show.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(nowhere, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def write(words: str) -> None:
    """Data on standard output. Raises Unheard, and OSError that names standard output."""
    try:
        sys.stdout.write(words)
    except OSError as error:
        raise _translate_error(error) from error


def write_bytes(content: bytes) -> None:
    """Bytes as they are, after all that was written; raises as `write` does."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    except OSError as error:
        raise _translate_error(error) from error


def flush() -> None:
    """Hand over all that was written; raises as `write` does."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise _translate_error(error) from error


def write_stderr(words: str) -> None:
    """Words on standard error; where it cannot be written there is nobody to tell."""
    try:
        sys.stderr.write(words)
        sys.stderr.flush()
    except OSError:
        _redirect_to_null(sys.stderr.fileno())


def is_unicode() -> bool:
    """Whether standard output can carry every character."""
    return (sys.stdout.encoding or "").lower().replace("-", "").replace("_", "") == "utf8"


def _translate_error(error: OSError) -> OSError:
    # Else the interpreter tries again at its end, and complains in words of its own.
    _redirect_to_null(sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return ClosedPipeError(*error.args)
    return OSError(error.errno, error.strerror, "standard output")


def _redirect_to_null(number: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)
