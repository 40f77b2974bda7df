"""The full-text index: adding texts, and word statistics."""

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Final

from reader.model.entry import Entry
from reader.model.tokenizer import joined_words, tokenize
from reader.search.store.article_files import read_plain_text
from reader.search.store.cache_state import (
    can_catch_up,
    current_generation,
    invalidate_all,
    last_text_id,
)
from reader.search.store.rows import ENTRY_COLUMNS, ENTRY_WIDTH, entry_from_row

_INSERT: Final = (
    "insert into text (rowid, body, title, byline, notes, highlights) values (?, ?, ?, ?, ?, ?)"
)

_MAX_CACHED_WORDS: Final = 300_000
"""Words kept in memory while indexing, so that only new ones are looked up."""
_MAX_RETAINED_WORDS: Final = 60_000
"""Words kept between two indexing runs: 6 MB."""

COMMON_SHARE: Final = 0.12
"""Share of the articles from which a word counts as common."""
_SAMPLE_INTERVAL: Final = 10
"""Interval of texts sampled for common words."""
_MIN_SAMPLES: Final = 400
"""Sampled texts from which shares are known: that of 12 % to 1.6 points (standard error)."""

_CHECK_INTERVAL: Final = 64
"""Interval of texts after which the index is checked for a rebuild."""

BREAK_TOKEN: Final = "¶"
"""Separator token of texts in one column that no query contains: phrases end there."""


def searchable_texts(entry: Entry, body: str, note: str, highlights: tuple[str, ...]) -> list[str]:
    """Return every text of an entry that a search covers; defines full-text search."""
    texts = [entry.title, entry.byline or "", body, note, *highlights]
    return [*texts, *(word for text in texts for word in joined_words(text))]


def _column(*texts: str) -> tuple[str, set[str]]:
    """Return the words of the texts as a column of the index, and each word once."""
    parts = [tokenize(text) for text in texts]
    parts += [[word] for text in texts for word in joined_words(text)]
    return f" {BREAK_TOKEN} ".join(map(" ".join, parts)), set().union(*parts)


class Vocabulary:
    """Words known to be in the table `words`: ⏱ looking up an article's takes 1 ms.

    Passed from one indexing run to the next by one user at a time, and dropped when a run fails.
    """

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._version = 0

    def known_words(self, connection: sqlite3.Connection) -> set[str]:
        """Return the known words for extension; empty if the table may have been cleared.

        Call in the writing transaction, so that no other process clears the table meanwhile.
        """
        version = current_generation(connection)
        if len(self._words) > _MAX_CACHED_WORDS or not can_catch_up(self._version, version):
            self._words.clear()
        self._version = version
        return self._words

    def trim(self) -> None:
        """Drop the words if there are too many to keep until the next run."""
        if len(self._words) > _MAX_RETAINED_WORDS:
            self._words.clear()


class Indexer:
    """Adds texts to the index over one connection.

    `index_batch` and `write_common_words` run inside the caller's transaction. After a failed one,
    discard this object and the vocabulary.
    """

    def __init__(self, connection: sqlite3.Connection, home: Path, vocabulary: Vocabulary):
        self._connection = connection
        self._home = home
        self._vocabulary = vocabulary
        self._added = 0
        self._sampled: Counter[str] = Counter()

    def index_batch(self, limit: int) -> int:
        """Index up to `limit` waiting entries, newest first; return their number."""
        waiting = self._connection.execute(
            f"select {ENTRY_COLUMNS}, u.row, note, quotes from unindexed u"
            " cross join entries e on e.row = u.row cross join documents d on d.row = u.row"
            " order by u.row desc limit ?",
            (limit,),
        ).fetchall()
        for values in waiting:
            entry = entry_from_row(values)
            number, note, highlights = values[ENTRY_WIDTH:]
            quotes = tuple(highlights.split("\0")) if highlights else ()
            self.index_entry(number, entry, read_plain_text(self._home, entry), note, quotes)
        return len(waiting)

    def index_entry(
        self, number: int, entry: Entry, body: str, note: str, highlights: tuple[str, ...]
    ) -> None:
        """Index the entry's texts, replacing former ones. Linear in the text."""
        run = self._connection.execute
        text_id = last_text_id(self._connection) + 1
        texts = ([body], [entry.title], [entry.byline or ""], [note], highlights)
        columns = [_column(*column) for column in texts]
        run(_INSERT, (text_id, *(words for words, _ in columns)))
        run("update facts set text_id = ? where row = ?", (text_id, number))
        run("insert or replace into settled values ('text_id', ?)", (str(text_id),))
        run("delete from unindexed where row = ?", (number,))
        words = set().union(*(words for _, words in columns))
        self._add_words(words)
        self._added += 1
        if self._added % _SAMPLE_INTERVAL == 0:
            self._sampled.update(words)

    @property
    def has_enough_samples(self) -> bool:
        """Return whether enough texts were added to determine common words."""
        return self._added >= _SAMPLE_INTERVAL * _MIN_SAMPLES

    def write_common_words(self) -> None:
        """Store the words that are common among the added texts."""
        sampled = self._added // _SAMPLE_INTERVAL
        most = sampled * COMMON_SHARE
        rows = [(word, n / sampled) for word, n in self._sampled.items() if n > most]
        self._connection.execute("delete from common")
        self._connection.executemany("insert into common values (?, ?)", rows)

    def _add_words(self, words: set[str]) -> None:
        known = self._vocabulary.known_words(self._connection)
        new = words - known
        known |= new
        # Sorted, so that adjacent words are written together.
        sql = "insert or ignore into words select value from json_each(?)"
        self._connection.execute(sql, (json.dumps(sorted(new)),))


def count_matches(connection: sqlite3.Connection, words: str, most: int = -1) -> int:
    """Count the texts that contain the word or phrase.

    Stops at `most` unless negative. Linear in the matches; for a phrase, in the texts that have one of
    its words.
    """
    sql = "select count(*) from (select 1 from text where text match ? limit ?)"
    return int(connection.execute(sql, (f'"{words}"', most)).fetchone()[0])


def most_frequent_words(connection: sqlite3.Connection, most: int) -> list[str]:
    """Return words of very many articles, most frequent first."""
    sql = "select word from common order by share desc limit ?"
    return [word for (word,) in connection.execute(sql, (most,))]


def needs_rebuild(connection: sqlite3.Connection) -> bool:
    """Return whether the index has enough obsolete texts for a rebuild."""
    last = last_text_id(connection)
    # Counting takes 4 ms at 100,000 entries, so it is done at intervals.
    if not last or last % _CHECK_INTERVAL:
        return False
    live = int(
        connection.execute("select count(*) from facts where text_id is not null").fetchone()[0]
    )
    return last - live > 2_000 + live // 4


def clear(connection: sqlite3.Connection) -> None:
    """Remove everything from the index and queue every entry for indexing."""
    connection.execute("insert into text (text) values ('delete-all')")
    connection.execute("delete from words")
    connection.execute("delete from settled where name = 'text_id'")
    connection.execute("update facts set text_id = null where text_id is not null")
    invalidate_all(connection)
    connection.execute("insert or ignore into unindexed select row from facts")
