"""Mark, tag, delete, restore and undo; each call is one undo step."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Final

from reader.model.change import Change, UndoResult
from reader.model.entry import EntryId
from reader.model.errors import Cancelled, UsageError
from reader.model.text import clean_tag, fold_case, plural
from reader.services.workspace import BATCH, QUIET, Job, Workspace

_MOVED: Final = "moved"
"""The first word of the undo steps of `delete`."""


def mark(
    workspace: Workspace,
    ids: Sequence[EntryId],
    *,
    finished: bool | None = None,
    starred: bool | None = None,
    archived: bool | None = None,
    job: Job = QUIET,
) -> int:
    """Set the given marks on every entry and return how many changed.

    Marking as unread also clears the progress.

    Raises UnknownIdError, LibraryBusyError, WriteError. One fsync.
    """
    change = Change(
        finished=finished,
        progress=0.0 if finished is False else None,
        starred=starred,
        archived=archived,
    )
    words = {
        (finished, True): "marked read",
        (finished, False): "marked unread",
        (starred, True): "starred",
        (starred, False): "unstarred",
        (archived, True): "archived",
        (archived, False): "unarchived",
    }
    done = " and ".join(said for (value, wanted), said in words.items() if value is wanted)
    return apply_to_all(workspace, ids, change, done, job=job)


def tag(
    workspace: Workspace,
    ids: Sequence[EntryId],
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    *,
    job: Job = QUIET,
) -> int:
    """Add and remove tags on every entry; return how many changed.

    Raises UsageError for a tag without a letter. One fsync.
    """
    new, old = clean_tags(add), clean_tags(remove)
    said = [*(f"+{name}" for name in new), *(f"-{name}" for name in old)]
    change = Change(add_tags=new, remove_tags=old)
    return apply_to_all(workspace, ids, change, f"tagged {' '.join(said)}:", job=job)


def delete(workspace: Workspace, ids: Sequence[EntryId], *, job: Job = QUIET) -> int:
    """Move entries to the trash; return how many were not in it. No file is moved."""
    return apply_to_all(workspace, ids, Change(trashed=True), _MOVED, " to Trash", job)


def restore(workspace: Workspace, ids: Sequence[EntryId], *, job: Job = QUIET) -> int:
    """Restore entries from the trash; return how many were in it."""
    return apply_to_all(workspace, ids, Change(trashed=False), "restored", job=job)


def apply_to_all(
    workspace: Workspace,
    ids: Sequence[EntryId],
    change: Change,
    done: str,
    where: str = "",
    job: Job = QUIET,
) -> int:
    """Apply one change to every entry, as one undo step: `done`, the count, `where`."""
    unique = dict.fromkeys(ids)
    return workspace.change(
        dict.fromkeys(unique, change),
        step=f"{done} {plural(len(unique))}{where}",
        job=job,
    )


def undo(workspace: Workspace) -> UndoResult | None:
    """Undo this device's latest change. Returns None if there is none."""
    return workspace.library.undo()


def describe_undo(undone: UndoResult) -> str:
    """Return the sentence that says what an undo changed."""
    if undone.step.startswith(_MOVED):
        said = f"Restored {plural(undone.changed)}"
    else:
        said = f"Undone: {undone.step}"
    skipped = f" ({plural(undone.skipped)} changed since then, skipped)" if undone.skipped else ""
    return said + skipped


def clean_tags(names: Iterable[str]) -> tuple[str, ...]:
    """Normalise tags, each once. Raises UsageError for a tag without a letter."""
    found: dict[str, str] = {}
    for name in names:
        tidy = clean_tag(name)
        if not tidy:
            raise UsageError(f"{name!r} is not a valid tag")
        found.setdefault(fold_case(tidy), tidy)
    return tuple(found.values())


def empty_trash(workspace: Workspace, ids: Sequence[EntryId], *, job: Job = QUIET) -> int:
    """Permanently delete these entries, which must be in the trash; return how many.

    Cannot be undone. The records stay, so that no other device's copy makes the entries appear
    again. Raises Cancelled between batches. Blocks on disk, linear in the number of files.
    """
    run, removed = secrets.token_hex(8), 0
    for start in range(0, len(ids), BATCH):
        if job.cancelled():
            raise Cancelled(f"stopped: permanently deleted {plural(removed)} of {len(ids)}")
        batch = ids[start : start + BATCH]
        removed += workspace.library.purge(batch, run=run)
        workspace.release(batch)
        job.progress(start + len(batch), len(ids))
    return removed
