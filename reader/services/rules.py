"""Apply the rules of the settings: to new entries, or on demand after a preview."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reader.model.change import Change
from reader.model.entry import Entry, EntryId
from reader.model.rules import Rule, change_for, parse_rules
from reader.model.text import plural
from reader.services.outcome import Outcome
from reader.services.workspace import QUIET, Job, Workspace


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """The change that the rules would make to an entry."""

    entry: Entry
    change: Change

    @property
    def description(self) -> str:
        """Describe the change in a few words: `#tag archive star`."""
        done = [f"#{tag}" for tag in self.change.add_tags]
        done += ["archive"] if self.change.archived else []
        done += ["star"] if self.change.starred else []
        return " ".join(done)


def plan_effects(
    workspace: Workspace, rules: Sequence[Rule], among: Collection[EntryId] | None = None
) -> list[RuleEffect]:
    """Return the changes that the rules would make, in the order of the rules.

    `among` limits the entries; None stands for all. Every rule tests the entries' present state,
    so the order of rules does not matter.
    """
    cache = workspace.synced_cache(text=True)
    matching: dict[EntryId, tuple[Entry, list[Rule]]] = {}
    for rule in rules:
        for entry in cache.listing(rule.when, now=workspace.now()):
            if among is None or entry.id in among:
                matching.setdefault(entry.id, (entry, []))[1].append(rule)
    found = ((entry, change_for(those, entry)) for entry, those in matching.values())
    return [RuleEffect(entry, change) for entry, change in found if change is not None]


def apply_rules(
    workspace: Workspace, ids: Collection[EntryId], *, step: str = "", run: str = ""
) -> int:
    """Apply the rules of the settings to new entries, as a separate undo step.

    With a run, they are undone with its other parts, as `step`. Returns the number of changed
    entries.
    """
    if not workspace.settings.rules or not ids:
        return 0
    planned = plan_effects(workspace, parse_rules(workspace.settings.rules), ids)
    return apply_all(workspace, planned, step=step, run=run).changed


def apply_all(
    workspace: Workspace,
    planned: Sequence[RuleEffect],
    *,
    step: str = "",
    run: str = "",
    job: Job = QUIET,
) -> Outcome:
    """Apply the planned changes as one undo step. One fsync."""
    changes = {effect.entry.id: effect.change for effect in planned}
    step = step or f"applied rules to {plural(len(changes))}"
    changed = workspace.change(changes, step=step, run=run, job=job) if changes else 0
    return Outcome(f"Rules changed {plural(changed)}", changed=changed)
