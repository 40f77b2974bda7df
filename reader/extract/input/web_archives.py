"""Archives of one page with its files: SingleFile's packed form, Safari's `.webarchive`.

Sources: SingleFile `compressContent` (a zip inside an HTML file, `index.html` at its root); Apple,
WebArchive (a property list with the main resource, subresources and subframes).
"""

import io
import plistlib
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers.expat import ExpatError

from reader.extract.input.charset import decode

MAX_MEMBERS: Final = 2_000
"""Files of one saved page."""
MAX_MEMBER: Final = 20 * 1024 * 1024
"""Bytes of one file: the limit of a page's text."""
MAX_TOTAL: Final = 100 * 1024 * 1024
"""Bytes of all files of an archive: a page with 60 photographs has 40 MB."""
MAX_DEPTH: Final = 4
"""Levels of frames in a web archive of Safari, which holds one archive for each."""
_PLIST_ERRORS: Final = (
    plistlib.InvalidFileException,
    ExpatError,
    struct.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    EOFError,
)
"""All that plistlib raises for broken lists, by fuzzing with cut and flipped bytes."""
_END_OF_ZIP: Final = b"PK\x05\x06"
_MARK_BYTES: Final = 4_096
"""Bytes in which the mark of a self-extracting page is: an attribute of `<html>`."""


@dataclass(slots=True)
class WebArchive:
    """The main page, and files by their address or by their path next to it."""

    text: str = field(repr=False)
    url: str = ""
    images: dict[str, bytes] = field(default_factory=dict, repr=False)
    frames: dict[str, str] = field(default_factory=dict, repr=False)


def read_web_archive(page: bytes) -> WebArchive | None:
    """Return the page in an archive, None if the bytes are something else. Bounded."""
    if page.startswith((b"bplist00", b"<?xml")) and b"WebMainResource" in page:
        return _read_plist(page)
    if page.startswith(b"PK\x03\x04") or b"data-sfz" in page[:_MARK_BYTES]:
        return _read_packed(page)
    return None


def open_zip(content: bytes) -> zipfile.ZipFile | None:
    """Open a zip; None for a damaged one."""
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None


def _read_packed(page: bytes) -> WebArchive | None:
    end = page.rfind(_END_OF_ZIP)
    if end < 0:
        return None
    # What follows the directory may be longer than the comment that a zip allows.
    archive = open_zip(page[: end + 22])
    if archive is None:
        return None
    members = archive.infolist()
    names = {member.filename for member in members}
    if "index.html" not in names or len(members) > MAX_MEMBERS:
        return None
    if page.startswith(b"PK") and "manifest.json" not in names:
        return None
    found = WebArchive("")
    total = 0
    for member in members:
        data = read_member(archive, member, MAX_TOTAL - total)
        if data is None:
            continue
        total += len(data)
        name = member.filename
        if name == "index.html":
            found.text = decode(data)
        elif name.endswith((".html", ".htm")):
            found.frames[name] = decode(data)
        else:
            found.images[name] = data
    return found if found.text else None


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes | None:
    """Return a file of a zip, None for files that are too large, encrypted or damaged."""
    limit = min(MAX_MEMBER, room)
    if member.is_dir() or member.flag_bits & 1 or member.file_size > limit:
        return None
    try:
        with archive.open(member) as stream:
            data = stream.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError):
        return None
    return data if len(data) <= limit else None


def _read_plist(page: bytes) -> WebArchive | None:
    try:
        root = plistlib.loads(page)
    except _PLIST_ERRORS:
        return None
    found = WebArchive("")
    if not _add_archive(found, root, 0):
        return None
    return found if found.text else None


def _add_archive(found: WebArchive, archive: Any, depth: int) -> bool:
    if not isinstance(archive, dict) or depth > MAX_DEPTH:
        return False
    main = archive.get("WebMainResource")
    data, url = _resource(main)
    if data is None or not isinstance(main, dict):
        return False
    charset = main.get("WebResourceTextEncodingName")
    text = decode(data, charset if isinstance(charset, str) else None)
    if depth:
        found.frames.setdefault(url, text)
    else:
        found.text, found.url = text, url
    for resource in _items(archive, "WebSubresources"):
        content, address = _resource(resource)
        if content is not None and str(resource.get("WebResourceMIMEType", "")).startswith(
            "image/"
        ):
            found.images.setdefault(address, content)
    for frame in _items(archive, "WebSubframeArchives"):
        _add_archive(found, frame, depth + 1)
    return True


def _items(archive: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = archive.get(name)
    if not isinstance(items, list):
        return []
    return [item for item in items[:MAX_MEMBERS] if isinstance(item, dict)]


def _resource(resource: Any) -> tuple[bytes | None, str]:
    if not isinstance(resource, dict):
        return None, ""
    data, url = resource.get("WebResourceData"), resource.get("WebResourceURL")
    return (data if isinstance(data, bytes) else None), (url if isinstance(url, str) else "")
