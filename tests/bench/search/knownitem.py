"""Known-item search: an article is sought by a few of its rarer words, in another order."""

import json
import random
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from reader.markdown.front_matter import split_front_matter
from reader.markdown.plain_text import to_plain_text
from reader.model.entry import Entry, EntryId
from reader.model.query import parse
from reader.model.tokenizer import tokenize
from reader.paths import Paths
from reader.search.store.cache import Cache
from reader.search.store.rows import CacheRow
from reader.search.text.stopwords import STOPWORDS

SOUGHT = 200
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def texts(pages: Path) -> list[str]:
    """The article of every page whose set gives it, as Markdown or text, long enough to search."""
    found = []
    for name in ("articles", "readability"):
        truth = json.loads((pages / name / "truth.json").read_text("utf-8"))
        found += [truth[key]["text"] for key in sorted(truth)]
    found += [file.read_text("utf-8") for file in sorted((pages / "markdown").glob("*.md"))]
    # Pages of nothing but filler text cannot be told apart by anyone.
    return [
        text
        for text in found
        if len(words := set(tokenize(to_plain_text(text)))) > 40 and not {"lorem", "ipsum"} <= words
    ]


def rarer_words(text: str, frequency: Counter[str], rng: random.Random) -> list[str]:
    """Two to four words of the rarest third that another text has too, where there are such."""
    run = tokenize(to_plain_text(split_front_matter(text)[1]))
    if sum(len(word) == 1 and not word.isascii() for word in run) > len(run) / 2:
        return ["".join(run[at : at + 3]) for at in rng.sample(range(len(run) - 3), 3)]
    words = sorted(set(run) - STOPWORDS)
    words = [word for word in words if len(word) > 3 and word.isalpha()]
    words.sort(key=lambda word: frequency[word])
    third = words[: max(len(words) // 3, 6)]
    shared = [word for word in third if frequency[word] > 1]
    chosen = rng.sample(shared if len(shared) >= 4 else third, min(rng.randrange(2, 5), len(third)))
    rng.shuffle(chosen)
    return chosen


def report(pages: Path) -> None:
    rng = random.Random(3)
    library = texts(pages)
    frequency = Counter(word for text in library for word in set(tokenize(to_plain_text(text))))
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        places = Paths(base / "home", base / "state", base / "cache", base / "c.toml")
        cache = Cache(places)
        rows = []
        for number, text in enumerate(library):
            (places.home / str(number)).mkdir(parents=True)
            (places.home / str(number) / "article.md").write_text(text, "utf-8")
            rows.append(
                CacheRow(
                    Entry(
                        EntryId(f"{number:012d}"),
                        None,
                        "",
                        "2026-01-01T00:00:00Z",
                        folder=str(number),
                    ),
                    "{}",
                )
            )
        cache.apply(rows, {}, {})
        cache.index_texts()
        first = five = 0
        sought = rng.sample(range(len(library)), min(SOUGHT, len(library)))
        for number in sought:
            query = parse(" ".join(rarer_words(library[number], frequency, rng)))
            hits = [int(hit.entry.id) for hit in cache.search(query, limit=5, now=NOW)]
            first += hits[:1] == [number]
            five += number in hits
        cache.close()
    print(
        f"known items: {len(sought)} of {len(library)} articles, two to four of their rarer words"
    )
    print(
        f"  first {first / len(sought):.1%} (asked 90 %)   in the first five {five / len(sought):.1%} (asked 98 %)"
    )
