"""Extractive summaries and key phrases, computed locally.

A sentence scores by its overlap with the whole text and the title, and by its position: in news and
essays the first lines say most (Nenkova 2005, "lead" baselines). Sentences that repeat chosen ones are
penalised (maximal marginal relevance, Carbonell 1998).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from reader.model.sentences import iterate_spans
from reader.model.tokenizer import fold_accents, tokenize
from reader.search.text.prose import is_complete, prose_paragraphs
from reader.search.text.stopwords import STOPWORDS

SUMMARY_SENTENCES: Final = 3
"""Sentences of a summary; the weights below were chosen with as many."""
_MAX_SCORED: Final = 400
"""Sentences that are scored; later ones of a very long text are rarely its summary."""
_MAX_CHARACTERS: Final = 120_000
"""Characters of prose that are read: ⏱ at most 0.2 s; 400 sentences take 40,000."""
_MAX_READ: Final = 10 * _MAX_SCORED
"""Sentences read to find those: of lists and tables most are incomplete."""
_POSITION_WEIGHT: Final = 1.0
"""Weight of an early place, against which the other two were chosen."""
_CENTRALITY_WEIGHT: Final = 0.55
"""From 648 pages with a description; LexRank in place of centrality found no more of it."""
_TITLE_WEIGHT: Final = 0.8
"""Weight of words from the title, chosen on the same pages."""
_REDUNDANCY_WEIGHT: Final = 0.6
"""Share of an overlap with chosen sentences that is taken off. Chosen by hand, not measured."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Whole sentences in text order, and key phrases as written, best first."""

    sentences: tuple[str, ...]
    phrases: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    words: frozenset[str]
    length: int


def summarise(
    title: str, markdown: str, *, count: int = SUMMARY_SENTENCES, phrases: int = 8
) -> Summary:
    """Summarise an article; empty without a whole sentence. About 10 ms for 5,000 words."""
    prose = prose_paragraphs(markdown, _MAX_CHARACTERS)
    return Summary(
        tuple(key_sentences(title, prose, count)), tuple(key_phrases(title, prose, phrases))
    )


def key_sentences(title: str, prose: Iterable[str], count: int) -> list[str]:
    """Choose up to `count` sentences that cover most of the text, in its order."""
    found = _candidates(prose)
    if not found:
        return []
    weights = _word_weights(found)
    named = frozenset(tokenize(title)) - STOPWORDS
    scored = [_score(position, each, weights, named) for position, each in enumerate(found)]
    chosen: list[int] = []
    while len(chosen) < min(count, len(found)):
        best = max(
            (position for position in range(len(found)) if position not in chosen),
            key=lambda position: (
                scored[position] - _REDUNDANCY_WEIGHT * _overlap(position, chosen, found)
            ),
        )
        chosen.append(best)
    return [found[position].text for position in sorted(chosen)]


def _candidates(prose: Iterable[str]) -> list[_Sentence]:
    found: list[_Sentence] = []
    seen: set[str] = set()
    every = (line[start:end] for line in prose for start, end in iterate_spans(line))
    for text in islice(every, _MAX_READ):
        if text in seen or not is_complete(text):
            continue
        seen.add(text)
        words = tokenize(text)
        found.append(_Sentence(text, frozenset(words) - STOPWORDS, len(words)))
        if len(found) >= _MAX_SCORED:
            break
    return found


def _word_weights(found: list[_Sentence]) -> dict[str, float]:
    """Return each repeated word's weight.

    It is the logarithm of the number of sentences that contain the word, scaled so that the largest
    is 1.
    """
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
    return (
        _POSITION_WEIGHT * early
        + _CENTRALITY_WEIGHT * central
        + _TITLE_WEIGHT * titled
        - short
        - long
    )


def _overlap(position: int, chosen: list[int], found: list[_Sentence]) -> float:
    words = found[position].words
    return max((len(words & found[each].words) / (len(words) + 1) for each in chosen), default=0.0)


_LETTER: Final = "[^\\W_\u0900-\u0dff]|[\u0900-\u0963\u0966-\u0dff]"
"""A letter or digit, or a vowel sign of a script of India, unlike `\\w`."""
_WORD: Final = re.compile(rf"(?:{_LETTER})+(?:[-'’](?!s\b)(?:{_LETTER})+)*")
_MAX_PHRASE_WORDS: Final = 10_000
"""Words read for key phrases: ⏱ at most 0.4 s, if every word repeats."""


def key_phrases(title: str, prose: Iterable[str], count: int) -> list[str]:
    """Return recurring phrases of one to three words as written, best first."""
    places: defaultdict[tuple[str, ...], list[tuple[list[str], int]]] = defaultdict(list)
    for words, written in _first_runs(prose, _MAX_PHRASE_WORDS):
        for size in (1, 2, 3):
            for at in range(len(words) - size + 1):
                places[tuple(words[at : at + size])].append((written, at))
    named = set(tokenize(title))
    scored = {
        key: len(found)
        * (1 + 0.9 * (len(key) - 1))
        * (1 + sum(word in named for word in key) / len(key))
        for key, found in places.items()
        if len(found) > 1 and not (len(key) == 1 and len(key[0]) < 3)
    }
    return [_as_written(places[key], len(key)) for key in _drop_overlapping(scored, count)]


def _as_written(places: Iterable[tuple[list[str], int]], size: int) -> str:
    """Return the most frequent spelling of the phrase at these places."""
    shown = Counter(" ".join(words[at : at + size]) for words, at in places)
    return shown.most_common(1)[0][0]


def _first_runs(prose: Iterable[str], limit: int) -> Iterator[tuple[list[str], list[str]]]:
    """Yield runs of up to `limit` words in all: folded, and as written."""
    for paragraph in prose:
        for run in _word_runs(paragraph, limit):
            limit -= len(run)
            yield [folded for folded, _ in run], [written for _, written in run]
            if limit <= 0:
                return


def _word_runs(paragraph: str, limit: int) -> Iterator[list[tuple[str, str]]]:
    """Yield runs of words between stop words and signs, each with its folded form.

    A run ends after `limit` words, and the paragraph with it.
    """
    run: list[tuple[str, str]] = []
    last = 0
    for match in _WORD.finditer(paragraph):
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
            if len(run) >= limit:
                break
        last = match.end()
    if run:
        yield run


def _drop_overlapping(scored: dict[tuple[str, ...], float], count: int) -> list[tuple[str, ...]]:
    """Return the best phrases, dropping those that share a word with a better one."""
    chosen: list[tuple[str, ...]] = []
    for key in sorted(scored, key=lambda each: (-scored[each], each)):
        if len(chosen) >= count:
            break
        if not any(set(key) & set(other) for other in chosen):
            chosen.append(key)
    return chosen
