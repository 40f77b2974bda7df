"""`mark`, `tag`, `rm`, `restore`, `trash`, `undo` and `rules`: what changes articles."""

import shlex
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import datetime

from reader.cli import output
from reader.cli.context import cache_for, query_of, shelf
from reader.cli.formatting import cells, row
from reader.model.entry import EntryId
from reader.model.errors import UnknownId, WrongUsage
from reader.search.discovery.similar_tags import near_duplicates
from reader.services import entries as entry_service
from reader.services import tags
from reader.services.entries import counted
from reader.services.workspace import Shelf

_Apply = Callable[[Shelf, Sequence[EntryId]], int]


def run_mark(arguments: Namespace) -> int:
    """Set read, star and archive marks, any of the three together."""
    pairs = [("read", "unread"), ("star", "unstar"), ("archive", "unarchive")]
    values: list[bool | None] = []
    for yes, no in pairs:
        if getattr(arguments, yes) and getattr(arguments, no):
            raise WrongUsage(f"--{yes} and --{no} cannot both be")
        values.append(
            True if getattr(arguments, yes) else False if getattr(arguments, no) else None
        )
    finished, starred, archived = values
    if values == [None] * 3:
        raise WrongUsage("mark needs --read, --unread, --star, --unstar, --archive or --unarchive")
    return _change(
        arguments,
        "mark",
        arguments.words,
        lambda opened, ids: entry_service.mark(
            opened, ids, finished=finished, starred=starred, archived=archived
        ),
    )


def run_tag(arguments: Namespace) -> int:
    """Add the words with `+`, remove those with `-`."""
    new = [word[1:] for word in arguments.words if word.startswith("+")]
    old = [word[1:] for word in arguments.words if word.startswith("-")]
    if not new and not old:
        raise WrongUsage("tag needs +TAG or -TAG")
    ids = [word for word in arguments.words if word[:1] not in "+-"]
    return _change(
        arguments, "tag", ids, lambda opened, found: entry_service.tag(opened, found, new, old)
    )


def run_rm(arguments: Namespace) -> int:
    """Put articles in the trash."""
    return _change(arguments, "delete", arguments.words, entry_service.delete)


def run_restore(arguments: Namespace) -> int:
    """Take articles out of the trash."""
    return _change(arguments, "restore", arguments.words, entry_service.restore)


def run_trash(arguments: Namespace) -> int:
    """List the trash; with `--empty`, delete what is in it for good."""
    with shelf() as opened:
        cache = opened.fresh_cache()
        entries = list(cache.listing(query_of(["is:trashed"]), now=datetime.now().astimezone()))
        if not arguments.empty:
            if arguments.json:
                output.as_json([row(entry) for entry in entries])
            else:
                shown = cache.shortest([entry.id for entry in entries])
                output.columns(cells(entry, shown[entry.id]) for entry in entries)
            return 0
        if entries and not output.agreed(
            f"delete {counted(len(entries))} for good?", yes=arguments.yes
        ):
            return 1
        from reader.services import entries as entry_service

        removed = entry_service.empty_trash(opened, [entry.id for entry in entries])
    _told(arguments, removed, f"deleted {counted(removed)} for good")
    return 0


def run_undo(arguments: Namespace) -> int:
    """Take the last change back."""
    with shelf() as opened:
        undone = entry_service.undo(opened)
    if undone is None:
        output.say("nothing to undo")
        return 1
    if arguments.json:
        output.as_json({"undone": undone.step, "changed": undone.changed, "left": undone.left})
    elif not undone.changed:
        output.say(f"nothing came back ({undone.step}): it was changed or deleted for good since")
    else:
        left = f" ({undone.left} changed or gone since then, and left)" if undone.left else ""
        output.line(f"undone: {undone.step}{left}")
    return 0 if undone.changed else 1


