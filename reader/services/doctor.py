"""Check and repair the library, and restore backups of its journals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reader.library import backups, integrity_checks
from reader.library import repair as library_repair
from reader.library.document_store import DocumentStore
from reader.library.integrity_checks import Progress, always_continue
from reader.model.diagnostics import Diagnostic, Severity
from reader.model.errors import ReaderError
from reader.model.text import plural
from reader.services.workspace import Workspace
from reader.sync.state import load_state


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """The diagnostics of a check or a repair."""

    diagnostics: tuple[Diagnostic, ...]

    @property
    def is_ok(self) -> bool:
        """Return whether the library is intact; notices do not count."""
        return all(problem.severity is Severity.NOTICE for problem in self.diagnostics)

    @property
    def exit_code(self) -> int:
        """Return 0 if clean, 1 if repaired or repairable, 2 if damage remains."""
        if self.is_ok:
            return 0
        left = (each for each in self.diagnostics if not each.repaired)
        return 2 if any(problem.severity is Severity.DAMAGE for problem in left) else 1


def check_library(workspace: Workspace, progress: Progress = always_continue) -> DoctorReport:
    """Check everything and change nothing. Raises JobCancelledError. Blocks, linear in the library."""
    return DoctorReport(
        (
            *_without_absent_texts(
                workspace, integrity_checks.run_checks(_open_store(workspace), progress)
            ),
            *_cache_diagnostics(workspace),
            *_remote_diagnostics(workspace),
        )
    )


def repair_library(workspace: Workspace, progress: Progress = always_continue) -> DoctorReport:
    """Repair the library after a backup; report which diagnostics are gone.

    Raises LibraryBusyError, WriteError, NewerFormatError, JobCancelledError.
    """
    store = _open_store(workspace)
    before = (*integrity_checks.run_checks(store, progress), *_cache_diagnostics(workspace))
    # No backup and no repair is possible while a file or a link stands where the library, one of
    # its folders or the state folder should be.
    is_blocked = any(
        problem.kind == "place" and Path(problem.path).is_absolute() for problem in before
    )
    if (
        not workspace.places.home.is_dir()
        or is_blocked
        or not any(
            problem.severity is not Severity.NOTICE or problem.kind == "leftover"
            for problem in before
        )
    ):
        return DoctorReport(before)
    backups.create(workspace.places.home, store.device.state, "repair", workspace.clock())
    library_repair.repair(store, before, workspace.clock())
    after = tuple(integrity_checks.run_checks(_open_store(workspace), progress))
    left = {_key(problem) for problem in after}
    known = {_key(problem) for problem in before}
    settled = [replace(problem, repaired=_key(problem) not in left) for problem in before]
    new = [problem for problem in after if _key(problem) not in known]
    return DoctorReport((*settled, *new))


def restore_backup(workspace: Workspace, backup: Path) -> None:
    """Restore a backup of the journals; the former ones are moved to the backups' folder."""
    library_repair.restore(_open_store(workspace), backup, workspace.clock())


def _open_store(workspace: Workspace) -> DocumentStore:
    """Read the journals into a separate store; the library in use is not touched."""
    store = DocumentStore(workspace.places, workspace.clock)
    store.refresh()
    return store


def _cache_diagnostics(workspace: Workspace) -> Sequence[Diagnostic]:
    """Return a notice if the cache cannot be brought up to date."""
    try:
        workspace.synced_cache()
    except ReaderError as error:
        return [Diagnostic("cache", str(error), Severity.NOTICE, "", str(workspace.places.cache))]
    return []


def _without_absent_texts(
    workspace: Workspace, found: Iterable[Diagnostic]
) -> Iterator[Diagnostic]:
    """Yield the diagnostics; with texts on demand, absent folders are one notice."""
    is_on_demand = load_state(workspace.places).on_demand
    absent = 0
    for each in found:
        if is_on_demand and _is_absent(workspace, each):
            absent += each.kind == "missing"
        else:
            yield each
    if absent:
        said = f"{plural(absent)} on the remote, downloaded when opened"
        yield Diagnostic("on demand", said, Severity.NOTICE)


def _is_absent(workspace: Workspace, problem: Diagnostic) -> bool:
    """Return whether a problem is about a folder that is not here at all."""
    folder = "/".join(problem.path.split("/")[:3])
    is_text = problem.kind in ("missing", "picture") and folder.startswith("articles/")
    return is_text and not (workspace.places.home / folder).exists()


def _remote_diagnostics(workspace: Workspace) -> Sequence[Diagnostic]:
    """Return notices about what the last sync could not do. Asks no network."""
    state = load_state(workspace.places)
    notices = []
    if state.problem:
        notices.append(Diagnostic("remote", state.problem, Severity.NOTICE, "", state.url))
    return notices


def _key(problem: Diagnostic) -> tuple[str, str, str, str]:
    return (problem.kind, problem.id, problem.path, problem.said)
