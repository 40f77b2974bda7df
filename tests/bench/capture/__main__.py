"""`python -m tests.bench.capture`: a thousand pages, the same with a kill half-way, and an import."""

import sys

from tests.bench.capture import fetching, importing

if __name__ == "__main__":
    sys.exit(fetching.main([]) | fetching.main(["--kill"]) | importing.main([]))
