"""Times of search, filters, related articles and summaries, beside ripgrep and TinyDB's query."""

import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tinydb import TinyDB, where
from tinydb.storages import MemoryStorage

from reader.model.entry import Entry
from reader.model.query import parse
from reader.paths import Paths
from reader.search.store.cache import Cache
from reader.search.text.summary import summarise
from reader.services.cache_sync import catch_up
from tests.bench.search.made import counting, library, markdown, vocabulary

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FILTERS = (
    "", "is:unread", "is:starred", "is:archived", "tag:field3", "tag:field3/*", "tag:field3 is:unread",
    "added:<30d", "added:2010..2015", "published:2012", "words:>2000", "left:<10", "has:tags",
    "-has:tags", "lang:de", "tag:field3 OR is:starred",
)  # fmt: skip


def places_in(base: Path) -> Paths:
    """Where the library below `base` has its parts."""
    return Paths(base / "home", base / "state", base / "cache", base / "c.toml")


def made(base: Path, size: int) -> Cache:
    """A library of that size below `base`, made and indexed where it is not there yet."""
    places = places_in(base)
    cache = Cache(places)
    if not (base / "whole").exists():
        shutil.rmtree(places.home, ignore_errors=True)
        library(places, size)
        (base / "whole").touch()
    start = time.perf_counter()
    if catch_up(places, cache):
        print(f"  carried from the journal in {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    done = cache.index_texts()
    if done:
        print(
            f"  indexed {done} articles: {(time.perf_counter() - start) / done * 1e3:.2f} ms each"
        )
    return cache


def timed(job: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    job()
    return (time.perf_counter() - start) * 1e3


def percentiles(name: str, times: Sequence[float], asked: str) -> float:
    ordered = sorted(times)
    p50, p95 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    print(f"  {name:44} p50 {p50:8.2f} ms   p95 {p95:8.2f} ms   asked: {asked}")
    return p50


def queries(words: Sequence[str], count: int, rng: random.Random) -> list[str]:
    """One to three words each, every other with a filter by tag or date."""
    filters = (" tag:field3", " tag:field7/*", " -tag:field2", " added:2015..2018", " added:<5y")
    return [
        " ".join(rng.choices(words, k=1 + number % 3)) + (rng.choice(filters) if number % 2 else "")
        for number in range(count)
    ]


def report(base: Path, size: int) -> None:
    rng = random.Random(5)
    print(f"{size} articles")
    cache = made(base, size)
    connection = counting(cache.path)
    words = [
        word
        for (word,) in connection.execute(
            "select term from vocabulary where doc between 5 and 5000"
        )
    ]
    common = [
        word
        for (word,) in connection.execute(
            "select term from vocabulary where doc > ? limit 20", (size / 5,)
        )
    ]
    for query in queries(words, 40, rng):
        cache.search(parse(query), now=NOW)
    times = [
        timed(partial(cache.search, parse(query), now=NOW)) for query in queries(words, 500, rng)
    ]
    percentiles("20 hits with snippets, 500 queries", times, "p95 12 ms")
    times = [timed(partial(cache.search, parse(word), now=NOW)) for word in common]
    percentiles("a word of more than 20 % of the articles", times, "150 ms")
    typed = [word[:end] for word in rng.choices(words, k=40) for end in range(1, len(word) + 1)]
    times = [timed(partial(_type, cache, text)) for text in typed]
    percentiles("a keystroke to the first window", times, "-")
    times = [timed(partial(_filter, cache, text)) for text in FILTERS for _ in range(3)]
    percentiles("filters without text", times, "30 ms")
    _peers(cache, words, rng)
    _likeness(cache, rng)
    _index(cache, connection, size)
    connection.close()
    cache.close()
    # Imported here: the app is only needed for this one figure.
    from tests.bench.search import typing

    times = typing.measure(places_in(base))
    percentiles("a keystroke to the repainted list", times, "p95 60 ms")


def _type(cache: Cache, text: str) -> Sequence[Entry]:
    return cache.listing(cache.as_prefix_query(parse(text), text), now=NOW)[:40]


def _filter(cache: Cache, text: str) -> Sequence[Entry]:
    return cache.listing(parse(text), now=NOW)[:40]


def _peers(cache: Cache, words: Sequence[str], rng: random.Random) -> None:
    chosen = rng.choices(words, k=5)
    mine = sum(timed(partial(cache.search, parse(word), now=NOW)) for word in chosen) / 5
    if shutil.which("rg"):
        command = ["rg", "-il", "--no-messages", "-w"]
        times = [
            timed(
                partial(
                    subprocess.run, [*command, word, cache.home], capture_output=True, check=False
                )
            )
            for word in chosen
        ]
        print(
            f"  ripgrep -il over the files {sum(times) / 5:8.1f} ms   {sum(times) / 5 / mine:6.0f} x reader   asked: 50 x"
        )
    table = TinyDB(storage=MemoryStorage).table("entries")
    table.insert_multiple(
        {"id": e.id, "tags": list(e.tags), "added": e.added}
        for e in cache.listing(parse(""), now=NOW)
    )
    other = timed(lambda: table.search(where("tags").any(["field3/topic13"])))
    own = timed(lambda: cache.listing(parse("tag:field3/topic13"), now=NOW))
    print(f"  TinyDB's own query by tag {other:8.1f} ms   reader {own:.1f} ms")


def _likeness(cache: Cache, rng: random.Random) -> None:
    listing = cache.listing(parse(""), now=NOW)
    chosen = [listing[rng.randrange(len(listing))] for _ in range(40)]
    percentiles(
        "related articles of one",
        [timed(partial(cache.related, entry)) for entry in chosen],
        "50 ms",
    )
    text = markdown(rng, vocabulary("en", 40_000, rng), 5000)
    percentiles(
        "summary of 5,000 words",
        [timed(lambda: summarise("A title", text)) for _ in range(5)],
        "150 ms",
    )


def _index(cache: Cache, connection: sqlite3.Connection, size: int) -> None:
    read = connection.execute(
        "select sum(pgsize) from dbstat where name glob 'text_*' or name in ('words', 'common')"
    )
    index = int(read.fetchone()[0])
    text = sum(file.stat().st_size for file in cache.home.rglob("article.md"))
    print(
        f"  index {index / 1e6:.0f} MB of {text / 1e6:.0f} MB text: {index / text:.2f} x   asked: 0.6 x"
    )
    times = []
    for (row,) in connection.execute("select row from facts order by random() limit 60").fetchall():
        connection.execute("insert or ignore into unindexed values (?)", (row,))
        connection.commit()
        times.append(timed(cache.index_texts))
    percentiles("one more article into the index", times, "3 ms")
