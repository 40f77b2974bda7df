"""Labels of highlights: a colour, a word, or both."""

from typing import TYPE_CHECKING, Final, NamedTuple

from reader.model.text import fold_case, one_line

if TYPE_CHECKING:
    from reader.model.highlight import Highlight

HIGHLIGHT_COLORS: Final = ("yellow", "green", "blue", "purple", "pink", "red", "orange")
"""The colours in the order of their keys; other programs use the first six or fewer."""

MAX_LABEL: Final = 60
"""Characters of a label's word."""

_SIMILAR_COLORS: Final = {
    "cyan": "blue", "teal": "blue", "aqua": "blue", "lightblue": "blue", "indigo": "purple",
    "violet": "purple", "magenta": "pink", "rose": "pink", "brown": "orange", "lime": "green",
}  # fmt: skip
"""Colours of other programs, and the most similar ones here."""


class HighlightLabel(NamedTuple):
    """A label: `color` is one of HIGHLIGHT_COLORS, `word` any text of one line; both may be empty."""

    color: str = ""
    word: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in self if part)

    def hashtags(self) -> str:
        """Return `#red #open-question`, the form of lists and of exports as text."""
        return " ".join("#" + part.replace(" ", "-") for part in self if part)


def label_of(highlight: "Highlight") -> HighlightLabel:
    """Return the label of a highlight."""
    return HighlightLabel(highlight.color, highlight.label)


def clean_word(text: str) -> str:
    """Return the word of a label on one line, without the `#` of a tag."""
    return one_line(text, MAX_LABEL + 1).lstrip("#").strip()[:MAX_LABEL].rstrip()


def parse_label(text: str) -> HighlightLabel:
    """Parse `red`, `question` or `red question`: the first word may be a colour."""
    tidy = clean_word(text)
    first, _, rest = tidy.partition(" ")
    if fold_case(first) in HIGHLIGHT_COLORS:
        return HighlightLabel(fold_case(first), clean_word(rest))
    return HighlightLabel("", tidy)


def parse_color(name: object) -> str:
    """Return the colour of another program's name for it; empty if there is none like it."""
    folded = fold_case(name.strip()) if isinstance(name, str) and len(name) < MAX_LABEL else ""
    folded = _SIMILAR_COLORS.get(folded, folded)
    return folded if folded in HIGHLIGHT_COLORS else ""


def label_key(name: str) -> str:
    """Return the form in which labels are compared."""
    return fold_case(clean_word(name))
