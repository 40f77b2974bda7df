"""`next`, `review` and `doubles`: what comes back without being searched for."""

from argparse import Namespace

from reader.cli import output
from reader.cli.context import cache_for, counting, query_of, shelf
from reader.cli.formatting import cells, row
from reader.model.entry import Entry, minutes_left
from reader.model.errors import WrongUsage
from reader.model.query import Query, Sort, SortKey
from reader.search.discovery.reading_suggestions import fitting, forgotten
from reader.search.discovery.spaced_repetition import A_DAY, Remembered
from reader.services import duplicates, reading_speed, review
from reader.services.entries import counted
from reader.services.review import Question
from reader.services.workspace import Shelf

A_BREAK = 15
"""Minutes at hand where nothing else is said."""
_SCALE = "1 forgotten, 2 hard, 3 well, 4 easily; enter stops"


def run_next(arguments: Namespace) -> int:
    """A few articles to read now, of those that the query finds."""
    chosen = [name for name in ("minutes", "random", "forgotten") if getattr(arguments, name)]
    if len(chosen) > 1:
        raise WrongUsage(f"--{chosen[0]} and --{chosen[1]} cannot both be")
    with shelf() as opened:
        query = query_of(arguments.words)
        speed = reading_speed.speed(opened.places, opened.settings)
        entries = _next(opened, query, arguments, speed)
        shown = opened.cache.shortest([entry.id for entry in entries])
    if arguments.json:
        output.as_json([row(entry) | {"left": minutes_left(entry, speed)} for entry in entries])
        return 0
    for entry in entries:
        left = f"{minutes_left(entry, speed)} min left" if entry.progress >= 0.02 else ""
        output.columns([[*cells(entry, shown[entry.id]), left]])
    if not entries:
        output.say("nothing of that kind is waiting")
    return 0


def _next(opened: Shelf, query: Query, arguments: Namespace, speed: int) -> list[Entry]:
    cache, now, limit = cache_for(opened, query), opened.now(), arguments.limit
    if arguments.random:
        drawn = cache.listing(Query(query.where, Sort(SortKey.RANDOM)), now=now)
        return [drawn[place] for place in range(min(1 if limit is None else limit, len(drawn)))]
    found = cache.listing(query, now=now)
    if arguments.forgotten:
        return forgotten(found, now, limit=5 if limit is None else limit)
    minutes = A_BREAK if arguments.minutes is None else arguments.minutes
    return fitting(found, minutes, speed=speed, limit=10 if limit is None else limit)


def run_review(arguments: Namespace) -> int:
    """Ask for highlights one after the other; without a terminal, list those that are due."""
    limit = A_DAY if arguments.limit is None else arguments.limit
    with shelf() as opened:
        due = review.questions(opened, limit=limit)
        if arguments.json:
            output.as_json([_asked(question) for question in due])
        elif not output.can_ask():
            for question in due:
                output.text(_shown(question))
        elif due:
            answered = _ask(opened, due)
            output.say(f"{answered} of {len(due)} reviewed")
    if not due:
        output.say("no highlight is due today")
    return 0


def _ask(opened: Shelf, due: list[Question]) -> int:
    """How many were answered before the person stopped; each answer is kept at once."""
    for number, question in enumerate(due):
        output.text(_shown(question))
        how = _answer()
        if how is None:
            return number
        again = review.answer(opened, question, how)
        output.say(f"comes up again on {again.astimezone():%Y-%m-%d}")
    return len(due)


def _answer() -> Remembered | None:
    while True:
        word = output.reply(f"how well did you remember it? {_SCALE}")
        if word in ("1", "2", "3", "4"):
            return Remembered(int(word))
        if word in ("", "q"):
            return None


def _shown(question: Question) -> str:
    mark = question.highlight
    quoted = "\n".join(f"> {line}" for line in mark.quote.splitlines())
    note = f"\n\n{mark.note}" if mark.note else ""
    return f"{quoted}{note}\n\n{question.entry.title} ({question.entry.id})\n"


def _asked(question: Question) -> dict[str, str]:
    mark, entry = question.highlight, question.entry
    return {"id": entry.id, "title": entry.title, "quote": mark.quote, "note": mark.note}


def run_doubles(arguments: Namespace) -> int:
    """List groups of articles with nearly the same text, or make each group one article."""
    with shelf(telling=True) as opened:
        cache_for(opened)
        told = counting("{} of {} articles compared")
        found = duplicates.doubles(opened, query_of(arguments.words), progress=told)
        ids = [entry.id for group in found for entry in (group.keep, *group.others)]
        shown = opened.cache.shortest(ids)
        if arguments.json and not arguments.merge:
            output.as_json(
                [
                    {"keep": row(group.keep), "others": [row(entry) for entry in group.others]}
                    for group in found
                ]
            )
            return 0
        for group in found if not arguments.json else ():
            output.columns([["keep ", *cells(group.keep, shown[group.keep.id])]])
            output.columns(["merge", *cells(entry, shown[entry.id])] for entry in group.others)
        if not found:
            output.say("no two articles say the same")
        if not found or not arguments.merge:
            return 0
        others = sum(len(group.others) for group in found)
        if not output.agreed(f"merge {counted(others)} into those kept?", yes=arguments.yes):
            return 1
        gone = duplicates.merge(opened, found)
    if arguments.json:
        output.as_json({"changed": gone})
    else:
        output.line(f"{counted(gone)} merged")
    return 0
