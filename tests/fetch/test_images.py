"""Pictures are proved, stripped and named before they are kept."""

import hashlib
import io
import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from reader.fetch.images import normalise_image, scale_to_pixels
from reader.model.errors import FetchError

SECRET = b"Anna Example, 48.2082 N 16.3738 E"


def drawn(size: tuple[int, int] = (24, 16), mode: str = "RGB") -> Image.Image:
    """A picture with something to see in it, the same each time."""
    made = random.Random(7)
    channels = len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, size, made.randbytes(size[0] * size[1] * channels))


def written(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def noted() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    return exif


def samples() -> dict[str, bytes]:
    png = PngImagePlugin.PngInfo()
    png.add_text("Author", SECRET.decode())
    png.add_itxt("Comment", SECRET.decode(), zip=False)
    frames = [drawn().convert("P"), drawn((24, 16)).rotate(180).convert("P")]
    return {
        "jpg": written(drawn(), "JPEG", exif=noted(), comment=SECRET, icc_profile=b"x" * 200),
        "png": written(drawn(mode="RGBA"), "PNG", exif=noted(), pnginfo=png),
        "gif": written(
            frames[0], "GIF", comment=SECRET, save_all=True, append_images=frames[1:], loop=0
        ),
        "webp": written(drawn(), "WEBP", exif=noted(), xmp=SECRET, lossless=True),
    }


@pytest.mark.parametrize("kind", ["jpg", "png", "gif", "webp"])
def test_metadata_goes_and_pixels_stay(kind: str) -> None:
    """The kept file says nothing of its maker, and shows exactly what it did."""
    content = samples()[kind]
    assert SECRET in content
    picture = normalise_image(content)
    assert SECRET not in picture.content
    assert b"Exif" not in picture.content
    with (
        Image.open(io.BytesIO(content)) as before,
        Image.open(io.BytesIO(picture.content)) as after,
    ):
        assert after.format == before.format
        assert after.tobytes() == before.tobytes()
        assert getattr(after, "n_frames", 1) == getattr(before, "n_frames", 1)
        assert after.info.get("icc_profile") == before.info.get("icc_profile")
        assert after.info.get("loop") == before.info.get("loop")


def test_an_image_is_named_by_what_is_kept() -> None:
    """The name is the hash of the kept bytes, its type that of the content."""
    picture = normalise_image(samples()["png"])
    digest = hashlib.sha256(picture.content).hexdigest()
    assert picture.name == f"images/{digest[:16]}.png"
    assert normalise_image(picture.content) == picture


def test_an_image_that_a_camera_turned_is_written_upright() -> None:
    """Orientation is metadata too, so it is carried out before it is dropped."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = normalise_image(written(drawn((24, 16)), "JPEG", exif=exif))
    with Image.open(io.BytesIO(picture.content)) as after:
        assert after.size == (16, 24)
        assert not after.getexif()


@pytest.mark.parametrize(("kind", "mode", "kept"), [("AVIF", "RGB", "jpg"), ("BMP", "RGB", "jpg"),
                                                    ("AVIF", "RGBA", "png")])  # fmt: skip
def test_other_formats_are_written_again(kind: str, mode: str, kept: str) -> None:
    """What terminals and books cannot show becomes JPEG, or PNG where it is transparent."""
    assert normalise_image(written(drawn(mode=mode), kind)).name.endswith(f".{kept}")


def test_an_image_of_too_many_pixels_is_refused_unread() -> None:
    """A small file of 30,000 × 30,000 pixels is refused by its header."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n"
    for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        bomb += struct.pack(">I", len(data)) + name + data
        bomb += struct.pack(">I", zlib.crc32(name + data))
    with pytest.raises(FetchError) as refused:
        normalise_image(bomb)
    assert refused.value.kind == "too-large"
    with pytest.raises(FetchError) as refused:
        normalise_image(samples()["png"] + bytes(10_000_000))
    assert refused.value.kind == "too-large"


def test_files_that_are_no_images_are_refused() -> None:
    """SVG, HTML, text, nothing, counting dots, and pictures cut short."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for content in (svg, b"<html>", b"", b"GIF89a", b"\xff\xd8\xff", b"RIFF\x00\x00\x00\x00WEBP",
                    written(drawn((1, 1)), "GIF"), samples()["png"][:400]):  # fmt: skip
        with pytest.raises(FetchError):
            normalise_image(content)


@pytest.mark.parametrize("kind", ["jpg", "png", "gif", "webp"])
def test_damaged_images_raise_nothing_else(kind: str) -> None:
    """Any cut and any flipped byte gives a picture or a FetchError."""
    content = samples()[kind]
    made = random.Random(11)
    for _ in range(120):
        broken = bytearray(content[: made.randrange(1, len(content) + 1)])
        broken[made.randrange(len(broken))] ^= 1 << made.randrange(8)
        try:
            assert SECRET not in normalise_image(bytes(broken)).content
        except FetchError:
            continue


def test_pixels_fit_where_they_are_drawn() -> None:
    """A picture is made small in proportion, and never larger than it is."""
    small = scale_to_pixels(written(drawn((200, 100)), "JPEG"), 40, 40)
    assert (small.width, small.height, len(small.rgba)) == (40, 20, 40 * 20 * 4)
    assert scale_to_pixels(written(drawn((4, 4)), "PNG"), 40, 40).width == 4
