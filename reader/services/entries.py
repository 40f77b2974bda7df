"""Marks, tags, the trash and undo: each call is one step that one undo takes back."""

from collections.abc import Iterable, Sequence

from reader.model.change import Change, Undone
from reader.model.entry import EntryId
from reader.model.errors import WrongUsage
from reader.model.text import clean_tag, folded
from reader.services.workspace import Shelf


def mark(
    shelf: Shelf,
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
    return apply(shelf, ids, change, done)


def tag(
    shelf: Shelf, ids: Sequence[EntryId], add: Iterable[str] = (), remove: Iterable[str] = ()
) -> int:
    """Add and remove tags on every entry; returns how many changed.

    Raises WrongUsage for a tag without a letter. One fsync.
    """
    new, old = tidy_tags(add), tidy_tags(remove)
    said = [*(f"+{name}" for name in new), *(f"-{name}" for name in old)]
    return apply(shelf, ids, Change(add_tags=new, remove_tags=old), f"tagged {' '.join(said)}:")


def delete(shelf: Shelf, ids: Sequence[EntryId]) -> int:
    """Put entries in the trash; returns how many were not there. Nothing is moved on the disk."""
    return apply(shelf, ids, Change(trashed=True), "deleted")


def restore(shelf: Shelf, ids: Sequence[EntryId]) -> int:
    """Take entries out of the trash; returns how many were there."""
    return apply(shelf, ids, Change(trashed=False), "restored")


def apply(shelf: Shelf, ids: Sequence[EntryId], change: Change, done: str) -> int:
    """The same change to every entry, as one step that says `done` and the count."""
    unique = dict.fromkeys(ids)
    return shelf.library.change(
        dict.fromkeys(unique, change), step=f"{done} {counted(len(unique))}"
    )


def undo(shelf: Shelf) -> Undone | None:
    """Take the last step of this device back; None where there is none left."""
    return shelf.library.undo()


def counted(count: int, noun: str = "article") -> str:
    """`1 article`, `3 articles`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def tidy_tags(names: Iterable[str]) -> tuple[str, ...]:
    """The tags as they are kept, each once. Raises WrongUsage for one without a letter."""
    found: dict[str, str] = {}
    for name in names:
        tidy = clean_tag(name)
        if not tidy:
            raise WrongUsage(f"{name!r} is no tag")
        found.setdefault(folded(tidy), tidy)
    return tuple(found.values())


def empty_trash(shelf: Shelf, ids: Sequence[EntryId]) -> int:
    """Delete the folders of these entries, which must be in the trash; returns how many.

    It is no step: nothing brings them back. The records stay, so that no other device's copy
    makes them appear again. Blocks on disk, linear in the number of files.
    """
    return shelf.library.purge(ids)
