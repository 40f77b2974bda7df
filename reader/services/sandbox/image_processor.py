"""Validate and scale images in a sandboxed child, because decoders meet hostile bytes."""

import json
from typing import Any, Final

from reader.model.article import ImageFile
from reader.model.errors import ExtractionLimitError, FetchError
from reader.services.sandbox.pool import SandboxPool

TIMEOUT: Final = 10.0
"""Seconds of processor time for an image."""
MAX_MEGABYTES: Final = 512
"""Memory of a child: five times what an image of 25 megapixels takes."""
_WORKER: Final = "reader.services.sandbox.image_worker"


class ImageProcessor:
    """The child for images, started with the first one; safe from several threads."""

    def __init__(self) -> None:
        self._pool = SandboxPool(_WORKER, 1, MAX_MEGABYTES)

    def normalise(self, content: bytes) -> ImageFile:
        """Return the image in the form to store; blocks. Raises FetchError."""
        head, body = self._submit({"job": "settle"}, content)
        return ImageFile(head["name"], body)

    def reencode(self, content: bytes) -> ImageFile:
        """Convert the image to JPEG or PNG; blocks. Raises FetchError."""
        head, body = self._submit({"job": "rewrite"}, content)
        return ImageFile(head["name"], body)

    def pixels(self, content: bytes, width: int, height: int) -> tuple[int, int, bytes]:
        """Return width, height and RGBA bytes of the image scaled to fit. Raises FetchError."""
        head, body = self._submit({"job": "pixels", "width": width, "height": height}, content)
        return head["width"], head["height"], body

    def _submit(self, wanted: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        try:
            reply = self._pool.submit(json.dumps(wanted).encode() + b"\n" + content, TIMEOUT)
        except ExtractionLimitError:
            raise FetchError("the image cannot be decoded", kind="not-picture") from None
        line, _, body = reply.partition(b"\n")
        head: dict[str, Any] = json.loads(line)
        if "refused" in head:
            raise FetchError(head["refused"], kind=head["kind"])
        return head, body

    def end_idle(self) -> None:
        """End the children that have nothing to do."""
        self._pool.end_idle()

    def close(self) -> None:
        """End the child."""
        self._pool.close()
