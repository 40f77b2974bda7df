"""Stems of words by language, from Snowball's algorithms (PyStemmer)."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from Stemmer import Stemmer

ALGORITHMS: Final = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""Snowball's algorithm of each language code."""
_FROM_PERSIAN: Final = str.maketrans("کی", "كي")
_TO_PERSIAN: Final = str.maketrans("كي", "کی")
"""Letters that Persian's algorithm knows only as its keyboard writes them."""
MIN_STEM: Final = 3
"""Letters of a stem; shorter ones join words that have nothing in common."""
MAX_WORD: Final = 40
"""Letters of a word that may have forms."""


@cache
def _stemmer(algorithm: str) -> Stemmer | None:
    try:
        return Stemmer(algorithm)
    except KeyError:
        # An older Snowball has fewer languages.
        return None


def stem(word: str, language: str) -> str:
    """Return the stem of a folded word; the word itself if the language has no algorithm."""
    return next(iter(stems([word], language)))


def stems(words: Sequence[str], language: str) -> Sequence[str]:
    """Return the stem of each folded word; the words if the language has no algorithm."""
    stemmer = _stemmer(ALGORITHMS.get(language.partition("-")[0], ""))
    if stemmer is None:
        return words
    if language.startswith("fa"):
        words = [word.translate(_TO_PERSIAN) for word in words]
    found: list[str] = stemmer.stemWords(list(words))
    return [root.translate(_FROM_PERSIAN) for root in found]
