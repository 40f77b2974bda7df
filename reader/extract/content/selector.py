"""Which part of a page is the article."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from lxml.etree import SubElement
from lxml.html import HtmlElement, fragment_fromstring

from reader.extract.content import boilerplate, figures, readability_lxml, related_links
from reader.extract.content.classifier import add_context_scores, load_forest, smooth_labels
from reader.extract.content.features import FeatureExtractor
from reader.extract.content.lexicon import Lexicon, load_lexicon
from reader.extract.content.page_lines import SECTION
from reader.extract.content.readability_score import ReadabilityScore
from reader.extract.content.repeated_blocks import keep_repeated
from reader.extract.content.segmenter import Block, Box, Media, Segmenter, collapse_whitespace
from reader.extract.content.tree_builder import build_tree, keep_media
from reader.extract.metadata import page_hints
from reader.model.article import Related


@dataclass(frozen=True, slots=True)
class PageAnalysis:
    """All that the choice is made from; `rows` has one list of numbers per block.

    `apart` are the numbers of blocks that rules alone leave out."""

    segments: Segmenter
    hints: page_hints.PageHints
    related_content: related_links.RelatedLinks
    excluded: set[int]
    judged: list[int]
    rows: list[list[float]]
    own_rows: list[list[float]]
    scores: list[float]

    @property
    def blocks(self) -> list[Block]:
        return self.segments.blocks


def analyse(root: HtmlElement, base: str | None) -> PageAnalysis:
    """Survey the tree; scripts, styles and comments are taken out of it."""
    said = page_hints.read_page_hints(root)
    unseen = boilerplate.hidden_elements(root)
    boilerplate.unwrap_noscripts(root)
    boilerplate.strip_code(root)
    boilerplate.drop_hidden_inline(root, unseen)
    body = root.find(".//body")
    cut = Segmenter(root if body is None else body)
    hidden = [box for box in cut.boxes if box.element in unseen]
    scores = ReadabilityScore(cut.blocks, cut.boxes, hidden).selected()
    opinions = (scores, readability_lxml.readability_blocks(root, cut.blocks))
    apart = boilerplate.non_article_blocks(cut.blocks, cut.boxes, unseen)
    marked = _marked_blocks(cut.boxes)
    beside = related_links.find_related(cut.blocks, cut.boxes, base, marked)
    apart |= beside.blocks
    view = FeatureExtractor(
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
    return PageAnalysis(cut, said, beside, apart, judged, view.rows(), view.own_rows, scores)


def _marked_blocks(boxes: Sequence[Box]) -> frozenset[int]:
    """Return the numbers of the blocks in sections that stand around the article."""
    return frozenset(
        number
        for box in boxes
        if box.element.get(SECTION) is not None
        for number in range(box.first_block, box.end_block)
    )


MIN_JSON_LD_CHARS: Final = 250
"""Characters from which a page's JSON-LD text may stand for a page that shows less."""
SCORE_PULL: Final = 0.4
"""Log-odds by which the paragraph scores' opinion counts beside the model that knows it too."""
CERTAIN: Final = 0.01
"""Chance below which, or as near to 1, the neighbours are not asked."""
MIN_CAPTION_CHANCE: Final = 0.4
"""Chance from which one of a figure's lines brings the others along."""
MAX_CREDIT_CHARS: Final = 60
"""Characters up to which a line may well stand under several pictures."""
MAX_KICKER_CHARS: Final = 30
"""Characters of the longest line above a title that only says where the article is filed."""
HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MAX_HEADING_CHARS: Final = 120
MAX_BYLINE_POSITION: Final = 4
"""Lines among which the byline may stand above the text."""
MAX_BYLINE_CHARS: Final = 120
MAX_DATELINE_WORDS: Final = 7
"""Words that a day, an hour and what leads to them may have beside a name."""
EXCLUDED_CHANCE: Final = 0.001
"""The chance given to blocks that rules alone leave out."""
_WORD: Final = re.compile(r"\w+")


