"""Images as half blocks: two pixels per cell, cut at any line, in every terminal."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from reader.layout.spans import ImageTile, PixelRun

HALF_BLOCK_SIZE = (1, 2)
"""Pixels of a cell, across and down."""
_COLOR_MASK = 0xF8
"""Bits of a channel that are kept, so that similar neighbours become one run."""


ImageRows = list[tuple[PixelRun | ImageTile, ...]]
"""Lines of an image, each of the same number of cells."""


class Image(Protocol):
    """An image that can be drawn as lines of cells."""

    @property
    def is_valid(self) -> bool:
        """Return whether the image can be drawn."""

    def fits(self, room: int, behind: tuple[int, int, int]) -> bool:
        """Return whether the image can be drawn at this width on this color."""

    def rows(self, room: int, behind: tuple[int, int, int]) -> ImageRows:
        """Return its lines, at most `room` cells wide; `behind` is the color behind the image."""

    def release(self) -> None:
        """Free what the terminal holds of the image."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A small image: `rgba` holds four bytes for each pixel, row by row from the top."""

    width: int
    height: int
    rgba: bytes = field(repr=False)

    @property
    def is_valid(self) -> bool:
        """Return whether the bytes match the size and are not empty."""
        return 0 < self.width * self.height == len(self.rgba) / 4

    def fits(self, room: int, behind: tuple[int, int, int]) -> bool:
        """Return True: the image is scaled down to any width."""
        return True

    def rows(self, room: int, behind: tuple[int, int, int]) -> ImageRows:
        """Return half blocks; see `half_blocks`."""
        return half_blocks(self, room, behind)

    def release(self) -> None:
        """Do nothing: the terminal holds no part of the image."""


def half_blocks(raster: Raster, room: int, behind: tuple[int, int, int]) -> ImageRows:
    """Yield a row of runs per two rows of pixels, at most `room` cells wide.

    `behind` is the color behind the image. An image wider than the room is scaled down.
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
    """Return the colors of a row of pixels as 0xRRGGBB, scaled to `width` by `height`."""
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
