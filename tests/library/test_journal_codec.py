"""Lines mean the same to every process, however the file is cut into readings."""

import zlib
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.library.journal_codec import LineScanner, ScanResult, decode, encode
from reader.library.lww_document import operations

ODD = [
    b'{"c":[1,0],"o":"set","i":"abcdabcdabcd","f":{"title":"\\ud800"}}',
    b'{"c":[1,0],"o":"set","i":"abcdabcdabcd","f":{"words":1e999}}',
    b'{"c":[1,0],"o":"set","i":"abcdabcdabcd","f":{"words":NaN}}',
    b'{"c":[1,0],"o":"set","i":"abcdabcdabcd","f":{"words":' + b"9" * 5_000 + b"}}",
    b'{"c":[1,0],"o":"set","i":"abcdabcdabcd","f":{"words":-9999999999999999999}}',
    b'{"c":[1,0],"o":"set","i":"abcdabcdabcd","f":{"title":' + b"[" * 900 + b"]" * 900 + b"}}",
    b'{"c":[1,0],"o":"set","i":"abcdabcdabcd","f":{"title":"\xff"}}',
    b'{"a":1},{"b":2}',
    b"[1",
    b'"text"',
    b"{}",
    b"",
]


def _line(content: bytes) -> bytes:
    return b"%08x %s" % (zlib.crc32(content), content)


@pytest.mark.parametrize("content", ODD)
def test_a_line_is_what_one_parser_says(content: bytes) -> None:
    """Short lines are parsed by another parser than long ones, and mean the same."""
    try:
        expected = orjson.loads(content)
    except ValueError:
        expected = {}
    assert decode(_line(content)) == (expected if isinstance(expected, dict) else {})


@pytest.mark.parametrize("content", ODD)
def test_odd_lines_hide_no_other(content: bytes) -> None:
    """The lines around count, in a short file and in a long one; what is said can be stored."""
    good = encode({"c": [2, 0], "o": "set", "i": "abcdabcdabcd", "f": {"title": "Good"}})
    for count in (1, 500):
        file = good + _line(content) + b"\n" + good * count
        result = ScanResult()
        values = [value for batch in LineScanner(result).lines(file) for value in batch]
        assert not result.damaged
        assert result.end == len(file)
        changes = operations(values, "00000000")
        assert sum(fields == {"title": "Good"} for _, fields, _ in changes) == count + 1
        for _, fields, _ in changes:
            encode(fields).decode()


pieces = st.lists(
    st.one_of(
        st.integers(0, 3).map(lambda n: encode({"c": [n, 0], "o": "set", "i": "a" * 12, "f": {}})),
        st.sampled_from([b"junk\n", b"\0" * 30, b"\n", _line(b"[1") + b"\n"]),
        st.binary(max_size=12),
    ),
    max_size=14,
)


@given(pieces, st.lists(st.integers(0, 600), max_size=6))
def test_readings_of_a_growing_file_give_what_one_gives(
    parts: list[bytes], cuts: list[int]
) -> None:
    """Values, the end of the good lines and the checksum of all before do not depend on the cuts."""
    content = b"".join(parts)

    def read(result: ScanResult, until: int) -> list[Any]:
        rest = content[result.end : until]
        lines = LineScanner(result).lines(rest[: rest.rfind(b"\n") + 1])
        return [value for batch in lines for value in batch]

    whole = ScanResult()
    expected = read(whole, len(content))
    grown = ScanResult()
    values: list[Any] = []
    for cut in [*sorted(cuts), len(content)]:
        values += read(grown, cut)
    assert (values, grown.end, grown.crc) == (expected, whole.end, whole.crc)
    assert grown.crc == zlib.crc32(content[: grown.end])
    assert (grown.damaged, grown.invalid) == (whole.damaged, whole.invalid)
