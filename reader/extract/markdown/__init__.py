"""The chosen blocks as Markdown that keeps what the page meant."""

from reader.extract.input.html_parser import Page
from reader.extract.markdown import aria_roles, callouts, code, footnotes, images, math
from reader.extract.markdown.converter import write
from reader.extract.markdown.footnote_registry import Notes

__all__ = ["Notes", "standardise", "write"]


def standardise(page: Page) -> Notes:
    """Make code, pictures, callouts and notes of the page plain; the notes are taken out of it."""
    aria_roles.standardise(page.root)
    math.standardise(page.root)
    code.standardise(page.root)
    images.standardise(page.root)
    callouts.standardise(page.root)
    return footnotes.standardise(page.root)
