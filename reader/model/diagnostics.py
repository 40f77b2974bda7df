"""The findings of `doctor`."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Severity of a finding: informational, repairable, or permanent damage."""

    NOTICE = "notice"
    REPAIRABLE = "repairable"
    DAMAGE = "damage"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding of `doctor`.

    `kind` is one of rot, torn, header, newer, lost, missing, changed, page, picture, orphan,
    purged, leftover, mode, clock, cache.
    """

    kind: str
    said: str
    severity: Severity
    id: str = ""
    path: str = ""
    repaired: bool = False
