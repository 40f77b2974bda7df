"""Repair of PDF pages as Markdown: lines that are missing, and headings that the outline names.

liteparse leaves out lines that stand near a picture or next to a table, although its plain text has
them. Measured with `tests.bench.capture.pdfs`.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

MIN_KEPT_SHARE: Final = 0.5
"""Share of a line's word pairs that the Markdown has from which the line is there."""
MIN_REPEATS: Final = 3
"""Pages with the same line, numbers aside, from which it is a running head or foot."""
MAX_LEVEL: Final = 6
"""Levels of headings in Markdown (CommonMark 4.2)."""
MIN_WORDS: Final = 3
"""Words of a line that is judged; fewer are numbers of pages and labels in figures."""
MIN_PARAGRAPH_WORDS: Final = 8
"""Words of missing lines below one another from which they are put back."""
_MAX_SHIFT: Final = 4
"""Columns by which lines of one paragraph begin apart, as an indent does."""
_SEGMENT: Final = re.compile(r"\S+(?: {1,2}\S+)*")
"""Words of one column; the plain text puts columns side by side, with wide gaps between."""
_WORD: Final = re.compile(r"\w+")
_IMAGE: Final = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_NUMBER: Final = r"(?:(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|[A-Z])[.)]?[ \t]+[*_]*)?"
"""The number of a section before its title: `2.1`, `III.`, `A)`."""
_GAP: Final = r"[^\w\n]+"
_SENTENCE_START: Final = re.compile(r"[*_]*(?:[.:][*_]*)? [A-Z]")
_CONTINUED: Final = re.compile(r"[^\W\dA-Z_]")
_DIGITS: Final = re.compile(r"\d+")


class OutlineItem(NamedTuple):
    """A title of the document's outline: its depth from 1, and the number of its page from 0."""

    title: str
    depth: int
    page: int


class _Paragraph(NamedTuple):
    """Missing lines of one column, and the place of the Markdown block before them."""

    block: int
    column: int
    row: int
    lines: list[str]


def restore_lines(pages: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return pages of Markdown with the paragraphs of their plain texts that they lack.

    Each is put behind the block that has the line before it. Running heads stay out. Linear.
    """
    repeats = Counter(
        form for text in texts for form in {_form(line) for _, _, line in _segments(text)}
    )
    heads = {form for form, count in repeats.items() if count >= MIN_REPEATS}
    return [_restore(page, text, heads) for page, text in zip(pages, texts, strict=True)]


def _restore(page: str, text: str, heads: Container[str]) -> str:
    """Return one page with the paragraphs that it lacks."""
    blocks = page.split("\n\n")
    places: dict[tuple[str, str], int] = {}
    for place, block in enumerate(blocks):
        for pair in _pairs(_IMAGE.sub("", block)):
            places.setdefault(pair, place)
    last, missing = -1, list[_Paragraph]()
    for row, column, line in _segments(text):
        pairs = list(_pairs(line))
        found = [places[pair] for pair in pairs if pair in places]
        if len(found) >= MIN_KEPT_SHARE * len(pairs):
            last = found[-1] if found else last
        elif len(pairs) >= MIN_WORDS - 1 and _form(line) not in heads:
            _append(missing, row, column, line, last)
    after: dict[int, list[str]] = {}
    for paragraph in missing:
        joined = " ".join(paragraph.lines)
        if len(_WORD.findall(joined)) >= MIN_PARAGRAPH_WORDS:
            after.setdefault(paragraph.block, []).append(escape(joined))
    written = after.get(-1, [])
    for place, block in enumerate(blocks):
        written += [block, *after.get(place, [])]
    return "\n\n".join(written)


def _append(missing: list[_Paragraph], row: int, column: int, line: str, block: int) -> None:
    """Add a line to the paragraph above it in its column, or begin another one."""
    for place in range(len(missing) - 1, max(-1, len(missing) - 4), -1):
        paragraph = missing[place]
        if row - paragraph.row <= 1 and abs(column - paragraph.column) <= _MAX_SHIFT:
            paragraph.lines.append(line)
            missing[place] = paragraph._replace(row=row)
            return
    missing.append(_Paragraph(block, column, row, [line]))


def mark_headings(pages: Sequence[str], outline: Sequence[OutlineItem]) -> list[str]:
    """Return pages on which the titles of the outline are headings.

    A title is a separate block, or the beginning of a paragraph or of a heading that took in its
    first line, with or without a number before it. The document's own title is of level 1, so an
    item of depth 1 is of level 2; headings that are there keep their level.
    """
    written = [page.split("\n\n") for page in pages]
    for item in outline:
        if 0 <= item.page < len(written) and (words := _WORD.findall(item.title)):
            _mark(written[item.page], words, "#" * min(item.depth + 1, MAX_LEVEL))
    return ["\n\n".join(blocks) for blocks in written]


def _mark(blocks: list[str], words: Sequence[str], sign: str) -> None:
    """Make the first block that is a title, else the first that begins with it, a heading."""
    title = re.compile(
        rf"(?:(?P<sign>\#{{1,6}}) )?[*_]*(?P<title>{_NUMBER}{_GAP.join(map(re.escape, words))})\b[*_]*",
        re.I,
    )
    begun: tuple[int, re.Match[str]] | None = None
    for place, block in enumerate(blocks):
        found = title.match(block)
        if found is None:
            continue
        rest = block[found.end() :]
        if not _WORD.search(rest):
            blocks[place] = _heading(found["sign"] or sign, found["title"])
            return
        if begun is None and (found["sign"] or _begins_paragraph(found["title"], words, rest)):
            begun = place, found
    if begun is not None:
        start, found = begun
        rest = blocks[start][found.end() :].lstrip(" .:*_")
        if found[0].count("*") % 2:
            # The emphasis that began in the title ends in the text.
            rest = "".join(rest.rsplit("*", 1))
        end = start + 1
        if found["sign"] and end < len(blocks) and _CONTINUED.match(blocks[end]):
            # liteparse took the paragraph's first line for a part of the heading.
            rest, end = f"{rest} {blocks[end]}", end + 1
        blocks[start:end] = [_heading(found["sign"] or sign, found["title"]), rest]


def _heading(sign: str, title: str) -> str:
    return f"{sign} {title.replace('*', '')}"


def _begins_paragraph(start: str, words: Sequence[str], rest: str) -> bool:
    """Return whether text after a title is a new sentence: the title has a number, or a sign follows."""
    has_number = len(_WORD.findall(start)) > len(words)
    return has_number or bool(_SENTENCE_START.match(rest) and len(words) > 1)


def _segments(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield row, column and text of the words of each line that stand together."""
    for row, line in enumerate(line for line in text.split("\n") if line.strip()):
        for found in _SEGMENT.finditer(line):
            yield row, found.start(), " ".join(found[0].split())


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    yield from pairwise(words)


def _form(line: str) -> str:
    """Return a line without what differs from page to page."""
    return _DIGITS.sub("0", line)


def escape(line: str) -> str:
    """Return a line of text whose signs mean nothing in Markdown."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", line)
