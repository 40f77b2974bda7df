"""Lines as they stand on the screen, and how a line is cut into pieces of one look."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from reader.layout.inline_parser import InlineText, Run
from reader.layout.text_styles import ColorRole, Decoration, FontStyle
from reader.layout.text_width import graphemes


class Slice(NamedTuple):
    """A stretch of the block's text; `mirrored` draws it from its last grapheme to its first."""

    start: int
    end: int
    mirrored: bool = False


class PixelRun(NamedTuple):
    """So many cells of a picture that look alike: colours 0xRRGGBB of upper and lower half."""

    cells: int
    upper: int
    lower: int


PLACEHOLDER = "\U0010eeee"
"""The sign in whose place Kitty draws a part of a picture, with signs above it that say which."""


class ImageTile(NamedTuple):
    """So many cells of a picture that the terminal draws itself.

    `text` stands in them, in this colour 0xRRGGBB where there is one; `control` follows it.
    """

    cells: int
    text: str
    color: int | None = None
    control: str = ""


class Overlay(NamedTuple):
    """A stretch of the block's text that lies under a further ink; later ones lie above."""

    start: int
    end: int
    color: ColorRole


@dataclass(frozen=True, slots=True)
class Line:
    """One line: our own pieces and slices of the text from left to right.

    `start` and `end` are the offsets of the text it shows, equal where it shows none. `ink` is
    what its text is drawn with. `wide` lines may be wider than the measure and scroll sideways.
    """

    parts: tuple[Decoration | Slice | PixelRun | ImageTile, ...] = ()
    start: int = 0
    end: int = 0
    color: ColorRole = ColorRole.TEXT
    wide: bool = False


class StyledSpan(NamedTuple):
    """Text of one look. `start` is its offset in the block's text, -1 for our own pieces.

    `dots` are the colours of a picture's cells, which then count instead of the ink; of a `tile`
    it is its own.
    """

    text: str
    color: ColorRole
    font: FontStyle = FontStyle.PLAIN
    overlays: tuple[ColorRole, ...] = ()
    target: int = -1
    start: int = -1
    pixels: PixelRun | None = None
    tile: ImageTile | None = None


def style_line(
    line: Line, prose: InlineText, overlays: Sequence[Overlay] = ()
) -> Iterator[StyledSpan]:
    """The line's text in stretches of one look, left to right."""
    runs = [run for run in prose.runs if run.start < line.end and run.end > line.start]
    over = [known for known in overlays if known.start < line.end and known.end > line.start]
    for part in line.parts:
        if isinstance(part, Decoration):
            yield StyledSpan(part.text, part.color)
        elif isinstance(part, PixelRun):
            yield StyledSpan("▀" * part.cells, ColorRole.TEXT, pixels=part)
        elif isinstance(part, ImageTile):
            yield StyledSpan(part.text, ColorRole.TEXT, tile=part)
        else:
            stretches = _styled_spans(part, runs, over, prose.text, line.color)
            yield from reversed(list(stretches)) if part.mirrored else stretches


def _styled_spans(
    part: Slice, runs: Sequence[Run], over: Sequence[Overlay], text: str, ink: ColorRole
) -> Iterator[StyledSpan]:
    if not runs and not over and not part.mirrored:
        if part.end > part.start:
            yield StyledSpan(text[part.start : part.end], ink, start=part.start)
        return
    spans = [run[:2] for run in runs] + [known[:2] for known in over]
    edges = {edge for span in spans for edge in span if part.start < edge < part.end}
    for start, end in pairwise(sorted(edges | {part.start, part.end})):
        run = next((run for run in runs if run.start <= start < run.end), None)
        inks = tuple(known.color for known in over if known.start <= start < known.end)
        words = text[start:end]
        if part.mirrored:
            words = "".join(words[g.start : g.end] for g in reversed(graphemes(words)))
        yield StyledSpan(
            words,
            run.color if run and run.color else ink,
            run.font if run else FontStyle.PLAIN,
            inks,
            run.target if run else -1,
            start,
        )
