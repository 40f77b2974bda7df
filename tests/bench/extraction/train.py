"""Train the block model on page sets, or measure out of fold what it would do.

train.py --pages DIR [--write FILE] [--folds 5]

DIR holds the sets `articles` and `readability` (truth.json with `text`) and `segments` (`with`,
`without`). Without --write every page is judged by trees that saw no page of its host; five folds
by host name. With --write all pages train the trees that go to FILE. Needs scikit-learn.
"""

import argparse
import gzip
import hashlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from sklearn.ensemble import HistGradientBoostingClassifier

from reader.extract import survey
from reader.extract.blocks import ancestors
from reader.extract.body import NEVER
from reader.extract.features import NAMES
from reader.extract.smoothing import choose
from tests.bench.extraction import labels, measures

SETTINGS = {
    "max_iter": 70,
    "max_leaf_nodes": 16,
    "learning_rate": 0.1,
    "min_samples_leaf": 20,
    "l2_regularization": 2.0,
    "max_features": 0.3,
}
SEEDS = (0, 1)
PAGE_WEIGHT = 20.0
"""What the blocks of one page with full text weigh together; a labelled snippet weighs 1."""


@dataclass(eq=False)
class Sample:
    """One page: its survey, its labels (None unknown) and their weights."""

    group: str
    key: str
    fold: int
    seen: survey.Survey
    truth: dict[str, Any]
    labels: list[float | None]
    weights: np.ndarray
    rows: np.ndarray
    chances: np.ndarray = field(default_factory=lambda: np.zeros(0))


def read(folder: Path, name: str) -> bytes | None:
    """The bytes of folder/name or folder/name.gz; None where there is neither."""
    packed, plain = folder / f"{name}.gz", folder / name
    if packed.exists():
        return gzip.decompress(packed.read_bytes())
    return plain.read_bytes() if plain.exists() else None


def parse(page: bytes) -> HtmlElement:
    for encoding in ("utf-8", "cp1252", "latin-1"):
        try:
            text = page.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    start = text.find("?>") + 2 if text.lstrip()[:5] == "<?xml" else 0
    return document_fromstring(text[start:], parser=HTMLParser(huge_tree=True))


def fold_of(url: str, key: str, folds: int) -> int:
    host = (urlsplit(url).hostname or key).removeprefix("www.")
    name = key if host == "fakehost" else host
    return int(hashlib.sha1(name.encode()).hexdigest(), 16) % folds


def load(pages: Path, folds: int) -> Iterator[Sample]:
    """All pages of the sets that lie there, surveyed and labelled."""
    for group in ("articles", "readability", "segments"):
        told = pages / group / "truth.json"
        if not told.exists():
            continue
        for key, truth in sorted(json.loads(told.read_text("utf-8")).items()):
            page = read(told.parent, key if group == "segments" else f"{key}.html")
            if page is not None:
                url = truth.get("url") or ""
                seen = survey.look(parse(page), url or None)
                if seen.blocks:
                    yield _sample(group, key, fold_of(url, key, folds), seen, truth)


def _sample(group: str, key: str, fold: int, seen: survey.Survey, truth: dict[str, Any]) -> Sample:
    texts = [block.text for block in seen.blocks]
    found: list[float | None]
    if group == "segments":
        found = labels.by_snippets(texts, truth["with"], truth["without"])
        weights = np.array([float(label is not None) for label in found])
    else:
        found, sizes = labels.by_text(texts, truth["text"])
        weights = np.sqrt(np.array(sizes, float)) + 0.5
        if group == "articles":
            # This set's truth has no captions: they say nothing about a caption's worth.
            weights[[n for n, block in enumerate(seen.blocks) if in_figure(block)]] = 0
    weights[sorted(seen.apart)] = 0
    if group != "segments" and weights.sum():
        weights *= PAGE_WEIGHT / weights.sum()
    rows = np.array(seen.rows, np.float32)
    return Sample(group, key, fold, seen, truth, found, weights, rows)


def in_figure(block: Any) -> bool:
    return any(box.element.tag == "figcaption" for box in ancestors(block.box))


def fit(samples: Sequence[Sample]) -> list[HistGradientBoostingClassifier]:
    rows = np.concatenate([sample.rows for sample in samples])
    weights = np.concatenate([sample.weights for sample in samples])
    known = np.concatenate([[bool(v and v > 0.5) for v in sample.labels] for sample in samples])
    used = weights > 0
    return [
        HistGradientBoostingClassifier(**SETTINGS, random_state=seed).fit(
            rows[used], known[used], sample_weight=weights[used]
        )
        for seed in SEEDS
    ]


def judge(models: Sequence[HistGradientBoostingClassifier], sample: Sample) -> np.ndarray:
    """The chance of each block: the mean log-odds of the models, as the flattened forest has it."""
    odds = sum(model.decision_function(sample.rows) for model in models) / len(models)
    chances = 1 / (1 + np.exp(-odds))
    chances[sorted(sample.seen.apart)] = NEVER
    return chances


def flatten(models: Sequence[HistGradientBoostingClassifier]) -> dict[str, Any]:
    """The models as plain lists: [number, threshold, where at most, where more] or a leaf."""
    trees = []
    for model in models:
        for stage in model._predictors:
            trees.append(_branch(stage[0].nodes, 0, len(models)))
    start = sum(float(model._baseline_prediction[0][0]) for model in models) / len(models)
    return {"names": NAMES, "start": round(start, 6), "trees": trees}


def _branch(nodes: Any, at: int, shares: int) -> Any:
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]) / shares, 5)
    return [
        int(node["feature_idx"]),
        float(np.format_float_positional(np.float32(node["num_threshold"]), 6, fractional=False)),
        _branch(nodes, node["left"], shares),
        _branch(nodes, node["right"], shares),
    ]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    args = parser.parse_args(argv)
    began = time.perf_counter()
    samples = list(load(args.pages, args.folds))
    print(f"{len(samples)} pages surveyed in {time.perf_counter() - began:.0f} s", flush=True)
    if args.write:
        told = {"blocks": flatten(fit(samples))}
        args.write.write_text(json.dumps(told, separators=(",", ":")) + "\n", "utf-8")
        print(f"{args.write}: {len(told['blocks']['trees'])} trees")
        return 0
    for number in range(args.folds):
        models = fit([sample for sample in samples if sample.fold != number])
        for sample in samples:
            if sample.fold == number:
                sample.chances = judge(models, sample)
    for line in measures.table(
        (
            sample.group,
            sample.truth,
            [
                block.text
                for block, keep in zip(
                    sample.seen.blocks,
                    choose(sample.seen.blocks, sample.seen.cut.boxes, list(sample.chances)),
                    strict=True,
                )
                if keep and not (sample.group == "articles" and in_figure(block))
            ],
        )
        for sample in samples
    ):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
