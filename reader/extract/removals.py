"""The visible text that extraction removes inside an article, and the rule for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from lxml.html import HtmlElement

from reader.model.article import RemovedText

MAX_REMOVALS: Final = 5_000
"""Texts that are listed of each kind: 2.5 MB at most."""
MAX_LENGTH: Final = 500
"""Characters of each listed text; a listing serves to find a rule, not to read."""


@dataclass(slots=True)
class Removals:
    """Removed texts in order; normalisation adds the element that held them."""

    blocks: list[RemovedText] = field(default_factory=list)
    elements: list[tuple[RemovedText, HtmlElement]] = field(default_factory=list)

    def inside(self, root: HtmlElement, notes: Iterator[HtmlElement]) -> tuple[RemovedText, ...]:
        """Return the texts removed inside the article and its notes, before those of blocks."""
        if not self.elements:
            return tuple(self.blocks)
        held = set(root.iter())
        for note in notes:
            held.update(note.iter())
        return (*(text for text, parent in self.elements if parent in held), *self.blocks)


_current: ContextVar[Removals | None] = ContextVar("removals", default=None)


@contextmanager
def recording() -> Iterator[Removals]:
    """Collect the removed texts of the `with` block."""
    removals = Removals()
    token = _current.set(removals)
    try:
        yield removals
    finally:
        _current.reset(token)


def record_block(rule: str, text: str) -> None:
    """Note that the rule left out a block of the article's range."""
    removals = _current.get()
    if removals is not None and len(removals.blocks) < MAX_REMOVALS and text.strip():
        removals.blocks.append(RemovedText(rule, " ".join(text.split())[:MAX_LENGTH]))


def record(rule: str, text: str, parent: HtmlElement | None) -> None:
    """Note that the rule removed a text of the parent element."""
    removals = _current.get()
    if removals is None or parent is None or len(removals.elements) >= MAX_REMOVALS:
        return
    words = " ".join(text.split())
    if words:
        removals.elements.append((RemovedText(rule, words[:MAX_LENGTH]), parent))


def drop(element: HtmlElement, rule: str) -> None:
    """Take the element out of the page, and note the text that goes with it."""
    record(rule, "".join(element.itertext()), element.getparent())
    element.drop_tree()
