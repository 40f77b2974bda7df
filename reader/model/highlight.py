"""Highlights and places: parts of a text that find themselves again when the text changes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Highlight:
    """A quote selector with the user's note (W3C Web Annotation, TextQuoteSelector).

    `quote`, `prefix` and `suffix` are plain text as read, spaces folded; `start` is the offset in
    code points of the quote in the article's plain text when it was made, a hint only. `at` is
    the UTC time it was made. `id` is random and stays through edits. `color` and `label` are the
    user's label, as in `model.labels.HighlightLabel`.
    """

    id: str
    quote: str
    prefix: str = ""
    suffix: str = ""
    start: int = 0
    note: str = ""
    at: str = ""
    color: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """The reading position: a place in the text, not a line on a screen.

    `quote` are the first words of the topmost line, `start` about their offset in code points in
    the article's plain text (a hint), `progress` 0.0 to 1.0.
    """

    quote: str = ""
    start: int = 0
    progress: float = 0.0
