"""Set-up shared by the commands: open the workspace, parse the query, show progress."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final

from reader import paths, settings
from reader.cli import output
from reader.cli.settings_check import remember_good
from reader.services.workspace import Job, Workspace

if TYPE_CHECKING:
    from reader.model.query import Query
    from reader.search.store.cache import Cache


_QUIET_SECONDS: Final = 0.3
"""Seconds before the first line of progress: most commands end before."""
_REPORT_SECONDS: Final = 0.1
"""Seconds between two lines of progress on a terminal."""


def open_workspace(*, reports_problems: bool = True) -> Workspace:
    """Return the user's workspace; nothing is opened yet.

    Invalid settings are ignored, and reported on standard error.
    """
    found = paths.find()
    chosen = settings.load(found.config)
    if reports_problems:
        problems = find_problems(chosen)
        for problem in problems:
            output.print_message(problem)
        if not problems:
            remember_good(str(found.config), str(found.cache))
    return Workspace(found, chosen, tell=output.print_message)


def find_problems(chosen: settings.Settings) -> list[str]:
    """Return sentences about settings that cannot be used, those of keys included."""
    problems = list(chosen.problems)
    if chosen.keys:
        # Imported here: only few users set keys, and it imports Textual.
        from reader.ui.keymap import Keymap

        problems += Keymap(chosen).problems
    return problems


def with_text(query: "Query") -> "Query":
    """Limit the query to articles with text: a link cannot be read yet."""
    return with_flag(query, "offline")


def with_flag(query: "Query", name: str) -> "Query":
    """Limit the query to articles in a state of `is:`."""
    from dataclasses import replace

    from reader.model.query import Flag, StateTerm, and_

    state = StateTerm(Flag(name))
    return replace(query, where=state if query.where is None else and_(query.where, state))


def cache_for(opened: Workspace, query: "Query | None" = None) -> "Cache":
    """Return the synced cache, with full text if the query searches words, or is None.

    Shows progress on a terminal while many texts are indexed. Blocks on disk.
    """
    from reader.model.query import uses_full_text

    return opened.synced_cache(
        text=query is None or uses_full_text(query),
        progress=progress_printer("{} of {} articles listed"),
        going_on=progress_printer("{} of {} articles indexed for the first search"),
    )


def progress_printer(words: str) -> Callable[[int, int], bool]:
    """Return a progress callback that prints `words` with both numbers on a terminal.

    Prints nothing in the first 0.3 seconds, and ten times a second at most. The callback always
    returns True: continue.
    """
    due = monotonic() + _QUIET_SECONDS
    is_shown = False

    def report(done: int, total: int) -> bool:
        nonlocal due, is_shown
        if is_shown and done >= total:
            output.show_progress("")
            is_shown = False
        elif done < total and monotonic() >= due:
            output.show_progress(words.format(done, total))
            is_shown, due = True, monotonic() + _REPORT_SECONDS
        return True

    return report


@contextmanager
def interruptible(words: str) -> Iterator[Job]:
    """Yield a job that prints its progress, and stops between batches at Ctrl-C.

    A second Ctrl-C interrupts at once.
    """
    is_stopped = False

    def stop(*_: object) -> None:
        nonlocal is_stopped
        if is_stopped:
            raise KeyboardInterrupt
        is_stopped = True

    former = signal.signal(signal.SIGINT, stop)
    try:
        yield Job(progress_printer(words), lambda: is_stopped)
    finally:
        signal.signal(signal.SIGINT, former)
        output.show_progress("")


def query_of(words: Sequence[str], sort: str | None = None) -> "Query":
    """Parse the query in a command's words; `--sort` wins over `sort:`. Raises QueryError."""
    # Imported here: commands that name ids have no query to wait for.
    from dataclasses import replace

    from reader.model.query import parse

    query = parse(" ".join(words))
    return query if sort is None else replace(query, sort=parse(f"sort:{sort}").sort)
