"""The choice of the blocks of a page that are its article."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from operator import itemgetter
from typing import Final, Protocol

from lxml.html import HtmlElement, fragment_fromstring
from lxml.html.builder import E

from reader.extract import removals
from reader.extract.content import (
    boilerplate,
    document_pages,
    figures,
    page_judge,
    related_links,
)
from reader.extract.content.classifier import context_rows, load_forest, smooth_labels
from reader.extract.content.endless_scroll import further_articles
from reader.extract.content.features import FeatureExtractor
from reader.extract.content.hidden import drop_hidden_text, hidden_elements
from reader.extract.content.lexicon import load_lexicon
from reader.extract.content.media import keep_media
from reader.extract.content.page_signals import PageType, page_signals, page_type
from reader.extract.content.product_reviews import review_blocks
from reader.extract.content.recipes import ingredient_blocks
from reader.extract.content.repeated_blocks import keep_repeated
from reader.extract.content.section_labels import label_kind
from reader.extract.content.segmenter import (
    HEADINGS,
    SECTION,
    SPACED_TAGS,
    TEXT,
    WHOLE,
    Block,
    Box,
    Media,
    Segmenter,
    ancestors,
    blocks_in,
    collapse_whitespace,
    segment,
)
from reader.extract.content.source_lists import SourceList, find_source_lists, is_source_heading
from reader.extract.content.tree_builder import build_tree
from reader.extract.dom import LiveIndex
from reader.extract.metadata import page_hints
from reader.model.article import Related

MIN_JSON_LD_CHARS: Final = 250
"""Characters from which JSON-LD text may replace the shorter text of a page."""
SHOWN_BODY_CHANCE: Final = 0.96
"""Chance of the blocks of a JSON-LD text that the page shows: sure text."""
MIN_PRODUCT_CHARS: Final = 150
"""Characters of a product's description in JSON-LD that is worth showing; shorter ones are slogans."""
MIN_TITLE_LIKENESS: Final = 0.6
"""Share of common words from which a heading is the title."""
SURE_ABOVE_TITLE: Final = 0.9
"""Chance from which text above the title stays: .003 more F1 on `articles`, the same elsewhere."""
MIN_SHARED_LETTERS: Final = 60
"""Letters and digits at the start of a description by which it is found on the page."""
MIN_UNSURE, MAX_UNSURE = 0.08, 0.97
"""Chances between which the second forest is asked; out of fold wider bounds changed nothing."""
SURE_TEXT: Final = 0.95
"""Chance from which a block is surely text."""
SURE_RELATED: Final = 0.98
"""Chance from which a block of an article is text although a rule finds it related."""
SURE_COMMENT: Final = 0.8
"""The same for comments, which may be posts. Elsewhere entries look like both, and only the chance
counts: out of fold F1 of products rises by .008, of listings and documentation by .003."""
LIKELY_TEXT: Final = 0.5
"""Chance from which a block is rather text than not."""
MAX_REMOVED_SHARE: Final = 0.9
"""Share of the likely text that rules for related articles and comments may remove; more is a fault
of the rule: a box around the whole page that begins like a list of articles."""
MIN_KEPT_SHARE: Final = 0.35
"""Share of the prose, and of readability-lxml's words, below which the choice is made again."""
MAX_OTHER_CHANCE: Final = 0.3
"""Chance of another page type up to which that is done; it gained nothing on other pages."""
RAISED_CHANCE: Final = 0.7
"""Chance of the blocks that readability-lxml keeps in that case."""
MIN_CAPTION_CHANCE: Final = 0.4
"""Chance from which one line of a figure brings the others along; .3 costs news .002 F1."""
LONE_FIGURE_CHANCE: Final = 0.15
"""The same on a page with a single figure."""
LONE_CAPTION_CHANCE: Final = 0.7
"""The same for a caption without its image."""
GAP_CHANCE: Final = 0.45
"""Chance from which a block between two kept ones is kept; without it pages lose lines."""
GAP_EDGE_CHANCE: Final = 0.7
"""Chance that both neighbours of such a block need."""
MEDIA_GAP_CHANCE, MEDIA_EDGE_CHANCE = 0.3, 0.6
"""The same for a block with an image."""
MAX_INTERRUPTION: Final = 2
"""Blocks of the longest interruption of an article: an advertisement and its label."""
MIN_DECLARED_CHANCE: Final = 0.1
"""Chance from which blocks of a declared body are kept if none of them was."""
MIN_DECLARED_CHARS: Final = 300
"""Running text in a box declared as the article's body, of which something must be kept."""
MIN_HEADING_CHANCE: Final = 0.1
"""Chance from which a heading between kept blocks is kept: 0.2 instead of 1.1 % are lost."""
MAX_HEADING_DISTANCE: Final = 7
"""Blocks between a heading and the kept text above it: a picture, buttons, an advertisement."""
MAX_CREDIT_CHARS: Final = 60
"""Characters up to which a line may well be repeated under several images."""
MAX_KICKER_CHARS: Final = 30
"""Characters of the longest line above a title that only names a section of the site."""
MAX_POST_DISTANCE: Final = 20
"""Blocks between the name of a post's writer and the post."""
MAX_HEADING_CHARS: Final = 120
"""Characters of the longest heading that may begin a section; the longest of the samples has 56."""
MAX_BYLINE_POSITION: Final = 4
"""Lines at the top of the text among which the byline may be."""
MAX_BYLINE_CHARS: Final = 120
"""Characters of the longest line that holds a byline."""
MAX_DATELINE_WORDS: Final = 7
"""Words of a date, a time and their labels in a line with a name."""
EXCLUDED_CHANCE: Final = 0.001
"""Chance of blocks that rules alone leave out."""
STRUCTURE_CHANCE: Final = 0.3
"""Chance from which one line keeps a list, table or quotation between two sure paragraphs."""
LAST_STRUCTURE_CHANCE: Final = 0.4
"""Chance from which one line keeps a list at the end of an article; neutral for F1."""
LAST_CONTENT_CHANCE: Final = 0.2
"""The same for a table, quotation, definition list or code: pages have few such around articles."""
SOURCE_CHANCE: Final = 0.25
"""Chance from which one entry keeps a list of links to other sites."""
NAMED_SOURCE_CHANCE: Final = 0.1
"""The same for a list whose heading names sources."""
MIN_RUN_BYTES: Final = 100
"""Bytes of the shortest paragraph that such a rule keeps."""
MAX_SUBTITLE_DISTANCE: Final = 9
"""Blocks from a title down to its subtitle: byline, date, buttons."""
MIN_SUBTITLE_CHARS: Final = 30
"""Characters of the shortest subtitle."""
MAX_SUBTITLE_BLOCKS: Final = 2
"""Blocks of a box that is named for a subtitle."""
MENU_CHANCE: Final = 0.15
"""Chance below which a row of links is a menu."""
RUN_CHANCE: Final = 0.25
"""Chance from which a paragraph next to its like is kept."""
MIN_RUN: Final = 2
"""Kept paragraphs of one container that make a run."""
MIN_BODY_PARAGRAPHS: Final = 2
"""Sure paragraphs that make the box around them the body of an article."""
_BODY_NAME: Final = re.compile(
    r"(?:^|\s)(?:articleBody|(?:entry|post|article|story)[-_](?:content|body|text))(?:$|\s)"
)
_SUBTITLE: Final = re.compile(
    r"(?:^|[\s_-])(?:(?:post-?)?subtitle|excerpt|standfirst|lead|lede|intro(?:duction)?|abstract|teaser)(?:$|[\s_-])",
    re.I,
)
"""Names of the lines between a title and the text that belong to the text."""
_LISTS: Final = frozenset(("ul", "ol", "details"))
_STRUCTURES: Final = frozenset(("ul", "ol", "dl", "table", "blockquote", "pre", "details"))
_WRAPPED: Final = frozenset(("pre", "table", "blockquote", "dl"))
WRAPPED_CHANCE: Final = 0.4
"""Chance from which one line keeps a box with a table or quotation; code needs less."""
CODE_CHANCE: Final = 0.2
"""The same for code, which chrome rarely has."""
_EMBEDDED_POST: Final = re.compile(
    r"(?:^|\s)(?:twitter-tweet|instagram-media|tiktok-embed|bluesky-embed|mastodon-embed|reddit-embed\S*|fb-post)(?:$|\s)"
)
"""Names of quotations that hold a post of a social network: the article has it, whatever its words."""
_QUOTING: Final = frozenset(("blockquote", "li", "td", "th", "dd", "figure"))
"""Boxes whose headings begin no section of the page."""
_WORD: Final = re.compile(r"\w+")
_DIGITS: Final = re.compile(r"\d+")


