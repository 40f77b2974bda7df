"""Articles that say nearly the same, found over the whole library and made one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reader.model.change import Change
from reader.model.entry import Entry, EntryId, Record
from reader.model.errors import Cancelled
from reader.model.query import Query
from reader.search.discovery.near_duplicates import group_duplicates, minhash, pick_survivor
from reader.search.store.article_files import read_plain_text
from reader.services.entries import plural
from reader.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Articles of nearly the same text: `keep` is the one most worked on."""

    survivor: Entry
    others: tuple[Entry, ...]


def find_duplicates(
    shelf: Workspace,
    query: Query,
    *,
    progress: Callable[[int, int], object] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[DuplicateGroup]:
    """The groups among what the query finds, in its order. Reads every text; raises Cancelled.

    Articles whose lengths are far apart, as a text and what quotes it, are no doubles.
    """
    home = shelf.places.home
    listing = shelf.synced_cache(text=True).listing(query, now=shelf.now())
    entries = [entry for entry in listing if entry.words]
    sketches = []
    for number, entry in enumerate(entries):
        if cancelled():
            raise Cancelled("the search for doubles was stopped")
        sketches.append(minhash(read_plain_text(home, entry)))
        progress(number + 1, len(entries))
    found = group_duplicates(sketches, lambda place: read_plain_text(home, entries[place]))
    return [_group([entries[place] for place in places]) for places in found]


def _group(entries: Sequence[Entry]) -> DuplicateGroup:
    keep = pick_survivor(entries)
    return DuplicateGroup(keep, tuple(entry for entry in entries if entry is not keep))


def merge(shelf: Workspace, found: Sequence[DuplicateGroup]) -> int:
    """Make each group one article: what a person gave the others goes to the one that is kept.

    The others go to the trash. One step; returns how many went.
    """
    changes: dict[EntryId, Change] = {}
    for group in found:
        keep = shelf.library.get(group.survivor.id)
        others = [shelf.library.get(entry.id) for entry in group.others]
        changes[keep.entry.id] = _merged_change(keep, others)
        for record in others:
            changes[record.entry.id] = Change(trashed=True)
    gone = len(changes) - len(found)
    if gone:
        shelf.library.change(changes, step=f"merged {plural(gone)} into others")
    return gone


def _merged_change(keep: Record, others: Sequence[Record]) -> Change:
    """Tags, star, reading, note and highlights of the others, for the one that is kept."""
    notes = [record.note for record in (keep, *others) if record.note]
    finished = any(record.entry.finished for record in others) and not keep.entry.finished
    return Change(
        add_tags=tuple(dict.fromkeys(tag for record in others for tag in record.entry.tags)),
        starred=True if any(record.entry.starred for record in others) else None,
        finished=True if finished else None,
        note="\n\n".join(dict.fromkeys(notes)) or None,
        add_highlights=tuple(mark for record in others for mark in record.highlights),
    )
