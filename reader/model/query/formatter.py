"""A query as the text that parses to it."""

import re
from typing import Final, assert_never

from reader.model.query.ast import (
    AgeTerm,
    And,
    DateRangeTerm,
    DateTerm,
    FieldTerm,
    HasTerm,
    LabelTerm,
    LanguageTerm,
    Leaf,
    Not,
    NumberRangeTerm,
    NumberTerm,
    Or,
    Query,
    StateTerm,
    TagTerm,
    Term,
    TextTerm,
)

FIELD_LIKE: Final = re.compile(r"[A-Za-z][A-Za-z_]*:(?!//)")
"""The start of a term with a field; `https://…` is a word."""
_SPECIAL: Final = re.compile(r"[\s()\"\\]")


def format_query(query: Query) -> str:
    """Return the text of the query, which parses to an equal one; empty for all entries."""
    words = [] if query.where is None else [_format_term(query.where)]
    if query.sort is not None:
        if isinstance(query.where, Or):
            words = [f"({words[0]})"]
        words.append(f"sort:{'-' if query.sort.reverse else ''}{query.sort.key}")
    return " ".join(words)


def _format_term(term: Term) -> str:
    if isinstance(term, And):
        return " ".join(_format_group(part, Or) for part in term.terms)
    if isinstance(term, Or):
        return " OR ".join(_format_term(part) for part in term.terms)
    if isinstance(term, Not):
        return "-" + _format_group(term.term, And | Or | Not)
    return _format_leaf(term)


def _format_group(term: Term, kinds: object) -> str:
    text = _format_term(term)
    return f"({text})" if isinstance(term, kinds) else text  # type: ignore[arg-type]


def _format_leaf(term: Leaf) -> str:
    match term:
        case TextTerm(text, prefix, is_exact):
            return (_quote(text) if is_exact else _format_word(text)) + ("*" if prefix else "")
        case TagTerm(tag, beneath):
            return "tag:" + _format_value(f"{tag}/*" if beneath else tag)
        case StateTerm(flag):
            return f"is:{flag}"
        case HasTerm(part):
            return f"has:{part}"
        case FieldTerm(field, text):
            return f"{field}:{_format_value(text)}"
        case LabelTerm(label):
            return f"label:{_format_value(label)}"
        case LanguageTerm(code):
            return f"lang:{_format_value(code)}"
        case NumberTerm(field, comparison, number):
            return f"{field}:{comparison}{number}"
        case NumberRangeTerm(field, low, high):
            return f"{field}:{'' if low is None else low}..{'' if high is None else high}"
        case AgeTerm(field, comparison, amount, unit):
            return f"{field}:{comparison}{amount}{unit}"
        case DateTerm(field, comparison, day):
            return f"{field}:{comparison}{day}"
        case DateRangeTerm(field, first, last):
            return f"{field}:{first or ''}..{last or ''}"
    assert_never(term)


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _format_value(text: str) -> str:
    return _quote(text) if not text or _SPECIAL.search(text) else text


def _format_word(text: str) -> str:
    bare = not (
        not text
        or _SPECIAL.search(text)
        or text.startswith(("-", "+"))
        or text.endswith("*")
        or text in ("AND", "OR", "NOT")
        or FIELD_LIKE.match(text)
    )
    return text if bare else _quote(text)
