"""`python -m tests.bench.library [SIZE…]`: figures for each size, then faults; 1 where a limit was missed."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from reader.library import Library
from tests.bench.library import faults, figures, shell
from tests.bench.library.made import library
from tests.bench.table import Figure, printed

_FEW = 200


def main(argv: Sequence[str] | None = None) -> int:
    """Print every figure beside its limit; 1 where one was missed at the largest size."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.library", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--only", choices=("figures", "faults", "shell"))
    parser.add_argument("--beside", type=Path, help="a checkout to compare single changes with")
    asked = parser.parse_args(argv)
    met = True
    if asked.only not in ("faults", "shell"):
        columns: dict[int, Sequence[Figure]] = {}
        smallest: list[Library] = []
        with ExitStack() as folders:
            for size in sorted(asked.sizes):
                folder = folders.enter_context(tempfile.TemporaryDirectory())
                columns[size] = list(figures.figures(Path(folder), size, smallest))
        met &= printed(columns)
    if asked.only not in ("figures", "faults"):
        words = ["--rows", str(max(asked.sizes))]
        met &= not shell.main([*words, "--beside", str(asked.beside)] if asked.beside else words)
    if asked.only not in ("figures", "shell"):
        # The app that is ended by force may still write when its folder goes.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            library(Path(folder), _FEW)
            met &= printed({_FEW: faults.figures(Path(folder))})
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
