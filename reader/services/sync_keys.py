"""The key of a sealed remote: shown, given another passphrase, or replaced."""

from reader.model.errors import SyncError, UsageError
from reader.services.sync import NO_JOB, SyncJob, put_key, ready_session
from reader.services.sync_access import find_passphrase
from reader.services.workspace import Workspace
from reader.sync import names
from reader.sync.names import RootObjects
from reader.sync.pull import Pull
from reader.sync.push import Push
from reader.sync.seal import AgeSeal, inbox_recipient, new_identity
from reader.sync.session import Session, running_alone
from reader.sync.state import load_identity, save_identity
from reader.sync.store import Store
from reader.sync.verify import named_folders


def show_key(workspace: Workspace) -> str:
    """Return the key of the remote, to be kept on paper. Raises UsageError without one."""
    identity = load_identity(workspace.places)
    if not identity:
        raise UsageError("the remote of this library is not sealed: it has no key")
    return identity


def show_inbox_key(workspace: Workspace) -> str:
    """Return the public key for those who share articles with this library. Raises UsageError."""
    return inbox_recipient(show_key(workspace))


def change_passphrase(
    workspace: Workspace, job: SyncJob = NO_JOB, *, store: Store | None = None
) -> None:
    """Write the key under another passphrase; this device must have the key.

    The way back for a lost passphrase. Anyone who has the old passphrase and a copy of the old object
    still gets the key: change the key for that. Raises UsageError, SyncError.
    """
    identity = show_key(workspace)
    with running_alone(workspace.places):
        session = ready_session(workspace, job, store)
        session.begin()
        passphrase = find_passphrase(workspace.settings.sync, job.ask, "New passphrase")
        put_key(session.store, identity, passphrase)


def change_key(workspace: Workspace, job: SyncJob = NO_JOB, *, store: Store | None = None) -> int:
    """Seal everything with a new key, also of a remote that was plain; return how many articles.

    All is sent again under the new key before anything under the old one is deleted, so a run may
    die anywhere and be repeated. Other devices need the new passphrase; they send
    the rest of their changes then. Raises UsageError, SyncError, JobCancelledError.
    """
    with running_alone(workspace.places):
        session = ready_session(workspace, job, store)
        if session.state.on_demand:
            raise UsageError("this device lacks some articles: run `reader sync --texts` first")
        session.begin()
        Pull(session).run()
        if session.report.problems or session.report.delayed:
            raise SyncError(
                f"the key was not changed: {(*session.report.problems, 'the list is not complete yet')[0]}"
            )
        passphrase = find_passphrase(workspace.settings.sync, job.ask, "New passphrase")
        identity = new_identity()
        seal = AgeSeal(identity, workspace.settings.sync.recipients)
        following = Session(
            workspace.places,
            session.store,
            seal,
            session.state,
            session.library,
            clock=workspace.clock,
            progress=job.progress,
            cancelled=job.cancelled,
        )
        following.folders = session.folders
        following.root = RootObjects(frozenset(), (), frozenset(), frozenset(), ())
        following.state.announced = 0.0
        stamps = following.stamps()
        Push(following).run()
        if following.report.problems:
            raise SyncError(f"the key was not changed: {following.report.problems[0]}")
        put_key(following.store, identity, passphrase)
        save_identity(workspace.places, identity)
        _delete_former(following)
        following.begin()
        following.finish(stamps)
        return following.report.sent


def _delete_former(session: Session) -> None:
    """Delete everything that is not under the session's key. The inbox stays."""
    listing = session.store.list_level()
    current = f".{session.seal.key_id}"
    former = [name for name in listing.sizes if names.is_root_name(name) and current not in name]
    # The format goes first: a device that syncs during the deletion then stops with its message.
    for name in sorted(former, key=lambda name: not name.startswith("format.")):
        session.store.delete([name])
    kept = {session.seal.folder_name(each) for each in named_folders(session)}
    session.store.delete(
        name for name in session.store.list_all(names.ARTICLES) if name not in kept
    )
