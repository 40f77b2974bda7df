"""`python -m tests.bench.server [FIGURE…] [--articles N] [--pages SCRIPT]`.

Figures: `idle`, `pages`, `crowd`, `clients`, `host`, `hostile`; all of them by default. Each starts
`reader serve` as a process. Exit 1 where a figure misses its limit. `clients` needs PyPI's
`wallabag-client`, `hostile` a script that writes hostile pages (see `tests.bench.hostile`).
"""

import argparse
import http.client
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.hostile.__main__ import SHARED
from tests.bench.library.made import library

MAX_PAGE_MS, MAX_IDLE_SHARE, MAX_MEGABYTES = 20.0, 0.0005, 60.0
CLIENTS, SAVES = 20, 500
_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A running server over a library in a folder."""

    def __init__(self, folder: Path):
        self.variables = {
            **os.environ,
            "HOME": str(folder),
            "READER_HOME": str(folder / "library"),
            "READER_CONFIG": str(folder / "config.toml"),
            "XDG_STATE_HOME": str(folder / "xdg"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        command = [sys.executable, "-m", "reader"]
        token = subprocess.run(
            [*command, "serve", "token"],
            env=self.variables,
            capture_output=True,
            text=True,
            check=True,
        )
        self.token = token.stdout.strip()
        began = time.monotonic()
        self.process = subprocess.Popen(
            [*command, "serve", "--port", "0"],
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self.start_seconds = time.monotonic() - began
        self.port = int(self.address.rpartition(":")[2])
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        connection: http.client.HTTPConnection | None = None,
    ) -> tuple[int, bytes]:
        """Send one request; return status and body."""
        used = connection or self.connection
        heads = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        used.request(method, path, None if body is None else json.dumps(body).encode(), heads)
        response = used.getresponse()
        return response.status, response.read()

    def listed(self) -> list[dict[str, Any]]:
        """Return what `reader list --json` prints."""
        done = subprocess.run(
            [sys.executable, "-m", "reader", "list", "--json"],
            env=self.variables, capture_output=True, check=True,
        )  # fmt: skip
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def processes(self) -> list[int]:
        """Return the ids of the server and its children."""
        found = [self.process.pid]
        for each in Path("/proc").iterdir():
            if each.name.isdecimal():
                try:
                    parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
                except (OSError, ValueError):
                    continue
                if parent == self.process.pid:
                    found.append(int(each.name))
        return found

    def megabytes(self) -> float:
        """Return the resident memory of the server and its children."""
        total = 0
        for each in self.processes():
            for line in Path(f"/proc/{each}/status").read_text().splitlines():
                if line.startswith("VmRSS"):
                    total += int(line.split()[1])
        return total / 1024

    def processor_seconds(self) -> float:
        values = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(values[11]) + int(values[12])) / _TICKS


@contextmanager
def serving(articles: int = 0) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if articles:
            # `made.library` has its own names of folders.
            made = library(folder, articles)
            (folder / "xdg").mkdir()
            made.state.rename(folder / "xdg" / "reader")
        server = Server(folder)
        try:
            yield server
        finally:
            server.process.terminate()
            server.process.communicate(timeout=60)


def show(name: str, value: str, is_right: bool = True) -> bool:
    """Print one figure; return whether it is within its limit."""
    print(f"{name:<52} {value}{'' if is_right else '   <-- misses its limit'}", flush=True)
    return is_right


def idle(articles: int) -> bool:
    """Memory and processor time of a server that waits, before and after use."""
    right = True
    for size in (0, articles):
        with serving(size) as server:
            right &= show(f"start, {size} articles", f"{server.start_seconds:.2f} s")
            right &= _idle(server, f"{size} articles, just started")
            for path in ("/api/entries?perPage=30", "/api/tags", "/opds", "/opds/list?view=Inbox"):
                server.ask("GET", path)
            page = {"url": "https://example.org/", "content": _page(1)}
            server.ask("POST", "/api/entries", page)
            show(f"{size} articles, after a save, with children", f"{server.megabytes():.0f} MB")
            time.sleep(25)
            right &= _idle(server, f"{size} articles, 25 s after use")
    return right


def _idle(server: Server, name: str) -> bool:
    before = server.processor_seconds()
    time.sleep(20)
    share = (server.processor_seconds() - before) / 20
    memory = server.megabytes()
    right = show(f"{name}: processor", f"{share:.2%}", share <= MAX_IDLE_SHARE)
    return show(f"{name}: memory", f"{memory:.1f} MB", memory <= MAX_MEGABYTES) and right


def pages(articles: int) -> bool:
    """Times of a page of 30."""
    right = True
    with serving(articles) as server:
        for query in (
            "", "&detail=metadata", "&archive=0", "&starred=1", "&archive=0&order=asc",
            "&sort=updated&detail=metadata", "&since=1600000000&sort=updated&order=asc",
        ):  # fmt: skip
            spent = []
            before = server.processor_seconds()
            for number in range(1, 101):
                page = number % 40 + 1
                began = time.perf_counter()
                status, body = server.ask("GET", f"/api/entries.json?perPage=30&page={page}{query}")
                spent.append((time.perf_counter() - began) * 1000)
                assert status == 200, body
            # The first request of a kind fills the cache of its condition.
            right &= _times(f"page of 30, {query or 'no filter'}", spent)
            busy = (server.processor_seconds() - before) * 10
            show("  processor time of one", f"{busy:.1f} ms", busy <= MAX_PAGE_MS)
        spent = []
        for number in range(100):
            began = time.perf_counter()
            url = f"https://example.org/{number}"
            server.ask("POST", "/api/entries", {"url": url})
            server.ask("GET", "/api/entries?detail=metadata&archive=0")
            spent.append((time.perf_counter() - began) * 1000)
        show("save a link and list a page, median", f"{statistics.median(spent):.1f} ms")
        began = time.perf_counter()
        server.ask("GET", f"/api/entries/exists?hashed_url={'0' * 40}")
        first = time.perf_counter() - began
        began = time.perf_counter()
        server.ask("GET", f"/api/entries/exists?hashed_url={'1' * 40}")
        show(
            "exists by hash, first and next",
            f"{first * 1000:.0f}, {(time.perf_counter() - began) * 1000:.1f} ms",
        )
        show("memory after it", f"{server.megabytes():.0f} MB")
    return right


def _times(name: str, spent: list[float]) -> bool:
    ordered = sorted(spent)
    late = ordered[int(len(ordered) * 0.95) - 1]
    said = f"median {ordered[len(ordered) // 2]:.1f}, p95 {late:.1f}, max {ordered[-1]:.0f} ms"
    return show(name, said, late <= MAX_PAGE_MS)


def crowd(articles: int) -> bool:
    """500 saves by 20 clients at once: links, then pages with content."""
    right = True
    for kind in ("links", "pages"):
        with serving() as server:
            statuses: list[int] = []

            def save(
                client: int,
                server: Server = server,
                kind: str = kind,
                statuses: list[int] = statuses,
            ) -> None:
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
                for number in range(SAVES // CLIENTS):
                    name = f"{client}-{number}"
                    body = {"url": f"https://example.org/{name}", "tags": f"client{client}"}
                    if kind == "pages":
                        body["content"] = _page(client * 1000 + number)
                    statuses.append(server.ask("POST", "/api/entries.json", body, connection)[0])

            began = time.monotonic()
            clients = [threading.Thread(target=save, args=(each,)) for each in range(CLIENTS)]
            for each in clients:
                each.start()
            for each in clients:
                each.join()
            seconds = time.monotonic() - began
            total = json.loads(server.ask("GET", "/api/entries?detail=metadata")[1])["total"]
            is_right = statuses.count(200) == total == len(server.listed()) == SAVES
            right &= show(
                f"{SAVES} {kind} by {CLIENTS} clients",
                f"{statuses.count(200)} acknowledged, {total} listed, {seconds:.1f} s",
                is_right,
            )
    return right


def _page(number: int) -> str:
    text = "".join(
        f"<p>Paragraph {number}.{part} of a page that a client saves, with a sentence or two.</p>"
        for part in range(12)
    )
    return f"<html><head><title>Page {number}</title></head><body><article><h1>Page {number}</h1>{text}</article></body></html>"


def clients(articles: int) -> bool:
    """PyPI's wallabag-client: add, list, tag, export, delete."""
    from configparser import ConfigParser

    from wallabag.api.add_entry import AddEntry
    from wallabag.api.add_entry import Params as AddParams
    from wallabag.api.add_tag_to_entry import AddTagToEntry
    from wallabag.api.add_tag_to_entry import Params as TagParams
    from wallabag.api.api import RequestException
    from wallabag.api.delete_entry import DeleteEntry
    from wallabag.api.delete_tag_from_entry import DeleteTagFromEntry
    from wallabag.api.entry_exists import EntryExists
    from wallabag.api.export_entry import ExportEntry
    from wallabag.api.get_api_version import ApiVersion
    from wallabag.api.get_entry import GetEntry
    from wallabag.api.get_list_entries import GetListEntries
    from wallabag.api.get_list_entries import Params as ListParams
    from wallabag.api.get_tags_for_entry import GetTagsForEntry
    from wallabag.api.update_entry import Params as UpdateParams
    from wallabag.api.update_entry import UpdateEntry
    from wallabag.config import Configs
    from wallabag.entry import Entry

    with serving() as server, tempfile.TemporaryDirectory() as folder:
        config = Configs(str(Path(folder) / "config.ini"))
        config.config = ConfigParser(interpolation=None)
        for section, name, value in (
            ("api", "serverurl", server.address),
            ("api", "username", "reader"),
            ("api", "password", server.token),
            ("oauth2", "client", "reader"),
            ("oauth2", "secret", "reader"),
        ):
            config.set(section, name, value)
        url = f"{server.address}/health"
        assert ApiVersion(config, None).request().response
        AddEntry(config, url, {AddParams.TITLE: "Health", AddParams.TAGS: "a,b"}).request()
        listed = GetListEntries(config, {ListParams.COUNT: 30}).request().response
        (entry,) = Entry.create_list(
            [{"content": "", **each} for each in listed["_embedded"]["items"]]
        )
        assert (entry.title, entry.url) == ("Health", url)
        assert EntryExists(config, url).request().response["exists"] == entry.entry_id
        AddTagToEntry(config, {TagParams.ENTRY_ID: entry.entry_id, TagParams.TAGS: "c"}).request()
        tags = {
            each["label"]: each["id"]
            for each in GetTagsForEntry(config, entry.entry_id).request().response
        }
        assert set(tags) == {"a", "b", "c"}
        DeleteTagFromEntry(config, entry.entry_id, tags["a"]).request()
        UpdateEntry(
            config, entry.entry_id, {UpdateParams.STAR: True, UpdateParams.READ: True}
        ).request()
        found = Entry(GetEntry(config, entry.entry_id).request().response)
        assert (found.starred, found.read, found.get_tags_string()) == (
            True,
            True,
            found.get_tags_string(),
        )
        exported = ExportEntry(config, entry.entry_id, "epub").request()
        assert exported.content.startswith(b"PK"), exported.content[:50]
        DeleteEntry(config, entry.entry_id).request()
        try:
            GetEntry(config, entry.entry_id).request()
        except RequestException:
            return show("wallabag-client: add, list, tag, mark, export, delete", "works")
    return show("wallabag-client", "finds a deleted entry", False)


