"""wallabag's JSON export (version 2), with content and annotations."""

from collections.abc import Iterator
from typing import Any

from reader.exchange.incoming import (
    Incoming,
    Refused,
    Row,
    highlight,
    highlights_of,
    labels,
    moment,
    truth,
    web_address,
)
from reader.exchange.upload import Upload


def recognises(upload: Upload) -> bool:
    """Whether this is a list of wallabag's entries."""
    value = upload.json
    first = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}
    return "is_archived" in first and "url" in first


def read(upload: Upload) -> Iterator[Row]:
    """Every entry; its content is the page, its annotations are highlights with notes."""
    for number, item in enumerate(upload.json, 1):
        yield _row(number, item)


def _row(number: int, item: Any) -> Row:
    if not isinstance(item, dict):
        return Refused(number, "not an object")
    url = web_address(item.get("given_url")) or web_address(item.get("url"))
    if url is None:
        return Refused(number, f"no web address: {item.get('url')!r}")
    content, title = item.get("content"), str(item.get("title") or "").strip()
    marks = item.get("annotations")
    authors = item.get("published_by")
    return Incoming(
        row=number,
        url=url,
        title=title,
        tags=labels(item["tags"] if isinstance(item.get("tags"), list) else []),
        added=moment(item.get("created_at")),
        archived=truth(item.get("is_archived")),
        finished=truth(item.get("is_archived")),
        starred=truth(item.get("is_starred")),
        language=item.get("language") or None,
        site=item.get("domain_name") or None,
        byline=", ".join(str(name) for name in authors if name) or None
        if isinstance(authors, list)
        else None,
        published=item.get("published_at") or None,
        page=content.encode("utf-8", "replace")
        if isinstance(content, str) and content.strip()
        else None,
        highlights=highlights_of(
            highlight(mark.get("quote"), note=mark.get("text"), at=moment(mark.get("created_at")))
            for mark in (marks if isinstance(marks, list) else [])
            if isinstance(mark, dict)
        ),
    )
