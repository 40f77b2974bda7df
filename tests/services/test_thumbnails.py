"""Pictures are drawn from the article's own folder, and from nowhere else."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from reader.services.sandbox.image_processor import ImageProcessor
from reader.services.thumbnails import decode_thumbnail

NAME = "images/0123456789abcdef.png"


@pytest.fixture(scope="module")
def pictures() -> Iterator[ImageProcessor]:
    made = ImageProcessor()
    yield made
    made.close()


def put(folder: Path, content: bytes) -> None:
    (folder / "images").mkdir(exist_ok=True)
    (folder / NAME).write_bytes(content)


def test_an_image_is_made_to_fit(tmp_path: Path, pictures: ImageProcessor) -> None:
    """It keeps its proportion; four bytes stand for each pixel."""
    out = io.BytesIO()
    Image.new("RGB", (400, 200), (255, 0, 0)).save(out, "PNG")
    put(tmp_path, out.getvalue())
    made = decode_thumbnail(pictures, tmp_path, NAME, 60, 60)
    assert made == (60, 30, b"\xff\x00\x00\xff" * 1800)


def test_what_cannot_be_decoded_is_not_drawn(tmp_path: Path, pictures: ImageProcessor) -> None:
    """Bytes that are no picture give nothing, and no error."""
    put(tmp_path, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert decode_thumbnail(pictures, tmp_path, NAME, 60, 60) is None


@pytest.mark.parametrize(
    "file", ["../secret.png", "/etc/passwd", "images/../x.png", "images/x.png", "", NAME]
)
def test_only_files_of_the_folder_are_read(
    tmp_path: Path, pictures: ImageProcessor, file: str
) -> None:
    """Other names, names that lead elsewhere, and links are as if nothing were there."""
    article = tmp_path / "article"
    (article / "images").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"x")
    (article / NAME).symlink_to(tmp_path / "secret.png")
    assert decode_thumbnail(pictures, article, file, 60, 60) is None
