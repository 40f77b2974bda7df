"""Inline text: the plain text of a block with font styles and link targets.

Positions, highlights and matches are offsets in that text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from reader.layout.latex_to_unicode import to_unicode
from reader.layout.text_styles import ColorRole, FontStyle
from reader.model.text import clean, one_line
from reader.model.urls import encode_url

_SPACES: Final = re.compile(r"[ \t]{2,}|\t")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}'*_]")
_SYMBOLS: Final = frozenset("▶↗")
"""Text of links that extraction puts in place of embedded media or posts."""
_SUPERSCRIPTS: Final = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_UNSAFE_SCHEMES: Final = ("javascript:", "vbscript:", "data:", "file:")
"""Schemes whose links are shown as text."""
_STYLES: Final = tuple(FontStyle(flags) for flags in range(2 * max(FontStyle)))
"""⏱ Flags are joined as plain numbers: joining an `IntFlag` takes ten times as long."""
_new: Final = tuple.__new__
_CODE, _LINK, _SUPERSCRIPT, _MATH, _MISSING = map(
    int, (FontStyle.CODE, FontStyle.LINK, FontStyle.SUPERSCRIPT, FontStyle.MATH, FontStyle.MISSING)
)


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


class InlineText(NamedTuple):
    """Plain text, and the runs that differ from plain text: ordered, not overlapping."""

    text: str = ""
    runs: tuple[Run, ...] = ()
    targets: tuple[LinkTarget, ...] = ()
    cells: tuple[tuple[tuple[int, int], ...], ...] = ()
    """For a table: the offsets of each cell's text, row by row."""

    def slice(self, start: int, end: int) -> "InlineText":
        """Return a range of the text, without white space at its ends; linear in the range."""
        part = self.text[start:end]
        start += len(part) - len(part.lstrip())
        return self.part(start, start + len(part.strip()))

    def part(self, start: int, end: int) -> "InlineText":
        """Return a range of the text with its runs and their targets; linear in the range."""
        first = bisect_right(self.runs, start, key=lambda run: run.end)
        last = bisect_left(self.runs, end, key=lambda run: run.start)
        runs = self.runs[first:last]
        used = [run.target for run in runs if run.target >= 0]
        base, behind = (used[0], used[-1] + 1) if used else (0, 0)
        moved = tuple(_move_run(run, start, end - start, base) for run in runs)
        return InlineText(self.text[start:end], moved, self.targets[base:behind])

    def run_over(self, offset: int) -> Run | None:
        """Return the run that an offset lies in, not at its edge."""
        index = bisect_left(self.runs, offset, key=lambda run: run.start) - 1
        return self.runs[index] if index >= 0 and self.runs[index].end > offset else None


def _move_run(run: Run, back: int, size: int, targets: int) -> Run:
    """Return the run moved back in a text of `size`, and its target in the list of those."""
    start, end = max(run.start - back, 0), min(run.end - back, size)
    target = run.target - targets if run.target >= 0 else -1
    return Run(start, end, run.font, target, run.color)


NO_TEXT: Final = InlineText()


def to_inline_text(words: str) -> InlineText:
    """Return words without markup as the text of a block; bare addresses become links."""
    words = words.strip()
    if not words:
        return NO_TEXT
    is_plain = words.isascii() and words.isprintable() and "  " not in words
    if is_plain and "://" not in words:
        # ⏱ A quarter of the time of calling the class.
        return _new(InlineText, (words, (), (), ()))
    builder = InlineBuilder()
    builder.add_text(words)
    return builder.build()


def to_superscript(number: str) -> str:
    """Raise a footnote's number; put it in parentheses if its letters cannot be raised."""
    text = number.translate(_SUPERSCRIPTS)
    return text if not any(c.isascii() for c in text) else f"[{number}]"


@lru_cache(maxsize=256)
def formula_text(source: str) -> str:
    """Convert a formula to one line; the same one often stands many times in a text."""
    return to_unicode(source)


def join_cells(rows: Iterable[Sequence[InlineText]]) -> InlineText:
    """Join a table to one text: cells separated by tabs, rows by newlines."""
    text: list[str] = []
    runs: list[Run] = []
    targets: list[LinkTarget] = []
    cells: list[tuple[tuple[int, int], ...]] = []
    at = 0
    for row in rows:
        spans: list[tuple[int, int]] = []
        for cell in row:
            if cell.runs:
                runs += [
                    run._replace(
                        start=run.start + at,
                        end=run.end + at,
                        target=run.target + len(targets) if run.target >= 0 else -1,
                    )
                    for run in cell.runs
                ]
            targets += cell.targets
            text += (cell.text, "\t")
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


