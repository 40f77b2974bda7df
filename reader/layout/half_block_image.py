"""Pictures as half blocks: two pixels in each cell, cut at any line, standard everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from reader.layout.spans import ImageTile, PixelRun

HALF_BLOCK_SIZE = (1, 2)
"""Pixels of a cell, across and down."""
_COLOR_MASK = 0xF8
"""Bits of a channel that are kept: neighbours that look alike become one stretch."""


ImageRows = list[tuple[PixelRun | ImageTile, ...]]
"""Lines of a picture, each of the same number of cells."""


class Image(Protocol):
    """Something that can be drawn in lines of cells."""

    @property
    def is_valid(self) -> bool:
        """Whether it can be drawn."""
        ...

    def fits(self, room: int, behind: tuple[int, int, int]) -> bool:
        """Whether it can be drawn in so many cells on that colour; else it must be made anew."""
        ...

    def rows(self, room: int, behind: tuple[int, int, int]) -> ImageRows:
        """Its lines, at most `room` cells wide; `behind` is the colour that shows through."""
        ...

    def release(self) -> None:
        """It is no longer shown."""
        ...


@dataclass(frozen=True, slots=True)
class Raster:
    """A small picture: `rgba` holds four bytes for each pixel, row by row from the top."""

    width: int
    height: int
    rgba: bytes = field(repr=False)

    @property
    def is_valid(self) -> bool:
        """Whether there are as many bytes as the size says, and any."""
        return 0 < self.width * self.height == len(self.rgba) / 4

    def fits(self, room: int, behind: tuple[int, int, int]) -> bool:
        """In any room: it is sampled down."""
        return True

    def rows(self, room: int, behind: tuple[int, int, int]) -> ImageRows:
        """Half blocks: see `half_blocks`."""
        return half_blocks(self, room, behind)

    def release(self) -> None:
        """It is only here."""


def half_blocks(raster: Raster, room: int, behind: tuple[int, int, int]) -> ImageRows:
    """One row of stretches for each two rows of pixels, at most `room` cells wide.

    `behind` is the colour that shows through. A picture wider than the room is sampled down.
    """
    width = min(raster.width, max(room, 1))
    height = max(1, round(raster.height * width / raster.width))
    rows: ImageRows = []
    for top in range(0, height, 2):
        upper = _row(raster, top, width, height, behind)
        lower = _row(raster, top + 1, width, height, behind)
        pairs = zip(upper, lower, strict=True)
        rows.append(tuple(PixelRun(len(list(same)), *pair) for pair, same in groupby(pairs)))
    return rows


def _row(
    raster: Raster, row: int, width: int, height: int, behind: tuple[int, int, int]
) -> Iterator[int]:
    """The colours of one row of pixels, as 0xRRGGBB, after scaling to `width` by `height`."""
    if row >= height:
        yield from [behind[0] << 16 | behind[1] << 8 | behind[2]] * width
        return
    base = row * raster.height // height * raster.width
    for column in range(width):
        at = 4 * (base + column * raster.width // width)
        red, green, blue, alpha = raster.rgba[at : at + 4]
        if alpha < 255:
            red, green, blue = (
                (channel * alpha + under * (255 - alpha)) // 255
                for channel, under in zip((red, green, blue), behind, strict=True)
            )
        yield (red & _COLOR_MASK) << 16 | (green & _COLOR_MASK) << 8 | blue & _COLOR_MASK
