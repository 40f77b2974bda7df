"""Decode and convert an image in the sandboxed child; imported only there."""

import json
from typing import Any

from reader.fetch.images import normalise_image, reencode_image, scale_to_pixels
from reader.model.errors import FetchError


def answer(request: bytes) -> bytes:
    """Answer a request, JSON and an image, with JSON and the result."""
    line, _, content = request.partition(b"\n")
    wanted: dict[str, Any] = json.loads(line)
    head: dict[str, Any]
    body = b""
    try:
        if wanted["job"] in ("settle", "rewrite"):
            picture = (
                normalise_image(content) if wanted["job"] == "settle" else reencode_image(content)
            )
            head, body = {"name": picture.name}, picture.content
        else:
            small = scale_to_pixels(content, wanted["width"], wanted["height"])
            head, body = {"width": small.width, "height": small.height}, small.rgba
    except FetchError as error:
        head = {"refused": str(error), "kind": error.kind}
    return json.dumps(head).encode() + b"\n" + body
