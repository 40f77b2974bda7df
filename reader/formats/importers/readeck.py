"""Readeck's backup zip: one folder a bookmark, each with its `info.json` and its page."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from reader.formats.csv_reader import decode
from reader.formats.import_file import Upload, parse_json
from reader.formats.import_row import (
    Incoming,
    Refused,
    Row,
    dated,
    fraction,
    labels,
    moment,
    objects,
    truth,
    web_address,
    word,
)
from reader.model.errors import ExchangeError

_PICTURES: Final = "_resources/"
_MOST_PICTURES: Final = 60


def recognises(upload: Upload) -> bool:
    """Whether the zip has folders with an `info.json`."""
    return any(name.endswith("/info.json") for name in upload.names)


def read(upload: Upload) -> Iterator[Row]:
    """Every bookmark; keys come capitalised from backups, in lower case from the API."""
    names = upload.files("/info.json") if upload.archive else []
    for number, name in enumerate(names, 1):
        try:
            value = parse_json(upload.read(name))
            yield _row(number, value, upload, name.rpartition("/")[0])
        except ExchangeError as error:
            yield Refused(number, f"{name}: {error}")


def _row(number: int, value: Any, upload: Upload, folder: str) -> Row:
    if not isinstance(value, dict):
        return Refused(number, "not an object")
    item = {str(key).casefold().replace("_", ""): found for key, found in value.items()}
    url = web_address(item.get("url"))
    if url is None:
        return Refused(number, f"no web address: {item.get('url')!r}")
    progress = fraction(f"{item.get('readprogress') or 0}%")
    authors = [name for name in map(word, objects(item.get("authors"))) if name]
    return Incoming(
        row=number,
        url=url,
        title=str(item.get("title") or "").strip(),
        tags=labels(objects(item.get("labels"))),
        added=moment(item.get("created")),
        archived=truth(item.get("isarchived")),
        starred=truth(item.get("ismarked")),
        progress=progress,
        finished=progress > 0.98,
        byline=", ".join(authors) or None,
        site=word(item.get("sitename")),
        published=dated(item.get("published")),
        language=word(item.get("lang")),
        description=word(item.get("description")),
        page=_page(upload, folder, url),
    )


def _page(upload: Upload, folder: str, url: str) -> bytes | None:
    """The page; with the pictures that lie beside it as one MHTML, which keeps them together."""
    page = upload.member(f"{folder}/index.html")
    names = [name for name in upload.beneath(f"{folder}/{_PICTURES}") if "." in name]
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
    for name in names[:_MOST_PICTURES]:
        content = upload.member(name) or b""
        picture = MIMEImage(content, name.rpartition(".")[2])
        picture["Content-Location"] = urljoin(url, name.removeprefix(f"{folder}/"))
        whole.attach(picture)
    return whole.as_bytes()
