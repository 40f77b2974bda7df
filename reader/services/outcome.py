"""The value that a change returns, and the sentence for a number of changed entries.

The app and the command line show the same sentence; that of undo is made in `services.entries`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from reader.model.entry import Entry, EntryId
from reader.model.text import plural


class Outcome(NamedTuple):
    """The result of a change as a sentence; `undoable` if undo reverts it.

    `changed` counts the entries that are different now. `entry` is the entry of the change.
    `changes` are changed entries before and after; empty if they are many, or unknown. `queued`
    are entries to download.
    """

    message: str
    undoable: bool = True
    changed: int = 0
    entry: EntryId | None = None
    is_error: bool = False
    changes: Sequence[tuple[Entry, Entry]] = ()
    queued: Sequence[EntryId] = ()


def report_change(changed: int, one: str, many: str = "") -> Outcome:
    """Return the outcome of a change of entries: `one` for a single one, else `many`.

    `many` has the number of entries in `{}`; by default it is `one` with the number after it.
    """
    if not changed:
        return Outcome("Nothing to change.", undoable=False)
    message = one if changed == 1 else (many or one + ": {}").replace("{}", plural(changed))
    return Outcome(message, changed=changed)
