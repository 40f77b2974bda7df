"""Requests and time of a first upload and of later runs, beside `rclone copy` in turns.

`python -m tests.bench.sync.requests [ARTICLES [SERVER]]`. Both sides send the same library to
servers of one kind, which log each request.
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
import urllib.request
from contextlib import suppress
from pathlib import Path
from random import Random

from reader.library import Library
from reader.model.article import Article, ImageFile
from reader.model.change import SaveRequest
from reader.paths import Paths
from tests.sync.servers import KEYS, apache_words, find_program, free_port, wait_for

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


_METHOD = rb"(?:GET|PUT|HEAD|DELETE|PROPFIND|MKCOL|POST|OPTIONS|MOVE)"
_REQUEST = re.compile(
    rb": %s from |serve s3: (?:[A-Z]+ (?:OBJECT|BUCKET)|delete multi)" % _METHOD
    + rb"|^%s [^ ]+ HTTP/1|\] \"%s /" % (_METHOD, _METHOD),
    re.MULTILINE,
)
"""One request in the log of each of the servers."""
KINDS = ("rclone s3", "rclone webdav", "moto", "wsgidav", "apache")


class Server:
    """A storage server with an empty folder, and a log of its requests."""

    def __init__(self, kind: str, folder: Path):
        self.is_s3 = kind in ("rclone s3", "moto")
        self.port = port = free_port()
        self._log = folder.with_name(f"{folder.name}.log")
        if kind == "apache":
            folder.mkdir(parents=True)
            words = apache_words(folder, port)
            self._log = folder / "log"
        else:
            (folder / "bucket").mkdir(parents=True)
            words = {
                "rclone s3": ["rclone", "serve", "s3", str(folder), "-vv", "--addr",
                              f"127.0.0.1:{port}", "--auth-key", f"{KEYS.user},{KEYS.secret}"],
                "rclone webdav": ["rclone", "serve", "webdav", str(folder), "-vv", "--addr",
                                  f"127.0.0.1:{port}"],
                "wsgidav": ["wsgidav", "--host", "127.0.0.1", "--port", str(port), "--root",
                            str(folder), "--auth", "anonymous"],
                "moto": ["moto_server", "-H", "127.0.0.1", "-p", str(port)],
            }[kind]  # fmt: skip
            words[0] = str(find_program(words[0]))
        with self._log.open("ab") as log:
            environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
            self._process = subprocess.Popen(words, stdout=log, stderr=log, env=environ)
        wait_for(port, self._process)
        if kind == "moto":
            address = f"http://127.0.0.1:{port}/bucket"
            urllib.request.urlopen(urllib.request.Request(address, method="PUT")).close()
        self._seen = 0

    @property
    def url(self) -> str:
        """The address of the remote."""
        return "s3://bucket/r" if self.is_s3 else f"http://127.0.0.1:{self.port}/r"

    def environ(self) -> dict[str, str]:
        """The variables by which the program reaches the server."""
        if not self.is_s3:
            return {}
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "READER_SYNC_USER": KEYS.user,
            "READER_SYNC_SECRET": KEYS.secret,
        }

    def rclone_remote(self) -> dict[str, str]:
        """The variables that make the server rclone's remote `bench:`."""
        address = f"http://127.0.0.1:{self.port}"
        remote = {"TYPE": "webdav", "URL": address, "VENDOR": "other"}
        if self.is_s3:
            remote = {
                "TYPE": "s3", "PROVIDER": "Other", "ACCESS_KEY_ID": KEYS.user,
                "SECRET_ACCESS_KEY": KEYS.secret, "ENDPOINT": address,
            }  # fmt: skip
        return {f"RCLONE_CONFIG_BENCH_{name}": value for name, value in remote.items()}

    def requests(self) -> int:
        """The requests since the last call."""
        time.sleep(0.2)
        found = len(_REQUEST.findall(self._log.read_bytes()))
        new, self._seen = found - self._seen, found
        return new

    def processor(self) -> float:
        """The processor seconds of the server and its children so far."""
        parents: dict[int, int] = {}
        used: dict[int, float] = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                row = path.read_text().rpartition(")")[2].split()
                parents[int(path.parent.name)] = int(row[1])
                ticks = os.sysconf("SC_CLK_TCK")
                used[int(path.parent.name)] = (int(row[11]) + int(row[12])) / ticks
        mine = {self._process.pid}
        while added := {each for each, parent in parents.items() if parent in mine} - mine:
            mine |= added
        return sum(used.get(each, 0.0) for each in mine)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


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
    kinds = [" ".join(words[1:])] if words[1:] else list(KINDS)
    root = Path(tempfile.mkdtemp(prefix="reader-bench-"))
    root.chmod(0o755)
    try:
        make_library(root, count)
        for number, kind in enumerate(kinds):
            _compare(root, kind, root / f"served-{number}")
            shutil.rmtree(root / "state-home", ignore_errors=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return 0


def _compare(root: Path, kind: str, folder: Path) -> None:
    """Run both against a server each of one kind, in turns."""
    server, other = Server(kind, folder / "ours"), Server(kind, folder / "theirs")
    environ = {
        "READER_HOME": str(root / "library"),
        "XDG_STATE_HOME": str(root / "state-home"),
        "XDG_CACHE_HOME": str(root / "cache-home"),
        "READER_CONFIG": str(root / "config.toml"),
        **server.environ(),
    }
    reader = [sys.executable, "-m", "reader", "sync"]
    rclone = [str(find_program("rclone")), "copy", str(root / "library"), "bench:bucket/r"]
    runs = [
        ("first upload", [*reader, "--init", server.url], rclone),
        ("nothing new", reader, rclone),
        ("nothing new, rclone sync", reader, [rclone[0], "sync", *rclone[2:]]),
        ("one new article", reader, rclone),
    ]
    try:
        for title, ours, theirs in runs:
            if title == "one new article":
                add_article(root)
            _ = server.requests(), other.requests()
            one = measured(ours, environ, server)
            two = measured([*theirs, "--transfers", "16"], other.rclone_remote(), other)
            row: dict[str, object] = {"server": kind, "run": title}
            row |= {"reader": one, "rclone": two}
            for name in ("seconds", "processor"):
                row[f"{name}, times"] = round(two[name] / one[name], 1)
            print(json.dumps(row), flush=True)
    finally:
        server.stop()
        other.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measured(words: list[str], environ: dict[str, str], server: Server) -> dict[str, float]:
    """Run a command; return its time, its and the server's processor time, and the requests."""
    before = server.processor()
    seconds, processor = run(words, environ)
    return {
        "seconds": round(seconds, 2),
        "processor": round(processor, 2),
        "server's processor": round(server.processor() - before, 2),
        "requests": server.requests(),
    }


def add_article(home: Path) -> None:
    """Save one more article."""
    paths = Paths(home / "library", home / "state", home / "cache", home / "config.toml")
    library = Library.open(paths)
    article = Article(title="A new page", markdown=f"{time.time()} is its time.\n", words=4)
    address = f"https://example.org/new/{time.time()}"
    library.import_entries([SaveRequest(article, b"<p>new", given=address)], step=None)
    library.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
