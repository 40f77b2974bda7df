"""ROUGE of three sentences against the page's own description, beside lead-three and random ones.

ROUGE-N and ROUGE-L F1 after Lin 2004, on folded words, without stemming.
"""

import gzip
import html
import itertools
import json
import random
import re
import statistics
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from reader.model.sentences import sentence_spans
from reader.model.tokenizer import tokenize
from reader.search.text.prose import is_complete
from reader.search.text.summary import SUMMARY_SENTENCES, key_sentences

SETS = ("articles", "mixed", "news")
Chooser = Callable[[str, list[str]], list[str]]


def overlap_f1(found: list[str], wanted: list[str], size: int) -> float:
    """F1 of the runs of `size` words that both have."""
    one = Counter(zip(*(found[at:] for at in range(size)), strict=False))
    other = Counter(zip(*(wanted[at:] for at in range(size)), strict=False))
    shared = sum((one & other).values())
    return 2 * shared / max(sum(one.values()) + sum(other.values()), 1)


def longest_f1(found: list[str], wanted: list[str]) -> float:
    """F1 of the longest common subsequence of words."""
    row = [0] * (len(wanted) + 1)
    for word in found:
        before = 0
        for at, other in enumerate(wanted, 1):
            before, row[at] = row[at], before + 1 if word == other else max(row[at], row[at - 1])
    return 2 * row[-1] / max(len(found) + len(wanted), 1)


def described(pages: Path) -> list[tuple[str, str, list[str]]]:
    """Title, description and paragraphs of each article whose page describes it in its own words.

    The description is kept out of the input: a paragraph that is the description goes.
    """
    truth = json.loads((pages / "truth.json").read_text("utf-8"))
    found = []
    for key in sorted(truth):
        page = gzip.decompress((pages / f"{key}.html.gz").read_bytes()).decode("utf-8", "replace")
        description = _meta(page, "og:description") or _meta(page, "description")
        title = _meta(page, "og:title") or ""
        prose = [
            " ".join(each.split()) for each in re.split(r"\n+", truth[key]["text"]) if each.strip()
        ]
        wanted = tokenize(description)
        prose = [each for each in prose if tokenize(each) != wanted]
        if len(wanted) >= 8 and len(_whole(prose)) > 3:
            found.append((title, description, prose))
    return found


def _meta(page: str, name: str) -> str:
    for tag in re.findall(r"<meta\b[^>]*>", page, re.IGNORECASE):
        if re.search(
            rf"(?:name|property)\s*=\s*[\"']?{re.escape(name)}[\"'\s>]", tag, re.IGNORECASE
        ):
            content = re.search(r"content\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag, re.DOTALL)
            if content:
                return html.unescape(content[1] or content[2] or "").strip()
    return ""


def _whole(prose: list[str]) -> list[str]:
    found = [text[start:end] for text in prose for start, end in sentence_spans(text)]
    return [each for each in found if is_complete(each)]


def scores(articles: list[tuple[str, str, list[str]]]) -> dict[str, tuple[float, float, float]]:
    """Mean ROUGE-1, ROUGE-2 and ROUGE-L of each way of choosing three sentences."""
    rng = random.Random(7)
    ways: dict[str, Chooser] = {
        "reader": lambda title, prose: key_sentences(title, prose, SUMMARY_SENTENCES),
        "lead-three": lambda title, prose: _whole(prose)[:3],
        "random": lambda title, prose: rng.sample(_whole(prose), 3),
    }
    result = {}
    for name, choose in ways.items():
        measured = []
        for title, description, prose in articles:
            found, wanted = tokenize(" ".join(choose(title, prose))), tokenize(description)
            measured.append(
                (
                    overlap_f1(found, wanted, 1),
                    overlap_f1(found, wanted, 2),
                    longest_f1(found, wanted),
                )
            )
        one, two, longest = (statistics.mean(column) for column in zip(*measured, strict=True))
        result[name] = (one, two, longest)
    return result


def is_not_lead(article: tuple[str, str, list[str]]) -> bool:
    """Whether less than a third of the description's pairs of words stand in the first sentences."""
    _, description, prose = article
    wanted, lead = tokenize(description), tokenize(" ".join(_whole(prose)[:3]))
    pairs = set(itertools.pairwise(wanted))
    return len(pairs & set(itertools.pairwise(lead))) < 0.3 * len(pairs)


def report(pages: Path) -> None:
    """Print the scores of all articles, then of those whose description is not their lead."""
    articles = [each for name in SETS for each in described(pages / name)]
    _report("a description of their own", articles)
    _report("a description that is not their lead", list(filter(is_not_lead, articles)))
    print("  asked: at least 0.95 x lead-three, and 1.05 where the lead is not the description")


def _report(name: str, articles: list[tuple[str, str, list[str]]]) -> None:
    measured = scores(articles)
    print(f"summaries: {len(articles)} articles with {name}")
    for name, values in measured.items():
        shares = [mine / lead for mine, lead in zip(values, measured["lead-three"], strict=True)]
        print(
            f"  {name:12}"
            + "".join(
                f"  {value:.3f} ({share:.2f})" for value, share in zip(values, shares, strict=True)
            )
        )
