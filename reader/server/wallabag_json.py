"""Entries, tags and annotations as wallabag's API writes them.

Fields and forms follow wallabag 2.6 as its clients read them: wallabagger, KOReader, the iOS app,
Frigoligo and wallabag-client. Source: wallabag's `EntryRestController` and its serialiser's output.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from reader.formats.xhtml import link, to_xhtml
from reader.model.entry import Record
from reader.model.entry_number import number_of
from reader.model.highlight import Highlight
from reader.model.text import fold_case
from reader.model.urls import host_of
from reader.services.entry_pages import ListedRecord
from reader.services.image_archiver import image_destinations

API_VERSION: Final = "2.6.13"
"""The version of wallabag whose API this is: clients ask for it before they use newer calls."""
_USER: Final = {"user_name": "reader", "user_email": "", "user_id": 1}
_NUMBER_BITS: Final = 45
"""As for entries: see `model.entry_number`."""


def entry_json(listed: ListedRecord, markdown: str | None) -> dict[str, Any]:
    """Return an entry; without its content if `markdown` is None."""
    record = listed.record
    entry = record.entry
    created = _time(entry.added)
    updated = max(_milliseconds(listed.updated), created)
    # A text without an address has a name instead: clients need something that is a URI.
    number, url = number_of(entry.id), entry.url or f"urn:reader:{entry.id}"
    shown: dict[str, Any] = {
        "is_archived": int(entry.archived),
        "is_starred": int(entry.starred),
        **_USER,
        "tags": [tag_json(tag) for tag in entry.tags],
        "is_public": False,
        "id": number,
        "uid": None,
        "title": entry.title,
        "url": url,
        "hashed_url": hash_of(url),
        "origin_url": None,
        "given_url": record.given or url,
        "hashed_given_url": hash_of(record.given or url),
        "archived_at": updated if entry.archived else None,
        "starred_at": updated if entry.starred else None,
        "content": None,
        "created_at": created,
        "updated_at": updated,
        "published_at": _published(entry.published),
        "published_by": [name for name in (entry.byline or "").split(", ") if name] or None,
        "annotations": [annotation_json(mark) for mark in record.highlights],
        "mimetype": "text/html",
        "language": entry.language,
        "reading_time": entry.minutes,
        "domain_name": host_of(url) or entry.site or "",
        "preview_picture": link(record.image) if record.image else None,
        "http_status": "200" if record.digest is not None else None,
        # Frigoligo reads a mapping or null here.
        "headers": None,
        "is_not_parsed": record.digest is None,
        "_links": {"self": {"href": f"/api/entries/{number}"}},
    }
    if markdown is None:
        del shown["content"]
    else:
        shown["content"] = content_html(record, markdown)
    return shown


def content_html(record: Record, markdown: str) -> str:
    """Return the article as HTML; images have the address they came from."""
    if record.digest is None:
        reason = f": {record.entry.reason}" if record.entry.reason else ""
        return f"<p>reader has not fetched this page yet{to_xhtml(reason, {}, link).strip()}</p>"
    images = image_destinations(markdown) if "![" in markdown else []
    return to_xhtml(markdown, dict(zip(images, images, strict=True)), link)


def tag_number(tag: str) -> int:
    """Return the number of a tag: of its folded name, so that it is the same in every run."""
    digest = hashlib.sha256(fold_case(tag).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _NUMBER_BITS)


def tag_json(tag: str) -> dict[str, Any]:
    """Return a tag."""
    return {"id": tag_number(tag), "label": tag, "slug": fold_case(tag).replace(" ", "-")}


def annotation_number(mark: Highlight) -> int:
    """Return the number of a highlight."""
    digest = hashlib.sha256(mark.id.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _NUMBER_BITS)


def annotation_json(mark: Highlight) -> dict[str, Any]:
    """Return a highlight as an annotation; a client finds its place by the quote."""
    at = _time(mark.at or "1970-01-01T00:00:00Z")
    return {
        "id": annotation_number(mark),
        "annotator_schema_version": "v1.0",
        "text": mark.note,
        "quote": mark.quote,
        "created_at": at,
        "updated_at": at,
        "ranges": [],
        "user": "reader",
    }


def page_json(
    entries: list[dict[str, Any]], *, page: int, per_page: int, total: int, links: Mapping[str, str]
) -> dict[str, Any]:
    """Return a page of a list, in the form of Hateoas."""
    return {
        "page": page,
        "limit": per_page,
        "pages": max(1, -(-total // per_page)),
        "total": total,
        "_links": {name: {"href": address} for name, address in links.items()},
        "_embedded": {"items": entries},
    }


def hash_of(url: str) -> str:
    """Return the hash by which clients ask for an address."""
    return hashlib.sha1(url.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _milliseconds(since_1970: int) -> str:
    # A clock that a broken device wrote may lie beyond what a date can hold.
    seconds = min(since_1970 // 1000, 253_402_300_799)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}+0000"


def _time(value: str) -> str:
    """Return a time of the library, `…Z`, in wallabag's form."""
    return f"{value.removesuffix('Z')}+0000"


def _published(value: str | None) -> str | None:
    """Return a date of publication as a time; None if it has no day."""
    try:
        day = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    if day.tzinfo is not None:
        try:
            day = day.astimezone(UTC)
        except OverflowError:
            return None
    return f"{day:%Y-%m-%dT%H:%M:%S}+0000" if day.year >= 1000 else None
