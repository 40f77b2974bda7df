"""What every command begins with: the shelf of this person, and the query in its words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reader import places, settings
from reader.cli import output
from reader.services.shelf import Shelf

if TYPE_CHECKING:
    from reader.model.query import Query


def shelf(*, telling: bool = False) -> Shelf:
    """The person's shelf; nothing is opened yet.

    Wrong settings are left out, and told where the command depends on any (`telling`).
    """
    found = places.find()
    chosen = settings.load(found.config)
    for problem in chosen.problems if telling else ():
        output.say(problem)
    return Shelf(found, chosen, tell=output.say)


def query_of(words: Sequence[str], sort: str | None = None) -> "Query":
    """The query in a command's words; `--sort` wins over `sort:`. Raises WrongQuery."""
    # Imported here: commands that name ids have no query, and wait for none.
    from reader.model.query import parse

    query = parse(" ".join(words))
    return query if sort is None else replace(query, sort=parse(f"sort:{sort}").sort)
