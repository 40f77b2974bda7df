"""Footnotes and side notes: their text, and the labels of their references."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from lxml.html import HtmlElement

ATTRIBUTE: Final = "data-note"
"""The attribute of a reference that names its note."""
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(slots=True)
class FootnoteRegistry:
    """The notes taken out of a page, by key, in the page's order."""

    notes: dict[str, HtmlElement] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def assign_labels(self, root: HtmlElement) -> None:
        """Label each note that the element refers to, and the notes of those notes.

        The labels are the page's numbers, which its text may name, if each note has its own.
        """
        found: dict[str, str] = {}
        waiting = [root]
        while waiting:
            for reference in waiting.pop().iter("sup"):
                key = reference.get(ATTRIBUTE)
                if key in self.notes and key not in found:
                    found[key] = (reference.text or "").strip()
                    waiting.append(self.notes[key])
        used = [key for key in self.notes if key in found]
        labels = [found[key] for key in used]
        if len(set(labels)) < len(used) or not all(_NUMBER.fullmatch(label) for label in labels):
            labels = list(map(str, range(1, len(used) + 1)))
        self.labels = dict(zip(used, labels, strict=True))

    def label_of(self, element: HtmlElement) -> str | None:
        """Return the label of the element's note; None for other elements."""
        return self.labels.get(element.get(ATTRIBUTE) or "")

    def definitions(self, blocks: Callable[[HtmlElement], list[str]]) -> list[str]:
        """Return the labelled notes as definitions."""
        out: list[str] = []
        for key, label in self.labels.items():
            lines = "\n\n".join(blocks(self.notes[key])).split("\n")
            text = "\n".join(
                f"    {line}" if line and at else line for at, line in enumerate(lines)
            )
            out.append(f"[^{label}]: {text}".rstrip())
        return out
