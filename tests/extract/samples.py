"""The Markdown that is expected beside each sample page, as `reader extract` prints it.

`python -m tests.extract.samples` writes it anew; read what has changed before it is kept.
"""

import tomllib
from pathlib import Path

from reader import resources
from reader.extract import extract


def pages() -> list[Path]:
    """The sample pages, in the order in which the app shows them."""
    rows = tomllib.loads(
        (resources.sample_articles() / "samples.toml").read_text(encoding="utf-8")
    )["sample"]
    return [resources.sample_articles() / row["file"] for row in rows]


def beside(page: Path) -> Path:
    """Where the expected Markdown of a page lies."""
    return page.with_suffix(".expected.md")


def written(page: Path) -> str:
    """What comes out of a page now: title, text, and what was split off as related."""
    article = extract(page.read_bytes())
    related = "".join(
        f"\n<!-- related: {' · '.join(part for part in (item.title, item.source, item.age) if part)} -->"
        for item in article.related
    )
    return f"# {article.title}\n\n{article.markdown.strip()}\n{related}".rstrip() + "\n"


if __name__ == "__main__":
    for page in pages():
        beside(page).write_text(written(page), encoding="utf-8")
