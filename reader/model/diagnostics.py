"""What `doctor` finds."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A `notice` is no damage; what is `repairable` can be mended; `damage` remains."""

    NOTICE = "notice"
    REPAIRABLE = "repairable"
    DAMAGE = "damage"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `id` is the record it is about, empty for none; `path` the file or folder.

    `kind` is one of rot, torn, header, newer, lost, missing, changed, page, picture, orphan,
    purged, leftover, mode, clock, cache.
    """

    kind: str
    said: str
    severity: Severity
    id: str = ""
    path: str = ""
    repaired: bool = False
