"""Mark, tag, delete, restore and undo; each call is one undo step."""

import os
from collections.abc import Iterable, Sequence
from typing import Final

from reader.model.change import Change, UndoResult
from reader.model.entry import EntryId
from reader.model.errors import JobCancelledError, UsageError
from reader.model.text import clean_tag, fold_case, one_line, plural
from reader.services.outcome import Outcome, report_change
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
) -> Outcome:
    """Set the given marks on every entry.

    Marking as unread also clears the progress.

    Raises UnknownIdError, LibraryBusyError, WriteError. One fsync.
    """
    change = Change(
        finished=finished,
        progress=0.0 if finished is False else None,
        starred=starred,
        archived=archived,
    )
    changes = dict.fromkeys(ids, change)
    phrases = [
        phrase
        for value, wanted, phrase in (
            (finished, True, "marked as read"),
            (finished, False, "marked as unread"),
            (starred, True, "starred"),
            (starred, False, "removed the star"),
            (archived, True, "archived"),
            (archived, False, "moved back from the archive"),
        )
        if value is wanted
    ]
    done = " and ".join(phrases)
    changed = workspace.change(changes, step=f"{done} {plural(len(changes))}", job=job)
    return report_change(changed, done[:1].upper() + done[1:])


def tag(
    workspace: Workspace,
    ids: Sequence[EntryId],
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    *,
    job: Job = QUIET,
) -> Outcome:
    """Add and remove tags on every entry.

    Raises UsageError for a tag without a letter. One fsync.
    """
    new, old = clean_tags(add), clean_tags(remove)
    changes = dict.fromkeys(ids, Change(add_tags=new, remove_tags=old))
    step = " ".join([*(f"+{name}" for name in new), *(f"-{name}" for name in old)])
    names = one_line(" ".join([*(f"#{name}" for name in new), *(f"−#{name}" for name in old)]), 60)
    changed = workspace.change(changes, step=f"tagged {step}: {plural(len(changes))}", job=job)
    return report_change(changed, f"Tagged {names}")


def delete(workspace: Workspace, ids: Sequence[EntryId], *, job: Job = QUIET) -> Outcome:
    """Move entries to the trash. No file is moved."""
    changes = dict.fromkeys(ids, Change(trashed=True))
    step = f"{_MOVED} {plural(len(changes))} to Trash"
    changed = workspace.change(changes, step=step, job=job)
    return report_change(changed, "Moved to Trash", "Moved {} to Trash")


def restore(workspace: Workspace, ids: Sequence[EntryId], *, job: Job = QUIET) -> Outcome:
    """Restore entries from the trash."""
    changes = dict.fromkeys(ids, Change(trashed=False))
    changed = workspace.change(changes, step=f"restored {plural(len(changes))}", job=job)
    return report_change(changed, "Restored", "Restored {}")


def undo(workspace: Workspace, *, job: Job = QUIET) -> tuple[Outcome, UndoResult | None]:
    """Undo this device's latest change; the result is None if there is none.

    Raises JobCancelledError between batches of a large change: the next undo continues.
    """

    def follow(ids: Sequence[EntryId], done: int, total: int) -> None:
        workspace.release(ids)
        job.progress(done, total)
        if job.cancelled():
            raise JobCancelledError(
                f"stopped after {done} of {total} articles: run `reader undo` again to restore the rest"
            )

    undone = workspace.library.undo(follow)
    if undone is None:
        return Outcome("Nothing to undo.", undoable=False), None
    if not undone.changed:
        message = f"Nothing to restore ({undone.step}): changed or deleted permanently since."
        return Outcome(message, undoable=False, is_error=True), undone
    first = undone.ids[0] if len(undone.ids) == 1 else None
    message = _describe_undo(undone)
    return Outcome(message, undoable=False, changed=undone.changed, entry=first), undone


def _describe_undo(undone: UndoResult) -> str:
    """Return the sentence that says what an undo changed."""
    if undone.step.startswith(_MOVED):
        message = f"Restored {plural(undone.changed)}"
    else:
        message = f"Undone: {undone.step}"
    skipped = f" ({plural(undone.skipped)} changed since then, skipped)" if undone.skipped else ""
    return message + skipped


def clean_tags(names: Iterable[str]) -> tuple[str, ...]:
    """Normalise tags, each once. Raises UsageError for a tag without a letter."""
    found: dict[str, str] = {}
    for name in names:
        tidy = clean_tag(name)
        if not tidy:
            raise UsageError(f"{name!r} is not a valid tag")
        found.setdefault(fold_case(tidy), tidy)
    return tuple(found.values())


def purge(workspace: Workspace, ids: Sequence[EntryId], *, job: Job = QUIET) -> Outcome:
    """Permanently delete these entries, which must be in the trash.

    Cannot be undone. The records stay, so that no other device's copy makes the entries appear
    again. Raises JobCancelledError between batches. Blocks on disk, linear in the number of files.
    """
    run, removed = os.urandom(8).hex(), 0
    for start in range(0, len(ids), BATCH):
        if job.cancelled():
            raise JobCancelledError(f"stopped: permanently deleted {plural(removed)} of {len(ids)}")
        batch = ids[start : start + BATCH]
        removed += workspace.library.purge(batch, run=run)
        workspace.release(batch)
        job.progress(start + len(batch), len(ids))
    message = f"Permanently deleted {plural(removed)}"
    return Outcome(message, undoable=False, changed=removed)