_EDITOR_PART: Final = re.compile(
    r"(?:^|\s)(?:wp-block-(?:file|buttons?|bookmark[\w-]*)|kg-(?:bookmark|file|button|callout|toggle|product)-card"
    r"|twitter-tweet|bluesky-embed|mastodon-embed|reddit-embed-bq|gist|onebox|(?:bookmark|link|embed)[-_](?:card|preview))(?:$|\s)"
)
"""Names of WordPress, Ghost and embedded posts, which stand in articles only."""
_NUMBERED_FIGURE: Final = re.compile(
    r"(?:fig(?:ure|ura)?|abb(?:ildung)?|tab(?:le|elle|leau|ela)?|рис(?:унок)?|rys(?:unek)?|obr(?:ázek)?|şekil|图|圖|図|그림)\.?\s*\d",
    re.I,
)
"""The caption of a figure that the text refers to."""
_GALLERY_ITEM: Final = re.compile(r"(?:^|\s)(?:gallery-item|blocks-gallery-item)(?:$|\s)")
"""A picture of a gallery of WordPress, which stands in articles only."""
MAX_PART_BLOCKS: Final = 8
"""Blocks of the longest part of an editor (a button, a card) that is kept between paragraphs."""
_CALL: Final = re.compile(
    r"(?:sign|subscribe|join|log|register|shop|buy|order|get|start|try|donate|become)\b", re.I
)
"""First words of buttons that sell something."""
MAX_EDITOR_BUTTON: Final = 60
"""Characters of the longest button between paragraphs."""
MAX_PART_DISTANCE: Final = 3
"""Blocks between such a part and the paragraphs around it: other parts."""


