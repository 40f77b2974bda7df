"""The built-in views: names for queries."""

from dataclasses import dataclass
from typing import Final

from reader.settings import BUILT_IN_VIEWS


@dataclass(frozen=True, slots=True)
class View:
    """A query under a name. `saved` ones come from the settings."""

    name: str
    query: str
    saved: bool = False


INBOX: Final = View("Inbox", "-is:archived")
EVERYTHING: Final = View("Everything", "")
HIGHLIGHTS: Final = View("Highlights", "has:highlights")
QUEUED: Final = View("Queued", "is:queued")
FAILED: Final = View("Failed", "is:failed")
TRASH: Final = View("Trash", "is:trashed")
VIEWS: Final = (
    INBOX,
    View("Continue reading", "is:reading -is:archived"),
    View("Quick reads", "minutes:1..10 -is:read -is:archived sort:minutes"),
    View("Long reads", "minutes:>30 -is:read -is:archived"),
    View("Starred", "is:starred"),
    View("Archive", "is:archived"),
    View("Untagged", "-has:tags -is:archived"),
    HIGHLIGHTS,
    QUEUED,
    FAILED,
    TRASH,
)
LAST_VIEWS: Final = (QUEUED, FAILED, TRASH)
"""Views that stand below the saved ones: their entries are not there to be read."""
BUILT_IN_NAMES: Final = frozenset(name.casefold() for name in BUILT_IN_VIEWS)
