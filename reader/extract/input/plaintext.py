"""Plain text as title and paragraphs: joins hard-wrapped lines, finds lists and verse."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement
from lxml.html.builder import BR, DIV, H2, LI, OL, PRE, UL, P

from reader.extract.content.section_lines import is_source_line
from reader.model.text import clean

MAX_TITLE: Final = 200
"""Characters of a first line that may be the title; a paragraph is longer."""
MAX_WRAP_WIDTH: Final = 120
"""Columns of the widest line in a text that a program wrapped."""
MIN_WRAP_WIDTH: Final = 40
"""Columns of the narrowest text that a program wrapped; verse is narrower."""
MAX_RULE_SLACK: Final = 3
"""Columns by which the rule below a heading may differ from it where text follows at once."""
MIN_LOCAL_LINES: Final = 4
"""Lines of the shortest block that shows the width at which it was wrapped."""
LONGER_LINES: Final = 20
"""One line in as many may be longer than the width of a wrapped text."""
MAX_VERSE_LINE: Final = 70
"""Characters of the longest line of verse."""
MAX_PARAGRAPH: Final = 100_000
"""Characters after which a paragraph is split: later stages get no endless line."""

_BULLET: Final = re.compile(r"[-*•–‣▪◦] +(?=\S)")
_NUMBER: Final = re.compile(r"\(?(\d{1,3})[.)] +(?=\S)")
_BROKEN_COMPOUND: Final = re.compile(
    r"(?<=[^\W\d_]{2}-) (?=[^\W\d_]{2})(?!(?:and|or|to|und|oder|bis|et|ou|y|o|e|en|of)\b)"
)
_BROKEN_HAN: Final = re.compile(
    r"(?<=[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60])\n(?=[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60])"
)
"""A line end between signs of Chinese or Japanese, which have no spaces between words."""
_BOXED: Final = re.compile(r"\s*(?:[+|].*[+|]|[-+=| ]{5,}|[\u2500-\u257f].*)\s*")
_COLUMNS: Final = re.compile(r"\S {3,}\S")
MAX_FIGURE_WIDTH: Final = 200
"""Columns of the widest drawing or table: one of 80 columns fits twice."""
MIN_FIGURE_SHARE: Final = 0.6
"""Share of the lines of a drawing or a table in columns that look like one."""
MIN_INDENT: Final = 3
"""Columns by which a section's text is indented: RFCs have three, manual pages more."""
MAX_HEADING: Final = 60
"""Characters of the longest heading of a section."""
_PAGE_BREAK: Final = re.compile(
    r"\n[ \t]*\S[^\n]{0,120}\[Page \d{1,4}\][ \t]*(?:\n\s{0,20}\f\s{0,20}[^\n]{1,120})?(?=\n|\Z)"
)
"""The foot of a page and the head of the next one, as RFCs have them."""
_UNDERLINE: Final = re.compile(r"(=|-|~)\1{2,}")


