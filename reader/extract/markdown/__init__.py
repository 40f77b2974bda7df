"""The chosen blocks as Markdown that keeps what the page meant."""

from reader.extract.markdown.notes import Notes
from reader.extract.markdown.standard import standardise
from reader.extract.markdown.writer import write

__all__ = ["Notes", "standardise", "write"]
