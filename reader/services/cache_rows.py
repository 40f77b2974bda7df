"""Rows of the cache made from documents."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, repeat
from typing import Any, Final

from reader.library import lww_document
from reader.library.field_validation import valid_fields
from reader.library.link_checks import TagNames, check_links, values_of
from reader.library.lww_document import Document
from reader.library.record_mapper import entry_of, record_of, sorted_tags, tags_of
from reader.model.entry import EntryId
from reader.search.store.row_writer import FLAG_FIELDS, TAG_FIELDS
from reader.search.store.rows import CacheRow, FlagRow, HiddenRecord, LinkRow

MIN_BULK: Final = 200
"""Documents from which a faster JSON library is worth its import, ⏱ 10 ms."""
_BATCH: Final = 500
"""Documents whose rows are made together."""
_Link = tuple[EntryId, Document, str, Mapping[str, Any], tuple[str, ...]]
"""A link's id, document, its text, valid fields, and the names of its tags."""


def split_rows(
    documents: Mapping[EntryId, Document],
) -> tuple[Iterator[list[CacheRow | LinkRow]], dict[EntryId, HiddenRecord]]:
    """Split documents into rows to list, made lazily in lists, and hidden records."""
    shown: dict[EntryId, Document] = {}
    hidden: dict[EntryId, Document] = {}
    merged: list[EntryId | None] = []
    if len(documents) >= MIN_BULK:
        check_links(documents.values())
    for entry_id, document in documents.items():
        fields = document.valid or valid_fields(entry_id, document)
        # ⏱ As `is_listed`, without its call.
        if not fields.get("purged") and fields.get("added") and not fields.get("same"):
            shown[entry_id] = document
        else:
            hidden[entry_id] = document
            merged.append(fields.get("same"))
    gone = dict(zip(hidden, map(HiddenRecord, _dumped(hidden), merged), strict=True))
    return _rows(shown), gone


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


def _rows(documents: Mapping[EntryId, Document]) -> Iterator[list[CacheRow | LinkRow]]:
    """Yield the rows of listed records, those of links made together."""
    tag_names = TagNames()
    remaining = zip(documents.items(), _dumped(documents), strict=True)
    while batch := list(islice(remaining, _BATCH)):
        fields = [
            document.valid or valid_fields(entry_id, document) for (entry_id, document), _ in batch
        ]
        names = list(map(tuple, fields))
        links: list[_Link] = []
        rows: list[CacheRow | LinkRow] = []
        for ((entry_id, document), text), values, tagged in zip(
            batch, fields, map(tag_names.__getitem__, names), strict=True
        ):
            if tagged is None:
                rows.append(_cache_row(entry_id, document, text))
            else:
                links.append((entry_id, document, text, values, tagged))
        if links:
            rows += _link_rows(links, set(names))
        yield rows


def _link_rows(links: Sequence[_Link], names: Collection[tuple[str, ...]]) -> Iterator[LinkRow]:
    """Return the rows of links, made by columns: ⏱ half of the time of one after the other.

    `names` are the sets of names of their fields, perhaps others as well.
    """
    ids, documents, texts, fields, tagged = zip(*links, strict=True)
    urls, titles, sites = (values_of(fields, name, names) for name in ("url", "title", "site"))
    flags = [
        list(map(bool, values_of(fields, name, names)))
        for name in ("finished", "starred", "archived", "deleted")
    ]
    if all(each.stamps is None and each.created is not None for each in documents):
        # Written once, as nearly all.
        created = [each.created for each in documents]
        updated = [each.ms for each in created]
    else:
        created = [each.created_at() for each in documents]
        updated = [each.updated_at() for each in documents]
    columns = zip(
        ids, urls, [title or url or "" for title, url in zip(titles, urls, strict=True)],
        values_of(fields, "added", names), sites, map(_tags, fields, tagged), *flags, created, texts,
        updated, strict=True,
    )  # fmt: skip
    return map(_new_row, repeat(LinkRow), columns)


def _tags(fields: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    return (
        sorted_tags([tag for name in names if (tag := fields[name]) is not None]) if names else ()
    )


def _cache_row(entry_id: EntryId, document: Document, text: str) -> CacheRow:
    entry = entry_of(entry_id, document)
    note = (document.valid or {}).get("note") or ""
    quotes: tuple[str, ...] = ()
    if entry.highlights:
        marks = record_of(entry_id, document).highlights
        quotes = tuple(f"{mark.quote}\n{mark.note}".strip() for mark in marks)
    return CacheRow(entry, text, note, quotes, document.updated_at())
