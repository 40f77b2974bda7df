"""`python -m tests.bench.hostile [--pages SCRIPT] [--only NAMES]`: hostile pages through the program.

The script writes them (`SCRIPT FOLDER --big`) with an index.json that says of each what is right:
saved, refused or either, and what no output may hold. Every page has a library of its own. Exit 1
where one is neither saved nor refused in one line, takes too long or too much memory, loses its
end in silence, or sends to a terminal what does not belong there.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHARED = Path("../shared/tools/hostile_pages.py")
SECONDS, MEGABYTES = 15.0, 1024.0
PRINTING = (
    ["list"],
    ["show", "ID"],
    ["show", "ID", "--json"],
    ["show", "ID", "--summary"],
    ["export", "--format", "html", "--to", "OUT/x.html"],
)
FORBIDDEN = frozenset(
    [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u2028", "\u2029"]
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one command did; `megabytes` is the most that it or a process under it held.

    `seconds` are those on the clock, `busy` those of the processor.
    """

    code: int
    out: bytes
    err: bytes
    seconds: float
    busy: float
    megabytes: float


class Person:
    """Somebody with an empty library in a folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._variables = {
            **os.environ,
            "READER_HOME": str(folder / "home"),
            "READER_CONFIG": str(folder / "config.toml"),
            **{f"XDG_{kind}_HOME": str(folder / kind) for kind in ("STATE", "CACHE", "DATA")},
        }

    def run(self, *words: str) -> Run:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            begun = time.monotonic()
            process = subprocess.Popen(
                [sys.executable, "-m", "reader", *words],
                env=self._variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.monotonic() - begun
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            held = used.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
            busy = used.ru_utime + used.ru_stime
            return Run(process.returncode, out.read(), err.read(), seconds, busy, held)

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """Every file that was made from the page's text; the page itself is kept as it came."""
        for file in self.folder.rglob("*"):
            if file.suffix in (".md", ".log", ".json", ".html") and file.is_file():
                yield str(file.relative_to(self.folder)), file.read_bytes()


def faults(page: dict[str, Any], file: Path, person: Person, added: Run) -> Iterator[str]:
    """Everything that is wrong about how this page was taken."""
    if added.seconds > SECONDS:
        yield f"took {added.seconds:.1f} s"
    if added.megabytes > MEGABYTES:
        yield f"took {added.megabytes:.0f} MB"
    rows = json.loads(person.run("list", "--json").out)
    if added.code not in (0, 1):
        yield f"exit code {added.code}"
    if added.err.count(b"\n") > 1 or b"a bug in reader" in added.err:
        yield f"said {added.err[:200]!r}"
    if bool(rows) != (added.code == 0):
        yield f"exit code {added.code} with {len(rows)} rows"
    if added.code and not added.err.startswith(b"reader: "):
        yield "refused without a word"
    if page["expect"] == ("reject" if rows else "save"):
        yield "saved" if rows else f"refused: {added.err.decode(errors='replace').strip()}"
    yield from unclean("add", added.out + added.err)
    if not rows:
        return
    printed = [("add", added.out + added.err)]
    for words in PRINTING:
        given = [
            word.replace("ID", rows[0]["id"]).replace("OUT", str(person.folder)) for word in words
        ]
        done = person.run(*given)
        printed.append((" ".join(words), done.out + done.err))
        if done.code or b"a bug in reader" in done.err:
            yield f"{' '.join(words)}: exit code {done.code}, {done.err[:200]!r}"
        yield from unclean(" ".join(words), done.out + done.err)
    for where, content in (*printed, *person.texts()):
        for bad in page["must_not"]:
            if bad.encode("utf-8", "surrogatepass") in content:
                yield f"{bad!r} in {where}"
    yield from lost(page, file, dict(printed)["show ID"], added.err)


def unclean(where: str, content: bytes) -> Iterator[str]:
    """What should not reach a terminal."""
    text = content.decode("utf-8", "surrogateescape")
    bad = {
        sign
        for sign in set(text) - {"\n", "\t"}
        if unicodedata.category(sign) in ("Cc", "Cs")
        or sign in FORBIDDEN
        or 0xE0000 <= ord(sign) < 0xE0080
    }
    if bad:
        yield f"{where}: {sorted(bad)!a}"


def lost(page: dict[str, Any], file: Path, shown: bytes, said: bytes) -> Iterator[str]:
    """The first and last words of the article, where the page has them and nothing says it was cut."""
    # What stands after a comment that is never closed is part of it, in every browser.
    content = re.sub(rb"<!--.*?(?:-->|\Z)", b"", file.read_bytes(), flags=re.DOTALL)
    for kind in ("MARKER", "TAIL"):
        word = f"{kind}{page['name'].replace('_', '')}".encode()
        if word in content and word not in shown and b"left out" not in said:
            yield f"{word.decode()} is missing"


def main(argv: Sequence[str] | None = None) -> int:
    """Take every page and tell what is wrong; 1 where anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, default=SHARED)
    parser.add_argument("--only", default="", help="comma-separated names")
    given = parser.parse_args(argv)
    if not given.pages.is_file():
        print(f"no script that writes pages at {given.pages}: nothing is measured")
        return 0
    wrong, taken, slowest, largest = 0, 0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            [sys.executable, str(given.pages), str(folder), "--big"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        for page in json.loads((folder / "index.json").read_text(encoding="utf-8")):
            if given.only and page["name"] not in given.only.split(","):
                continue
            file = folder / page["file"]
            with tempfile.TemporaryDirectory() as home:
                person = Person(Path(home))
                added = person.run("add", str(file))
                found = list(faults(page, file, person, added))
            taken += 1
            slowest, largest = max(slowest, added.seconds), max(largest, added.megabytes)
            does = "saved" if added.code == 0 else "refused"
            print(
                f"{page['name']:<20} {does:<8} {added.seconds:6.1f} s {added.busy:6.1f} s busy {added.megabytes:6.0f} MB",
                flush=True,
            )
            for fault in found:
                print(f"    {fault}", flush=True)
            wrong += bool(found)
    print(f"{taken} pages, {wrong} with faults; at most {slowest:.1f} s and {largest:.0f} MB")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
