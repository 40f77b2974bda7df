"""The trash, emptied for good."""

from collections.abc import Sequence

from reader.model.entry import EntryId
from reader.services.shelf import Shelf


def empty_trash(shelf: Shelf, ids: Sequence[EntryId]) -> int:
    """Delete the folders of these entries, which must be in the trash; returns how many.

    It is no step: nothing brings them back. The records stay, so that no other device's copy
    makes them appear again. Blocks on disk, linear in the number of files.
    """
    return shelf.library.purge(ids)
