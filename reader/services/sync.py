"""Synchronising the library with its remote: beginning, running, looking."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reader.model.entry import EntryId
from reader.model.errors import ReaderError, SyncError, UsageError
from reader.model.text import one_line, plural
from reader.services.sync_access import (
    Ask,
    find_passphrase,
    never_ask,
    open_remote,
    seal_of,
    share_name,
)
from reader.services.workspace import QUIET, Workspace
from reader.sync import names
from reader.sync.names import (
    RootObjects,
    device_name,
    format_name,
    key_name,
    request_name,
    sort_root,
)
from reader.sync.seal import (
    AgeSeal,
    lock_identity,
    new_identity,
    unlock_identity,
)
from reader.sync.session import Session, SyncProgress, SyncReport, check_format, running_alone
from reader.sync.state import (
    SyncState,
    load_identity,
    load_state,
    remove_state,
    save_identity,
    save_state,
)
from reader.sync.store import Store

if TYPE_CHECKING:
    # A sync with nothing new needs none of these.
    from reader.library.document_store import DocumentStore
    from reader.sync.plan import SyncPlan
    from reader.sync.verify import VerifyReport

_MAX_KEY: Final = 64 << 10
"""Bytes of a key or of a device's name on the remote; they have less than a kilobyte."""
_READ_ME: Final = """\
A library of the program "reader". Its articles are in articles/, one tar archive each; its changes
in the objects journal.*, lines of JSON with checksums. Pages put into inbox/ are added to it.
"""
_READ_ME_SEALED: Final = """\
Everything is encrypted by age (https://age-encryption.org). With the passphrase:
    age -d -o key.txt %s
    age -d -i key.txt NAME.age | tar -x
"""


_MAX_TIME: Final = 253_370_000_000
"""Seconds since 1970 of a day in 9998: a date in every time zone."""


@dataclass(frozen=True, slots=True)
class SyncJob:
    """Callbacks of a run: progress, cancel checks, and questions to the user."""

    progress: Callable[[SyncProgress], object] = lambda _progress: None
    cancelled: Callable[[], bool] = QUIET.cancelled
    ask: Ask = never_ask


NO_JOB: Final = SyncJob()
"""Work that reports and asks nothing, and is never stopped."""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device of the remote: its id, name, and when it last sent something."""

    id: str
    name: str
    at: int
    is_this: bool


def init_remote(
    workspace: Workspace,
    url: str,
    *,
    sealed: bool = False,
    on_demand: bool = False,
    job: SyncJob = NO_JOB,
    store: Store | None = None,
) -> None:
    """Begin with a remote: an empty one is made ready, one in use is joined.

    Raises UsageError, SettingsError, SyncError, NewerFormatError.
    """
    remote = store or open_remote(workspace, url, create=True)
    listing = remote.list_level()
    root = sort_root(list(listing.sizes))
    key_ids = {key_id for _, key_id in root.formats}
    if not root.formats:
        strange = _strangers([*listing.sizes], listing.folders)
        if strange:
            raise SyncError(
                f"{remote.label} is in use for something else ({strange}): name an empty folder"
            )
        identity = _begin(workspace, remote, sealed, job)
    else:
        if any(number != names.FORMAT for number, _ in root.formats):
            check_format(root, names.PLAIN, remote.label)
        sealed_key_ids = key_ids - {names.PLAIN}
        if sealed and not sealed_key_ids:
            raise UsageError(
                f"{remote.label} is in use and not sealed: join it without --sealed, then run `reader sync key seal`"
            )
        identity = _join(workspace, remote, root, job) if sealed_key_ids else ""
    remove_state(workspace.places)
    if identity:
        save_identity(workspace.places, identity)
    key = AgeSeal(identity).key_id if identity else names.PLAIN
    save_state(workspace.places, SyncState(url=url, key=key, on_demand=on_demand))


def _strangers(root: list[str], folders: frozenset[str]) -> str:
    """Return a name on the root that is neither reader's nor hidden; empty without one."""
    ours = {names.INBOX, names.ARTICLES}
    strange = sorted(
        name for name in (*root, *(folders - ours)) if not name.startswith((".", "Thumbs.db"))
    )
    return one_line(strange[0], 60) if strange else ""


def _begin(workspace: Workspace, remote: Store, sealed: bool, job: SyncJob) -> str:
    """Make an empty remote ready; return its key."""
    if not sealed:
        remote.put(format_name(names.PLAIN), _READ_ME.encode())
        return ""
    # The same library may have been sealed before, on another remote.
    identity = load_identity(workspace.places) or new_identity()
    passphrase = find_passphrase(workspace.settings.sync, job.ask, "New passphrase of the remote")
    put_key(remote, identity, passphrase)
    return identity


