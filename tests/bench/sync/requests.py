"""Requests, time and memory of a first upload and of later runs, beside `rclone copy` in turns.

`python -m tests.bench.sync.requests [ARTICLES]`. Both sides send the same library to the same
server, rclone's own; it logs each request.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from reader.library import Library
from reader.model.article import Article, ImageFile
from reader.model.change import SaveRequest
from reader.paths import Paths
from tests.sync.servers import find_program, free_port

WORDS = "river valley boat bridge village forest meadow harbour lantern glacier".split()
_IMAGE_BYTES = 40_000


def make_library(home: Path, count: int) -> None:
    """Save articles of three files: text, page, one picture of 40 kB."""
    chance = Random(1)
    paths = Paths(home / "library", home / "state", home / "cache", home / "config.toml")
    library = Library.open(paths)
    for begin in range(0, count, 500):
        rows = []
        for number in range(begin, min(begin + 500, count)):
            text = " ".join(chance.choice(WORDS) for _ in range(600))
            picture = ImageFile(
                f"images/{number:016x}.png",
                chance.randbytes(_IMAGE_BYTES),
                source_url="https://e.org",
            )
            article = Article(
                title=f"Page {number}", markdown=text + ".\n", words=600, images=(picture,)
            )
            page = chance.randbytes(20_000)
            rows.append(SaveRequest(article, page, given=f"https://example.org/{number}"))
        library.import_entries(rows, step=None)
    library.close()


class Server:
    """rclone serving a folder, with a log of its requests."""

    def __init__(self, kind: str, folder: Path):
        self.folder = folder
        (folder / "bucket").mkdir(parents=True)
        self.port = free_port()
        self._log = folder.with_name(f"{folder.name}.log")
        words = [str(find_program("rclone")), "serve", kind, str(folder), "-vv"]
        words += ["--addr", f"127.0.0.1:{self.port}", "--log-file", str(self._log)]
        if kind == "s3":
            words += ["--auth-key", "accesskey1,secretkey123"]
        self._process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        time.sleep(2)
        self._seen = 0

    def requests(self) -> int:
        """The requests since the last call."""
        text = self._log.read_text("utf-8", "replace")
        found = len(re.findall(r": (?:GET|PUT|HEAD|DELETE|PROPFIND|MKCOL|POST) from ", text))
        found += len(re.findall(r"serve s3: (?:[A-Z]+ (?:OBJECT|BUCKET)|delete multi)", text))
        new, self._seen = found - self._seen, found
        return new

    def stop(self) -> None:
        self._process.kill()


def run(words: list[str], environ: dict[str, str]) -> tuple[float, float]:
    """Run a command; return its seconds and its processor seconds."""
    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, env={**os.environ, **environ}, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        print(words[:3], done.stdout[-300:], done.stderr[-300:])
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - begin, used


def main(words: list[str]) -> int:
    """Print one line a run."""
    count = int(words[0]) if words else 2_000
    kind = words[1] if len(words) > 1 else "webdav"
    root = Path(tempfile.mkdtemp(prefix="reader-bench-"))
    try:
        make_library(root, count)
        _compare(root, kind)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return 0


def _compare(root: Path, kind: str) -> None:
    environ = {
        "READER_HOME": str(root / "library"),
        "XDG_STATE_HOME": str(root / "state-home"),
        "XDG_CACHE_HOME": str(root / "cache-home"),
        "READER_CONFIG": str(root / "config.toml"),
        "READER_SYNC_USER": "accesskey1" if kind == "s3" else "",
        "READER_SYNC_SECRET": "secretkey123" if kind == "s3" else "",
    }
    server, other = Server(kind, root / "ours"), Server(kind, root / "theirs")
    environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.port}"
    url = "s3://bucket/r" if kind == "s3" else f"http://127.0.0.1:{server.port}/r"
    reader = [sys.executable, "-m", "reader", "sync"]
    rclone = [str(find_program("rclone")), "copy", str(root / "library"), "bench:bucket/r"]
    remote = {"TYPE": "webdav", "URL": f"http://127.0.0.1:{other.port}", "VENDOR": "other"}
    if kind == "s3":
        remote = {
            "TYPE": "s3", "PROVIDER": "Other", "ACCESS_KEY_ID": "accesskey1",
            "SECRET_ACCESS_KEY": "secretkey123", "ENDPOINT": f"http://127.0.0.1:{other.port}",
        }  # fmt: skip
    theirs = {f"RCLONE_CONFIG_BENCH_{name}": value for name, value in remote.items()}
    runs = [
        ("first upload", [*reader, "--init", url], rclone),
        ("nothing new", reader, rclone),
        ("nothing new, rclone sync", reader, [rclone[0], "sync", *rclone[2:]]),
    ]
    for title, ours, their in runs:
        server.requests(), other.requests()
        mine, my_work = run(ours, environ)
        asked = server.requests()
        yours, your_work = run([*their, "--transfers", "16"], theirs)
        print(
            json.dumps(
                {
                    "run": title,
                    "reader": {
                        "seconds": round(mine, 2),
                        "processor": round(my_work, 2),
                        "requests": asked,
                    },
                    "rclone": {
                        "seconds": round(yours, 2),
                        "processor": round(your_work, 2),
                        "requests": other.requests(),
                    },
                    "times": round(yours / mine, 1),
                }
            ),
            flush=True,
        )
    server.stop()
    other.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
