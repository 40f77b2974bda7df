"""A journal made smaller in a child process, after an import and when the app starts."""

import subprocess
import sys

from reader.model.errors import NotSaved
from reader.services.workspace import Shelf

_SECONDS = 600.0


def compact(shelf: Shelf, *, even_if_small: bool = False) -> bool:
    """Compact this device's journal in a child process where it is worth it; whether it was.

    The lock is held for one fsync; nothing else waits. Raises LibraryError.
    """
    begun = shelf.library.begin_generation(even_if_small=even_if_small)
    if begun is None:
        return False
    words = [str(shelf.places.home), begun[0], str(begun[1])]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reader.library", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotSaved(f"the journal was not compacted: {error}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise NotSaved(f"the journal was not compacted: {said}")
    return True
