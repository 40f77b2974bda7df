"""Judged questions: does a ranked search find an article from a vague memory of it?

    python -m tests.bench.search.questions [--pages FOLDER] [--learn]

The questions were written for this project: for each article one that recalls details of it, and one
that paraphrases it vaguely, without the words of its title. The articles come from page sets outside
the repository. `--learn` chooses the weights of `search.store.ranking` by coordinate ascent and
reports them cross-validated: each fold is answered with the weights chosen on the others.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from reader.model.entry import Entry, EntryId
from reader.model.query import parse
from reader.model.text import count_words
from reader.model.tokenizer import tokenize
from reader.paths import Paths
from reader.search.store import ranking
from reader.search.store.cache import ENOUGH_HITS, Cache
from reader.search.store.ranking import WEIGHTS, Weights
from reader.search.store.rows import CacheRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUESTIONS: Final = Path(__file__).with_name("questions.tsv")
SETS: Final = ("articles", "mixed", "news", "languages", "readability")
LANGUAGES: Final = {
    "Polish": "pl", "English": "en", "Russian": "ru", "Greek": "el", "Chinese": "zh", "at": "de",
    "ch": "de", "li": "de", "us": "en", "uk": "en", "ca": "en", "za": "en", "au": "en", "article": "en",
    "de": "de", "es": "es", "fr": "fr",
}  # fmt: skip
"""The language of each type or country of the page sets; others are left unknown."""
FOLDS: Final = 5
DEPTH: Final = 50
"""Hits looked at; an article further down counts as not found."""


@dataclass(frozen=True)
class Question:
    language: str
    group: str
    articles: tuple[str, ...]
    text: str


def read_questions() -> list[Question]:
    lines = QUESTIONS.read_text("utf-8").splitlines()
    found = (line.split("\t") for line in lines if not line.startswith("#"))
    return [Question(one, group, tuple(keys.split(",")), text) for one, group, keys, text in found]


def read_articles(pages: Path) -> list[tuple[str, Entry, str]]:
    """Key, entry and text of each article of the page sets that is long enough to be one."""
    found: list[tuple[str, Entry, str]] = []
    for name in SETS:
        truth: Mapping[str, Any] = json.loads((pages / name / "truth.json").read_text("utf-8"))
        for key in sorted(truth):
            page = truth[key]
            text, kind, meta = page["text"].strip(), page.get("type"), page.get("meta") or {}
            is_article = name != "mixed" or kind == "article"
            if len(text) < 500 or not is_article or (key[:1].isdigit() and name == "readability"):
                continue
            first = text.partition("\n")[0].strip()
            title = meta.get("title") or (first if name == "languages" and len(first) < 150 else "")
            number = len(found)
            entry = Entry(
                EntryId(f"{number:012d}"),
                None,
                title,
                "2026-01-01T00:00:00Z",
                language=LANGUAGES.get(kind or "", "en" if kind is None else None),
                words=count_words(text),
                folder=str(number),
            )
            found.append((f"{name}/{key}", entry, text))
    return found


def make_cache(base: Path, articles: Sequence[tuple[str, Entry, str]]) -> Cache:
    places = Paths(base / "home", base / "state", base / "cache", base / "c.toml")
    cache = Cache(places)
    for _, entry, text in articles:
        (places.home / str(entry.folder)).mkdir(parents=True)
        (places.home / str(entry.folder) / "article.md").write_text(text, "utf-8")
    cache.apply([CacheRow(entry, "{}") for _, entry, _ in articles], {}, {})
    cache.index_texts()
    return cache


def place(found: Sequence[int], right: frozenset[int]) -> int:
    """Return the place of the first right article, from 1; 0 if none is found."""
    return next((at for at, number in enumerate(found, 1) if number in right), 0)


class Judge:
    """Answers the questions over one cache in several ways."""

    def __init__(self, cache: Cache, keys: Sequence[str], questions: Sequence[Question]):
        self._cache = cache
        self.questions = questions
        self._right = [
            frozenset(
                number
                for number, key in enumerate(keys)
                if any(key.startswith(article) for article in question.articles)
            )
            for question in questions
        ]
        assert all(self._right), "a question asks for an article that is not there"

    def by_search(self) -> list[int]:
        """Places in what `reader search` prints."""
        return [
            place([int(hit.entry.id) for hit in self._cache.search(parse(q.text), limit=DEPTH, enough=ENOUGH_HITS, now=NOW)], right)
            for q, right in zip(self.questions, self._right, strict=True)
        ]  # fmt: skip

    def by_weights(self, weights: Weights) -> list[int]:
        """Places in the ranking with these weights."""

        def read(connection: sqlite3.Connection) -> list[int]:
            ranking.prepare(connection)
            places = []
            for question, right in zip(self.questions, self._right, strict=True):
                with self._cache._bitmap_cache().snapshot(connection) as moment:
                    found = ranking.rank(
                        connection, moment, parse(question.text), NOW, moment.languages(),
                        limit=DEPTH, weights=weights,
                    )  # fmt: skip
                places.append(place([each.row - 1 for each in found.rows], right))
            return places

        return self._cache._database.run(read)

    def by_fts(self, joiner: str) -> list[int]:
        """Places in the plain order of FTS5, words joined by AND or OR: plain BM25."""

        def read(connection: sqlite3.Connection) -> list[int]:
            sql = "select row from text join facts on text_id = text.rowid where text match ? order by rank limit ?"
            places = []
            for question, right in zip(self.questions, self._right, strict=True):
                words = dict.fromkeys(tokenize(question.text))
                match = f" {joiner} ".join(f'"{word}"' for word in words)
                found = connection.execute(sql, (match, DEPTH)).fetchall()
                places.append(place([row - 1 for (row,) in found], right))
            return places

        return self._cache._database.run(read)


def figures(places: Sequence[int]) -> tuple[float, float]:
    """Share found among the first ten, and the mean reciprocal rank."""
    hits = sum(0 < place <= 10 for place in places) / len(places)
    return hits, sum(1 / place for place in places if place) / len(places)


GRID: Final[Mapping[str, Sequence[Any]]] = {
    "saturation": (1.2, 1.6, 2.0),
    "length_share": (0.75, 0.9, 1.0),
    "length": (600, 800, 1_200),
    "form": (0.5, 0.7, 1.0),
    "exact_share": (0.0, 0.3, 0.5, 0.7),
    "stopword": (0.0, 0.3, 0.6, 1.0),
    "nearness": (0.0, 0.4, 0.8, 1.2),
    "window": (25, 40, 80),
}


def learn(judge: Judge) -> Weights:
    """Choose the weights on all questions, and print what they reach on questions not learnt from."""
    answers: dict[str, list[int]] = {}

    def places(weights: Weights) -> list[int]:
        key = repr(weights)
        if key not in answers:
            answers[key] = judge.by_weights(weights)
        return answers[key]

    folds = [
        [at for at in range(len(judge.questions)) if at % FOLDS == fold] for fold in range(FOLDS)
    ]
    held_out: list[int] = [0] * len(judge.questions)
    for fold in folds:
        learnt_from = [at for at in range(len(judge.questions)) if at not in set(fold)]
        chosen = ascend(places, learnt_from)
        for at in fold:
            held_out[at] = places(chosen)[at]
    report_row("learnt, held out", judge, held_out)
    return ascend(places, range(len(judge.questions)))


def ascend(places: Callable[[Weights], list[int]], questions: Sequence[int]) -> Weights:
    """Choose each weight in turn by hits and reciprocal rank, until none changes."""

    def value(weights: Weights) -> float:
        return sum(figures([places(weights)[at] for at in questions]))

    best = WEIGHTS
    for _ in range(2):
        before = best
        for name, values in GRID.items():
            options = [best, *(replace(best, **{name: each}) for each in values)]
            best = max(options, key=value)
        if best == before:
            break
    return best


def report_row(name: str, judge: Judge, places: Sequence[int]) -> None:
    by: dict[str, list[int]] = defaultdict(list)
    for question, at in zip(judge.questions, places, strict=True):
        by["all"].append(at)
        by[question.group].append(at)
        by[question.language].append(at)
    columns = (
        f"{key} {hits:.3f} {mrr:.3f}"
        for key, (hits, mrr) in ((k, figures(v)) for k, v in by.items())
    )
    print(f"  {name:24}" + "   ".join(columns))


def report(pages: Path, *, is_learning: bool = False) -> None:
    """Print hit@10 and mean reciprocal rank of each way to answer."""
    articles, questions = read_articles(pages), read_questions()
    with tempfile.TemporaryDirectory() as folder:
        cache = make_cache(Path(folder), articles)
        judge = Judge(cache, [key for key, _, _ in articles], questions)
        print(f"questions: {len(questions)} about {len(articles)} articles (hit@10, MRR)")
        report_row("all words", judge, judge.by_fts("AND"))
        report_row("plain BM25, any word", judge, judge.by_fts("OR"))
        report_row("reader search", judge, judge.by_search())
        if is_learning:
            print(f"  {learn(judge)}")
        cache.close()
    print("  asked: hit@10 .90, MRR .75, never below plain BM25")


def main(argv: Sequence[str]) -> int:
    """Run the questions."""
    from tests.bench.search import SHARED

    parser = argparse.ArgumentParser(prog="python -m tests.bench.search.questions")
    parser.add_argument("--pages", type=Path, default=SHARED, help="page sets")
    parser.add_argument("--learn", action="store_true", help="choose the weights")
    arguments = parser.parse_args(argv)
    report(arguments.pages, is_learning=arguments.learn)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
