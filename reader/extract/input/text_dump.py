"""The copied text of a page: its article, and the sections around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reader.extract.content.heading_words import MENU_ENTRIES, READ_ON
from reader.extract.content.section_lines import Line
from reader.extract.content.sections import find_sections
from reader.extract.input.plaintext import Paragraph, ParagraphKind
from reader.model.article import Related

MAX_MENU_WORD: Final = 25
"""Characters of the longest entry of a menu above a title."""
_SENTENCE_END: Final = re.compile(r"[.!?…。！？।۔؟][\"'”’»)\]]*$")


_LINK_NUMBER: Final = re.compile(r"#?\[\d{1,4}\](?=\S)")
_LINK_LIST: Final = re.compile(r"(?:references|visible links|hidden links):?", re.I)
_LISTED_LINK: Final = re.compile(r"\d{1,4}\. (?:[a-z][a-z0-9+.-]*:|//)\S+", re.I)


@dataclass(frozen=True, slots=True)
class TextDump:
    """The paragraphs of the article, the sections' content, and the lines that were left out."""

    article: list[Paragraph]
    related: tuple[Related, ...]
    tags: tuple[str, ...]
    removed: tuple[str, ...] = ()


def is_menu(entries: Sequence[str]) -> bool:
    """Return whether short texts are the entries of a site's menu."""
    known = sum(entry.strip().casefold() in MENU_ENTRIES for entry in entries)
    return known >= 2 and 2 * known >= len(entries)


def drop_menu(lines: Sequence[str]) -> list[str]:
    """Return the lines of a text without the menu above its title."""
    entries: list[str] = []
    last = 0
    for number, line in enumerate(lines):
        text = line.strip()
        if not text:
            continue
        if len(text) > MAX_MENU_WORD or _SENTENCE_END.search(text):
            if is_menu(entries[:-1]) and entries[-1].casefold() not in MENU_ENTRIES:
                # A short title, or the last entry: as a title it does less harm.
                is_title = last == 0 or not lines[last - 1].strip()
                return list(lines[last if is_title else number :])
            return list(lines[number:] if is_menu(entries) else lines)
        entries.append(text)
        last = number
    return list(lines)


def drop_link_numbers(lines: Sequence[str]) -> list[str]:
    """Return the dump of a text browser without link numbers and the list of links below it.

    Lynx, links2 and w3m write `[3]word`; a line of several short links is a menu, one link a line.
    """
    end = len(lines)
    while end and (not lines[end - 1].strip() or _LISTED_LINK.fullmatch(lines[end - 1].strip())):
        end -= 1
    is_listed = end < len(lines) and end > 0 and _LINK_LIST.fullmatch(lines[end - 1].strip())
    first = next((line.strip() for line in lines if line.strip()), "")
    if not is_listed and not first.startswith("#["):
        return list(lines)
    found: list[str] = []
    for line in lines[: end - 1 if is_listed else end]:
        if line.lstrip().startswith("#["):
            continue
        pieces = [piece.strip(" |·•") for piece in _LINK_NUMBER.split(line)]
        is_menu = len(pieces) > 3 and max(map(len, pieces)) <= MAX_MENU_WORD
        found += [piece for piece in pieces if piece] if is_menu else [_LINK_NUMBER.sub("", line)]
    return found


def split_sections(text: Sequence[Paragraph], title: str = "") -> TextDump:
    """Split a text into its article, related articles and hashtags. Linear."""
    paragraphs = [paragraph for paragraph in text if paragraph.text.strip()]
    lines = [
        Line(
            " ".join(paragraph.text.split()),
            after_gap=paragraph.after_gap,
            level=2 if paragraph.kind is ParagraphKind.HEADING else 0,
            is_literal=paragraph.kind in (ParagraphKind.CODE, ParagraphKind.VERSE),
            is_title=bool(title) and paragraph.text.strip() == title,
        )
        for paragraph in paragraphs
    ]
    found = find_sections(lines)
    numbers = found.lines()
    numbers.update(number for number, line in enumerate(lines) if _points_on(line))
    return TextDump(
        [paragraph for number, paragraph in enumerate(paragraphs) if number not in numbers],
        tuple(found.related),
        tuple(found.tags),
        tuple(lines[number].text for number in sorted(numbers)),
    )


def _points_on(line: Line) -> bool:
    """Return whether a line only names another article: "Read more: …"."""
    return (
        len(line.text) < 180
        and not line.is_literal
        and READ_ON.fullmatch(line.text) is not None
        and _SENTENCE_END.search(line.text) is None
    )
