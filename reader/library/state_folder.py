"""The folder of this device's data about one library, below the state folder."""

import contextlib
import hashlib
import os
from pathlib import Path

from reader.paths import Paths


def library_key(home: Path) -> str:
    """Return a name for the library at this path: the start of the SHA-256 of its real path."""
    return hashlib.sha256(os.fsencode(os.path.realpath(home))).hexdigest()[:32]


def state_folder(paths: Paths) -> Path:
    """Return the folder of this device's data about the library; it may not exist yet."""
    return paths.state / "libraries" / library_key(paths.home)


def adopt_state(paths: Paths, old: Path, name: str) -> Path:
    """Return the path of a file or folder in `state_folder`, moved from its place `old`.

    An existing file or folder is not replaced. Blocks on disk.
    """
    path = state_folder(paths) / name
    if old.exists() and not path.exists():
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            old.rename(path)
    return path


def former_key(*parts: str | Path) -> str:
    """Return the key by which former versions named data of a library outside its folder."""
    return hashlib.sha256(b"\0".join(map(os.fsencode, parts))).hexdigest()[:16]
