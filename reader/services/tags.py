"""Tags renamed, merged or deleted over the whole library, with all that lies beneath them."""

from dataclasses import dataclass

from reader.model.change import Change
from reader.model.entry import Entry, EntryId
from reader.model.errors import ReaderError, UsageError
from reader.model.text import clean_tag, fold_case
from reader.services.entries import plural
from reader.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TagChange:
    """`old` tags, and what is beneath them, become `new`; they go where `new` is None."""

    old: tuple[str, ...]
    new: str | None

    @property
    def is_irreversible(self) -> bool:
        """Whether what was told apart before cannot be told apart afterwards."""
        return self.new is None or len(self.old) > 1

    def __str__(self) -> str:
        said = ", ".join(self.old)
        if self.new is None:
            return f"delete tag {said}"
        return f"{'merge' if len(self.old) > 1 else 'rename'} tag {said} into {self.new}"


def count_affected(shelf: Workspace, plan: TagChange) -> int:
    """How many articles carry one of the tags, those in the trash included."""
    return len(_changes(shelf, plan))


def apply(shelf: Workspace, plan: TagChange) -> int:
    """Change every article that carries one of the tags, as one step; returns how many.

    Raises WrongUsage for a name that is no tag, ReaderError where no article carries any.
    """
    changes = _changes(shelf, plan)
    if not changes:
        raise ReaderError(f"no article is tagged {' or '.join(plan.old)}")
    return shelf.library.change(changes, step=f"{plan}: {plural(len(changes))}")


def _changes(shelf: Workspace, plan: TagChange) -> dict[EntryId, Change]:
    wanted = [clean_tag(name) for name in plan.old]
    new = None if plan.new is None else clean_tag(plan.new)
    if not all(wanted) or new == "":
        raise UsageError(f"{plan}: a tag needs at least one letter")
    found: dict[EntryId, Change] = {}
    for record in shelf.library.records():
        moved = _renamed_tags(record.entry, wanted, new)
        if moved and not record.purged:
            add = tuple(tag for tag in moved.values() if tag)
            found[record.entry.id] = Change(add_tags=add, remove_tags=tuple(moved))
    return found


def _renamed_tags(entry: Entry, wanted: list[str], new: str | None) -> dict[str, str]:
    """Each tag that changes, with what it becomes; empty text where it goes."""
    moved: dict[str, str] = {}
    for tag in entry.tags:
        for old in wanted:
            beneath = fold_case(tag).startswith(fold_case(old) + "/")
            if fold_case(tag) == fold_case(old) or beneath:
                rest = "/".join(tag.split("/")[len(old.split("/")) :])
                moved[tag] = "" if new is None else "/".join(part for part in (new, rest) if part)
                break
    return {tag: to for tag, to in moved.items() if to != tag}
