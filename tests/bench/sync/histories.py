"""Play many random histories of devices that meet at a remote: `… histories FIRST COUNT`."""

import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.sync.histories import SyncHistory


def main(words: list[str]) -> int:
    """Play them; print each that fails, and the events of all. Return 1 if one failed."""
    first, count = (int(word) for word in (*words, "0", "2000")[:2])
    # In memory: without the disk's waits a history takes two thirds of the time.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    events: Counter[str] = Counter()
    failed = 0
    for seed in range(first, first + count):
        folder = Path(tempfile.mkdtemp(prefix="reader-history-", dir=memory))
        history = SyncHistory(seed, folder)
        try:
            history.run()
        except AssertionError as error:
            failed += 1
            print(f"FAILED {error}", flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        events += history.events
    print(f"{count} histories from {first}: {failed} failed; {dict(events)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
