"""Press random keys over 300 entries, and check that only what is seen changes.

python -m tests.bench.ui.random_keys [--steps N] [--seed N]
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from tests.ui.memory_backend import sample
from tests.ui.random_keys import press_random_keys

STEPS_OF_A_RUN = 1_000
"""Keys after which the app starts again, with the next seed."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print the number of keys and changes; an assertion fails on the first unseen change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    done = changes = 0
    while done < options.steps:
        count = min(STEPS_OF_A_RUN, options.steps - done)
        changes += asyncio.run(
            press_random_keys(count, sample(300), options.seed + done // STEPS_OF_A_RUN)
        )
        done += count
        print(f"{done} keys, {changes} changes, all seen and undone", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
