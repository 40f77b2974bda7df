"""Which part of a page is the article."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from lxml.etree import SubElement
from lxml.html import HtmlElement, fragment_fromstring

from reader.extract.content import boilerplate, figures, readability_lxml, related_links
from reader.extract.content.classifier import choose, look_around, trained
from reader.extract.content.features import PageView
from reader.extract.content.lexicon import Lexicon, learned
from reader.extract.content.readability_score import Scores
from reader.extract.content.repeated_blocks import keep_alike
from reader.extract.content.segmenter import Block, Box, Media, Segmenter, fold
from reader.extract.content.tree_builder import assemble, keep_media
from reader.extract.metadata import page_hints
from reader.model.article import Related


@dataclass(frozen=True, slots=True)
class Survey:
    """All that the choice is made from; `rows` has one list of numbers per block.

    `apart` are the numbers of blocks that rules alone leave out."""

    cut: Segmenter
    told: page_hints.Told
    beside: related_links.Found
    apart: set[int]
    judged: list[int]
    rows: list[list[float]]
    own: list[list[float]]
    scores: list[float]

    @property
    def blocks(self) -> list[Block]:
        return self.cut.blocks


def look(root: HtmlElement, base: str | None) -> Survey:
    """Survey the tree; scripts, styles and comments are taken out of it."""
    said = page_hints.read(root)
    unseen = boilerplate.unseen(root)
    boilerplate.show_noscripts(root)
    boilerplate.strip_code(root)
    boilerplate.drop_unseen_words(root, unseen)
    body = root.find(".//body")
    cut = Segmenter(root if body is None else body)
    hidden = [box for box in cut.boxes if box.element in unseen]
    scores = Scores(cut.blocks, cut.boxes, hidden).kept()
    opinions = (scores, readability_lxml.kept(root, cut.blocks))
    apart = boilerplate.apart(cut.blocks, cut.boxes, unseen)
    beside = related_links.find(cut.blocks, cut.boxes, base)
    apart |= beside.blocks
    view = PageView(
        cut.blocks,
        cut.boxes,
        titles=said.titles,
        told=said.body,
        description=said.description,
        hidden=unseen,
        apart=apart,
        opinions=opinions,
    )
    judged = [number for number in range(len(cut.blocks)) if number not in apart]
    return Survey(cut, said, beside, apart, judged, view.rows(), view.own, scores)


LEAST_TOLD: Final = 250
"""Characters from which a page's JSON-LD text may stand for a page that shows less."""
LEANING: Final = 0.4
"""Log-odds by which the paragraph scores' opinion counts beside the model that knows it too."""
SURE: Final = 0.01
"""Chance below which, or as near to 1, the neighbours are not asked."""
CAPTION: Final = 0.4
"""Chance from which one of a figure's lines brings the others along."""
CREDIT: Final = 60
"""Characters up to which a line may well stand under several pictures."""
KICKER: Final = 30
"""Characters of the longest line above a title that only says where the article is filed."""
HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LONGEST_HEADING: Final = 120
LINES_ABOVE: Final = 4
"""Lines among which the byline may stand above the text."""
LONGEST_BYLINE: Final = 120
DAY: Final = 7
"""Words that a day, an hour and what leads to them may have beside a name."""
NEVER: Final = 0.001
"""The chance given to blocks that rules alone leave out."""
_WORD: Final = re.compile(r"\w+")


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


def select(page: Parsed, title: str = "", byline: str = "") -> Body:
    """The page's article without chrome, comments and related articles.

    `title` is what the article is called, `byline` who wrote it; first lines that only repeat
    them are left out. The page's tree is used up. Linear in the page but for the opinions, which
    are nearly so.
    """
    seen = look(page.root, page.base_url)
    kept, media = decide(seen, judge(seen))
    _drop_title(seen.blocks, kept, (title, *seen.told.titles))
    _drop_byline(seen.blocks, kept, byline)
    if (told := _untold(seen, kept)) is not None:
        root = told
    else:
        root = assemble(seen.cut.boxes[0], seen.blocks, kept, media)
    return Body(root, tuple(seen.beside.articles), tuple(seen.beside.tags))


def judge(seen: Survey) -> list[float]:
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


def with_words(seen: Survey, lexicon: Lexicon) -> list[list[float]]:
    """The rows of the judged blocks, with what the lexicon says of their words and names."""
    names: dict[Box, list[float]] = {}
    rows = []
    for number, row in zip(seen.judged, seen.rows, strict=True):
        block = seen.blocks[number]
        if block.box not in names:
            names[block.box] = lexicon.name_hints(block.box)
        rows.append(row + lexicon.word_hints(block) + names[block.box])
    return rows


