"""The public measures of extraction, as their sets define them.

`articles` and `readability`: shingles of four tokens, precision, recall and F1 of the mean, and
the share of pages with exactly the truth's tokens (article-extraction-benchmark). `segments`:
snippets that must and must not be there (trafilatura's evaluation).
"""

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml.html import fromstring
from markdown_it import MarkdownIt

TOKEN = re.compile(r"\w+")
_CAPTION = re.compile(r"(?m)^(!\[.*\]\(.*\) *\n)\*[^\n]+\*$")


def rendered(markdown: str, *, captions: bool) -> str:
    """Return the words a reader sees; without captions where the set's truth has none."""
    if not captions:
        markdown = _CAPTION.sub(r"\1", markdown)
    html = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    written = html.render(markdown)
    if not written.strip():
        return ""
    tree = fromstring(f"<div>{written}</div>")
    for element in tree.iter(
        "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "br", "pre"
    ):
        element.tail = " " + (element.tail or "")
    return "".join(map(str, tree.itertext()))


def shingles(tokens: Sequence[str], size: int = 4) -> Counter[tuple[str, ...]]:
    count = max(1, len(tokens) - size + 1) if tokens else 0
    return Counter(tuple(tokens[at : at + size]) for at in range(count))


def page_score(true: Sequence[str], got: Sequence[str]) -> tuple[float, float, float]:
    """Hits, false and missed shingles of one page, as shares of their sum."""
    wanted, found = shingles(true), shingles(got)
    hits = sum((wanted & found).values())
    false, missed = sum((found - wanted).values()), sum((wanted - found).values())
    whole = hits + false + missed
    return (hits / whole, false / whole, missed / whole) if whole else (0.0, 0.0, 0.0)


def _ratio(hit: float, miss: float, other: float) -> float:
    if miss == other == 0:
        return 1.0
    return hit / (hit + miss) if hit or miss else 0.0


def summary(rows: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    """F1, precision and recall over pages."""
    precisions = [_ratio(hit, false, missed) for hit, false, missed in rows if hit + false > 0]
    recalls = [_ratio(hit, missed, false) for hit, false, missed in rows if hit + missed > 0]
    p, r = statistics.mean(precisions or [0.0]), statistics.mean(recalls or [0.0])
    return (2 * p * r / (p + r) if p + r else 0.0), p, r


def table(pages: Iterable[tuple[str, dict[str, Any], Sequence[str]]]) -> Iterator[str]:
    """One line per set, for (set, truth, texts that were kept) of each page."""
    rows: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    exact: Counter[str] = Counter()
    hits = lost = leaks = 0
    for group, truth, texts in pages:
        if group == "segments":
            whole = "".join("".join(text.split()) for text in texts)
            found = sum("".join(text.split()) in whole for text in truth["with"])
            hits, lost = hits + found, lost + len(truth["with"]) - found
            leaks += sum("".join(text.split()) in whole for text in truth["without"])
        else:
            got = TOKEN.findall(" ".join(texts))
            right = [TOKEN.findall(text) for text in truth.get("texts") or [truth["text"]]]
            rows[group].append(max(page_score(true, got) for true in right))
            exact[group] += got in right
    for group, scores in rows.items():
        f1, p, r = summary(scores)
        share = exact[group] / len(scores)
        yield f"{group:20} F1 {f1:.4f}  P {p:.4f}  R {r:.4f}  exact {share:.3f}  n {len(scores)}"
    if hits:
        p, r = hits / max(1, hits + leaks), hits / max(1, hits + lost)
        yield f"{'segments':20} F1 {2 * p * r / (p + r):.4f}  P {p:.4f}  R {r:.4f}"
