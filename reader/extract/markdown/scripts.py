"""Raised and lowered text in signs that stand for it, so that `10<sup>6</sup>` is not read as 106."""

import re
from typing import Final

_RAISED: Final = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED: Final = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_NUMBERS: Final = re.compile(r"[+\-−]?[0-9n]+|[+\-−i]|\d*[+\-−]")
_SUBSCRIPT: Final = re.compile(r"[+\-−]?[0-9]+")


def raised(run: str) -> str:
    """The run with raised digits; other words stay as they are (`1st`, `TM`)."""
    text = run.strip()
    return run.replace(text, text.translate(_RAISED)) if _NUMBERS.fullmatch(text) else run


def lowered(run: str) -> str:
    """The run with lowered digits; other words stay as they are."""
    text = run.strip()
    return run.replace(text, text.translate(_LOWERED)) if _SUBSCRIPT.fullmatch(text) else run
