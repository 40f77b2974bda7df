"""Outputs of an extractor for every page of the sets, kept in a file that later runs continue."""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from tests.bench.extraction.extractors import Extract
from tests.bench.extraction.samples import pages

MAX_SECONDS = 20.0
"""Wall time of one page, after which it counts as empty; the slowest peer takes 5 on most."""

Output = tuple[str, float]
"""Markdown and seconds."""


class OutputsUnfinishedError(Exception):
    """The time of this run is over before all pages are done."""


class _PageTimeoutError(BaseException):
    """A page takes too long. No Exception, since extractors catch those and go on."""


def outputs(
    extract: Extract, folder: Path, kept: Path | None, seconds: float
) -> dict[tuple[str, str], Output]:
    """Return an extractor's Markdown for every page, by set and key.

    Reads what the file `kept` has, and appends the other pages to it one by one. Raises
    OutputsUnfinishedError after `seconds`.
    """
    found = dict(_read(kept)) if kept is not None and kept.exists() else {}
    ends = time.monotonic() + seconds
    with _appending(kept) as file:
        for group, key, truth, page in pages(folder):
            if (group, key) in found:
                continue
            if time.monotonic() > ends:
                raise OutputsUnfinishedError(f"{len(found)} pages are done")
            began = time.perf_counter()
            markdown = _answer(extract, page, truth.get("url") or "https://example.org/")
            found[group, key] = markdown, time.perf_counter() - began
            if file is not None:
                file.write(json.dumps([group, key, *found[group, key]]) + "\n")
                file.flush()
    return found


def _read(kept: Path) -> Iterator[tuple[tuple[str, str], Output]]:
    for line in kept.read_text("utf-8").splitlines():
        group, key, markdown, seconds = json.loads(line)
        yield (group, key), (markdown, seconds)


@contextmanager
def _appending(kept: Path | None) -> Iterator[TextIO | None]:
    if kept is None:
        yield None
        return
    with kept.open("a", encoding="utf-8") as file:
        yield file


def _answer(extract: Extract, page: bytes, url: str) -> str:
    """Return the extractor's Markdown, or nothing if it fails: each fails on some page."""
    try:
        with _time_limit():
            return extract(page, url)
    except (Exception, _PageTimeoutError) as error:  # noqa: BLE001  # a peer may raise anything
        print(f"  {type(error).__name__} on {url}", file=sys.stderr)
        return ""


@contextmanager
def _time_limit() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _PageTimeoutError

    former = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
