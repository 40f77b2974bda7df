"""Sample articles for a new library."""

import tomllib
from datetime import timedelta
from typing import Final

from reader import resources
from reader.model.change import SaveRequest
from reader.model.errors import ReaderError
from reader.services.workspace import Workspace

TAG: Final = "sample"


def is_unused(workspace: Workspace) -> bool:
    """Return whether nothing was ever added; a library with everything deleted is used."""
    journal = workspace.places.home / "journal"
    return not journal.is_dir() or not any(journal.iterdir())


def install_samples(workspace: Workspace) -> int:
    """Add the samples to an unused library, a minute apart; return how many.

    They are written at clock zero, so that deleting them on one device wins over installing them
    on another. A sample that cannot be read is left out. Blocks for some seconds.
    """
    if not is_unused(workspace):
        return 0
    folder = resources.sample_articles()
    rows = tomllib.loads((folder / "samples.toml").read_text(encoding="utf-8"))["sample"]
    pages = [(folder / row["file"]).read_bytes() for row in rows]
    savings: list[SaveRequest] = []
    articles = workspace.extractors.map((page, None) for page in pages)
    for number, (row, page, article) in enumerate(zip(rows, pages, articles, strict=True)):
        if isinstance(article, ReaderError):
            continue
        added = workspace.now() - timedelta(minutes=number)
        saving = SaveRequest(
            article,
            page,
            given=article.url,
            tags=(TAG, *row["tags"]),
            added=f"{added:%Y-%m-%dT%H:%M:%SZ}",
        )
        savings.append(saving)
    return len(workspace.library.add(savings, step=None, sample=True))
