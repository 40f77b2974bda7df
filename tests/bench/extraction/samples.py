"""Pages of the public sets as training samples: measured, labelled and weighed."""

import gzip
import hashlib
import json
import pickle
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from reader.extract.content import selector
from reader.extract.content.figures import is_caption
from reader.extract.content.segmenter import Block, Box
from reader.extract.pipeline import extract
from reader.model.errors import NotAnArticleError
from tests.bench.extraction import labels, measures

SETS = ("articles", "readability", "segments", "mixed", "news", "languages", "markdown")
CAPTIONLESS = ("articles",)
"""Sets whose truth has no captions: theirs have no weight."""
TITLED = ("languages",)
"""Sets whose first text begins with the title, which the pipeline leaves out, and the last not."""
PAGE_WEIGHT = 20.0
"""Total weight of the blocks of a page with full text; a labelled snippet weighs 1."""
SMALL_PAGE_WEIGHT = 10.0
"""The same for the pages of `markdown`, which are short and made by hand."""
RARE_WEIGHT = 2.0
"""Factor for pages of a type other than article, which are a quarter of the sets."""
SIZE_POWER = 0.5
"""Power of a block's words that it weighs with."""
UNADDRESSED = 0.2
"""Share of the pages that are measured without their URL, as saved files often are."""

_PREAMBLE = re.compile(r"\A```json\n.*?\n```\n?", re.DOTALL)


@dataclass(eq=False)
class Sample:
    """One page: its blocks and features, and for each block label (None unknown) and weight."""

    group: str
    key: str
    fold: int
    page: bytes
    url: str
    truth: dict[str, Any]
    blocks: list[Block]
    boxes: list[Box]
    judged: list[int]
    rows: list[list[float]]
    own: list[list[float]]
    shapes: dict[Box, int]
    prose: list[int]
    page_features: list[float]
    labels: list[float | None] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    @property
    def is_article(self) -> bool:
        """Whether the page is one article; only one set has other pages, with their types."""
        return self.group != "mixed" or self.truth["type"] == "article"

    @property
    def kind(self) -> str:
        """The set, with the page's type in the set that has types."""
        return f"mixed/{self.truth['type']}" if self.group == "mixed" else self.group


class _Analysed(Exception):
    def __init__(self, seen: selector.PageAnalysis) -> None:
        self.seen = seen


def read(folder: Path, name: str) -> bytes | None:
    """Return the bytes of folder/name or folder/name.gz; None if neither exists."""
    packed, plain = folder / f"{name}.gz", folder / name
    if packed.exists():
        return gzip.decompress(packed.read_bytes())
    return plain.read_bytes() if plain.exists() else None


def pages(folder: Path) -> Iterator[tuple[str, str, dict[str, Any], bytes]]:
    """Yield set, key, truth and bytes of every page in the folder."""
    for expected in sorted((folder / "markdown").glob("*.md")):
        page = read(expected.parent, f"{expected.stem}.html")
        if page is not None:
            text = _PREAMBLE.sub("", expected.read_text("utf-8"))
            truth = {"text": measures.rendered(text, captions=True)}
            yield "markdown", expected.stem, truth, page
    for group in SETS:
        truths = folder / group / "truth.json"
        if truths.exists():
            for key, truth in sorted(json.loads(truths.read_text("utf-8")).items()):
                page = read(truths.parent, key if group == "segments" else f"{key}.html")
                if page is not None:
                    yield group, key, truth, page


def texts_of(truth: dict[str, Any]) -> list[str]:
    """Return the right texts of a page; some sets accept more than one."""
    return truth.get("texts") or [truth["text"]]


def analyse(page: bytes, url: str | None) -> selector.PageAnalysis | None:
    """Return a page as the pipeline has it before it chooses; None if its text is elsewhere."""

    def stop(
        parsed: selector.ParsedTree, _title: str, _byline: str, signals: Sequence[float]
    ) -> None:
        raise _Analysed(selector.analyse(parsed.root, parsed.base_url, parsed.url, signals))

    try:
        with patch.object(selector, "select", stop):
            extract(page, url)
    except _Analysed as found:
        return found.seen
    except NotAnArticleError:
        return None
    return None


def fold_of(url: str, key: str, folds: int) -> int:
    """Return the fold of a page: pages of one host are in one fold."""
    host = (urlsplit(url).hostname or key).removeprefix("www.")
    name = key if host == "fakehost" else host
    return _hash(name) % folds


def _hash(name: str) -> int:
    return int(hashlib.sha1(name.encode()).hexdigest(), 16)


def load(folder: Path, folds: int, cache: Path | None = None) -> list[Sample]:
    """Return all pages of the sets, measured and labelled; read from `cache` if it exists."""
    if cache is not None and cache.exists():
        with cache.open("rb") as file:
            return list(pickle.load(file))
    samples = [
        sample
        for group, key, truth, page in pages(folder)
        if (sample := _sample(group, key, truth, page, folds)) is not None
    ]
    if cache is not None:
        with cache.open("wb") as file:
            pickle.dump(samples, file)
    return samples


def _sample(group: str, key: str, truth: dict[str, Any], page: bytes, folds: int) -> Sample | None:
    url = truth.get("url") or ""
    is_addressed = _hash(key) % 100 >= 100 * UNADDRESSED and "fakehost" not in url
    seen = analyse(page, url if is_addressed else None)
    if seen is None or not seen.judged:
        return None
    found, weights = _label(group, seen, truth)
    blocks, boxes = seen.blocks, seen.segments.boxes
    for box in boxes:
        box.element = None  # elements cannot be pickled
    for block in blocks:
        block.parts = []
    features = seen.features
    return Sample(
        group,
        key,
        fold_of(url, key, folds),
        page,
        url,
        truth,
        blocks,
        boxes,
        seen.judged,
        seen.rows,
        features.own,
        features.shapes,
        features.prose,
        features.page_features,
        found,
        weights,
    )


def _label(
    group: str, seen: selector.PageAnalysis, truth: dict[str, Any]
) -> tuple[list[float | None], list[float]]:
    """Return for every block its label, and its weight in training."""
    # Excluded blocks take no part: a hidden copy of the article has the same words.
    weights: list[float]
    texts = ["" if at in seen.excluded else block.text for at, block in enumerate(seen.blocks)]
    found: list[float | None]
    if group == "segments":
        found = labels.by_snippets(texts, truth["with"], truth["without"])
        weights = [0.0 if label is None else 1.0 for label in found]
    else:
        right = texts_of(truth)
        shares, sizes = labels.by_text(texts, right[-1 if group in TITLED else 0])
        found = [
            None if share <= 0.5 and labels.is_formula(text) else share
            for text, share in zip(texts, shares, strict=True)
        ]
        weights = [
            0.0 if share is None else size**SIZE_POWER + 0.5
            for share, size in zip(found, sizes, strict=True)
        ]
    for number, block in enumerate(seen.blocks):
        if number in seen.excluded or (group in CAPTIONLESS and is_caption(block)):
            weights[number] = 0.0
    total = sum(weights)
    if group != "segments" and total:
        is_rare = truth.get("type", "article") != "article" and group == "mixed"
        whole = SMALL_PAGE_WEIGHT if group == "markdown" else PAGE_WEIGHT
        scale = whole * (RARE_WEIGHT if is_rare else 1.0) / total
        weights = [weight * scale for weight in weights]
    return found, weights
