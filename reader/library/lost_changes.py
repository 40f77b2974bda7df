"""Changes that the copies in the state folder have and the journals have lost, written again."""

import time
from collections.abc import Mapping
from pathlib import Path

from reader.library import backups
from reader.library.durable_io import atomic_write
from reader.library.journal_codec import FORMAT, encode
from reader.library.journal_files import JournalName
from reader.library.lww_document import Document
from reader.model.errors import WriteError


def restore(folder: Path, state: Path, documents: Mapping[str, Document], now: float) -> int:
    """Write missing changes to new journal files, with their clocks; return how many.

    A log that lost some of its changes may lose the others, and no other device is sure to have
    them. So all that the logs of its device say, and nothing has overwritten, is written again.
    The caller holds the library's lock. Raises WriteError, LibraryDamagedError.
    """
    missing = list(backups.missing_changes(state, documents))
    devices = {name.device for name, *_ in missing if name.kind == "log"}
    changes = [each for each in missing if each[0].device not in devices or each[0].kind != "log"]
    changes += backups.current_changes(state, documents, devices)
    lines: dict[JournalName, dict[bytes, None]] = {}
    for name, entry_id, fields, stamp in changes:
        line = {"c": [stamp.ms, stamp.counter], "o": "set", "i": entry_id, "f": fields}
        # A change may be in the backup and in what was written since.
        lines.setdefault(name, {})[encode(line)] = None
    at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    for name, found in lines.items():
        header = encode({"format": FORMAT, "device": name.device, "n": name.number})
        target = _free(folder, f"{name.device}-{name.number}.restored-{at}-{name.kind}")
        try:
            atomic_write(target, header + b"".join(found))
        except OSError as error:
            raise WriteError(f"not repaired: {error.strerror} ({target})") from None
    return len(missing)


def _free(folder: Path, stem: str) -> Path:
    """Return a name that no file has: nothing that was restored before is replaced."""
    target = folder / f"{stem}.log"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.log"
    return target
