"""Article folders: written under `tmp/`, made durable, renamed into place; then only images are added.

A folder is found by the path that a record names. That path may come from any device, so it must
bear the record's id, and no symlink below the library's home is ever followed.
"""

import errno
import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from reader import nofollow
from reader.library.durable_io import create_file, create_folder, sync_folder
from reader.markdown.front_matter import read_values, split_front_matter, write_front_matter
from reader.model.article import Article
from reader.model.errors import LibraryDamagedError, WriteError
from reader.model.text import slug

TEXT: Final = "article.md"
PAGE: Final = "page.html.gz"
MAX_TEXT: Final = 64 << 20
"""Bytes of a text with its front matter: the most that an import or a page can give is less."""
_MAX_PAGE: Final = 256 << 20
"""Bytes of an unpacked page: a damaged or hostile gzip file ends here; pages have 64 MB at most."""
_MAX_IMAGE: Final = 64 << 20
"""Bytes of an image: the limit of imports; downloaded ones have 10 MB at most."""


@dataclass(frozen=True, slots=True)
class ArticleFolder:
    """A folder that was written: its path below the home, and the SHA-256 of the body.

    `is_new` says that this process put it there.
    """

    path: str
    digest: str
    is_new: bool = True


def write(
    home: Path,
    entry_id: str,
    article: Article,
    page: bytes,
    values: Mapping[str, Any],
    before_publish: Callable[[str], None],
) -> ArticleFolder:
    """Write an article's folder; durable on return. `values` go into the front matter.

    `before_publish` is called with the folder's path before the folder exists; it may raise OSError.
    Raises WriteError; then nothing is left but perhaps a folder under `tmp/`.
    """
    body = article.markdown
    digest = hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()
    text = (write_front_matter({**values, "sha256": digest}) + body).encode("utf-8", "replace")
    year = str(values["added"])[:4]
    name = f"{slug(article.title)}-{entry_id}-{hashlib.sha256(text).hexdigest()[:8]}"
    target = home / "articles" / year / name
    staged = home / "tmp" / f"{name}-{os.urandom(4).hex()}"
    try:
        staged.mkdir(parents=True, mode=0o700)
        create_file(staged / TEXT, text)
        if page:
            create_file(staged / PAGE, gzip.compress(page, 6, mtime=0))
        if article.images:
            (staged / "images").mkdir(mode=0o700)
            for image in {one.name: one for one in article.images}.values():
                create_file(staged / "images" / PurePosixPath(image.name).name, image.content)
            sync_folder(staged / "images")
        sync_folder(staged)
        before_publish(target.relative_to(home).as_posix())
        is_new = _publish(home, staged, target)
    except OSError as error:
        shutil.rmtree(staged, ignore_errors=True)
        raise WriteError(f"not saved: {error.strerror} ({target.parent})") from None
    path = target.relative_to(home).as_posix()
    if not is_new and article.images:
        # The text is the same, but its images may have changed since.
        add_images(home, path, {one.name: one.content for one in article.images})
    return ArticleFolder(path, digest, is_new)


def stage(home: Path, folder: str, files: Mapping[str, bytes]) -> Path:
    """Write the files of a folder under `tmp/`, durably; return where they are. Raises OSError.

    `files` maps paths below the folder to contents, which the caller has checked.
    """
    staged = home / "tmp" / f"{PurePosixPath(folder).name}-{os.urandom(4).hex()}"
    try:
        staged.mkdir(parents=True, mode=0o700)
        for name, content in files.items():
            below = staged / PurePosixPath(name).parent
            below.mkdir(mode=0o700, exist_ok=True)
            create_file(below / PurePosixPath(name).name, content)
            if below != staged:
                sync_folder(below)
        sync_folder(staged)
    except OSError:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return staged


def publish(home: Path, staged: Path, folder: str) -> None:
    """Move a staged folder into its place; one that is there already stays. Raises OSError."""
    _publish(home, staged, home / folder)


