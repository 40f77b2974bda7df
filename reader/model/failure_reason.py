"""The kind of a failure, from the reason that a link keeps."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

_HOST: Final = re.compile(r"(?:'[^']*'|[\w-]+(?:\.[\w-]+)*(?::\d+)?)(?::\s+|\s+(?=is not on the ))")
_ADDRESS: Final = re.compile(r"\s*\([\d.]*[.:][\w.:]*\)$")
"""An IP address in parentheses, which a status such as `(404)` is not."""


def general_reason(reason: str) -> str:
    """Return the part of a reason that it shares with other pages.

    The host before the first colon and the details behind the next one differ from page to page.
    The result is a part of the reason, so that `reason:` finds it.
    """
    start = match.end() if (match := _HOST.match(reason)) else 0
    kind = reason[start:].partition(": ")[0].strip()
    return _ADDRESS.sub("", kind) or reason.strip()


def short_reason(kind: str) -> str:
    """Return a kind of failure for a narrow line: `not on the public internet`."""
    return kind.removeprefix("is ")


def group_reasons(reasons: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return kinds of failures with the sums of their counts, the largest first."""
    sums: Counter[str] = Counter()
    for reason, count in reasons:
        sums[general_reason(reason)] += count
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
