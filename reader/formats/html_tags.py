"""Tags and text of a bookmark page, in linear time.

`html.parser` of Python 3.11 is quadratic in unfinished tags (60 KB of `<a ` took 115 s) and raises
AssertionError for `<![`. Bookmark files need no tree, only tags, attributes and text.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

_TAG_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*+")
_ATTRIBUTE_NAME: Final = re.compile(r"[^\s=>/]++")
_UNQUOTED_VALUE: Final = re.compile(r"[^\s>]*+")
_BETWEEN: Final = re.compile(r"[\s/]*+")
_EQUALS: Final = re.compile(r"\s*+=\s*+")


class StartTag(NamedTuple):
    """An opening tag; names are in lower case, values unescaped."""

    name: str
    attributes: Mapping[str, str]


class EndTag(NamedTuple):
    """A closing tag."""

    name: str


def tokenize(page: str) -> Iterator[StartTag | EndTag | str]:
    """Yield tags and unescaped text in their order; never raises.

    Comments, declarations and a tag that the page does not finish are left out.
    """
    return _Tokenizer(page).tokens()


class _Tokenizer:
    """A scanner that never looks at a character twice.

    `_missing` holds the endings that do not occur any more, so that none is searched for twice.
    """

    def __init__(self, page: str):
        self._page = page
        self._at = 0
        self._missing: set[str] = set()

    def tokens(self) -> Iterator[StartTag | EndTag | str]:
        page = self._page
        text_start = 0
        while (start := page.find("<", self._at)) >= 0:
            self._at = start + 1
            kind = page[start + 1 : start + 2]
            if not (kind in "!?/" or (kind.isascii() and kind.isalpha())) or not kind:
                continue
            if start > text_start:
                yield unescape(page[text_start:start])
            tag = self._markup(kind)
            if tag:
                yield tag
            text_start = self._at
        if text_start < len(page):
            yield unescape(page[text_start:])

    def _markup(self, kind: str) -> StartTag | EndTag | None:
        """Read what a `<` begins and stand behind it."""
        page = self._page
        if page.startswith("!--", self._at) and (end := self._find("-->", self._at + 3)) >= 0:
            self._at = end + 3
            return None
        is_end = kind == "/"
        name = _TAG_NAME.match(page, self._at + is_end)
        if name is None:
            end = self._find(">", self._at)
            self._at = end + 1 if end >= 0 else len(page)
            return None
        self._at = name.end()
        attributes = self._attributes()
        if attributes is None:
            return None
        return EndTag(name[0].lower()) if is_end else StartTag(name[0].lower(), attributes)

    def _attributes(self) -> Mapping[str, str] | None:
        """Read up to the end of the tag; None if the page ends before it."""
        page = self._page
        attributes: dict[str, str] = {}
        while True:
            self._skip(_BETWEEN)
            if self._at >= len(page):
                return None
            if page[self._at] == ">":
                self._at += 1
                return attributes
            name = _ATTRIBUTE_NAME.match(page, self._at)
            if name is None:
                self._at += 1  # a lone equals sign
                continue
            self._at = name.end()
            value = ""
            if equals := _EQUALS.match(page, self._at):
                self._at = equals.end()
                value = self._value()
            attributes.setdefault(name[0].lower(), value)

    def _value(self) -> str:
        page, quote = self._page, self._page[self._at : self._at + 1]
        if quote in ('"', "'") and (end := self._find(quote, self._at + 1)) >= 0:
            raw = page[self._at + 1 : end]
            self._at = end + 1
        else:
            start = self._at
            self._skip(_UNQUOTED_VALUE)
            raw = page[start : self._at].strip("\"'")
        return unescape(raw)

    def _find(self, ending: str, start: int) -> int:
        if ending in self._missing:
            return -1
        found = self._page.find(ending, start)
        if found < 0:
            self._missing.add(ending)
        return found

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._page, self._at)
        self._at = found.end() if found else self._at


def unescape(text: str) -> str:
    """Resolve character references; the text itself if a number in it is too long to read."""
    try:
        return html.unescape(text) if "&" in text else text
    except ValueError:
        return text
