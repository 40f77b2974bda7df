"""Changes that the copies in the state folder have and the journals have lost, written again."""

import time
from collections.abc import Mapping
from pathlib import Path

from reader.library import backups
from reader.library.durable_io import atomic_write
from reader.library.journal_codec import FORMAT, encode
from reader.library.journal_files import parse_name
from reader.library.lww_document import Document
from reader.model.errors import WriteError


def restore(folder: Path, state: Path, documents: Mapping[str, Document], now: float) -> int:
    """Write missing changes to new journal files, with their clocks; return how many.

    The caller holds the library's lock. Raises WriteError, LibraryDamagedError.
    """
    files: dict[str, list[bytes]] = {}
    for file, entry_id, fields, stamp in backups.missing_changes(state, documents):
        line = {"c": [stamp.ms, stamp.counter], "o": "set", "i": entry_id, "f": fields}
        files.setdefault(file, []).append(encode(line))
    at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    for file, lines in files.items():
        name = parse_name(file)
        if name is None:
            continue
        header = encode({"format": FORMAT, "device": name.device, "n": name.number})
        target = _free(folder, f"{name.device}-{name.number}.restored-{at}-{name.kind}")
        try:
            atomic_write(target, header + b"".join(lines))
        except OSError as error:
            raise WriteError(f"not repaired: {error.strerror} ({target})") from None
    return sum(map(len, files.values()))


def _free(folder: Path, stem: str) -> Path:
    """Return a name that no file has: nothing that was restored before is replaced."""
    target = folder / f"{stem}.log"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.log"
    return target
