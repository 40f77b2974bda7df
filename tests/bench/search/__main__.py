"""Run as `python -m tests.bench.search [SIZE…] [--keep FOLDER] [--pages FOLDER]`."""

import sys

from tests.bench.search import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