def put_key(remote: Store, identity: str, passphrase: str) -> None:
    """Write the key under its passphrase, then the object that names the key."""
    key_id = AgeSeal(identity).key_id
    remote.put(key_name(key_id), lock_identity(identity, passphrase))
    text = _READ_ME + _READ_ME_SEALED % key_name(key_id)
    remote.put(format_name(key_id), text.encode())


def _join(workspace: Workspace, remote: Store, root: RootObjects, job: SyncJob) -> str:
    """Return the key of a sealed remote, from this device or by the passphrase."""
    key_ids = {key_id for _, key_id in root.formats if key_id != names.PLAIN}
    identity = load_identity(workspace.places)
    if identity and AgeSeal(identity).key_id in key_ids:
        return identity
    passphrase = find_passphrase(workspace.settings.sync, job.ask, "Passphrase of the remote")
    failure = SyncError(f"{remote.label} has no key")
    # While the key is being changed, there are two.
    for key_id in sorted(key_ids):
        try:
            identity = unlock_identity(remote.get(key_name(key_id), _MAX_KEY), passphrase)
            if AgeSeal(identity).key_id == key_id:
                return identity
            failure = SyncError(f"{remote.label}: {key_name(key_id)} has another key")
        except SyncError as error:
            failure = error
    raise failure


def run_sync(
    workspace: Workspace,
    job: SyncJob = NO_JOB,
    *,
    store: Store | None = None,
    on_demand: bool | None = None,
    skips_damaged: bool = False,
) -> SyncReport:
    """Bring what others changed, take in the inbox, and send what was changed here.

    With `skips_damaged`, changes are taken without the articles that cannot be read on the remote.
    Refused objects are in the report. Raises SyncError, LibraryError, SettingsError, UsageError,
    JobCancelledError: then the next run continues. Blocks on the network.
    """
    with running_alone(workspace.places):
        state = _ready_state(workspace, job, store)
        if on_demand is not None and on_demand != state.on_demand:
            state.on_demand, state.listing = on_demand, ""
        session = _session(workspace, state, job, store)
        session.skips_damaged = skips_damaged
        if on_demand is False:
            from reader.library.article_folders import exists
            from reader.sync.verify import named_folders

            absent = (each for each in named_folders(session) if not exists(session.home, each))
            state.missing = sorted(absent)
            state.listing = "" if state.missing else state.listing
        try:
            _run(workspace, session)
        except ReaderError as error:
            state.problem = str(error)
            save_state(workspace.places, state)
            raise
        return session.report


def _run(workspace: Workspace, session: Session) -> None:
    session.begin()
    stamps = session.stamps()
    has_news = session.has_news
    if has_news:
        from reader.library.article_folders import id_in
        from reader.sync.pull import Pull

        Pull(session).run()
        if session.late:
            workspace.cache.mark_unindexed([EntryId(id_in(each)) for each in session.late])
    if names.INBOX in session.folders:
        from reader.services import sync_inbox

        sync_inbox.take_in(workspace, session)
    share = workspace.settings.sync.share
    if share and (
        has_news or {share_name(*pair) for pair in share.items()} - {*session.state.shared}
    ):
        from reader.services import sync_share

        sync_share.share_tagged(workspace, session)
    now = session.stamps()
    if has_news or now != stamps:
        from reader.sync.push import Push

        stamps = now
        Push(session).run()
    if has_news and (session.damaged or session.state.wanted or session.root.requests):
        from reader.sync.repair_request import settle_requests

        settle_requests(session)
    session.state.problem = session.report.problems[0] if session.report.problems else ""
    session.finish(stamps)


def describe_report(report: SyncReport) -> str:
    """Return what a run did in one sentence without its end."""
    parts = [
        f"sent {plural(report.sent)}" if report.sent else "",
        f"received {plural(report.received)}" if report.received else "",
        f"added {report.inbox} from the inbox" if report.inbox else "",
        f"shared {plural(report.shared)}" if report.shared else "",
        f"sent {plural(report.resent, 'damaged object')} again" if report.resent else "",
    ]
    summary = ", ".join(part for part in parts if part)
    if not summary:
        is_idle = not (report.sent_bytes or report.received_bytes or report.deleted)
        summary = "nothing new" if is_idle else "changes synchronised"
    if report.delayed:
        summary += "; the remote's list is not complete yet: the next sync receives the rest"
    return summary


def plan_sync(
    workspace: Workspace, job: SyncJob = NO_JOB, *, store: Store | None = None
) -> "SyncPlan":
    """Return what a run would send and receive; nothing is changed. One request."""
    state = _ready_state(workspace, job, store)
    session = _session(workspace, state, job, store)
    session.begin()
    from reader.sync.plan import make_plan

    return make_plan(session)


