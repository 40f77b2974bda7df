"""The file or folder to be imported, and the views from which its format is detected."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Any

from reader.formats.archives import Archive, ExportFolder, Files, files_with_suffix
from reader.formats.csv_reader import decode_head, header
from reader.formats.json_reader import JsonReader

_ZIP = b"PK\x03\x04"
MAX_TRIED = 50
"""Items of a JSON list that are tried for an object."""


class ImportFile:
    """Name and bytes of an import file; each view is built on first use."""

    def __init__(self, name: str, content: bytes, *, folder: ExportFolder | None = None):
        self.name = name
        self.content = content
        self._folder = folder

    @cached_property
    def archive(self) -> Files | None:
        """The zip or the folder, else None. Raises ExchangeError for an unsafe zip."""
        if self._folder is not None:
            return self._folder
        return Archive(self.content) if self.content.startswith(_ZIP) else None

    @cached_property
    def names(self) -> list[str]:
        """The names in the zip or folder; else empty."""
        return self.archive.names if self.archive else []

    @property
    def has_only_archives(self) -> bool:
        """Return whether this is a zip or folder that holds only zips."""
        names = [name for name in self.names if not name.rpartition("/")[2].startswith(".")]
        return bool(names) and all(name.casefold().endswith(".zip") for name in names)

    def parts(self) -> "Iterator[ImportFile]":
        """Yield the zips inside one after the other, or the file itself; one level deep."""
        if self.archive is None or not self.has_only_archives:
            yield self
            return
        for name in files_with_suffix(self.archive, ".zip"):
            yield ImportFile(name, self.archive.read(name))

    @cached_property
    def columns(self) -> frozenset[str]:
        """The folded column names of a CSV file; empty for any other file."""
        return (
            frozenset()
            if self.archive or self.head.startswith(("<", "{", "["))
            else header(self.content)
        )

    @cached_property
    def head(self) -> str:
        """The first characters of a text file, without leading space."""
        return decode_head(self.content)

    @cached_property
    def json(self) -> JsonReader | None:
        """A reader of the JSON values; None if the file does not begin like JSON."""
        is_json = self.head.startswith(("{", "[")) and not self.archive
        return JsonReader(self.content) if is_json else None

    @cached_property
    def first_object(self) -> Mapping[str, Any]:
        """The first object of a JSON list, from which its format is detected; else empty.

        Raises ExchangeError if the list cannot be parsed up to there.
        """
        items = islice(self.json.items(), MAX_TRIED) if self.json else ()
        return next((item for item in items if isinstance(item, dict)), {})

    def read_by_name(self, name: str) -> bytes | None:
        """Return a file of the zip by its whole name; None if there is none."""
        found = self._by_end.get(name)
        return self.archive.read(found) if self.archive and found == name else None

    def read_by_suffix(self, name: str) -> bytes | None:
        """Return a file of the zip by the last parts of its name, in any folder."""
        found = self._by_end.get(name)
        return self.archive.read(found) if self.archive and found else None

    def names_under(self, folder: str) -> list[str]:
        """Return the sorted names in a folder of the zip, given with its last `/`."""
        first = bisect_left(self._sorted, folder)
        return self._sorted[first : bisect_left(self._sorted, folder[:-1] + "0", first)]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.names)

    @cached_property
    def _by_end(self) -> Mapping[str, str]:
        """Whole names by themselves and by their last one and two parts; the shortest name wins."""
        found: dict[str, str] = {}
        for name in sorted(self.names, key=len):
            parts = name.rsplit("/", 2)
            for end in (name, "/".join(parts[-2:]), parts[-1]):
                found.setdefault(end, name)
        return found

    def files(self, suffix: str) -> list[str]:
        """Return the names with a suffix in natural order; else the file itself."""
        return (
            [self.name] if self.archive is None else list(files_with_suffix(self.archive, suffix))
        )

    def read(self, name: str) -> bytes:
        """Return the bytes of a file that `files` named. Raises ExchangeError."""
        return self.content if self.archive is None else self.archive.read(name)
