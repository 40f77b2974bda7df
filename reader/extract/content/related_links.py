"""Links to related articles in what labelled sections left of a page, and its hashtags."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from reader.extract.content.ages import AGE
from reader.extract.content.heading_words import RELATED_CUE, RELATED_HEADING, TAG_HEADING
from reader.extract.content.section_lines import TAG_LETTER
from reader.extract.content.segmenter import (
    Block,
    Box,
    RunPart,
    ancestors,
    collapse_whitespace,
    text_of,
)
from reader.model.article import Related
from reader.model.text import clean_tag, one_line
from reader.model.urls import is_web_url

MAX_RELATED: Final = 40
"""Related articles of one page; longer lists are archives."""
TAG: Final = re.compile(rf"#\w{TAG_LETTER}*")
_NAME: Final = re.compile(
    r"(?<![a-z])(?:related|recommend\w*|read-?next|also-?read|more-?stories|outbrain|taboola)(?![a-z])",
    re.I,
)
_MAX_INLINE_CHARS: Final = 240
"""Characters of one line with a cue and a link: "Read more:" and a long headline."""
_MAX_SOURCE_CHARS: Final = 60
"""Characters of the longest name of a source; teasers are longer."""
_TRIMMED: Final = " \t\n:-–—|•·»›…"


@dataclass(slots=True)
class RelatedLinks:
    """Related articles and hashtags, and the numbers of their blocks."""

    articles: list[Related] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    blocks: set[int] = field(default_factory=set)
    cues: set[int] = field(default_factory=set)
    """The blocks that are one line such as "Read also: …"."""


def find_related(
    blocks: Sequence[Block],
    boxes: Sequence[Box],
    base: str | None,
    known: Set[int] = frozenset(),
) -> RelatedLinks:
    """Find related articles and hashtags of the page, outside the `known` blocks."""
    found = RelatedLinks(blocks=set(known))
    page_chars = sum(len(block.text) for block in blocks if not _is_mostly_linked(block))
    for number, block in enumerate(blocks):
        if number in found.blocks:
            continue
        if _is_tag_line(block):
            _collect_tags(blocks, number, found)
        elif (item := _inline_related(block, base)) is not None:
            found.blocks.add(number)
            found.cues.add(number)
            _add(found, [item])
        elif (
            len(block.text) <= 60
            and RELATED_HEADING.fullmatch(block.text.strip(_TRIMMED))
            and not _jumps(block)
        ):
            _collect_section(blocks, number, base, found, page_chars)
    _collect_named_boxes(blocks, boxes, base, found)
    found.blocks -= known
    return found


def _add(found: RelatedLinks, items: Sequence[Related]) -> None:
    new = [item for item in items if item not in found.articles]
    found.articles += new[: MAX_RELATED - len(found.articles)]


def _inline_related(block: Block, base: str | None) -> Related | None:
    """Return the article linked by a line such as "Read also: …", or None."""
    if not block.linked_chars or block.link_count > 2 or len(block.text) > _MAX_INLINE_CHARS:
        return None
    cue = RELATED_CUE.match(block.text.lstrip(_TRIMMED + "([*"))
    title = max(map(text_of, _anchors(block)), key=len, default="")
    if cue is None or not _is_long_enough(title):
        return None
    rest = len(block.text) - len(title)
    if rest > len(cue[0]) + 12 and block.linked_chars < 0.9 * len(block.text):
        return None
    cue_inside = RELATED_CUE.match(title.lstrip(_TRIMMED))
    name = title.lstrip(_TRIMMED)[cue_inside.end() :] if cue_inside else title
    link = _link(block, title)
    href = urljoin(base or "", (link.get("href") or "").strip()) if link is not None else ""
    return Related(title=one_line(name or title), url=href) if is_web_url(href) else None


def _jumps(block: Block) -> bool:
    """Return whether a block is a link to a place on its page, or such a place: "Top", "More"."""
    return any((anchor.get("href") or "#").startswith("#") for anchor in _anchors(block))


def _anchors(block: Block) -> Iterator[HtmlElement]:
    for piece, element in block.parts:
        if piece is RunPart.WHOLE:
            yield from element.iter("a")


def _is_tag_line(block: Block) -> bool:
    if "#" not in block.text:
        return False
    words = block.text.replace(",", " ").split()
    return bool(words) and all(TAG.fullmatch(word) and not word[1:].isdigit() for word in words)


def _collect_tags(blocks: Sequence[Block], number: int, found: RelatedLinks) -> None:
    found.blocks.add(number)
    for tag in TAG.findall(blocks[number].text):
        if (name := clean_tag(tag)) and name not in found.tags:
            found.tags.append(name)
    before = number - 1
    while before >= 0 and before in found.blocks:
        before -= 1
    if before >= 0 and TAG_HEADING.fullmatch(blocks[before].text.strip(_TRIMMED)):
        found.blocks.add(before)


def _collect_section(
    blocks: Sequence[Block], number: int, base: str | None, found: RelatedLinks, page_chars: int
) -> None:
    """Collect the items under a heading: those in its box, or the siblings like items."""
    box: Box | None = blocks[number].box
    while box is not None and box.end_block <= number + 1:
        box = box.parent
    if box is None:
        return
    end = _items_end(blocks, number, box, page_chars)
    if end == number + 1:
        return
    items = list(_items(blocks, number + 1, end, box, base))
    if not items:
        return
    found.blocks.update(range(number, end))
    _add(found, items)


def _items_end(blocks: Sequence[Block], number: int, box: Box, page_chars: int) -> int:
    """Return the number after the last item; a heading or text ends the list.

    A box that begins with the heading belongs to it as a whole, with teasers in full sentences.
    """
    if box.first_block == number and _holds_cards(blocks[number + 1 : box.end_block], page_chars):
        return box.end_block
    end = number + 1
    rank = blocks[number].box.element.tag
    missed = 0
    for following in range(number + 1, box.end_block):
        block = blocks[following]
        if following < end:
            continue
        if block.box.element.tag == rank and rank[:1] == "h" and not _is_title(block):
            break
        if (cards := _cards(blocks, following, box, page_chars)) is not None:
            end, missed = cards.end_block, 0
        elif _is_title(block) or block.linked_chars * 2 > len(block.text):
            end, missed = following + 1, 0
        elif len(block.text) > 60 or missed > 1:
            break
        else:
            missed += 1
    return end


def _cards(blocks: Sequence[Block], number: int, region: Box, page_chars: int) -> Box | None:
    """Return the outermost box in a region that begins with a block and has only cards."""
    found = None
    for around in ancestors(blocks[number].box):
        if around is region or around.first_block != number:
            break
        inside = blocks[around.first_block : around.end_block]
        if _begins_with_title(inside) and _holds_cards(inside, page_chars):
            found = around
    return found


def _begins_with_title(inside: Sequence[Block]) -> bool:
    """Return whether a headline precedes the prose, with at most two lines of it per headline."""
    titles = [number for number, block in enumerate(inside) if _is_title(block)]
    prose = [
        number
        for number, block in enumerate(inside)
        if len(block.text.encode()) > _MAX_SOURCE_CHARS and 2 * block.linked_chars < len(block.text)
    ]
    return bool(titles) and len(prose) <= 2 * len(titles) and (not prose or titles[0] < prose[0])


def _holds_cards(inside: Sequence[Block], page_chars: int) -> bool:
    """Return whether these are headlines with teasers, and not most of the page's text.

    `page_chars` are the characters of the page outside links.
    """
    titles = sum(1 for block in inside if _is_title(block))
    teasers = [block for block in inside if _is_long(block)]
    if not titles or len(teasers) > 2 * titles or not any(map(_is_title, inside[:5])):
        return False
    return 3 * page_chars >= 4 * sum(len(block.text) for block in teasers)


def _is_long(block: Block) -> bool:
    """Return whether a block reads like a paragraph; bytes count, for scripts with long letters."""
    return len(block.text.encode()) > 120 and not _is_mostly_linked(block)


def _is_mostly_linked(block: Block) -> bool:
    return 2 * block.linked_chars >= len(block.text)


def _is_title(block: Block) -> bool:
    return _headline(block) is not None


def _headline(block: Block) -> tuple[str, list[str]] | None:
    """Return a block's linked headline and the other parts of its line, or None.

    The other parts may only name source and age, and an age must be among them.
    """
    if not block.linked_chars or block.link_count > 2:
        return None
    if block.linked_chars * 10 >= 8 * len(block.text):
        return (block.text, []) if _is_long_enough(block.text) else None
    if len(block.text) - block.linked_chars > 80:
        return None
    linked = [
        text_of(element)
        for piece, element in block.parts
        if piece is RunPart.WHOLE and (element.tag == "a" or element.find(".//a") is not None)
    ]
    title = max(linked, key=len, default="")
    others = [part for part in _parts(block) if part != title]
    if _is_long_enough(title) and any(AGE.fullmatch(part) for part in others):
        return title, others
    return None


def _is_long_enough(title: str) -> bool:
    words = len(title.split())
    # Letters beyond ASCII say more each.
    return len(title) >= 20 or words >= 3 or (not title.isascii() and len(title.encode()) > 16)


def _items(
    blocks: Sequence[Block], first: int, last: int, region: Box, base: str | None
) -> Iterator[Related]:
    titles = [number for number in range(first, last) if _is_title(blocks[number])]
    for at, number in enumerate(titles):
        before = titles[at - 1] if at else first - 1
        after = titles[at + 1] if at + 1 < len(titles) else last
        card = _card(blocks[number].box, region, before, after)
        title, beside = _headline(blocks[number]) or (blocks[number].text, [])
        for near in range(max(card.first_block, before + 1), min(card.end_block, after)):
            if near != number and len(blocks[near].text) <= 90:
                beside += _parts(blocks[near])
        age = next((part for part in beside if AGE.fullmatch(part)), None)
        source = next(filter(_is_source, beside), None)
        link = _link(blocks[number], title)
        for name, at_link in _linked_titles(blocks[number]) or [(title, link)]:
            href = (
                urljoin(base or "", (at_link.get("href") or "").strip())
                if at_link is not None
                else ""
            )
            yield Related(
                title=one_line(name),
                source=one_line(source, 120) if source else None,
                age=one_line(age, 60) if age else None,
                url=href if is_web_url(href) else None,
            )


def _linked_titles(block: Block) -> list[tuple[str, HtmlElement | None]]:
    """Return the titles of two articles side by side; empty for a single one."""
    links: dict[str, tuple[str, HtmlElement | None]] = {}
    for anchor in _anchors(block):
        if _is_long_enough(text := text_of(anchor)) and (href := anchor.get("href")):
            links.setdefault(href, (text, anchor))
    return list(links.values()) if len(links) > 1 else []


def _is_source(part: str) -> bool:
    """Return whether words next to a headline may name its source: no age, no teaser."""
    return len(part) <= _MAX_SOURCE_CHARS and not AGE.fullmatch(part) and part[-1] not in ".!?…。"


def _card(box: Box, region: Box, before: int, after: int) -> Box:
    """Return the largest box around a title without another title."""
    card = box
    for around in ancestors(box):
        if around is region.parent or (around.first_block <= before or around.end_block > after):
            break
        card = around
    return card


def _parts(block: Block) -> Iterator[str]:
    """Yield the texts of a line's elements: source and age are often side by side."""
    for piece, element in block.parts:
        text = (
            element.text or ""
            if piece is RunPart.TEXT
            else element.tail or ""
            if piece is RunPart.TAIL
            else text_of(element)
        )
        for part in re.split(r"\s[|•·–—-]\s|\s?[|•·]\s?", collapse_whitespace(text)):
            if trimmed := part.strip(_TRIMMED):
                yield trimmed


def _link(block: Block, title: str) -> HtmlElement | None:
    """Return the link with this title, else the block's first one, else the one around it."""
    links = [anchor for anchor in _anchors(block) if anchor.get("href")]
    for anchor in links:
        if text_of(anchor) == title:
            return anchor
    if links:
        return links[0]
    for box in ancestors(block.box):
        if box.element.tag == "a" and box.element.get("href"):
            return box.element
    return None


def _collect_named_boxes(
    blocks: Sequence[Block], boxes: Sequence[Box], base: str | None, found: RelatedLinks
) -> None:
    """Collect boxes named as related that consist mostly of links to articles."""
    for box in boxes:
        element = box.element
        if (
            box.end_block - box.first_block < 2
            or box.first_block in found.blocks
            or element.tag in ("body", "html")
        ):
            continue
        if not _NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            continue
        inside = blocks[box.first_block : box.end_block]
        if 2 * sum(block.linked_chars for block in inside) < sum(
            len(block.text) for block in inside
        ):
            continue
        items = list(_items(blocks, box.first_block, box.end_block, box, base))
        if items:
            found.blocks.update(range(box.first_block, box.end_block))
            _add(found, items)
