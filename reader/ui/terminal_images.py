"""Images by the terminal's graphics protocol: Kitty placeholders, or Sixel by line.

Only where the settings ask for it (`[images] mode = "terminal"`): textual-image asks the terminal
what it can when it is imported, which must be over before Textual listens to it.
"""

import base64
import os
import termios
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from random import randrange
from threading import Lock
from typing import Any, Final

from rich.console import Console
from rich.segment import Segment

from reader.layout.half_block_image import ImageRows, Raster
from reader.layout.spans import ImageTile

_CHUNK_SIZE: Final = 4096
"""Bytes of one message of Kitty's protocol."""
_MAX_IDS: Final = 1 << 24
"""Ids of images: a placeholder carries its id as its colour."""
_SIXEL: Final = "\x1bP"


class Protocol(StrEnum):
    """A graphics protocol of terminals."""

    KITTY = "kitty"
    SIXEL = "sixel"


@dataclass(slots=True)
class TerminalImages:
    """The terminal's graphics: its protocol, and the pixels of a cell.

    `send` takes what must reach the terminal before a picture shows. Safe to use from several
    threads.
    """

    protocol: Protocol
    cell: tuple[int, int]
    send: Callable[[str], object] = field(default=lambda text: None, repr=False)
    _last_id: int = field(default_factory=lambda: randrange(_MAX_IDS), repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def image(self, raster: Raster, room: int, behind: tuple[int, int, int]) -> "ImageTiles":
        """Encode an image for this terminal; ⏱ 50 ms, so not on the event loop."""
        wide, high = self.cell
        cells = min(-(-raster.width // wide), max(room, 1))
        scale = min(1.0, cells * wide / raster.width)
        lines = max(1, -(-round(raster.height * scale) // high))
        image = _flatten(raster, scale, (cells * wide, lines * high), behind)
        if self.protocol is Protocol.SIXEL:
            return ImageTiles(self, cells, behind, _sixels(image, cells, lines, high))
        number = self._next_id()
        # At one go: a part of another picture in between would end this one.
        self.send("".join(_messages(number, image, cells, lines)))
        return ImageTiles(self, cells, behind, _placeholders(number, image, cells, lines), number)

    def _next_id(self) -> int:
        """Return the id of the next image; ids repeat after 16 million."""
        with self._lock:
            self._last_id = self._last_id % (_MAX_IDS - 1) + 1
            return self._last_id


def detect_protocol() -> TerminalImages | None:
    """Detect the terminal's graphics; None without the library or a protocol.

    Asks the terminal: blocks for 0.3 s at most. Kitty's placeholders bear a number as their colour,
    which must reach it as it is.
    """
    try:
        from textual_image import renderable
        from textual_image._terminal import get_cell_size

        wide, high = get_cell_size()
    except (ImportError, OSError, ValueError, ArithmeticError, termios.error):
        return None
    known = {renderable.TGPImage: Protocol.KITTY, renderable.SixelImage: Protocol.SIXEL}
    protocol = known.get(renderable.Image)
    exact = os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")
    if protocol is None or "NO_COLOR" in os.environ or (protocol is Protocol.KITTY and not exact):
        return None
    return TerminalImages(protocol, (wide, high))


@dataclass(frozen=True, slots=True)
class ImageTiles:
    """An image as lines of cells that the terminal fills in, on one background."""

    graphics: TerminalImages
    cells: int
    background: tuple[int, int, int]
    lines: ImageRows = field(repr=False)
    image_id: int = 0

    @property
    def is_valid(self) -> bool:
        """True, because only complete images are encoded."""
        return bool(self.lines)

    def fits(self, room: int, behind: tuple[int, int, int]) -> bool:
        """Return True if the image fits this width and background."""
        return self.cells <= room and self.background == behind

    def rows(self, room: int, behind: tuple[int, int, int]) -> ImageRows:
        """Return its lines, for any width."""
        return self.lines

    def release(self) -> None:
        """Delete the image in the terminal."""
        if self.image_id:
            self.graphics.send(f"\x1b_Ga=d,d=I,i={self.image_id},q=2\x1b\\")


def _flatten(
    raster: Raster, scale: float, size: tuple[int, int], behind: tuple[int, int, int]
) -> Any:
    """Return the image on its background, padded to whole cells."""
    from PIL import Image

    image = Image.frombytes("RGBA", (raster.width, raster.height), raster.rgba)
    if scale < 1:
        image = image.resize(
            (max(1, round(raster.width * scale)), max(1, round(raster.height * scale)))
        )
    flat = Image.new("RGBA", size, (*behind, 255))
    flat.alpha_composite(image, ((size[0] - image.width) // 2, 0))
    return flat.convert("RGB")


def _placeholders(number: int, image: Any, cells: int, lines: int) -> ImageRows:
    """Return the placeholders in whose place Kitty draws the image."""
    from textual_image.renderable import TGPImage

    renderable = TGPImage(image, cells, lines)
    # It sends nothing of itself then: that would fall between two writes of Textual's.
    renderable.terminal_image_id = number
    rows = _render(renderable, cells, lines)
    return [(ImageTile(cells, row.rstrip("\n"), color=number),) for row in rows]


def _messages(number: int, image: Any, cells: int, lines: int) -> Iterator[str]:
    payload = base64.standard_b64encode(zlib.compress(image.tobytes(), 1)).decode("ascii")
    head = f"a=t,f=24,o=z,s={image.width},v={image.height},i={number},q=2,"
    for at in range(0, len(payload), _CHUNK_SIZE):
        more = int(at + _CHUNK_SIZE < len(payload))
        yield f"\x1b_G{head}m={more};{payload[at : at + _CHUNK_SIZE]}\x1b\\"
        head = "q=2,"
    yield f"\x1b_Ga=p,U=1,i={number},c={cells},r={lines},q=2\x1b\\"


def _sixels(image: Any, cells: int, lines: int, high: int) -> ImageRows:
    """Return a Sixel image for each line, so that any line can be hidden."""
    from textual_image.renderable import SixelImage

    rows: ImageRows = []
    for top in range(0, lines * high, high):
        piece = SixelImage(image.crop((0, top, image.width, top + high)), cells, 1)
        data = next(text for text in _render(piece, cells, 1) if text.startswith(_SIXEL))
        # Back to the first of the blanks, and where one was before.
        rows.append((ImageTile(cells, " " * cells, control=f"\x1b7\x1b[{cells}D{data}\x1b8"),))
    return rows


def _render(renderable: Any, cells: int, lines: int) -> list[str]:
    """Return the texts of the segments of a Rich renderable."""
    console = Console(width=cells, height=lines, color_system="truecolor", force_terminal=True)
    given = renderable.__rich_console__(console, console.options)
    return [each.text for each in given if isinstance(each, Segment)]
