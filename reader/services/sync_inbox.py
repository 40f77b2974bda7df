"""The inbox of the remote: pages, and lists of addresses, that phones and browsers put there."""

from pathlib import PurePosixPath
from typing import Final

from reader.model.errors import LibraryError, ReaderError, SyncError
from reader.model.text import one_line
from reader.services.add import add, add_page
from reader.services.input_sources import MAX_BYTES, find_addresses
from reader.services.workspace import Workspace
from reader.sync import names
from reader.sync.session import Session
from reader.sync.store import MissingObjectError

MAX_OBJECTS: Final = 500
"""Objects taken in by one run."""


def take_in(workspace: Workspace, session: Session) -> None:
    """Add the objects of the inbox, then delete them there; those that cannot be added stay.

    An object that two devices take at the same time is one article: its id is that of its address
    or its bytes. Raises LibraryError, Cancelled, SyncError. Blocks on network and extraction.
    """
    listing = session.store.list_level(names.INBOX)
    state, report = session.state, session.report
    state.taken = {name: size for name, size in state.taken.items() if name in listing.sizes}
    waiting = [
        name
        for name, size in sorted(listing.sizes.items())
        if size and state.taken.get(name) != size and not _is_hidden(name)
    ]
    session.expect(min(len(waiting), MAX_OBJECTS))
    for name in waiting[:MAX_OBJECTS]:
        shown = one_line(name, 120)
        try:
            content = session.store.get(name, MAX_BYTES)
            _add(workspace, content, PurePosixPath(name).name)
        except MissingObjectError:
            # Another device took it.
            continue
        except LibraryError:
            raise
        except ReaderError as error:
            state.taken[name] = listing.sizes[name]
            said = str(error) if isinstance(error, SyncError) else f"{shown}: {error}"
            report.refuse(f"{said}; it stays in the inbox")
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


def _is_hidden(name: str) -> bool:
    return PurePosixPath(name).name.startswith(".")
