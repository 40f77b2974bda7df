"""`python -m tests.bench.capture`: a thousand pages, then the same with a kill half-way."""

import sys

from tests.bench.capture import fetching

if __name__ == "__main__":
    sys.exit(fetching.main([]) | fetching.main(["--kill"]))