def spread(seen: Survey, chances: Sequence[float]) -> list[float]:
    """The chances of all blocks, of those that rules leave out too."""
    whole = [NEVER] * len(seen.blocks)
    for number, chance in zip(seen.judged, chances, strict=True):
        whole[number] = chance
    return whole


def decide(seen: Survey, chances: Sequence[float]) -> tuple[list[bool], list[Media]]:
    """For every block whether it belongs to the article, and the pictures that do."""
    kept = choose(seen.blocks, seen.cut.boxes, _leaning(seen, chances))
    if not any(kept) and chances:
        best = max(chances)
        kept = [chance > NEVER and 2 * chance >= best for chance in chances]
    keep_alike(seen.blocks, seen.cut.boxes, seen.apart, kept)
    media = keep_media(seen.cut.media, seen.blocks, kept)
    _drop_bare_headings(seen.blocks, kept, media)
    _settle_figures(seen, kept, media, chances)
    return kept, media


def _settle_figures(
    seen: Survey, kept: list[bool], media: Sequence[Media], chances: Sequence[float]
) -> None:
    """Keep the lines of a figure whose picture stays, each once, where one of them may be text.

    Where the picture goes its lines go too, and so do copies of them for other screens.
    """
    shown = set(media)
    placed: set[int] = set()
    said: set[str] = set()
    for figure in figures.find(seen.blocks, seen.cut.media):
        placed.update(figure.captions)
        best = max(chances[number] for number in figure.captions)
        stays = best > CAPTION and not shown.isdisjoint(figure.pictures)
        captions = figures.without_repeats(figure, seen.blocks, said) if stays else ()
        captions = tuple(number for number in captions if number not in seen.apart)
        for number in figure.captions:
            kept[number] = number in captions
            if len(seen.blocks[number].text) > CREDIT:
                said.add(seen.blocks[number].text)
        if captions:
            figures.make(figure, captions, seen.blocks)
    said.update(seen.blocks[number].text for number in placed)
    for number, block in enumerate(seen.blocks):
        if kept[number] and number not in placed and block.text in said:
            kept[number] = not figures.is_caption(block)


def _drop_bare_headings(blocks: Sequence[Block], kept: list[bool], media: Sequence[Media]) -> None:
    """Leave out headings whose whole section was left out, and those that end the article.

    Two with nothing between them on the page stay, since that is how the page has them.
    """
    shown = {one.at for one in media}
    levels = range(1, 7)
    # By level, of what follows up to the next heading of that level or above.
    holds = dict.fromkeys(levels, len(blocks) in shown)
    lost = dict.fromkeys(levels, True)
    for number in range(len(blocks) - 1, -1, -1):
        level = _level(blocks[number])
        if level and kept[number] and lost[level] and not holds[level]:
            kept[number] = False
        for each in levels:
            if level and each >= level:
                holds[each] = lost[each] = False
            elif kept[number]:
                holds[each] = True
            elif not level:
                lost[each] = True
            holds[each] = holds[each] or number in shown


def _level(block: Block) -> int:
    """1 to 6 for a heading, 0 for text, and for a heading that is written like a sentence."""
    tag = block.box.element.tag
    if tag not in HEADINGS or len(block.text) > LONGEST_HEADING or block.text[-1] in ".!…:。":
        return 0
    return int(tag[1])


def _leaning(seen: Survey, chances: Sequence[float]) -> list[float]:
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


def _drop_byline(blocks: Sequence[Block], kept: list[bool], byline: str) -> None:
    """Leave out a line above the text that says only who wrote it, with a day perhaps."""
    names = [name.casefold() for name in byline.split(", ") if name]
    first = [number for number, keep in enumerate(kept) if keep][:LINES_ABOVE]
    for number in first if names else ():
        line = fold(blocks[number].text).casefold()
        if len(line) > LONGEST_BYLINE or not any(name in line for name in names):
            continue
        for name in names:
            line = line.replace(name, " ")
        rest = _WORD.findall(line)
        if len(rest) <= 1 or (len(rest) <= DAY and any(map(str.isdecimal, "".join(rest)))):
            kept[number] = False


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text).casefold()))


def _untold(seen: Survey, kept: Sequence[bool]) -> HtmlElement | None:
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
