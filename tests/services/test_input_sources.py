import io
import os
from pathlib import Path

import pytest

from reader.model.errors import SourceError
from reader.services.input_sources import MAX_BYTES, find_pages, is_root, read_source


def test_a_file_and_standard_input_are_read(tmp_path: Path) -> None:
    """What was named is what comes."""
    (tmp_path / "a.html").write_bytes(b"<p>a</p>")
    assert read_source(str(tmp_path / "a.html")) == b"<p>a</p>"
    assert read_source("-", io.BytesIO(b"b")) == b"b"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing", "no such file"),
        (".", "is a folder"),
        ("x\0y", "cannot be read"),
        ("pipe", "not a regular file"),
    ],
)
def test_unreadable_input_is_reported_in_one_line(tmp_path: Path, name: str, said: str) -> None:
    """The sentence names the thing and what to do instead."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match=said) as caught:
        read_source(str(tmp_path / name))
    assert "\n" not in str(caught.value)


def test_the_pages_in_a_folder(tmp_path: Path) -> None:
    """Beneath it as well, but not what is hidden, linked, or a browser's heap beside a page."""
    for name in (
        "b.html",
        "a.MD",
        "deep/c.eml",
        "x.png",
        ".hidden.html",
        "b_files/ad.html",
        ".git/y.md",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link.html").symlink_to(tmp_path / "b.html")
    found = [Path(page).relative_to(tmp_path).as_posix() for page in find_pages(str(tmp_path))]
    assert found == ["a.MD", "b.html", "deep/c.eml"]
    assert (find_pages("-"), find_pages("")) == (["-"], [""])
    assert find_pages("missing.html") == ["missing.html"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="no page in this folder"):
        find_pages(str(tmp_path / "empty"))


def test_an_endless_input_is_refused() -> None:
    """`yes | reader add -` ends."""

    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"y\n" * (size // 2 + 1)

    with pytest.raises(SourceError, match=f"larger than {MAX_BYTES // 2**20} MB"):
        read_source("-", Endless())  # type: ignore[arg-type]


def test_a_hostile_name_stays_one_clean_line() -> None:
    """A file name with an escape sequence reaches no terminal."""
    with pytest.raises(SourceError) as caught:
        read_source("x\x1b]0;pwned\x07\ny")
    assert "\x1b" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_links_in_a_loop_are_no_file(tmp_path: Path) -> None:
    """They are refused like any other file that is missing."""
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    assert not is_root(str(loop))
    with pytest.raises(SourceError):
        read_source(str(loop))
