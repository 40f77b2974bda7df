"""Omnivore's export zip, with the pages and highlights it carries."""

import re
from collections.abc import Iterator
from typing import Any

from reader.formats.csv_reader import decode
from reader.formats.import_file import Upload, parse_json
from reader.formats.import_row import (
    Incoming,
    Refused,
    Row,
    dated,
    first_object,
    fraction,
    highlight,
    highlights_of,
    labels,
    moment,
    objects,
    web_address,
    word,
)
from reader.model.errors import ExchangeError
from reader.model.highlight import Highlight


def recognises(upload: Upload) -> bool:
    """Whether this is the zip, or one of its metadata files."""
    if upload.archive:
        return any(_is_metadata(name) for name in upload.names)
    first = first_object(upload.json)
    return "slug" in first and "savedAt" in first


def read(upload: Upload) -> Iterator[Row]:
    """Every item of every metadata file; text and highlights come from the zip, offline.

    An item whose text cannot be read is told, and comes as a link.
    """
    number = 0
    for name in upload.files(".json"):
        if upload.archive and not _is_metadata(name):
            continue
        try:
            items = objects(parse_json(upload.read(name)))
        except ExchangeError as error:
            number += 1
            yield Refused(number, f"{name}: {error}")
            continue
        for item in items:
            number += 1
            try:
                yield _row(number, item, upload)
            except ExchangeError as error:
                yield Refused(number, str(error))
                yield _row(number, item, Upload(upload.name, b""))


def _is_metadata(name: str) -> bool:
    return re.fullmatch(r"(?:.*/)?metadata_\d+_to_\d+\.json", name) is not None


def _row(number: int, item: Any, upload: Upload) -> Row:
    if not isinstance(item, dict):
        return Refused(number, "not an object")
    url = web_address(item.get("url"))
    if url is None:
        return Refused(number, f"no web address: {item.get('url')!r}")
    slug = str(item.get("slug") or "")
    # A percentage, so that 1 is its hundredth part and not the whole.
    progress = fraction(f"{item.get('readingProgress') or 0}%")
    note, marks = _highlights(upload, slug)
    return Incoming(
        row=number,
        url=url,
        title=str(item.get("title") or "").strip(),
        tags=labels(objects(item.get("labels"))),
        added=moment(item.get("savedAt")),
        archived=str(item.get("state")).casefold() == "archived",
        progress=progress,
        finished=progress > 0.98,
        byline=word(item.get("author")),
        published=dated(item.get("publishedAt")),
        description=word(item.get("description")),
        page=_page(upload, slug),
        note=note,
        highlights=marks,
    )


def _page(upload: Upload, slug: str) -> bytes | None:
    for folder in ("content", "contents"):
        found = upload.ending(f"{folder}/{slug}.html")
        if found and found.strip():
            return found
    return None


def _highlights(upload: Upload, slug: str) -> tuple[str, tuple[Highlight, ...]]:
    """The note on the article, and its highlights.

    A quote is a block that begins with `>`; the blocks after it are its labels and its note.
    What stands before the first quote is a note on the article. Source: `highlightToMarkdown`
    in Omnivore's `packages/api/src/utils/parser.ts`.
    """
    content = upload.ending(f"highlights/{slug}.md")
    marks: list[tuple[str, list[str]]] = []
    first: list[str] = []
    text = decode(content or b"").replace("\r\n", "\n").strip()
    for block in re.split(r"\n[ \t]*\n\s*", text):
        if block.startswith(">"):
            lines = [line.lstrip("> ") for line in block.splitlines()]
            # Omnivore's app ends a quote with a link to itself.
            marks.append((re.sub(r"\s*\[.{0,3}\]\(\S*\)\s*$", "", " ".join(lines)), []))
        elif block and not re.match(r"#+\s", block):
            (marks[-1][1] if marks else first).append(block)
    found = highlights_of(highlight(quote, note="\n\n".join(note)) for quote, note in marks)
    return "\n\n".join(first), found
