"""Tag suggestions from text alone, leave-one-out, on a made library of overlapping topics."""

import random
import tempfile
from collections import Counter
from itertools import accumulate
from pathlib import Path

from reader.model.entry import Entry, EntryId
from reader.paths import Paths
from reader.search.store.article_files import read_plain_text
from reader.search.store.cache import Cache
from reader.search.store.rows import CacheRow
from tests.bench.search.made import markdown, vocabulary

TOPICS = 30
TEXTS = 600
_SHARED = 0.5
"""Of a topic's words that other topics have too."""


def topic_words(rng: random.Random, words: list[str]) -> list[list[str]]:
    """For each topic 60 words of its own field, half of them drawn from a pool that all share."""
    pool = words[300:900]
    own = words[2000:]
    rng.shuffle(own)
    shared = int(60 * _SHARED)
    return [rng.sample(pool, shared) + own[at * 60 : at * 60 + 60 - shared] for at in range(TOPICS)]


def made_library(home: Path, seed: int = 11) -> list[tuple[CacheRow, set[str]]]:
    """Texts of 120 to 400 words, a quarter of them of their topic; sizes of topics fall by Zipf."""
    rng = random.Random(seed)
    general = vocabulary("en", 8000, rng)
    topics = topic_words(rng, list(general.words))
    sizes = list(accumulate(1 / (rank + 3) for rank in range(TOPICS)))
    numbers = [
        *range(TOPICS),
        *range(TOPICS),
        *rng.choices(range(TOPICS), cum_weights=sizes, k=TEXTS - 2 * TOPICS),
    ]
    made = []
    for number, topic in enumerate(numbers):
        count = rng.randrange(120, 400)
        said = rng.choices(topics[topic], k=count // 4)
        body = markdown(rng, general, count - len(said)) + " ".join(said) + ".\n"
        folder = f"articles/{number}"
        (home / folder).mkdir(parents=True)
        (home / folder / "article.md").write_text(body, "utf-8")
        tags = {f"topic{topic}"} | (
            {f"topic{(topic + 7) % TOPICS}"} if rng.random() < 0.15 else set()
        )
        entry = Entry(
            EntryId(f"{number:012d}"), None, f"Text {number}", "2026-01-01T00:00:00Z",
            tags=tuple(sorted(tags)), folder=folder,
        )  # fmt: skip
        made.append((CacheRow(entry, "{}"), tags))
    return made


def strangers(seed: int = 5, count: int = 50) -> list[str]:
    """Texts in words that the library does not have, but for the most frequent ones."""
    rng = random.Random(seed)
    other = vocabulary("de", 6000, rng)
    common = vocabulary("en", 8000, random.Random(11)).words[:40]
    return [markdown(rng, other, 200) + " ".join(rng.choices(common, k=60)) for _ in range(count)]


def report() -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        places = Paths(base / "home", base / "state", base / "cache", base / "c.toml")
        made = made_library(places.home)
        cache = Cache(places)
        cache.apply([row for row, _ in made], {}, {})
        cache.index_texts()
        frequent = [tag for tag, _ in Counter(t for _, tags in made for t in tags).most_common(3)]
        right = baseline = silent = 0
        for row, tags in made:
            entry = row.entry
            found = cache.suggest_tags("", read_plain_text(places.home, entry), besides=entry.id)
            right += bool(tags & {each.tag for each in found[:3]})
            baseline += bool(tags & set(frequent))
            silent += not found
        odd = sum(bool(cache.suggest_tags("", text)) for text in strangers())
        cache.close()
    print(f"tag suggestions: {TEXTS} texts, {TOPICS} topics, a right tag among the first three")
    print(f"  reader {right / TEXTS:.1%}   most frequent tags {baseline / TEXTS:.1%}   asked: 90 %")
    print(f"  texts of the library without any suggestion: {silent}")
    print(f"  texts like nothing in the library that got one: {odd} of 50   asked: none")
