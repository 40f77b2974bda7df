"""`python -m tests.bench.sync`: requests beside rclone over WebDAV and S3, then memory and time."""

import sys

from tests.bench.sync import large, requests


def main() -> int:
    """Run all with their usual sizes; the histories are a run of their own."""
    for kind in ("webdav", "s3"):
        print(f"2,000 articles over {kind}", flush=True)
        requests.main(["2000", kind])
    return large.main([])


if __name__ == "__main__":
    sys.exit(main())
