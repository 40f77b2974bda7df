"""The visible text that extraction removes inside an article, and the rule for it."""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from reader.model.article import RemovedText

MAX_REMOVALS: Final = 5_000
"""Texts that are listed of each kind: 2.5 MB at most."""
MAX_AROUND: Final = 8
"""Elements around a removed text that are remembered: some are replaced later."""
MAX_LENGTH: Final = 500
"""Characters of each listed text; a listing serves to find a rule, not to read."""


@dataclass(slots=True)
class Removals:
    """Removed texts in order; those of normalisation have the elements around them, innermost first."""

    blocks: list[RemovedText] = field(default_factory=list)
    elements: list[tuple[RemovedText, tuple[HtmlElement, ...]]] = field(default_factory=list)
    passed: set[HtmlElement] = field(default_factory=set)
    """Elements between the article's first and last block, which are not all part of it."""

    def inside(self, root: HtmlElement, notes: Iterator[HtmlElement]) -> tuple[RemovedText, ...]:
        """Return the texts removed inside the article and its notes, before those of blocks."""
        held = {root, *notes, *self.passed}
        inside = (
            text
            for text, around in self.elements
            if any(above in held for one in around for above in (one, *one.iterancestors()))
        )
        return (*inside, *self.blocks)

    def pass_through(self, page: HtmlElement, boxes: Set[HtmlElement]) -> None:
        """Note which texts were removed in the boxes, which may lose all their other text.

        Of the elements around a text only the innermost that is still in the page counts.
        """
        found: list[tuple[RemovedText, tuple[HtmlElement, ...]]] = []
        for text, around in self.elements:
            for held in around:
                above = (held, *held.iterancestors())
                if above[-1] is page:
                    found.append((text, (held,)))
                    if not boxes.isdisjoint(above):
                        self.passed.add(held)
                    break
            else:
                # Notes are no longer in the page.
                found.append((text, around))
        self.elements = found


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


def pass_through(page: HtmlElement, boxes: Set[HtmlElement]) -> None:
    """Count texts that were removed in these boxes of the page as removed inside the article."""
    removals = _current.get()
    if removals is not None:
        removals.pass_through(page, boxes)


def record(rule: str, text: str, parent: HtmlElement | None) -> None:
    """Note that the rule removed a text of the parent element."""
    removals = _current.get()
    if removals is None or parent is None or len(removals.elements) >= MAX_REMOVALS:
        return
    words = " ".join(text.split())
    if words:
        around = (parent, *islice(parent.iterancestors(), MAX_AROUND))
        removals.elements.append((RemovedText(rule, words[:MAX_LENGTH]), around))


def drop(element: HtmlElement, rule: str) -> None:
    """Take the element out of the page, and note the text that goes with it."""
    record(rule, "".join(element.itertext()), element.getparent())
    element.drop_tree()
