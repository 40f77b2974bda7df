"""Run as `python -m tests.bench.recall [SIZE…] [--keep FOLDER] [--pages FOLDER]`."""

import sys

from tests.bench.recall import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
