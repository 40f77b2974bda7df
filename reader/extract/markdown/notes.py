"""Footnotes and side notes: where they are referred to, and what they say."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

MARK = "data-note"
"""The attribute of a reference that names its note."""


@dataclass(slots=True)
class Notes:
    """The notes of a page by their key, taken out of it; numbered as they are referred to."""

    said: dict[str, HtmlElement] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def referred(self, element: HtmlElement) -> str | None:
        """The label of the note that the element refers to; None where it is no reference."""
        key = element.get(MARK)
        if key is None or key not in self.said:
            return None
        if key not in self.order:
            self.order.append(key)
        return str(self.order.index(key) + 1)

    def written(self, blocks: Callable[[HtmlElement], list[str]]) -> list[str]:
        """The notes that were referred to, each as a definition; a note may refer to further ones."""
        out: list[str] = []
        at = 0
        while at < len(self.order):
            parts = blocks(self.said[self.order[at]]) or [""]
            text = "\n\n".join(parts).replace("\n", "\n    ").replace("\n    \n", "\n\n")
            at += 1
            out.append(f"[^{at}]: {text}".rstrip())
        return out
