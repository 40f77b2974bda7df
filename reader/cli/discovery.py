"""The commands `next`, `review` and `duplicates`."""

from collections.abc import Mapping
from datetime import timedelta

from reader.cli import output
from reader.cli.arguments import Arguments
from reader.cli.command_context import (
    cache_for,
    open_workspace,
    progress_printer,
    query_of,
    with_text,
)
from reader.cli.formatting import json_row, list_cells
from reader.model.entry import Entry, minutes_left_at
from reader.model.errors import UsageError
from reader.model.query import Query, Sort, SortKey
from reader.model.text import plural
from reader.search.discovery.reading_suggestions import neglected, within_minutes
from reader.search.discovery.spaced_repetition import DAILY_LIMIT, Grade
from reader.services import duplicates, reading_speed, review
from reader.services.review import Question
from reader.services.workspace import Job, Workspace

DEFAULT_MINUTES = 15
"""Minutes available unless `--minutes` says otherwise."""
_GRADE_NAMES = ("Again", "Hard", "Good", "Easy")


def run_next(arguments: Arguments) -> int:
    """Suggest articles to read now, among those that the query finds."""
    chosen = [name for name in ("minutes", "random", "forgotten") if getattr(arguments, name)]
    if len(chosen) > 1:
        raise UsageError(f"--{chosen[0]} and --{chosen[1]} cannot be used together")
    with open_workspace() as opened:
        query = query_of(arguments.words)
        speed = reading_speed.words_per_minute(opened.places, opened.settings)
        entries = _suggest(opened, query, arguments, speed)
        shown = opened.cache.shortest_prefixes([entry.id for entry in entries])
    if arguments.json:
        output.print_json(
            [json_row(entry) | {"left": minutes_left_at(entry, speed)} for entry in entries]
        )
        return 0
    for entry in entries:
        left = f"{minutes_left_at(entry, speed)} min left" if entry.progress >= 0.02 else ""
        output.print_rows([[*list_cells(entry, shown[entry.id]), left]])
    if not entries:
        output.print_message("no article matches")
    return 0


def _suggest(opened: Workspace, query: Query, arguments: Arguments, speed: int) -> list[Entry]:
    query = with_text(query)
    cache, now, limit = cache_for(opened, query), opened.now(), arguments.limit
    if arguments.random:
        drawn = cache.listing(Query(query.where, Sort(SortKey.RANDOM)), now=now)
        return [drawn[place] for place in range(min(1 if limit is None else limit, len(drawn)))]
    found = cache.listing(query, now=now)
    if arguments.forgotten:
        return neglected(found, now, limit=5 if limit is None else limit)
    minutes = DEFAULT_MINUTES if arguments.minutes is None else arguments.minutes
    return within_minutes(found, minutes, speed=speed, limit=10 if limit is None else limit)


def run_review(arguments: Arguments) -> int:
    """Review due highlights one by one; without a terminal, list them."""
    limit = DAILY_LIMIT if arguments.limit is None else arguments.limit
    with open_workspace() as opened:
        due = review.due_questions(opened, limit=limit)
        if arguments.json:
            output.print_json([_json_question(question) for question in due])
        elif not output.is_interactive():
            for question in due:
                output.print_text(_format_question(question))
        elif due:
            answered = _review(opened, due)
            output.print_message(f"{answered:,} of {len(due):,} reviewed")
    if not due:
        output.print_message("no highlights are due today")
    return 0


def _review(opened: Workspace, due: list[Question]) -> int:
    """Ask the questions; return how many were answered. Each answer is saved at once."""
    for number, question in enumerate(due):
        output.print_text(_format_question(question))
        how = _read_grade(_grades_help(question.intervals))
        if how is None:
            return number
        again = review.record_answer(opened, question, how)
        output.print_message(f"shown again on {again.astimezone():%Y-%m-%d}")
    return len(due)


def _grades_help(intervals: Mapping[Grade, timedelta]) -> str:
    """Return the answers with the time until the highlight is due again: `3 Good (5 d)`."""
    answers = [
        f"{grade.value} {name} ({review.format_interval(intervals[grade])})"
        for grade, name in zip(sorted(Grade), _GRADE_NAMES, strict=True)
    ]
    return f"{', '.join(answers)}; enter stops"


def _read_grade(answers: str) -> Grade | None:
    while True:
        word = output.prompt(f"how well did you remember it? {answers}")
        if word in ("1", "2", "3", "4"):
            return Grade(int(word))
        if word in ("", "q"):
            return None


def _format_question(question: Question) -> str:
    mark = question.highlight
    quoted = "\n".join(f"> {line}" for line in mark.quote.splitlines())
    note = f"\n\n{mark.note}" if mark.note else ""
    return f"{quoted}{note}\n\n{question.entry.title} ({question.entry.id})\n"


def _json_question(question: Question) -> dict[str, str]:
    mark, entry = question.highlight, question.entry
    return {"id": entry.id, "title": entry.title, "quote": mark.quote, "note": mark.note}


def run_duplicates(arguments: Arguments) -> int:
    """List groups of articles with nearly the same text, or merge each group."""
    with open_workspace(reports_problems=True) as opened:
        cache_for(opened)
        job = Job(progress_printer("{} of {} articles compared"))
        found = duplicates.find_duplicates(opened, query_of(arguments.words), job=job)
        ids = [entry.id for group in found for entry in (group.survivor, *group.others)]
        shown = opened.cache.shortest_prefixes(ids)
        if arguments.json and not arguments.merge:
            output.print_json(
                [
                    {
                        "keep": json_row(group.survivor),
                        "others": [json_row(entry) for entry in group.others],
                    }
                    for group in found
                ]
            )
            return 0
        for group in found if not arguments.json else ():
            output.print_rows([["keep ", *list_cells(group.survivor, shown[group.survivor.id])]])
            output.print_rows(
                ["merge", *list_cells(entry, shown[entry.id])] for entry in group.others
            )
        if not found:
            output.print_no_change("no duplicates found", as_json=arguments.json)
        if not found or not arguments.merge:
            return 0
        others = sum(len(group.others) for group in found)
        if not output.confirm(f"merge {plural(others)} into those kept?", yes=arguments.yes):
            return 1
        outcome = duplicates.merge(opened, found)
    output.print_outcome(outcome, as_json=arguments.json)
    return 0