class ParagraphKind(StrEnum):
    """Kind of a paragraph."""

    PROSE = "prose"
    VERSE = "verse"
    CODE = "code"
    HEADING = "heading"
    BULLET = "bullet"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `after_gap` says that an empty line precedes it.

    `text` has line ends only in verse and code; `number` is that of an item in a list.
    """

    text: str = field(repr=False)
    after_gap: bool = False
    kind: ParagraphKind = ParagraphKind.PROSE
    number: int | None = None


def split_lines(text: str) -> list[str]:
    """Return the cleaned lines without trailing spaces; keeps empty lines."""
    if "[Page " in text:
        text = _PAGE_BREAK.sub("\n", text.replace("\r\n", "\n"))
    return [line.rstrip() for line in clean(text).expandtabs(4).split("\n")]


def split_title(lines: Sequence[str]) -> tuple[str, list[str]]:
    """Return the title, empty if there is none, and the lines after it.

    The first line is the title if it has at most 200 characters and is followed by an empty line
    or by a line at least twice as long.
    """
    rest = list(lines)
    while rest and not rest[0].strip():
        del rest[0]
    if not rest:
        return "", []
    first = rest[0].strip()
    following = rest[1].strip() if len(rest) > 1 else None
    if len(first) > MAX_TITLE or following is None:
        return "", rest
    if _UNDERLINE.fullmatch(following) and any(line.strip() for line in rest[2:]):
        return first, rest[2:]
    if (not following and any(map(str.strip, rest[1:]))) or len(following) >= 2 * len(first):
        return first, rest[1:]
    return "", rest


def split_paragraphs(lines: Sequence[str]) -> list[Paragraph]:
    """Return the paragraphs of a text in order."""
    width = _detect_wrap_width(lines)
    found: list[Paragraph] = []
    for block, gap in _blocks(lines):
        first = gap
        for paragraph in _split_block(block, _local_width(block, width)):
            text = paragraph.text
            for at in range(0, len(text), MAX_PARAGRAPH):
                part = text[at : at + MAX_PARAGRAPH]
                found.append(replace(paragraph, text=part, after_gap=first))
                first = False
    return found


def _blocks(lines: Sequence[str]) -> Iterator[tuple[list[str], bool]]:
    """Yield runs of non-empty lines, and whether an empty line precedes each."""
    block: list[str] = []
    gap = False
    for line in lines:
        if line.strip():
            block.append(line)
        else:
            if block:
                yield block, gap
                block = []
            gap = True
    if block:
        yield block, gap


def _detect_wrap_width(lines: Sequence[str]) -> int:
    """Return the width at which a program wrapped the lines, 0 if it did not.

    A few lines may be longer, such as titles.
    """
    pairs = [(a, b) for a, b in pairwise(lines) if a.strip() and b.strip()]
    if len(pairs) < 3:
        return 0
    lengths = Counter(len(line) for line in lines if line.strip())
    longer = best = found = 0
    for width in sorted(lengths, reverse=True):
        if width < MIN_WRAP_WIDTH or longer * LONGER_LINES > len(lines):
            break
        longer += lengths[width]
        if width <= MAX_WRAP_WIDTH:
            full = sum(_is_full(a, b, width) for a, b in pairs)
            if full > best:
                best, found = full, width
    return found if 2 * best >= len(pairs) else 0


def _local_width(block: Sequence[str], width: int) -> int:
    """Return the width of an indented block that was wrapped more narrowly than the text."""
    if len(block) < MIN_LOCAL_LINES or not all(line[:1].isspace() for line in block):
        return width
    return _detect_wrap_width(block) or width


def _is_full(line: str, following: str, width: int) -> bool:
    """Return whether the next line's first word had no room; three columns of slack."""
    return len(line) <= width < len(line) + len(following.split(None, 1)[0]) + 4


def _split_block(block: list[str], width: int) -> Iterator[Paragraph]:
    is_ruled = len(block) > 1 and _UNDERLINE.fullmatch(block[0].strip()) is not None
    if is_ruled:
        block = block[1:]
    if len(block) > 1 and (rule := _UNDERLINE.fullmatch(block[1].strip())):
        title = " ".join(block[0].split())
        if len(block) == 2 or is_ruled or abs(len(rule[0]) - len(title)) <= MAX_RULE_SLACK:
            yield Paragraph(title, kind=ParagraphKind.HEADING)
            if block[2:]:
                yield from _split_block(block[2:], width)
            return
    indents = [len(line) - len(line.lstrip()) for line in block]
    if _is_figure(block):
        cut = min(indents)
        yield Paragraph("\n".join(line[cut:] for line in block), kind=ParagraphKind.CODE)
        return
    if (
        len(block) > 1
        and indents[0] == 0
        and min(indents[1:]) >= MIN_INDENT
        and block[0].isupper()
        and len(block[0]) <= MAX_HEADING
    ):
        # A manual page: the section's name at the edge, its text below and further in.
        yield Paragraph(block[0].strip(), kind=ParagraphKind.HEADING)
        yield from _split_block(block[1:], width)
        return
    if min(indents) >= 4 and len(block) > 1 and len(set(indents)) > 1:
        cut = min(indents)
        yield Paragraph("\n".join(line[cut:] for line in block), kind=ParagraphKind.CODE)
        return
    listed = sum(
        1 for line in block if _BULLET.match(line.lstrip()) or _NUMBER.match(line.lstrip())
    )
    kept: list[str] = []
    shape, value = ParagraphKind.PROSE, None
    for number, line in enumerate(block):
        stripped = line.strip()
        item = _detect_kind(stripped, listed)
        if kept and shape is ParagraphKind.PROSE and _runs_on(block[number - 1], line, width):
            item = ParagraphKind.PROSE
        if kept and (
            item is not ParagraphKind.PROSE or not _continues(block[number - 1], line, width)
        ):
            yield Paragraph(_join_wrapped(kept), kind=shape, number=value)
            kept = []
        if not kept:
            shape, value = item, None
            if item is ParagraphKind.BULLET:
                stripped = _BULLET.sub("", stripped, count=1)
            elif item is ParagraphKind.NUMBER and (mark := _NUMBER.match(stripped)):
                stripped, value = stripped[mark.end() :], int(mark[1])
        kept.append(stripped)
    yield Paragraph(_join_wrapped(kept), kind=shape, number=value)


