"""Small libraries for the tests of this folder."""

from pathlib import Path

from reader.library import Library
from reader.library.document_store import DocumentStore
from reader.model.article import Article
from reader.model.change import SaveRequest
from reader.model.entry import EntryId
from reader.paths import Paths

NOON = 1_767_355_200.0
"""2026-01-02 12:00 UTC, in seconds."""


class Clock:
    """A clock that a test sets; each look is a millisecond later."""

    def __init__(self, now: float = NOON):
        self.now = now

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


def places_in(folder: Path, device: str = "one") -> Paths:
    """A library in `folder` as the device of this name sees it."""
    state = folder / f"state-{device}"
    return Paths(folder / f"library-{device}", state, state / "cache", state / "config.toml")


def article(title: str, text: str = "Some words that make a sentence.") -> Article:
    return Article(title=title, markdown=f"{text}\n", words=6)


def saving(title: str, number: int = 0, **given: object) -> SaveRequest:
    url = f"https://example.org/{title.replace(' ', '-')}/{number}"
    values: dict[str, object] = {"article": article(title), "page": b"<p>page", "given": url}
    return SaveRequest(**(values | given))  # type: ignore[arg-type]


def link(number: int, **given: object) -> SaveRequest:
    return SaveRequest(given=f"https://example.org/link/{number}", **given)  # type: ignore[arg-type]


def opened(places: Paths, clock: Clock | None = None) -> Library:
    return Library.open(places, clock=clock or Clock())


def added(library: Library, *savings: SaveRequest, step: str | None = "added") -> list[EntryId]:
    return [each.record.entry.id for each in library.add(savings, step=step)]


def state_of(places: Paths) -> dict[str, dict[str, object]]:
    """All fields of all records, as the disk has them."""
    ledger = DocumentStore(places, Clock())
    ledger.refresh()
    return {name: document.fields for name, document in ledger.documents.items()}


def journal_of(places: Paths) -> Path:
    """The one log of a library that one device wrote."""
    (path,) = (places.home / "journal").glob("*.log")
    return path
