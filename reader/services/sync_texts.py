"""Texts on demand: articles whose folders stay on the remote until they are needed."""

from collections.abc import Sequence

from reader.library.article_folders import exists, id_in
from reader.model.entry import EntryId
from reader.model.errors import SyncError
from reader.services.sync import NO_JOB, SyncJob, ready_session
from reader.services.workspace import Workspace
from reader.sync.pull import Pull
from reader.sync.state import load_state
from reader.sync.store import Store


def bring_on_demand(workspace: Workspace, folder: str, *, store: Store | None = None) -> None:
    """Bring one folder if this device has its texts on demand. One request.

    Raises SyncError. Blocks on the network.
    """
    if load_state(workspace.places).on_demand:
        bring_folders(workspace, [folder], store=store)


def bring_entries(
    workspace: Workspace,
    ids: Sequence[EntryId],
    job: SyncJob = NO_JOB,
    *,
    store: Store | None = None,
) -> int:
    """Bring the texts of entries that are not here; return how many came.

    Raises SyncError, LibraryError, JobCancelledError.
    """
    library = workspace.library
    library.prefetch(ids)
    folders = [library.get(each).entry.folder for each in ids]
    return bring_folders(workspace, [each for each in folders if each], job, store=store)


def bring_folders(
    workspace: Workspace,
    folders: Sequence[str],
    job: SyncJob = NO_JOB,
    *,
    store: Store | None = None,
) -> int:
    """Bring folders that are not here, and have their texts indexed with the next search."""
    home = workspace.places.home
    wanted = [each for each in folders if not exists(home, each)]
    if not wanted:
        return 0
    session = ready_session(workspace, job, store)
    came = Pull(session).bring_folders(wanted)
    workspace.cache.mark_unindexed([EntryId(id_in(each)) for each in came])
    if session.report.problems:
        raise SyncError(session.report.problems[0])
    return len(came)