def _is_figure(block: Sequence[str]) -> bool:
    """Return whether the lines are a drawing, or a table that spaces align."""
    if len(block) < 2 or max(map(len, block)) > MAX_FIGURE_WIDTH:
        return False
    boxed = sum(_BOXED.fullmatch(line) is not None for line in block)
    spaced = sum(_COLUMNS.search(line) is not None for line in block)
    return max(boxed, spaced) >= max(2, MIN_FIGURE_SHARE * len(block))


def _detect_kind(line: str, listed: int) -> ParagraphKind:
    if listed and _BULLET.match(line):
        return ParagraphKind.BULLET
    return ParagraphKind.NUMBER if listed and _NUMBER.match(line) else ParagraphKind.PROSE


def _continues(before: str, line: str, width: int) -> bool:
    return (
        bool(width)
        and _is_full(before, line, width)
        and not (is_source_line(line) or is_source_line(before))
    )


def _join_wrapped(lines: Sequence[str]) -> str:
    """Return the lines as one; a compound that was broken at its hyphen is one word again."""
    text = "\n".join(" ".join(line.split()) for line in lines)
    text = " ".join(_BROKEN_HAN.sub("", text).split())
    return _BROKEN_COMPOUND.sub("", text) if len(lines) > 1 else text


def _runs_on(before: str, line: str, width: int) -> bool:
    """Return whether a line continues a sentence, though it begins with a dash or a number."""
    return _continues(before, line, width) and before.rstrip()[-1] not in ".:!?"


def _join_verse(found: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Join short lines between empty lines to one paragraph of verse."""
    stanza: list[Paragraph] = []
    for paragraph in (*found, Paragraph("", after_gap=True)):
        if paragraph.after_gap and stanza:
            lines = [line.text for line in stanza]
            if len(lines) > 1 and max(map(len, lines)) < MAX_VERSE_LINE and _all_prose(stanza):
                yield Paragraph("\n".join(lines), stanza[0].after_gap, ParagraphKind.VERSE)
            else:
                yield from stanza
            stanza = []
        stanza.append(paragraph)


def _all_prose(found: Sequence[Paragraph]) -> bool:
    return all(paragraph.kind is ParagraphKind.PROSE for paragraph in found)


def to_tree(found: Sequence[Paragraph]) -> HtmlElement:
    """Return the paragraphs as one element for the converter."""
    root = DIV()
    for paragraph in _join_verse(found):
        match paragraph.kind:
            case ParagraphKind.BULLET | ParagraphKind.NUMBER:
                kind = UL if paragraph.kind is ParagraphKind.BULLET else OL
                last = root[-1] if len(root) else None
                if last is None or last.tag != kind().tag:
                    last = kind()
                    root.append(last)
                item = LI(paragraph.text)
                if paragraph.number is not None:
                    item.set("value", str(paragraph.number))
                last.append(item)
            case ParagraphKind.CODE:
                root.append(PRE(paragraph.text))
            case ParagraphKind.HEADING:
                root.append(H2(paragraph.text))
            case ParagraphKind.VERSE:
                first, *others = paragraph.text.split("\n")
                verse = P(first)
                for line in others:
                    end = BR()
                    end.tail = line
                    verse.append(end)
                root.append(verse)
            case ParagraphKind.PROSE:
                root.append(P(paragraph.text))
    return root
