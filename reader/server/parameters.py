"""Values of a request: from its address, a form or JSON, each checked where it is used."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from reader.model.entry_number import MAX_NUMBER
from reader.model.text import clean_tag
from reader.server.guard import HttpError
from reader.server.multipart import parse_form

MAX_FIELDS: Final = 1_000
"""Values of a form or an address: bounds the parsing."""
MAX_TAGS: Final = 200
"""Tags that one request names."""
_MAX_NUMBER_DIGITS: Final = 15
"""Digits of a number: JSON in JavaScript is exact for as many."""
_MAX_PAGE: Final = 10**9
"""The largest number of a page that is accepted, beyond any library."""


class Parameters:
    """Named values of one request; those of the body come before those of the address."""

    def __init__(self, values: Mapping[str, Any]):
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        """Return a text; empty if it is missing. Raises HttpError for another kind."""
        value = self._values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool | int | float):
            return str(value)
        if not isinstance(value, str):
            raise HttpError(400, f"{name} must be a text")
        return value

    def flag(self, name: str) -> bool | None:
        """Return a switch: 0, 1, true, false; None if it is missing. Raises HttpError."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return value
        if value in (0, 1, "0", "1"):
            return str(value) == "1"
        if isinstance(value, str) and value.casefold() in ("true", "false"):
            return value.casefold() == "true"
        raise HttpError(400, f"{name} must be 0 or 1")

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number within limits; `default` if it is missing. Raises HttpError."""
        text = self.text(name).strip()
        if not text:
            return default
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MAX_NUMBER_DIGITS):
            raise HttpError(400, f"{name} must be a whole number")
        return min(max(int(text), least), most)

    def page(self, name: str, default: int) -> int:
        """Return the number of a page, from 1."""
        return self.number(name, default, 1, _MAX_PAGE)

    def tags(self, name: str = "tags") -> list[str]:
        """Return tags from a list or a text with commas; those without a letter are left out.

        Raises HttpError.
        """
        value = self._values.get(name)
        if value is None:
            return []
        words = value.split(",") if isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise HttpError(400, f"{name} must be words with commas between them")
        if len(words) > MAX_TAGS:
            raise HttpError(400, f"{name} may have {MAX_TAGS} words")
        return [tag for word in words if (tag := clean_tag(word))]

    def texts(self, name: str) -> list[str]:
        """Return all texts of a name such as `urls[]`."""
        value = self._values.get(f"{name}[]", self._values.get(name))
        found = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(each, str) for each in found):
            raise HttpError(400, f"{name} must be texts")
        return found


def of_address(request: Request) -> Parameters:
    """Return the values in the request's address. Raises HttpError."""
    return Parameters(_grouped(_split(request.scope["query_string"])))


async def of_request(request: Request) -> Parameters:
    """Return the values of the address and the body. Raises HttpError."""
    values = dict(_grouped(_split(request.scope["query_string"])))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind == "multipart/form-data":
        form, _ = await read_form(request)
        return Parameters(values | form)
    body = await request.body()
    if not body.strip():
        return Parameters(values)
    if kind.startswith("application/json") or body.lstrip()[:1] in (b"{", b"["):
        values.update(parse_json(body))
    else:
        values.update(_grouped(_split(body)))
    return Parameters(values)


async def read_form(request: Request) -> tuple[dict[str, str], bytes]:
    """Return the texts of a multipart form, and its only file. Raises HttpError."""
    parts = parse_form(request.headers.get("content-type", ""), await request.body())
    files = [part for part in parts if part.file_name]
    if len(files) > 1:
        raise HttpError(400, "a form may have one file")
    texts = {part.name: part.text for part in parts if not part.file_name}
    return texts, bytes(files[0].content) if files else b""


def parse_json(body: bytes) -> dict[str, Any]:
    """Return the object in a JSON text. Raises HttpError for anything else."""
    # Imported here: an idle server needs no fast parser.
    import orjson

    try:
        found = orjson.loads(body)
    except ValueError:
        raise HttpError(400, "the request's JSON cannot be parsed") from None
    if not isinstance(found, dict):
        raise HttpError(400, "the request's JSON must be an object")
    return found


def parse_list(text: str, name: str) -> list[Any]:
    """Return the list in a JSON text in a parameter. Raises HttpError."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        raise HttpError(400, f"{name} must be a JSON list") from None
    if not isinstance(found, list):
        raise HttpError(400, f"{name} must be a JSON list")
    return found


def number_in_path(request: Request, name: str = "number") -> int:
    """Return an entry's number in the path. Raises HttpError 404 for any other text."""
    text = str(request.path_params[name])
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_NUMBER_DIGITS):
        raise HttpError(404, "no such article")
    number = int(text)
    if number > MAX_NUMBER:
        raise HttpError(404, "no such article")
    return number


def _split(text: bytes) -> Sequence[tuple[str, str]]:
    try:
        return parse_qsl(
            text.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=MAX_FIELDS,
            errors="replace",
        )
    except ValueError:
        raise HttpError(400, f"a request may have {MAX_FIELDS} values") from None


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Map names to their last value, names with `[]` to all values."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name.endswith("[]"):
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found
