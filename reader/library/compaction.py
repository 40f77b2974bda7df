"""Compaction: what this device wrote, said once, as a new generation of its journal.

Under the lock only a new log is begun. The snapshot is made of files that nobody writes to any
more, verified, and only then renamed into place; the generation before it is kept.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from reader.library import journal
from reader.library.disk import sync, sync_folder
from reader.library.fold import Document, operations
from reader.library.journal import Name, Standing
from reader.library.ledger import Ledger
from reader.library.lines import FORMAT, Reading, encode
from reader.model.errors import LibraryDamaged, LibraryError, NotSaved

_WORTH: Final = 4 << 20
"""Bytes of log from which compaction is worth it."""


def is_due(ledger: Ledger) -> bool:
    """Whether this device's log has outgrown its snapshot."""
    own = [name for name in journal.survey(ledger.folder).names if is_own(name, ledger.device.id)]
    sizes = dict.fromkeys(("log", "snap"), 0)
    newest = max((name.number for name in own), default=0)
    for name in own:
        if name.number == newest:
            sizes[name.kind] = (ledger.folder / name.file).stat().st_size
    return sizes["log"] > max(_WORTH, sizes["snap"])


def is_own(name: Name, device: str) -> bool:
    """Whether the file is one that this device wrote under this name."""
    return bool(device) and name.device == device and not name.extra


def finish(home: Path, device: str, number: int, *, despite_rot: bool = False) -> None:
    """Make snapshot `number` of what this device wrote before log `number`.

    Raises LibraryDamaged where a line cannot be read (what is left counts with `despite_rot`),
    NotSaved where the disk does not take it; then nothing has changed. Takes no lock. Blocks,
    about 3 s for 100,000 articles.
    """
    folder = home / "journal"
    survey = [name for name in journal.survey(folder).names if name.device == device]
    own = [name for name in survey if not name.extra]
    before = journal.generation(
        [name for name in survey if name.number < number],
        lambda name: journal.verified(folder / name.file),
    )
    try:
        documents = _folded(folder, before, despite_rot)
        part = home / "tmp" / f"{device}-{number}.snap"
        _write(part, device, number, documents)
        if not _same(_folded(part.parent, [_named(part)], False), documents):
            raise LibraryDamaged(f"{part} does not hold what was written to it")
        part.rename(folder / part.name)
        sync_folder(folder)
        kept = {name.file for name in before}
        for name in own:
            if name.number < number and name.file not in kept:
                (folder / name.file).unlink(missing_ok=True)
    except OSError as error:
        raise NotSaved(f"the journal was not compacted: {error.strerror} ({folder})") from None


def _named(path: Path) -> Name:
    name = journal.name_of(path.name)
    if name is None:
        raise LibraryError(f"{path.name} is no journal")
    return name


def _folded(folder: Path, names: Iterable[Name], despite_rot: bool) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for name in names:
        standing = Standing(0, Reading())
        for line in journal.lines_of(folder / name.file, standing):
            for entry_id, fields, stamp in operations(line, name.device):
                documents.setdefault(entry_id, Document()).apply(fields, stamp)
        whole = standing.whole or name.kind == "log"
        if not despite_rot and (standing.reading.rotten or not whole):
            raise LibraryDamaged(f"{name.file} is damaged: `reader doctor --repair` mends it")
    return documents


def _write(part: Path, device: str, number: int, documents: dict[str, Document]) -> None:
    part.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    count = 0
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(encode({"format": FORMAT, "device": device, "n": number}))
        for entry_id, document in documents.items():
            for stamp, fields in document.written():
                clock = [stamp.ms, stamp.counter]
                stream.write(encode({"c": clock, "o": "set", "i": entry_id, "f": fields}))
                count += 1
        stream.write(encode({"end": count}))
        stream.flush()
        sync(descriptor)


def _same(one: dict[str, Document], other: dict[str, Document]) -> bool:
    return one.keys() == other.keys() and all(
        one[name].fields == document.fields
        and all(one[name].stamp(key) == document.stamp(key) for key in document.fields)
        for name, document in other.items()
    )
