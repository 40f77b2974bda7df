"""wallabag's JSON export (version 2), with content and annotations."""

from collections.abc import Iterator, Mapping
from typing import Any

from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    as_list,
    make_highlight,
    parse_bool,
    parse_date,
    parse_tags,
    parse_text,
    parse_time,
    parse_url,
    reject_url,
    unique_highlights,
)
from reader.formats.json_reader import json_rows


def matches(file: ImportFile) -> bool:
    """Return whether the file is a list of wallabag's entries."""
    first = file.first_object
    return "is_archived" in first and "url" in first


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every entry; its content is the page, its annotations are highlights with notes."""
    yield from json_rows(file.json.items() if file.json else iter(()), _row)


def _row(number: int, item: Mapping[str, Any]) -> Row:
    url = parse_url(item.get("given_url")) or parse_url(item.get("url"))
    if url is None:
        return reject_url(number, item.get("url"))
    authors = [name for name in map(parse_text, as_list(item.get("published_by"))) if name]
    return ImportRow(
        row=number,
        url=url,
        title=str(item.get("title") or "").strip(),
        tags=parse_tags(as_list(item.get("tags"))),
        added=parse_time(item.get("created_at")),
        archived=parse_bool(item.get("is_archived")),
        finished=parse_bool(item.get("is_archived")),
        starred=parse_bool(item.get("is_starred")),
        language=parse_text(item.get("language")),
        site=parse_text(item.get("domain_name")),
        byline=", ".join(authors) or None,
        published=parse_date(item.get("published_at")),
        page=_page(item.get("content")),
        highlights=unique_highlights(
            make_highlight(
                mark.get("quote"), note=mark.get("text"), at=parse_time(mark.get("created_at"))
            )
            for mark in as_list(item.get("annotations"))
            if isinstance(mark, dict)
        ),
    )


def _page(content: Any) -> bytes | None:
    """Return the entry's content; None if it only says that wallabag could not get any."""
    if not isinstance(content, str) or not content.strip():
        return None
    if len(content) < 1000 and "retrieve contents for this article" in content:
        return None
    return content.encode("utf-8", "replace")
