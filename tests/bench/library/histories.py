"""`python -m tests.bench.library.histories [COUNT] [FIRST]`: random histories; 1 if any differs."""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.library.histories import Difference, play


def main(count: int = 1_000, first: int = 0) -> int:
    """Play the histories of these seeds; print each difference and the count of each event."""
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
    print(f"{count} histories, {different} differences, {time.perf_counter() - start:.0f} s")
    for event, number in events.most_common():
        print(f"{number:9,}  {event}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
