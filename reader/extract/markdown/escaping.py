"""Escapes for page text that would be markup.

Source: CommonMark 0.31 and the extensions the reader knows (tables, strikethrough, footnotes,
dollar math). What can mean nothing where it stands is left alone, so that prose reads naturally.
"""

import re
from typing import Final

_SPECIAL: Final = re.compile(r"[\\`*_<&\[\]~!$^]")
_TOKEN: Final = re.compile(
    "\ue00a[^\ue00b]*\ue00b|\ue006[^\ue007]*\ue007|[\ue006\ue008\\\\`*_<&\\[\\]~!$]"
)
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,40});")
_TAG: Final = re.compile(r"<[A-Za-z/!?\ue000-\ue00c]|<$")
_BRACKETS: Final = re.compile(r"\]\s?[(:\[]|\[\^|\^\[|^\s*\[(?:[ xX]\]|!)|\][\ue000-\ue00a]")
_MATH: Final = re.compile(r"\$\$|(?<!\\)\$(?=[^\s$])[^$]*[^\s$]\$(?!\d)|\ue00a\$")
_PUNCTUATION: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_BLOCK_START: Final = re.compile(
    r"(#{1,6}|[-+*])(?=\s|$)|>|([-_*])[ \t]*(?:\2[ \t]*){2,}$|=+\s*$"
    r"|(?=[|:\s-]*-)[|:-][|:\s-]*$|\[\^?[^\]]*\]:"
)
_LIST_NUMBER: Final = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def escape(run: str) -> str:
    """Return the run with a backslash before each character that would be markup."""
    if _SPECIAL.search(run) is None:
        return run
    brackets = _BRACKETS.search(run) is not None
    math = "$" in run and _MATH.search(run) is not None
    depth = 0

    def judge(found: re.Match[str]) -> str:
        nonlocal depth
        token, at = found[0], found.start()
        if len(token) > 1 or token in "\ue006\ue008":
            depth += (token[0] == "\ue006") - (token[0] == "\ue008")
            return token
        before = run[at - 1 : at] or " "
        after = run[at + 1 : at + 2] or " "
        if token in "[]":
            special = brackets or depth > 0
        elif token == "$":
            special = math
        else:
            special = _is_markup(token, run, at, before, after)
        return f"\\{token}" if special else token

    return _TOKEN.sub(judge, run)


def _is_markup(sign: str, run: str, at: int, before: str, after: str) -> bool:
    if sign == "\\":
        return after in _PUNCTUATION or after == "\ue00c" or "\ue000" <= after <= "\ue00b"
    if sign == "`":
        return True
    if sign == "*":
        return not (before.isspace() and after.isspace())
    if sign == "_":
        # Behind a letter or digit it can only close, and every one that opens is escaped.
        return not (before.isalnum() or after.isspace())
    if sign == "<":
        return _TAG.match(run, at) is not None
    if sign == "&":
        return _ENTITY.match(run, at) is not None
    if sign == "~":
        return "~" in (before, after) or "\ue004" in run
    return after in "[\ue006\ue00a"


def escape_line_start(line: str, *, first: bool) -> str:
    """Return the line with a backslash if its beginning would start a block."""
    start = line[:1]
    if start.isalpha() or not start:
        return line
    if start.isdigit():
        return _LIST_NUMBER.sub(r"\1\\\2", line, count=1) if _LIST_NUMBER.match(line) else line
    if start == "=" and first:
        return line
    return f"\\{line}" if _BLOCK_START.match(line) else line


def escape_cell(text: str) -> str:
    """Escape a finished line for a row of a table."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", text) if "|" in text else text


def escape_heading(text: str) -> str:
    """Escape a finished line for a heading, whose trailing `#` would end it."""
    return re.sub(r"(^|\s)(#+)$", r"\1\\\2", text)
