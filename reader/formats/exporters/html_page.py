"""HTML export: one file with styles and images inside."""

import base64
import html
from collections.abc import Iterable, Iterator

from reader.formats.export_item import ExportItem
from reader.formats.xhtml import (
    annotations_html,
    byline_text,
    element,
    is_right_to_left,
    language,
    link,
    to_xhtml,
)

_STYLE = (
    "body{max-width:38rem;margin:2rem auto;padding:0 1rem;font:1.1rem/1.6 Georgia,serif;color:#222;background:#fdfbf7}"
    "img{max-width:100%}pre{overflow-x:auto;background:#f1ede4;padding:.8rem;font-size:.85rem}"
    "blockquote{border-inline-start:3px solid #b5643c;margin-inline-start:0;padding-inline-start:1rem}table{border-collapse:collapse}"
    "td,th{border:1px solid #ccc;padding:.2rem .6rem}.about{color:#666}article+article{margin-top:5rem}"
)
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_KINDS = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "gif": "gif", "webp": "webp", "avif": "avif"}


def write(items: Iterable[ExportItem], title: str) -> Iterator[str]:
    """Yield the page in pieces; whatever it holds, it runs no script and fetches nothing."""
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_POLICY)}" />\n'
    yield '<meta name="viewport" content="width=device-width" />\n<meta name="referrer" content="no-referrer" />\n'
    yield f"{element('title', title)}\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    for item in items:
        yield _article(item)
    yield "</body>\n</html>\n"


def _article(item: ExportItem) -> str:
    entry = item.record.entry
    language_code = language(entry.language)
    lang = f' lang="{language_code}"' if language_code else ""
    lang += ' dir="rtl"' if is_right_to_left(language_code) else ""
    head = element("h1", entry.title)
    address = link(entry.url or "")
    if address:
        head += f"<p>{element('a', entry.url or '', {'href': address})}</p>"
    body = to_xhtml(
        item.markdown, item.pictures(), lambda file: _image_data_url(item, file), entry.id
    )
    line = element("p", byline_text(entry), {"class": "about"})
    return f"<article{lang}>\n{head}\n{line}\n{body}{annotations_html(item.record)}</article>\n"


def _image_data_url(item: ExportItem, file: str) -> str | None:
    content = item.picture(file) if file else None
    kind = _KINDS.get(file.rpartition(".")[2])
    if content is None or kind is None:
        return None
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
