"""The child of `services.extraction`: pages in on stdin, articles out on stdout, bounded in memory."""

import json
import resource
import struct
import sys
from contextlib import suppress
from typing import Any, BinaryIO

from reader.model.errors import NotAnArticle
from reader.services.extraction import MEMORY, portable


def main() -> None:
    """Answer until stdin ends; a page that needs too much memory is answered so."""
    # macOS knows the limit but does not take it; the parent's time limit still holds.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    from reader.extract import extract

    source, target = sys.stdin.buffer, sys.stdout.buffer
    while True:
        address = _piece(source)
        page = _piece(source)
        if address is None or page is None:
            return
        answer: dict[str, Any]
        try:
            answer = {"article": portable(extract(page, address.decode() or None))}
        except NotAnArticle as error:
            answer = {"reason": error.reason}
        except (MemoryError, RecursionError):
            answer = {"stopped": "the page was given up: it needs too much memory"}
        content = json.dumps(answer).encode()
        target.write(struct.pack("!I", len(content)) + content)
        target.flush()


def _piece(source: BinaryIO) -> bytes | None:
    head = source.read(4)
    return source.read(struct.unpack("!I", head)[0]) if len(head) == 4 else None


if __name__ == "__main__":
    main()
