"""What every command begins with: the shelf of this person, and the query in its words."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reader import paths, settings
from reader.cli import output
from reader.services.workspace import Workspace

if TYPE_CHECKING:
    from reader.model.query import Query
    from reader.search.store.cache import Cache


def open_workspace(*, telling: bool = False) -> Workspace:
    """The person's shelf; nothing is opened yet.

    Wrong settings are left out, and told where the command depends on any (`telling`).
    """
    found = paths.find()
    chosen = settings.load(found.config)
    for problem in chosen.problems if telling else ():
        output.print_message(problem)
    return Workspace(found, chosen, tell=output.print_message)


def cache_for(opened: Workspace, query: "Query | None" = None) -> "Cache":
    """The cache, fresh; its full text too where the query looks for words, or for None.

    Tells a person at a terminal how far it is where many texts are new. Blocks on disk.
    """
    from reader.model.query import uses_full_text

    told = progress_printer("{} of {} articles read for the first search")
    return opened.synced_cache(text=query is None or uses_full_text(query), going_on=told)


def progress_printer(words: str, least: int = 500) -> Callable[[int, int], bool]:
    """Tells a person at a terminal how many are done of how many, where there are that many.

    `words` has two places for the numbers; what comes back always says to go on.
    """

    def told(done: int, total: int) -> bool:
        if total >= least:
            output.show_progress(words.format(done, total) if done < total else "")
        return True

    return told


def query_of(words: Sequence[str], sort: str | None = None) -> "Query":
    """The query in a command's words; `--sort` wins over `sort:`. Raises WrongQuery."""
    # Imported here: commands that name ids have no query, and wait for none.
    from reader.model.query import parse

    query = parse(" ".join(words))
    return query if sort is None else replace(query, sort=parse(f"sort:{sort}").sort)
