"""Table of the import formats, and their detection from a file's content."""

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reader.formats.import_file import ImportFile
from reader.formats.import_row import Row
from reader.formats.importers import (
    browser_bookmarks,
    generic_csv,
    goodlinks,
    instapaper,
    karakeep,
    kindle,
    linkwarden,
    matter,
    omnivore,
    pinboard,
    pocket,
    raindrop,
    readeck,
    readwise_highlights,
    readwise_reader,
    safari,
    url_list,
    wallabag,
)
from reader.model.errors import ExchangeError, UsageError
from reader.model.text import one_line


@dataclass(frozen=True, slots=True)
class Format:
    """An import format: its name, its title for users, and its `matches` and `read` functions."""

    name: str
    title: str
    matches: Callable[[ImportFile], bool]
    read: Callable[[ImportFile], Iterator[Row]]


_FILE_KINDS = re.compile(r" (?:CSV|JSON|zip|backup|ril_export|reading list)")
"""The kinds of files that follow the program in a format's title."""

FORMATS: tuple[Format, ...] = (
    Format("pocket", "Pocket CSV or zip", pocket.matches_csv, pocket.read_csv),
    Format("pocket-html", "Pocket ril_export.html", pocket.matches_html, pocket.read_html),
    Format("instapaper", "Instapaper CSV", instapaper.matches, instapaper.read),
    Format("omnivore", "Omnivore zip", omnivore.matches, omnivore.read),
    Format("wallabag", "wallabag JSON", wallabag.matches, wallabag.read),
    Format("karakeep", "Karakeep JSON", karakeep.matches, karakeep.read),
    Format("raindrop", "Raindrop.io CSV", raindrop.matches, raindrop.read),
    Format("readwise", "Readwise Reader CSV", readwise_reader.matches, readwise_reader.read),
    Format("matter", "Matter CSV or zip", matter.matches, matter.read),
    Format("readeck", "Readeck backup zip", readeck.matches, readeck.read),
    Format("linkwarden", "Linkwarden JSON", linkwarden.matches, linkwarden.read),
    Format("goodlinks", "GoodLinks JSON", goodlinks.matches, goodlinks.read),
    Format(
        "readwise-highlights",
        "Readwise highlights CSV",
        readwise_highlights.matches,
        readwise_highlights.read,
    ),
    Format("kindle", "Kindle's My Clippings.txt", kindle.matches, kindle.read),
    Format("pinboard", "Pinboard JSON", pinboard.matches, pinboard.read),
    Format("safari", "Safari reading list", safari.matches, safari.read),
    Format(
        "netscape",
        "bookmarks of a browser or linkding",
        browser_bookmarks.matches,
        browser_bookmarks.read,
    ),
    Format("table", "any CSV with a column of addresses", generic_csv.matches, generic_csv.read),
    Format("list", "plain list of addresses", url_list.matches, url_list.read),
)
"""In the order of precedence: the first whose `matches` holds reads the file, so those that take any
CSV and any text come last. Whole records of reader's own exports are read by `reader_json` before.
"""


def read(file: ImportFile, name: str | None = None) -> tuple[str, Iterator[Row]]:
    """Return the format's name, detected if it is not given, and the file's rows.

    Raises ExchangeError if the file is not of that format, or of none; UsageError for an unknown
    name.
    """
    chosen = format_by_name(name) if name else detect_format(file)
    if not chosen.matches(file):
        raise ExchangeError(f"{one_line(file.name, 120)} is not what {chosen.title} looks like")
    return chosen.name, chosen.read(file)


def detect_format(file: ImportFile) -> Format:
    """Detect the file's format. Raises ExchangeError with the known formats if none fits."""
    for known in FORMATS:
        if known.matches(file):
            return known
    titles = ", ".join(known.title for known in FORMATS)
    raise ExchangeError(f"{one_line(file.name, 120)}: no format that is known here ({titles})")


def program_of(name: str) -> str:
    """Return the program of a format as sentences name it: `Pocket`, `a list of addresses`."""
    named = {
        "readwise-highlights": "Readwise",
        "kindle": "Kindle",
        "netscape": "bookmarks",
        "table": "a table",
        "list": "a list of addresses",
    }
    titles = {row.name: row.title for row in FORMATS}
    if name in named or name not in titles:
        return named.get(name, name)
    return _FILE_KINDS.split(titles[name])[0]


def format_by_name(name: str) -> Format:
    """Return the format of that name. Raises UsageError with the nearest name."""
    for known in FORMATS:
        if known.name == name:
            return known
    names = [known.name for known in FORMATS]
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(names)}"
    raise UsageError(f"no format {name!r}: {hint}")
