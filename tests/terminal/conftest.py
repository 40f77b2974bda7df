"""A small library on the disk, and programs that are ended with their test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader import paths, settings
from reader.model.article import Article
from reader.model.change import SaveRequest
from reader.model.entry import EntryId
from reader.services.workspace import Workspace
from tests.terminal.emulator import Program

SENTENCES = [
    f"Sentence number {number} is about the ferry and its slow crossing of the strait."
    for number in range(200)
]
LONG = "\n\n".join(" ".join(SENTENCES[at : at + 4]) for at in range(0, 200, 4))


@pytest.fixture
def workspace(settled: Path) -> Iterator[Workspace]:
    """Three articles, the longest one first in the list."""
    with Workspace(paths.find(), settings.Settings()) as opened:
        opened.library.add(
            [
                saving("The long crossing", LONG, "2026-03-03T00:00:00Z"),
                saving("A short walk", "One goes out and comes back.", "2026-03-02T00:00:00Z"),
                saving("Night library", "They read there until late.", "2026-03-01T00:00:00Z"),
            ],
            step="added 3 articles",
        )
        yield opened


def saving(title: str, markdown: str, added: str) -> SaveRequest:
    """An article that was saved then."""
    address = f"https://example.org/{title.replace(' ', '-')}"
    article = Article(title, markdown, len(markdown.split()), site="example.org", url=address)
    return SaveRequest(article, b"<p>page</p>", given=address, added=added)


def id_of(workspace: Workspace, title: str) -> EntryId:
    """The id of the article with that title, as the disk has it."""
    workspace.library.refresh()
    return next(r.entry.id for r in workspace.library.records() if r.entry.title == title)


@pytest.fixture
def start() -> Iterator[Callable[..., Program]]:
    """Start the program; it is ended after the test."""
    started: list[Program] = []

    def begin(
        *words: str, columns: int = 130, lines: int = 36, term: str = "xterm-256color"
    ) -> Program:
        command = words or ("-m", "reader")
        started.append(Program(*command, columns=columns, lines=lines, term=term))
        return started[-1]

    yield begin
    for program in started:
        program.close()