class ParsedTree(Protocol):
    """A parsed page: its tree, its address, and the address that its links are relative to."""

    @property
    def root(self) -> HtmlElement: ...
    @property
    def url(self) -> str | None: ...
    @property
    def base_url(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class PageAnalysis:
    """A page's blocks and their features; `rows` has one list of numbers per judged block.

    `excluded` are the numbers of blocks that rules alone leave out, `document` those of a
    documentation program's document, `reviews` those of customers' reviews of a product.
    """

    segments: Segmenter
    hints: page_hints.PageHints
    related_content: related_links.RelatedLinks
    comments: set[int]
    excluded: set[int]
    judged: list[int]
    rows: list[list[float]]
    features: FeatureExtractor
    document: range
    sources: Sequence[SourceList] = ()
    names: Collection[int] = ()
    reviews: Collection[int] = ()

    @property
    def blocks(self) -> list[Block]:
        return self.segments.blocks


@dataclass(frozen=True, slots=True)
class Selection:
    """The article's elements, ready to be converted; `root` is empty if the page has no text.

    `tags` are hashtags next to the text. `page_type` names a page that is not a single article.
    """

    root: HtmlElement = field(repr=False)
    related: tuple[Related, ...] = ()
    tags: tuple[str, ...] = ()
    cut: bool = False
    page_type: str | None = None


def select(
    page: ParsedTree,
    title: str = "",
    byline: str = "",
    signals: Sequence[float] | None = None,
) -> Selection:
    """Return the page's article without chrome, comments and related articles.

    First lines that only repeat `title` or `byline` are left out. `signals` are those of the page,
    if they are known. Uses up the page's tree. Linear.
    """
    seen = analyse(page.root, page.base_url, page.url, signals)
    chances = _raise_shown_body(seen, score(seen))
    other = other_chance(seen, chances)
    kept, media = select_blocks(seen, chances, other)
    chosen = list(kept)
    _drop_title(seen.blocks, kept, (title, *seen.hints.titles))
    is_thread = bool(seen.document) and document_pages.is_thread(seen.segments.boxes)
    if not is_thread:
        _drop_byline(seen.blocks, kept, byline)
    _record_removed(seen, chosen, kept, (title, *seen.hints.titles))
    root = _json_ld_body(seen, kept)
    if root is None:
        unseen = "" if page_judge.is_article(other) else _unseen_description(seen)
        root = build_tree(seen.segments.boxes[0], seen.blocks, kept, media)
        for at, paragraph in enumerate(_paragraphs(unseen)):
            root.insert(at, paragraph)
    if seen.document:
        return Selection(root, page_type=PageType.THREAD.value if is_thread else None)
    return Selection(
        root,
        tuple(seen.related_content.articles),
        tuple(seen.related_content.tags),
        page_type=None if page_judge.is_article(other) else _type_name(seen),
    )


def _type_name(seen: PageAnalysis) -> str:
    """Return the type of a page that is not a single article, "page" if its signals name none."""
    found = page_type(seen.features.signals)
    is_named = found in (PageType.THREAD, PageType.LISTING, PageType.PRODUCT)
    return found.value if is_named else "page"


def _record_removed(
    seen: PageAnalysis, chosen: Sequence[bool], kept: Sequence[bool], titles: Sequence[str]
) -> None:
    """Record the texts left out between chosen blocks, and the title above them, with the rule."""
    places = [number for number, keep in enumerate(chosen) if keep]
    if not places:
        return
    last = places[-1]
    boxes = seen.segments.boxes
    inner = {
        box.element for box in boxes if places[0] <= box.first_block and box.end_block <= last + 1
    }
    page = [boxes[0].element, *boxes[0].element.iterancestors()][-1]
    removals.pass_through(page, inner)
    skipped = [
        (number, rule, element)
        for rule, elements in (
            ("navigation", seen.segments.skipped),
            ("control", seen.segments.controls),
        )
        for number, element in elements
        if places[0] < number <= last
    ]
    for _, rule, element in sorted(skipped, key=itemgetter(0)):
        removals.record_block(rule, " ".join(element.itertext()))
    names = {_alphanumeric(title) for title in titles if title}
    first = places[0]
    while first and _alphanumeric(seen.blocks[first - 1].text) in names:
        first -= 1
    for number in range(first, last + 1):
        if kept[number]:
            continue
        if chosen[number] or number < places[0]:
            rule = "title or byline"
        elif number in seen.comments:
            rule = "comments"
        elif number in seen.reviews:
            rule = "reviews"
        elif number in seen.related_content.blocks:
            rule = "related"
        elif number in seen.excluded:
            rule = "chrome"
        else:
            rule = "model"
        removals.record_block(rule, _spaced_text(seen.blocks[number], number))


def _spaced_text(block: Block, number: int) -> str:
    """Return a block's text with spaces for line breaks and cells, which its own text lacks."""
    texts: list[str] = []
    for box in ancestors(block.box):
        if box.first_block != number:
            break
        # The title of a callout is in an attribute.
        texts.append(f"{box.element.get('data-title') or ''} " if box.tag == "blockquote" else "")
    for part, element in block.parts:
        if part is WHOLE:
            is_broken = next(element.iter(*SPACED_TAGS), None) is not None
            texts.append((" " if is_broken else "").join(element.itertext()))
        else:
            texts.append((element.text if part is TEXT else element.tail) or "")
        following = next(iter(element), None) if part is TEXT else element.getnext()
        if (
            following is not None
            and following.tag == "br"
            and (part is not WHOLE or not element.tail)
        ):
            texts.append(" ")
    return "".join(texts)


def analyse(
    root: HtmlElement,
    base: str | None,
    url: str | None = None,
    signals: Sequence[float] | None = None,
) -> PageAnalysis:
    """Cut a page into blocks and measure them; removes its scripts, styles and comments."""
    hints = page_hints.read_page_hints(root)
    signals = page_signals(root, url) if signals is None else signals
    index = LiveIndex(root)
    hidden = hidden_elements(index)
    boilerplate.unwrap_noscripts(root)
    boilerplate.strip_code(root)
    drop_hidden_text(index, hidden)
    body = root.find(".//body")
    segments = segment(root if body is None else body, hidden)
    blocks, boxes = segments.blocks, segments.boxes
    marked = _marked_blocks(boxes)
    related = related_links.find_related(blocks, boxes, base, marked)
    sources = find_source_lists(blocks, boxes, url or base)
    for one in sources:
        if one.heading is not None and is_source_heading(blocks[one.heading].text):
            related.blocks.difference_update(range(one.heading, one.end))
    profiles = boilerplate.profile_lines(blocks)
    excluded = boilerplate.chrome_lines(blocks) | boilerplate.side_cells(blocks, boxes)
    excluded |= profiles | marked | boilerplate.consent_dialogs(boxes)
    kind = page_type(signals)
    if kind is PageType.THREAD:
        excluded |= boilerplate.signatures(boxes)
    else:
        excluded |= further_articles(blocks, boxes, hints.titles)
    features = FeatureExtractor(
        blocks,
        boxes,
        titles=hints.titles,
        json_ld=hints.body,
        description=hints.description,
        signals=signals,
        excluded=excluded,
        related=related.blocks | marked,
    )
    judged = [number for number in range(len(blocks)) if number not in excluded]
    comments = boilerplate.comment_blocks(blocks, boxes)
    rows = features.rows()
    document = document_pages.document_blocks(boxes)
    return PageAnalysis(
        segments,
        hints,
        related,
        comments,
        excluded,
        judged,
        rows,
        features,
        document,
        sources,
        boilerplate.post_names(blocks, profiles),
        review_blocks(blocks, boxes, excluded) if kind is PageType.PRODUCT else (),
    )


def _marked_blocks(boxes: Sequence[Box]) -> set[int]:
    """Return the numbers of the blocks in sections that stand around the article."""
    return blocks_in(box for box in boxes if box.element.get(SECTION) is not None)


def score(seen: PageAnalysis) -> list[float]:
    """Return for every block the chance that it is text, alone and with its neighbours."""
    blocks, boxes, judged = seen.blocks, seen.segments.boxes, seen.judged
    words = load_lexicon().rows(blocks, boxes, judged)
    known = [row + more for row, more in zip(seen.rows, words, strict=True)]
    chances = fill_excluded(seen, load_forest("first").chances(known))
    rows = dict(zip(judged, known, strict=True))
    unsure = [number for number in judged if MIN_UNSURE < chances[number] < MAX_UNSURE]
    features = seen.features
    around = context_rows(blocks, boxes, features.own, features.shapes, chances, unsure)
    second = [rows[number] + more for number, more in zip(unsure, around, strict=True)]
    for number, chance in zip(unsure, load_forest("second").chances(second), strict=True):
        chances[number] = chance
    return chances


def fill_excluded(seen: PageAnalysis, chances: Sequence[float]) -> list[float]:
    """Return the chances of all blocks, given those of the judged blocks."""
    whole = [EXCLUDED_CHANCE] * len(seen.blocks)
    for number, chance in zip(seen.judged, chances, strict=True):
        whole[number] = chance
    return whole


def select_blocks(
    seen: PageAnalysis, chances: Sequence[float], other: float = 0.0
) -> tuple[list[bool], list[Media]]:
    """Return for every block whether it belongs to the text, and the media that do.

    `other` is the chance that the page is not a single article.
    """
    blocks, boxes = seen.blocks, seen.segments.boxes
    chances = list(chances)
    excluded = set(seen.excluded)
    if document := seen.document:
        left_out = document_pages.chrome_blocks(boxes, document) | _marked_blocks(boxes)
        kept = [at in document and at not in left_out for at in range(len(blocks))]
        return kept, [one for one in seen.segments.media if one.block_index in document]
    title = _title_heading(seen)
    is_article = page_judge.is_article(other)
    found = seen.related_content
    shows_one = is_article or page_type(seen.features.signals) is PageType.PRODUCT
    related = found.blocks if shows_one else found.cues
    related = {n for n in related if chances[n] < SURE_RELATED}
    comments = {n for n in seen.comments if is_article and chances[n] < SURE_COMMENT}
    doubtful = related | comments
    if not _leaves_text(seen, chances, doubtful):
        doubtful = comments if _leaves_text(seen, chances, comments) else set()
    doubtful = doubtful.union(seen.reviews)
    for number in doubtful:
        chances[number] = EXCLUDED_CHANCE
    excluded |= doubtful
    sizes = [len(block.text) for block in blocks]
    bias = page_judge.keep_bias(sizes, chances, is_article=is_article)
    kept = smooth_labels(blocks, boxes, chances, bias)
    own_chances = chances
    # readability-lxml looks for one article; a listing or a thread has none.
    if other < MAX_OTHER_CHANCE and _keeps_little(seen, kept):
        chances = _second_opinion(seen, chances, kept)
        kept = smooth_labels(blocks, boxes, chances, bias)
    if not any(kept) and chances:
        best = max(chances)
        kept = [chance > EXCLUDED_CHANCE and 2 * chance >= best for chance in chances]
    for number, block in enumerate(blocks):
        # A box is kept whole at times: the menu above its text goes all the same.
        if kept[number] and own_chances[number] < MENU_CHANCE:
            kept[number] = not boilerplate.is_link_row(block, spaced=True)
    judged = [number for number in seen.judged if number not in doubtful]
    _fill_gaps(blocks, chances, judged, kept)
    _keep_run_ends(blocks, chances, judged, kept)
    if is_article:
        _keep_declared(seen, excluded, chances, kept)
        _drop_above_title(seen, title, chances, kept)
        _keep_subtitle(seen, excluded, kept)
    _fill_structures(seen, excluded, chances, kept)
    _fill_wrapped(seen, excluded, chances, kept)
    if is_article:
        _keep_editor_parts(seen, kept)
        for number in ingredient_blocks(blocks, boxes, seen.hints.ingredients) - excluded:
            kept[number] = True
    _keep_sources(seen, excluded, chances, kept)
    _keep_headings(blocks, chances, judged, kept)
    keep_repeated(blocks, boxes, excluded, kept)
    _keep_names(seen, kept)
    media = keep_media(
        seen.segments.media,
        boxes,
        blocks,
        kept,
        title=title,
        images=seen.hints.images,
    )
    _drop_empty_sections(seen.segments, kept, media)
    _select_captions(seen, kept, media, chances)
    return kept, media


def _leaves_text(seen: PageAnalysis, chances: Sequence[float], removed: Collection[int]) -> bool:
    """Return whether likely running text stays on a page that has some."""
    sizes = [
        size if chance > LIKELY_TEXT else 0
        for size, chance in zip(seen.features.prose, chances, strict=True)
    ]
    return sum(sizes[number] for number in removed) < MAX_REMOVED_SHARE * sum(sizes) or not any(
        sizes
    )


def other_chance(seen: PageAnalysis, chances: Sequence[float]) -> float:
    """Return the chance that a page is a thread, a listing or a product, not one article."""
    found = seen.features
    row = page_judge.page_row(seen.blocks, found.prose, found.page_features, chances)
    return load_forest("page").chances([row])[0]


def _keeps_little(seen: PageAnalysis, kept: Sequence[bool]) -> bool:
    """Return whether the page has much more running text, and much more text outside links."""
    prose = sum(size for size, keep in zip(seen.features.prose, kept, strict=True) if keep)
    chars = sum(len(block.text) for block, keep in zip(seen.blocks, kept, strict=True) if keep)
    unlinked = sum(len(block.text) - block.linked_chars for block in seen.blocks)
    return prose < MIN_KEPT_SHARE * seen.features.total and chars < MIN_KEPT_SHARE * unlinked


def _second_opinion(
    seen: PageAnalysis, chances: Sequence[float], kept: Sequence[bool]
) -> list[float]:
    """Return the chances, raised for what readability-lxml keeps if that is much more."""
    # Its import takes as long as a page, and few pages need it.
    from reader.extract.content.readability_lxml import readability_blocks

    root = seen.segments.boxes[0].element.getroottree().getroot()
    selected = readability_blocks(root, seen.blocks)
    words = [block.text.count(" ") + 1 for block in seen.blocks]
    ours = sum(size for size, keep in zip(words, kept, strict=True) if keep)
    theirs = sum(size for size, keep in zip(words, selected, strict=True) if keep)
    if ours >= MIN_KEPT_SHARE * theirs:
        return list(chances)
    return [
        max(chance, RAISED_CHANCE) if keep and chance > EXCLUDED_CHANCE else chance
        for chance, keep in zip(chances, selected, strict=True)
    ]


def _keep_declared(
    seen: PageAnalysis, excluded: Collection[int], chances: Sequence[float], kept: list[bool]
) -> None:
    """Keep the text of a box that the page declares as its article, if all of it was dropped."""
    for box in seen.segments.boxes:
        inside = range(box.first_block, box.end_block)
        if (
            (box.tag == "main" or "articleBody" in box.names)
            and sum(seen.features.prose[at] for at in inside) >= MIN_DECLARED_CHARS
            and not any(kept[at] for at in inside)
        ):
            for at in inside:
                kept[at] = at not in excluded and chances[at] > MIN_DECLARED_CHANCE


def _title_heading(seen: PageAnalysis) -> int | None:
    """Return the number of the heading with the page's title, None if there is none."""
    like_title = seen.features.like_title
    return next(
        (
            number
            for number, block in enumerate(seen.blocks)
            if like_title[number] > MIN_TITLE_LIKENESS and block.box.tag in ("h1", "h2")
        ),
        None,
    )


def _drop_above_title(
    seen: PageAnalysis, title: int | None, chances: Sequence[float], kept: list[bool]
) -> None:
    """Leave out unsure text above the title's heading: a rail of other articles, breaking news.

    What stands in the innermost box that has both the title and the article stays.
    """
    blocks = seen.blocks
    body = [
        number
        for number in range((title or 0) + 1, len(blocks))
        if kept[number] and chances[number] > SURE_TEXT and seen.features.prose[number]
    ]
    if not title or len(body) < MIN_BODY_PARAGRAPHS:
        return
    shared = next(box for box in ancestors(blocks[body[0]].box) if box.first_block <= title)
    for number in range(min(title, shared.first_block)):
        if chances[number] < SURE_ABOVE_TITLE:
            kept[number] = False


def _keep_subtitle(seen: PageAnalysis, excluded: Collection[int], kept: list[bool]) -> None:
    """Keep the lines below the title that are named its subtitle, excerpt or introduction."""
    blocks, like_title = seen.blocks, seen.features.like_title
    first = next((number for number, keep in enumerate(kept) if keep), 0)
    title = next((n for n in range(first) if like_title[n] > MIN_TITLE_LIKENESS), first)
    for number in range(title + 1, min(first, title + MAX_SUBTITLE_DISTANCE)):
        block = blocks[number]
        if (
            number not in excluded
            and not block.linked_chars
            and blocks[title].box.tag in HEADINGS
            and len(block.text.encode()) >= MIN_SUBTITLE_CHARS
            and _is_named_subtitle(block.box)
        ):
            kept[number] = True


def _is_named_subtitle(box: Box) -> bool:
    """Return whether a box or the small one around it is named for a subtitle."""
    around = [box]
    if (parent := box.parent) is not None and (
        parent.end_block - parent.first_block <= MAX_SUBTITLE_BLOCKS
    ):
        around.append(parent)
    return any(one.names and _SUBTITLE.search(one.names) is not None for one in around)


def _is_body(box: Box) -> bool:
    """Return whether a box holds an article's text and little else, by its element or names."""
    return box.tag in ("article", "main") or _BODY_NAME.search(box.names) is not None


def _fill_structures(
    seen: PageAnalysis, excluded: Collection[int], chances: Sequence[float], kept: list[bool]
) -> None:
    """Keep a list, table or quotation after a sure paragraph of one container.

    Another sure paragraph follows it, or it is the end of an article's body.
    """
    blocks = seen.blocks
    paragraphs = _count_paragraphs(seen, chances, kept)
    for box in seen.segments.boxes:
        start, end = box.first_block, box.end_block
        if (
            box.tag not in _STRUCTURES
            or box.parent is None
            or box.in_link
            or not 0 < start < end
            or all(kept[start:end])
        ):
            continue
        numbers = range(start, end)
        is_last = end == box.parent.end_block and (
            paragraphs[id(box.parent)] >= MIN_BODY_PARAGRAPHS or _is_body(box.parent)
        )
        if end == len(blocks) and not is_last:
            continue
        last_chance = LAST_STRUCTURE_CHANCE if box.tag in _LISTS else LAST_CONTENT_CHANCE
        edges = (start - 1,) if is_last else (start - 1, end)
        is_beside = (
            box.tag in _WRAPPED
            and paragraphs[id(box.parent)] >= MIN_BODY_PARAGRAPHS
            and all(_is_kept_sibling(seen, box, at, kept) for at in edges)
        )
        least = last_chance if is_last or is_beside else STRUCTURE_CHANCE
        if (
            (is_beside or _are_sure_neighbors(seen, box, edges, chances, kept))
            and not any(at in excluded for at in numbers)
            and max(chances[at] for at in numbers) > least
            and _is_linked_below(blocks, numbers, 2 if box.tag == "dl" else 3)
        ):
            kept[start:end] = [True] * (end - start)


def _are_sure_neighbors(
    seen: PageAnalysis,
    box: Box,
    numbers: Iterable[int],
    chances: Sequence[float],
    kept: Sequence[bool],
) -> bool:
    """Return whether these blocks are sure, kept prose in the box's own parent."""
    return all(
        kept[at]
        and chances[at] > SURE_TEXT
        and seen.features.prose[at]
        and seen.blocks[at].box.parent is box.parent
        for at in numbers
    )


def _count_paragraphs(
    seen: PageAnalysis, chances: Sequence[float], kept: Sequence[bool]
) -> Counter[int]:
    """Return the number of sure, kept paragraphs by the identity of the box around them."""
    return Counter(
        id(block.box.parent)
        for number, block in enumerate(seen.blocks)
        if kept[number] and chances[number] > SURE_TEXT and seen.features.prose[number]
    )


def _is_kept_sibling(seen: PageAnalysis, box: Box, at: int, kept: Sequence[bool]) -> bool:
    """Return whether a kept block stands somewhere in the parent of a box."""
    return kept[at] and any(one is box.parent for one in ancestors(seen.blocks[at].box))


def _is_linked_below(blocks: Sequence[Block], numbers: range, parts: int) -> bool:
    """Return whether links have less than one of `parts` of the blocks' characters."""
    linked = sum(blocks[at].linked_chars for at in numbers)
    return parts * linked < sum(len(blocks[at].text) for at in numbers)


def _fill_wrapped(
    seen: PageAnalysis, excluded: Collection[int], chances: Sequence[float], kept: list[bool]
) -> None:
    """Keep a box with code, a table or a quotation between two sure paragraphs around it.

    Its labels stay with it: names of tabs, who said it, a caption. A post of a social network needs
    no chance and may be links.
    """
    blocks, boxes = seen.blocks, seen.segments.boxes
    held: set[int] = set()
    codes: set[int] = set()
    posts: set[int] = set()
    paragraphs = _count_paragraphs(seen, chances, kept)
    for box in boxes:
        if box.tag in _WRAPPED and box.end_block - box.first_block > 0:
            is_post = _EMBEDDED_POST.search(box.names) is not None
            for above in ancestors(box):
                held.add(id(above))
                if box.tag == "pre":
                    codes.add(id(above))
                elif is_post:
                    posts.add(id(above))
    for box in boxes:
        start, end = box.first_block, box.end_block
        if (
            id(box) not in held
            or box.parent is None
            or not 0 < start < end < len(blocks)
            or all(kept[start:end])
        ):
            continue
        numbers = range(start, end)
        is_figure = (
            box.tag == "figure"
            and paragraphs[id(box.parent)] >= MIN_BODY_PARAGRAPHS
            and all(_is_kept_sibling(seen, box, at, kept) for at in (start - 1, end))
        )
        least = CODE_CHANCE if id(box) in codes or is_figure else WRAPPED_CHANCE
        if (
            (is_figure or _are_sure_neighbors(seen, box, (start - 1, end), chances, kept))
            and not any(at in excluded for at in numbers)
            and (
                id(box) in posts
                or (
                    max(chances[at] for at in numbers) > least
                    and _is_linked_below(blocks, numbers, 3)
                )
            )
        ):
            kept[start:end] = [True] * (end - start)


def _keep_editor_parts(seen: PageAnalysis, kept: list[bool]) -> None:
    """Keep the files, buttons, posts and cards of links that an editor set between paragraphs."""
    blocks = seen.blocks
    outside = seen.comments | seen.related_content.blocks
    parts = [
        (box.first_block, box.end_block)
        for box in seen.segments.boxes
        if box.first_block < box.end_block <= box.first_block + MAX_PART_BLOCKS
        and box.names
        and _EDITOR_PART.search(box.names) is not None
    ]
    parts += [
        (number, number + 1)
        for number, block in enumerate(blocks)
        if boilerplate.is_button(block, MAX_EDITOR_BUTTON)
        and not (_CALL.match(block.text) or block.text.isupper())
    ]
    for start, end in parts:
        if not outside.isdisjoint(range(start, end)):
            continue
        above = range(max(0, start - MAX_PART_DISTANCE), start)
        below = range(end, min(len(blocks), end + MAX_PART_DISTANCE))
        if all(any(kept[at] and seen.features.prose[at] for at in near) for near in (above, below)):
            for at in range(start, end):
                text = blocks[at].text
                kept[at] = kept[at] or not (label_kind(text) or boilerplate.is_phrase(text))


def _fill_gaps(
    blocks: Sequence[Block],
    chances: Sequence[float],
    judged: Sequence[int],
    kept: list[bool],
) -> None:
    """Keep a doubtful block between two likely ones: a short quote, a caption, a line of a list.

    An advertisement may stand next to it. `judged` are the numbers of the blocks not excluded.
    """
    for above, number, below in zip(judged, judged[1:], judged[2:], strict=False):
        if max(number - above, below - number) > MAX_INTERRUPTION + 1:
            continue
        is_inside = kept[above] and kept[below]
        neighbours = min(chances[above], chances[below])
        if is_inside and (
            (chances[number] > GAP_CHANCE and neighbours > GAP_EDGE_CHANCE)
            or (
                blocks[number].has_media
                and chances[number] > MEDIA_GAP_CHANCE
                and neighbours > MEDIA_EDGE_CHANCE
            )
        ):
            kept[number] = True


def _keep_run_ends(
    blocks: Sequence[Block],
    chances: Sequence[float],
    judged: Sequence[int],
    kept: list[bool],
) -> None:
    """Keep doubtful paragraphs at the edge of a run of their like, such as a short last one.

    Sections between them do not end the run, nor does the end of a container next to its like.
    """
    likes = [_run_of(block) for block in blocks]
    runs = Counter(like for like, keep in zip(likes, kept, strict=True) if keep)
    for way in (judged, judged[::-1]):
        for before, number in pairwise(way):
            if (
                not kept[number]
                and kept[before]
                and chances[number] > RUN_CHANCE
                and likes[number] == likes[before]
                and likes[number] is not None
                and runs[likes[number]] >= MIN_RUN
            ):
                kept[number] = True


def _run_of(block: Block) -> tuple[str, str, Box] | None:
    """Return element, names without their numbers, and the container two levels up.

    None for links, headings and text that is too short for a paragraph.
    """
    if block.linked_chars or block.box.tag in HEADINGS or len(block.text.encode()) < MIN_RUN_BYTES:
        return None
    *_, around = islice(ancestors(block.box), 3)
    return block.box.tag, _DIGITS.sub("", block.box.names), around


def _keep_sources(
    seen: PageAnalysis, excluded: Collection[int], chances: Sequence[float], kept: list[bool]
) -> None:
    """Keep a list of links to other sites at the end of an article, with its heading."""
    blocks = seen.blocks
    for one in seen.sources:
        first = one.start if one.heading is None else one.heading
        above, body = first - 1, one.box.parent
        if above < 0 or body is None or any(at in excluded for at in range(first, one.end)):
            continue
        is_named = one.heading is not None and is_source_heading(blocks[one.heading].text)
        least = NAMED_SOURCE_CHANCE if is_named else SOURCE_CHANCE
        if (
            kept[above]
            and chances[above] > SURE_TEXT
            and blocks[above].box.parent is body
            and sum(
                seen.features.prose[at] > 0 and kept[at] for at in range(body.first_block, first)
            )
            >= MIN_BODY_PARAGRAPHS
            and max(chances[at] for at in range(one.start, one.end)) > least
        ):
            kept[first : one.end] = [True] * (one.end - first)


def _keep_names(seen: PageAnalysis, kept: list[bool]) -> None:
    """Keep the name of the writer above each kept post."""
    following = len(kept)
    for number in sorted(seen.names, reverse=True):
        post = range(number + 1, min(following, number + MAX_POST_DISTANCE))
        if any(kept[at] and seen.features.prose[at] for at in post):
            kept[number] = True
        following = number


def _keep_headings(
    blocks: Sequence[Block],
    chances: Sequence[float],
    judged: Sequence[int],
    kept: list[bool],
) -> None:
    """Keep a doubtful heading between kept text and the text below it."""
    last = -MAX_HEADING_DISTANCE
    above = []
    for number, keep in enumerate(kept):
        last = number if keep else last
        above.append(number - last < MAX_HEADING_DISTANCE)
    for number, below in zip(judged[-2:0:-1], judged[:1:-1], strict=True):
        if (
            blocks[number].box.tag in HEADINGS
            and kept[below]
            and below - number <= MAX_INTERRUPTION + 1
            and above[number]
            and chances[number] > MIN_HEADING_CHANCE
        ):
            kept[number] = True


def _near_kept(
    kept: Sequence[bool], captioned: Collection[int], numbers: Iterable[int]
) -> dict[int, bool]:
    """Return for each caption whether the last block before it that is none is kept."""
    found: dict[int, bool] = {}
    is_kept = False
    for number in numbers:
        if number in captioned:
            found[number] = is_kept
        else:
            is_kept = kept[number]
    return found


def _select_captions(
    seen: PageAnalysis, kept: list[bool], media: Sequence[Media], chances: Sequence[float]
) -> None:
    """Keep the captions of kept images, each once, if one of them may be text.

    Captions of other images are left out, and so are copies for other screens.
    """
    shown = set(media)
    placed: set[int] = set()
    kept_texts: set[str] = set()
    found = figures.find_figures(seen.blocks, seen.segments.media)
    least = LONE_FIGURE_CHANCE if len(found) == 1 else MIN_CAPTION_CHANCE
    captioned = {number for figure in found for number in figure.captions}
    # For each block: whether the nearest block above and below it, captions aside, is kept.
    above = _near_kept(kept, captioned, range(len(kept)))
    below = _near_kept(kept, captioned, range(len(kept) - 1, -1, -1))
    for figure in found:
        placed.update(figure.captions)
        best = max(chances[number] for number in figure.captions)
        is_inside = above[figure.captions[0]] and below[figure.captions[-1]]
        is_sure = _GALLERY_ITEM.search(figure.box.names) is not None or any(
            _NUMBERED_FIGURE.match(seen.blocks[number].text) for number in figure.captions
        )
        stays = best > least or (is_inside and is_sure)
        stays = stays and not shown.isdisjoint(figure.images)
        captions = figures.deduplicate_captions(figure, seen.blocks, kept_texts) if stays else ()
        captions = tuple(number for number in captions if number not in seen.excluded)
        for number in figure.captions:
            kept[number] = number in captions
            if len(seen.blocks[number].text) > MAX_CREDIT_CHARS:
                kept_texts.add(seen.blocks[number].text)
        if captions:
            figures.build(figure, captions, seen.blocks)
    kept_texts.update(seen.blocks[number].text for number in placed)
    for number, block in enumerate(seen.blocks):
        if (
            kept[number]
            and number not in placed
            and figures.is_caption(block)
            and (
                block.text in kept_texts
                or (
                    chances[number] < LONE_CAPTION_CHANCE
                    and not figures.has_other_content(block, shown)
                )
            )
        ):
            kept[number] = False
        elif (
            not kept[number]
            and number not in placed
            and number not in seen.excluded
            and block.text not in kept_texts
            and block.box.tag == "figcaption"
            and (
                (chances[number] > MIN_CAPTION_CHANCE and figures.has_other_content(block, shown))
                or _ends_gallery(seen.blocks, kept, number)
            )
        ):
            # The caption of a whole gallery, below those of its images.
            kept[number] = True


def _ends_gallery(blocks: Sequence[Block], kept: Sequence[bool], number: int) -> bool:
    """Return whether a caption follows kept captions in one figure."""
    figure = blocks[number].box.parent
    return (
        figure is not None
        and figure.tag == "figure"
        and figure.first_block < number
        and all(kept[figure.first_block : number])
    )


def _drop_empty_sections(segments: Segmenter, kept: list[bool], media: Sequence[Media]) -> None:
    """Leave out headings whose whole section was left out, and those at the end.

    Two with nothing between them on the page stay.
    """
    blocks = segments.blocks
    shown = {one.block_index for one in media}
    skipped = {number for number, _ in segments.skipped}
    levels = range(1, 7)
    # By level, of the text up to the next heading of that level or above.
    has_text = dict.fromkeys(levels, len(blocks) in shown)
    has_loss = dict.fromkeys(levels, True)
    for number in range(len(blocks) - 1, -1, -1):
        if number + 1 in skipped:
            has_loss = dict.fromkeys(levels, True)
        level = _heading_level(blocks[number])
        if level and kept[number] and has_loss[level] and not has_text[level]:
            kept[number] = False
        for each in levels:
            if level and each >= level:
                has_text[each] = has_loss[each] = False
            elif kept[number]:
                has_text[each] = True
            elif not level:
                has_loss[each] = True
            has_text[each] = has_text[each] or number in shown


def _heading_level(block: Block) -> int:
    """Return the level of a heading; 0 for text, and for a heading like a sentence."""
    tag = block.box.tag
    if tag not in HEADINGS or len(block.text) > MAX_HEADING_CHARS or block.text[-1] in ".!…:。":
        return 0
    if any(box.tag in _QUOTING for box in ancestors(block.box)):
        return 0
    return int(tag[1])


def _drop_title(blocks: Sequence[Block], kept: list[bool], titles: Sequence[str]) -> None:
    """Leave out the title at the start of the text, and a short line above it."""
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
    """Leave out a first line with only the author and perhaps a date."""
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


def _raise_shown_body(seen: PageAnalysis, chances: list[float]) -> list[float]:
    """Return the chances, raised for the blocks of a JSON-LD text if little of it is likely text."""
    likely = sum(
        len(block.text)
        for block, chance in zip(seen.blocks, chances, strict=True)
        if chance > LIKELY_TEXT
    )
    shown = _blocks_of_body(seen) if 2 * likely <= len(seen.hints.body) else ()
    for number in shown:
        chances[number] = max(chances[number], SHOWN_BODY_CHANCE)
    return chances


def _blocks_of_body(seen: PageAnalysis) -> list[int]:
    """Return the numbers of the blocks that show the JSON-LD text, if they are most of it.

    The page has their headings, lists and links, and the data of some sites is in a format of their
    own.
    """
    if len(seen.hints.body) < MIN_JSON_LD_CHARS:
        return []
    body = _alphanumeric(seen.hints.body)
    shown: dict[int, int] = {}
    for number in seen.judged:
        text = _alphanumeric(seen.blocks[number].text)
        if len(text) >= MIN_SHARED_LETTERS and text[:MIN_SHARED_LETTERS] in body:
            shown[number] = len(text)
    return list(shown) if 2 * sum(shown.values()) >= len(body) else []


def _json_ld_body(seen: PageAnalysis, kept: Sequence[bool]) -> HtmlElement | None:
    """Return the JSON-LD text in paragraphs if it is much longer than the kept text, and not shown."""
    body = seen.hints.body
    chosen = sum(len(block.text) for block, keep in zip(seen.blocks, kept, strict=True) if keep)
    if len(body) < MIN_JSON_LD_CHARS or 2 * chosen > len(body) or _blocks_of_body(seen):
        return None
    root = fragment_fromstring("<div></div>")
    root.extend(list(_paragraphs(body)))
    return root


def _unseen_description(seen: PageAnalysis) -> str:
    """Return the description of the product if the page shows it only after a click, else ""."""
    text = seen.hints.product
    if len(text) < MIN_PRODUCT_CHARS:
        return ""
    shown = _alphanumeric(" ".join(block.text for block in seen.blocks))
    return "" if _alphanumeric(text)[:MIN_SHARED_LETTERS] in shown else text


def _paragraphs(text: str) -> Iterator[HtmlElement]:
    """Yield a paragraph for each line of a text."""
    for line in text.splitlines():
        if words := collapse_whitespace(line):
            yield E.p(words)
