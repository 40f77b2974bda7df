"""How fast and how well things are found again, beside ripgrep and TinyDB's own query."""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

SHARED = Path("../shared/cases/pages")


def main(argv: Sequence[str]) -> int:
    """Print every figure beside the one that is asked for; libraries of 1,000 and 10,000 by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search")
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument(
        "--keep", type=Path, help="where libraries are made, and found the next time"
    )
    parser.add_argument(
        "--pages", type=Path, default=SHARED, help="page sets for the quality figures"
    )
    arguments = parser.parse_args(argv)
    from tests.bench.search import knownitem, latency, questions, siblings, summaries, tagging

    if (arguments.pages / "articles" / "truth.json").exists():
        knownitem.report(arguments.pages)
        questions.report(arguments.pages)
        siblings.report(arguments.pages)
        summaries.report(arguments.pages)
    tagging.report()
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            base = (arguments.keep or Path(folder)) / str(size)
            base.mkdir(parents=True, exist_ok=True)
            latency.report(base, size)
    return 0
