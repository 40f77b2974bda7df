"""Pictures of an article's own folder, made small enough to be drawn in cells."""

import os
import re
import stat
from pathlib import Path
from typing import Final

from reader.model.errors import FetchError
from reader.services.sandbox.images import ImageProcessor

MAX_BYTES: Final = 10_000_000
_NAME: Final = re.compile(r"(images)/([0-9a-f]{16}\.[a-z]{2,5})")


def decode_thumbnail(
    pictures: ImageProcessor, folder: Path, file: str, width: int, height: int
) -> tuple[int, int, bytes] | None:
    """Width, height and RGBA bytes of a picture that fits into so many pixels; blocks.

    None where the folder has no such picture of its own, or it cannot be decoded: what stands in
    the text then is its description.
    """
    content = _read_image(folder, file)
    if content is None:
        return None
    try:
        return pictures.pixels(content, width, height)
    except FetchError:
        return None


def _read_image(folder: Path, file: str) -> bytes | None:
    """The bytes of a file below the folder; None for a link, a device, or what is too large."""
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
