"""wallabag's JSON export (version 2), with content and annotations."""

from collections.abc import Iterator
from typing import Any

from reader.formats.import_file import Upload
from reader.formats.import_row import (
    Incoming,
    Refused,
    Row,
    dated,
    first_object,
    highlight,
    highlights_of,
    labels,
    moment,
    objects,
    truth,
    web_address,
    word,
)


def recognises(upload: Upload) -> bool:
    """Whether this is a list of wallabag's entries."""
    first = first_object(upload.json)
    return "is_archived" in first and "url" in first


def read(upload: Upload) -> Iterator[Row]:
    """Every entry; its content is the page, its annotations are highlights with notes."""
    for number, item in enumerate(objects(upload.json), 1):
        yield _row(number, item)


def _row(number: int, item: Any) -> Row:
    if not isinstance(item, dict):
        return Refused(number, "not an object")
    url = web_address(item.get("given_url")) or web_address(item.get("url"))
    if url is None:
        return Refused(number, f"no web address: {item.get('url')!r}")
    authors = [name for name in map(word, objects(item.get("published_by"))) if name]
    return Incoming(
        row=number,
        url=url,
        title=str(item.get("title") or "").strip(),
        tags=labels(objects(item.get("tags"))),
        added=moment(item.get("created_at")),
        archived=truth(item.get("is_archived")),
        finished=truth(item.get("is_archived")),
        starred=truth(item.get("is_starred")),
        language=word(item.get("language")),
        site=word(item.get("domain_name")),
        byline=", ".join(authors) or None,
        published=dated(item.get("published_at")),
        page=_page(item.get("content")),
        highlights=highlights_of(
            highlight(mark.get("quote"), note=mark.get("text"), at=moment(mark.get("created_at")))
            for mark in objects(item.get("annotations"))
            if isinstance(mark, dict)
        ),
    )


def _page(content: Any) -> bytes | None:
    """The text that wallabag had; None where it only says that it could get none."""
    if not isinstance(content, str) or not content.strip():
        return None
    if len(content) < 1000 and "retrieve contents for this article" in content:
        return None
    return content.encode("utf-8", "replace")
