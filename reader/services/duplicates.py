"""Find articles with nearly the same text, and merge them."""

from collections.abc import Sequence
from dataclasses import dataclass

from reader.model.change import Change
from reader.model.entry import Entry, EntryId, Record
from reader.model.errors import JobCancelledError
from reader.model.query import Query
from reader.model.text import plural
from reader.search.discovery.near_duplicates import group_duplicates, minhash, pick_survivor
from reader.search.store.article_files import read_plain_text
from reader.services.outcome import Outcome
from reader.services.workspace import QUIET, Job, Workspace


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Articles with nearly the same text; `survivor` has the most annotations."""

    survivor: Entry
    others: tuple[Entry, ...]


def find_duplicates(
    workspace: Workspace,
    query: Query,
    *,
    job: Job = QUIET,
) -> list[DuplicateGroup]:
    """Find groups among the query's articles, in its order. Reads every text; raises JobCancelledError.

    Articles of very different lengths, such as a text and its quotation, are not duplicates.
    """
    home = workspace.places.home
    listing = workspace.synced_cache(text=True).listing(query, now=workspace.now())
    entries = [entry for entry in listing if entry.words]
    sketches = []
    for number, entry in enumerate(entries):
        if job.cancelled():
            raise JobCancelledError("the search for duplicates was stopped")
        sketches.append(minhash(read_plain_text(home, entry)))
        job.progress(number + 1, len(entries))
    found = group_duplicates(sketches, lambda place: read_plain_text(home, entries[place]))
    return [_group([entries[place] for place in places]) for places in found]


def _group(entries: Sequence[Entry]) -> DuplicateGroup:
    keep = pick_survivor(entries)
    return DuplicateGroup(keep, tuple(entry for entry in entries if entry is not keep))


def merge(workspace: Workspace, found: Sequence[DuplicateGroup]) -> Outcome:
    """Merge each group into its survivor: tags, star, notes and highlights move to it.

    The others move to the trash. One undo step.
    """
    changes: dict[EntryId, Change] = {}
    for group in found:
        keep = workspace.library.get(group.survivor.id)
        others = [workspace.library.get(entry.id) for entry in group.others]
        changes[keep.entry.id] = _merged_change(keep, others)
        for record in others:
            changes[record.entry.id] = Change(trashed=True)
    gone = len(changes) - len(found)
    if gone:
        survivors = [group.survivor.id for group in found]
        message = f"merged {plural(gone)} into others"
        workspace.library.change(changes, step=message, survivors=survivors)
    return Outcome(f"Merged {plural(gone)} into those kept", changed=gone)


def _merged_change(keep: Record, others: Sequence[Record]) -> Change:
    """Collect tags, star, reading state, notes and highlights of the others."""
    notes = [record.note for record in (keep, *others) if record.note]
    finished = any(record.entry.finished for record in others) and not keep.entry.finished
    return Change(
        add_tags=tuple(dict.fromkeys(tag for record in others for tag in record.entry.tags)),
        starred=True if any(record.entry.starred for record in others) else None,
        finished=True if finished else None,
        note="\n\n".join(dict.fromkeys(notes)) or None,
        add_highlights=tuple(mark for record in others for mark in record.highlights),
    )
