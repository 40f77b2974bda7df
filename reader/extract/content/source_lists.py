"""Lists of links to other sites at the end of an article: its sources, not related articles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from reader.extract.content.heading_words import SOURCES_HEADING
from reader.extract.content.segmenter import HEADINGS, Block, Box, RunPart

MIN_ENTRY_CHARS: Final = 12
"""Mean characters of an entry; lists of profiles on other sites have one word each."""
MAX_ENTRIES: Final = 200
"""Blocks of the longest list; longer ones are archives or menus."""
_EDGES: Final = " \t\n:–—.•»›"


@dataclass(frozen=True, slots=True)
class SourceList:
    """The blocks of a list from `start` to `end`, exclusive; `heading` is the one above or None."""

    box: Box
    start: int
    end: int
    heading: int | None


def is_source_heading(text: str) -> bool:
    """Return whether a heading announces sources: "Further reading", "References"."""
    return len(text) < 60 and SOURCES_HEADING.fullmatch(text.strip(_EDGES)) is not None


def leads_elsewhere(links: Sequence[str], own_host: str) -> bool:
    """Return whether all links of a list lead to other sites than the page's, and to two or more."""
    hosts = [host_of(link) for link in links]
    return all(hosts) and own_host not in hosts and len(set(hosts)) > 1


def host_of(link: str | None) -> str:
    """Return the host of an absolute address, empty for others."""
    if link is None or not link.strip().casefold().startswith(("http:", "https:", "//")):
        return ""
    try:
        return (urlsplit(link.strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def find_source_lists(
    blocks: Sequence[Block], boxes: Sequence[Box], url: str | None
) -> list[SourceList]:
    """Return the lists whose every entry is a link to another site. Linear."""
    own_host = host_of(url)
    found = []
    for box in boxes:
        size = box.end_block - box.first_block
        if box.tag not in ("ul", "ol") or box.in_link or not 0 < size <= MAX_ENTRIES:
            continue
        start = box.first_block
        # Most lists are menus: the first entry tells.
        if host_of(next(_links(blocks[start]), None)) in ("", own_host):
            continue
        entries = blocks[start : box.end_block]
        if sum(len(one.text) for one in entries) < MIN_ENTRY_CHARS * size:
            continue
        links = [next(_links(one), "") for one in entries]
        if not leads_elsewhere(links, own_host):
            continue
        above = start - 1
        is_headed = above >= 0 and (
            blocks[above].box.tag in HEADINGS or is_source_heading(blocks[above].text)
        )
        found.append(SourceList(box, start, box.end_block, above if is_headed else None))
    return found


def _links(block: Block) -> Iterator[str]:
    for part, element in block.parts:
        if part is RunPart.WHOLE:
            for link in element.iter("a"):
                yield link.get("href") or ""
