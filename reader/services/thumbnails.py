"""Thumbnails of the images in an article's folder, for drawing in cells."""

import os
import re
import stat
from pathlib import Path
from typing import Final

from reader.model.errors import FetchError
from reader.services.sandbox.image_processor import ImageProcessor

MAX_BYTES: Final = 10_000_000
"""Bytes of an image: the limit of a download."""
_NAME: Final = re.compile(r"(images)/([0-9a-f]{16}\.[a-z]{2,5})")


def decode_thumbnail(
    pictures: ImageProcessor, folder: Path, file: str, width: int, height: int
) -> tuple[int, int, bytes] | None:
    """Decode an image scaled to fit; return width, height and RGBA bytes. Blocks.

    None if the folder has no such image, or it cannot be decoded: the text then shows the image's
    description.
    """
    content = _read_image(folder, file)
    if content is None:
        return None
    try:
        return pictures.pixels(content, width, height)
    except FetchError:
        return None


def _read_image(folder: Path, file: str) -> bytes | None:
    """Read a file in the folder; None for links, devices and large files."""
    named = _NAME.fullmatch(file)
    if not named:
        return None
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        within = os.open(folder / named[1], flags | os.O_DIRECTORY)
        try:
            opened = os.open(named[2], flags | os.O_NONBLOCK, dir_fd=within)
        finally:
            os.close(within)
        with os.fdopen(opened, "rb") as stream:
            known = os.fstat(stream.fileno())
            if not stat.S_ISREG(known.st_mode) or known.st_size > MAX_BYTES:
                return None
            return stream.read(MAX_BYTES)
    except OSError:
        return None
