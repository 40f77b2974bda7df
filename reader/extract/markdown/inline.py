"""Runs of inline content, with markup as private characters until a paragraph is complete.

In a run all markup is private-use characters, which page text never holds (`flat` drops them), so
that whether a sign of the text would mean something can be judged in its place, once.
"""

import re
from typing import Final

from reader.extract.markdown.emphasis import tidy
from reader.extract.markdown.escaping import escape, escape_line_start
from reader.extract.markdown.sentinels import (
    BREAK,
    CLOSING,
    DELIMITERS,
    END_LINK,
    END_VERBATIM,
    LINK,
    OPENING,
    TOKEN,
    VERBATIM,
)

_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff\u00ad\u200b\ufeff]")
_SPACE: Final = "[ \t\r\n\f\x0b\u2028\u2029]"
_SPACES: Final = re.compile(f" {_SPACE}+|[\t\r\n\f\x0b\u2028\u2029]{_SPACE}*")
"""White space other than the one plain space between two words, which most of it is."""
_WIDE_SPACES: Final = re.compile("[ \u00a0]{2,}")
_SENTINEL: Final = re.compile("[\ue000-\ue00c]")
_MARGIN: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    f"\u2009\u200a\u2028\u2029\u202f\u205f\u3000{BREAK}"
)
"""White space as Unicode has it, and breaks."""
_PARAGRAPH: Final = re.compile(f"\\s*{BREAK}(?:\\s*{BREAK})+\\s*")
_BESIDE_IMAGE: Final = re.compile(
    f"({VERBATIM}!\\[[^{END_VERBATIM}]*{END_VERBATIM}{END_LINK}?)(?=\\w)"
)


def collapse_spaces(text: str) -> str:
    """Return page text on one line, without the characters of sentinels."""
    # ⏱ Most texts: what Python calls printable has neither these characters nor other white space.
    if "  " not in text and text.isprintable():
        return text
    if not text.isascii():
        text = _PRIVATE.sub("", text)
    return _SPACES.sub(" ", text)


def verbatim(markdown: str) -> str:
    """Return finished Markdown as a part of a run, never escaped again."""
    return f"{VERBATIM}{markdown}{END_VERBATIM}"


def wrap(opening: str, run: str, close: str) -> str:
    """Wrap the run in two marks; spaces and breaks at its ends stay outside."""
    behind = run.lstrip(_MARGIN)
    inner = behind.rstrip(_MARGIN)
    if not inner:
        return run
    return f"{run[: len(run) - len(behind)]}{opening}{inner}{close}{behind[len(inner) :]}"


def paragraphs(run: str) -> list[str]:
    """Return the run as finished paragraphs; two breaks begin a new one."""
    if BREAK in run:
        return [text for part in _split_at_breaks(run) if (text := finish_paragraph(part))]
    text = finish_paragraph(run)
    return [text] if text else []


def _split_at_breaks(run: str) -> list[str]:
    """Cut the run at double breaks; open marks are closed and reopened."""
    parts = _PARAGRAPH.split(run)
    if len(parts) == 1:
        return parts
    balanced, stack = [], list[str]()
    for part in parts:
        head = "".join(stack)
        for token in TOKEN.findall(part):
            if token[0] in OPENING or token[0] == LINK:
                stack.append(token)
            elif (token[0] in CLOSING or token[0] == END_LINK) and stack:
                stack.pop()
        tail = "".join(OPENING.get(mark[0], END_LINK) for mark in reversed(stack))
        balanced.append(head + part + tail)
    return balanced


def finish_paragraph(run: str) -> str:
    """Return the run as one finished paragraph with hard line breaks."""
    if "  " not in run and run.isprintable():
        # ⏱ Most paragraphs: no marks and no other spaces.
        run = run.strip()
        return escape_line_start(escape(run), first=True) if run else ""
    run = _WIDE_SPACES.sub(" ", run).strip()
    if not run:
        return ""
    if _SENTINEL.search(run) is None:
        return escape_line_start(escape(run), first=True)
    run = _BESIDE_IMAGE.sub(r"\1 ", tidy(run))
    lines = [_WIDE_SPACES.sub(" ", line).strip() for line in escape(run).split(BREAK)]
    lines = [line for line in lines if line]
    return "  \n".join(
        _write_sentinels(escape_line_start(line, first=number == 0))
        for number, line in enumerate(lines)
    )


def finish_line(run: str) -> str:
    """Return the run on one line of a heading or cell: breaks are spaces."""
    run = _WIDE_SPACES.sub(" ", run.replace(BREAK, " ")).strip()
    if _SENTINEL.search(run) is None:
        return escape(run)
    return _WIDE_SPACES.sub(" ", _write_sentinels(escape(tidy(run)))).strip()


def _write_sentinels(line: str) -> str:
    """Return the line with its marks as Markdown."""

    def write(found: re.Match[str]) -> str:
        token = found[0]
        if token[0] == VERBATIM:
            return token[1:-1]
        if token[0] == LINK:
            targets.append(token[1:-1])
            return "["
        if token == END_LINK:
            return f"]({targets.pop()})" if targets else ""
        return DELIMITERS.get(token, "")

    targets: list[str] = []
    return TOKEN.sub(write, line)
