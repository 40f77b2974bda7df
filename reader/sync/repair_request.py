"""Requests to other devices to send again what this device cannot read on the remote.

A device puts the names of what it found damaged or missing into one object on the root. Whichever
device syncs next and has them whole sends them again, and deletes damaged folders of articles that
were purged, which no device can send. The object's name has a digest of its content, so the list of
the root shows a new one without a further request.
"""

import hashlib
import json
from typing import Any, Final

from reader.library import article_folders, device_identity
from reader.library.field_validation import is_folder_of, valid_fields
from reader.model.errors import LibraryError, SyncError, WriteError
from reader.model.text import plural
from reader.sync import journal_stream
from reader.sync.folder_archive import MAX_ARCHIVE, pack_folder, unpack_folder
from reader.sync.journal_stream import Stream, compare_prefix
from reader.sync.names import Segment, parse_segment, request_name
from reader.sync.session import Session
from reader.sync.store import UnusableObjectError
from reader.sync.verify import is_needed, read_range

MAX_NAMES: Final = 1_000
"""Names in one request, and objects sent again by one run: a hostile request costs no more."""
MAX_REQUESTS: Final = 100
"""Requests answered by one run: five for each of twenty devices."""
_MAX_CONTENT: Final = 512 << 10
"""Bytes of a request: 1,000 names of 500 bytes each."""


def settle_requests(session: Session) -> None:
    """Answer the requests of other devices; put, renew or delete this one's.

    Raises SyncError, LibraryError, JobCancelledError. Blocks on network and disk.
    """
    asked = [
        request
        for request in sorted(session.root.requests)
        if request[0] == session.seal.key_id and request[1] != session.device
    ]
    there = {request_name(*request) for request in asked}
    session.state.answered = [each for each in session.state.answered if each in there]
    sent: set[str] = set()
    for request in asked[:MAX_REQUESTS]:
        name = request_name(*request)
        if name not in session.state.answered:
            _answer(session, name, sent)
            session.state.answered.append(name)
    _ask(session)


def _ask(session: Session) -> None:
    """Put the request of this device, and delete the former one."""
    now = session.clock()
    known = session.state.wanted
    session.state.wanted = {
        name: min(known.get(name, now), now) for name in sorted(session.damaged)[:MAX_NAMES]
    }
    wanted = list(session.state.wanted)
    names = []
    if wanted:
        device = session.device or _claim_device(session)
        # The time makes each run's request a new one: an answer may have been lost or damaged.
        content = json.dumps({"at": int(now * 1000), "names": wanted}).encode()
        digest = session.seal.digest(hashlib.sha256(content).digest())
        names = [request_name(session.seal.key_id, device, digest)]
        session.put_root(names[0], session.seal.seal(content))
        session.report.refuse(
            f"{plural(len(wanted), 'object')} of the remote cannot be read: another device that"
            " has the original sends it with its next sync; `reader sync --skip-damaged` continues now"
        )
    own = f"wanted.{session.seal.key_id}.{session.device}."
    session.delete_root(
        name for name in session.root_names if name.startswith(own) and name not in names
    )


def _claim_device(session: Session) -> str:
    """Give a device that wrote nothing yet its id; it may have no library folder."""
    try:
        session.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return device_identity.claim_device(session.paths).id
    except OSError as error:
        raise WriteError(f"{session.home} cannot be written: {error.strerror}") from None


def _answer(session: Session, name: str, sent: set[str]) -> None:
    """Send again what a request names and this device has, unless this run has `sent` it."""
    try:
        content = session.seal.unseal(session.store.get(name, _MAX_CONTENT), name)
        value: Any = json.loads(content)
        names = value["names"]
        if type(names) is not list or not all(type(each) is str for each in names):
            raise ValueError
    except (SyncError, LookupError, TypeError, ValueError, RecursionError):
        # Answered, withdrawn, or noise: nothing depends on it.
        return
    for each in names[:MAX_NAMES]:
        session.check_cancelled()
        if each in sent:
            continue
        segment = parse_segment(each)
        if segment is not None:
            is_sent = _send_segment(session, segment)
        else:
            is_sent = _send_folder(session, each)
            if not is_sent:
                _delete_purged(session, each)
        if is_sent:
            sent.add(each)
            session.report.resent += 1


def _send_folder(session: Session, folder: str) -> bool:
    if not is_folder_of(folder, article_folders.id_in(folder)):
        return False
    if not article_folders.exists(session.home, folder) or not is_needed(session, folder):
        return False
    try:
        content = pack_folder(session.home, folder)
    except (OSError, SyncError):
        return False
    session.store.put(session.seal.folder_name(folder), session.seal.seal(content))
    return True


def _delete_purged(session: Session, folder: str) -> None:
    """Delete a purged article's object if it cannot be read.

    A device that has not read the purge yet would otherwise wait for it to be sent again; it takes
    the lines at once where the object is missing.
    """
    entry_id = article_folders.id_in(folder)
    document = session.library().documents.get(entry_id)
    if not is_folder_of(folder, entry_id) or document is None:
        return
    if not valid_fields(entry_id, document).get("purged"):
        return
    name = session.seal.folder_name(folder)
    try:
        content = session.store.get(name, session.seal.size_limit(MAX_ARCHIVE))
    except UnusableObjectError:
        content = b""
    except SyncError:
        # Missing, which the other device will see, or out of reach.
        return
    try:
        unpack_folder(session.seal.unseal(content, name), folder, name)
    except SyncError:
        session.store.delete([name])


def _send_segment(session: Session, segment: Segment) -> bool:
    """Send a segment if a local journal has exactly its bytes."""
    if segment.key_id != session.seal.key_id:
        return False
    stream = Stream(segment.uploader, segment.file, [segment])
    for file in (segment.file, journal_stream.copy_file_of(stream)):
        path = session.journal / file
        try:
            if compare_prefix(path, stream, session.seal).end != segment.end:
                continue
        except (OSError, LibraryError):
            continue
        content = read_range(path, segment.start, segment.end)
        session.put_root(segment.name, session.seal.seal(content))
        return True
    return False
