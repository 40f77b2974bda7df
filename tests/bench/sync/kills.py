"""Kill many syncs as processes: `python -m tests.bench.sync.kills [ROUNDS [FIRST]]`.

A round kills a first upload of 300 articles and a second device's first pull six times each, and
six merges of segments.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from random import Random

from tests.sync.killed_processes import kill_merges, kill_pulls, kill_uploads


def main(words: list[str]) -> int:
    """Print how many kills hit a run at work. Raises AssertionError for what is left wrong."""
    rounds = int(words[0]) if words else 5
    first = int(words[1]) if len(words) > 1 else 0
    for seed in range(first, first + rounds):
        folder = Path(tempfile.mkdtemp(prefix="reader-kills-"))
        try:
            chance = Random(seed)
            hits = [
                kill_uploads(folder, chance, articles=300, kills=6),
                kill_pulls(folder, chance, kills=6),
                kill_merges(folder, chance, kills=6),
            ]
            print(f"seed {seed}: uploads, pulls, merges killed at work: {hits} of 6 each")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