class InlineBuilder:
    """Builder of text and runs from the inline events of one block.

    Fonts and links nest; text that is added between their opening and closing bears them.
    """

    __slots__ = (
        "_face", "_faces", "_link", "_run", "_run_end", "_runs", "_target", "_targets", "_text", "_unsafe", "size",
    )  # fmt: skip

    def __init__(self) -> None:
        self.size = 0
        """The code points so far."""
        self._text: list[str] = []
        self._face = 0
        self._faces: list[int] = []
        self._target = -1
        self._link: tuple[int, str] = (0, "")
        self._unsafe = ""
        self._targets: list[LinkTarget] = []
        # The runs before the last one; of that its start, font and target, and apart its end.
        self._runs: list[Run] = []
        self._run = (0, 0, -1)
        self._run_end = -1

    @property
    def is_nested(self) -> bool:
        """Return whether a font or a link is open."""
        return bool(self._faces)

    @property
    def is_only_link(self) -> bool:
        """Return whether a link is open, and nothing else."""
        return self._target >= 0 and len(self._faces) == 1

    def build(self) -> InlineText:
        """Return the text without white space at its ends."""
        if self._run_end < 0:
            return _new(InlineText, ("".join(self._text).strip(), (), (), ()))
        built = self.build_all()
        is_trimmed = not built.text[:1].isspace() and not built.text[-1:].isspace()
        return built if is_trimmed else built.slice(0, len(built.text))

    def build_all(self) -> InlineText:
        """Return the text with the white space at its ends."""
        runs = self._runs
        if self._run_end >= 0:
            start, face, target = self._run
            runs = [*runs, Run(start, self._run_end, _STYLES[face], target)]
        return InlineText("".join(self._text), tuple(runs), tuple(self._targets))

    def drop(self, offset: int) -> None:
        """Forget the text up to an offset; no font may be open."""
        rest = self.build_all().part(offset, self.size)
        self.size, self._text = len(rest.text), [rest.text]
        self._runs, self._targets = [*rest.runs], [*rest.targets]
        self._run_end = -1
        if self._runs:
            last = self._runs.pop()
            self._run, self._run_end = (last.start, int(last.font), last.target), last.end

    def add_text(self, text: str) -> None:
        """Add text, and make links of the bare addresses in it."""
        if "://" not in text or self._target >= 0:
            self.add(text)
            return
        done = 0
        for found in _ADDRESS.finditer(text):
            self.add(text[done : found.start()])
            self.add(found[0], _LINK, self._add_target(LinkTarget(clean(found[0]))))
            done = found.end()
        self.add(text[done:])

    def add_code(self, text: str) -> None:
        self.add(text.replace("\n", " "), _CODE)

    def add_formula(self, source: str) -> None:
        self.add(formula_text(source), _MATH)

    def add_image(self, alt: str) -> None:
        """Add the description of an image that stands among words."""
        self.add(alt or "image", _MISSING)

    def add_note(self, label: str, number: str) -> None:
        """Add the raised number of a footnote."""
        target = self._add_target(LinkTarget(label, is_note=True))
        self.add(to_superscript(number), _SUPERSCRIPT, target)

    def add_break(self, text: str) -> None:
        """Add a space or a newline between two lines."""
        if self._faces:
            self.add(text)
        else:
            self._text.append(text)
            self.size += 1

    def open_font(self, font: int) -> None:
        self._faces.append(self._face)
        self._face |= font

    def close_font(self) -> None:
        """Close the innermost font; one that a text before this one opened ended with it."""
        if self._faces:
            self._face = self._faces.pop()

    def open_link(self, address: str, title: str) -> None:
        self.open_font(_LINK)
        address = encode_url(clean(address))
        if address.lstrip().casefold().startswith(_UNSAFE_SCHEMES):
            self._face = self._faces[-1]
            self._unsafe = address
            self.add("[")
        else:
            self._target = self._add_target(LinkTarget(address))
        self._link = (len(self._text), title)

    def close_link(self) -> None:
        if not self._faces:
            return
        if self._unsafe:
            self.add(f"]({self._unsafe})")
            self._unsafe = ""
        elif self._target >= 0:
            self._name_symbol_link()
        self.close_font()
        self._target = -1

    def _name_symbol_link(self) -> None:
        """Name the target of a link that is only a symbol."""
        first, title = self._link
        if len(self._text) - first <= 3 and "".join(self._text[first:]).strip() in _SYMBOLS:
            name = one_line(title, 200) or _host(self._targets[self._target].destination)
            self.add(f" {name}" if name else "")

    def _add_target(self, target: LinkTarget) -> int:
        self._targets.append(target)
        return len(self._targets) - 1

    def add(self, text: str, face: int = 0, target: int = -1) -> None:
        """Add text cleaned, its white space folded."""
        if not text.isascii() or not text.isprintable():
            text = clean(text)
            if "\t" in text:
                text = _SPACES.sub(" ", text)
        if "  " in text:
            text = _SPACES.sub(" ", text)
        if not text:
            return
        start = self.size
        self.size = end = start + len(text)
        self._text.append(text)
        face |= self._face
        if target < 0:
            target = self._target
            if not face and target < 0:
                return
        if self._run_end == start and self._run[1] == face and self._run[2] == target:
            self._run_end = end
            return
        if self._run_end >= 0:
            self._close_run()
        self._run, self._run_end = (start, face, target), end

    def _close_run(self) -> None:
        start, face, target = self._run
        # ⏱ Half the time of calling the class; a text may have 250,000 runs.
        self._runs.append(_new(Run, (start, self._run_end, _STYLES[face], target, None)))
