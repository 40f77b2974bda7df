"""Names of the objects on the remote.

format.1.<key id>                       the remote's format; the key id is `plain` without a key
key.<key id>.age                        the key under its passphrase
device.<key id>.<device>                one device: its name and when it last sent something
wanted.<key id>.<device>.<digest>       a request of a device: objects that it cannot read
journal.<key id>.<uploader>.<file>.<start>-<end>.<digest>
                                        a segment: bytes of a journal file as the uploader has it
articles/<year>/<folder>.tar            an article folder; sealed: articles/<xx>/<code>.age; only the
                                        id and the hash of a folder that is not ASCII
articles/<year>/<folder>/<image>        an image that came later; sealed: as above
inbox/…                                 pages from other programs
inbox/shared/…                          articles from other people; .age: sealed for the inbox

Each name has one writer, or the same bytes from any writer; so no write needs a condition. The
objects on the root are all that a run lists.
"""

import re
from dataclasses import dataclass
from typing import Final

FORMAT: Final = 1
PLAIN: Final = "plain"
"""Key id of a remote without a key."""
INBOX: Final = "inbox"
SHARED: Final = "inbox/shared"
"""The folder of the inbox that other people may write to."""
ARTICLES: Final = "articles"
_DEVICE: Final = "[0-9a-hjkmnp-tv-z]{8}"
_KEY: Final = r"plain|[0-9a-f]{8}"
_FILE: Final = rf"{_DEVICE}-[1-9][0-9]{{0,8}}(?:\.copy-[0-9a-f]{{8}})?\.(?:log|snap)"
_SEGMENT: Final = re.compile(
    rf"journal\.({_KEY})\.({_DEVICE})\.({_FILE})\.([0-9]{{12}})-([0-9]{{12}})\.([0-9a-f]{{16}})"
)
_FORMAT_NAME: Final = re.compile(rf"format\.([0-9]{{1,4}})\.({_KEY})")
_KEY_NAME: Final = re.compile(r"key\.([0-9a-f]{8})\.age")
_DEVICE_NAME: Final = re.compile(rf"device\.({_KEY})\.({_DEVICE})")
_REQUEST_NAME: Final = re.compile(rf"wanted\.({_KEY})\.({_DEVICE})\.([0-9a-f]{{16}})")
_STREAM_FILE: Final = re.compile(_FILE)
_OURS: Final = re.compile(r"(?:journal|format|key|device|wanted)\.")


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """The bytes `start` to `end` of a journal file, as the uploader has it.

    `digest` is that of all bytes of the file up to `end`, so a list alone tells whether two files
    are the same so far.
    """

    key_id: str
    uploader: str
    file: str
    start: int
    end: int
    digest: str

    @property
    def name(self) -> str:
        """The object's name."""
        return (
            f"journal.{self.key_id}.{self.uploader}.{self.file}"
            f".{self.start:012d}-{self.end:012d}.{self.digest}"
        )


@dataclass(frozen=True, slots=True)
class RootObjects:
    """The objects on the root, by kind. `refused` are names like ours that are none."""

    formats: frozenset[tuple[int, str]]
    segments: tuple[Segment, ...]
    keys: frozenset[str]
    devices: frozenset[tuple[str, str]]
    refused: tuple[str, ...]
    requests: frozenset[tuple[str, str, str]] = frozenset()
    """Key, device and digest of each request."""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing of a library is there."""
        return not (self.formats or self.segments or self.keys or self.devices or self.refused)


def sort_root(names: list[str]) -> RootObjects:
    """Return the kinds of the names on the root; those of other programs are passed over."""
    formats, segments, keys, devices, refused = set(), [], set(), set(), []
    requests = set()
    for name in sorted(names):
        if segment := parse_segment(name):
            segments.append(segment)
        elif match := _FORMAT_NAME.fullmatch(name):
            formats.add((int(match[1]), match[2]))
        elif match := _KEY_NAME.fullmatch(name):
            keys.add(match[1])
        elif match := _DEVICE_NAME.fullmatch(name):
            devices.add((match[1], match[2]))
        elif match := _REQUEST_NAME.fullmatch(name):
            requests.add((match[1], match[2], match[3]))
        elif _OURS.match(name):
            refused.append(name)
    return RootObjects(
        frozenset(formats),
        tuple(segments),
        frozenset(keys),
        frozenset(devices),
        tuple(refused),
        frozenset(requests),
    )


def parse_segment(name: str) -> Segment | None:
    """Return the segment that a name stands for; None if it is not one."""
    match = _SEGMENT.fullmatch(name)
    if match is None:
        return None
    key_id, uploader, file, start, end, digest = match.groups()
    return Segment(key_id, uploader, file, int(start), int(end), digest) if start < end else None


def format_name(key_id: str) -> str:
    """Return the name of the object that says the format and the key."""
    return f"format.{FORMAT}.{key_id}"


def key_name(key_id: str) -> str:
    """Return the name of the object with the key under its passphrase."""
    return f"key.{key_id}.age"


def device_name(key_id: str, device: str) -> str:
    """Return the name of a device's object."""
    return f"device.{key_id}.{device}"


def request_name(key_id: str, device: str, digest: str) -> str:
    """Return the name of a device's request; `digest` is that of its content."""
    return f"wanted.{key_id}.{device}.{digest}"


def is_root_name(name: str) -> bool:
    """Return whether a name on the root is of the form of reader's."""
    return _OURS.match(name) is not None


def is_stream_file(name: str) -> bool:
    """Return whether a journal file has the form of name that segments carry."""
    return _STREAM_FILE.fullmatch(name) is not None
