"""Query text to query value: a scanner and a recursive descent, with positions for errors.

    query := any          any := all ("OR" all)*       all := one (["AND"] one)*
    one   := "-" one | "(" any ")" | field ":" value | ["+"] word ["*"] | "phrase" ["*"]

`sort:KEY` may stand wherever a term may, but not in what `-` negates; the last one counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from reader.model.errors import QueryError
from reader.model.query.ast import Not, Query, Sort, Term, TextTerm, and_, or_
from reader.model.query.fields import FIELDS, parse_field, parse_sort
from reader.model.query.formatter import FIELD_LIKE
from reader.model.query.query_errors import query_error, unknown_field_error
from reader.model.text import clean
from reader.model.tokenizer import tokenize

MAX_LENGTH: Final = 4_000
"""Characters of a query: ⏱ parsing as many takes 9 ms."""
MAX_DEPTH: Final = 40
"""Nested groups and negations; far more than anybody types."""

_BARE: Final = re.compile(r'(?:[^\s()"]|(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea]))+')
"""A word; Hebrew abbreviations have a quote before their last letter."""
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)

TokenKind = Literal["(", ")", "-", "AND", "OR", "field", "text", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the query; `start` and `end` are offsets in code points."""

    kind: TokenKind
    start: int
    end: int
    text: str = ""
    field: str = ""
    prefix: bool = False
    is_exact: bool = False


