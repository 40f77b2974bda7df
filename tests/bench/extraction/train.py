"""Train the block classifier on page sets, or measure out of fold what it would do.

train.py --pages DIR [--write DIR] [--folds 5] [--cache FILE] [--leave-out FEATURE ...]

--pages holds the sets that samples.py names: truth.json with `text` or `texts`, or with `with` and
`without`. Without --write every page is judged by trees and words that saw no page of its host:
folds by host name, the folds inside a training set likewise, so that nothing leaks from the first
forest into the second. With --write all pages train the data files of reader/extract/content.
--leave-out measures the classifier without the features whose names begin so. Needs LightGBM.
"""

import argparse
import json
import math
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import lightgbm
import numpy as np

from reader.extract.content import classifier, features, lexicon, page_judge, selector
from reader.extract.content.classifier import CONTEXT_FEATURES, EARLY_LOG_ODDS, EARLY_TREES
from reader.extract.content.lexicon import LEXICON_FEATURES, Lexicon
from reader.extract.content.selector import EXCLUDED_CHANCE, MAX_UNSURE, MIN_UNSURE
from tests.bench.extraction import extractors, measures, vocabulary
from tests.bench.extraction.samples import Sample, load
from tests.bench.extraction.vocabulary import Counts

SETTINGS = {
    "objective": "binary",
    "num_leaves": 20,
    "learning_rate": 0.12,
    "min_child_samples": 20,
    "lambda_l2": 2.0,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "seed": 1,
    "verbose": -1,
}
FIRST_TREES, SECOND_TREES = 60, 160
SECOND_SETTINGS = SETTINGS | {"learning_rate": 0.06}
"""Half the rate and twice the trees: a mean over more of them. Few blocks are judged twice."""
PAGE_SETTINGS = SETTINGS | {
    "num_leaves": 8,
    "learning_rate": 0.03,
    "min_child_samples": 10,
    "feature_fraction": 0.4,
}
PAGE_TREES = 300
Table = Any
Model = Any
Fold = frozenset[int]
Judged = Sequence[tuple[Sample, Sequence[float]]]
BASE = (*features.FEATURES, *LEXICON_FEATURES)


class Trainer:
    """Fits both forests; every page's numbers come from words and trees that did not see it."""

    def __init__(self, samples: Sequence[Sample], folds: int, left_out: Sequence[str] = ()) -> None:
        self.samples, self.folds = samples, folds
        names = (*BASE, *CONTEXT_FEATURES)
        self._columns = [
            at for at, name in enumerate(names) if not name.startswith(tuple(left_out) or ("\0",))
        ]
        self._counts = [
            vocabulary.count([one for one in samples if one.fold == fold]) for fold in range(folds)
        ]
        self._lexicons: dict[Fold, Lexicon] = {}
        self._first: dict[Fold, Model] = {}
        self._words: dict[tuple[int, Fold], Table] = {}
        self._rows = {id(one): np.array(one.rows, np.float32) for one in samples}

    def lexicon(self, without: Fold) -> Lexicon:
        """Return the words of all folds but these."""
        if without not in self._lexicons:
            counts = Counts()
            for fold in set(range(self.folds)) - without:
                counts.add(self._counts[fold])
            self._lexicons[without] = counts.lexicon()
        return self._lexicons[without]

    def first_rows(self, sample: Sample, without: Fold) -> Table:
        """Return a page's rows with the weights of words from all folds but these."""
        key = (id(sample), without)
        if key not in self._words:
            rows = self.lexicon(without).rows(sample.blocks, sample.boxes, sample.judged)
            self._words[key] = np.array(rows, np.float32)
        return np.hstack([self._rows[id(sample)], self._words[key]])

    def first(self, without: Fold) -> Model:
        """Return the first forest, trained on all folds but these."""
        if without not in self._first:
            used = [one for one in self.samples if one.fold not in without]
            rows = [self.first_rows(one, without | {one.fold}) for one in used]
            self._first[without] = self._fit(used, rows, SETTINGS, FIRST_TREES)
        return self._first[without]

    def second_rows(self, sample: Sample, without: Fold) -> Table:
        """Return a page's rows for the second forest, scored by a first one without these folds."""
        known = self.first_rows(sample, without)
        chances = fill(sample, self.judge(self.first(without), known))
        around = classifier.context_rows(
            sample.blocks, sample.boxes, sample.own, sample.shapes, chances, sample.judged
        )
        return np.hstack([known, np.array(around, np.float32)])

    def second(self, without: Fold) -> Model:
        """Return the second forest, trained on all folds but these."""
        used = [one for one in self.samples if one.fold not in without]
        rows = [self.second_rows(one, without | {one.fold}) for one in used]
        return self._fit(used, rows, SECOND_SETTINGS, SECOND_TREES)

    def out_of_fold(self) -> Iterator[tuple[Sample, list[float]]]:
        """Yield every page with the chances of its blocks, from what saw no page of its fold."""
        for fold in range(self.folds):
            without = frozenset((fold,))
            second = self.second(without)
            for one in self.samples:
                if one.fold == fold:
                    first = self.judge(self.first(without), self.first_rows(one, without))
                    again = self.judge(second, self.second_rows(one, without))
                    unsure = (first > MIN_UNSURE) & (first < MAX_UNSURE)
                    yield one, fill(one, np.where(unsure, again, first))
            self._words = {}

    def _fit(
        self,
        samples: Sequence[Sample],
        rows: Sequence[Table],
        settings: dict[str, Any],
        trees: int,
    ) -> Model:
        table = np.vstack(rows)
        known = np.concatenate(
            [[(one.labels[at] or 0.0) > 0.5 for at in one.judged] for one in samples]
        )
        weights = np.concatenate([[one.weights[at] for at in one.judged] for one in samples])
        used = weights > 0
        columns = [at for at in self._columns if at < table.shape[1]]
        data = lightgbm.Dataset(table[used][:, columns], known[used], weight=weights[used])
        return lightgbm.train(settings, data, num_boost_round=trees)

    def judge(self, model: Model, rows: Table) -> Table:
        """Return the chance of each row, as the exported forest computes it."""
        table = rows[:, [at for at in self._columns if at < rows.shape[1]]]
        odds = np.asarray(model.predict(table, raw_score=True, num_threads=1))
        early = np.asarray(
            model.predict(table, raw_score=True, num_iteration=EARLY_TREES, num_threads=1)
        )
        odds = np.where(early > EARLY_LOG_ODDS, odds, early)
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def page_rows(judged: Judged) -> Table:
    """Return a row for each page: the measures that its type is told by."""
    rows = [
        page_judge.page_row(one.blocks, one.prose, one.page_features, chances)
        for one, chances in judged
    ]
    return np.array(rows, np.float32)


