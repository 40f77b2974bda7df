"""`tags`: all of them with their counts, or one renamed, merged or deleted everywhere."""

import shlex
from argparse import Namespace

from reader.cli import output
from reader.cli.session import shelf
from reader.model.errors import WrongUsage
from reader.search.discovery.similar_tags import near_duplicates
from reader.services import tags
from reader.services.entries import counted
from reader.services.workspace import Shelf


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
