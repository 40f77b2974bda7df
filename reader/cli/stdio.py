"""The standard streams, which may be closed, full, of another encoding, or without a reader.

Imported before the fast path of `list`, so it imports no module of this project.
"""

from __future__ import annotations

import os
import sys


class ClosedPipeError(BrokenPipeError):
    """Standard output was closed by its reader (`| head`)."""


def configure() -> None:
    """Redirect closed streams to the null device, and replace unencodable characters by `?`.

    A closed stream is allowed (`reader add page.html >&-` saves the page); but if its descriptor
    stayed free, the next opened file would be used in its place.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(nowhere, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def write(words: str) -> None:
    """Write data to standard output. Raises ClosedPipeError, and OSError that names standard output."""
    try:
        sys.stdout.write(words)
    except OSError as error:
        raise _translate_error(error) from error


def write_bytes(content: bytes) -> None:
    """Write bytes unchanged, after the text written before; raises as `write` does."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    except OSError as error:
        raise _translate_error(error) from error


def flush() -> None:
    """Flush standard output; raises as `write` does."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise _translate_error(error) from error


def write_stderr(words: str) -> None:
    """Write to standard error; ignore a stream that cannot be written."""
    try:
        sys.stderr.write(words)
        sys.stderr.flush()
    except OSError:
        _redirect_to_null(sys.stderr.fileno())


def is_unicode() -> bool:
    """Return whether standard output can encode every character."""
    return (sys.stdout.encoding or "").lower().replace("-", "").replace("_", "") == "utf8"


def _translate_error(error: OSError) -> OSError:
    # Otherwise the interpreter tries again at exit, and prints its own message.
    _redirect_to_null(sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return ClosedPipeError(*error.args)
    return OSError(error.errno, error.strerror, "standard output")


def _redirect_to_null(number: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)