def page_model(judged: Judged, rows: Table, without: Fold = frozenset()) -> Model:
    """Return the forest that tells single articles from other pages, from all folds but these."""
    used = [number for number, (one, _) in enumerate(judged) if one.fold not in without]
    others = np.array([not judged[number][0].is_article for number in used], np.float32)
    return lightgbm.train(PAGE_SETTINGS, lightgbm.Dataset(rows[used], others), PAGE_TREES)


def other_chances(judged: Judged, folds: int) -> list[float]:
    """Return for each page the chance that it is not a single article, from other folds."""
    rows = page_rows(judged)
    models = [page_model(judged, rows, frozenset((fold,))) for fold in range(folds)]
    return [
        float(models[one.fold].predict(row[None], num_threads=1)[0])
        for (one, _), row in zip(judged, rows, strict=True)
    ]


def fill(sample: Sample, chances: Table) -> list[float]:
    """Return the chances of all blocks, given those of the judged blocks."""
    whole = [EXCLUDED_CHANCE] * len(sample.blocks)
    for number, chance in zip(sample.judged, chances, strict=True):
        whole[number] = float(chance)
    return whole


def export(model: Model, names: Sequence[str]) -> dict[str, Any]:
    """Return the trees as plain lists: [feature, threshold, node up to it, node above], or a leaf."""
    trees = [_branch(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    return {"names": list(names), "trees": trees}


def _branch(node: dict[str, Any]) -> Any:
    if "leaf_value" in node:
        return round(float(node["leaf_value"]), 4)
    threshold = float(f"{node['threshold']:.6g}")
    return [
        int(node["split_feature"]),
        threshold,
        _branch(node["left_child"]),
        _branch(node["right_child"]),
    ]


def write(trainer: Trainer, folder: Path) -> None:
    """Train on all pages, and write the lexicon and the forests."""
    judged = list(trainer.out_of_fold())
    words = trainer.lexicon(frozenset())
    tables = {"words": words.words, "near": words.near, "far": words.far}
    text = json.dumps(tables, ensure_ascii=False, separators=(",", ":"))
    (folder / lexicon.LEXICON_FILE.name).write_text(text + "\n", "utf-8")
    forests = {
        "first": export(trainer.first(frozenset()), BASE),
        "second": export(trainer.second(frozenset()), (*BASE, *CONTEXT_FEATURES)),
        "page": export(page_model(judged, page_rows(judged)), page_judge.PAGE_FEATURES),
    }
    text = json.dumps(forests, separators=(",", ":"))
    (folder / classifier.FOREST_FILE.name).write_text(text + "\n", "utf-8")


def extracted(sample: Sample, chances: Sequence[float], other: float) -> str:
    """Return the words of the article that the pipeline makes of a page so judged."""
    with (
        patch.object(selector, "score", lambda _seen: list(chances)),
        patch.object(selector, "other_chance", lambda _seen, _chances: other),
    ):
        markdown = extractors.ours(sample.page, sample.url or "https://example.org/")
    return measures.rendered(markdown, captions=sample.group != "articles")


def log_loss(judged: Judged) -> Iterator[str]:
    """Yield the weighted log loss of each set: the measure that needs no extraction."""
    losses: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one, chances in judged:
        for label, weight, chance in zip(one.labels, one.weights, chances, strict=True):
            if weight and label is not None:
                sums = losses[one.kind]
                sums[0] -= weight * math.log(max(1e-6, chance if label > 0.5 else 1 - chance))
                sums[1] += weight
    for kind, (loss, weight) in sorted(losses.items()):
        yield f"{kind:22} log loss {loss / weight:.4f}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--leave-out", action="append", default=[])
    parser.add_argument("--save", type=Path, help="keep the chances out of fold in a JSON file")
    args = parser.parse_args(argv)
    if args.folds < 3:
        parser.error("three folds at least: the forests leave two out")
    began = time.perf_counter()
    samples = load(args.pages, args.folds, args.cache)
    print(f"{len(samples)} pages measured in {time.perf_counter() - began:.0f} s", flush=True)
    trainer = Trainer(samples, args.folds, args.leave_out)
    if args.write:
        write(trainer, args.write)
        return 0
    judged = list(trainer.out_of_fold())
    if args.save:
        rows = [[one.group, one.key, found] for one, found in judged]
        args.save.write_text(json.dumps(rows), "utf-8")
    for line in log_loss(judged):
        print(line, flush=True)
    if not args.leave_out:
        pages: list[tuple[str, dict[str, Any], list[str]]] = []
        for (one, found), other in zip(judged, other_chances(judged, args.folds), strict=True):
            text = [extracted(one, found, other)]
            pages += [(kind, one.truth, text) for kind in dict.fromkeys((one.group, one.kind))]
        for line in measures.table(pages):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
