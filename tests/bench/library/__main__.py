"""`python -m tests.bench.library [SIZE…]`: figures for each size, then faults."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.library import faults, figures
from tests.bench.library.made import library
from tests.bench.library.table import Figure, printed

_FEW = 200


def main(argv: Sequence[str] | None = None) -> int:
    """Print every figure beside its limit; 1 where one was missed at the largest size."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.library", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    columns: dict[int, Sequence[Figure]] = {}
    marks: list[float] = []
    for size in sorted(parser.parse_args(argv).sizes):
        with tempfile.TemporaryDirectory() as folder:
            columns[size] = list(figures.figures(Path(folder), size, marks))
    met = printed(columns)
    with tempfile.TemporaryDirectory() as folder:
        library(Path(folder), _FEW)
        met &= printed({_FEW: faults.figures(Path(folder))})
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
