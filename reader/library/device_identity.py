"""The identity of this device, and the folder of its state."""

import json
import os
from pathlib import Path
from typing import Final, NamedTuple

from reader.library.durable_io import atomic_write, create_folder, read_plain_file
from reader.library.state_folder import state_folder
from reader.model.errors import LibraryError, WriteError
from reader.paths import Paths

LIBRARY_FOLDERS: Final = ("articles", "journal", "tmp", "trash")
"""The folders of a library."""
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


class Device(NamedTuple):
    """This device, for one library. `state` holds its id, undo steps and backups.

    `id` is empty as long as nothing was written here.
    """

    id: str
    state: Path


def load_device(places: Paths) -> Device:
    """Return the device as noted; without an id for a copied library.

    A copy, a restored backup and a moved disk have another inode: continuing under the old id
    would give two writers one journal. Blocks on disk.
    """
    state = state_folder(places)
    try:
        noted = json.loads(read_plain_file(state / "device.json"))
        if noted["inode"] == places.home.stat().st_ino and _is_device_id(noted["device"]):
            return Device(noted["device"], state)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return Device("", state)


def claim_device(places: Paths, *, renew: bool = False) -> Device:
    """Return the device; make and note a random id if there is none.

    With `renew` the device gets a new id in any case.

    Raises WriteError where the state folder cannot be written. Blocks on disk.
    """
    device = load_device(places)
    if device.id and not renew:
        return device
    import secrets  # ⏱ 5 ms, and only a new device needs it.

    device = Device("".join(secrets.choice(_ALPHABET) for _ in range(8)), device.state)
    note = json.dumps(
        {"device": device.id, "inode": places.home.stat().st_ino, "home": str(places.home)}
    )
    try:
        device.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        atomic_write(device.state / "device.json", note.encode())
    except OSError as error:
        raise WriteError(f"not saved: {describe_obstacle(device.state, error)}") from None
    return device


def describe_obstacle(folder: Path, error: OSError) -> str:
    """Return why a folder cannot be written, and the next step, in one sentence."""
    obstacle = find_obstacle(folder)
    if obstacle is not None:
        return f"{obstacle} is not a folder: move it away"
    return f"{folder} cannot be written: {error.strerror}: make it a folder that you may write to"


def find_obstacle(folder: Path) -> Path | None:
    """Return the file that stands in the place of the folder, or of one above it."""
    for path in (folder, *folder.parents):
        if os.path.lexists(path):
            return None if path.is_dir() else path
    return None


def _is_device_id(text: object) -> bool:
    return isinstance(text, str) and len(text) == 8 and set(text) <= set(_ALPHABET)


def create_library_folders(places: Paths) -> None:
    """Open the library's folders, private to the user. Raises LibraryError."""
    for folder in LIBRARY_FOLDERS:
        path = places.home / folder
        if path.is_symlink():
            raise LibraryError(
                f"{path} is a symbolic link, which is not followed: replace it by the folder itself"
            )
        if os.path.lexists(path) and not path.is_dir():
            raise LibraryError(f"{path} is not a folder: move it away")
    try:
        for folder in ("", *LIBRARY_FOLDERS):
            create_folder(places.home / folder)
        for name, lines in (
            (".gitignore", "/.lock\n/tmp/\n/trash/\n"),
            (".stignore", "/.lock\n/tmp\n/trash\n"),
        ):
            if not (places.home / name).exists():
                atomic_write(places.home / name, lines.encode())
    except OSError as error:
        where = error.filename or places.home
        raise LibraryError(
            f"the library at {places.home} cannot be written: {error.strerror} ({where}); READER_HOME names another"
        ) from None
