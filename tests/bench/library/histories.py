"""`python -m tests.bench.library.histories [COUNT] [FIRST]`: random histories; 1 if any differs.

In memory where there is a file system for it: ⏱ half of the time is the disk's otherwise. Set
TMPDIR for another place: file systems give the numbers of deleted files to new ones differently.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.library.histories import Difference, play


def main(count: int = 1_000, first: int = 0) -> int:
    """Play the histories of these seeds; print each difference and the count of each event."""
    in_memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and os.access(in_memory, os.W_OK):
        tempfile.tempdir = str(in_memory)
    events: Counter[str] = Counter()
    different = 0
    start = time.perf_counter()
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            try:
                events += play(seed, Path(folder))
            except Difference as error:
                different += 1
                print(error, flush=True)
    spent = f"{time.perf_counter() - start:.0f} s, {time.process_time():.0f} s of processor time"
    print(f"{count} histories, {different} differences, {spent}")
    for event, number in events.most_common():
        print(f"{number:9,}  {event}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
