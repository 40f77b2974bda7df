"""Related articles: the two halves of one article are saved as two and must find each other."""

import re
import tempfile
from pathlib import Path
from typing import Final

from reader.model.entry import Entry, EntryId
from reader.model.text import count_words
from tests.bench.search.questions import make_cache, read_articles

MIN_WORDS: Final = 400
_SENTENCE_END: Final = re.compile(r"(?<=[.!?。])\s+")


def split_articles(pages: Path) -> tuple[list[tuple[str, Entry, str]], dict[int, int]]:
    """Articles of the page sets, longer ones as two untitled halves, and which belong together."""
    made: list[tuple[str, Entry, str]] = []
    siblings: dict[int, int] = {}
    for key, entry, text in read_articles(pages):
        sentences = _SENTENCE_END.split(text)
        parts = [text]
        if entry.words >= MIN_WORDS and len(sentences) > 11:
            half = len(sentences) // 2
            parts = [" ".join(sentences[:half]), " ".join(sentences[half:])]
            siblings |= {len(made): len(made) + 1, len(made) + 1: len(made)}
        for part in parts:
            number = len(made)
            title = entry.title if len(parts) == 1 else ""
            own = entry._replace(id=EntryId(f"{number:012d}"), title=title, folder=str(number),
                words=count_words(part),
            )  # fmt: skip
            made.append((key, own, part))
    return made, siblings


def report(pages: Path) -> None:
    """Print how often a half is among the first five, and how many others are shown beside it."""
    articles, siblings = split_articles(pages)
    found = first = shown = 0
    with tempfile.TemporaryDirectory() as folder:
        cache = make_cache(Path(folder), articles)
        for number, sibling in siblings.items():
            related = cache.related(articles[number][1], limit=5)
            ids = [int(each.entry.id) for each in related]
            found += sibling in ids
            first += ids[:1] == [sibling]
            shown += len(ids) - (sibling in ids)
        cache.close()
    count = len(siblings)
    print(f"related articles: {count} halves of articles among {len(articles)} texts")
    print(
        f"  other half among the first five {found / count:.1%} (asked 97 %), first"
        f" {first / count:.1%}; {shown / count:.1f} others offered"
    )