class ParsedTree(Protocol):
    """A parsed page: its one tree, and the address that its links are relative to."""

    @property
    def root(self) -> HtmlElement: ...
    @property
    def base_url(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Selection:
    """The article's elements, ready to be written; `root` holds nothing where there is no text.

    `tags` are hashtags that stood beside the text.
    """

    root: HtmlElement = field(repr=False)
    related: tuple[Related, ...] = ()
    tags: tuple[str, ...] = ()
    cut: bool = False


def select(page: ParsedTree, title: str = "", byline: str = "") -> Selection:
    """The page's article without chrome, comments and related articles.

    `title` is what the article is called, `byline` who wrote it; first lines that only repeat
    them are left out. The page's tree is used up. Linear in the page but for the opinions, which
    are nearly so.
    """
    seen = analyse(page.root, page.base_url)
    kept, media = select_blocks(seen, score(seen))
    _drop_title(seen.blocks, kept, (title, *seen.hints.titles))
    _drop_byline(seen.blocks, kept, byline)
    if (told := _json_ld_body(seen, kept)) is not None:
        root = told
    else:
        root = build_tree(seen.segments.boxes[0], seen.blocks, kept, media)
    return Selection(root, tuple(seen.related_content.articles), tuple(seen.related_content.tags))


def score(seen: PageAnalysis) -> list[float]:
    """For every block the chance that it is text: at first sight, then among its neighbours."""
    known = add_lexicon_scores(seen, load_lexicon())
    chances = fill_excluded(seen, load_forest("first").chances(known))
    rows = dict(zip(seen.judged, known, strict=True))
    # Most of a page is plain at first sight, and a forest costs more than all else about a block.
    open_to = [number for number in seen.judged if CERTAIN < chances[number] < 1 - CERTAIN]
    around = add_context_scores(seen.blocks, seen.own_rows, chances, open_to)
    second = [rows[number] + more for number, more in zip(open_to, around, strict=True)]
    for number, chance in zip(open_to, load_forest("second").chances(second), strict=True):
        chances[number] = chance
    return chances


def add_lexicon_scores(seen: PageAnalysis, lexicon: Lexicon) -> list[list[float]]:
    """The rows of the judged blocks, with what the lexicon says of their words and names."""
    names: dict[Box, list[float]] = {}
    rows = []
    for number, row in zip(seen.judged, seen.rows, strict=True):
        block = seen.blocks[number]
        if block.box not in names:
            names[block.box] = lexicon.name_scores(block.box)
        rows.append(row + lexicon.word_scores(block) + names[block.box])
    return rows


def fill_excluded(seen: PageAnalysis, chances: Sequence[float]) -> list[float]:
    """The chances of all blocks, of those that rules leave out too."""
    whole = [EXCLUDED_CHANCE] * len(seen.blocks)
    for number, chance in zip(seen.judged, chances, strict=True):
        whole[number] = chance
    return whole


def select_blocks(seen: PageAnalysis, chances: Sequence[float]) -> tuple[list[bool], list[Media]]:
    """For every block whether it belongs to the article, and the pictures that do."""
    kept = smooth_labels(seen.blocks, seen.segments.boxes, _adjust_chances(seen, chances))
    if not any(kept) and chances:
        best = max(chances)
        kept = [chance > EXCLUDED_CHANCE and 2 * chance >= best for chance in chances]
    keep_repeated(seen.blocks, seen.segments.boxes, seen.excluded, kept)
    media = keep_media(seen.segments.media, seen.blocks, kept)
    _drop_empty_sections(seen.blocks, kept, media)
    _select_captions(seen, kept, media, chances)
    return kept, media


def _select_captions(
    seen: PageAnalysis, kept: list[bool], media: Sequence[Media], chances: Sequence[float]
) -> None:
    """Keep the lines of a figure whose picture stays, each once, where one of them may be text.

    Where the picture goes its lines go too, and so do copies of them for other screens.
    """
    shown = set(media)
    placed: set[int] = set()
    said: set[str] = set()
    for figure in figures.find_figures(seen.blocks, seen.segments.media):
        placed.update(figure.captions)
        best = max(chances[number] for number in figure.captions)
        stays = best > MIN_CAPTION_CHANCE and not shown.isdisjoint(figure.images)
        captions = figures.deduplicate_captions(figure, seen.blocks, said) if stays else ()
        captions = tuple(number for number in captions if number not in seen.excluded)
        for number in figure.captions:
            kept[number] = number in captions
            if len(seen.blocks[number].text) > MAX_CREDIT_CHARS:
                said.add(seen.blocks[number].text)
        if captions:
            figures.build(figure, captions, seen.blocks)
    said.update(seen.blocks[number].text for number in placed)
    for number, block in enumerate(seen.blocks):
        if kept[number] and number not in placed and block.text in said:
            kept[number] = not figures.is_caption(block)


def _drop_empty_sections(blocks: Sequence[Block], kept: list[bool], media: Sequence[Media]) -> None:
    """Leave out headings whose whole section was left out, and those that end the article.

    Two with nothing between them on the page stay, since that is how the page has them.
    """
    shown = {one.block_index for one in media}
    levels = range(1, 7)
    # By level, of what follows up to the next heading of that level or above.
    holds = dict.fromkeys(levels, len(blocks) in shown)
    lost = dict.fromkeys(levels, True)
    for number in range(len(blocks) - 1, -1, -1):
        level = _heading_level(blocks[number])
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


def _heading_level(block: Block) -> int:
    """1 to 6 for a heading, 0 for text, and for a heading that is written like a sentence."""
    tag = block.box.element.tag
    if tag not in HEADINGS or len(block.text) > MAX_HEADING_CHARS or block.text[-1] in ".!…:。":
        return 0
    return int(tag[1])


def _adjust_chances(seen: PageAnalysis, chances: Sequence[float]) -> list[float]:
    """The chances, moved a little towards what the paragraph scores say."""
    moved = list(chances)
    for number in seen.judged:
        odds = math.log(max(moved[number], 1e-9) / max(1 - moved[number], 1e-9))
        odds += SCORE_PULL if seen.scores[number] > 0.5 else -SCORE_PULL
        moved[number] = 1 / (1 + math.exp(-odds))
    return moved


def _drop_title(blocks: Sequence[Block], kept: list[bool], titles: Sequence[str]) -> None:
    """Leave out the title where the text begins with it, and a word or two that stand above it."""
    names = {_alphanumeric(title) for title in titles if title}
    above: list[int] = []
    for number, block in enumerate(blocks):
        if not kept[number]:
            continue
        if _alphanumeric(block.text) in names:
            for dropped in (*above, number):
                kept[dropped] = False
            above = []
        elif above or len(block.text) > MAX_KICKER_CHARS:
            return
        else:
            above.append(number)


def _drop_byline(blocks: Sequence[Block], kept: list[bool], byline: str) -> None:
    """Leave out a line above the text that says only who wrote it, with a day perhaps."""
    names = [name.casefold() for name in byline.split(", ") if name]
    first = [number for number, keep in enumerate(kept) if keep][:MAX_BYLINE_POSITION]
    for number in first if names else ():
        line = collapse_whitespace(blocks[number].text).casefold()
        if len(line) > MAX_BYLINE_CHARS or not any(name in line for name in names):
            continue
        for name in names:
            line = line.replace(name, " ")
        rest = _WORD.findall(line)
        if len(rest) <= 1 or (
            len(rest) <= MAX_DATELINE_WORDS and any(map(str.isdecimal, "".join(rest)))
        ):
            kept[number] = False


def _alphanumeric(text: str) -> str:
    return "".join(filter(str.isalnum, collapse_whitespace(text).casefold()))


def _json_ld_body(seen: PageAnalysis, kept: Sequence[bool]) -> HtmlElement | None:
    """The JSON-LD text in paragraphs, where it says much more than what the page shows."""
    body = seen.hints.body
    chosen = sum(len(block.text) for block, keep in zip(seen.blocks, kept, strict=True) if keep)
    if len(body) < MIN_JSON_LD_CHARS or 2 * chosen > len(body):
        return None
    root = fragment_fromstring("<div></div>")
    for line in body.splitlines():
        if text := collapse_whitespace(line):
            SubElement(root, "p").text = text
    return root
