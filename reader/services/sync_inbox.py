"""The inbox of the remote: pages, and lists of addresses, that phones and browsers put there."""

from pathlib import PurePosixPath
from typing import Final

from reader.model.errors import LibraryError, ReaderError, SyncError
from reader.model.text import one_line
from reader.services.add import add, add_page, is_known
from reader.services.input_sources import MAX_BYTES, find_addresses
from reader.services.workspace import Workspace
from reader.sync import names
from reader.sync.seal import AgeSeal, inbox_identity
from reader.sync.session import Session
from reader.sync.state import load_identity
from reader.sync.store import MissingObjectError

MAX_OBJECTS: Final = 500
"""Objects taken in by one run."""
MAX_LISTED: Final = 2_000
"""Objects of other people that are looked at by one run: two requests to S3."""
MAX_TOTAL: Final = 200 << 20
"""Bytes taken in by one run: ten pages of the largest size."""
MAX_ADDRESSES: Final = 100
"""Addresses in one object."""


def take_in(workspace: Workspace, session: Session) -> None:
    """Add the objects of the inbox, then delete them there; those that cannot be added stay.

    An object that two devices take at the same time is one article: its id is that of its address
    or its bytes. Raises LibraryError, JobCancelledError, SyncError. Blocks on network and extraction.
    """
    listing = session.store.list_level(names.INBOX)
    sizes = dict(listing.sizes)
    if names.SHARED in listing.folders:
        # Other people's objects come last, and those beyond the limits wait there.
        sizes |= session.store.list_some(names.SHARED, MAX_LISTED)
    state, report = session.state, session.report
    state.taken = {name: size for name, size in state.taken.items() if name in sizes}
    waiting = [
        name
        for name, size in sorted(sizes.items(), key=lambda pair: (_is_shared(pair[0]), pair))
        if size and state.taken.get(name) != size and not _is_hidden(name)
    ]
    session.expect(min(len(waiting), MAX_OBJECTS))
    room = MAX_TOTAL
    for name in waiting[:MAX_OBJECTS]:
        shown = one_line(name, 120)
        room -= sizes[name] if _is_shared(name) else 0
        if room < 0:
            break
        try:
            content = session.store.get(name, MAX_BYTES)
            if _is_shared(name):
                _add_shared(workspace, content, name)
            else:
                _add(workspace, content, PurePosixPath(name).name)
        except MissingObjectError:
            # Another device took it.
            continue
        except LibraryError:
            raise
        except ReaderError as error:
            state.taken[name] = sizes[name]
            reason = str(error) if isinstance(error, SyncError) else f"{shown}: {error}"
            report.refuse(f"{reason}; it stays in the inbox")
        else:
            session.store.delete([name])
            report.inbox += 1
        session.step("taken in")


def _add(workspace: Workspace, content: bytes, name: str) -> None:
    """Add a page, or queue the addresses of a list."""
    addresses = find_addresses(content)
    for address in addresses:
        add(workspace, address, later=True)
    if not addresses:
        add_page(workspace, content, name=name)


def _add_shared(workspace: Workspace, content: bytes, name: str) -> None:
    """Add another person's article or addresses; an entry that is known stays as it is."""
    if name.endswith(".age"):
        identity = load_identity(workspace.places)
        if not identity:
            raise SyncError(f"{one_line(name, 120)} is sealed, and this library is not")
        content = AgeSeal(inbox_identity(identity)).unseal(content, one_line(name, 120))
        name = name.removesuffix(".age")
    addresses = find_addresses(content)
    if len(addresses) > MAX_ADDRESSES:
        raise SyncError(f"{one_line(name, 120)} has more than {MAX_ADDRESSES} addresses")
    for address in addresses:
        if not is_known(workspace, address):
            add(workspace, address, later=True)
    if not addresses:
        add_page(workspace, content, name=PurePosixPath(name).name, replaces=False)


def _is_shared(name: str) -> bool:
    return name.startswith(f"{names.SHARED}/")


def _is_hidden(name: str) -> bool:
    return PurePosixPath(name).name.startswith(".")
