"""Omnivore's export zip, with the pages and highlights it carries."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reader.exchange.incoming import (
    Incoming,
    Refused,
    Row,
    fraction,
    highlight,
    highlights_of,
    labels,
    moment,
    web_address,
)
from reader.exchange.tables import decode
from reader.exchange.upload import Upload, parse_json
from reader.model.highlight import Highlight


def recognises(upload: Upload) -> bool:
    """Whether this is the zip, or one of its metadata files."""
    if upload.archive:
        return any(_is_metadata(name) for name in upload.names)
    first = _first(upload.json)
    return "slug" in first and "savedAt" in first


def read(upload: Upload) -> Iterator[Row]:
    """Every item of every metadata file; text and highlights come from the zip, offline."""
    before = 0
    for name, content in upload.files(".json"):
        if upload.archive and not _is_metadata(name):
            continue
        items = parse_json(content)
        for number, item in enumerate(items if isinstance(items, list) else [], before + 1):
            before = number
            yield _row(number, item, upload)


def _is_metadata(name: str) -> bool:
    return re.fullmatch(r"(?:.*/)?metadata_\d+_to_\d+\.json", name) is not None


def _first(value: Any) -> Mapping[str, Any]:
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}


def _row(number: int, item: Any, upload: Upload) -> Row:
    if not isinstance(item, dict):
        return Refused(number, "not an object")
    url = web_address(item.get("url"))
    if url is None:
        return Refused(number, f"no web address: {item.get('url')!r}")
    slug, labelled = str(item.get("slug") or ""), item.get("labels")
    progress = fraction(item.get("readingProgress") or 0)
    return Incoming(
        row=number,
        url=url,
        title=str(item.get("title") or "").strip(),
        tags=labels(labelled if isinstance(labelled, list) else []),
        added=moment(item.get("savedAt")),
        archived=item.get("state") == "Archived",
        progress=progress,
        finished=progress > 0.98,
        byline=item.get("author") or None,
        published=item.get("publishedAt") or None,
        description=item.get("description") or None,
        page=_page(upload, slug),
        highlights=_highlights(upload, slug),
    )


def _page(upload: Upload, slug: str) -> bytes | None:
    for folder in ("content", "contents"):
        found = _file(upload, f"{folder}/{slug}.html")
        if found and found.strip():
            return found
    return None


def _file(upload: Upload, name: str) -> bytes | None:
    if upload.archive is None:
        return None
    wanted = next(
        (known for known in upload.names if known == name or known.endswith("/" + name)), None
    )
    return upload.archive.read(wanted) if wanted else None


def _highlights(upload: Upload, slug: str) -> tuple[Highlight, ...]:
    """Quotes are `> ` blocks; plain lines after one are its note, until the next."""
    content = _file(upload, f"highlights/{slug}.md")
    marks: list[tuple[list[str], list[str]]] = []
    quoting = False
    for line in decode(content or b"").splitlines():
        if line.startswith(">"):
            if not quoting:
                marks.append(([], []))
            marks[-1][0].append(re.sub(r"\s*\[.{0,3}\]\(\S*\)\s*$", "", line.lstrip("> ")))
            quoting = True
            continue
        quoting = False
        if marks and line.strip() and not line.startswith("#"):
            marks[-1][1].append(line.strip())
    return highlights_of(highlight(" ".join(quote), note="\n".join(note)) for quote, note in marks)
