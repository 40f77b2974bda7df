"""A query as the text that parses to it."""

import re
from typing import Final, assert_never

from reader.model.query.ast import (
    Aged,
    And,
    Dated,
    DatedBetween,
    Has,
    Is,
    Language,
    Leaf,
    Measured,
    MeasuredBetween,
    Named,
    Not,
    Or,
    Query,
    Tagged,
    Term,
    Text,
)

FIELD_LIKE: Final = re.compile(r"[A-Za-z][A-Za-z_]*:(?!//)")
"""How a term with a field begins; `https://…` is a word."""
_SPECIAL: Final = re.compile(r"[\s()\"\\]")


def printed(query: Query) -> str:
    """The text of the query; parsing it gives an equal one. Empty for the query of everything."""
    words = [] if query.where is None else [_term(query.where)]
    if query.sort is not None:
        if isinstance(query.where, Or):
            words = [f"({words[0]})"]
        words.append(f"sort:{'-' if query.sort.reverse else ''}{query.sort.key}")
    return " ".join(words)


def _term(term: Term) -> str:
    if isinstance(term, And):
        return " ".join(_grouped(part, Or) for part in term.terms)
    if isinstance(term, Or):
        return " OR ".join(_term(part) for part in term.terms)
    if isinstance(term, Not):
        return "-" + _grouped(term.term, And | Or | Not)
    return _leaf(term)


def _grouped(term: Term, kinds: object) -> str:
    text = _term(term)
    return f"({text})" if isinstance(term, kinds) else text  # type: ignore[arg-type]


def _leaf(term: Leaf) -> str:
    match term:
        case Text(text, prefix):
            return _word(text) + ("*" if prefix else "")
        case Tagged(tag, beneath):
            return "tag:" + _value(f"{tag}/*" if beneath else tag)
        case Is(flag):
            return f"is:{flag}"
        case Has(part):
            return f"has:{part}"
        case Named(field, text):
            return f"{field}:{_value(text)}"
        case Language(code):
            return f"lang:{_value(code)}"
        case Measured(field, comparison, number):
            return f"{field}:{comparison}{number}"
        case MeasuredBetween(field, low, high):
            return f"{field}:{'' if low is None else low}..{'' if high is None else high}"
        case Aged(field, comparison, amount, unit):
            return f"{field}:{comparison}{amount}{unit}"
        case Dated(field, comparison, day):
            return f"{field}:{comparison}{day}"
        case DatedBetween(field, first, last):
            return f"{field}:{first or ''}..{last or ''}"
    assert_never(term)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(text: str) -> str:
    return _quoted(text) if not text or _SPECIAL.search(text) else text


def _word(text: str) -> str:
    bare = not (
        not text
        or _SPECIAL.search(text)
        or text.startswith("-")
        or text.endswith("*")
        or text in ("AND", "OR", "NOT")
        or FIELD_LIKE.match(text)
    )
    return text if bare else _quoted(text)
