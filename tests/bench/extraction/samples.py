"""Pages of the public sets as training samples: surveyed, labelled and weighed."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from reader.extract import markdown
from reader.extract.content import selector
from reader.extract.content.figures import is_caption
from reader.extract.input import containers, html_parser
from tests.bench.extraction import labels

PAGE_WEIGHT = 20.0
"""What the blocks of one page with full text weigh together; a labelled snippet weighs 1."""


@dataclass(eq=False)
class Sample:
    """One page: its survey, and for every block its label (None unknown) and its weight."""

    group: str
    key: str
    fold: int
    page: bytes
    url: str
    seen: selector.PageAnalysis
    truth: dict[str, Any]
    labels: list[float | None]
    weights: list[float]


def read(folder: Path, name: str) -> bytes | None:
    """The bytes of folder/name or folder/name.gz; None where there is neither."""
    packed, plain = folder / f"{name}.gz", folder / name
    if packed.exists():
        return gzip.decompress(packed.read_bytes())
    return plain.read_bytes() if plain.exists() else None


def parse(page: bytes, url: str | None) -> html_parser.Page:
    """The page as the pipeline has it before the body is chosen."""
    inside = containers.unwrap(page)
    parsed = html_parser.parse(inside.text, url or inside.base)
    markdown.normalise(parsed)
    return parsed


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
                seen = _look(page, url or None)
                if seen.blocks:
                    labelled, weights = _label(group, seen, truth)
                    fold = fold_of(url, key, folds)
                    yield Sample(group, key, fold, page, url, seen, truth, labelled, weights)


def _look(page: bytes, url: str | None) -> selector.PageAnalysis:
    parsed = parse(page, url)
    return selector.analyse(parsed.root, parsed.base_url)


def _label(
    group: str, seen: selector.PageAnalysis, truth: dict[str, Any]
) -> tuple[list[float | None], list[float]]:
    """For every block its label, and what it weighs in training."""
    # What rules leave out takes no part: a hidden copy of the article has the same words.
    texts = ["" if at in seen.excluded else block.text for at, block in enumerate(seen.blocks)]
    found: list[float | None]
    if group == "segments":
        found = labels.by_snippets(texts, truth["with"], truth["without"])
        weights = [float(label is not None) for label in found]
    else:
        shares, sizes = labels.by_text(texts, truth["text"])
        found = [
            None if share <= 0.5 and labels.is_formula(text) else share
            for text, share in zip(texts, shares, strict=True)
        ]
        weights = [
            0.0 if share is None else size**0.5 + 0.5
            for share, size in zip(found, sizes, strict=True)
        ]
    if group != "readability":
        # Captions are text in that set alone; the others were annotated without them.
        for number, block in enumerate(seen.blocks):
            if is_caption(block):
                weights[number] = 0.0
    for number in seen.excluded:
        weights[number] = 0.0
    if group != "segments" and any(weights):
        scale = PAGE_WEIGHT / sum(weights)
        weights = [weight * scale for weight in weights]
    return found, weights
