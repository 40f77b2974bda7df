"""The many ways pages mark up one idea, made one way on the shared tree before selection."""

from reader.extract.markdown import callouts, code, elements, footnotes, images, math
from reader.extract.markdown.notes import Notes
from reader.extract.tree import Page


def standardise(page: Page) -> Notes:
    """Make code, pictures, callouts and notes of the page plain; the notes are taken out of it."""
    elements.standardise(page.root)
    math.standardise(page.root)
    code.standardise(page.root)
    images.standardise(page.root)
    callouts.standardise(page.root)
    return footnotes.standardise(page.root)
