"""Letters that are written in several ways and are one in a search.

Simplified, traditional and Japanese forms of Han characters, letters that Arabic, Persian and Urdu
keyboards write differently, digits of all scripts, and spellings of the same sound: a nasal before
a consonant in Hindi, marks of Thai in another order.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

HAN_TABLE: Final = Path(__file__).with_name("han_variants.txt")
"""Lines of Han characters: the form that is compared, then those that become it."""
_LETTERS: Final = {
    # Arabic: alef with wasla, ta marbuta, alef maqsura; Persian and Urdu kaf, yeh and heh.
    "ٱ": "ا", "ة": "ه", "ى": "ي", "ک": "ك", "ی": "ي", "ہ": "ه", "ھ": "ه", "ۃ": "ه", "ە": "ه",
    # Hebrew: ligatures of Yiddish. Devanagari: candrabindu.
    "װ": "וו", "ױ": "וי", "ײ": "יי", "ँ": "ं",
    # Malayalam: letters without a vowel.
    "ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്", "ൿ": "ക്",
}  # fmt: skip
_ETHIOPIC: Final = ((0x1210, 0x1200), (0x1280, 0x1200), (0x12B8, 0x1200), (0x1220, 0x1230),
                    (0x12D0, 0x12A0), (0x1340, 0x1338))  # fmt: skip
"""Series of Ethiopic letters, seven each, that Amharic speaks alike."""
_SERIES: Final = 7
_SCRIPTS: Final = (
    "\u0531-\u07ff\u0900-\u109f\u1200-\u137f\u1780-\u17e9\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Blocks with such letters, as a class of a pattern: a text of others is left as it is."""
_SPELLINGS: Final = (
    # Sounds of loan words that katakana writes in two ways.
    ("ヴ", "ヴァ", "バ"),
    ("ヴ", "ヴィ", "ビ"),
    ("ヴ", "ヴェ", "ベ"),
    ("ヴ", "ヴォ", "ボ"),
    ("ヴ", "ヴ", "ブ"),
    # The long end of a loan word in katakana may be missing.
    ("\u30fc", "(?<=[\u30a1-\u30fc]{3})\u30fc(?![\u30a1-\u30fc])", ""),
    # Abbreviations and foreign sounds of Hebrew have signs between letters.
    ("[\u05f3\u05f4\"'´’‘”“]", "(?<=[\u05d0-\u05ea])[\u05f3\u05f4\"'´’‘”“](?=[\u05d0-\u05ea])", ""),
    # Nukta marks sounds that Hindi took over, and is often left out.
    ("\u093c", "\u093c", ""),
    # Devanagari and Gujarati write a nasal before a consonant of its place as a letter or a dot.
    (
        "\u094d",
        "ङ\u094d(?=[क-घ])|ञ\u094d(?=[च-झ])|ण\u094d(?=[ट-ढ])|न\u094d(?=[त-ध])|म\u094d(?=[प-भ])",
        "\u0902",
    ),
    (
        "\u0acd",
        "ઙ\u0acd(?=[ક-ઘ])|ઞ\u0acd(?=[ચ-ઝ])|ણ\u0acd(?=[ટ-ઢ])|ન\u0acd(?=[ત-ધ])|મ\u0acd(?=[પ-ભ])",
        "\u0a82",
    ),
    # Thai and Lao: a tone before the vowel's ring, and a doubled e for ae.
    ("[\u0e4d\u0ecd]", "([\u0e48-\u0e4b\u0ec8-\u0ecb]+)([\u0e4d\u0ecd])", r"\2\1"),
    ("\u0e40\u0e40", "\u0e40\u0e40", "\u0e41"),
    # Armenian: the former spelling of the word and.
    ("\u0565\u0582", "\u0565\u0582", "\u0565\u057e"),
)
"""Signs that a rule needs, its pattern, and what replaces it."""


class _Letters(dict[int, str]):
    """A translation table that learns each letter the first time it is met."""

    def __init__(self) -> None:
        super().__init__({ord(letter): form for letter, form in _LETTERS.items()})
        for first, kept in _ETHIOPIC:
            for place in range(_SERIES):
                self[first + place] = chr(kept + place)
        for group in HAN_TABLE.read_text("utf-8").split():
            self.update((ord(other), group[0]) for other in group[1:])

    def __missing__(self, code: int) -> str:
        digit = unicodedata.digit(chr(code), None)
        form = chr(code) if digit is None else str(digit)
        self[code] = form
        return form


@cache
def _scripts() -> re.Pattern[str]:
    return re.compile(f"[{_SCRIPTS}]")


@cache
def _letters() -> _Letters:
    return _Letters()


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(signs), re.compile(pattern), form) for signs, pattern, form in _SPELLINGS
    )


def fold_variants(text: str) -> str:
    """Return the text, which is folded otherwise, with one form for all variants of a letter.

    Linear in the text.
    """
    # ⏱ Texts of other scripts need no more than this.
    if not _scripts().search(text):
        return text
    for signs, pattern, form in _spellings():
        if signs.search(text):
            text = pattern.sub(form, text)
    return text.translate(_letters())
