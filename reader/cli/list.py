"""The commands `list` and `search`; both read the cache and never open the library."""

from datetime import datetime

from reader.cli import output
from reader.cli.arguments import Arguments
from reader.cli.columns import print_columns, print_wrapped, row_lines
from reader.cli.command_context import cache_for, open_workspace, query_of
from reader.cli.fast_list import list_newest
from reader.cli.formatting import LIST_COLUMNS, json_row, list_cells


def run_list(arguments: Arguments) -> int:
    """Print the articles that the query finds, all of them without `--limit`."""
    query = query_of(arguments.words, arguments.sort)
    with open_workspace() as opened:
        cache = cache_for(opened, query)
        if not arguments.words and arguments.sort is None and list_newest(_plain_words(arguments)):
            return 0
        found = cache.listing(query, now=datetime.now().astimezone())
        entries = list(found[: arguments.limit] if arguments.limit is not None else found)
        if arguments.json:
            output.print_json([json_row(entry) for entry in entries])
            return 0
        shown = cache.shortest_prefixes([entry.id for entry in entries])
        print_columns([list_cells(entry, shown[entry.id]) for entry in entries], LIST_COLUMNS)
        if not found:
            output.print_message("nothing found")
    return 0


def _plain_words(arguments: Arguments) -> list[str]:
    """Return the words of a `list` without a query, which the filled cache can now print."""
    limit = [] if arguments.limit is None else ["--limit", str(arguments.limit)]
    return ["list", *limit, *(["--json"] if arguments.json else [])]


def run_search(arguments: Arguments) -> int:
    """Print the best full-text matches with snippets, twenty without `--limit`.

    Articles with all words come first, then those with some; words that one lacks are struck out.
    """
    query = query_of(arguments.words, arguments.sort)
    limit = 20 if arguments.limit is None else arguments.limit
    with open_workspace() as opened:
        cache = cache_for(opened)
        from reader.search.store.cache import ENOUGH_HITS

        enough = ENOUGH_HITS if arguments.limit is None else limit
        now = datetime.now().astimezone()
        found = cache.search(query, limit=limit, enough=enough, now=now)
        if arguments.json:
            output.print_json(
                [
                    json_row(hit.entry) | {"snippet": hit.snippet, "missing": list(hit.missing)}
                    for hit in found
                ]
            )
            return 0
        shown = cache.shortest_prefixes([hit.entry.id for hit in found])
        rows = [list_cells(hit.entry, shown[hit.entry.id]) for hit in found]
        for hit, lines in zip(found, row_lines(rows, LIST_COLUMNS), strict=True):
            for line in lines:
                output.print_styled(line)
            if hit.snippet:
                print_wrapped(hit.snippet, "    ")
            if hit.missing:
                output.print_struck(hit.missing)
        if all(hit.missing for hit in found):
            instead = cache.spell_corrected(query)
            message = "no article has all of the words" if found else "nothing found"
            output.print_message(message + (f": did you mean {instead}?" if instead else ""))
    return 0
