"""`python -m tests.bench.ui`: the start, the text, then the whole app in use."""

import sys

from tests.bench.ui import reading, starting, using

if __name__ == "__main__":
    sys.exit(starting.main([]) | reading.main([]) | using.main([]))
