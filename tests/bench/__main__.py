"""`python -m tests.bench [AREA…]`: each area in a process of its own, all of them by default."""

import argparse
import subprocess
import sys
from collections.abc import Sequence

AREAS = ("extraction", "library", "ui", "capture", "search", "server", "sync")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the areas one after another; 1 where a figure of one missed its limit."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("areas", nargs="*", choices=[*AREAS, []], default=[], metavar="AREA")
    missed = 0
    for area in parser.parse_args(argv).areas or AREAS:
        print(f"# {area}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"tests.bench.{area}"], check=False)
        missed |= bool(done.returncode)
    return missed


if __name__ == "__main__":
    sys.exit(main())
