"""TinyDB on a journal, article folders, trash and undo."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reader.library.library import Library

__all__ = ["Library"]


def __getattr__(name: str) -> Any:
    # Who reads the cache needs `fold` and `journal` from here, and must not wait for TinyDB.
    if name == "Library":
        from reader.library.library import Library

        return Library
    raise AttributeError(name)
