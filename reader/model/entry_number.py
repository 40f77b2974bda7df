"""Numbers of entries for clients that know only integers.

A number is the start of the entry's id, so it is the same on every device and in every run. It has
45 bits: JavaScript keeps integers exactly below 2**53, and Lua 5.1 writes them exactly below 10**14
(`%.14g`), which KOReader does for each address and file name. Among 100,000 entries two share a
number with a probability of 0.014 %; neither of them can be asked for then.
"""

from typing import Final

from reader.model.entry import EntryId

_PREFIX_LENGTH: Final = 9
"""Characters of an id that make its number: 45 bits."""
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES: Final = {sign: value for value, sign in enumerate(_ALPHABET)}
MAX_NUMBER: Final = 32**_PREFIX_LENGTH - 1


def number_of(entry_id: EntryId) -> int:
    """Return the number of the entry."""
    number = 0
    for sign in entry_id[:_PREFIX_LENGTH]:
        number = number * 32 + _VALUES[sign]
    return number


def id_prefix(number: int) -> str:
    """Return the start of the id that has this number, from 0 to `MAX_NUMBER`."""
    signs = []
    for _ in range(_PREFIX_LENGTH):
        number, value = divmod(number, 32)
        signs.append(_ALPHABET[value])
    return "".join(reversed(signs))
