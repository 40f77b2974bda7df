"""Ages and dates in few cells."""

from datetime import UTC, datetime
from typing import Final

_STEPS: Final = (
    (3600, 60, "m"),
    (86400, 3600, "h"),
    (7 * 86400, 86400, "d"),
    (35 * 86400, 7 * 86400, "w"),
    (365 * 86400, 30.44 * 86400, "mo"),
)


def age(moment: str, now: datetime) -> str:
    """Return an age such as `now`, `5 m`, `3 d` or `6 y`; empty if invalid.

    `moment` is ISO 8601; without a zone it is UTC. A time in the future counts as now.
    """
    try:
        then = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    except ValueError:
        return ""
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    seconds = (now - then).total_seconds()
    if seconds < 60:
        return "now"
    for below, unit, name in _STEPS:
        if seconds < below:
            return f"{int(seconds / unit)} {name}"
    return f"{int(seconds / (365.25 * 86400)) or 1} y"


def day(moment: str | None) -> str | None:
    """Return a date such as `14 March 2026`, `March 2026` or `2026`.

    None stays None, and text that is not a date is returned unchanged.
    """
    if moment is None:
        return None
    parts = moment[:10].split("-")
    try:
        numbers = [int(part) for part in parts]
        shown = [str(numbers[0])]
        if len(numbers) > 1:
            shown.insert(0, _MONTHS[numbers[1] - 1])
        if len(numbers) > 2:
            shown.insert(0, str(numbers[2]))
    except (ValueError, IndexError):
        return moment
    return " ".join(shown)


_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
