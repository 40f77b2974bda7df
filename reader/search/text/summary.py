"""An article in a few of its own sentences, and the phrases it turns on; nothing leaves the machine.

A sentence counts for what it shares with the whole text and with the title, and for standing
early: on news and essays alike the first lines say most (Nenkova 2005, "lead" baselines). Those
that repeat what was chosen are passed over (maximal marginal relevance, Carbonell 1998).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reader.model.tokenizer import fold_accents, tokenize
from reader.search.text.sentences import is_complete, prose_paragraphs, split_sentences
from reader.search.text.stopwords import STOPWORDS

MAX_SENTENCES: Final = 400
"""Sentences looked at; what comes later in a very long text is seldom its summary."""
_EARLY: Final = 1.0
_CENTRAL: Final = 0.55
_TITLED: Final = 0.35
_REPEATED: Final = 0.6


@dataclass(frozen=True, slots=True)
class Summary:
    """Whole sentences in the order of the text, and phrases as the text writes them, best first."""

    sentences: tuple[str, ...]
    phrases: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    words: frozenset[str]
    length: int


def summarise(title: str, markdown: str, *, count: int = 3, phrases: int = 8) -> Summary:
    """The summary of an article; empty where it has no whole sentence. About 10 ms for 5,000 words."""
    prose = prose_paragraphs(markdown)
    return Summary(
        tuple(key_sentences(title, prose, count)), tuple(key_phrases(title, prose, phrases))
    )


def key_sentences(title: str, prose: Iterable[str], count: int) -> list[str]:
    """At most so many sentences that together say most of what the text says, in its order."""
    found = _candidates(prose)
    if not found:
        return []
    weights = _weights(found)
    named = frozenset(tokenize(title)) - STOPWORDS
    scored = [_score(position, each, weights, named) for position, each in enumerate(found)]
    chosen: list[int] = []
    while len(chosen) < min(count, len(found)):
        best = max(
            (position for position in range(len(found)) if position not in chosen),
            key=lambda position: scored[position] - _REPEATED * _overlap(position, chosen, found),
        )
        chosen.append(best)
    return [found[position].text for position in sorted(chosen)]


def _candidates(prose: Iterable[str]) -> list[_Sentence]:
    found: list[_Sentence] = []
    seen: set[str] = set()
    for paragraph in prose:
        for text in split_sentences(paragraph):
            if text in seen or not is_complete(text):
                continue
            seen.add(text)
            words = tokenize(text)
            found.append(_Sentence(text, frozenset(words) - STOPWORDS, len(words)))
            if len(found) >= MAX_SENTENCES:
                return found
    return found


def _weights(found: list[_Sentence]) -> dict[str, float]:
    """How much of the text each word carries: sentences with it, damped, the largest 1."""
    counted = Counter(word for each in found for word in each.words)
    most = math.log1p(max(counted.values(), default=1))
    return {word: math.log1p(number) / most for word, number in counted.items() if number > 1}


def _score(
    position: int, each: _Sentence, weights: dict[str, float], named: frozenset[str]
) -> float:
    early = 1.0 / (1.0 + 0.35 * position)
    central = sum(weights.get(word, 0.0) for word in each.words) / (len(each.words) + 6)
    titled = len(each.words & named) / (len(named) + 2)
    short = 0.25 if each.length < 8 else 0.0
    long = 0.15 if each.length > 60 else 0.0
    return _EARLY * early + _CENTRAL * central + _TITLED * titled - short - long


def _overlap(position: int, chosen: list[int], found: list[_Sentence]) -> float:
    words = found[position].words
    return max((len(words & found[each].words) / (len(words) + 1) for each in chosen), default=0.0)


_RUN: Final = re.compile(r"[^\W_]+(?:[-'’](?!s\b)[^\W_]+)*")


def key_phrases(title: str, prose: Iterable[str], count: int) -> list[str]:
    """Phrases of one to three words that the text returns to, as it writes them, best first."""
    counted: Counter[tuple[str, ...]] = Counter()
    written: dict[tuple[str, ...], Counter[str]] = {}
    for paragraph in prose:
        for run in _runs(paragraph):
            for size in (1, 2, 3):
                for at in range(len(run) - size + 1):
                    part = run[at : at + size]
                    key = tuple(folded for folded, _ in part)
                    counted[key] += 1
                    shown = " ".join(as_written for _, as_written in part)
                    written.setdefault(key, Counter())[shown] += 1
    named = set(tokenize(title))
    scored = {
        key: number
        * (1 + 0.9 * (len(key) - 1))
        * (1 + sum(word in named for word in key) / len(key))
        for key, number in counted.items()
        if number > 1 and not (len(key) == 1 and len(key[0]) < 3)
    }
    return [written[key].most_common(1)[0][0] for key in _distinct(scored, counted, count)]


def _runs(paragraph: str) -> Iterable[list[tuple[str, str]]]:
    """Runs of words between stop words and signs, each folded beside how it is written."""
    run: list[tuple[str, str]] = []
    last = 0
    for match in _RUN.finditer(paragraph):
        folded = fold_accents(match[0])
        parted = paragraph[last : match.start()].strip(" ") != ""
        silent = (
            folded in STOPWORDS
            or folded.isdecimal()
            or fold_accents(folded.partition("'")[0].partition("’")[0]) in STOPWORDS
        )
        if (parted or silent) and run:
            yield run
            run = []
        if not silent:
            run.append((folded, match[0]))
        last = match.end()
    if run:
        yield run


def _distinct(
    scored: dict[tuple[str, ...], float], counted: Counter[tuple[str, ...]], count: int
) -> list[tuple[str, ...]]:
    """The best, without those that are a part of a better one or only add to one."""
    chosen: list[tuple[str, ...]] = []
    for key in sorted(scored, key=lambda each: (-scored[each], each)):
        if len(chosen) >= count:
            break
        if not any(set(key) & set(other) for other in chosen):
            chosen.append(key)
    return chosen
