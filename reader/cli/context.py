"""Set-up shared by the commands: open the workspace, parse the query, show progress."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reader import paths, settings
from reader.cli import output
from reader.services.workspace import Workspace

if TYPE_CHECKING:
    from reader.model.query import Query
    from reader.search.store.cache import Cache


def open_workspace(*, telling: bool = True) -> Workspace:
    """Return the user's workspace; nothing is opened yet.

    Invalid settings are ignored, and reported on standard error.
    """
    found = paths.find()
    chosen = settings.load(found.config)
    for problem in find_problems(chosen) if telling else ():
        output.print_message(problem)
    return Workspace(found, chosen, tell=output.print_message)


def find_problems(chosen: settings.Settings) -> list[str]:
    """Return sentences about settings that cannot be used, those of keys included."""
    problems = list(chosen.problems)
    if chosen.keys:
        # Imported here: only few users set keys, and it imports Textual.
        from reader.ui.keymap import Keymap

        problems += Keymap(chosen).problems
    return problems


def cache_for(opened: Workspace, query: "Query | None" = None) -> "Cache":
    """Return the synced cache, with full text if the query searches words, or is None.

    Shows progress on a terminal while many texts are indexed. Blocks on disk.
    """
    from reader.model.query import uses_full_text

    told = progress_printer("{} of {} articles read for the first search")
    return opened.synced_cache(text=query is None or uses_full_text(query), going_on=told)


def progress_printer(words: str, least: int = 500) -> Callable[[int, int], bool]:
    """Return a progress callback that prints `words` with both numbers on a terminal.

    The callback always returns True: continue.
    """

    def told(done: int, total: int) -> bool:
        if total >= least:
            output.show_progress(words.format(done, total) if done < total else "")
        return True

    return told


def query_of(words: Sequence[str], sort: str | None = None) -> "Query":
    """Parse the query in a command's words; `--sort` wins over `sort:`. Raises QueryError."""
    # Imported here: commands that name ids have no query to wait for.
    from reader.model.query import parse

    query = parse(" ".join(words))
    return query if sort is None else replace(query, sort=parse(f"sort:{sort}").sort)
