"""Inline parser: inline Markdown to plain text with font styles and link targets.

Positions, highlights and matches are offsets in that text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from markdown_it.token import Token

from reader.layout.latex_to_unicode import to_unicode
from reader.layout.text_styles import ColorRole, FontStyle
from reader.markdown.parser import markdown_parser
from reader.model.text import clean, one_line

MAX_MARKS: Final = 1_500
"""Marks of inline Markdown up to which a block is parsed; tuned to 30 ms."""
MAX_LOOKAHEAD: Final = 4_000_000
"""Open brackets times length: each unclosed bracket costs a scan to the end of the block."""

_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>&~$\n]|://")
_SPACES: Final = re.compile(r"[ \t]{2,}|\t")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}'*_]")
_FONTS: Final = {"strong": FontStyle.BOLD, "em": FontStyle.ITALIC, "s": FontStyle.STRIKE}
_SYMBOLS: Final = frozenset("▶↗")
"""Text of links that extraction puts in place of embedded media or posts."""
_SUPERSCRIPTS: Final = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")


class LinkTarget(NamedTuple):
    """The target of a run: the address of a link, or the label of a footnote."""

    destination: str
    is_note: bool = False


class Run(NamedTuple):
    """A range of text with one font style; `target` is an index, or -1."""

    start: int
    end: int
    font: FontStyle = FontStyle.PLAIN
    target: int = -1
    color: ColorRole | None = None


@dataclass(frozen=True, slots=True)
class InlineText:
    """Plain text, and the runs that differ from plain text: ordered, not overlapping."""

    text: str
    runs: tuple[Run, ...] = ()
    targets: tuple[LinkTarget, ...] = ()
    cells: tuple[tuple[tuple[int, int], ...], ...] = ()
    """For a table: the offsets of each cell's text, row by row."""


def to_superscript(number: str) -> str:
    """Raise a footnote's number; put it in parentheses if its letters cannot be raised."""
    text = number.translate(_SUPERSCRIPTS)
    return text if not any(c.isascii() for c in text) else f"[{number}]"


def parse_inline(raw: str, environment: Mapping[str, Any]) -> InlineText:
    """Parse one block's inline Markdown; the result is clean."""
    if not _needs_parser(raw):
        return InlineText(_SPACES.sub(" ", clean(raw)))
    tokens: list[Token] = []
    markdown_parser().inline.parse(raw, markdown_parser(), environment, tokens)  # type: ignore[arg-type]  # only read
    writer = _InlineBuilder(environment.get("numbers", {}))
    writer.write(tokens)
    return writer.build()


def _needs_parser(raw: str) -> bool:
    """Return whether the text has inline Markdown that can be parsed in about 30 ms."""
    if not _SPECIAL.search(raw):
        return False
    if raw.count("[") * len(raw) > MAX_LOOKAHEAD:
        return False
    return len(raw) <= MAX_MARKS or len(_SPECIAL.findall(raw)) <= MAX_MARKS


def join_cells(rows: Iterable[Sequence[str]], environment: Mapping[str, Any]) -> InlineText:
    """Join a table to one text: cells separated by tabs, rows by newlines."""
    text: list[str] = []
    runs: list[Run] = []
    targets: list[LinkTarget] = []
    cells: list[tuple[tuple[int, int], ...]] = []
    at = 0
    for row in rows:
        spans: list[tuple[int, int]] = []
        for raw in row:
            cell = parse_inline(raw, environment)
            runs += [
                run._replace(
                    start=run.start + at,
                    end=run.end + at,
                    target=run.target + len(targets) if run.target >= 0 else -1,
                )
                for run in cell.runs
            ]
            targets += cell.targets
            text += [cell.text, "\t"]
            spans.append((at, at + len(cell.text)))
            at += len(cell.text) + 1
        if text:
            text[-1] = "\n"
        cells.append(tuple(spans))
    return InlineText("".join(text[:-1]), tuple(runs), tuple(targets), tuple(cells))


def _host(address: str) -> str:
    """Return the host of an address; empty if it has none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


class _InlineBuilder:
    """Builder of text and runs from markdown-it's inline tokens."""

    def __init__(self, numbers: Mapping[str, str]):
        self._numbers = numbers
        self._text: list[str] = []
        self._at = 0
        self._runs: list[Run] = []
        self._targets: list[LinkTarget] = []
        self._face = FontStyle.PLAIN
        self._target = -1
        self._link: tuple[int, str] = (0, "")

    def build(self) -> InlineText:
        return InlineText("".join(self._text), tuple(self._runs), tuple(self._targets))

    def write(self, tokens: Iterable[Token]) -> None:
        for token in tokens:
            kind = token.type
            if kind in ("text", "text_special"):
                self._add_with_urls(token.content)
            elif kind == "softbreak":
                self._add(" ")
            elif kind == "hardbreak":
                self._add("\n")
            elif kind == "code_inline":
                self._add(token.content.replace("\n", " "), FontStyle.CODE)
            elif kind == "link_open":
                self._face |= FontStyle.LINK
                self._target = self._add_target(LinkTarget(clean(str(token.attrs.get("href", "")))))
                self._link = (len(self._text), str(token.attrs.get("title", "")))
            elif kind == "link_close":
                self._name_symbol_link()
                self._face &= ~FontStyle.LINK
                self._target = -1
            elif kind == "image":
                self._add(token.content or "image", FontStyle.MISSING)
            elif kind == "math_inline":
                self._add(to_unicode(token.content), FontStyle.MATH)
            elif kind == "footnote_ref":
                label = str(token.meta.get("label", ""))
                target = self._add_target(LinkTarget(label, is_note=True))
                self._add(
                    to_superscript(self._numbers.get(label, label)), FontStyle.SUPERSCRIPT, target
                )
            else:
                self._toggle(kind, token)

    def _toggle(self, kind: str, token: Token) -> None:
        name, _, turn = kind.rpartition("_")
        face = _FONTS.get(name)
        if face is None:
            self._add(token.content)
        elif turn == "open":
            self._face |= face
        else:
            self._face &= ~face

    def _name_symbol_link(self) -> None:
        """Name the target of a link that is only a symbol."""
        first, title = self._link
        if "".join(self._text[first:]).strip() in _SYMBOLS:
            name = one_line(title, 200) or _host(self._targets[self._target].destination)
            self._add(f" {name}" if name else "")

    def _add_target(self, target: LinkTarget) -> int:
        self._targets.append(target)
        return len(self._targets) - 1

    def _add_with_urls(self, text: str) -> None:
        """Add text, and make links of the bare addresses in it."""
        if self._target >= 0 or "://" not in text:
            self._add(text)
            return
        done = 0
        for found in _ADDRESS.finditer(text):
            self._add(text[done : found.start()])
            self._add(found[0], FontStyle.LINK, self._add_target(LinkTarget(clean(found[0]))))
            done = found.end()
        self._add(text[done:])

    def _add(self, text: str, face: FontStyle = FontStyle.PLAIN, target: int = -1) -> None:
        text = clean(text)
        if "\t" in text or "  " in text:
            text = _SPACES.sub(" ", text)
        if not text:
            return
        face |= self._face
        target = target if target >= 0 else self._target
        start, self._at = self._at, self._at + len(text)
        self._text.append(text)
        if not face and target < 0:
            return
        if self._runs and self._runs[-1].end == start and self._runs[-1][2:4] == (face, target):
            self._runs[-1] = self._runs[-1]._replace(end=self._at)
        else:
            self._runs.append(Run(start, self._at, face, target))
