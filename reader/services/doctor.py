"""The library checked, mended, and brought back from a backup."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reader.library import backups, integrity_checks
from reader.library import repair as library_repair
from reader.library.document_store import DocumentStore
from reader.library.integrity_checks import Progress, always_continue
from reader.model.diagnostics import Diagnostic, Severity
from reader.model.errors import ReaderError
from reader.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """What was found, and what of it was mended."""

    diagnostics: tuple[Diagnostic, ...]

    @property
    def is_ok(self) -> bool:
        """Whether there is no damage; notices are none."""
        return all(problem.severity is Severity.NOTICE for problem in self.diagnostics)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 repaired or repairable, 2 damage remains."""
        if self.is_ok:
            return 0
        left = (each for each in self.diagnostics if not each.repaired)
        return 2 if any(problem.severity is Severity.DAMAGE for problem in left) else 1


def check_library(shelf: Workspace, progress: Progress = always_continue) -> DoctorReport:
    """Look at everything; change nothing. Raises Cancelled. Blocks, linear in the library."""
    return DoctorReport(
        (*integrity_checks.run_checks(_open_store(shelf), progress), *_cache_diagnostics(shelf))
    )


def repair_library(shelf: Workspace, progress: Progress = always_continue) -> DoctorReport:
    """Mend what can be mended, after a backup; what the report calls repaired is gone afterwards.

    Raises LibraryBusy, NotSaved, NewerFormat, Cancelled.
    """
    ledger = _open_store(shelf)
    before = (*integrity_checks.run_checks(ledger, progress), *_cache_diagnostics(shelf))
    if not any(
        problem.severity is not Severity.NOTICE or problem.kind == "leftover" for problem in before
    ):
        return DoctorReport(before)
    backups.create(shelf.places.home, ledger.device.state, "repair", shelf.clock())
    library_repair.repair(ledger, before, shelf.clock())
    left = {_key(problem) for problem in integrity_checks.run_checks(_open_store(shelf), progress)}
    told = [replace(problem, repaired=_key(problem) not in left) for problem in before]
    known = {_key(problem) for problem in before}
    new = [
        each
        for each in integrity_checks.run_checks(_open_store(shelf), progress)
        if _key(each) not in known
    ]
    return DoctorReport((*told, *new))


def restore_backup(shelf: Workspace, backup: Path) -> None:
    """Put a backup of the journals back; those that were there are kept beside the backups."""
    library_repair.restore(_open_store(shelf), backup, shelf.clock())


def _open_store(shelf: Workspace) -> DocumentStore:
    """The journals as they are now, read on their own: the library in use stays as it is."""
    ledger = DocumentStore(shelf.places, shelf.clock)
    ledger.refresh()
    return ledger


def _cache_diagnostics(shelf: Workspace) -> Sequence[Diagnostic]:
    """Whether the cache can be brought up to date; it is never a source."""
    try:
        shelf.synced_cache()
    except ReaderError as error:
        return [Diagnostic("cache", str(error), Severity.NOTICE, "", str(shelf.places.cache))]
    return []


def _key(problem: Diagnostic) -> tuple[str, str, str, str]:
    return (problem.kind, problem.id, problem.path, problem.said)
