"""Pictures by the terminal's own graphics: Kitty's placeholders, or Sixel line by line.

Only where the settings ask for it (`[images] mode = "terminal"`): textual-image asks the terminal
what it can when it is imported, which must be over before Textual listens to it.
"""

import base64
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from random import randrange
from typing import Any, Final

from rich.console import Console
from rich.segment import Segment

from reader.ui.text.lines import Tile
from reader.ui.text.pictures import Raster, Rows

_CHUNK: Final = 4096
"""Bytes of one message of Kitty's protocol."""
_IDS: Final = 1 << 24
"""Numbers of pictures: a placeholder bears its number as its colour."""
_MOST: Final = 64
"""Pictures that the terminal keeps for us; it is told to forget those before."""
_SIXEL: Final = "\x1bP"


class Protocol(StrEnum):
    """How a terminal takes pictures."""

    KITTY = "kitty"
    SIXEL = "sixel"


@dataclass(slots=True)
class Graphics:
    """What this terminal can: its protocol, and the pixels of a cell, across and down.

    `send` takes what must reach the terminal before a picture shows; from any thread.
    """

    protocol: Protocol
    cell: tuple[int, int]
    send: Callable[[str], object] = field(default=lambda text: None, repr=False)
    _numbers: list[int] = field(default_factory=list, repr=False)

    def picture(self, raster: Raster) -> "Tiles":
        """The picture for this terminal."""
        return Tiles(self, raster)

    def number(self) -> int:
        """A number for the next picture; the terminal forgets the oldest."""
        last = self._numbers[-1] if self._numbers else randrange(_IDS)
        self._numbers.append(last % (_IDS - 1) + 1)
        if len(self._numbers) > _MOST:
            self.send(f"\x1b_Ga=d,d=I,i={self._numbers.pop(0)},q=2\x1b\\")
        return self._numbers[-1]


def asked_for() -> Graphics | None:
    """What the terminal can; None without the library, or where it can neither. Asks it: blocks 0.3 s at most."""
    try:
        from textual_image import renderable
        from textual_image._terminal import get_cell_size
    except ImportError:
        return None
    known = {renderable.TGPImage: Protocol.KITTY, renderable.SixelImage: Protocol.SIXEL}
    protocol = known.get(renderable.Image)
    wide, high = get_cell_size()
    return Graphics(protocol, (wide, high)) if protocol else None


class Tiles:
    """A picture as lines that the terminal fills in; each width and background is made once."""

    def __init__(self, graphics: Graphics, raster: Raster):
        self._graphics = graphics
        self._raster = raster
        self._made: dict[tuple[int, tuple[int, int, int]], Rows] = {}

    @property
    def is_whole(self) -> bool:
        return self._raster.is_whole

    def rows(self, room: int, behind: tuple[int, int, int]) -> Rows:
        """The lines in at most `room` cells; ⏱ some 50 ms where they are not made yet."""
        wide, high = self._graphics.cell
        cells = min(-(-self._raster.width // wide), max(room, 1))
        known = self._made.get((cells, behind))
        if known is None:
            scale = min(1.0, cells * wide / self._raster.width)
            lines = max(1, -(-round(self._raster.height * scale) // high))
            image = _flat(self._raster, scale, (cells * wide, lines * high), behind)
            draw = _placeholders if self._graphics.protocol is Protocol.KITTY else _sixels
            known = self._made[cells, behind] = draw(self._graphics, image, cells, lines)
        return known


def _flat(raster: Raster, scale: float, size: tuple[int, int], behind: tuple[int, int, int]) -> Any:
    """The picture on its background, as an image of Pillow's of whole cells."""
    from PIL import Image

    image = Image.frombytes("RGBA", (raster.width, raster.height), raster.rgba)
    if scale < 1:
        image = image.resize(
            (max(1, round(raster.width * scale)), max(1, round(raster.height * scale)))
        )
    flat = Image.new("RGBA", size, (*behind, 255))
    flat.alpha_composite(image, ((size[0] - image.width) // 2, 0))
    return flat.convert("RGB")


def _placeholders(graphics: Graphics, image: Any, cells: int, lines: int) -> Rows:
    """Kitty draws the picture wherever its placeholders stand; it is sent once."""
    from textual_image.renderable import TGPImage

    number = graphics.number()
    for message in _messages(number, image, cells, lines):
        graphics.send(message)
    renderable = TGPImage(image, cells, lines)
    # It sends nothing of itself then: that would fall between two writes of Textual's.
    renderable.terminal_image_id = number
    rows = _said(renderable, cells, lines)
    return [(Tile(cells, row.rstrip("\n"), colour=number),) for row in rows]


def _messages(number: int, image: Any, cells: int, lines: int) -> Iterator[str]:
    payload = base64.standard_b64encode(zlib.compress(image.tobytes(), 1)).decode("ascii")
    head = f"a=t,f=24,o=z,s={image.width},v={image.height},i={number},q=2,"
    for at in range(0, len(payload), _CHUNK):
        more = int(at + _CHUNK < len(payload))
        yield f"\x1b_G{head}m={more};{payload[at : at + _CHUNK]}\x1b\\"
        head = "q=2,"
    yield f"\x1b_Ga=p,U=1,i={number},c={cells},r={lines},q=2\x1b\\"


def _sixels(graphics: Graphics, image: Any, cells: int, lines: int) -> Rows:
    """A picture for each line, drawn over its blanks, so that it may be cut at any line."""
    from textual_image.renderable import SixelImage

    high = graphics.cell[1]
    rows: Rows = []
    for top in range(0, lines * high, high):
        piece = SixelImage(image.crop((0, top, image.width, top + high)), cells, 1)
        data = next(text for text in _said(piece, cells, 1) if text.startswith(_SIXEL))
        # Back to the first of the blanks, and where one was before.
        rows.append((Tile(cells, " " * cells, control=f"\x1b7\x1b[{cells}D{data}\x1b8"),))
    return rows


def _said(renderable: Any, cells: int, lines: int) -> list[str]:
    """The texts of what a renderable of Rich's gives."""
    console = Console(width=cells, height=lines, color_system="truecolor", force_terminal=True)
    given = renderable.__rich_console__(console, console.options)
    return [each.text for each in given if isinstance(each, Segment)]
