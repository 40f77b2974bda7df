"""Fields of records from save requests and known fields."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reader.library.field_validation import is_entry_id
from reader.library.lww_document import HIGHLIGHT_PREFIX, IMAGE_PREFIX, LABEL_PREFIX
from reader.library.record_mapper import article_fields, member_fields
from reader.model.change import SaveRequest
from reader.model.errors import UsageError
from reader.model.text import one_line
from reader.model.urls import (
    MAX_URL_LENGTH,
    clean_url,
    host_of,
    id_for,
    without_credentials,
)

if TYPE_CHECKING:
    # A link that is queued must not wait for the modules of texts.
    from reader.library.article_folders import ArticleFolder
    from reader.model.article import Article

_LINK_METADATA: Final = ("byline", "site", "published", "language", "description")


def id_for_request(saving: SaveRequest) -> str:
    """Return the id of a request: of its address, else of its bytes. Raises UsageError.

    Raises UsageError.
    """
    if saving.id is not None and not is_entry_id(saving.id):
        raise UsageError(f"{one_line(saving.id, 40)!r} is not an id")
    return str(saving.id or id_for(clean_url(saving.given) if saving.given else None, saving.page))


def write_folder(
    home: Path,
    name: str,
    article: "Article",
    page: bytes,
    known: Mapping[str, Any],
    before_publish: Callable[[str], None],
) -> "ArticleFolder":
    """Write an article's folder. `known` are fields that count if the page says nothing.

    `before_publish` is called with its path before the folder exists. Raises WriteError. Several fsyncs.
    """
    from reader.library import article_folders

    found = article_fields(article)
    values = {
        "id": name,
        "url": known.get("url"),
        "title": found["title"] or known.get("title"),
        "byline": article.byline,
        "site": article.site or known.get("site"),
        "published": article.published,
        "added": known["added"],
        "language": article.language,
        "description": article.description,
        "suggested": found["suggested"],
    }
    return article_folders.write(home, name, article, page, values, before_publish)


def text_fields(
    article: "Article", folder: "ArticleFolder", known: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fields that an article's text brings; a former folder is remembered."""
    found = article_fields(article)
    fields = {key: value for key, value in found.items() if value not in (None, "", [], False)}
    fields |= {IMAGE_PREFIX + picture.destination: picture.name for picture in article.images}
    fields |= {"text": folder.digest, "folder": folder.path}
    if known.get("cut") and not article.cut:
        fields["cut"] = False
    if known.get("reason"):
        fields["reason"] = None
    if known.get("folder") not in (None, folder.path):
        fields["former"] = [*(known.get("former") or ()), known["folder"]]
    return fields


def creation_fields(saving: SaveRequest, held: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Return the fields of a new record without its text: given or found, never a default.

    `held` are fields of the same record before it was purged, or that came before its
    creation: after a purge nothing of them comes back.
    """
    url = clean_url(saving.given) if saving.given else None
    given = one_line(without_credentials(saving.given), MAX_URL_LENGTH) if saving.given else None
    final = without_credentials(saving.final) if saving.final else None
    fields: dict[str, Any] = {
        "url": url,
        "given": given if given != url else None,
        "final": final if final != url else None,
        "title": one_line(saving.title or "") or None,
        "site": host_of(url) or None,
    }
    for name, value in saving.link_metadata.items():
        if name in _LINK_METADATA:
            fields[name] = one_line(value) or None
    fields["added"] = saving.added or f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}"
    created: dict[str, Any] = {key: value for key, value in fields.items() if value is not None}
    created |= {"deleted": False} | personal_fields(saving, {} if held.get("purged") else held)
    if held.get("purged"):
        forgotten: dict[str, Any] = {key: None for key, value in held.items() if value is not None}
        created = {**forgotten, **created, "purged": False}
    return created


def merge_fields(saving: SaveRequest, held: Mapping[str, Any]) -> dict[str, Any]:
    """Return the new tags, notes and highlights that a request brings to a known record.

    How far one has read is one's own, and so is a highlight that is here or was removed: the
    saving may be an old export. It leaves the trash unless the request says `leave_in_trash`.
    """
    wanted = personal_fields(saving, held)
    if held.get("deleted") and not saving.leave_in_trash:
        wanted["deleted"] = False
    if not wanted:
        return wanted
    wanted = {
        key: value
        for key, value in wanted.items()
        if not (key.startswith((HIGHLIGHT_PREFIX, LABEL_PREFIX)) and key in held)
    }
    for mark in saving.highlights:
        if not held.get(HIGHLIGHT_PREFIX + mark.id, True):
            wanted.pop(LABEL_PREFIX + mark.id, None)
    for key in ("finished", "starred", "archived", "progress", "position"):
        wanted.pop(key, None)
    if held.get("note"):
        wanted.pop("note", None)
    return {key: value for key, value in wanted.items() if key not in held or held[key] != value}


def personal_fields(saving: SaveRequest, held: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that the user or an import sets on an article."""
    fields: dict[str, Any] = {}
    if saving.finished:
        fields["finished"] = saving.finished
    if saving.starred:
        fields["starred"] = saving.starred
    if saving.archived:
        fields["archived"] = saving.archived
    if progress := round(saving.progress, 4):
        fields["progress"] = progress
    if note := saving.note.strip():
        fields["note"] = note
    if saving.position is not None:
        place = saving.position
        fields["position"] = [place.quote, place.start, place.progress]
    if saving.tags or saving.highlights:
        fields |= member_fields(saving.tags, (), saving.highlights, (), held)
    return fields
