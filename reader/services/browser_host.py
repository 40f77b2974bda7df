"""Native messaging host: saves the page that SingleFile sends from a browser.

The browser starts this program, writes one message and reads one answer. A message is four bytes,
its length in native order, and JSON in UTF-8. SingleFile's companion sends
`{"method": "save", "pageData": {"content", "url", "title", "filename"}}` and expects `{}`, or
`{"error": "…"}`, which it shows to the user.
Sources: developer.chrome.com/docs/extensions/develop/concepts/native-messaging, MDN "Native
messaging", and SingleFile's companion messages as observed on the wire.
"""

import sys

# Nothing else is imported before the message is read, not even typing: the browser waits.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

_LENGTH_BYTES = 4
"""Bytes of the length before a message (native messaging of Chrome and Firefox)."""
MAX_MESSAGE_BYTES = 64 << 20
"""The limit of Chrome for one message.

JSON may escape a page of 20 MB to more than twice its size.
"""
_READ_BYTES = 1 << 20
"""Bytes read at once: a false length allocates no more."""


def main() -> int:
    """Answer messages until the browser closes the pipe; return the exit code."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    # A library that prints would break the protocol, so the standard output is reserved.
    sys.stdout = sys.stderr
    while True:
        length = _read_exactly(source, _LENGTH_BYTES)
        if len(length) < _LENGTH_BYTES:
            return 0
        size = int.from_bytes(length, sys.byteorder)
        if size > MAX_MESSAGE_BYTES:
            _write_answer(target, f"the page is larger than {MAX_MESSAGE_BYTES >> 20} MB")
            return 1
        message = _read_exactly(source, size)
        if len(message) < size:
            return 1
        _write_answer(target, _handle(message))


def _read_exactly(source: "BinaryIO", size: int) -> bytes:
    """Read `size` bytes, or fewer at the end of the input."""
    parts = []
    while size and (part := source.read(min(size, _READ_BYTES))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write_answer(target: "BinaryIO", error: str) -> None:
    """Write one answer; an empty error means success."""
    import json

    answer = json.dumps({"error": error} if error else {}).encode()
    try:
        target.write(len(answer).to_bytes(_LENGTH_BYTES, sys.byteorder) + answer)
        target.flush()
    except OSError:
        # The browser closed the pipe: the page is saved all the same.
        return


def _handle(message: bytes) -> str:
    """Save the page of one message; return an error for the user, or an empty text."""
    from reader.model.errors import ReaderError
    from reader.services.browser_page import parse_message, save

    try:
        return save(parse_message(message))
    except ReaderError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - the browser shows this line instead of a crash
        return f"a bug in reader: {type(error).__name__}"


if __name__ == "__main__":
    sys.exit(main())