def hostile(articles: int, script: Path) -> bool:
    """Every hostile page as content, upload and message to the browser's host: clean answers."""
    if not script.is_file():
        return show("hostile pages", f"skipped: no {script}")
    wrong, statuses = [], dict[int, int]()
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(
            [sys.executable, str(script), name, "--big"], check=True, capture_output=True
        )
        index = json.loads((Path(name) / "index.json").read_text())
        rows = index if isinstance(index, list) else index["pages"]
        with serving() as server:
            for row in rows:
                page = (Path(name) / row["file"]).read_bytes()
                for send in (_send_content, _send_file, _send_message):
                    try:
                        status, body = send(server, row["name"], page)
                    except OSError as error:
                        wrong.append(f"{row['name']}: {error}")
                        continue
                    statuses[status] = statuses.get(status, 0) + 1
                    allowed = {
                        "save": (200, 201),
                        "reject": (200, 400, 413, 422),
                        "either": (200, 201, 400, 413, 422),
                    }[row["expect"]]
                    if status not in allowed or b"Traceback" in body:
                        wrong.append(f"{row['name']}: {status} {body[:200]!r}")
                    if any(each.encode() in body for each in row.get("must_not", ())):
                        wrong.append(f"{row['name']}: {send.__name__} shows what it must not")
            memory = server.megabytes()
            assert server.ask("GET", "/health")[0] == 200
            total = json.loads(server.ask("GET", "/api/entries?perPage=500")[1])["total"]
    for each in wrong:
        print("  ", each)
    return show(
        f"{len(rows)} hostile pages, each sent three ways",
        f"{statuses}, {total} entries, {memory:.0f} MB with children, {len(wrong)} wrong",
        not wrong,
    )


