"""The formats that can be read, and how a file's is recognised from its content."""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reader.formats import netscape
from reader.formats.import_file import Upload
from reader.formats.import_row import Row
from reader.formats.importers import (
    generic_csv,
    instapaper,
    karakeep,
    matter,
    omnivore,
    pinboard,
    pocket,
    raindrop,
    readeck,
    readwise_reader,
    safari,
    url_list,
    wallabag,
)
from reader.model.errors import ExchangeError, WrongUsage
from reader.model.text import one_line


@dataclass(frozen=True, slots=True)
class Format:
    """One import format: `title` is for people, `recognises` looks, `read` gives rows in order."""

    name: str
    title: str
    recognises: Callable[[Upload], bool]
    read: Callable[[Upload], Iterator[Row]]


FORMATS: tuple[Format, ...] = (
    Format("pocket", "Pocket CSV or zip", pocket.recognises_csv, pocket.read_csv),
    Format("pocket-html", "Pocket ril_export.html", pocket.recognises_html, pocket.read_html),
    Format("instapaper", "Instapaper CSV", instapaper.recognises, instapaper.read),
    Format("omnivore", "Omnivore zip", omnivore.recognises, omnivore.read),
    Format("wallabag", "wallabag JSON", wallabag.recognises, wallabag.read),
    Format("karakeep", "Karakeep JSON", karakeep.recognises, karakeep.read),
    Format("raindrop", "Raindrop.io CSV", raindrop.recognises, raindrop.read),
    Format("readwise", "Readwise Reader CSV", readwise_reader.recognises, readwise_reader.read),
    Format("matter", "Matter CSV or zip", matter.recognises, matter.read),
    Format("readeck", "Readeck backup zip", readeck.recognises, readeck.read),
    Format("pinboard", "Pinboard JSON", pinboard.recognises, pinboard.read),
    Format("safari", "Safari reading list", safari.recognises, safari.read),
    Format("netscape", "bookmarks of a browser or linkding", netscape.recognises, netscape.read),
    Format("table", "any CSV with a column of addresses", generic_csv.recognises, generic_csv.read),
    Format("list", "plain list of addresses", url_list.recognises, url_list.read),
)


def read(upload: Upload, name: str | None = None) -> tuple[str, Iterator[Row]]:
    """The format's name, recognised where it is not given, and the file's rows.

    Raises ExchangeError where the file is not of that format, or of none; WrongUsage for a name
    that no format has.
    """
    chosen = named(name) if name else recognise(upload)
    if not chosen.recognises(upload):
        raise ExchangeError(f"{one_line(upload.name, 120)} is not what {chosen.title} looks like")
    return chosen.name, chosen.read(upload)


def recognise(upload: Upload) -> Format:
    """The file's format. Raises ExchangeError where none fits, with what is understood."""
    for row in FORMATS:
        if row.recognises(upload):
            return row
    known = ", ".join(row.title for row in FORMATS)
    raise ExchangeError(f"{one_line(upload.name, 120)}: no format that is known here ({known})")


def named(name: str) -> Format:
    """The format of that name. Raises WrongUsage with the nearest name."""
    for row in FORMATS:
        if row.name == name:
            return row
    names = [row.name for row in FORMATS]
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(names)}"
    raise WrongUsage(f"no format {name!r}: {hint}")
