"""Pictures meet their decoders in a process of their own."""

import struct
import zlib
from collections.abc import Iterator

import pytest

from reader.model.errors import FetchError
from reader.services.sandbox.image_processor import ImageProcessor


@pytest.fixture(scope="module")
def child() -> Iterator[ImageProcessor]:
    pictures = ImageProcessor()
    yield pictures
    pictures.close()


def png(width: int, height: int, rows: bytes) -> bytes:
    """A true-colour PNG with these raw rows, a filter byte before each."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = (
        chunk(b"IHDR", head) + chunk(b"tEXt", b"Author\0Anna") + chunk(b"IDAT", zlib.compress(rows))
    )
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def test_an_image_comes_back_named_and_stripped(child: ImageProcessor) -> None:
    """The kept bytes are named by their content and say nothing of their maker."""
    content = png(4, 4, (b"\0" + bytes(12)) * 4)
    picture = child.normalise(content)
    assert picture.name.startswith("images/")
    assert picture.name.endswith(".png")
    assert b"Anna" in content
    assert b"Anna" not in picture.content


def test_an_image_is_made_small_for_the_screen(child: ImageProcessor) -> None:
    """Width and height fit, four bytes for each pixel."""
    rows = (b"\0" + b"\x10\x20\x30" * 8) * 4
    assert child.pixels(png(8, 4, rows), 4, 4) == (4, 2, b"\x10\x20\x30\xff" * 8)


def test_refusals_come_back_as_reasons_and_the_child_goes_on(child: ImageProcessor) -> None:
    """A bomb, an SVG and nothing are refused, and the next picture is read."""
    for content, kind in (
        (png(30_000, 30_000, b""), "too-large"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-picture"),
        (b"", "not-picture"),
    ):
        with pytest.raises(FetchError) as refused:
            child.normalise(content)
        assert refused.value.kind == kind
    assert child.normalise(png(4, 4, (b"\0" + bytes(12)) * 4))
