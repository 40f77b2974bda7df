"""Train the block model on page sets, or measure out of fold what it would do.

train.py --pages DIR [--write DIR] [--folds 5]

--pages holds the sets `articles` and `readability` (truth.json with `text`) and `segments`
(`with`, `without`). Without --write every page is judged by trees and words that saw no page of
its host: folds by host name, the folds inside a training set likewise, so that nothing leaks
from the first forest into the second. With --write all pages train the data files that go there
(reader/extract). Needs scikit-learn.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from reader.extract.content import classifier, features, lexicon, selector
from reader.extract.content.lexicon import Lexicon
from reader.extract.content.selector import CERTAIN, add_lexicon_scores, fill_excluded
from tests.bench.extraction import compare, measures, vocabulary
from tests.bench.extraction.samples import Sample, load
from tests.bench.extraction.vocabulary import Counts

SETTINGS = {
    "max_iter": 70,
    "max_leaf_nodes": 16,
    "learning_rate": 0.1,
    "min_samples_leaf": 20,
    "l2_regularization": 2.0,
    "max_features": 0.3,
    # By default it begins at 10 000 rows: fits of a few more rows would stop early, others not.
    "early_stopping": False,
}
SEEDS = (0, 1)
Model = list[HistGradientBoostingClassifier]
Rows = list[list[float]]


class Trainer:
    """Fits both forests; every page's numbers come from words and trees that did not see it."""

    def __init__(self, samples: Sequence[Sample], folds: int) -> None:
        self.samples, self.folds = samples, folds
        self._counts = [
            vocabulary.count([one for one in samples if one.fold == fold]) for fold in range(folds)
        ]
        self._lexicons: dict[frozenset[int], Lexicon] = {}
        self._first: dict[frozenset[int], Model] = {}
        self._known: dict[tuple[int, frozenset[int]], Rows] = {}

    def lexicon(self, without: frozenset[int]) -> Lexicon:
        """The words of all folds but these."""
        if without not in self._lexicons:
            counts = Counts()
            for fold in set(range(self.folds)) - without:
                counts.add(self._counts[fold])
            self._lexicons[without] = counts.lexicon()
        return self._lexicons[without]

    def known(self, sample: Sample, without: frozenset[int]) -> Rows:
        """A page's rows with the hints of words from all folds but these."""
        key = (id(sample), without)
        if key not in self._known:
            self._known[key] = add_lexicon_scores(sample.seen, self.lexicon(without))
        return self._known[key]

    def first(self, without: frozenset[int]) -> Model:
        """The forest of first sight, trained on all folds but these."""
        if without not in self._first:
            used = [one for one in self.samples if one.fold not in without]
            rows = [self.known(one, without | {one.fold}) for one in used]
            self._first[without] = fit(used, rows)
        return self._first[without]

    def second_rows(self, sample: Sample, without: frozenset[int]) -> Rows:
        """A page's rows for the second forest, as judged by a first one without these folds."""
        known = self.known(sample, without)
        chances = fill_excluded(sample.seen, judge(self.first(without), known))
        seen = sample.seen
        around = classifier.add_context_scores(seen.blocks, seen.own_rows, chances, seen.judged)
        return [row + more for row, more in zip(known, around, strict=True)]

    def second(self, without: frozenset[int]) -> Model:
        """The forest among neighbours, trained on all folds but these."""
        used = [one for one in self.samples if one.fold not in without]
        return fit(used, [self.second_rows(one, without | {one.fold}) for one in used])

    def out_of_fold(self) -> Iterator[tuple[Sample, list[float]]]:
        """Every page with the chances of its blocks, from what saw no page of its fold."""
        for fold in range(self.folds):
            without = frozenset((fold,))
            second = self.second(without)
            for one in self.samples:
                if one.fold == fold:
                    first = judge(self.first(without), self.known(one, without))
                    again = judge(second, self.second_rows(one, without))
                    chances = [
                        late if CERTAIN < early < 1 - CERTAIN else early
                        for early, late in zip(first, again, strict=True)
                    ]
                    yield one, fill_excluded(one.seen, chances)


def fit(samples: Sequence[Sample], rows: Sequence[Rows]) -> Model:
    numbers, known, weights = [], [], []
    for sample, page in zip(samples, rows, strict=True):
        for at, row in zip(sample.seen.judged, page, strict=True):
            if sample.weights[at]:
                numbers.append(row)
                known.append((sample.labels[at] or 0.0) > 0.5)
                weights.append(sample.weights[at])
    table = np.array(numbers, np.float32)
    return [
        HistGradientBoostingClassifier(**SETTINGS, random_state=seed).fit(
            table, known, sample_weight=weights
        )
        for seed in SEEDS
    ]


def judge(model: Model, rows: Rows) -> list[float]:
    """The chance of each row: the mean log-odds of the trees, as the flattened forest has it."""
    if not rows:
        return []
    table = np.array(rows, np.float32)
    odds = sum(one.decision_function(table) for one in model) / len(model)
    return [float(chance) for chance in 1 / (1 + np.exp(-odds))]


def flatten(model: Model, names: Sequence[str]) -> dict[str, Any]:
    """The trees as plain lists: [number, threshold, where at most, where more] or a leaf."""
    trees = [_branch(stage[0].nodes, 0, len(model)) for one in model for stage in one._predictors]
    start = sum(float(one._baseline_prediction[0][0]) for one in model) / len(model)
    return {"names": list(names), "start": round(start, 6), "trees": trees}


def _branch(nodes: Any, at: int, shares: int) -> Any:
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]) / shares, 5)
    threshold = np.format_float_positional(np.float32(node["num_threshold"]), 6, fractional=False)
    low, high = (_branch(nodes, node[side], shares) for side in ("left", "right"))
    return [int(node["feature_idx"]), float(threshold), low, high]


def write(trainer: Trainer, folder: Path) -> None:
    """Train on everything, and write the lexicon and both forests."""
    words = trainer.lexicon(frozenset())
    told = {"words": words.words, "names": words.names}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    (folder / lexicon.LEXICON_FILE.name).write_text(text + "\n", "utf-8")
    first_names = [*features.FEATURES, *lexicon.LEXICON_FEATURES]
    forests = {
        "first": flatten(trainer.first(frozenset()), first_names),
        "second": flatten(
            trainer.second(frozenset()), [*first_names, *classifier.CONTEXT_FEATURES]
        ),
    }
    (folder / "weights.json").write_text(json.dumps(forests, separators=(",", ":")) + "\n", "utf-8")


def extracted(sample: Sample, chances: Sequence[float]) -> str:
    """The words of the article that the pipeline makes of a page with these chances."""
    with patch.object(selector, "judge", lambda _seen: list(chances)):
        markdown = compare.ours(sample.page, sample.url or "https://example.org/")
    return compare.rendered(markdown, captions=sample.group != "articles")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    args = parser.parse_args(argv)
    began = time.perf_counter()
    samples = list(load(args.pages, args.folds))
    print(f"{len(samples)} pages surveyed in {time.perf_counter() - began:.0f} s", flush=True)
    trainer = Trainer(samples, args.folds)
    if args.write:
        write(trainer, args.write)
        return 0
    judged = [
        (one.group, one.truth, [extracted(one, found)]) for one, found in trainer.out_of_fold()
    ]
    for line in measures.table(judged):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
