"""Devices of one library, and one remote, for the tests of this folder."""

import hashlib
from pathlib import Path

from reader.library import Library
from reader.model.article import Article
from reader.model.change import SaveRequest
from reader.model.entry import EntryId
from reader.services.sync import init_remote, run_sync
from reader.services.workspace import Workspace
from reader.settings import Settings
from reader.sync.session import SyncReport
from reader.sync.store import Store
from tests.library.libraries import Clock, added, places_in, state_of

WORDS = "Glacier otter violin паром lantern 航路".split()
"""Words of the articles, to be looked for where nothing may be read."""


class Device:
    """One device: its folders, its library, and its clock."""

    def __init__(self, folder: Path, name: str, remote: Store, **settings: object):
        self.places = places_in(folder, name)
        self.remote = remote
        self.clock = Clock()
        self.settings = Settings(**settings)  # type: ignore[arg-type]

    def begin(self, *, sealed: bool = False) -> "Device":
        """Join the remote, or make it ready."""
        with self.opened() as workspace:
            init_remote(workspace, "memory", sealed=sealed, store=self.remote)
        return self

    def opened(self) -> Workspace:
        """A new process."""
        return Workspace(self.places, self.settings, clock=self.clock)

    def sync(self) -> SyncReport:
        """Sync in a process of its own."""
        with self.opened() as workspace:
            return run_sync(workspace, store=self.remote)

    def library(self) -> Library:
        return Library.open(self.places, clock=self.clock)

    def add(self, *numbers: int) -> list[EntryId]:
        """Save articles with text and page."""
        return added(self.library(), *map(page, numbers))

    def state(self) -> dict[str, dict[str, object]]:
        """All fields of all records, as the disk has them."""
        return state_of(self.places)

    def tree(self) -> dict[str, str]:
        """The digest of every file of the library that stays."""
        return {
            path.relative_to(self.places.home).as_posix(): hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
            for path in sorted(self.places.home.rglob("*"))
            if path.is_file() and path.relative_to(self.places.home).parts[0] != "tmp"
        }


def page(number: int) -> SaveRequest:
    """An article of its own."""
    word = WORDS[number % len(WORDS)]
    article = Article(
        title=f"{word} number {number}",
        markdown=f"The {word} of number {number} makes a sentence. " * 5 + "\n",
        words=45,
    )
    return SaveRequest(
        article, f"<p>{word} {number}".encode(), given=f"https://example.org/{word}/{number}"
    )