def discard(staged: Path) -> None:
    """Remove a staged folder."""
    shutil.rmtree(staged, ignore_errors=True)


def _publish(home: Path, staged: Path, target: Path) -> bool:
    create_folder(target.parent)
    for folder in (target.parent, staged.parent):
        # Refuses symlinks.
        os.close(nofollow.open_folder(home, folder.relative_to(home).parts))
    try:
        # A rename replaces an empty folder and fails for any other.
        staged.rename(target)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
            raise
        # The same text was written before, perhaps by a run that died before it recorded it.
        shutil.rmtree(staged)
        sync_folder(target.parent)
        return False
    try:
        sync_folder(target.parent)
    except OSError:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return True


def id_in(folder: str) -> str:
    """Return the id in an article folder's name, or an empty string."""
    return "".join(folder.rpartition("/")[2].split("-")[-2:-1])


def exists(home: Path, folder: str) -> bool:
    """Return whether the folder is there and holds a text."""
    try:
        os.close(nofollow.open_file(home, [*nofollow.split_path(folder), TEXT]))
    except (OSError, ValueError):
        return False
    return True


def add_images(home: Path, folder: str, images: Mapping[str, bytes]) -> None:
    """Add files to a folder's `images/`, each by rename; existing names stay as they are.

    Raises WriteError, LibraryDamagedError. Names are ours: the start of the content's SHA-256 and
    a type.
    """
    target = _resolve(home, folder, "images")
    try:
        create_folder(target)
        _resolve(home, folder, "images")
        for name, content in images.items():
            file = target / PurePosixPath(name).name
            if os.path.lexists(file):
                continue
            staged = home / "tmp" / f"{file.name}-{os.urandom(4).hex()}"
            staged.parent.mkdir(exist_ok=True, mode=0o700)
            try:
                create_file(staged, content)
                staged.rename(file)
            finally:
                staged.unlink(missing_ok=True)
        sync_folder(target)
    except OSError as error:
        raise WriteError(f"not saved: {error.strerror} ({target})") from None


def read_image(home: Path, folder: str, file: str) -> bytes | None:
    """Return an image by its name in the record; None if it cannot be read."""
    try:
        parts = [*nofollow.split_path(folder), *nofollow.split_path(file)]
        return nofollow.read_file(home, parts, _MAX_IMAGE)
    except (OSError, ValueError):
        return None


def read_text(home: Path, folder: str) -> str:
    """Return the body of the article, without front matter. Raises LibraryDamagedError."""
    return split_front_matter(_read(home, folder, TEXT).decode("utf-8", "replace"))[1]


def read_front_matter(home: Path, folder: str) -> dict[str, Any]:
    """Return the front matter of the article. Raises LibraryDamagedError."""
    return read_values(split_front_matter(_read(home, folder, TEXT).decode("utf-8", "replace"))[0])


def read_page(home: Path, folder: str) -> bytes:
    """Return the page as it was fetched, unpacked. Raises LibraryDamagedError."""
    path = _resolve(home, folder, PAGE)
    try:
        descriptor = nofollow.open_file(home, [*nofollow.split_path(folder), PAGE])
        with os.fdopen(descriptor, "rb") as packed, gzip.open(packed) as stream:
            return stream.read(_MAX_PAGE)
    except FileNotFoundError:
        raise LibraryDamagedError(
            f"{path} is missing: no page was kept, or it was removed"
        ) from None
    except (OSError, EOFError, zlib.error):
        raise LibraryDamagedError(f"{path} is damaged: `reader doctor` shows details") from None


def _read(home: Path, folder: str, file: str) -> bytes:
    path = _resolve(home, folder, file)
    try:
        content = nofollow.read_file(home, [*nofollow.split_path(folder), file], MAX_TEXT + 1)
    except FileNotFoundError:
        raise LibraryDamagedError(f"{path} is missing: `reader doctor` shows details") from None
    except NotADirectoryError:
        message = f"{path.parent} is not a folder: move it away, then run `reader doctor --repair`"
        raise LibraryDamagedError(message) from None
    except OSError as error:
        raise LibraryDamagedError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(content) > MAX_TEXT:
        raise LibraryDamagedError(
            f"{path} is larger than any article: `reader doctor` shows details"
        )
    return content


