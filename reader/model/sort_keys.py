"""Values that orders sort by, as filters and the cache have them."""

import zlib
from typing import Final

_BASE_32: Final = str.maketrans(
    "0123456789abcdefghjkmnpqrstvwxyz", "0123456789abcdefghijklmnopqrstuv"
)
"""From the digits of ids (Crockford's) to those of `int`."""


class _PairNumbers(dict[str, int]):
    """The numbers of two digits of ids. ⏱ Half of the time of parsing six together."""

    def __missing__(self, pair: str) -> int:
        number = int(pair.translate(_BASE_32), 32)
        if len(pair) == 2:
            self[pair] = number
        return number


_PAIRS: Final = _PairNumbers()


def published_sort_key(published: str | None) -> str:
    """Return the time of publication as text that sorts, missing parts as the first.

    Empty without a time, or if it does not begin with a year.
    """
    text = published or ""
    if not text[:4].isdecimal() or len(text) < 4:
        return ""
    padded = text if len(text) >= 10 else (text + "-01-01" if len(text) == 4 else text + "-01")
    return padded[:19]


def random_key(entry_id: str) -> int:
    """Return a number below 2**30 from the id, by which `sort:random` sorts."""
    try:
        return _PAIRS[entry_id[:2]] << 20 | _PAIRS[entry_id[2:4]] << 10 | _PAIRS[entry_id[4:6]]
    except ValueError:
        # Not an id of this program: any number serves that is the same on every device.
        return zlib.crc32(entry_id.encode("utf-8", "replace")) >> 2
