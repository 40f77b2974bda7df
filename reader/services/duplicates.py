"""Articles that say nearly the same, found over the whole library and made one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reader.model.change import Change
from reader.model.entry import Entry, EntryId, Record
from reader.model.errors import Cancelled
from reader.model.query import Query
from reader.search.discovery.near_duplicates import groups, kept_of, sketch
from reader.search.store.article_files import body_of
from reader.services.entries import counted
from reader.services.workspace import Shelf


@dataclass(frozen=True, slots=True)
class Group:
    """Articles of nearly the same text: `keep` is the one most worked on."""

    keep: Entry
    others: tuple[Entry, ...]


def doubles(
    shelf: Shelf,
    query: Query,
    *,
    progress: Callable[[int, int], object] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Group]:
    """The groups among what the query finds, in its order. Reads every text; raises Cancelled.

    Articles whose lengths are far apart, as a text and what quotes it, are no doubles.
    """
    home = shelf.places.home
    listing = shelf.fresh_cache(text=True).listing(query, now=shelf.now())
    entries = [entry for entry in listing if entry.words]
    sketches = []
    for number, entry in enumerate(entries):
        if cancelled():
            raise Cancelled("the search for doubles was stopped")
        sketches.append(sketch(body_of(home, entry)))
        progress(number + 1, len(entries))
    found = groups(sketches, lambda place: body_of(home, entries[place]))
    return [_group([entries[place] for place in places]) for places in found]


def _group(entries: Sequence[Entry]) -> Group:
    keep = kept_of(entries)
    return Group(keep, tuple(entry for entry in entries if entry is not keep))


def merge(shelf: Shelf, found: Sequence[Group]) -> int:
    """Make each group one article: what a person gave the others goes to the one that is kept.

    The others go to the trash. One step; returns how many went.
    """
    changes: dict[EntryId, Change] = {}
    for group in found:
        keep = shelf.library.get(group.keep.id)
        others = [shelf.library.get(entry.id) for entry in group.others]
        changes[keep.entry.id] = _given(keep, others)
        for record in others:
            changes[record.entry.id] = Change(trashed=True)
    gone = len(changes) - len(found)
    if gone:
        shelf.library.change(changes, step=f"merged {counted(gone)} into others")
    return gone


def _given(keep: Record, others: Sequence[Record]) -> Change:
    """Tags, star, reading, note and highlights of the others, for the one that is kept."""
    notes = [record.note for record in (keep, *others) if record.note]
    finished = any(record.entry.finished for record in others) and not keep.entry.finished
    return Change(
        add_tags=tuple(dict.fromkeys(tag for record in others for tag in record.entry.tags)),
        starred=True if any(record.entry.starred for record in others) else None,
        finished=True if finished else None,
        note="\n\n".join(dict.fromkeys(notes)) or None,
        keep=tuple(mark for record in others for mark in record.highlights),
    )
