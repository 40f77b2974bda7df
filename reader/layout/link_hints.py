"""Letters that stand on links to choose one by typing them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

LABEL_LETTERS: Final = "asdfghjklqwertyuiopzxcvbnm"


class LinkHint(NamedTuple):
    """A link in sight: its letters, and where its words begin."""

    label: str
    block: int
    start: int
    target: int


def make_labels(count: int) -> list[str]:
    """So many labels, none the beginning of another; single letters as long as they last."""
    if count <= len(LABEL_LETTERS):
        return list(LABEL_LETTERS[:count])
    pairs = (a + b for a in LABEL_LETTERS for b in LABEL_LETTERS)
    return [label for label, _ in zip(pairs, range(count), strict=False)]


class LinkHints:
    """The links in sight, and what has been typed of one's letters."""

    def __init__(self, places: Sequence[tuple[int, int, int]]):
        labels = make_labels(len(places))
        self._all = [LinkHint(label, *place) for label, place in zip(labels, places, strict=False)]
        self.typed = ""

    def __len__(self) -> int:
        return len(self._all)

    def remaining_label(self, block: int, start: int) -> str | None:
        """What is left to type for the link that begins here; None where none does."""
        for hint in self._all:
            if (hint.block, hint.start) == (block, start) and hint.label.startswith(self.typed):
                return hint.label[len(self.typed) :]
        return None

    def type(self, letter: str) -> LinkHint | None:
        """Take a letter; the link once it is the only one left. A wrong letter is ignored."""
        typed = self.typed + letter.lower()
        if any(hint.label.startswith(typed) for hint in self._all):
            self.typed = typed
        return next((hint for hint in self._all if hint.label == self.typed), None)

    def erase(self) -> None:
        self.typed = self.typed[:-1]
