"""Articles shared by a tag: put into the inbox of another person's remote."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from reader.library.lww_document import TAG_PREFIX
from reader.model.entry import EntryId
from reader.model.errors import LibraryError, SyncError, UsageError
from reader.model.query import Query, TagTerm
from reader.model.text import clean_tag, fold_case, one_line
from reader.services.cache_sync import catch_up
from reader.services.exports import export
from reader.services.input_sources import MAX_BYTES
from reader.services.sync_access import open_remote, share_name
from reader.services.workspace import Workspace
from reader.sync import names
from reader.sync.seal import seal_for_recipient
from reader.sync.session import Session
from reader.sync.store import Store

MAX_SHARED: Final = 100
"""Articles shared by one run: a tag given to a whole library by mistake is noticed first."""


def share_tagged(workspace: Workspace, session: Session) -> None:
    """Put each article with a tag of `sync.share` into that person's inbox, once.

    Of several devices the one that gave the tag does it. What fails is in the report, and tried
    again by the next run. Raises LibraryError, JobCancelledError. Blocks on network and disk.
    """
    state = session.state
    if session.device and session.device not in state.devices:
        state.devices.append(session.device)
    for tag, target in workspace.settings.sync.share.items():
        url, _, recipient = target.partition(" ")
        done = state.shared.setdefault(share_name(tag, target), [])
        waiting = [each for each in _own_tagged(workspace, session, tag) if each not in {*done}]
        if not waiting:
            continue
        session.expect(min(len(waiting), MAX_SHARED))
        try:
            store = open_remote(workspace, url)
            for entry_id in waiting[:MAX_SHARED]:
                _share(workspace, store, entry_id, recipient.strip())
                done.append(entry_id)
                session.report.shared += 1
                session.step("shared")
        except LibraryError:
            raise
        except (SyncError, UsageError) as error:
            session.report.refuse(f"not shared by the tag {one_line(tag, 60)}: {error}")
        if len(waiting) > MAX_SHARED:
            session.report.refuse(
                f"{len(waiting) - MAX_SHARED} more articles with the tag {one_line(tag, 60)} are"
                " shared by the next syncs"
            )


def _own_tagged(workspace: Workspace, session: Session, tag: str) -> Iterator[EntryId]:
    """Yield the entries that have a tag which this device gave them, the oldest first."""
    tag = clean_tag(tag)
    if not tag:
        return
    field = TAG_PREFIX + fold_case(tag)
    catch_up(workspace.places, workspace.cache)
    now = datetime.fromtimestamp(session.clock()).astimezone()
    ids = list(workspace.cache.listing(Query(TagTerm(tag)), now=now).ids())
    documents = session.library().documents
    documents.prefetch(ids)
    for entry_id in reversed(ids):
        document = documents.get(entry_id)
        # A tag below it gives no such field.
        stamp = document.stamp(field) if document and document.fields.get(field) else None
        if stamp is not None and stamp.device in session.state.devices:
            yield entry_id


def _share(workspace: Workspace, store: Store, entry_id: EntryId, recipient: str) -> None:
    """Put one article as a book, or a link's address, into an inbox."""
    entry = workspace.library.get(entry_id).entry
    if entry.folder:
        with tempfile.TemporaryDirectory(prefix="reader-") as folder:
            path = Path(folder) / "shared.epub"
            export(workspace, [entry_id], "epub", path, title=entry.title)
            content, kind = path.read_bytes(), "epub"
    elif entry.url:
        content, kind = entry.url.encode(), "txt"
    else:
        return
    if len(content) > MAX_BYTES:
        raise SyncError(f"{one_line(entry.title, 80)!r} is too large for an inbox")
    name = f"{names.SHARED}/{entry_id}.{kind}"
    if recipient:
        name, content = f"{name}.age", seal_for_recipient(recipient, content)
    store.put(name, content)
