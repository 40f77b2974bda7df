"""Pictures judged, stripped and named before they are kept; runs in a child process only.

Decoders are written in C and meet bytes from anywhere, so nothing here may run in a process that
holds a library. `services.pictures` starts the child.
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
MAX_BYTES: Final = 10_000_000
MIN_SIDE: Final = 3
_KINDS: Final = {
    "JPEG": "jpg",
    "PNG": "png",
    "GIF": "gif",
    "WEBP": "webp",
    "AVIF": "avif",
    "BMP": "bmp",
}
_ORIENTATION: Final = 0x0112
_QUALITY: Final = 88


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture made small: `rgba` holds four bytes for each pixel, row by row from the top."""

    width: int
    height: int
    rgba: bytes = field(repr=False)


def normalise_image(content: bytes) -> ImageFile:
    """The picture as it is kept: proved to decode, without metadata, named by its content.

    JPEG, PNG, GIF and WebP keep their very pixels; others, and pictures that a camera turned, are
    written anew as JPEG or PNG. Raises FetchError for what is no picture, has more than 25
    megapixels or 10 MB, or is a dot that counts visits.
    """
    image = _open(content)
    if min(image.size) < MIN_SIDE:
        raise FetchError("a dot that counts visits", kind="not-picture")
    kind = _KINDS[image.format or ""]
    turned = image.getexif().get(_ORIENTATION, 1) != 1
    _decode(image)
    kept = b""
    if not turned and kind in ("jpg", "png", "gif", "webp"):
        try:
            kept = strip_metadata(kind, content)
            _decode(_open(kept))
        except (ValueError, IndexError, FetchError):
            # A file that only lenient decoders read: its pixels are written anew instead.
            kept = b""
    if not kept:
        kind, kept = _reencode(image)
    return ImageFile(f"images/{hashlib.sha256(kept).hexdigest()[:16]}.{kind}", kept)


def reencode_image(content: bytes) -> ImageFile:
    """The first frame as JPEG or PNG, for what knows no other kinds, such as books.

    Raises FetchError like `settled`.
    """
    image = _open(content)
    _decode(image)
    kind, kept = _reencode(image)
    return ImageFile(f"images/{hashlib.sha256(kept).hexdigest()[:16]}.{kind}", kept)


def scale_to_pixels(content: bytes, width: int, height: int) -> Pixels:
    """The first frame, made to fit into `width` by `height` pixels; never made larger.

    Raises FetchError like `settled`.
    """
    image = _open(content)
    image.draft("RGB", (width * 2, height * 2))
    _decode(image)
    small = ImageOps.exif_transpose(image).convert("RGBA")
    small.thumbnail((max(width, 1), max(height, 1)), Image.Resampling.BOX, reducing_gap=2.0)
    return Pixels(small.width, small.height, small.tobytes())


def _open(content: bytes) -> Image.Image:
    """The picture with its header read and its size judged, not decoded yet."""
    if len(content) > MAX_BYTES:
        raise FetchError("a picture larger than 10 MB", kind="too-large")
    try:
        with warnings.catch_warnings():
            # Warnings of Pillow are about files that decode all the same, and about size.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=tuple(_KINDS))
    except Image.DecompressionBombError:
        raise FetchError("a picture of more than 25 megapixels", kind="too-large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise FetchError("not a picture we can keep", kind="not-picture") from None
    if image.width * image.height > MAX_PIXELS:
        raise FetchError("a picture of more than 25 megapixels", kind="too-large")
    return image


def _decode(image: Image.Image) -> None:
    """Decode the first frame; raises FetchError where the pixels are damaged or cut."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.load()
    except (OSError, ValueError, SyntaxError, IndexError, EOFError):
        raise FetchError("a damaged picture", kind="not-picture") from None


def _reencode(image: Image.Image) -> tuple[str, bytes]:
    """The first frame upright, as PNG where something shows through it, else as JPEG."""
    upright = ImageOps.exif_transpose(image)
    out = io.BytesIO()
    if upright.has_transparency_data or upright.mode in ("1", "P"):
        upright.convert("RGBA").save(out, "PNG")
        return "png", out.getvalue()
    upright.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return "jpg", out.getvalue()
