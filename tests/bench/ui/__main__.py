"""`python -m tests.bench.ui`: the start, the text, then the whole app in use, and the way of one key."""

import sys

from tests.bench.ui import calls, reading, starting, using

if __name__ == "__main__":
    sys.exit(starting.main([]) | reading.main([]) | using.main([]) | calls.main([]))