def _change(arguments: Namespace, verb: str, words: Sequence[str], apply: _Apply) -> int:
    """Resolve the ids or the query, ask where it is a query, apply, and say what was done."""
    query = getattr(arguments, "query", None)
    if query is not None and words:
        raise WrongUsage("name ids or --query, not both")
    if query is None and not words:
        raise WrongUsage(f"{verb} needs an id or --query")
    with shelf() as opened:
        if query is not None:
            ids = _found(opened, query)
            if ids and not output.agreed(f"{verb} {counted(len(ids))}?", yes=arguments.yes):
                return 1
            missing = 0
        else:
            ids, missing = _resolved(opened, words)
        changed = apply(opened, ids) if ids else 0
        if arguments.json:
            output.as_json([row(opened.library.get(entry_id).entry) for entry_id in ids])
        elif query is not None:
            output.line(f"{counted(changed)} changed")
    return 1 if missing else 0


def run_rules(arguments: Namespace) -> int:
    """Show what the rules would change, ask, and change it as one step."""
    from reader.model.rules import rules_of
    from reader.services import rules

    with shelf(telling=True) as opened:
        planned = rules.effects(opened, rules_of(opened.settings.rules))
        if not planned:
            output.say("no rule changes anything")
            return 0
        for effect in planned if not arguments.json else ():
            output.line(f"{effect.entry.id}  {effect.entry.title}  {effect.said}")
        if not output.agreed(f"apply this to {counted(len(planned))}?", yes=arguments.yes):
            return 1
        changed = rules.carry_out(opened, planned)
    _told(arguments, changed, f"{counted(changed)} changed")
    return 0


def _found(opened: Shelf, query: str) -> list[EntryId]:
    asked = query_of([query])
    return cache_for(opened, asked).listing(asked, now=datetime.now().astimezone()).ids()


def _resolved(opened: Shelf, words: Sequence[str]) -> tuple[list[EntryId], int]:
    """Ids of the prefixes; how many are unknown, each told. Raises AmbiguousId before any change."""
    ids: list[EntryId] = []
    missing: list[str] = []
    for word in words:
        try:
            ids.append(opened.library.resolve(word))
        except UnknownId as error:
            missing.append(str(error))
    for said in missing:
        output.say(said)
    return ids, len(missing)


def _told(arguments: Namespace, count: int, said: str) -> None:
    if arguments.json:
        output.as_json({"changed": count})
    else:
        output.line(said)


def run_tags(arguments: Namespace) -> int:
    """List tags, or do what the first word says."""
    words = arguments.words
    with shelf() as opened:
        if not words:
            return _list(opened, arguments.json)
        if words == ["alike"]:
            return _alike(opened, arguments.json)
        plan = _plan(words)
        affected = tags.affected(opened, plan)
        question = f"{plan} on {counted(affected)}?"
        if affected > 1 and plan.is_lossy and not output.agreed(question, yes=arguments.yes):
            return 1
        changed = tags.carry_out(opened, plan)
    if arguments.json:
        output.as_json({"changed": changed})
    else:
        output.line(f"{plan}: {counted(changed)}")
    return 0


def _list(opened: Shelf, as_json: bool) -> int:
    rows = opened.fresh_cache().counts().tags
    if as_json:
        output.as_json([{"tag": tag.tag, "count": tag.own, "all": tag.count} for tag in rows])
    else:
        output.columns((tag.tag, str(tag.count)) for tag in rows)
    return 0


def _alike(opened: Shelf, as_json: bool) -> int:
    """Tags that differ in spelling only, each group as the command that merges it."""
    found = near_duplicates(opened.fresh_cache().counts().tags)
    if as_json:
        rows = [{"keep": each.keep, "others": each.others, "why": each.why} for each in found]
        output.as_json(rows)
        return 0
    for each in found:
        words = shlex.join(["reader", "tags", "merge", *each.others, "INTO", each.keep])
        output.line(f"{words}  # {each.why}")
    if not found:
        output.say("no two tags are alike")
    return 0


def _plan(words: list[str]) -> tags.Plan:
    match words:
        case ["rename", old, new]:
            return tags.Plan((old,), new)
        case ["merge", *old, "into" | "INTO", new] if old:
            return tags.Plan(tuple(old), new)
        case ["delete", *old] if old:
            return tags.Plan(tuple(old), None)
        case ["rename" | "merge" | "delete", *_]:
            raise WrongUsage("tags rename OLD NEW, tags merge OLD… INTO NEW, tags delete TAG")
    raise WrongUsage(f"tags does not know {words[0]!r}: rename, merge, delete or alike")