def _send_content(server: Server, name: str, page: bytes) -> tuple[int, bytes]:
    body = {
        "url": f"https://example.org/content/{name}",
        "content": page.decode("utf-8", "replace"),
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    return server.ask("POST", "/api/entries", body, connection)


def _send_file(server: Server, name: str, page: bytes) -> tuple[int, bytes]:
    mark = b"-----4f1c0b5e"
    body = (
        b"--" + mark + b'\r\nContent-Disposition: form-data; name="url"\r\n\r\n'
        + f"https://example.org/file/{name}".encode() + b"\r\n--" + mark
        + b'\r\nContent-Disposition: form-data; name="file"; filename="a.html"\r\n\r\n'
        + page + b"\r\n--" + mark + b"--\r\n"
    )  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    heads = {
        "Authorization": f"Bearer {server.token}",
        "Content-Type": "multipart/form-data; boundary=" + mark.decode(),
    }
    connection.request("POST", "/api/v1/bookmarks/singlefile", body, heads)
    response = connection.getresponse()
    return response.status, response.read()


def _send_message(server: Server, name: str, page: bytes) -> tuple[int, bytes]:
    """Send a page to the browser's host on the server's library; 200 saved, 422 refused."""
    values = {"content": page.decode("utf-8", "replace"), "url": f"https://example.org/host/{name}"}
    sent = json.dumps({"method": "save", "pageData": {**values, "filename": "", "title": ""}})
    done = subprocess.run(
        [sys.executable, "-P", "-m", "reader.services.browser_host"],
        input=len(sent.encode()).to_bytes(4, sys.byteorder) + sent.encode(),
        env=server.variables,
        capture_output=True,
        check=False,
    )
    answer = done.stdout[4:]
    if done.returncode or len(answer) != int.from_bytes(done.stdout[:4], sys.byteorder):
        return 500, done.stdout + done.stderr
    return (422 if "error" in json.loads(answer) else 200), answer + done.stderr


def host(articles: int) -> bool:
    """Processor times of the browser's host: its start, and a page beside `reader extract`."""
    page = _page(1)
    with tempfile.TemporaryDirectory() as folder:
        variables = {
            **os.environ,
            "HOME": folder,
            "READER_HOME": f"{folder}/library",
            "READER_CONFIG": f"{folder}/config.toml",
            "XDG_STATE_HOME": f"{folder}/state",
            "XDG_CACHE_HOME": f"{folder}/cache",
        }
        file = Path(folder) / "page.html"
        file.write_text(page)
        program = [sys.executable, "-P", "-m", "reader.services.browser_host"]

        def spent(command: Sequence[str], sent: bytes = b"") -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run(command, input=sent, env=variables, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            assert done.returncode == 0, done.stderr
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        def message(number: int) -> bytes:
            values = {
                "content": page,
                "url": f"https://example.org/{number}",
                "title": "",
                "filename": "",
            }
            sent = json.dumps({"method": "save", "pageData": values}).encode()
            return len(sent).to_bytes(4, sys.byteorder) + sent

        starts, plain, saves, extracts = [], [], [], []
        for number in range(8):
            plain.append(spent([sys.executable, "-c", "pass"]))
            starts.append(spent(program))
            saves.append(spent(program, message(number)))
            extracts.append(spent([sys.executable, "-m", "reader", "extract", str(file)]))
    start, click = min(starts) / min(plain), min(saves) / min(extracts)
    right = show("host's start beside `python -c pass`", f"{start:.2f} x", start <= 3)
    return show("click to row beside `reader extract`", f"{click:.2f} x", click <= 1.5) and right


FIGURES: dict[str, Callable[[int], bool]] = {
    "idle": idle, "pages": pages, "crowd": crowd, "clients": clients, "host": host,
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.server", description=__doc__)
    parser.add_argument(
        "figures", nargs="*", choices=[*FIGURES, "hostile", []], default=[], metavar="FIGURE"
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--pages", type=Path, default=SHARED, metavar="SCRIPT")
    arguments = parser.parse_args(argv)
    figures = FIGURES | {"hostile": lambda articles: hostile(articles, arguments.pages)}
    results = [figures[name](arguments.articles) for name in arguments.figures or figures]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
