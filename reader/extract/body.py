"""Which part of a page is the article."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from lxml.html import HtmlElement

from reader.extract import survey
from reader.extract.assembly import assemble, keep_media
from reader.extract.blocks import Block, fold
from reader.extract.forest import trained
from reader.extract.smoothing import choose
from reader.model.article import Related

NEVER: Final = 0.001
"""The chance given to blocks that rules alone leave out."""


class Parsed(Protocol):
    """A parsed page: its one tree, and the address that its links are relative to."""

    @property
    def root(self) -> HtmlElement: ...
    @property
    def base_url(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Body:
    """The article's elements, ready to be written; `root` holds nothing where there is no text.

    `tags` are hashtags that stood beside the text. `told` is the page's JSON-LD `articleBody`
    where the page itself shows none of it, else empty.
    """

    root: HtmlElement = field(repr=False)
    related: tuple[Related, ...] = ()
    tags: tuple[str, ...] = ()
    told: str = ""
    cut: bool = False


def select(page: Parsed, title: str = "") -> Body:
    """The page's article without chrome, comments and related articles.

    `title` is what the article is called; a first line that only repeats it is left out. The
    page's tree is used up. Linear in the page but for the opinions, which are nearly so.
    """
    seen = survey.look(page.root, page.base_url)
    kept = decide(seen)
    _drop_title(seen.blocks, kept, (title, *seen.told.titles))
    media = keep_media(seen.cut.media, seen.blocks, kept)
    root = assemble(seen.cut.boxes[0], seen.blocks, kept, media)
    return Body(
        root=root,
        related=tuple(seen.beside.articles),
        tags=tuple(seen.beside.tags),
        told=_untold(seen, kept),
    )


def decide(seen: survey.Survey) -> list[bool]:
    """For every block whether it belongs to the article."""
    chances = trained("blocks").chances(seen.rows) if seen.rows else []
    for number in seen.apart:
        chances[number] = NEVER
    kept = choose(seen.blocks, seen.cut.boxes, chances)
    if not any(kept) and chances:
        kept = [chance > NEVER and chance >= 0.5 * max(chances) for chance in chances]
    return kept


def _drop_title(blocks: Sequence[Block], kept: list[bool], titles: Sequence[str]) -> None:
    names = {_letters(title) for title in titles if title}
    for number, block in enumerate(blocks):
        if kept[number]:
            if _letters(block.text) in names:
                kept[number] = False
            else:
                return


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text).casefold()))


def _untold(seen: survey.Survey, kept: Sequence[bool]) -> str:
    """The JSON-LD text where it says much more than what was chosen, and not the same."""
    body = seen.told.body
    chosen = sum(len(block.text) for block, keep in zip(seen.blocks, kept, strict=True) if keep)
    if len(body) < 250 or 2 * chosen > len(body):
        return ""
    return body
