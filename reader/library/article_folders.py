"""Article folders: written under `tmp/`, made durable, renamed into place, never changed again."""

import gzip
import hashlib
import secrets
import shutil
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from reader.library.durable_io import create_file, create_folder, sync_folder
from reader.library.record_mapper import front_matter, split_front_matter
from reader.model.article import Article
from reader.model.errors import LibraryDamagedError, WriteError
from reader.model.text import slug

TEXT: Final = "article.md"
PAGE: Final = "page.html.gz"
_MAX_PAGE: Final = 256 << 20


@dataclass(frozen=True, slots=True)
class ArticleFolder:
    """A folder that was written: its path below the home, and the SHA-256 of the body.

    `new` says that it was not there before: then it may be taken back.
    """

    path: str
    digest: str
    is_new: bool = True


def write(
    home: Path, entry_id: str, article: Article, page: bytes, values: Mapping[str, Any]
) -> ArticleFolder:
    """Write an article's folder; durable on return. `values` go into the front matter.

    Raises NotSaved; then nothing is left but perhaps a folder under `tmp/`.
    """
    body = article.markdown
    digest = hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()
    text = (front_matter({**values, "sha256": digest}) + body).encode("utf-8", "replace")
    year = str(values["added"])[:4]
    name = f"{slug(article.title)}-{entry_id}-{hashlib.sha256(text).hexdigest()[:8]}"
    target = home / "articles" / year / name
    part = home / "tmp" / f"{name}-{secrets.token_hex(4)}"
    try:
        part.mkdir(parents=True, mode=0o700)
        create_file(part / TEXT, text)
        if page:
            create_file(part / PAGE, gzip.compress(page, 6, mtime=0))
        if article.images:
            (part / "images").mkdir(mode=0o700)
            for picture in {one.name: one for one in article.images}.values():
                create_file(part / "images" / PurePosixPath(picture.name).name, picture.content)
            sync_folder(part / "images")
        sync_folder(part)
        new = _publish(part, target)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise WriteError(f"not saved: {error.strerror} ({target.parent})") from None
    return ArticleFolder(target.relative_to(home).as_posix(), digest, new)


def _publish(part: Path, target: Path) -> bool:
    create_folder(target.parent)
    if target.exists():
        # The same bytes were written before, perhaps by a run that died before it recorded them.
        shutil.rmtree(part)
        return False
    part.rename(target)
    try:
        sync_folder(target.parent)
    except OSError:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return True


def add_images(home: Path, folder: str, pictures: Mapping[str, bytes]) -> None:
    """Add files to a folder's `images/`, each by rename; names that are there stay as they are.

    Raises NotSaved. Names are ours: the start of the content's SHA-256 and a type.
    """
    images = _resolve(home, folder, "images")
    try:
        create_folder(images)
        for name, content in pictures.items():
            target = images / PurePosixPath(name).name
            if target.exists():
                continue
            part = home / "tmp" / f"{target.name}-{secrets.token_hex(4)}"
            create_file(part, content)
            part.rename(target)
        sync_folder(images)
    except OSError as error:
        raise WriteError(f"not saved: {error.strerror} ({images})") from None


def read_text(home: Path, folder: str) -> str:
    """The body of the article, without front matter. Raises LibraryDamaged."""
    return split_front_matter(_read(_resolve(home, folder, TEXT)).decode("utf-8", "replace"))[1]


def read_front_matter(home: Path, folder: str) -> dict[str, Any]:
    """The front matter of the article. Raises LibraryDamaged."""
    return split_front_matter(_read(_resolve(home, folder, TEXT)).decode("utf-8", "replace"))[0]


def read_page(home: Path, folder: str) -> bytes:
    """The page as it was fetched, unpacked. Raises LibraryDamaged."""
    path = _resolve(home, folder, PAGE)
    try:
        with gzip.open(path) as stream:
            content = stream.read(_MAX_PAGE)
    except FileNotFoundError:
        raise LibraryDamagedError(
            f"{path} is missing: no page was kept, or it was removed"
        ) from None
    except (OSError, EOFError, zlib.error):
        raise LibraryDamagedError(f"{path} is damaged: `reader doctor` says more") from None
    return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise LibraryDamagedError(f"{path} is missing: `reader doctor` says more") from None
    except OSError as error:
        raise LibraryDamagedError(f"{path} cannot be read: {error.strerror}") from None


def _resolve(home: Path, folder: str, below: str = "") -> Path:
    """The path of a folder, or of something below it.

    One that would leave the library is damage: no journal of ours says so, and we make no links.
    """
    parts = PurePosixPath(folder, below).parts
    if (
        len(parts) < 2
        or parts[0] != "articles"
        or ".." in parts
        or "\0" in folder
        or PurePosixPath(folder).is_absolute()
    ):
        raise LibraryDamagedError(f"a record names a folder outside the library: {folder!r}")
    path = home / parts[0]
    for part in parts[1:]:
        path /= part
        if path.is_symlink():
            raise LibraryDamagedError(f"{path} is a link, which may lead out of the library")
    return path


def remove(home: Path, folder: str) -> None:
    """Move a folder to `trash/`, then delete it. A crash in between leaves it there to be swept."""
    source = _resolve(home, folder)
    target = home / "trash" / f"{source.name}-{secrets.token_hex(4)}"
    try:
        target.parent.mkdir(exist_ok=True, mode=0o700)
        source.rename(target)
        sync_folder(source.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise WriteError(f"{source} cannot be removed: {error.strerror}") from None
    shutil.rmtree(target, ignore_errors=True)


def list_folders(home: Path) -> Iterator[str]:
    """Every article folder there is, by its path below the home. Blocks on disk."""
    root = home / "articles"
    if root.is_dir():
        for year in sorted(root.iterdir()):
            if year.is_dir() and not year.is_symlink():
                yield from (
                    f"articles/{year.name}/{one.name}"
                    for one in sorted(year.iterdir())
                    if one.is_dir() and not one.is_symlink()
                )