def _resolve(home: Path, folder: str, below: str = "") -> Path:
    """Return the path of a folder, or of something below it.

    One that would leave the library is damage: reader's journals name none, and it makes no symlinks.
    """
    parts: tuple[str, ...] = ()
    with suppress(ValueError):
        parts = nofollow.split_path(str(PurePosixPath(folder, below)))
    if len(parts) < 3 or parts[0] != "articles":
        raise LibraryDamagedError(f"a record names a folder outside the library: {folder!r}")
    path = home
    for part in parts:
        path /= part
        if path.is_symlink():
            raise LibraryDamagedError(f"{path} is a link, which may lead out of the library")
    return path


def set_aside(home: Path, folders: Iterable[str]) -> tuple[list[str], str]:
    """Move folders out of `articles/`, to `trash/`; return their names there, and the last failure.

    The folders are those of purged articles, or left by killed runs: the caller has proved that no
    record needs them; `delete_set_aside` deletes them. What the user moves to the trash keeps its
    folder. Follows no symlink. One fsync for each year.
    """
    moved: list[str] = []
    failure = ""
    years: dict[str, list[Path]] = {}
    for folder in folders:
        try:
            source = _resolve(home, folder)
        except LibraryDamagedError as error:
            failure = str(error)
        else:
            years.setdefault(source.parent.name, []).append(source)
    for year, sources in years.items():
        try:
            with _opened(home, "trash") as trash, _opened(home, "articles", year) as parent:
                for source in sources:
                    name = f"{source.name}-{os.urandom(4).hex()}"
                    with suppress(FileNotFoundError):
                        os.rename(source.name, name, src_dir_fd=parent, dst_dir_fd=trash)
                        moved.append(name)
                os.fsync(parent)
        except FileNotFoundError:
            continue
        except OSError as error:
            failure = f"{sources[0].parent} cannot be cleared: {error.strerror}"
    return moved, failure


def delete_set_aside(home: Path, names: Iterable[str]) -> None:
    """Delete folders that were set aside. What cannot be deleted is left, and `doctor` names it."""
    with suppress(OSError), _opened(home, "trash") as trash:
        for name in names:
            shutil.rmtree(name, ignore_errors=True, dir_fd=trash)


@contextmanager
def _opened(home: Path, *parts: str) -> Iterator[int]:
    """Yield the descriptor of a folder; `trash/` is made if it is missing."""
    if parts == ("trash",):
        (home / "trash").mkdir(exist_ok=True, mode=0o700)
    descriptor = nofollow.open_folder(home, parts)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def remove_leftover(home: Path, place: str, name: str) -> None:
    """Delete what lies in `tmp/` or `trash/`; a symlink is removed, not followed. Raises OSError."""
    with _opened(home, place) as folder:
        try:
            os.unlink(name, dir_fd=folder)
        except FileNotFoundError:
            return
        except (IsADirectoryError, PermissionError):
            shutil.rmtree(name, dir_fd=folder)


def list_folders(home: Path) -> Iterator[str]:
    """Yield every article folder there is, by its path below the home. Blocks on disk."""
    for year in _list_below(home, ["articles"]):
        for name in _list_below(home, ["articles", year]):
            yield f"articles/{year}/{name}"


def _list_below(home: Path, parts: list[str]) -> list[str]:
    """Return the names of the folders in a folder, sorted; symlinks are left out."""
    try:
        descriptor = nofollow.open_folder(home, parts)
    except OSError:
        return []
    try:
        with os.scandir(descriptor) as entries:
            return sorted(each.name for each in entries if each.is_dir(follow_symlinks=False))
    finally:
        os.close(descriptor)
