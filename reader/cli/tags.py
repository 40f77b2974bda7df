"""The command `tags`: list, rename, merge and delete tags."""

import shlex

from reader.cli import output
from reader.cli.arguments import Arguments
from reader.cli.columns import Column, Style, format_number, print_columns
from reader.cli.command_context import interruptible, open_workspace
from reader.model.errors import UsageError
from reader.model.text import plural
from reader.search.discovery.similar_tags import propose_merges
from reader.services import tags
from reader.services.workspace import Workspace


def run_tags(arguments: Arguments) -> int:
    """List tags, or run the subcommand in the first word."""
    words = arguments.words
    with open_workspace() as opened:
        if not words:
            return _list_tags(opened, arguments.json)
        if words in (["similar"], ["alike"]):
            return _list_similar(opened, arguments.json)
        plan = _parse_change(words)
        # Only a question needs the number, which takes as long as a third of the change.
        affected = tags.count_affected(opened, plan) if plan.is_irreversible else 0
        question = f"{plan} on {plural(affected)}?"
        if affected > 1 and not output.confirm(question, yes=arguments.yes):
            return 1
        with interruptible("{} of {} articles changed") as job:
            outcome = tags.apply(opened, plan, job=job)
    output.print_outcome(outcome, as_json=arguments.json)
    return 0


def _list_tags(opened: Workspace, as_json: bool) -> int:
    rows = opened.synced_cache().facets().tags
    if as_json:
        output.print_json([{"tag": tag.tag, "count": tag.own, "all": tag.count} for tag in rows])
    else:
        print_columns(
            [(tag.tag, format_number(tag.count)) for tag in rows],
            (Column(is_flexible=True), Column(Style.DIM, is_number=True)),
        )
        if not rows:
            output.print_message("no article has a tag")
    return 0


def _list_similar(opened: Workspace, as_json: bool) -> int:
    """List groups of tags that differ in spelling only, as commands that merge them."""
    found = propose_merges(opened.synced_cache().facets().tags)
    if as_json:
        rows = [{"keep": each.keep, "others": each.others, "why": each.reason} for each in found]
        output.print_json(rows)
        return 0
    for each in found:
        words = shlex.join(["reader", "tags", "merge", *each.others, "INTO", each.keep])
        output.print_line(f"{words}  # {each.reason}")
    if not found:
        output.print_message("no similar tags found")
    return 0


def _parse_change(words: list[str]) -> tags.TagChange:
    match words:
        case ["rename", old, new]:
            return tags.TagChange((old,), new)
        case ["merge", *old, "into" | "INTO", new] if old:
            return tags.TagChange(tuple(old), new)
        case ["delete", *old] if old:
            return tags.TagChange(tuple(old), None)
        case ["rename" | "merge" | "delete", *_]:
            raise UsageError("tags rename OLD NEW, tags merge OLD… INTO NEW, tags delete TAG")
    raise UsageError(f"tags: unknown word {words[0]!r}; use rename, merge, delete or similar")
