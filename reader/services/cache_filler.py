"""Bring the cache up to date in a child process, which takes the memory of the work with it.

Filling a cache from nothing needs all documents at once: ⏱ 250 MB at 100,000 entries, most of which
a long-running process would keep.
"""

import subprocess
import sys
from typing import Final

from reader import paths, settings
from reader.services.workspace import Workspace

TIMEOUT: Final = 900.0
"""Seconds for filling the cache in a child; they end one that hangs."""


def fill_cache(workspace: Workspace) -> None:
    """Bring the user's cache up to the journals, in a child unless it is fresh. Blocks.

    If the child fails, the next reader does the work itself.
    """
    if workspace.cache.is_fresh():
        return
    try:
        subprocess.run(
            [sys.executable, "-m", "reader.services.cache_filler"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return


def main() -> int:
    """Bring the cache up to date; return the exit code of the child."""
    found = paths.find()
    with Workspace(found, settings.load(found.config)) as workspace:
        workspace.synced_cache()
    return 0


if __name__ == "__main__":
    sys.exit(main())
