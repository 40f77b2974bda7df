"""Rows of the cache made from documents."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from reader.library import lww_document
from reader.library.field_validation import valid_fields
from reader.library.lww_document import TAG_PREFIX, Document
from reader.library.record_mapper import entry_of, record_of, sorted_tags, tags_of
from reader.model.entry import EntryId
from reader.search.store.row_writer import FLAG_FIELDS, TAG_FIELDS
from reader.search.store.rows import CacheRow, FlagRow, HiddenRecord, LinkRow

MIN_BULK: Final = 200
"""Documents from which a faster JSON library is worth its import, ⏱ 10 ms."""
_LINK_FIELDS: Final = frozenset((
    "url", "given", "title", "site", "added", "description", "finished", "starred", "archived",
    "deleted", "purged",
))  # fmt: skip
"""Fields of a link as an import writes them, besides its tags; listed records are not purged."""


def split_rows(
    documents: Mapping[EntryId, Document],
) -> tuple[Iterator[CacheRow | LinkRow], dict[EntryId, HiddenRecord]]:
    """Split documents into rows to list and hidden records; rows are made lazily."""
    shown: dict[EntryId, Document] = {}
    hidden: dict[EntryId, Document] = {}
    merged: list[EntryId | None] = []
    for entry_id, document in documents.items():
        fields = document.valid or valid_fields(entry_id, document)
        if is_listed(fields):
            shown[entry_id] = document
        else:
            hidden[entry_id] = document
            merged.append(fields.get("same"))
    gone = dict(zip(hidden, map(HiddenRecord, _dumped(hidden), merged), strict=True))
    return map(_row, shown, shown.values(), _dumped(shown)), gone


def _dumped(documents: Mapping[EntryId, Document]) -> Iterator[str]:
    """Yield the texts of documents. ⏱ The import of a faster JSON library takes 10 ms."""
    if len(documents) < MIN_BULK:
        return map(lww_document.dump, documents.values())
    return lww_document.dump_all(documents.values())


def is_listed(fields: Mapping[str, Any]) -> bool:
    """Return whether lists show a record with these valid fields."""
    get = fields.get
    return not get("purged") and bool(get("added")) and not get("same")


@lru_cache(maxsize=1024)
def flag_fields(fields: frozenset[str]) -> frozenset[str]:
    """Return the fields as `update_flags` takes them; empty if it does not know all of them.

    ⏱ Bulk work changes the same fields of thousands of records.
    """
    others = [name for name in fields if name not in FLAG_FIELDS]
    if not others:
        return frozenset(fields)
    if not all(name.startswith(TAG_FIELDS) for name in others):
        return frozenset()
    return frozenset([TAG_FIELDS, *FLAG_FIELDS.intersection(fields)])


def flag_rows(
    documents: Mapping[EntryId, Document], *, with_tags: bool = False
) -> Iterator[FlagRow]:
    """Yield the rows of listed documents of which only flags, or tags too, changed."""
    for (entry_id, document), text in zip(documents.items(), _dumped(documents), strict=True):
        fields = document.valid or valid_fields(entry_id, document)
        get = fields.get
        yield _new_row(FlagRow, (
            entry_id, text, get("words") or 0, get("progress") or 0.0,
            bool(get("finished")), bool(get("starred")),
            bool(get("archived")), bool(get("deleted")),
            document.updated_at(), tags_of(fields) if with_tags else (),
        ))  # fmt: skip


_new_row: Final = tuple.__new__
"""⏱ Half of the time of the class's own call."""


def _link_row(entry_id: EntryId, document: Document, text: str) -> LinkRow | None:
    """Return the row of a link that has no page, note, highlights or other fields; else None."""
    fields = document.valid or valid_fields(entry_id, document)
    tags: list[str] = []
    if not _LINK_FIELDS.issuperset(fields):
        for name in [each for each in fields if each not in _LINK_FIELDS]:
            if name[:4] != TAG_PREFIX:
                return None
            if fields[name] is not None:
                tags.append(fields[name])
    get, url, created = fields.get, fields.get("url"), document.created
    if created is not None and document.stamps is None:
        # Written once, as nearly all.
        updated = created.ms
    else:
        created, updated = document.created_at(), document.updated_at()
    return LinkRow(
        entry_id, url, get("title") or url or "", fields["added"], get("site"), sorted_tags(tags),
        bool(get("finished")), bool(get("starred")), bool(get("archived")), bool(get("deleted")),
        created, text, updated,
    )  # fmt: skip


def _row(entry_id: EntryId, document: Document, text: str) -> CacheRow | LinkRow:
    link = _link_row(entry_id, document, text)
    if link is not None:
        return link
    entry = entry_of(entry_id, document)
    note = (document.valid or {}).get("note") or ""
    quotes: tuple[str, ...] = ()
    if entry.highlights:
        marks = record_of(entry_id, document).highlights
        quotes = tuple(f"{mark.quote}\n{mark.note}".strip() for mark in marks)
    return CacheRow(entry, text, note, quotes, document.updated_at())
