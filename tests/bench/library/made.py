"""Libraries of any size, written as the journal lines that years of use would leave."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reader.library.device_identity import claim_device, create_library_folders
from reader.library.journal_codec import FORMAT, encode
from reader.model.urls import id_for
from reader.paths import Paths

_FIRST_DAY = datetime(2006, 1, 1, tzinfo=UTC)
_DAYS = 7300
_SYLLABLES = [
    "ka",
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
]


def places_in(folder: Path) -> Paths:
    """A library, a state and a cache below `folder`."""
    return Paths(
        folder / "library", folder / "state", folder / "cache", folder / "config" / "config.toml"
    )


def library(folder: Path, size: int) -> Paths:
    """A library of `size` records on one device: most articles, one in twelve a link."""
    places = places_in(folder)
    create_library_folders(places)
    device = claim_device(places).id
    with (places.home / "journal" / f"{device}-1.log").open("wb") as stream:
        stream.write(encode({"format": FORMAT, "device": device, "n": 1}))
        stream.writelines(encode(line) for line in lines(size))
    return places


def lines(size: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Creations, oldest first, a third of them followed by what a reader does with an article."""
    rng = random.Random(seed)
    for number in range(size):
        at = _FIRST_DAY + timedelta(seconds=number * _DAYS * 86400 // size)
        milliseconds = int(at.timestamp() * 1000)
        url = f"https://site{number % 700}.example.org/{at.year}/{number}/{_words(rng, 3, '-')}"
        name = str(id_for(url))
        fields = _fields(rng, number, url, name, at)
        yield {"c": [milliseconds, 0], "o": "set", "i": name, "f": fields}
        if rng.random() < 0.33:
            later = milliseconds + rng.randrange(86_400_000)
            read = {"finished": True, "progress": 1.0, "position": [_words(rng, 6), 4000, 1.0]}
            yield {"c": [later, 1], "o": "set", "i": name, "f": read}
        if rng.random() < 0.1:
            change = {"starred": True, "tag:kept": "kept"}
            yield {"c": [milliseconds + 90_000_000, 2], "o": "set", "i": name, "f": change}


def _fields(rng: random.Random, number: int, url: str, name: str, at: datetime) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "url": url,
        "title": _words(rng, rng.randrange(4, 10)).capitalize(),
        "site": f"Site {number % 700}",
        "added": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "deleted": False,
    }
    for topic in rng.choices(range(120), k=rng.randrange(3)):
        tag = f"field{topic // 4}/topic{topic}"
        fields[f"tag:{tag}"] = tag
    if number % 12:
        fields |= {
            "byline": f"Author {int(rng.random() ** 2 * 5000)}",
            "published": f"{at - timedelta(days=rng.randrange(400)):%Y-%m-%d}",
            "language": rng.choice(("en", "en", "en", "de", "fr", "ja")),
            "description": _words(rng, 20),
            "words": rng.randrange(80, 6000),
            "suggested": [_words(rng, 1) for _ in range(rng.randrange(4))],
            "text": f"{rng.getrandbits(256):064x}",
            "folder": f"articles/{at.year}/{_words(rng, 5, '-')}-{name}-{rng.getrandbits(32):08x}",
        }
    return fields


def _words(rng: random.Random, count: int, between: str = " ") -> str:
    return between.join(
        "".join(rng.choices(_SYLLABLES, k=rng.randrange(1, 4))) for _ in range(count)
    )
