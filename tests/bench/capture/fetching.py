"""Pages per second of the queue, beside one after another with the stock chain.

    python -m tests.bench.capture.fetching [--pages N] [--peer-pages N] [--kill]

The same server, pages and pictures for both. With `--kill` the queue is killed half-way and run
again. Exit 1 where a page that can be had is missing, a failure has no reason, or a page that was
saved is asked for twice.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError

from tests.bench.capture import site

ASKED = 3.0
"""How many times faster than the stock chain the queue must be."""
QUEUE = """
import sys
from reader.fetch.client import Client
from reader.paths import find
from reader.services.fetch_queue import process_queue
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.loopback import Wire
wire = Wire(int(sys.argv[1]))
with Workspace(find(), Settings()) as workspace:
    process_queue(workspace, client=lambda: Client(resolve=wire.resolve, route=wire.route))
"""


def queue(port: int, home: str) -> "subprocess.Popen[bytes]":
    variables = {**os.environ, "READER_HOME": home, "XDG_STATE_HOME": f"{home}-state"}
    return subprocess.Popen([sys.executable, "-c", QUEUE, str(port)], env=variables)


def put_in(home: str, pages: int) -> None:
    """Queue the links, in an order that mixes the hosts."""
    from reader.library import Library
    from reader.model.change import SaveRequest
    from reader.paths import find

    library = Library.open(find({**os.environ, "READER_HOME": home}))
    order = sorted(range(pages), key=lambda number: (number % 20, number))
    library.add([SaveRequest(given=site.address(number)) for number in order], step=None)


def stock(port: int, pages: int, folder: Path) -> float:
    """Fetch one after another, readability, markdownify, write; pages saved per second."""
    from markdownify import markdownify
    from readability import Document

    def get(path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            content: bytes = answer.read()
            return content

    saved = 0
    began = time.perf_counter()
    for number in range(pages):
        try:
            document = Document(get(f"/page/{number}").decode())
            (folder / f"{number}.md").write_text(markdownify(document.summary()))
            for which in (1, 2):
                content = get(f"/picture/{number}-{which}.png")
                (folder / f"{number}-{which}.png").write_bytes(content)
        except (URLError, HTTPException, OSError, ValueError):
            continue
        saved += 1
    return saved / (time.perf_counter() - began)


def check(home: str, pages: int, asked: Counter[str], *, killed: bool) -> list[str]:
    """What is wrong with what came home; nothing where all is as it must be."""
    from reader.library import Library
    from reader.paths import find

    wrong: list[str] = []
    saved = 0
    for record in Library.open(find({**os.environ, "READER_HOME": home})).records():
        number = int((record.entry.url or "").rpartition("/")[2])
        if site.is_savable(number) != (record.digest is not None):
            wrong.append(f"{record.entry.url}: {record.entry.fetch} {record.entry.reason}")
        if record.digest is None:
            if not record.entry.reason:
                wrong.append(f"{record.entry.url}: no reason")
            continue
        saved += 1
        if len(record.images) != 2:
            wrong.append(f"{record.entry.url}: {len(record.images)} pictures")
    if saved != sum(map(site.is_savable, range(pages))):
        wrong.append(f"{saved} saved")
    twice = [
        path
        for path, times in asked.items()
        if path.startswith("/page/") and site.behaviour_of(path) == "fine" and times > 1
    ]
    # What was on its way when the process died never arrived, and is asked for again.
    if len(twice) > (8 if killed else 0):
        wrong.append(f"asked for twice: {len(twice)} pages")
    return wrong


def run(pages: int, peer_pages: int, kill: bool, folder: Path) -> int:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.capture.site"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    port = int(server.stdout.readline())
    home = str(folder / "library")
    put_in(home, pages)
    began = time.perf_counter()
    running = queue(port, home)
    if kill:
        time.sleep(pages / 60)
        running.kill()
        running.wait()
        running = queue(port, home)
    running.wait()
    seconds = time.perf_counter() - began
    savable = sum(map(site.is_savable, range(pages)))
    ours = savable / seconds
    print(f"queue: {savable} of {pages} pages in {seconds:.1f} s: {ours:.1f} pages/s")
    asked_port = port
    answers, _ = server.communicate()
    wrong = check(home, pages, Counter(json.loads(answers.splitlines()[-1])), killed=kill)
    for line in wrong[:20]:
        print(f"WRONG {line}")
    if peer_pages:
        server = subprocess.Popen(
            server.args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        asked_port = int(server.stdout.readline())
        (folder / "peer").mkdir()
        theirs = stock(asked_port, peer_pages, folder / "peer")
        server.communicate()
        print(f"stock chain: {theirs:.2f} pages/s; {ours / theirs:.1f} times (asked: {ASKED:g})")
        if ours < ASKED * theirs and not kill:
            wrong.append("too slow")
    return 1 if wrong else 0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--peer-pages", type=int, default=100)
    parser.add_argument("--kill", action="store_true")
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        return run(chosen.pages, chosen.peer_pages, chosen.kill, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
