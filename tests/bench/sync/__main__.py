"""`python -m tests.bench.sync`: requests and time beside rclone, then memory and time."""

import sys

from tests.bench.sync import large, requests


def main() -> int:
    """Run all with their usual sizes; the histories are a run of their own."""
    requests.main(["2000"])
    return large.main([])


if __name__ == "__main__":
    sys.exit(main())
