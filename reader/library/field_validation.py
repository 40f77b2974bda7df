"""Which values a field may have: a line with a right checksum may still say nonsense.

What another program or a later version wrote in another shape counts as not written, so that one
odd value costs itself and not the list.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from reader.library.lww_document import HIGHLIGHT_PREFIX, IMAGE_PREFIX, TAG_PREFIX, Document

_MAX_INTEGER: Final = 1 << 53
_SAVED_AT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_TEXTS: Final = (
    "url", "given", "final", "canonical", "title", "site", "byline", "published", "modified", "language",
    "description", "image", "text", "folder", "note", "reason", "same",
)  # fmt: skip
_FLAGS: Final = ("finished", "starred", "archived", "deleted", "purged", "cut")


def valid_fields(document: Document) -> Mapping[str, Any]:
    """The document's fields where all have their shape, as nearly always; else those that have.

    Looked at once after each change.
    """
    fields = document.fields
    if not document.checked:
        for name, value in fields.items():
            if value is not None and not _is_valid(name, value):
                return {
                    key: each
                    for key, each in fields.items()
                    if each is None or _is_valid(key, each)
                }
        document.checked = True
    return fields


def _is_valid(name: str, value: Any) -> bool:
    fits = _VALIDATORS.get(name)
    if fits is None:
        fits = _VALIDATORS.get(name[: name.find(":") + 1])
    return fits is None or fits(value)


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_tag(value: Any) -> bool:
    return type(value) is str and value.strip() != "" and "\n" not in value


def _is_flag(value: Any) -> bool:
    return type(value) is bool


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _MAX_INTEGER


def _is_number(value: Any) -> bool:
    """Neither infinite nor NaN, which Python's JSON has and others have not."""
    return type(value) in (int, float) and -_MAX_INTEGER < value < _MAX_INTEGER


def _are_texts(value: Any) -> bool:
    return type(value) is list and all(type(each) is str for each in value)


def _is_saved_at(value: Any) -> bool:
    return type(value) is str and _SAVED_AT.fullmatch(value) is not None


def _is_position(value: Any) -> bool:
    return (
        type(value) is list
        and len(value) == 3
        and _is_text(value[0])
        and _is_number(value[1])
        and _is_number(value[2])
    )


def _is_highlight(value: Any) -> bool:
    """Quote, prefix, suffix, start, note, time."""
    return (
        type(value) is list
        and len(value) == 6
        and _is_number(value[3])
        and _are_texts([*value[:3], *value[4:]])
    )


def _are_related(value: Any) -> bool:
    """Title, source, age and address of each, None where the page does not say."""
    return type(value) is list and all(
        type(row) is list and len(row) == 4 and all(each is None or _is_text(each) for each in row)
        for row in value
    )


_VALIDATORS: Final[dict[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(_TEXTS, _is_text),
    **dict.fromkeys(_FLAGS, _is_flag),
    "added": _is_saved_at,
    "words": _is_count,
    "attempts": _is_count,
    "progress": _is_number,
    "suggested": _are_texts,
    "former": _are_texts,
    "related": _are_related,
    "position": _is_position,
    TAG_PREFIX: _is_tag,
    HIGHLIGHT_PREFIX: _is_highlight,
    IMAGE_PREFIX: _is_text,
}
