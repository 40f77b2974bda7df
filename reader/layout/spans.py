"""Lines on the screen, and the spans of one style that a line consists of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from reader.layout.inline_text import InlineText, Run
from reader.layout.text_styles import ColorRole, Decoration, FontStyle
from reader.layout.text_width import graphemes


class Slice(NamedTuple):
    """A range of the block's text; `mirrored` draws its graphemes in reverse order."""

    start: int
    end: int
    mirrored: bool = False


class PixelRun(NamedTuple):
    """Image cells of one look: colors 0xRRGGBB of the upper and lower half."""

    cells: int
    upper: int
    lower: int


PLACEHOLDER = "\U0010eeee"
"""The character that Kitty replaces by a part of an image; its marks say which."""


class ImageTile(NamedTuple):
    """A run of cells of an image that the terminal draws itself.

    `text` fills the cells, in the color 0xRRGGBB if there is one; `control` follows it.
    """

    cells: int
    text: str
    color: int | None = None
    control: str = ""


class Overlay(NamedTuple):
    """A range of the block's text with a further color role; later overlays win."""

    start: int
    end: int
    color: ColorRole


@dataclass(frozen=True, slots=True)
class Line:
    """A line: decorations and slices of the text from left to right.

    `start` and `end` are the offsets of its text, equal if it has none. `color` is the role of its
    text. `wide` lines may be wider than the measure and scroll sideways.
    """

    parts: tuple[Decoration | Slice | PixelRun | ImageTile, ...] = ()
    start: int = 0
    end: int = 0
    color: ColorRole = ColorRole.TEXT
    wide: bool = False


class StyledSpan(NamedTuple):
    """Text of one style. `start` is its offset in the block's text, -1 for decorations.

    `pixels` are the colors of an image's cells, which replace the role; a `tile` has its own.
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
    """Split the line into spans of one style, from left to right."""
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
    part: Slice, runs: Sequence[Run], over: Sequence[Overlay], text: str, role: ColorRole
) -> Iterator[StyledSpan]:
    if not runs and not over and not part.mirrored:
        if part.end > part.start:
            yield StyledSpan(text[part.start : part.end], role, start=part.start)
        return
    spans = [run[:2] for run in runs] + [known[:2] for known in over]
    edges = {edge for span in spans for edge in span if part.start < edge < part.end}
    for start, end in pairwise(sorted(edges | {part.start, part.end})):
        run = next((run for run in runs if run.start <= start < run.end), None)
        overlay_roles = tuple(known.color for known in over if known.start <= start < known.end)
        words = text[start:end]
        if part.mirrored:
            words = "".join(words[g.start : g.end] for g in reversed(graphemes(words)))
        yield StyledSpan(
            words,
            run.color if run and run.color else role,
            run.font if run else FontStyle.PLAIN,
            overlay_roles,
            run.target if run else -1,
            start,
        )
