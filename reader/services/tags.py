"""Rename, merge and delete tags, with the tags below them, in the whole library."""

from dataclasses import dataclass

from reader.model.change import Change
from reader.model.entry import Entry, EntryId
from reader.model.errors import ReaderError, UsageError
from reader.model.text import clean_tag, fold_case, one_line, plural
from reader.services.outcome import Outcome
from reader.services.workspace import QUIET, Job, Workspace


@dataclass(frozen=True, slots=True)
class TagChange:
    """A change of `old` tags, and the tags below them, into `new`; None deletes them."""

    old: tuple[str, ...]
    new: str | None

    @property
    def is_irreversible(self) -> bool:
        """Return whether the change loses the difference between tags."""
        return self.new is None or len(self.old) > 1

    @property
    def changes_nothing(self) -> bool:
        """Return whether the tags have the new name already."""
        return self.new is not None and {clean_tag(old) for old in self.old} == {
            clean_tag(self.new)
        }

    def __str__(self) -> str:
        names = ", ".join(self.old)
        if self.new is None:
            return f"delete tag {names}"
        return f"{'merge' if len(self.old) > 1 else 'rename'} tag {names} into {self.new}"

    def describe_done(self) -> str:
        """Return the sentence for the change once it is made."""
        names = one_line(", ".join(f"#{clean_tag(name)}" for name in self.old), 40)
        if self.new is None:
            return f"Deleted {plural(len(self.old), 'tag')} {names}"
        verb, to = ("Merged", "into") if len(self.old) > 1 else ("Renamed", "to")
        return f"{verb} {names} {to} #{one_line(clean_tag(self.new), 40)}"


def count_affected(workspace: Workspace, plan: TagChange) -> int:
    """Count the articles that have one of the tags, including those in the trash."""
    return len(_changes(workspace, plan))


def apply(workspace: Workspace, plan: TagChange, *, job: Job = QUIET) -> Outcome:
    """Change every article that has one of the tags, as one undo step.

    Raises UsageError for an invalid tag, ReaderError if no article has any of the tags.
    """
    changes = _changes(workspace, plan)
    if not changes and plan.changes_nothing:
        raise UsageError(f"{plan.old[0]} is the name that the tag has already")
    if not changes:
        raise ReaderError(f"no article is tagged {' or '.join(plan.old)}")
    done = plan.describe_done()
    changed = workspace.change(
        changes, step=f"{done[0].lower()}{done[1:]}: {plural(len(changes))}", job=job
    )
    return Outcome(f"{done}: {plural(changed)}", changed=changed)


def _changes(workspace: Workspace, plan: TagChange) -> dict[EntryId, Change]:
    wanted = [clean_tag(name) for name in plan.old]
    new = None if plan.new is None else clean_tag(plan.new)
    if not all(wanted) or new == "":
        raise UsageError(f"{plan}: a tag needs at least one letter")
    found: dict[EntryId, Change] = {}
    for entry in workspace.synced_cache().entries_under(wanted):
        moved = _renamed_tags(entry, wanted, new)
        if moved:
            add = tuple(tag for tag in moved.values() if tag)
            found[entry.id] = Change(add_tags=add, remove_tags=tuple(moved))
    return found


def _renamed_tags(entry: Entry, wanted: list[str], new: str | None) -> dict[str, str]:
    """Map each changed tag to its new name; empty text for a deleted tag."""
    moved: dict[str, str] = {}
    for tag in entry.tags:
        for old in wanted:
            is_below = fold_case(tag).startswith(fold_case(old) + "/")
            if fold_case(tag) == fold_case(old) or is_below:
                rest = "/".join(tag.split("/")[len(old.split("/")) :])
                moved[tag] = "" if new is None else "/".join(part for part in (new, rest) if part)
                break
    return {tag: to for tag, to in moved.items() if to != tag}
