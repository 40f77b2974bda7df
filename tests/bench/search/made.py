"""Libraries of any size with made text: Zipf's law, four languages, topics, tags and dates."""

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from reader.library.device_identity import claim_device, create_library_folders
from reader.library.journal_codec import FORMAT, encode
from reader.model.text import count_words
from reader.model.urls import id_for
from reader.paths import Paths

FIRST_DAY = datetime(2006, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_SYLLABLES = {
    "en": [
        "the",
        "re",
        "in",
        "con",
        "ing",
        "tion",
        "er",
        "an",
        "de",
        "al",
        "st",
        "ment",
        "ly",
        "pro",
        "com",
        "un",
        "ther",
        "ed",
        "le",
        "ter",
        "or",
        "is",
        "at",
        "on",
    ],
    "de": [
        "un",
        "ge",
        "ver",
        "ung",
        "keit",
        "schaft",
        "über",
        "für",
        "ein",
        "aus",
        "zeit",
        "bürg",
        "mög",
        "lich",
        "stra",
        "ße",
        "en",
        "er",
        "be",
        "auf",
    ],
    "fr": [
        "é",
        "la",
        "les",
        "con",
        "été",
        "tion",
        "ment",
        "eur",
        "eux",
        "pré",
        "sé",
        "français",
        "ré",
        "ça",
        "dé",
        "ville",
        "où",
        "ter",
        "ne",
        "que",
    ],
}
_HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
_SHARES = {"en": 70, "de": 14, "fr": 11, "ja": 5}


@dataclass(frozen=True)
class Vocabulary:
    """Words of one language, the most frequent first, with Zipf's weights summed up."""

    words: list[str]
    summed: list[float]

    def text(self, rng: random.Random, count: int) -> list[str]:
        return rng.choices(self.words, cum_weights=self.summed, k=count)


def vocabulary(language: str, size: int, rng: random.Random) -> Vocabulary:
    """`size` different words; frequency falls as 1 / (rank + 2.7), after Mandelbrot."""
    words: dict[str, None] = {}
    tries = 0
    while len(words) < size:
        tries += 1
        if language == "ja":
            words["".join(rng.choices(_HAN, k=rng.choice((1, 2, 2, 3))))] = None
        else:
            least = 1 if tries < 100 else 2 if len(words) < 5000 else 3
            words["".join(rng.choices(_SYLLABLES[language], k=least + rng.randrange(2)))] = None
    return Vocabulary(list(words), list(accumulate(1 / (rank + 2.7) for rank in range(size))))


def vocabularies(rng: random.Random) -> dict[str, Vocabulary]:
    sizes = {"en": 120_000, "de": 60_000, "fr": 50_000, "ja": 30_000}
    return {language: vocabulary(language, size, rng) for language, size in sizes.items()}


def markdown(rng: random.Random, words: Vocabulary, count: int, *, spaced: bool = True) -> str:
    """Paragraphs of sentences, some with a link, some words emphasised, a heading now and then."""
    chosen = words.text(rng, count)
    paragraphs: list[str] = []
    at = 0
    while at < len(chosen):
        sentences: list[str] = []
        for _ in range(rng.randrange(2, 6)):
            length = rng.randrange(7, 24)
            sentence = chosen[at : at + length]
            at += length
            if sentence:
                sentences.append(
                    (" " if spaced else "").join(sentence).capitalize() + ("." if spaced else "。")
                )
        if rng.random() < 0.1:
            paragraphs.append("## " + " ".join(words.text(rng, 4)))
        text = " ".join(sentences)
        if spaced and rng.random() < 0.3:
            head, _, tail = text.partition(" ")
            text = f"[{head}](https://example.org/{rng.randrange(10**6)}) {tail}"
        paragraphs.append(text)
    return "\n\n".join(paragraphs) + "\n"


def library(places: Paths, size: int, seed: int = 1) -> None:
    """Write `size` articles and the journal that years of saving, reading and tagging would leave."""
    rng = random.Random(seed)
    words = vocabularies(rng)
    tags = [f"field{n // 4}/topic{n}" if n % 4 else f"field{n // 4}" for n in range(120)]
    step = (LAST_DAY - FIRST_DAY) / size
    create_library_folders(places)
    device = claim_device(places).id
    with (places.home / "journal" / f"{device}-1.log").open("wb") as journal:
        journal.write(encode({"format": FORMAT, "device": device, "n": 1}))
        for number in range(size):
            language = rng.choices(list(_SHARES), weights=list(_SHARES.values()))[0]
            length = min(max(int(rng.lognormvariate(6.25, 0.6)), 80), 6000)
            body = markdown(rng, words[language], length, spaced=language != "ja")
            title = " ".join(words[language].text(rng, rng.randrange(4, 9))).capitalize()
            given = record(number, title, body, language, rng, tags, FIRST_DAY + step * number)
            write_article(places.home / given["folder"], given["url"], title, body)
            for line in lines(given, FIRST_DAY + step * number, rng):
                journal.write(encode(line))


def record(
    number: int,
    title: str,
    body: str,
    language: str,
    rng: random.Random,
    tags: list[str],
    added: datetime,
) -> dict[str, Any]:
    """What saving the article puts into the journal."""
    url = f"https://site{number % 700}.example.org/{number}"
    fields = {
        "url": url,
        "title": title,
        "site": f"Site {number % 700}",
        "byline": f"Author {int(rng.random() ** 2 * 5000)}",
        "added": f"{added:%Y-%m-%dT%H:%M:%SZ}",
        "published": f"{added - timedelta(days=rng.randrange(400)):%Y-%m-%d}",
        "language": language,
        "words": count_words(body),
        "text": f"{rng.getrandbits(256):064x}",
        "folder": f"articles/{added.year}/made-{id_for(url)}-{number:08x}",
        "deleted": False,
    }
    return fields | {f"tag:{tag}": tag for tag in rng.choices(tags, k=rng.randrange(4))}


def lines(given: dict[str, Any], added: datetime, rng: random.Random) -> Iterator[dict[str, Any]]:
    """The article's creation, and what a reader did with it later."""
    at, name = int(added.timestamp() * 1000), id_for(given["url"])
    yield {"c": [at, 0], "o": "set", "i": name, "f": given}
    later: dict[str, Any] = {}
    if rng.random() < 0.4:
        later |= {"finished": True, "progress": 1.0}
    elif rng.random() < 0.25:
        later |= {"progress": 0.4}
    later |= {"starred": True} if rng.random() < 0.05 else {}
    later |= {"archived": True} if rng.random() < 0.3 else {}
    later |= {"deleted": True} if rng.random() < 0.005 else {}
    if later:
        yield {"c": [at + 90_000_000, 1], "o": "set", "i": name, "f": later}


def write_article(folder: Path, url: str, title: str, body: str) -> None:
    """The article's text on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "article.md").write_text(f'---\nurl: {url}\ntitle: "{title}"\n---\n\n{body}', "utf-8")


def counting(cache: Path) -> sqlite3.Connection:
    """A connection whose table `vocabulary` has every word with the number of its articles."""
    connection = sqlite3.connect(cache)
    connection.execute("create virtual table temp.vocabulary using fts5vocab (main, text, row)")
    return connection
