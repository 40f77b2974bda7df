"""The full text of each article, into the index and out of the way of everything else."""

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Final

from reader.model.entry import Entry
from reader.model.tokenizer import tokenize
from reader.search.store.article_files import read_plain_text
from reader.search.store.cache_state import (
    can_catch_up,
    current_generation,
    invalidate_all,
    last_text_id,
)
from reader.search.store.rows import ENTRY_COLUMNS, entry_from_row

_INSERT: Final = (
    "insert into text (rowid, body, title, byline, notes, highlights) values (?, ?, ?, ?, ?, ?)"
)

_REMEMBERED: Final = 300_000
"""Words kept in mind while indexing, so that the table is only asked for new ones."""
_KEPT: Final = 60_000
"""Words kept from one indexing to the next, at most: 6 MB; more of them are dropped."""

COMMON_SHARE: Final = 0.12
"""Of all articles: words that stand in more of them are common."""
_SAMPLED: Final = 10
"""Every how many texts one is looked at for common words."""
_LEAST_SAMPLE: Final = 400

_COUNTED: Final = 64
"""Every how many texts it is asked whether the index is worn."""

BREAK_TOKEN: Final = "¶"
"""A token that no query has, between texts that stand in one column: phrases end there."""


def searchable_texts(entry: Entry, body: str, note: str, highlights: tuple[str, ...]) -> list[str]:
    """Every text of an entry that words are looked for in; the meaning of a search."""
    return [entry.title, entry.byline or "", body, note, *highlights]


class Vocabulary:
    """Words that are surely in the table `words`: ⏱ asking it takes 1 ms for an article's.

    Handed from one indexing to the next, lost with one that fails, and for one user at a time.
    """

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._version = 0

    def known_words(self, connection: sqlite3.Connection) -> set[str]:
        """The words, to be added to; none where the table may have been emptied since.

        Inside the caller's transaction, so that nobody empties it meanwhile.
        """
        version = current_generation(connection)
        if len(self._words) > _REMEMBERED or not can_catch_up(self._version, version):
            self._words.clear()
        self._version = version
        return self._words

    def trim(self) -> None:
        """Keep only so many until the next indexing."""
        if len(self._words) > _KEPT:
            self._words.clear()


class Indexer:
    """Texts on their way into the index of one connection.

    `some_waiting` and `note_common` run inside the caller's transaction; after one that failed
    neither this object nor the vocabulary is of any more use.
    """

    def __init__(self, connection: sqlite3.Connection, home: Path, vocabulary: Vocabulary):
        self._connection = connection
        self._home = home
        self._vocabulary = vocabulary
        self._added = 0
        self._sampled: Counter[str] = Counter()

    def index_batch(self, limit: int) -> int:
        """Index at most so many of the entries that wait for it, newest first; how many it were."""
        waiting = self._connection.execute(
            f"select {ENTRY_COLUMNS}, u.row, note, quotes from unindexed u"
            " cross join entries e on e.row = u.row cross join documents d on d.row = u.row"
            " order by u.row desc limit ?",
            (limit,),
        ).fetchall()
        for values in waiting:
            entry = entry_from_row(values)
            number, note, highlights = values[25:]
            quotes = tuple(highlights.split("\0")) if highlights else ()
            self.index_entry(number, entry, read_plain_text(self._home, entry), note, quotes)
        return len(waiting)

    def index_entry(
        self, number: int, entry: Entry, body: str, note: str, highlights: tuple[str, ...]
    ) -> None:
        """Index the entry's texts anew. Linear in the text."""
        run = self._connection.execute
        text_id = last_text_id(self._connection) + 1
        columns = [tokenize(text) for text in (body, entry.title, entry.byline or "", note)]
        quotes = [tokenize(text) for text in highlights]
        run(
            _INSERT,
            (text_id, *map(" ".join, columns), f" {BREAK_TOKEN} ".join(map(" ".join, quotes))),
        )
        run("update facts set text_id = ? where row = ?", (text_id, number))
        run("insert or replace into settled values ('text_id', ?)", (str(text_id),))
        run("delete from unindexed where row = ?", (number,))
        words = set().union(*columns, *quotes)
        self._learn(words)
        self._added += 1
        if self._added % _SAMPLED == 0:
            self._sampled.update(words)

    @property
    def has_enough_samples(self) -> bool:
        """Whether so many texts were added that it can be told which words are common."""
        return self._added >= _SAMPLED * _LEAST_SAMPLE

    def write_common_words(self) -> None:
        """Note which words are common among the texts that were added."""
        sampled = self._added // _SAMPLED
        most = sampled * COMMON_SHARE
        rows = [(word, n / sampled) for word, n in self._sampled.items() if n > most]
        self._connection.execute("delete from common")
        self._connection.executemany("insert into common values (?, ?)", rows)

    def _learn(self, words: set[str]) -> None:
        known = self._vocabulary.known_words(self._connection)
        new = words - known
        known |= new
        # In their order, so that neighbours are written together.
        sql = "insert or ignore into words select value from json_each(?)"
        self._connection.execute(sql, (json.dumps(sorted(new)),))


def count_matches(connection: sqlite3.Connection, words: str, most: int = -1) -> int:
    """How many texts of the index have the word, or the words one after the other.

    Counts no further than `most`, where that is not negative. Linear in them; where it is several
    words, in the texts that have one of them.
    """
    sql = "select count(*) from (select 1 from text where text match ? limit ?)"
    return int(connection.execute(sql, (f'"{words}"', most)).fetchone()[0])


def most_frequent_words(connection: sqlite3.Connection, most: int) -> list[str]:
    """Words that stand in very many articles, those in most of them first."""
    sql = "select word from common order by share desc limit ?"
    return [word for (word,) in connection.execute(sql, (most,))]


def needs_rebuild(connection: sqlite3.Connection) -> bool:
    """Whether so many former texts lie in the index that it is worth making anew."""
    last = last_text_id(connection)
    # Counting takes 4 ms of 100,000 entries: every so often is often enough.
    if not last or last % _COUNTED:
        return False
    live = int(connection.execute("select count(text_id) from facts").fetchone()[0])
    return last - live > 2_000 + live // 4


def clear(connection: sqlite3.Connection) -> None:
    """Take everything out of the index, and note every entry as waiting for it."""
    connection.execute("insert into text (text) values ('delete-all')")
    connection.execute("delete from words")
    connection.execute("delete from settled where name = 'text_id'")
    connection.execute("update facts set text_id = null where text_id is not null")
    invalidate_all(connection)
    connection.execute("insert or ignore into unindexed select row from facts")
