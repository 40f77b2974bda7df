"""Readeck's backup zip: a folder per bookmark, with its `info.json` and its page."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from reader.formats.csv_reader import decode
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    RejectedRow,
    Row,
    as_list,
    parse_bool,
    parse_date,
    parse_fraction,
    parse_tags,
    parse_text,
    parse_time,
    parse_url,
    reject_url,
)
from reader.formats.json_reader import parse_json
from reader.model.errors import ExchangeError

_PICTURES: Final = "_resources/"
_MAX_IMAGES: Final = 60
"""Images of one page: as many as are kept of a download."""
_MAX_IMAGE_BYTES: Final = 32 * 1024 * 1024
"""Bytes of the images of one page; all are in memory at once, twice."""


def matches(file: ImportFile) -> bool:
    """Return whether the zip has folders with an `info.json`."""
    return any(name.endswith("/info.json") for name in file.names)


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every bookmark. Keys are capitalised in backups, lower case from the API."""
    names = file.files("/info.json") if file.archive else []
    for number, name in enumerate(names, 1):
        try:
            value = parse_json(file.read(name))
            yield _row(number, value, file, name.rpartition("/")[0])
        except ExchangeError as error:
            yield RejectedRow(number, f"{name}: {error}")


def _row(number: int, value: Any, file: ImportFile, folder: str) -> Row:
    if not isinstance(value, dict):
        return RejectedRow(number, "not an object")
    item = {str(key).casefold().replace("_", ""): found for key, found in value.items()}
    url = parse_url(item.get("url"))
    if url is None:
        return reject_url(number, item.get("url"))
    progress = parse_fraction(f"{item.get('readprogress') or 0}%")
    authors = [name for name in map(parse_text, as_list(item.get("authors"))) if name]
    return ImportRow(
        row=number,
        url=url,
        title=str(item.get("title") or "").strip(),
        tags=parse_tags(as_list(item.get("labels"))),
        added=parse_time(item.get("created")),
        archived=parse_bool(item.get("isarchived")),
        starred=parse_bool(item.get("ismarked")),
        progress=progress,
        finished=progress > 0.98,
        byline=", ".join(authors) or None,
        site=parse_text(item.get("sitename")),
        published=parse_date(item.get("published")),
        language=parse_text(item.get("lang")),
        description=parse_text(item.get("description")),
        page=_page(file, folder, url),
    )


def _page(file: ImportFile, folder: str, url: str) -> bytes | None:
    """Return the page; with the images of its folder as MHTML, which keeps them together."""
    page = file.read_by_name(f"{folder}/index.html")
    names = [name for name in file.names_under(f"{folder}/{_PICTURES}") if "." in name]
    if page is None or not names:
        return page
    from email.mime.image import MIMEImage
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText

    whole = MIMEMultipart("related", type="text/html")
    # A dump of one page has its parts' addresses, to which the page's own lead.
    whole["Snapshot-Content-Location"] = url
    text = MIMEText(decode(page), "html", "utf-8")
    text["Content-Location"] = url
    whole.attach(text)
    size = 0
    for name in names[:_MAX_IMAGES]:
        content = file.read_by_name(name) or b""
        size += len(content)
        if size > _MAX_IMAGE_BYTES:
            break
        picture = MIMEImage(content, name.rpartition(".")[2])
        picture["Content-Location"] = urljoin(url, name.removeprefix(f"{folder}/"))
        whole.attach(picture)
    return whole.as_bytes()
