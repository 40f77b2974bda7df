"""Omnivore's export zip, with its pages and highlights."""

import re
from collections.abc import Iterator
from typing import Any, Final

from reader.formats.csv_reader import decode
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    RejectedRow,
    Row,
    as_list,
    make_highlight,
    parse_date,
    parse_fraction,
    parse_tags,
    parse_text,
    parse_time,
    parse_url,
    reject_url,
    unique_highlights,
)
from reader.formats.json_reader import JsonReader, OversizedValue
from reader.model.errors import ExchangeError
from reader.model.highlight import Highlight

_OWN_LINK: Final = re.compile(r"\[.{0,3}\]\([^\s)]*+\)\s*+")


def matches(file: ImportFile) -> bool:
    """Return whether the file is the zip, or one of its metadata files."""
    if file.archive:
        return any(_is_metadata(name) for name in file.names)
    first = file.first_object
    return "slug" in first and "savedAt" in first


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every item of every metadata file; text and highlights come from the zip.

    An item with an unreadable text is reported, and imported as a link.
    """
    number = 0
    seen: set[str] = set()
    for name in file.files(".json"):
        if file.archive and not _is_metadata(name):
            continue
        try:
            for item in JsonReader(file.read(name)).items():
                number += 1
                yield from _rows(number, item, file, seen)
        except ExchangeError as error:
            number += 1
            yield RejectedRow(number, f"{name}: {error}")


def _rows(number: int, item: Any, file: ImportFile, seen: set[str]) -> Iterator[Row]:
    """Yield an item's row; without a readable text, the reason and a link."""
    link_only = ImportFile(file.name, b"")
    slug = str(item.get("slug") or "") if isinstance(item, dict) else ""
    try:
        # A text belongs to one item: naming it many times would read it as often.
        yield _row(number, item, link_only if slug in seen else file)
    except ExchangeError as error:
        yield RejectedRow(number, str(error))
        yield _row(number, item, link_only)
    seen.add(slug)


def _is_metadata(name: str) -> bool:
    return re.fullmatch(r"(?:.*/)?metadata_\d+_to_\d+\.json", name) is not None


def _row(number: int, item: Any, file: ImportFile) -> Row:
    if not isinstance(item, dict):
        return RejectedRow(
            number, str(item) if isinstance(item, OversizedValue) else "not an object"
        )
    url = parse_url(item.get("url"))
    if url is None:
        return reject_url(number, item.get("url"))
    slug = str(item.get("slug") or "")
    # A percentage, so that 1 is its hundredth part and not the whole.
    progress = parse_fraction(f"{item.get('readingProgress') or 0}%")
    note, marks = _highlights(file, slug)
    return ImportRow(
        row=number,
        url=url,
        title=str(item.get("title") or "").strip(),
        tags=parse_tags(as_list(item.get("labels"))),
        added=parse_time(item.get("savedAt")),
        archived=str(item.get("state")).casefold() == "archived",
        progress=progress,
        finished=progress > 0.98,
        byline=parse_text(item.get("author")),
        published=parse_date(item.get("publishedAt")),
        description=parse_text(item.get("description")),
        page=_page(file, slug),
        note=note,
        highlights=marks,
    )


def _page(file: ImportFile, slug: str) -> bytes | None:
    for folder in ("content", "contents"):
        found = file.read_by_suffix(f"{folder}/{slug}.html")
        if found and found.strip():
            return found
    return None


def _highlights(file: ImportFile, slug: str) -> tuple[str, tuple[Highlight, ...]]:
    """Return the note on the article, and its highlights.

    A quote is a block that begins with `>`; the blocks after it are its labels and its note. Blocks
    before the first quote are the note on the article. Source: `highlightToMarkdown` in Omnivore's
    `packages/api/src/utils/parser.ts`.
    """
    content = file.read_by_suffix(f"highlights/{slug}.md")
    marks: list[tuple[str, list[str]]] = []
    first: list[str] = []
    text = decode(content or b"").replace("\r\n", "\n").strip()
    for block in re.split(r"\n[ \t]*\n\s*", text):
        if block.startswith(">"):
            lines = [line.lstrip("> ") for line in block.splitlines()]
            # Omnivore's app ends a quote with a link to itself.
            marks.append((_without_own_link(" ".join(lines)), []))
        elif block and not re.match(r"#+\s", block):
            (marks[-1][1] if marks else first).append(block)
    found = unique_highlights(
        make_highlight(quote, note="\n\n".join(note)) for quote, note in marks
    )
    return "\n\n".join(first), found


def _without_own_link(quote: str) -> str:
    """Remove the link to the app itself that ends a quote. Linear in the quote."""
    at = quote.rfind("[")
    return quote[:at].rstrip() if at >= 0 and _OWN_LINK.fullmatch(quote, at) else quote
