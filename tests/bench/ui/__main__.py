"""`python -m tests.bench.ui`: the start, then the text."""

import sys

from tests.bench.ui import reading, starting

if __name__ == "__main__":
    sys.exit(starting.main([]) | reading.main([]))
