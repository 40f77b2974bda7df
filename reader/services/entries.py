"""Marks, tags, the trash and undo: each call is one step that one undo takes back."""

from collections.abc import Iterable, Sequence

from reader.model.change import Change, UndoResult
from reader.model.entry import EntryId
from reader.model.errors import UsageError
from reader.model.text import clean_tag, fold_case
from reader.services.workspace import Workspace


def mark(
    shelf: Workspace,
    ids: Sequence[EntryId],
    *,
    finished: bool | None = None,
    starred: bool | None = None,
    archived: bool | None = None,
) -> int:
    """Set what is not None on every entry; returns how many changed. Unread also clears progress.

    Raises UnknownId, LibraryBusy, NotSaved. One fsync.
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
    return apply_to_all(shelf, ids, change, done)


def tag(
    shelf: Workspace, ids: Sequence[EntryId], add: Iterable[str] = (), remove: Iterable[str] = ()
) -> int:
    """Add and remove tags on every entry; returns how many changed.

    Raises WrongUsage for a tag without a letter. One fsync.
    """
    new, old = clean_tags(add), clean_tags(remove)
    said = [*(f"+{name}" for name in new), *(f"-{name}" for name in old)]
    return apply_to_all(
        shelf, ids, Change(add_tags=new, remove_tags=old), f"tagged {' '.join(said)}:"
    )


def delete(shelf: Workspace, ids: Sequence[EntryId]) -> int:
    """Put entries in the trash; returns how many were not there. Nothing is moved on the disk."""
    return apply_to_all(shelf, ids, Change(trashed=True), "deleted")


def restore(shelf: Workspace, ids: Sequence[EntryId]) -> int:
    """Take entries out of the trash; returns how many were there."""
    return apply_to_all(shelf, ids, Change(trashed=False), "restored")


def apply_to_all(shelf: Workspace, ids: Sequence[EntryId], change: Change, done: str) -> int:
    """The same change to every entry, as one step that says `done` and the count."""
    unique = dict.fromkeys(ids)
    return shelf.library.change(dict.fromkeys(unique, change), step=f"{done} {plural(len(unique))}")


def undo(shelf: Workspace) -> UndoResult | None:
    """Take the last step of this device back; None where there is none left."""
    return shelf.library.undo()


def plural(count: int, noun: str = "article") -> str:
    """`1 article`, `3 articles`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def clean_tags(names: Iterable[str]) -> tuple[str, ...]:
    """The tags as they are kept, each once. Raises WrongUsage for one without a letter."""
    found: dict[str, str] = {}
    for name in names:
        tidy = clean_tag(name)
        if not tidy:
            raise UsageError(f"{name!r} is no tag")
        found.setdefault(fold_case(tidy), tidy)
    return tuple(found.values())


def empty_trash(shelf: Workspace, ids: Sequence[EntryId]) -> int:
    """Delete the folders of these entries, which must be in the trash; returns how many.

    It is no step: nothing brings them back. The records stay, so that no other device's copy
    makes them appear again. Blocks on disk, linear in the number of files.
    """
    return shelf.library.purge(ids)
