"""The library checked, mended, and brought back from a backup."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reader.library import backups, integrity_checks
from reader.library import repair as library_repair
from reader.library.document_store import Ledger
from reader.library.integrity_checks import Progress, going_on
from reader.model.diagnostics import Problem, Weight
from reader.model.errors import ReaderError
from reader.services.workspace import Shelf


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and what of it was mended."""

    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no damage; notices are none."""
        return all(problem.weight is Weight.NOTICE for problem in self.problems)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 repaired or repairable, 2 damage remains."""
        if self.ok:
            return 0
        left = (each for each in self.problems if not each.repaired)
        return 2 if any(problem.weight is Weight.DAMAGE for problem in left) else 1


def check(shelf: Shelf, progress: Progress = going_on) -> Report:
    """Look at everything; change nothing. Raises Cancelled. Blocks, linear in the library."""
    return Report((*integrity_checks.problems(_ledger(shelf), progress), *_in_cache(shelf)))


def repair(shelf: Shelf, progress: Progress = going_on) -> Report:
    """Mend what can be mended, after a backup; what the report calls repaired is gone afterwards.

    Raises LibraryBusy, NotSaved, NewerFormat, Cancelled.
    """
    ledger = _ledger(shelf)
    before = (*integrity_checks.problems(ledger, progress), *_in_cache(shelf))
    if not any(
        problem.weight is not Weight.NOTICE or problem.kind == "leftover" for problem in before
    ):
        return Report(before)
    backups.keep(shelf.places.home, ledger.device.state, "repair", shelf.clock())
    library_repair.mend(ledger, before, shelf.clock())
    left = {_key(problem) for problem in integrity_checks.problems(_ledger(shelf), progress)}
    told = [replace(problem, repaired=_key(problem) not in left) for problem in before]
    known = {_key(problem) for problem in before}
    new = [
        each
        for each in integrity_checks.problems(_ledger(shelf), progress)
        if _key(each) not in known
    ]
    return Report((*told, *new))


def restore(shelf: Shelf, backup: Path) -> None:
    """Put a backup of the journals back; those that were there are kept beside the backups."""
    library_repair.restore(_ledger(shelf), backup, shelf.clock())


def _ledger(shelf: Shelf) -> Ledger:
    """The journals as they are now, read on their own: the library in use stays as it is."""
    ledger = Ledger(shelf.places, shelf.clock)
    ledger.refresh()
    return ledger


def _in_cache(shelf: Shelf) -> Sequence[Problem]:
    """Whether the cache can be brought up to date; it is never a source."""
    try:
        shelf.fresh_cache()
    except ReaderError as error:
        return [Problem("cache", str(error), Weight.NOTICE, "", str(shelf.places.cache))]
    return []


def _key(problem: Problem) -> tuple[str, str, str, str]:
    return (problem.kind, problem.id, problem.path, problem.said)
