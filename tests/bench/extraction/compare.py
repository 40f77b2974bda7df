"""`reader` and other extractors on the same pages, in one run.

compare.py --pages DIR [--only NAME ...] [--node DIR]

DIR holds page sets as train.py reads them. Each extractor prints its measures per set and page
type, pages per second and the process's peak memory; each runs in a separate process, so that
neither imports nor memory of one count for another. Extractors that are not installed are left
out. `--node` is a folder where npm installed @mozilla/readability, defuddle and jsdom; then these
two run too, by peers.mjs. The shipped model has seen these pages: train.py without --write
measures `reader` out of fold.
"""

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reader.extract.input.containers import unwrap
from reader.services.sandbox.extractors import Extractors
from tests.bench.extraction import measures
from tests.bench.extraction.samples import pages
from tests.bench.table import Figure, listed


def ours(page: bytes, url: str) -> str:
    from reader.extract import extract
    from reader.model.errors import NotAnArticleError

    try:
        return extract(page, url).markdown
    except NotAnArticleError:
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


def trafilatura_precision(page: bytes, url: str) -> str:
    from trafilatura import extract

    return (
        extract(
            page, url=url, include_comments=False, favor_precision=True, output_format="markdown"
        )
        or ""
    )


def resiliparse(page: bytes, _url: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse_from_bytes(page, detect_encoding(page))
    return str(extract_plain_text(tree, main_content=True, alt_texts=False, links=False))


def newspaper(page: bytes, url: str) -> str:
    from newspaper import Article

    article = Article(url, fetch_images=False)
    article.download(input_html=page)
    article.parse()
    return str(article.text)


class NodePeer:
    """An extractor that runs under node: a child process that answers page by page."""

    def __init__(self, name: str, folder: Path) -> None:
        script = Path(__file__).with_name("peers.mjs")
        self._child = subprocess.Popen(
            ["node", str(script), name, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, page: bytes, url: str) -> str:
        from markdownify import markdownify

        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps({"html": unwrap(page).text, "url": url}) + "\n")
        self._child.stdin.flush()
        return str(markdownify(json.loads(self._child.stdout.readline())["html"]))


EXTRACTORS: dict[str, Callable[[bytes, str], str]] = {
    "reader": ours,
    "readability+markdownify": stock,
    "trafilatura": trafilatura,
    "trafilatura precision": trafilatura_precision,
    "resiliparse": resiliparse,
    "newspaper4k": newspaper,
}
PACKAGES = {
    "trafilatura": "trafilatura",
    "trafilatura precision": "trafilatura",
    "resiliparse": "resiliparse",
    "newspaper4k": "newspaper",
}
"""Packages that an extractor needs besides those of the project."""
NODE_PEERS = {"Readability.js": "readability", "Defuddle": "defuddle"}


def measure(name: str, folder: Path, node: Path | None) -> Iterator[str]:
    """Yield the lines for one extractor."""
    if name in NODE_PEERS and node is not None:
        extract: Callable[[bytes, str], str] = NodePeer(NODE_PEERS[name], node)
    else:
        extract = EXTRACTORS[name]
    rows = []
    spent: dict[str, list[float]] = {}
    for group, _key, truth, page in pages(folder):
        began = time.perf_counter()
        markdown = _answer(extract, page, truth.get("url") or "https://example.org/")
        kind = f"{group}/{truth['type']}" if group == "mixed" else group
        spent.setdefault(kind, []).append(time.perf_counter() - began)
        text = [measures.rendered(markdown, captions=group != "articles")]
        rows.append((kind, truth, text))
        if kind != group:
            rows.append((group, truth, text))
    yield name
    for line in measures.table(rows):
        took = spent.get(line.split()[0])
        yield f"  {line}" + (f"  {len(took) / sum(took):.1f} pages/s" if took else "")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield f"  peak memory {peak / (2**20 if sys.platform == 'darwin' else 2**10):.0f} MB"


def _answer(extract: Callable[[bytes, str], str], page: bytes, url: str) -> str:
    """Return the extractor's Markdown, or nothing if it fails: each fails on some page."""
    try:
        return extract(page, url)
    except Exception as error:  # noqa: BLE001  # a peer may raise anything
        print(f"  {type(error).__name__} on {url}", file=sys.stderr)
        return ""


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
    args = parser.parse_args(argv)
    names = args.only or [
        name
        for name in EXTRACTORS
        if name not in PACKAGES or importlib.util.find_spec(PACKAGES[name])
    ] + (list(NODE_PEERS) if args.node else [])
    if len(names) == 1:
        for line in measure(names[0], args.pages, args.node):
            print(line, flush=True)
        return 0
    for name in names:
        command = [sys.executable, "-m", __spec__.name, "--pages", str(args.pages), "--only", name]
        command += ["--node", str(args.node)] if args.node else []
        if subprocess.run(command, check=False).returncode:
            return 1
    return int(not listed(pace(args.pages)))


if __name__ == "__main__":
    sys.exit(main())
