"""Lines as they stand on the screen, and how a line is cut into pieces of one look."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from reader.layout.inline_parser import Prose, Run
from reader.layout.text_styles import Face, Ink, Piece
from reader.layout.text_width import graphemes


class Slice(NamedTuple):
    """A stretch of the block's text; `mirrored` draws it from its last grapheme to its first."""

    start: int
    end: int
    mirrored: bool = False


class Dots(NamedTuple):
    """So many cells of a picture that look alike: colours 0xRRGGBB of upper and lower half."""

    cells: int
    upper: int
    lower: int


PLACEHOLDER = "\U0010eeee"
"""The sign in whose place Kitty draws a part of a picture, with signs above it that say which."""


class Tile(NamedTuple):
    """So many cells of a picture that the terminal draws itself.

    `text` stands in them, in this colour 0xRRGGBB where there is one; `control` follows it.
    """

    cells: int
    text: str
    colour: int | None = None
    control: str = ""


class Overlay(NamedTuple):
    """A stretch of the block's text that lies under a further ink; later ones lie above."""

    start: int
    end: int
    ink: Ink


@dataclass(frozen=True, slots=True)
class Line:
    """One line: our own pieces and slices of the text from left to right.

    `start` and `end` are the offsets of the text it shows, equal where it shows none. `ink` is
    what its text is drawn with. `wide` lines may be wider than the measure and scroll sideways.
    """

    parts: tuple[Piece | Slice | Dots | Tile, ...] = ()
    start: int = 0
    end: int = 0
    ink: Ink = Ink.TEXT
    wide: bool = False


class Drawn(NamedTuple):
    """Text of one look. `start` is its offset in the block's text, -1 for our own pieces.

    `dots` are the colours of a picture's cells, which then count instead of the ink; of a `tile`
    it is its own.
    """

    text: str
    ink: Ink
    face: Face = Face.PLAIN
    overlays: tuple[Ink, ...] = ()
    target: int = -1
    start: int = -1
    dots: Dots | None = None
    tile: Tile | None = None


def draw(line: Line, prose: Prose, overlays: Sequence[Overlay] = ()) -> Iterator[Drawn]:
    """The line's text in stretches of one look, left to right."""
    runs = [run for run in prose.runs if run.start < line.end and run.end > line.start]
    over = [known for known in overlays if known.start < line.end and known.end > line.start]
    for part in line.parts:
        if isinstance(part, Piece):
            yield Drawn(part.text, part.ink)
        elif isinstance(part, Dots):
            yield Drawn("▀" * part.cells, Ink.TEXT, dots=part)
        elif isinstance(part, Tile):
            yield Drawn(part.text, Ink.TEXT, tile=part)
        else:
            stretches = _stretches(part, runs, over, prose.text, line.ink)
            yield from reversed(list(stretches)) if part.mirrored else stretches


def _stretches(
    part: Slice, runs: Sequence[Run], over: Sequence[Overlay], text: str, ink: Ink
) -> Iterator[Drawn]:
    if not runs and not over and not part.mirrored:
        if part.end > part.start:
            yield Drawn(text[part.start : part.end], ink, start=part.start)
        return
    spans = [run[:2] for run in runs] + [known[:2] for known in over]
    edges = {edge for span in spans for edge in span if part.start < edge < part.end}
    for start, end in pairwise(sorted(edges | {part.start, part.end})):
        run = next((run for run in runs if run.start <= start < run.end), None)
        inks = tuple(known.ink for known in over if known.start <= start < known.end)
        words = text[start:end]
        if part.mirrored:
            words = "".join(words[g.start : g.end] for g in reversed(graphemes(words)))
        yield Drawn(
            words,
            run.ink if run and run.ink else ink,
            run.face if run else Face.PLAIN,
            inks,
            run.target if run else -1,
            start,
        )
