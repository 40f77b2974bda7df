"""Telling a network that is gone from links that are dead."""

from typing import Final

from reader.model.errors import FetchError, NetworkGone
from reader.model.urls import host_of

IN_A_ROW: Final = 3


class Outage:
    """Watches the results of one run, in the order in which they come.

    Three connection errors in a row on different hosts look like an outage; so does fewer, where
    nothing has answered yet, the run has no more hosts, and each error says itself that there is
    no network. `answered` is the last address that gave any answer, or `None`.
    """

    def __init__(self, hosts: int):
        self._enough = min(IN_A_ROW, max(hosts, 1))
        self._row: dict[str, FetchError] = {}
        self.answered: str | None = None

    @property
    def is_suspected(self) -> bool:
        """Whether the last result was a connection that could not be had."""
        return bool(self._row)

    def answer(self, url: str) -> None:
        """A server gave an answer of any kind: there is a network."""
        self.answered = url
        self._row.clear()

    def miss(self, url: str, error: FetchError) -> bool:
        """A connection could not be had; true where that looks like an outage."""
        self._row[host_of(url)] = error
        if len(self._row) >= IN_A_ROW:
            return True
        gone = all(isinstance(error, NetworkGone) for error in self._row.values())
        return gone and self.answered is None and len(self._row) >= self._enough
