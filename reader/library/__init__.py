"""TinyDB on a journal, article folders, trash and undo: what is kept, and how."""

from reader.library.library import Library

__all__ = ["Library"]