def parse(text: str) -> Query:
    """Parse the text of a query; an empty text matches every entry.

    Raises QueryError with the fault, its offsets, and the nearest right word if there is one.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query is longer than {MAX_LENGTH} characters", MAX_LENGTH, len(text))
    return _Parser(list(tokenize_query(text)), len(text)).parse()


def tokenize_query(text: str) -> Iterator[Token]:
    """Return the tokens of the query, without an end token. Raises QueryError for an unclosed quote."""
    position = 0
    while position < len(text):
        character = text[position]
        if character.isspace():
            position += 1
        elif character in "()":
            yield Token("(" if character == "(" else ")", position, position + 1)
            position += 1
        elif character == "-":
            yield Token("-", position, position + 1)
            position += 1
        else:
            token = _read_required(text, position) or _read_token(text, position)
            yield token
            position = token.end


def _read_required(text: str, start: int) -> Token | None:
    """Return the term after `+` (a word becomes exact); None if there is no `+` or no term."""
    following = text[start + 1 : start + 2]
    if text[start] != "+" or not following or following.isspace() or following in "+-()":
        return None
    token = _read_token(text, start + 1, has_operators=False)
    if token.kind == "field":
        return token
    return Token("text", start, token.end, token.text, prefix=token.prefix, is_exact=True)


def _read_token(text: str, start: int, *, has_operators: bool = True) -> Token:
    """Return the term or, unless only words are possible, the operator at this offset."""
    if text[start] == '"':
        value, end = _read_quoted(text, start)
        prefix = text[end : end + 1] == "*"
        return Token("text", start, end + prefix, value, prefix=prefix, is_exact=True)
    match = _BARE.match(text, start)
    assert match is not None
    run, end = match[0].replace('"', ""), match.end()
    if run == "NOT" and has_operators:
        raise query_error("not is written as `-` before the term, without a space", start, end, "-")
    if run in ("AND", "OR") and has_operators:
        return Token("AND" if run == "AND" else "OR", start, end)
    if FIELD_LIKE.match(run):
        field, _, value = run.partition(":")
        if not value and text[end : end + 1] == '"':
            value, end = _read_quoted(text, end)
        return Token("field", start, end, value, field=field)
    if len(run) > 1 and run.endswith("*"):
        return Token("text", start, end, run[:-1], prefix=True)
    return Token("text", start, end, run)


def _read_quoted(text: str, start: int) -> tuple[str, int]:
    match = _QUOTED.match(text, start)
    if match is None:
        raise query_error("a quote is not closed", start, len(text))
    return _ESCAPED.sub(r"\1", match[1]), match.end()


class _Parser:
    def __init__(self, scanned: list[Token], length: int):
        self._tokens = [*scanned, Token("end", length, length)]
        self._at = 0
        self._sort: Sort | None = None
        self._negations = 0
        """Terms behind `-` that contain the current token."""

    def parse(self) -> Query:
        if self._peek().kind == "end":
            return Query()
        where = self._parse_or(0)
        if self._peek().kind == ")":
            raise query_error("a parenthesis is closed that was not opened", self._peek().start)
        return Query(where, self._sort)

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _parse_or(self, depth: int) -> Term | None:
        parts = [self._parse_and(depth)]
        while self._peek().kind == "OR":
            joiner = self._next()
            parts.append(self._parse_and(depth))
            if parts[-1] is None or parts[-2] is None:
                raise query_error("OR needs a term on either side", joiner.start, joiner.end)
        found = [part for part in parts if part is not None]
        return or_(*found) if found else None

    def _parse_and(self, depth: int) -> Term | None:
        found: list[Term] = []
        expected = True
        while (token := self._peek()).kind not in (")", "end", "OR"):
            if token.kind == "AND":
                self._next()
                if expected:
                    raise query_error("AND needs a term on either side", token.start, token.end)
                expected = True
                continue
            term = self._parse_term(depth)
            expected = False
            if term is not None:
                found.append(term)
        if expected:
            self._raise_missing_term(token)
        return and_(*found) if found else None

    def _raise_missing_term(self, token: Token) -> None:
        before = self._tokens[self._at - 1] if self._at else token
        if before.kind in ("AND", "OR"):
            raise query_error(
                f"{before.kind} needs a term on either side", before.start, before.end
            )
        if token.kind == "OR":
            raise query_error("OR needs a term on either side", token.start, token.end)
        if before.kind == "(" and token.kind == ")":
            raise query_error("the parentheses are empty", before.start, token.end)
        if before.kind == "(":
            raise query_error("a parenthesis is not closed", before.start, before.end)
        raise query_error("a parenthesis is closed that was not opened", token.start, token.end)

    def _parse_term(self, depth: int) -> Term | None:
        """Return a term; None for `sort:`."""
        token = self._next()
        if depth > MAX_DEPTH:
            raise query_error(
                f"more than {MAX_DEPTH} groups inside each other", token.start, token.end
            )
        if token.kind == "-":
            return self._parse_not(token, depth)
        if token.kind == "(":
            inner = self._parse_or(depth + 1)
            if self._peek().kind != ")":
                raise query_error("a parenthesis is not closed", token.start, token.end)
            self._next()
            return inner
        if token.kind == "field":
            return self._parse_field(token)
        return _parse_text(token)

    def _parse_not(self, minus: Token, depth: int) -> Term:
        following = self._peek()
        if following.kind in (")", "end", "AND", "OR") or following.start != minus.end:
            raise query_error("`-` stands before the term it negates", minus.start, minus.end)
        if following.kind == "field" and following.field.casefold() == "sort":
            key = following.text
            nearest = f"sort:{key[1:]}" if key.startswith("-") else f"sort:-{key}"
            raise query_error(
                "an order is reversed behind the colon", minus.start, following.end, nearest
            )
        self._negations += 1
        term = self._parse_term(depth + 1)
        self._negations -= 1
        # Only an order is parsed to no term, and orders are refused here.
        assert term is not None
        return Not(term)

    def _parse_field(self, token: Token) -> Term | None:
        name = token.field.casefold()
        start = token.start + len(token.field) + 1
        if name == "sort":
            if self._negations:
                raise query_error("an order cannot be negated", token.start, token.end)
            self._sort = parse_sort(token.text, start, token.end)
            return None
        if name not in FIELDS:
            raise unknown_field_error(token.field, [*FIELDS, "sort"], token.start, start)
        return parse_field(name, clean(token.text), start, token.end)


_FOREIGN_OPERATORS: Final = {"|": "OR", "||": "OR", "&": "AND", "&&": "AND"}
"""Operators of other languages, and ours."""


def _parse_text(token: Token) -> TextTerm:
    text = clean(token.text)
    if not tokenize(text):
        meant = _FOREIGN_OPERATORS.get(text)
        raise query_error(f"{text!r} has no letters or digits", token.start, token.end, meant)
    return TextTerm(text, token.prefix, token.is_exact)
