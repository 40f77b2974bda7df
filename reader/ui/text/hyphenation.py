"""Where words of a language may be cut; pyphen is imported when first needed."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from reader.ui.text.wrapping import Hyphens

LEFT: Final = 2
RIGHT: Final = 3
"""Letters that stay before and after a hyphen at least."""


@cache
def hyphens_of(language: str | None) -> Hyphens | None:
    """What finds the offsets in a word; None where the language has no patterns.

    Reads a dictionary from the disk: up to a second for German, so never on the event loop.
    """
    import pyphen

    name = pyphen.language_fallback((language or "").replace("-", "_"))
    if not name:
        return None
    patterns = pyphen.Pyphen(lang=name, left=LEFT, right=RIGHT)

    @lru_cache(maxsize=20_000)
    def offsets(word: str) -> Sequence[int]:
        # A position with data is one at which the spelling changes: "Zuk-ker" for "Zucker".
        return [int(place) for place in patterns.positions(word) if not place.data]

    return offsets
