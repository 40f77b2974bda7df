"""`reader` and other extractors on the same pages, in one run.

compare.py --pages DIR [--only NAME] [--node DIR] [--outputs DIR [--seconds N]]

DIR holds page sets as train.py reads them. Each extractor prints its measures per set and page
type, pages per second and the process's peak memory; each runs in a separate process, so that
neither imports nor memory of one count for another. Extractors that are not installed are left
out. `--node` is a folder where npm installed @mozilla/readability, jsdom, defuddle and linkedom; then
these two run too, by peers.mjs. `--outputs` keeps what each extractor writes, and runs only pages that
are not there; after `--seconds` the run ends and the next one continues. The shipped model has seen these pages: train.py without --write
measures `reader` out of fold.
"""

import argparse
import importlib.util
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from reader.services.sandbox.extractors import Extractors
from tests.bench.extraction import measures
from tests.bench.extraction.extractors import (
    EXTRACTORS,
    NODE_PEERS,
    PACKAGES,
    NodePeer,
    ours,
    stock,
)
from tests.bench.extraction.outputs import Output, OutputsUnfinishedError, outputs
from tests.bench.extraction.samples import pages
from tests.bench.table import Figure, listed


def measure(extracted: dict[tuple[str, str], Output], folder: Path) -> Iterator[str]:
    """Yield the lines for one extractor's outputs."""
    rows = []
    spent: dict[str, list[float]] = {}
    for group, key, truth, _page in pages(folder):
        markdown, seconds = extracted[group, key]
        kind = f"{group}/{truth['type']}" if group == "mixed" else group
        spent.setdefault(kind, []).append(seconds)
        text = [measures.rendered(markdown, captions=group != "articles")]
        rows.append((kind, truth, text))
        if kind != group:
            rows.append((group, truth, text))
    for line in measures.table(rows):
        took = spent.get(line.split()[0])
        yield f"  {line}" + (f"  {len(took) / sum(took):.1f} pages/s" if took else "")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield f"  peak memory {peak / (2**20 if sys.platform == 'darwin' else 2**10):.0f} MB"


def run(name: str, args: argparse.Namespace) -> int:
    """Print one extractor's lines; returns 3 if the time was over before."""
    extract = EXTRACTORS[name] if name in EXTRACTORS else NodePeer(NODE_PEERS[name], args.node)
    kept = args.outputs and args.outputs / f"{name}.jsonl"
    print(name, flush=True)
    try:
        extracted = outputs(extract, args.pages, kept, args.seconds)
    except OutputsUnfinishedError as error:
        print(f"  {error}; run again to continue")
        return 3
    finally:
        if isinstance(extract, NodePeer):
            extract.close()
    for line in measure(extracted, args.pages):
        print(line, flush=True)
    return 0


def pace(folder: Path) -> Iterator[Figure]:
    """Ours beside the stock chain over `articles`, page by page in turns, and on all cores.

    The machine is faster in one minute than in the next, so neither runs through alone.
    """
    found = [
        (page, truth.get("url") or "https://example.org/")
        for group, _key, truth, page in pages(folder)
        if group == "articles"
    ]
    spent = {"ours": 0.0, "stock": 0.0}
    for number, (page, url) in enumerate([*found[:5], *found]):
        for name, extract in (("ours", ours), ("stock", stock)):
            began = time.perf_counter()
            extract(page, url)
            # The first five warm both up: imports and models are read once.
            spent[name] += (time.perf_counter() - began) if number >= 5 else 0.0
    yield Figure("ours, pages per second", len(found) / spent["ours"])
    yield Figure("readability+markdownify, pages per second", len(found) / spent["stock"])
    yield Figure(
        "ours / readability+markdownify, pages per second",
        spent["stock"] / spent["ours"],
        1,
        least=True,
    )
    took = {}
    for workers in (1, os.cpu_count() or 1):
        with Extractors(workers) as extractors:
            list(extractors.map(found[:4]))
            began = time.perf_counter()
            list(extractors.map(found))
            took[workers] = time.perf_counter() - began
    many = max(took)
    yield Figure(f"{many} processes / one, pages per second", took[1] / took[many], 1.6, least=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--only", action="append", choices=[*EXTRACTORS, *NODE_PEERS])
    parser.add_argument("--node", type=Path)
    parser.add_argument("--outputs", type=Path)
    parser.add_argument("--seconds", type=float, default=math.inf)
    args = parser.parse_args(argv)
    names = args.only or [
        name
        for name in EXTRACTORS
        if name not in PACKAGES or importlib.util.find_spec(PACKAGES[name])
    ] + (list(NODE_PEERS) if args.node else [])
    if len(names) == 1:
        return run(names[0], args)
    given = sys.argv[1:] if argv is None else list(argv)
    for name in names:
        command = [sys.executable, "-m", __spec__.name, *given, "--only", name]
        if status := subprocess.run(command, check=False).returncode:
            return status
    return int(not listed(pace(args.pages)))


if __name__ == "__main__":
    sys.exit(main())
