"""Articles as files: EPUB, HTML, Markdown, plain text and JSON."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from reader.markdown.plain_text import to_plain_text
from reader.model.entry import EntryId
from reader.model.text import title_filename
from reader.server.guard import HttpError
from reader.server.parameters import number_in_path
from reader.server.request_context import ServerContext, context_of
from reader.server.wallabag_api import JsonResponse, read_markdown
from reader.server.wallabag_json import entry_json
from reader.services.entry_pages import ListedRecord, read_numbered
from reader.services.exports import export

EPUB: Final = "application/epub+zip"
_KINDS: Final = {"epub": EPUB, "html": "text/html; charset=utf-8"}
_TEXTS: Final = {"md": "text/markdown; charset=utf-8", "txt": "text/plain; charset=utf-8"}
_PIECE_BYTES: Final = 1 << 16
"""Bytes read and sent at once: bounds the memory of a download."""


async def export_entry(request: Request) -> Response:
    """Return one article in the format that the path names."""
    number, kind = number_in_path(request), str(request.path_params["kind"])
    context = context_of(request)
    listed = await context.read(lambda cache: read_numbered(cache, number))
    title = listed.record.entry.title
    if kind == "json":
        shown = entry_json(listed, read_markdown(context, listed.record))
        return JsonResponse([shown], headers=_disposition(title, kind))
    if kind in _TEXTS:
        text = _text(context, listed, kind)
        return Response(text, media_type=_TEXTS[kind], headers=_disposition(title, kind))
    if kind not in _KINDS:
        raise HttpError(404, "reader exports epub, html, md, txt and json")
    return await send_file(context, [listed.record.entry.id], kind, title)


def _text(context: ServerContext, listed: ListedRecord, kind: str) -> str:
    entry = listed.record.entry
    markdown = read_markdown(context, listed.record)
    head = f"# {entry.title}\n\n" if kind == "md" else f"{entry.title}\n\n"
    return head + (markdown if kind == "md" else to_plain_text(markdown))


async def send_file(
    context: ServerContext, ids: Sequence[EntryId], kind: str, title: str
) -> Response:
    """Write the articles to a temporary file and send it piece by piece."""

    def write() -> BinaryIO:
        with tempfile.TemporaryDirectory(prefix="reader-") as folder:
            target = Path(folder) / f"export.{kind}"
            export(context.workspace, ids, kind, target, title=title)
            # The open file stays readable after its name is gone.
            return target.open("rb")

    file = await context.work(write)
    size = file.seek(0, 2)
    file.seek(0)
    return StreamingResponse(
        _pieces(file),
        media_type=_KINDS[kind],
        headers={**_disposition(title, kind), "content-length": str(size)},
    )


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _disposition(title: str, kind: str) -> dict[str, str]:
    """Return the header with the file's name, for clients of any age (RFC 6266)."""
    name = f"{title_filename(title)}.{kind}"
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    encoded = quote(name.encode("utf-8", "replace"))
    return {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"}
