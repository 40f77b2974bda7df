"""`python -m tests.bench.hostile.stages [--size N] [--only STAGES]`: stages over stored texts, by text.

Each text repeats one sign, pair or mark, alone and behind a normal paragraph. It is saved as an
article; then all that the program does with a stored text is timed. Prints for each stage its
slowest texts in processor seconds for a megabyte; 1 if any takes more than one.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Final

from reader.layout.document import ShownArticle, build_document, plain_text
from reader.markdown.outline import links, outline
from reader.markdown.plain_text import to_plain_text
from reader.model.article import Article
from reader.model.change import SaveRequest
from reader.model.entry import EntryId
from reader.model.errors import ReaderError
from reader.model.query import Query, parse
from reader.paths import find
from reader.services import annotations, articles, duplicates, exports
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.search.test_linear_time import UNITS

MAX_SECONDS: Final = 1.0
"""Processor seconds for a megabyte."""
_SHOWN: Final = 4
_PARAGRAPH: Final = "A normal paragraph stands before all this, and it ends as one should.\n\n"
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_FORMATS: Final = ("html", "epub", "markdown", "json")


class Case:
    """One text as the article of a library of its own."""

    def __init__(self, folder: Path, text: str):
        os.environ |= {
            "READER_HOME": str(folder / "library"),
            "READER_CONFIG": str(folder / "config.toml"),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        self.folder, self.text = folder, text
        self.workspace = Workspace(find(), Settings())
        others = [
            SaveRequest(article=Article(f"Another {at}", _PARAGRAPH, 13), page=b"%d" % at)
            for at in range(3)
        ]
        saved = self.workspace.library.add(
            [SaveRequest(article=Article("A title", text, 1000), page=b"page"), *others], step=None
        )
        self.id: EntryId = saved[0].record.entry.id

    def index(self) -> None:
        self.workspace.synced_cache(text=True)

    def search(self) -> None:
        cache = self.workspace.synced_cache(text=True)
        for words in ("normal paragraph", '"normal paragraph"', "normla", "norm*"):
            cache.search(parse(words), now=_NOW)
        cache.completions()

    def related(self) -> None:
        cache = self.workspace.synced_cache(text=True)
        entry = cache.entries([self.id])[0]
        cache.related(entry)
        duplicates.find_duplicates(self.workspace, Query())

    def suggest_tags(self) -> None:
        cache = self.workspace.synced_cache(text=True)
        cache.suggest_tags("A title", self.text, offered=["paragraph"])

    def summarise(self) -> None:
        articles.summary_text(articles.read(self.workspace, self.workspace.synced_cache(), self.id))

    def show(self) -> None:
        outline(self.text)
        links(self.text)
        to_plain_text(self.text)

    def lay_out(self) -> None:
        plain_text(self.text)
        build_document(ShownArticle(self.id, "A title", self.text))

    def highlight(self) -> None:
        with suppress(ReaderError):
            # Half of the texts do not have these words.
            annotations.highlight_quote(self.workspace, self.id, "normal paragraph")

    def export(self, name: str) -> None:
        target = self.folder / f"export-{name}"
        exports.export(self.workspace, [self.id], name, target)


STAGES: Final[dict[str, Callable[[Case], object]]] = {
    "index": Case.index,
    "search": Case.search,
    "related": Case.related,
    "suggested tags": Case.suggest_tags,
    "summary": Case.summarise,
    "outline, links, text": Case.show,
    "layout": Case.lay_out,
    "highlight": Case.highlight,
    **{f"export {name}": lambda case, name=name: case.export(name) for name in _FORMATS},  # type: ignore[misc]
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=300_000, help="characters of each text")
    parser.add_argument("--only", nargs="*", default=list(STAGES), choices=STAGES)
    arguments = parser.parse_args(argv)
    # Each stage imports its libraries before it is timed.
    with tempfile.TemporaryDirectory() as folder:
        first = Case(Path(folder), _PARAGRAPH)
        for stage in arguments.only:
            STAGES[stage](first)
        first.workspace.close()
    costs: dict[str, list[tuple[float, str]]] = {stage: [] for stage in arguments.only}
    for unit in UNITS:
        for before in ("", _PARAGRAPH):
            text = (before + unit * (arguments.size // len(unit)))[: arguments.size]
            with tempfile.TemporaryDirectory() as folder:
                case = Case(Path(folder), text)
                for stage in arguments.only:
                    start = process_time()
                    try:
                        STAGES[stage](case)
                    except ReaderError as error:
                        print(f"{stage}, {unit!r}: {error}")
                    seconds = (process_time() - start) * 1e6 / arguments.size
                    costs[stage].append((seconds, f"{unit!r}{' after prose' * bool(before)}"))
                case.workspace.close()
    missed = 0
    print(f"{2 * len(UNITS)} texts of {arguments.size} characters; processor seconds a megabyte")
    for stage, found in costs.items():
        found.sort(reverse=True)
        slow = sum(seconds > MAX_SECONDS for seconds, _ in found)
        missed += slow
        worst = ", ".join(f"{text} {seconds:.2f}" for seconds, text in found[:_SHOWN])
        print(f"{stage:22} {'MISSED ' + str(slow) if slow else 'met':10} {worst}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
