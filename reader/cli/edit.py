"""The commands that change articles: `mark`, `tag`, `rm`, `trash`, `undo`, `rules`."""

from collections.abc import Callable, Sequence

from reader.cli import output
from reader.cli.arguments import Arguments
from reader.cli.command_context import (
    cache_for,
    interruptible,
    open_workspace,
    query_of,
    with_flag,
)
from reader.model.entry import EntryId
from reader.model.errors import UnknownIdError, UsageError
from reader.model.text import plural
from reader.services import entries as entry_service
from reader.services.outcome import Outcome, report_change
from reader.services.workspace import Workspace

_Apply = Callable[..., Outcome]
"""Called with the workspace, the ids and a `job`."""
_QUESTIONS = {
    "mark": "mark {}?",
    "tag": "change the tags of {}?",
    "rm": "move {} to Trash?",
    "restore": "restore {}?",
}


def run_mark(arguments: Arguments) -> int:
    """Set read, star and archive marks, any of the three together."""
    pairs = [("read", "unread"), ("star", "unstar"), ("archive", "unarchive")]
    values: list[bool | None] = []
    for yes, no in pairs:
        if getattr(arguments, yes) and getattr(arguments, no):
            raise UsageError(f"--{yes} and --{no} cannot be used together")
        values.append(
            True if getattr(arguments, yes) else False if getattr(arguments, no) else None
        )
    finished, starred, archived = values
    if values == [None] * 3:
        raise UsageError("mark needs --read, --unread, --star, --unstar, --archive or --unarchive")
    return _change(
        arguments,
        "mark",
        arguments.words,
        lambda opened, ids, *, job: entry_service.mark(
            opened, ids, finished=finished, starred=starred, archived=archived, job=job
        ),
    )


def run_tag(arguments: Arguments) -> int:
    """Add the words with `+`, remove those with `-`."""
    new = [word[1:] for word in arguments.words if word.startswith("+")]
    old = [word[1:] for word in arguments.words if word.startswith("-")]
    if not new and not old:
        raise UsageError("tag needs +TAG or -TAG")
    ids = [word for word in arguments.words if word[:1] not in "+-"]
    return _change(
        arguments,
        "tag",
        ids,
        lambda opened, found, *, job: entry_service.tag(opened, found, new, old, job=job),
    )


def run_rm(arguments: Arguments) -> int:
    """Move articles to the trash."""
    return _change(arguments, "rm", arguments.words, entry_service.delete)


def run_restore(arguments: Arguments) -> int:
    """Restore articles from the trash."""
    return _change(arguments, "restore", arguments.words, entry_service.restore)


def run_trash(arguments: Arguments) -> int:
    """List the trash; with `--empty`, delete its articles permanently."""
    # Imported here, as in all of this module: a mark must not wait for columns and queries.
    from datetime import datetime

    from reader.cli.columns import print_columns
    from reader.cli.formatting import LIST_COLUMNS, json_row, list_cells

    with open_workspace() as opened:
        cache = opened.synced_cache()
        trash = cache.listing(query_of(["is:trashed"]), now=datetime.now().astimezone())
        if not arguments.empty:
            entries = list(trash)
            if arguments.json:
                output.print_json([json_row(entry) for entry in entries])
            else:
                shown = cache.shortest_prefixes([entry.id for entry in entries])
                print_columns(
                    [list_cells(entry, shown[entry.id]) for entry in entries], LIST_COLUMNS
                )
                if not entries:
                    output.print_message("the trash is empty")
            return 0
        ids = trash.ids()
        if ids and not output.confirm(f"permanently delete {plural(len(ids))}?", yes=arguments.yes):
            return 1
        with interruptible("{} of {} articles deleted") as job:
            outcome = entry_service.purge(opened, ids, job=job)
    output.print_outcome(outcome, as_json=arguments.json)
    return 0


def run_undo(arguments: Arguments) -> int:
    """Undo the latest change."""
    with open_workspace() as opened, interruptible("{} of {} articles restored") as job:
        outcome, undone = entry_service.undo(opened, job=job)
    if undone is None:
        output.print_message(outcome.message)
        return 1
    if arguments.json:
        output.print_json(
            {"undone": undone.step, "changed": undone.changed, "left": undone.skipped}
        )
    elif not undone.changed:
        output.print_message(outcome.message)
    else:
        output.print_line(outcome.message)
    return 0 if undone.changed else 1


def _change(arguments: Arguments, verb: str, words: Sequence[str], apply: _Apply) -> int:
    """Resolve the ids or the query, confirm a query, apply the change, print the result."""
    query = arguments.query
    if query is not None and words:
        raise UsageError("name ids or --query, not both")
    if query is None and not words:
        raise UsageError(f"{verb} needs an id or --query")
    if query is not None and not query.strip():
        raise UsageError("--query is empty; '-is:trashed' finds every article")
    with open_workspace() as opened:
        if query is not None:
            ids = _ids_matching(opened, query, in_trash=verb == "restore")
            if ids and not output.confirm(
                _QUESTIONS[verb].format(plural(len(ids))), yes=arguments.yes
            ):
                return 1
            missing = 0
        else:
            ids, missing = _resolve_ids(opened, words)
        with interruptible("{} of {} articles changed") as job:
            outcome = apply(opened, ids, job=job) if ids else report_change(0, "")
        if arguments.json:
            from reader.cli.formatting import json_row

            output.print_json([json_row(opened.library.get(entry_id).entry) for entry_id in ids])
        elif query is not None:
            output.print_line(outcome.message)
    return 1 if missing else 0


def run_rules(arguments: Arguments) -> int:
    """Show what the rules would change, confirm, and apply it as one undo step."""
    from reader.model.rules import parse_rules
    from reader.services import rules

    with open_workspace(reports_problems=True) as opened:
        planned = rules.plan_effects(opened, parse_rules(opened.settings.rules))
        if not planned:
            output.print_no_change("the rules change nothing", as_json=arguments.json)
            return 0
        for effect in planned if not arguments.json else ():
            output.print_line(f"{effect.entry.id}  {effect.entry.title}  {effect.description}")
        if not output.confirm(f"apply this to {plural(len(planned))}?", yes=arguments.yes):
            return 1
        with interruptible("{} of {} articles changed") as job:
            outcome = rules.apply_all(opened, planned, job=job)
    output.print_outcome(outcome, as_json=arguments.json)
    return 0


def _ids_matching(opened: Workspace, query: str, *, in_trash: bool) -> list[EntryId]:
    from datetime import datetime

    asked = query_of([query])
    if in_trash:
        asked = with_flag(asked, "trashed")
    return cache_for(opened, asked).listing(asked, now=datetime.now().astimezone()).ids()


def _resolve_ids(opened: Workspace, words: Sequence[str]) -> tuple[list[EntryId], int]:
    """Resolve prefixes to ids; report and count the unknown ones. Raises AmbiguousIdError."""
    ids: list[EntryId] = []
    missing: list[str] = []
    for word in words:
        try:
            ids.append(opened.resolve(word))
        except UnknownIdError as error:
            missing.append(str(error))
    for message in missing:
        output.print_message(message)
    return ids, len(missing)
