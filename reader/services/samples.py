"""Sample articles for a library that was never used, so that there is something to read."""

import tomllib
from datetime import timedelta
from typing import Final

from reader import resources
from reader.model.change import SaveRequest
from reader.model.errors import ReaderError
from reader.services.workspace import Workspace

TAG: Final = "sample"


def is_unused(shelf: Workspace) -> bool:
    """Whether nothing was ever put into the library; deleting everything leaves it used."""
    journal = shelf.places.home / "journal"
    return not journal.is_dir() or not any(journal.iterdir())


def install_samples(shelf: Workspace) -> int:
    """Put the samples into an unused library, a minute apart; returns how many.

    They are written at clock zero, so that removing them on any device outweighs putting them
    there again on another. A sample that cannot be read is left out. Blocks, some seconds.
    """
    if not is_unused(shelf):
        return 0
    folder = resources.sample_articles()
    rows = tomllib.loads((folder / "samples.toml").read_text(encoding="utf-8"))["sample"]
    pages = [(folder / row["file"]).read_bytes() for row in rows]
    savings: list[SaveRequest] = []
    articles = shelf.extractors.map((page, None) for page in pages)
    for number, (row, page, article) in enumerate(zip(rows, pages, articles, strict=True)):
        if isinstance(article, ReaderError):
            continue
        added = shelf.now() - timedelta(minutes=number)
        saving = SaveRequest(
            article,
            page,
            given=article.url,
            tags=(TAG, *row["tags"]),
            added=f"{added:%Y-%m-%dT%H:%M:%SZ}",
        )
        savings.append(saving)
    return len(shelf.library.add(savings, step=None, sample=True))
