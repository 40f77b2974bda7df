"""`reader` beside readability with markdownify, and trafilatura where it is installed, in one run.

compare.py --pages DIR [--only NAME ...]

DIR holds page sets as train.py reads them. Each extractor prints its measures per set, pages per
second and the process's peak memory; each runs in a process of its own, so that neither imports
nor memory of one count for another.
"""

import argparse
import importlib.util
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml.html import fromstring
from markdown_it import MarkdownIt

from reader.services.sandbox.extractors import Extractors
from tests.bench.extraction import measures
from tests.bench.extraction.samples import read
from tests.bench.table import Figure, listed

SETS = ("articles", "readability", "segments")
_CAPTION = re.compile(r"(?m)^(!\[.*\]\(.*\) *\n)\*[^\n]+\*$")


def ours(page: bytes, url: str) -> str:
    from reader.extract import extract
    from reader.model.errors import NotAnArticle

    try:
        return extract(page, url).markdown
    except NotAnArticle:
        return ""


def stock(page: bytes, url: str) -> str:
    from markdownify import markdownify
    from readability import Document

    document = Document(page, url=url)
    document.title()
    return str(markdownify(document.summary()))


def trafilatura(page: bytes, url: str) -> str:
    from trafilatura import extract

    return extract(page, url=url, include_comments=False, output_format="markdown") or ""


EXTRACTORS: dict[str, Callable[[bytes, str], str]] = {
    "reader": ours,
    "readability+markdownify": stock,
    "trafilatura": trafilatura,
}


def rendered(markdown: str, *, captions: bool) -> str:
    """The words a reader sees; without captions where the set's truth has none."""
    if not captions:
        markdown = _CAPTION.sub(r"\1", markdown)
    html = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    written = html.render(markdown)
    if not written.strip():
        return ""
    tree = fromstring(f"<div>{written}</div>")
    for element in tree.iter(
        "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "br", "pre"
    ):
        element.tail = " " + (element.tail or "")
    return "".join(map(str, tree.itertext()))


def pages(folder: Path) -> Iterator[tuple[str, dict[str, Any], bytes]]:
    for group in SETS:
        told = folder / group / "truth.json"
        if told.exists():
            for key, truth in sorted(json.loads(told.read_text("utf-8")).items()):
                page = read(told.parent, key if group == "segments" else f"{key}.html")
                if page is not None:
                    yield group, truth, page


def measure(name: str, folder: Path) -> Iterator[str]:
    """The lines for one extractor."""
    extract = EXTRACTORS[name]
    rows = []
    spent: dict[str, list[float]] = {}
    for group, truth, page in pages(folder):
        began = time.perf_counter()
        markdown = extract(page, truth.get("url") or "https://example.org/")
        spent.setdefault(group, []).append(time.perf_counter() - began)
        rows.append((group, truth, [rendered(markdown, captions=group != "articles")]))
    yield name
    for line in measures.table(rows):
        took = spent[line.split()[0]]
        yield f"  {line}  {len(took) / sum(took):.1f} pages/s"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield f"  peak memory {peak / (2**20 if sys.platform == 'darwin' else 2**10):.0f} MB"


def pace(folder: Path) -> Iterator[Figure]:
    """Ours beside the stock chain over `articles`, page by page in turns, and on all cores.

    The machine is faster in one minute than in the next, so neither runs through alone.
    """
    found = [
        (page, truth.get("url") or "https://example.org/")
        for group, truth, page in pages(folder)
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
    parser.add_argument("--only", action="append", choices=EXTRACTORS)
    args = parser.parse_args(argv)
    names = args.only or [
        name
        for name in EXTRACTORS
        if name != "trafilatura" or importlib.util.find_spec("trafilatura")
    ]
    if len(names) == 1:
        for line in measure(names[0], args.pages):
            print(line, flush=True)
        return 0
    for name in names:
        command = [sys.executable, "-m", __spec__.name, "--pages", str(args.pages), "--only", name]
        if subprocess.run(command, check=False).returncode:
            return 1
    return int(not listed(pace(args.pages)))


if __name__ == "__main__":
    sys.exit(main())
