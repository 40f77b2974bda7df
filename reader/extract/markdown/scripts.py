"""Superscripts and subscripts as Unicode characters, or behind `^` and `_`."""

import re
from typing import Final

_SUPERSCRIPTS: Final = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ"
)
_SUBSCRIPTS: Final = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)
MAX_RAISED: Final = 6
"""Characters written as Unicode superscripts; longer terms are easier to read behind `^`."""
_NUMBERS: Final = re.compile(r"[+\-−]?[0-9n]+|[+\-−i]|\d*[+\-−]|\d{1,3}(?:\s?[,–-]\s?\d{1,3})+")
_TERM: Final = re.compile(r"(?=.*[\d+\-−=*/·,^⁰¹²³⁴-⁹ⁿ])[^\s\ue000-\uf8ff\[\]]{1,30}")
_EMPHASIS: Final = re.compile("[\ue000-\ue003]")
_BASE: Final = re.compile(r"[\w)\]|}′']$")


def superscript(run: str, before: str) -> str:
    """Return the run raised if it is an exponent, a number or one letter.

    `before` is the text that the run stands behind.
    """
    run = _EMPHASIS.sub("", run)
    text = run.strip()
    if _NUMBERS.fullmatch(text) or (len(text) == 1 and text in "abcdefghijklmnoprstuvwxyzT"):
        return run.replace(text, text.translate(_SUPERSCRIPTS))
    if not _BASE.search(before):
        return run
    if _TERM.fullmatch(text):
        raised = text.translate(_SUPERSCRIPTS)
        is_short = len(text) <= MAX_RAISED and not re.search(r"[a-z]{3}", text)
        if is_short and not set(raised) & set(text):
            return raised
        return f"^({text})"
    return _apart(run, text)


def subscript(run: str, before: str) -> str:
    """Return the run as a subscript if it is an index. `before` is the text before it."""
    run = _EMPHASIS.sub("", run)
    text = run.strip()
    lowered = text.translate(_SUBSCRIPTS)
    if re.fullmatch(r"[+\-−]?[0-9]+", text) or (len(text) == 1 and lowered != text):
        return run.replace(text, lowered)
    if not _BASE.search(before):
        return run
    if re.fullmatch(r"[^\W_]{1,12}", text):
        return f"_{text}"
    return f"_({text})" if _TERM.fullmatch(text) else _apart(run, text)


def _apart(run: str, text: str) -> str:
    """Return the run after a space if it is several words."""
    return f" {run}" if " " in text and run[:1].isalnum() else run
