"""Which part of a page is the article."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from lxml.etree import SubElement
from lxml.html import HtmlElement, fragment_fromstring

from reader.extract import survey
from reader.extract.assembly import assemble, keep_media, make_figures
from reader.extract.blocks import Block, Box, Media, fold
from reader.extract.forest import trained
from reader.extract.lexicon import Lexicon, learned
from reader.extract.neighbours import look_around
from reader.extract.smoothing import choose
from reader.model.article import Related

LEAST_TOLD: Final = 250
"""Characters from which a page's JSON-LD text may stand for a page that shows less."""
LEANING: Final = 0.7
"""Log-odds by which the paragraph scores' opinion counts beside the model that knows it too."""
SURE: Final = 0.01
"""Chance below which, or as near to 1, the neighbours are not asked."""
KICKER: Final = 30
"""Characters of the longest line above a title that only says where the article is filed."""
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

    `tags` are hashtags that stood beside the text.
    """

    root: HtmlElement = field(repr=False)
    related: tuple[Related, ...] = ()
    tags: tuple[str, ...] = ()
    cut: bool = False


def select(page: Parsed, title: str = "") -> Body:
    """The page's article without chrome, comments and related articles.

    `title` is what the article is called; a first line that only repeats it is left out. The
    page's tree is used up. Linear in the page but for the opinions, which are nearly so.
    """
    seen = survey.look(page.root, page.base_url)
    kept, media = decide(seen, judge(seen))
    _drop_title(seen.blocks, kept, (title, *seen.told.titles))
    if (told := _untold(seen, kept)) is not None:
        root = told
    else:
        root = assemble(seen.cut.boxes[0], seen.blocks, kept, media)
    return Body(root, tuple(seen.beside.articles), tuple(seen.beside.tags))


def judge(seen: survey.Survey) -> list[float]:
    """For every block the chance that it is text: at first sight, then among its neighbours."""
    known = with_words(seen, learned())
    chances = spread(seen, trained("first").chances(known))
    rows = dict(zip(seen.judged, known, strict=True))
    # Most of a page is plain at first sight, and a forest costs more than all else about a block.
    open_to = [number for number in seen.judged if SURE < chances[number] < 1 - SURE]
    around = look_around(seen.blocks, seen.own, chances, open_to)
    second = [rows[number] + more for number, more in zip(open_to, around, strict=True)]
    for number, chance in zip(open_to, trained("second").chances(second), strict=True):
        chances[number] = chance
    return chances


def with_words(seen: survey.Survey, lexicon: Lexicon) -> list[list[float]]:
    """The rows of the judged blocks, with what the lexicon says of their words and names."""
    names: dict[Box, list[float]] = {}
    rows = []
    for number, row in zip(seen.judged, seen.rows, strict=True):
        block = seen.blocks[number]
        if block.box not in names:
            names[block.box] = lexicon.name_hints(block.box)
        rows.append(row + lexicon.word_hints(block) + names[block.box])
    return rows


def spread(seen: survey.Survey, chances: Sequence[float]) -> list[float]:
    """The chances of all blocks, of those that rules leave out too."""
    whole = [NEVER] * len(seen.blocks)
    for number, chance in zip(seen.judged, chances, strict=True):
        whole[number] = chance
    return whole


def decide(seen: survey.Survey, chances: Sequence[float]) -> tuple[list[bool], list[Media]]:
    """For every block whether it belongs to the article, and the pictures that do."""
    kept = choose(seen.blocks, seen.cut.boxes, _leaning(seen, chances))
    if not any(kept) and chances:
        best = max(chances)
        kept = [chance > NEVER and 2 * chance >= best for chance in chances]
    media = keep_media(seen.cut.media, seen.blocks, kept)
    make_figures(seen.blocks, kept, media)
    return kept, media


def _leaning(seen: survey.Survey, chances: Sequence[float]) -> list[float]:
    """The chances, moved a little towards what the paragraph scores say."""
    moved = list(chances)
    for number in seen.judged:
        odds = math.log(max(moved[number], 1e-9) / max(1 - moved[number], 1e-9))
        odds += LEANING if seen.scores[number] > 0.5 else -LEANING
        moved[number] = 1 / (1 + math.exp(-odds))
    return moved


def _drop_title(blocks: Sequence[Block], kept: list[bool], titles: Sequence[str]) -> None:
    """Leave out the title where the text begins with it, and a word or two that stand above it."""
    names = {_letters(title) for title in titles if title}
    above: list[int] = []
    for number, block in enumerate(blocks):
        if not kept[number]:
            continue
        if _letters(block.text) in names:
            for dropped in (*above, number):
                kept[dropped] = False
            above = []
        elif above or len(block.text) > KICKER:
            return
        else:
            above.append(number)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text).casefold()))


def _untold(seen: survey.Survey, kept: Sequence[bool]) -> HtmlElement | None:
    """The JSON-LD text in paragraphs, where it says much more than what the page shows."""
    body = seen.told.body
    chosen = sum(len(block.text) for block, keep in zip(seen.blocks, kept, strict=True) if keep)
    if len(body) < LEAST_TOLD or 2 * chosen > len(body):
        return None
    root = fragment_fromstring("<div></div>")
    for line in body.splitlines():
        if text := fold(line):
            SubElement(root, "p").text = text
    return root