def list_devices(workspace: Workspace, *, store: Store | None = None) -> list[DeviceRow]:
    """Return the devices of the remote, the latest first. One request for each."""
    session = _session(workspace, _ready_state(workspace, NO_JOB, store), NO_JOB, store)
    session.begin()
    uploaders = {
        each.uploader for each in session.root.segments if each.key_id == session.seal.key_id
    }
    rows = []
    for device in uploaders | {
        device for key_id, device in session.root.devices if key_id == session.seal.key_id
    }:
        name, at = "", 0
        try:
            object_name = device_name(session.seal.key_id, device)
            content = session.seal.unseal(session.store.get(object_name, _MAX_KEY), object_name)
            value = json.loads(content)
            name, at = one_line(str(value["name"]), 60), int(value["at"])
            if not 0 <= at <= _MAX_TIME:
                at = 0
        except (SyncError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            name = "unknown"
        rows.append(DeviceRow(device, name, at, device == session.device))
    return sorted(rows, key=lambda row: (-row.at, row.id))


def remove_device(
    workspace: Workspace, device: str, job: SyncJob = NO_JOB, *, store: Store | None = None
) -> int:
    """Take over what a device has sent, and delete its objects; return how many.

    Its changes stay: this device sends its journals from now on. Raises UsageError, SyncError.
    """
    from reader.sync.pull import Pull
    from reader.sync.push import Push

    with running_alone(workspace.places):
        session = _session(workspace, _ready_state(workspace, job, store), job, store)
        session.begin()
        if device == session.device:
            raise UsageError("a device cannot remove itself: run this on another device")
        gone = [each for each in session.root.segments if each.uploader == device]
        there = [pair for pair in session.root.devices if pair[1] == device]
        asked = [request for request in session.root.requests if request[1] == device]
        if not gone and not there:
            raise UsageError(
                f"no device {one_line(device, 20)!r}: `reader sync devices` lists them"
            )
        Pull(session).run()
        if session.report.problems or session.report.delayed:
            raise SyncError(
                f"not removed: {(*session.report.problems, 'the list is not complete yet')[0]}; nothing is deleted"
            )
        # Without its segments in the list, they are this device's to send.
        kept = tuple(each for each in session.root.segments if each.uploader != device)
        root = session.root
        session.root = RootObjects(
            root.formats, kept, root.keys, root.devices - set(there), root.refused, root.requests
        )
        session.matched = {
            pair: target for pair, target in session.matched.items() if pair[0] != device
        }
        stamps = session.stamps()
        Push(session).run()
        if session.report.problems:
            raise SyncError(f"not removed: {session.report.problems[0]}; nothing is deleted")
        listed = [each.name for each in gone] + [device_name(*pair) for pair in there]
        listed += [request_name(*request) for request in asked]
        session.delete_root(listed)
        session.finish(stamps)
        return len(listed)


def _ready_state(workspace: Workspace, job: SyncJob, store: Store | None) -> SyncState:
    """Return the notes of the remote, begun if the settings name one. Raises UsageError."""
    state = load_state(workspace.places)
    if not state.url:
        url = workspace.settings.sync.url
        if not url:
            raise UsageError(
                "no remote yet: run `reader sync --init URL` with s3://, https:// or a folder"
            )
        init_remote(workspace, url, job=job, store=store)
        state = load_state(workspace.places)
    return state


def ready_session(
    workspace: Workspace, job: SyncJob = NO_JOB, store: Store | None = None
) -> Session:
    """Return a session with the library's remote; nothing is asked yet. Raises UsageError."""
    return _session(workspace, _ready_state(workspace, job, store), job, store)


def verify_remote(
    workspace: Workspace,
    job: SyncJob = NO_JOB,
    *,
    repair: bool = False,
    store: Store | None = None,
) -> "VerifyReport":
    """Check every object of the remote, after bringing new changes from there.

    Raises SyncError, LibraryError, UsageError, JobCancelledError. Blocks: reads the whole remote.
    """
    from reader.sync.pull import Pull
    from reader.sync.verify import verify

    with running_alone(workspace.places):
        session = ready_session(workspace, job, store)
        session.begin()
        Pull(session).run()
        report = verify(session, repair=repair)
        report.damaged += [each for each in session.report.problems if each not in report.damaged]
        return report


def _session(workspace: Workspace, state: SyncState, job: SyncJob, store: Store | None) -> Session:
    def library() -> "DocumentStore":
        return workspace.library.store

    return Session(
        workspace.places,
        store or open_remote(workspace, state.url),
        seal_of(workspace, state),
        state,
        library,
        clock=workspace.clock,
        progress=job.progress,
        cancelled=job.cancelled,
    )
