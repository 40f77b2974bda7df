"""Extract a page in the sandboxed child; imported only there."""

import json
from typing import Any

from reader.extract import extract_plain, extract_timed
from reader.model.errors import NotAnArticleError
from reader.services.sandbox.codec import pack


def answer(request: bytes) -> bytes:
    """Answer one request: a line of JSON (`url`, `name`, `plain`), then the page."""
    head, _, page = request.partition(b"\n")
    asked: dict[str, Any] = json.loads(head)
    stages: list[tuple[str, float]] = []
    try:
        if asked["plain"]:
            article = extract_plain(page, asked["url"], asked["name"])
        else:
            article, stages = extract_timed(page, asked["url"], asked["name"])
    except NotAnArticleError as error:
        return pack(error.reason, stages)
    return pack(article, stages)
