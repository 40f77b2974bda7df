"""Numbers that stand for the names of sites, authors and tags in the cache's rows."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from reader.model.text import fold_case
from reader.model.tokenizer import fold_accents
from reader.model.urls import host_of

_MAX_KNOWN_NUMBERS: Final = 50_000
"""Sites and bylines whose numbers are kept between transactions: about 10 MB."""
_SCHEMES: Final = ("https://", "http://")
_MIN_HOST_PLACE: Final = len("https://")
"""Characters of an address before the host, so that a slash behind them ends it."""


class Interner:
    """Numbers of sites, bylines and tags, each looked up once in a transaction.

    `known` are numbers of sites and bylines by kind and text, from earlier transactions.
    """

    def __init__(
        self, connection: sqlite3.Connection, known: dict[tuple[str, str], int] | None = None
    ):
        self._connection = connection
        self._known = {} if known is None else known
        self._numbers: dict[tuple[str, str], int] = {}
        self._by_start: dict[tuple[str | None, str], int] = {}
        self._spellings: dict[int, str] = {}
        self._levels: dict[str, list[tuple[str, str, bool]]] = {}
        self._by_names: dict[tuple[str, ...], list[tuple[int, int, int]]] = {}

    def number(self, kind: str, text: str, shown: str) -> int:
        """Return the number of a site or byline by its unfolded text, creating it if new."""
        key = kind, text
        found = self._numbers.get(key) or self._known.get(key)
        if found is None:
            found = _intern(self._connection, kind, fold_accents(text), shown)
            self._numbers[key] = found
        return found

    def site_number(self, site: str | None, url: str | None) -> int:
        """Return the number of an entry's site, creating it if new.

        The same text as `field_text` gives for `site:`. ⏱ The host is found once for each start of
        an address.
        """
        start = url or ""
        if start.startswith(_SCHEMES):
            start = start[: start.find("/", _MIN_HOST_PLACE) + 1] or start
        found = self._by_start.get((site, start))
        if found is None:
            host = host_of(url)
            found = self.number("site", f"{site or ''}\n{host}", site or host)
            if len(self._by_start) >= _MAX_KNOWN_NUMBERS:
                self._by_start.clear()
            self._by_start[site, start] = found
        return found

    def remember(self) -> None:
        """Add what was looked up to the known numbers; the transaction must be committed."""
        if len(self._known) > _MAX_KNOWN_NUMBERS:
            self._known.clear()
        self._known.update({key: row for key, row in self._numbers.items() if key[0] != "tag"})

    def tags(self, names: tuple[str, ...]) -> list[tuple[int, int, int]]:
        """Return the numbers of an entry's tags and all their parent levels, creating new ones.

        With each, 1 if it is a tag of the entry itself, and 1 if it is above one. Updates their
        spellings. ⏱ Entries with the same tags share the list.
        """
        found = self._by_names.get(names)
        if found is None:
            levels: dict[str, tuple[str, bool, bool]] = {}
            for name in names:
                for key, above, is_own in self._levels_of(name):
                    shown, own, nested = levels.get(key, (above, False, False))
                    levels[key] = (above if is_own else shown, own or is_own, nested or not is_own)
            found = [
                (self._tag(key, shown, own), +own, +nested)
                for key, (shown, own, nested) in levels.items()
            ]
            if len(self._by_names) >= _MAX_KNOWN_NUMBERS:
                self._by_names.clear()
            self._by_names[names] = found
        return found

    def _tag(self, key: str, shown: str, own: bool) -> int:
        """Return the number of a tag, creating it if new; `own` updates its spelling."""
        found = self._numbers.get(("tag", key))
        if found is None:
            found = self._numbers["tag", key] = _intern(self._connection, "tag", key, shown)
        if own and self._spellings.get(found) != shown:
            self._spellings[found] = shown
            # The last entry decides: others with the same tags may spell it differently again.
            self._by_names.clear()
            self._connection.execute(
                "update tags set shown = ? where tag = ? and shown <> ?", (shown, found, shown)
            )
        return found

    def forget_tags(self) -> None:
        """Look tags up again, because unused ones were deleted."""
        self._numbers = {key: value for key, value in self._numbers.items() if key[0] != "tag"}
        self._spellings.clear()
        self._by_names.clear()

    def _levels_of(self, name: str) -> list[tuple[str, str, bool]]:
        """Return key, spelling and ownership of a tag and of its parent levels."""
        found = self._levels.get(name)
        if found is None:
            found = [(fold_case(above), above, is_own) for above, is_own in _tag_levels(name)]
            self._levels[name] = found
        return found


def _intern(connection: sqlite3.Connection, kind: str, key: str, shown: str) -> int:
    """Return the number of the site, byline or tag with this key, creating it if new.

    A tag's key column is `folded`; its spelling is the last one written.
    """
    column = "folded" if kind == "tag" else "key"
    found = connection.execute(f"select {kind} from {kind}s where {column} = ?", (key,)).fetchone()
    if found is not None:
        return int(found[0])
    made = connection.execute(f"insert into {kind}s ({column}, shown) values (?, ?)", (key, shown))
    return int(made.lastrowid or 0)


def _tag_levels(name: str) -> Iterator[tuple[str, bool]]:
    """Yield the tag and each parent level, with whether it is the tag itself."""
    yield name, True
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name, False
