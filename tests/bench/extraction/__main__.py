"""`python -m tests.bench.extraction [--pages DIR]`: `reader` beside its peers on page sets.

Without the page sets, which are no part of this project, there is nothing to measure.
"""

import argparse
import sys
from pathlib import Path

from tests.bench.extraction import compare

SHARED = Path("../shared/cases/pages")


def main() -> int:
    """Compare on the page sets that lie at `--pages`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, default=SHARED)
    pages = parser.parse_args().pages
    if not pages.is_dir():
        print(f"no page sets at {pages}: nothing is measured")
        return 0
    return compare.main(["--pages", str(pages)])


if __name__ == "__main__":
    sys.exit(main())
