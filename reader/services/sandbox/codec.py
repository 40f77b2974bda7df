"""Encode articles as bytes between a sandboxed child and this process.

The child has read hostile bytes, so what comes back is JSON and raw pictures whose types are
checked here, never pickled objects.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from reader.model.article import Article, ImageFile, Related, RemovedText
from reader.model.errors import ExtractionLimitError, NotAnArticleError

Stages = Sequence[tuple[str, float]]
_LENGTH: Final = struct.Struct("!Q")
_OPTIONAL_FIELDS: Final = (
    "byline", "site", "published", "modified", "language", "url", "canonical", "description", "image",
    "page_type",
)  # fmt: skip


def pack(result: Article | str, stages: Stages) -> bytes:
    """Encode an article, or the reason for having none, with the seconds of each stage."""
    head: dict[str, Any] = {"stages": list(stages)}
    pictures: tuple[ImageFile, ...] = ()
    if isinstance(result, str):
        head["reason"] = result
    else:
        pictures = result.images
        head |= {
            name: getattr(result, name)
            for name in ("title", "markdown", "words", "cut", *_OPTIONAL_FIELDS)
        }
        head["tags"] = result.tags
        head["related"] = [
            [getattr(one, name) for name in _RELATED_FIELDS] for one in result.related
        ]
        head["removed"] = [[one.rule, one.text] for one in result.removed]
        head["pictures"] = [[picture.name, len(picture.content)] for picture in pictures]
    encoded_head = json.dumps(head, ensure_ascii=True).encode()
    return b"".join(
        (_LENGTH.pack(len(encoded_head)), encoded_head, *(picture.content for picture in pictures))
    )


_RELATED_FIELDS: Final = tuple(name.name for name in fields(Related))


def unpack(content: bytes) -> tuple[Article, list[tuple[str, float]]]:
    """Decode the output of `pack`. Raises NotAnArticleError with its reason, else ExtractionLimitError."""
    try:
        return _decode(content)
    except (ValueError, KeyError, TypeError, struct.error, RecursionError):
        raise ExtractionLimitError("the extraction worker returned invalid data") from None


def _decode(content: bytes) -> tuple[Article, list[tuple[str, float]]]:
    (length,) = _LENGTH.unpack_from(content)
    at = _LENGTH.size + length
    head = json.loads(content[_LENGTH.size : at])
    if "reason" in head:
        raise NotAnArticleError(_text(head["reason"]))
    pictures = []
    for name, size in head["pictures"]:
        if not isinstance(size, int) or size < 0 or at + size > len(content):
            raise ValueError(size)
        pictures.append(ImageFile(_text(name), content[at : at + size]))
        at += size
    article = Article(
        title=_text(head["title"]),
        markdown=_text(head["markdown"]),
        **{name: None if head[name] is None else _text(head[name]) for name in _OPTIONAL_FIELDS},
        words=int(head["words"]),
        cut=bool(head["cut"]),
        tags=tuple(map(_text, head["tags"])),
        related=tuple(_related(row) for row in head["related"]),
        images=tuple(pictures),
        removed=tuple(RemovedText(_text(rule), _text(text)) for rule, text in head["removed"]),
    )
    return article, [(_text(stage), float(seconds)) for stage, seconds in head["stages"]]


def _related(row: Sequence[Any]) -> Related:
    title, source, age, url = (None if value is None else _text(value) for value in row)
    return Related(title or "", source, age, url)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
