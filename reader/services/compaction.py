"""Compact the journal in a child process, after an import and when the app starts."""

import subprocess
import sys

from reader.library.compaction import WrittenSnapshot
from reader.model.errors import WriteError
from reader.services.workspace import Workspace

_TIMEOUT = 600.0
"""Seconds for a compaction in a child; one that is killed changes nothing."""


def compact(workspace: Workspace, *, even_if_small: bool = False) -> bool:
    """Compact this device's journal if it has grown enough; return whether it was compacted.

    A child process does the work. The lock is held for one fsync. Raises LibraryError.
    """
    begun = workspace.library.start_generation(even_if_small=even_if_small)
    if begun is None:
        return False
    words = [str(workspace.places.home), begun[0], str(begun[1])]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reader.library", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WriteError(f"the journal was not compacted: {error}") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise WriteError(f"the journal was not compacted: {reason}")
    file, *numbers = done.stdout.decode("ascii").split()
    workspace.adopt_snapshot(WrittenSnapshot(file, *map(int, numbers)))
    return True
