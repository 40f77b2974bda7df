"""Letters that stand on links to choose one by typing them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

LETTERS: Final = "asdfghjklqwertyuiopzxcvbnm"


class Hint(NamedTuple):
    """A link in sight: its letters, and where its words begin."""

    letters: str
    block: int
    start: int
    target: int


def lettered(count: int) -> list[str]:
    """So many labels, none the beginning of another; single letters as long as they last."""
    if count <= len(LETTERS):
        return list(LETTERS[:count])
    pairs = (a + b for a in LETTERS for b in LETTERS)
    return [label for label, _ in zip(pairs, range(count), strict=False)]


class Hints:
    """The links in sight, and what has been typed of one's letters."""

    def __init__(self, places: Sequence[tuple[int, int, int]]):
        labels = lettered(len(places))
        self._all = [Hint(label, *place) for label, place in zip(labels, places, strict=False)]
        self.typed = ""

    def __len__(self) -> int:
        return len(self._all)

    def label(self, block: int, start: int) -> str | None:
        """What is left to type for the link that begins here; None where none does."""
        for hint in self._all:
            if (hint.block, hint.start) == (block, start) and hint.letters.startswith(self.typed):
                return hint.letters[len(self.typed) :]
        return None

    def type(self, letter: str) -> Hint | None:
        """Take a letter; the link once it is the only one left. A wrong letter is ignored."""
        typed = self.typed + letter.lower()
        if any(hint.letters.startswith(typed) for hint in self._all):
            self.typed = typed
        return next((hint for hint in self._all if hint.letters == self.typed), None)

    def erase(self) -> None:
        self.typed = self.typed[:-1]
