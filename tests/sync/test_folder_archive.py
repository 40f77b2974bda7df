"""Archives of article folders: the same bytes as tarfile's, wherever they are made."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from reader.library import article_folders
from reader.model.errors import SyncError
from reader.sync.folder_archive import folder_size, pack_folder, unpack_folder
from tests.sync.devices import Device
from tests.sync.remotes import MemoryRemote


def folder_with(tmp_path: Path, files: dict[str, bytes]) -> tuple[Path, str]:
    """An article folder with further files."""
    device = Device(tmp_path, "one", MemoryRemote())
    device.add(1)
    home = device.places.home
    (folder,) = article_folders.list_folders(home)
    for name, content in files.items():
        (home / folder / name).parent.mkdir(exist_ok=True)
        (home / folder / name).write_bytes(content)
    return home, folder


def tar_of(files: dict[str, bytes]) -> bytes:
    """The archive as tarfile makes it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o600
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 9_000, 200_000])
def test_an_archive_has_the_bytes_of_a_tar(tmp_path: Path, size: int) -> None:
    """Remotes hold archives of former versions, which must stay the same objects."""
    long_name = f"images/{'b' * 100}"
    images = {"images/a.png": b"a" * size, long_name: b"long", "images/no name": b"-"}
    home, folder = folder_with(tmp_path, images)
    names = ["article.md", "images/a.png", long_name, "page.html.gz"]
    files = {name: (home / folder / name).read_bytes() for name in names}
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names)
    content = pack_folder(home, folder)
    assert content == tar_of({"SHA256SUMS": sums.encode(), **files})
    assert unpack_folder(content, folder, "x") == files
    assert folder_size(home, folder) >= sum(map(len, files.values()))


def test_links_and_pipes_are_not_packed(tmp_path: Path) -> None:
    """A link in the place of an image or of the images is an error or nothing, never followed."""
    home, folder = folder_with(tmp_path, {"images/a.png": b"a"})
    (tmp_path / "secret").write_bytes(b"secret")
    (home / folder / "images" / "b.png").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic"):
        pack_folder(home, folder)
    (home / folder / "images" / "b.png").unlink()
    (home / folder / "images").rename(tmp_path / "elsewhere")
    (home / folder / "images").symlink_to(tmp_path / "elsewhere")
    assert b"images/a.png" not in pack_folder(home, folder)
    with pytest.raises(FileNotFoundError):
        pack_folder(home, folder.replace("articles/", "articles/1"))


def test_a_changed_text_is_not_packed(tmp_path: Path) -> None:
    """The folder's name has the digest of its text."""
    home, folder = folder_with(tmp_path, {"article.md": b"changed"})
    with pytest.raises(SyncError, match="not as it was saved"):
        pack_folder(home, folder)
