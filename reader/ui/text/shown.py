"""What the reader pane is given to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reader.model.highlight import Highlight, Position


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article ready to be read. All texts may be hostile; the view cleans what it draws.

    `published` and `tags` are shown as given. `folder` is the article's own, absolute, or None;
    `pictures` maps an image's destination in the Markdown to its file below it. `notice` stands
    above the text (a page that had to be cut). `note` is the reader's own on the whole article.
    """

    id: str
    title: str
    markdown: str = field(repr=False)
    byline: str | None = None
    site: str | None = None
    published: str | None = None
    minutes: int = 0
    tags: tuple[str, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    note: str = ""
    position: Position | None = None
    folder: Path | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    notice: str = ""
