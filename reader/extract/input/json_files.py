"""JSON files as pages: feeds, notebooks, and the answers of servers that hold an article.

Sources: JSON Feed 1.1, nbformat 4 and 3.
"""

import json
import re
from html import escape
from typing import Any, Final

from reader.extract.input.content_type import InputKind
from reader.extract.input.feeds import MAX_ITEMS

MAX_CELLS: Final = 5_000
"""Cells of a notebook that are read: bounds the time of a hostile file."""
MIN_TEXT: Final = 140
"""Bytes of the shortest string of a file that is read for an article."""
_LANGUAGE: Final = re.compile(r"[\w+#-]{1,30}")


def json_document(text: str) -> tuple[InputKind, str] | None:
    """Return kind and text of the page in a JSON file; None for other text. Linear."""
    if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        return None
    try:
        value = json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        if "jsonfeed.org" in str(value.get("version")) and isinstance(value.get("items"), list):
            return InputKind.PAGE, _feed_page(value)
        cells = value.get("cells")
        sheets = value.get("worksheets")
        if cells is None and isinstance(sheets, list) and sheets and isinstance(sheets[0], dict):
            cells = sheets[0].get("cells")
        if isinstance(cells, list) and "nbformat" in value:
            return InputKind.MARKDOWN, _notebook(value, cells)
    if not _has_text(value, 0):
        return None
    data = text.replace("</", "<\\/").replace("<!--", "<\\!--")
    return InputKind.PAGE, (
        "<!DOCTYPE html><html><head></head><body>"
        f'<script type="application/json">{data}</script></body></html>'
    )


def _has_text(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        is_text = not value.isascii() or " " in value.strip()
        return is_text and len(value.encode("utf-8", "replace")) >= MIN_TEXT
    if depth > 40:
        return False
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_has_text(one, depth + 1) for one in inner)


def _feed_page(feed: dict[str, Any]) -> str:
    items = [one for one in feed["items"] if isinstance(one, dict)][:MAX_ITEMS]
    name = escape(_string(feed, "title"))
    if len(items) != 1:
        body = "".join(f"<h2>{_linked_title(one)}</h2>{_content(one)}" for one in items)
        return f"<!DOCTYPE html><html><head><title>{name}</title></head><body><article><h1>{name}</h1>{body}</article></body></html>"
    (item,) = items
    title = escape(_string(item, "title"))
    authors = item.get("authors") or feed.get("authors") or [item.get("author")]
    names = ", ".join(_string(one, "name") for one in authors if isinstance(one, dict))
    tags = item.get("tags") or []
    meta = f'<meta property="og:title" content="{title}"><meta property="og:type" content="article"><meta property="og:site_name" content="{name}">'
    for key, value in (
        ("author", names),
        ("article:published_time", _string(item, "date_published")),
        ("article:modified_time", _string(item, "date_modified")),
        ("keywords", ", ".join(tag for tag in tags if isinstance(tag, str))),
    ):
        meta += f'<meta name="{key}" property="{key}" content="{escape(value)}">' if value else ""
    if link := _string(item, "url"):
        meta += f'<link rel="canonical" href="{escape(link)}">'
    language = escape(_string(item, "language") or _string(feed, "language"))
    return f'<!DOCTYPE html><html lang="{language}"><head><title>{title}</title>{meta}</head><body><article><h1>{title}</h1>{_content(item)}</article></body></html>'


def _linked_title(item: dict[str, Any]) -> str:
    title, link = escape(_string(item, "title")), escape(_string(item, "url"))
    return f'<a href="{link}">{title or link}</a>' if link else title


def _content(item: dict[str, Any]) -> str:
    if written := _string(item, "content_html"):
        return written
    text = _string(item, "content_text") or _string(item, "summary")
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())


def _string(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _notebook(book: dict[str, Any], cells: list[Any]) -> str:
    """Return a notebook as Markdown: its texts, code and printed results."""
    about = book.get("metadata")
    about = about if isinstance(about, dict) else {}
    info, kernel = about.get("language_info"), about.get("kernelspec")
    language = (_string(info, "name") if isinstance(info, dict) else "") or (
        _string(kernel, "language") if isinstance(kernel, dict) else ""
    )
    language = language if _LANGUAGE.fullmatch(language) else ""
    parts: list[str] = []
    for cell in [one for one in cells if isinstance(one, dict)][:MAX_CELLS]:
        source = _joined(cell.get("source", cell.get("input")))
        kind = cell.get("cell_type")
        if kind == "heading":
            level = cell.get("level")
            marks = "#" * (level if isinstance(level, int) and 0 < level < 7 else 1)
            parts.append(f"{marks} {source}")
        elif kind == "markdown":
            parts.append(source)
        elif kind == "raw":
            parts.append(_fenced(source, ""))
        elif kind == "code":
            parts.append(_fenced(source, language))
            outputs = cell.get("outputs")
            if isinstance(outputs, list):
                parts += [_output(one) for one in outputs if isinstance(one, dict)]
    return "\n\n".join(part for part in parts if part.strip())


def _output(output: dict[str, Any]) -> str:
    """Return what a cell printed; pictures and errors of a run are left out."""
    data = output.get("data")
    data = data if isinstance(data, dict) else output
    for key in ("text/markdown", "text/latex", "latex"):
        if written := _joined(data.get(key)):
            return written
    return _fenced(_joined(data.get("text/plain", data.get("text"))), "")


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "".join(one for one in value if isinstance(one, str))
    return value if isinstance(value, str) else ""


def _fenced(code: str, language: str) -> str:
    if not code.strip():
        return ""
    ticks = max((len(run) for run in re.findall(r"`{3,}", code)), default=2) + 1
    fence = "`" * max(3, ticks)
    return f"{fence}{language}\n{code.rstrip()}\n{fence}"
