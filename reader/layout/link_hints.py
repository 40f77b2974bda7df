"""Link hints: letters on links that follow a link when typed."""

from collections.abc import Sequence
from typing import Final, NamedTuple

LABEL_LETTERS: Final = "asdfghjklqwertyuiopzxcvbnm"


class LinkHint(NamedTuple):
    """A visible link: its label, and where its text begins."""

    label: str
    block: int
    start: int
    target: int


def make_labels(count: int) -> list[str]:
    """Return labels of which none is a prefix of another; single letters while they last."""
    if count <= len(LABEL_LETTERS):
        return list(LABEL_LETTERS[:count])
    pairs = (a + b for a in LABEL_LETTERS for b in LABEL_LETTERS)
    return [label for label, _ in zip(pairs, range(count), strict=False)]


class LinkHints:
    """The labels of the visible links, and the letters typed so far."""

    def __init__(self, places: Sequence[tuple[int, int, int]]):
        labels = make_labels(len(places))
        self._all = [LinkHint(label, *place) for label, place in zip(labels, places, strict=False)]
        self.typed = ""

    def __len__(self) -> int:
        return len(self._all)

    def remaining_label(self, block: int, start: int) -> str | None:
        """Return the letters left to type for the link that begins here, or None."""
        for hint in self._all:
            if (hint.block, hint.start) == (block, start) and hint.label.startswith(self.typed):
                return hint.label[len(self.typed) :]
        return None

    def type(self, letter: str) -> LinkHint | None:
        """Type a letter; return the link if it is the only one left."""
        typed = self.typed + letter.lower()
        if any(hint.label.startswith(typed) for hint in self._all):
            self.typed = typed
        return next((hint for hint in self._all if hint.label == self.typed), None)

    def erase(self) -> None:
        self.typed = self.typed[:-1]
