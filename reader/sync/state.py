"""The notes of this device about one library's remote, in the state folder.

Only what saves requests is noted, besides the address: everything else follows from the files and
the remote's list. A lost note costs one longer run.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from reader.library.durable_io import atomic_write, read_plain_file
from reader.library.state_folder import state_folder
from reader.model.errors import SyncError, WriteError
from reader.paths import Paths

_FILE: Final = "sync.json"
_KEY_FILE: Final = "sync.key"
MAX_NOTED: Final = 5_000
"""Names noted of objects to try again."""


@dataclass(slots=True)
class SyncState:
    """The remote of a library, and how it stood after the last run.

    `listing` is a digest of the root's names, `stamps` those of the local journals; if both are the
    same, there is nothing to do. `sent` are the segments that are this device's. `missing` are folders that
    records name and the remote did not have. `taken` are objects of the inbox that could not be
    added, by name with size. `wanted` are objects that could not be read, with the time of the first
    failure, `answered` the requests of other devices that were answered. `devices` are the ids that this
    device has had, `shared` the entries that it put into each inbox. Times in seconds since 1970.
    """

    url: str = ""
    key: str = ""
    on_demand: bool = False
    listing: str = ""
    stamps: dict[str, list[int]] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    wanted: dict[str, float] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    shared: dict[str, list[str]] = field(default_factory=dict)
    announced: float = 0.0
    collected: float = 0.0
    synced: float = 0.0
    problem: str = ""


def load_state(paths: Paths) -> SyncState:
    """Return the notes; empty ones where there are none. Blocks on disk."""
    state = SyncState()
    with suppress(OSError, ValueError, RecursionError):
        noted: Any = json.loads(read_plain_file(state_folder(paths) / _FILE))
        if isinstance(noted, dict):
            for each in fields(SyncState):
                value = noted.get(each.name)
                if type(value) is type(getattr(state, each.name)):
                    setattr(state, each.name, value)
    state.wanted = {name: at for name, at in state.wanted.items() if type(at) in (int, float)}
    return state


def save_state(paths: Paths, state: SyncState) -> None:
    """Write the notes. Raises WriteError."""
    state.missing = state.missing[:MAX_NOTED]
    state.answered = state.answered[-MAX_NOTED:]
    state.taken = dict(list(state.taken.items())[-MAX_NOTED:])
    _write(paths, _FILE, json.dumps(asdict(state)).encode())


def load_identity(paths: Paths) -> str:
    """Return this device's copy of the remote's key; empty without. Raises SyncError."""
    path = state_folder(paths) / _KEY_FILE
    try:
        if path.stat().st_mode & 0o077:
            raise SyncError(f"{path} can be read by other users: run `chmod 600` on it")
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def save_identity(paths: Paths, identity: str) -> None:
    """Keep the remote's key, readable by this user only. Raises WriteError."""
    _write(paths, _KEY_FILE, identity.encode() + b"\n")


def lock_path(paths: Paths) -> Path:
    """Return the file that a running synchronisation holds a lock on."""
    return state_folder(paths) / "sync.lock"


def _write(paths: Paths, name: str, content: bytes) -> None:
    folder = state_folder(paths)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        atomic_write(folder / name, content)
    except OSError as error:
        raise WriteError(f"{folder / name} cannot be written: {error.strerror}") from None


def remove_state(paths: Paths) -> None:
    """Forget the remote and its key. Blocks on disk."""
    for name in (_FILE, _KEY_FILE):
        with suppress(OSError):
            os.unlink(state_folder(paths) / name)  # noqa: PTH108
