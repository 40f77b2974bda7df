"""The chosen blocks as Markdown that keeps what the page meant."""

from reader.extract.input.html_parser import Page
from reader.extract.markdown import aria_roles, callouts, code, footnotes, images, math
from reader.extract.markdown.converter import convert
from reader.extract.markdown.footnote_registry import FootnoteRegistry

__all__ = ["FootnoteRegistry", "convert", "normalise"]


def normalise(page: Page) -> FootnoteRegistry:
    """Make code, pictures, callouts and notes of the page plain; the notes are taken out of it."""
    aria_roles.normalise(page.root)
    math.normalise(page.root)
    code.normalise(page.root)
    images.normalise(page.root)
    callouts.normalise(page.root)
    return footnotes.normalise(page.root)
