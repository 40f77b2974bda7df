"""Pages of entries for clients that list, filter and synchronise a library over a network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reader.library import lww_document
from reader.library.record_mapper import record_of
from reader.model.entry import EntryId, Record
from reader.model.entry_number import id_prefix
from reader.model.errors import UnknownIdError
from reader.model.query import Query
from reader.search.store.cache import Cache


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A record with the time of its last change, in milliseconds since 1970."""

    record: Record
    updated: int


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of a list: its records in order, and the number of entries in the whole list."""

    records: Sequence[ListedRecord]
    total: int


def read_page(
    cache: Cache,
    query: Query,
    *,
    start: int,
    size: int,
    now: datetime,
    since: int = 0,
    by_change: bool = False,
    oldest_first: bool = False,
) -> EntryPage:
    """Return the entries from `start` on, at most `size`, in the order of adding or of change.

    `since` leaves out entries without a change after that time, in milliseconds since 1970. Blocks
    on disk; only the entries of the page are read.
    """
    listing = cache.changes(query, since=since, by_change=by_change, now=now)
    total = len(listing)
    stop = min(start + size, total)
    if start >= stop:
        return EntryPage((), total)
    if oldest_first:
        ids = listing.ids_between(total - stop, total - start)[::-1]
    else:
        ids = listing.ids_between(start, stop)
    return EntryPage(read_records(cache, ids), total)


def read_records(cache: Cache, ids: Sequence[EntryId]) -> list[ListedRecord]:
    """Return the records that the cache holds, in the order of `ids`. Blocks on disk."""
    known = cache.documents(ids)
    found = []
    for each in ids:
        if each in known:
            document = lww_document.load(known[each])
            found.append(ListedRecord(record_of(each, document), document.updated_at()))
    return found


def read_numbered(cache: Cache, number: int) -> ListedRecord:
    """Return the entry of this number; not one in the trash.

    Raises UnknownIdError, and AmbiguousIdError for a number that two entries share.
    """
    found = read_records(cache, [cache.resolve(id_prefix(number))])
    if not found or found[0].record.entry.trashed:
        raise UnknownIdError(f"no article has the number {number}")
    return found[0]
