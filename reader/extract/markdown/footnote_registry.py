"""Footnotes and side notes: where they are referred to, and what they say."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from lxml.html import HtmlElement

ATTRIBUTE: Final = "data-note"
"""The attribute of a reference that names its note."""


@dataclass(slots=True)
class FootnoteRegistry:
    """The notes of a page by their key, taken out of it, in the page's order."""

    notes: dict[str, HtmlElement] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def assign_labels(self, root: HtmlElement) -> None:
        """Give a label to each note that the element, or a note it leads to, refers to."""
        found: set[str] = set()
        waiting = [root]
        while waiting:
            for reference in waiting.pop().iter("sup"):
                key = reference.get(ATTRIBUTE)
                if key in self.notes and key not in found:
                    found.add(key)
                    waiting.append(self.notes[key])
        used = [key for key in self.notes if key in found]
        self.labels = {key: str(number) for number, key in enumerate(used, 1)}

    def label_of(self, element: HtmlElement) -> str | None:
        """The label of the note that the element refers to; None where it is no reference."""
        return self.labels.get(element.get(ATTRIBUTE) or "")

    def definitions(self, blocks: Callable[[HtmlElement], list[str]]) -> list[str]:
        """The notes that are referred to, each as a definition."""
        out: list[str] = []
        for key, label in self.labels.items():
            lines = "\n\n".join(blocks(self.notes[key])).split("\n")
            text = "\n".join(
                f"    {line}" if line and at else line for at, line in enumerate(lines)
            )
            out.append(f"[^{label}]: {text}".rstrip())
        return out
