"""The few operations that synchronisation needs of a storage, and the values they take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reader.model.errors import SyncError


class MissingObjectError(SyncError):
    """The storage has no object of this name."""


class UnusableObjectError(SyncError):
    """An object has more bytes than it can have, or is not a file."""


class DamagedObjectError(SyncError):
    """An object that is there cannot be read; `name` is the one to ask other devices for."""

    def __init__(self, name: str, text: str):
        super().__init__(text)
        self.name = name


@dataclass(frozen=True, slots=True)
class Listing:
    """One level of the storage: sizes of its objects by name, and the folders on it."""

    sizes: Mapping[str, int] = field(default_factory=dict)
    folders: frozenset[str] = frozenset()


class Store(Protocol):
    """A storage of named objects, safe from several threads.

    Names have `/` between levels. Every method blocks on the network and raises SyncError.
    """

    label: str
    """The storage in messages: an address without secrets."""

    def list_level(self, prefix: str = "") -> Listing:
        """Return the root, or the level below `prefix`; names are whole.

        Empty if nothing is there. One request for each thousand names.
        """

    def list_all(self, prefix: str) -> dict[str, int]:
        """Return the sizes of all objects below `prefix`, by whole name."""

    def list_some(self, prefix: str, limit: int) -> dict[str, int]:
        """Return the sizes of some objects of the level below `prefix`, at most `limit`.

        A level that others can fill costs a request for each thousand of `limit`.
        """

    def get(self, name: str, limit: int) -> bytes:
        """Return an object of at most `limit` bytes.

        Raises MissingObjectError, UnusableObjectError.
        """

    def put(self, name: str, content: bytes) -> None:
        """Write an object, all or nothing, over one of the same name."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects; those that are not there are no error."""
