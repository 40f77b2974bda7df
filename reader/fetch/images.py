"""Images: checked, stripped of metadata and named by content; runs in a child process only.

Decoders are written in C and read bytes from anywhere, so nothing here may run in a process that
holds a library. `services.sandbox.image_processor` starts the child.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from reader.fetch.image_metadata import strip_metadata
from reader.model.article import ImageFile
from reader.model.errors import FetchError

MAX_PIXELS: Final = 25_000_000
"""Pixels of an image: decoding as many takes 100 MB, at four bytes each."""
MAX_BYTES: Final = 10_000_000
"""Bytes of an image, the limit that README names."""
MIN_SIDE: Final = 3
"""Pixels of a side below which an image counts visits."""
_KINDS: Final = {
    "JPEG": "jpg",
    "PNG": "png",
    "GIF": "gif",
    "WEBP": "webp",
    "AVIF": "avif",
    "BMP": "bmp",
}
_ORIENTATION: Final = 0x0112
"""The tag of the orientation in EXIF."""
_QUALITY: Final = 88
"""Quality of an image that is encoded again: Pillow's default is 75, and it advises against 95."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """A scaled image: `rgba` has four bytes for each pixel, row by row from the top."""

    width: int
    height: int
    rgba: bytes = field(repr=False)


def normalise_image(content: bytes) -> ImageFile:
    """Return the image as stored: decodable, without metadata, named by its content.

    JPEG, PNG, GIF and WebP keep their pixels; other formats, and images with an Exif orientation, are
    encoded again as JPEG or PNG. Raises FetchError for other data, for images of more than 25
    megapixels or 10 MB, and for tracking pixels.
    """
    image = _open(content)
    if min(image.size) < MIN_SIDE:
        raise FetchError("a tracking pixel", kind="not-picture")
    kind = _KINDS[image.format or ""]
    turned = image.getexif().get(_ORIENTATION, 1) != 1
    _decode(image)
    kept = b""
    if not turned and kind in ("jpg", "png", "gif", "webp"):
        try:
            kept = strip_metadata(kind, content)
            _decode(_open(kept))
        except (ValueError, IndexError, FetchError):
            # Only lenient decoders read this file: its pixels are encoded again instead.
            kept = b""
    if not kept:
        kind, kept = _reencode(image)
    return ImageFile(f"images/{hashlib.sha256(kept).hexdigest()[:16]}.{kind}", kept)


def reencode_image(content: bytes) -> ImageFile:
    """Return the first frame as JPEG or PNG, for formats such as EPUB.

    Raises FetchError like `normalise_image`.
    """
    image = _open(content)
    _decode(image)
    kind, kept = _reencode(image)
    return ImageFile(f"images/{hashlib.sha256(kept).hexdigest()[:16]}.{kind}", kept)


def scale_to_pixels(content: bytes, width: int, height: int) -> Pixels:
    """Return the first frame, scaled down to fit `width` by `height` pixels.

    Raises FetchError like `normalise_image`.
    """
    image = _open(content)
    image.draft("RGB", (width * 2, height * 2))
    _decode(image)
    small = ImageOps.exif_transpose(image).convert("RGBA")
    small.thumbnail((max(width, 1), max(height, 1)), Image.Resampling.BOX, reducing_gap=2.0)
    return Pixels(small.width, small.height, small.tobytes())


def _open(content: bytes) -> Image.Image:
    """Open an image and check its size; decodes no pixels."""
    if len(content) > MAX_BYTES:
        raise FetchError("a picture larger than 10 MB", kind="too-large")
    try:
        with warnings.catch_warnings():
            # Pillow warns about files that it decodes all the same, and about size.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=tuple(_KINDS))
    except Image.DecompressionBombError:
        raise FetchError("a picture of more than 25 megapixels", kind="too-large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise FetchError("not an image of a supported format", kind="not-picture") from None
    if image.width * image.height > MAX_PIXELS:
        raise FetchError("a picture of more than 25 megapixels", kind="too-large")
    return image


def _decode(image: Image.Image) -> None:
    """Decode the first frame. Raises FetchError if the pixels are damaged or cut."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.load()
    except (OSError, ValueError, SyntaxError, IndexError, EOFError):
        raise FetchError("a damaged picture", kind="not-picture") from None


def _reencode(image: Image.Image) -> tuple[str, bytes]:
    """Encode the first frame upright: as PNG if it has transparency, else as JPEG."""
    upright = ImageOps.exif_transpose(image)
    out = io.BytesIO()
    if upright.has_transparency_data or upright.mode in ("1", "P"):
        upright.convert("RGBA").save(out, "PNG")
        return "png", out.getvalue()
    upright.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return "jpg", out.getvalue()
