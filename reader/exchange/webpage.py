"""Articles as one HTML file that needs nothing else: styles and pictures are inside."""

import base64
import html
from collections.abc import Iterable, Iterator

from reader.exchange.portion import Portion
from reader.exchange.rendering import element, joined, xhtml
from reader.model.text import clean

_STYLE = (
    "body{max-width:38rem;margin:2rem auto;padding:0 1rem;font:1.1rem/1.6 Georgia,serif;color:#222;background:#fdfbf7}"
    "img{max-width:100%}pre{overflow-x:auto;background:#f1ede4;padding:.8rem;font-size:.85rem}"
    "blockquote{border-left:3px solid #b5643c;margin-left:0;padding-left:1rem}table{border-collapse:collapse}"
    "td,th{border:1px solid #ccc;padding:.2rem .6rem}.about{color:#666}article+article{margin-top:5rem}"
)
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_KINDS = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "gif": "gif", "webp": "webp", "avif": "avif"}


def write(portions: Iterable[Portion], title: str) -> Iterator[str]:
    """The page in pieces; no script runs in it and nothing is fetched, whatever it holds."""
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_POLICY)}" />\n'
    yield '<meta name="viewport" content="width=device-width" />\n<meta name="referrer" content="no-referrer" />\n'
    yield f"{element('title', title)}\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    for portion in portions:
        yield _article(portion)
    yield "</body>\n</html>\n"


def _article(portion: Portion) -> str:
    entry = portion.record.entry
    language = f' lang="{html.escape(clean(entry.language))}"' if entry.language else ""
    about = joined(
        [
            entry.byline,
            entry.site,
            (entry.published or "")[:10],
            ", ".join(f"#{t}" for t in entry.tags),
        ]
    )
    head = element("h1", entry.title)
    if entry.url:
        head += f"<p>{element('a', entry.url, {'href': entry.url})}</p>"
    body = xhtml(portion.markdown, lambda destination: _embedded(portion, destination))
    return f"<article{language}>\n{head}\n{element('p', about, {'class': 'about'})}\n{body}{_kept(portion)}</article>\n"


def _embedded(portion: Portion, destination: str) -> str | None:
    name = portion.pictures().get(destination)
    content = portion.picture(name) if name else None
    kind = _KINDS.get((name or "").rpartition(".")[2])
    if content is None or kind is None:
        return None
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _kept(portion: Portion) -> str:
    """A person's highlights and notes, at the end."""
    record = portion.record
    if not record.highlights and not record.note:
        return ""
    rows = [element("h2", "Highlights and notes")]
    if record.note:
        rows.append(element("p", record.note))
    for mark in record.highlights:
        rows.append(f"<blockquote>{element('p', mark.quote)}</blockquote>")
        if mark.note:
            rows.append(element("p", mark.note))
    return "\n".join(rows) + "\n"
