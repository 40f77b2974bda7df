"""Bookmarks as browsers keep or export them: Netscape's file, Chromium's and Firefox's JSON, w3m, lynx."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from reader.formats import netscape
from reader.formats.csv_reader import decode
from reader.formats.html_tags import EndTag, StartTag, tokenize
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    as_list,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
)
from reader.model.errors import ExchangeError

MAX_DEPTH: Final = 60
"""Folders inside folders that are read."""
_CHROMIUM_EPOCH: Final = 11_644_473_600
"""Seconds from 1601, where Chromium's clock begins, to 1970."""
_TEXT_SIGNS: Final = (
    # w3m's note in every section, lynx's title.
    "<!--end of section (do not delete this comment)-->",
    "<title>bookmark file</title>",
)


def matches(file: ImportFile) -> bool:
    """Return whether the file holds a browser's bookmarks."""
    return netscape.matches(file) or _is_text_browser(file) or _is_json(file)


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every bookmark; its folders become one nested tag."""
    if netscape.matches(file):
        yield from netscape.read(file)
    elif _is_text_browser(file):
        yield from _read_lists(decode(file.content))
    else:
        yield from _read_json(file)


def _is_text_browser(file: ImportFile) -> bool:
    head = decode(file.content[:200_000]).casefold()
    return "<html" in head[:400] and any(sign in head for sign in _TEXT_SIGNS)


def _is_json(file: ImportFile) -> bool:
    head = file.content[:4_000]
    return head.lstrip()[:1] == b"{" and (
        (b'"roots"' in head and b'"checksum"' in head)
        or b'"root________"' in head
        or b'"text/x-moz-place' in head
    )


def _read_lists(page: str) -> Iterator[Row]:
    """Yield the links of a page of headings and lists."""
    folder = title = ""
    href: str | None = None
    target = ""
    number = 0
    for token in tokenize(page):
        if isinstance(token, str):
            folder += token if target == "folder" else ""
            title += token if target == "title" else ""
        elif isinstance(token, StartTag):
            if token.name == "h2":
                folder, target = "", "folder"
            elif token.name == "a" and "href" in token.attributes:
                href, title, target = token.attributes["href"], "", "title"
        elif isinstance(token, EndTag) and token.name in ("h2", "a"):
            if token.name == "a" and href is not None:
                number += 1
                yield _row(number, href, title, folder, None)
                href = None
            target = ""


def _read_json(file: ImportFile) -> Iterator[Row]:
    value = file.json.value() if file.json else None
    if not isinstance(value, dict):
        raise ExchangeError("not the bookmarks of a browser")
    roots = value.get("roots")
    tops = list(roots.values()) if isinstance(roots, dict) else [value]
    waiting: list[tuple[Mapping[str, Any], tuple[str, ...]]] = []
    waiting += [(top, ()) for top in reversed(tops) if isinstance(top, dict)]
    number = 0
    while waiting:
        item, folders = waiting.pop()
        address = item.get("url") or item.get("uri")
        if isinstance(address, str) and address:
            if address.startswith(("place:", "javascript:")):
                continue
            number += 1
            added = _chromium_time(item.get("date_added")) or _firefox_time(item.get("dateAdded"))
            name = str(item.get("name") or item.get("title") or "")
            tags = str(item.get("tags") or "")
            yield _row(number, address, name, "/".join(folders), added, tags)
            continue
        is_named = bool(folders) or not _is_root(item)
        name = str(item.get("name") or item.get("title") or "").replace("/", " ").strip()
        inside = (*folders, name) if is_named and name else folders
        children = as_list(item.get("children")) if len(inside) < MAX_DEPTH else []
        waiting += [(child, inside) for child in reversed(children) if isinstance(child, dict)]


def _is_root(item: Mapping[str, Any]) -> bool:
    """Return whether a folder is the browser's own: the toolbar, the menu, other bookmarks."""
    return (
        item.get("root") is not None
        or str(item.get("guid") or "").endswith("_____")
        or (item.get("type") == "folder" and str(item.get("id")) in ("1", "2", "3"))
    )


def _chromium_time(value: object) -> str | None:
    """Parse microseconds since 1601."""
    text = str(value or "")
    if not text.isdecimal() or len(text) > 20 or not int(text):
        return None
    return parse_time(str(int(text) // 1_000_000 - _CHROMIUM_EPOCH))


def _firefox_time(value: object) -> str | None:
    """Parse microseconds since 1970."""
    text = str(value or "")
    return parse_time(str(int(text) // 1_000_000)) if text.isdecimal() and len(text) < 20 else None


def _row(
    number: int, address: str, title: str, folder: str, added: str | None, tags: str = ""
) -> Row:
    url = parse_url(address)
    if url is None:
        return reject_url(number, address)
    name = " ".join(title.split())
    return ImportRow(
        row=number,
        url=url,
        title="" if name == url else name,
        tags=parse_tags([*(tag.strip() for tag in tags.split(",")), " ".join(folder.split())]),
        added=added,
    )
