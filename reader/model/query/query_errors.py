"""Messages about a wrong query: the fault, its place, and the nearest right word."""

from collections.abc import Sequence
from typing import Final

from reader.model.errors import QueryError

_FOREIGN_WORDS: Final = {
    "author": "by",
    "byline": "by",
    "labels": "label",
    "color": "label",
    "colour": "label",
    "tags": "tag",
    "language": "lang",
    "saved": "added",
    "date": "added",
    "since": "added",
    "age": "added",
    "domain": "site",
    "source": "site",
    "url": "site",
    "in": "is",
    "state": "is",
    "wordscount": "words",
    "time": "minutes",
    "intitle": "title",
    "order": "sort",
    "fav": "starred",
    "favourite": "starred",
    "favorite": "starred",
    "archive": "archived",
    "trash": "trashed",
    "deleted": "trashed",
    "new": "unread",
    "finished": "read",
    "note": "notes",
    "highlight": "highlights",
    "image": "images",
    "newest": "added",
    "score": "relevance",
    "length": "words",
}
"""Names that other programs have for the same thing."""
_FOREIGN_FIELDS: Final = {
    "no": "-has:",
    "not": "-tag:",
    "before": "added:<",
    "older": "added:>",
    "after": "added:>",
    "newer": "added:<",
}
"""Fields of other programs that are a field and a sign here."""


def query_error(
    message: str, start: int, end: int | None = None, nearest: str | None = None
) -> QueryError:
    """Return the error with the place (counted from 1) and the suggestion in its sentence."""
    where = f"{message}, at character {start + 1} of the query"
    hint = f": did you mean {nearest!r}?" if nearest else ""
    return QueryError(where + hint, start, start + 1 if end is None else end, nearest)


def nearest_word(word: str, known: Sequence[str]) -> str | None:
    """Return the known word most similar to the given one; None if none is similar."""
    folded = word.casefold()
    if _FOREIGN_WORDS.get(folded) in known:
        return _FOREIGN_WORDS[folded]
    # Imported here: only a wrong query needs it.
    from difflib import get_close_matches

    return next(iter(get_close_matches(folded, known, n=1, cutoff=0.6)), None)


def unknown_field_error(field: str, known: Sequence[str], start: int, end: int) -> QueryError:
    nearest = nearest_word(field, known)
    shown = _FOREIGN_FIELDS.get(field.casefold()) or (f"{nearest}:" if nearest else None)
    message = f"unknown field {field + ':'!r}"
    return query_error(
        message if shown else f"{message} (a word with a colon needs quotes)", start, end, shown
    )


def invalid_value_error(
    field: str, value: str, known: Sequence[str], start: int, end: int
) -> QueryError:
    """Return the error for an unknown value; its sentence lists the known ones."""
    if not value:
        return query_error(f"{field}: needs one of {', '.join(known)}", start, end)
    nearest = nearest_word(value, known)
    return query_error(f"{field}: knows no {value!r}, only {', '.join(known)}", start, end, nearest)
