"""The file a person hands over for import, looked at once and from several sides."""

import json
from functools import cached_property
from typing import Any

from reader.exchange.archives import Archive
from reader.exchange.tables import decode, header
from reader.model.errors import ExchangeError


class Upload:
    """Name and bytes of an import file; each view of it is made when first asked for."""

    def __init__(self, name: str, content: bytes):
        self.name = name
        self.content = content

    @cached_property
    def archive(self) -> Archive | None:
        """The zip, where it is one. Raises ExchangeError for an unsafe one."""
        return Archive(self.content) if self.content.startswith(b"PK\x03\x04") else None

    @cached_property
    def names(self) -> list[str]:
        """The names in the zip; empty where there is none."""
        return self.archive.names() if self.archive else []

    @cached_property
    def columns(self) -> frozenset[str]:
        """The folded column names of a CSV file; empty for anything else."""
        return (
            frozenset()
            if self.archive or self.head.startswith(("<", "{", "["))
            else header(self.content)
        )

    @cached_property
    def head(self) -> str:
        """The first characters of a text file, without leading space."""
        return decode(self.content[:8192]).lstrip()

    @cached_property
    def json(self) -> Any:
        """The parsed JSON; None where the file does not begin like JSON.

        Raises ExchangeError where it begins like JSON and is not.
        """
        return (
            parse_json(self.content)
            if self.head.startswith(("{", "[")) and not self.archive
            else None
        )

    def member(self, name: str) -> bytes | None:
        """A file of the zip by its whole name; None where there is none."""
        return self.archive.read(name) if self.archive and name in self.names else None

    def files(self, suffix: str) -> list[tuple[str, bytes]]:
        """Files of the zip that end so, in numbered order; the file itself where it is no zip."""
        if self.archive is None:
            return [(self.name, self.content)]
        return [(name, self.archive.read(name)) for name in self.archive.matching(suffix)]


def parse_json(content: bytes) -> Any:
    """The value; raises ExchangeError with line and column where it is not JSON."""
    try:
        return json.loads(decode(content))
    except json.JSONDecodeError as error:
        raise ExchangeError(
            f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise ExchangeError("not JSON that can be read: nested too deeply") from None
