"""The kind of a failure, from the reason that a link keeps."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

_HOST: Final = re.compile(r"(?:'[^']*'|[\w-]+(?:\.[\w-]+)*(?::\d+)?)(?::\s+|\s+(?=is not on the ))")
_ADDRESS: Final = re.compile(r"\s*\([\d.]*[.:][\w.:]*\)$")
"""An IP address in parentheses, which a status such as `(404)` is not."""

_SHORT: Final = {
    "is not on the public internet": "private address",
    "sent on to a private address": "private redirect",
    "the page was not found (404)": "not found (404)",
    "the page was removed permanently (410)": "removed (410)",
    "the page holds no sentence to read": "no text",
    "the page came only in part": "incomplete page",
    "the server sent an empty page": "empty page",
    "the server cannot be reached": "server unreachable",
    "the server does not answer": "no answer",
    "the server refuses connections": "connection refused",
    "the server broke off or did not speak HTTP": "invalid answer",
    "the server asks for a login (401)": "login needed (401)",
    "the server asks for payment (402)": "payment asked (402)",
    "the server does not let us in (403)": "forbidden (403)",
    "the server asks us to come more slowly (429)": "too many calls (429)",
    "its certificate is not to be trusted": "invalid certificate",
    "no secure connection could be made": "no secure connection",
    "no connection could be made": "no connection",
    "the connection broke off": "connection lost",
}
"""Kinds of failures that are longer than the narrowest line, which has 20 cells."""
_STATUS: Final = re.compile(r"the server .* \((\d{3})\)$")


def general_reason(reason: str) -> str:
    """Return the part of a reason that it shares with other pages.

    The host before the first colon and the details behind the next one differ from page to page.
    The result is a part of the reason, so that `reason:` finds it.
    """
    start = match.end() if (match := _HOST.match(reason)) else 0
    kind = reason[start:].partition(": ")[0].strip()
    return _ADDRESS.sub("", kind) or reason.strip()


def short_reason(kind: str) -> str:
    """Return a kind of failure in the words of a narrow line: `private address`."""
    if kind in _SHORT:
        return _SHORT[kind]
    status = _STATUS.match(kind)
    return f"server error ({status[1]})" if status else kind


def is_private_address(reason: str) -> bool:
    """Return whether a link failed because its address is not on the public internet."""
    return general_reason(reason).endswith("is not on the public internet")


def group_reasons(reasons: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return kinds of failures with the sums of their counts, the largest first."""
    sums: Counter[str] = Counter()
    for reason, count in reasons:
        sums[general_reason(reason)] += count
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
