"""The values that a field of a record may have.

No device is trusted: a line with a right checksum may come from another program, a later version,
or somebody who wants this one to show, read or delete something else. A value of another type or
form counts as not written, and the other fields of the record stay. Text loses what `clean` drops,
and is cut at its longest length; an address that is too long counts as not written.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from reader.library.lww_document import (
    HIGHLIGHT_PREFIX,
    IMAGE_PREFIX,
    LABEL_PREFIX,
    TAG_PREFIX,
    Document,
    is_plain_tag,
    is_time,
)
from reader.model.labels import HIGHLIGHT_COLORS, clean_word
from reader.model.text import SLUG_SIGNS, clean, clean_tag, one_line, truncate
from reader.model.urls import MAX_URL_LENGTH, is_web_url

_MAX_COUNT: Final = 1 << 40
"""Limit of words, attempts and offsets: no text has as many, and SQLite's integers hold it."""
_MAX_LINE: Final = 2_000
"""Characters of a title, a name or a reason."""
_MAX_TEXT: Final = 1_000_000
"""Characters of a note or a quote."""
_MAX_ITEMS: Final = 1_000
"""Suggested tags or related articles of one record: bounds the cost of a hostile line."""
_ID: Final = re.compile(r"[0-9a-hjkmnp-tv-z]{12}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_IMAGE: Final = re.compile(r"images/[0-9A-Za-z_-][0-9A-Za-z._-]{0,99}")
_Check = Callable[[Any, str], Any]
"""Checks a value, given the record's id; returns it, a cleaned one, or None if invalid."""


def is_entry_id(text: object) -> bool:
    """Return whether the value has the form of a record's id."""
    return type(text) is str and _ID.fullmatch(text) is not None


@cache
def _folder_pattern() -> re.Pattern[str]:
    # ⏱ Compiled in 2 ms, when it is first needed: links have no folder.
    return re.compile(
        rf"articles/[0-9]{{4}}/[{SLUG_SIGNS}]{{1,100}}-([0-9a-z]{{12}})-[0-9a-f]{{8}}"
    )


def is_folder_of(folder: object, entry_id: str) -> bool:
    """Return whether the path is that of an article folder which bears this record's id."""
    if type(folder) is not str:
        return False
    match = _folder_pattern().fullmatch(folder)
    return match is not None and match[1] == entry_id


def exists(fields: Mapping[str, Any]) -> bool:
    """Return whether these fields are a record that was not purged."""
    return bool(fields.get("added")) and not fields.get("purged")


def valid_fields(entry_id: str, document: Document) -> Mapping[str, Any]:
    """Return the document's fields, without those that are invalid, with text cleaned.

    The document's own mapping if all is in order, as nearly always. Checked once after each
    change. The caller must not change it.
    """
    if document.valid is None:
        document.valid = _checked(entry_id, document.fields)
    return document.valid


def _checked(entry_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    result = fields
    for name, value in fields.items():
        # ⏱ Nearly all values, without the call of a check.
        if value is None or ((value is True or value is False) and name in _FLAG_NAMES):
            continue
        if type(value) is str:
            limit = PLAIN_LENGTHS.get(name)
            if limit is None:
                if name[:4] == TAG_PREFIX and is_plain_tag(value):
                    continue
            elif (
                len(value) <= limit
                and value.isascii()
                and value.isprintable()
                and (name not in URL_NAMES or value.startswith(SCHEMES))
            ):
                continue
        check = CHECKS.get(name)
        if check is None:
            check = CHECKS.get(name[: name.find(":") + 1])
        if check is None:
            continue
        good = check(value, entry_id)
        if good is value:
            continue
        if result is fields:
            result = dict(fields)
        if good is None:
            del result[name]
        else:
            result[name] = good
    return result


def invalid_names(entry_id: str, document: Document) -> list[str]:
    """Return the fields whose values are not taken as they are."""
    valid = valid_fields(entry_id, document)
    if valid is document.fields:
        return []
    return [name for name, value in document.fields.items() if valid.get(name) is not value]


def _line(value: Any, entry_id: str) -> str | None:
    return _one_line(value, _MAX_LINE)


def _one_line(value: Any, limit: int) -> str | None:
    if type(value) is not str:
        return None
    if len(value) <= limit and value.isascii() and value.isprintable():
        return value
    tidy = one_line(value, limit)
    return value if tidy == value else tidy


def _address(value: Any, entry_id: str) -> str | None:
    """Return an address of any kind; None if it is too long, since a shortened one is another."""
    if type(value) is not str or len(value) > MAX_URL_LENGTH:
        return None
    return _one_line(value, MAX_URL_LENGTH)


def _text(value: Any, entry_id: str) -> str | None:
    if type(value) is not str:
        return None
    tidy = truncate(clean(value), _MAX_TEXT)
    return value if tidy == value else tidy


def _url(value: Any, entry_id: str) -> str | None:
    """Return an address of the web; None for others, which are neither shown nor opened."""
    line = _address(value, entry_id)
    return line if line is not None and is_web_url(line) else None


def _tag(value: Any, entry_id: str) -> str | None:
    if type(value) is not str:
        return None
    if is_plain_tag(value):
        return value
    tidy = clean_tag(value)
    return (value if tidy == value else tidy) or None


def _flag(value: Any, entry_id: str) -> bool | None:
    return value if type(value) is bool else None


def _count(value: Any, entry_id: str) -> int | None:
    return value if type(value) is int and 0 <= value < _MAX_COUNT else None


def _share(value: Any, entry_id: str) -> float | None:
    return value if type(value) in (int, float) and 0 <= value <= 1 else None


def _time(value: Any, entry_id: str) -> str | None:
    return value if is_time(value) else None


def _digest(value: Any, entry_id: str) -> str | None:
    return value if type(value) is str and _DIGEST.fullmatch(value) else None


def _other_id(value: Any, entry_id: str) -> str | None:
    return value if is_entry_id(value) and value != entry_id else None


def _folder(value: Any, entry_id: str) -> str | None:
    return value if is_folder_of(value, entry_id) else None


def _folders(value: Any, entry_id: str) -> list[str] | None:
    if type(value) is not list:
        return None
    good = [each for each in value if is_folder_of(each, entry_id)]
    return value if good == value else good


def _image(value: Any, entry_id: str) -> str | None:
    return value if type(value) is str and _IMAGE.fullmatch(value) else None


def _lines(value: Any, entry_id: str) -> list[str] | None:
    if type(value) is not list or any(type(each) is not str for each in value):
        return None
    good = [_line(each, entry_id) for each in value[:_MAX_ITEMS]]
    return value if good == value else [each for each in good if each]


def _position(value: Any, entry_id: str) -> list[Any] | None:
    if type(value) is not list or len(value) != 3:
        return None
    quote, start, progress = value
    good = [_text(quote, entry_id), _count(start, entry_id), _share(progress, entry_id)]
    if None in good:
        return None
    return value if good == value else good


def _highlight(value: Any, entry_id: str) -> list[Any] | None:
    """Quote, prefix, suffix, start, note, time."""
    if type(value) is not list or len(value) != 6:
        return None
    start = _count(value[3], entry_id)
    good: list[Any] = [_text(each, entry_id) for each in value]
    good[3] = start
    if None in good:
        return None
    return value if good == value else good


def _label(value: Any, entry_id: str) -> list[str] | None:
    """Colour and word; an unknown colour is none."""
    if type(value) is not list or len(value) != 2 or any(type(each) is not str for each in value):
        return None
    color, word = value
    good = [color if color in HIGHLIGHT_COLORS else "", clean_word(word)]
    return value if good == value else good


def _related(value: Any, entry_id: str) -> list[Any] | None:
    """Title, source, age and address of each, None if the page does not say."""
    if type(value) is not list:
        return None
    good: list[Any] = []
    for row in value[:_MAX_ITEMS]:
        if type(row) is not list or len(row) != 4:
            return None
        if any(each is not None and type(each) is not str for each in row):
            return None
        title, source, age, url = row
        texts = [None if each is None else _line(each, entry_id) for each in (title, source, age)]
        good.append([*texts, None if url is None else _url(url, entry_id)])
        if good[-1][0] is None:
            return None
    return value if good == value else good


_LINE_NAMES: Final = frozenset(
    ("title", "site", "byline", "published", "modified", "language", "description", "reason")
)
URL_NAMES: Final = frozenset(("url", "final"))
_ADDRESS_NAMES: Final = ("given", "canonical", "image")
PLAIN_LENGTHS: Final = {
    **dict.fromkeys(_LINE_NAMES, _MAX_LINE),
    **dict.fromkeys((*URL_NAMES, *_ADDRESS_NAMES), MAX_URL_LENGTH),
}
"""Characters of printable ASCII that are right as they are."""
SCHEMES: Final = ("https://", "http://")
_FLAG_NAMES: Final = frozenset(("finished", "starred", "archived", "deleted", "purged", "cut"))
CHECKS: Final[dict[str, _Check]] = {
    **dict.fromkeys(_LINE_NAMES, _line),
    **dict.fromkeys(_ADDRESS_NAMES, _address),
    **dict.fromkeys(_FLAG_NAMES, _flag),
    "url": _url,
    "final": _url,
    "note": _text,
    "text": _digest,
    "folder": _folder,
    "former": _folders,
    "same": _other_id,
    "added": _time,
    "words": _count,
    "attempts": _count,
    "progress": _share,
    "suggested": _lines,
    "related": _related,
    "position": _position,
    TAG_PREFIX: _tag,
    HIGHLIGHT_PREFIX: _highlight,
    LABEL_PREFIX: _label,
    IMAGE_PREFIX: _image,
}
