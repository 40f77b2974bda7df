"""`show`, `open`, `highlights`, `related`, `digest` and `stats`: what the library knows, in words."""

from argparse import Namespace
from dataclasses import asdict
from typing import Any

from reader.cli import output
from reader.cli.rows import row
from reader.cli.session import shelf
from reader.model.entry import Record
from reader.model.errors import ReaderError, WrongUsage
from reader.services import browsing
from reader.services.structure import links, outline


def run_show(arguments: Namespace) -> int:
    """Print one article as Markdown, its page, or its summary."""
    if arguments.original and arguments.summary:
        raise WrongUsage("--original and --summary cannot both be")
    with shelf() as opened:
        entry_id = opened.fresh_cache().resolve(arguments.words[0])
        if arguments.original:
            output.raw(opened.library.original(entry_id))
            return 0
        record = opened.library.get(entry_id)
        markdown = opened.library.markdown(entry_id) if record.digest else ""
    if arguments.json:
        output.as_json(_whole(record, markdown))
    else:
        output.text(_page(record, markdown))
    return 0


def _page(record: Record, markdown: str) -> str:
    """Title, the line about it, the text, and a person's own words at the end."""
    entry = record.entry
    about = [
        entry.byline,
        entry.site,
        (entry.published or "")[:10],
        f"{entry.minutes} min" if entry.words else "",
    ]
    parts = [f"# {entry.title}", " · ".join(part for part in about if part), entry.url or ""]
    if entry.tags:
        parts.append(" ".join(f"#{tag}" for tag in entry.tags))
    if record.digest is None:
        parts.append(f"[{entry.fetch}: {entry.reason or '`reader fetch` gets its text'}]")
    parts.append(markdown.strip())
    if record.note:
        parts += ["---", record.note]
    for mark in record.highlights:
        parts.append("\n".join(f"> {line}" for line in mark.quote.splitlines()))
        if mark.note:
            parts.append(mark.note)
    return "\n\n".join(part for part in parts if part)


def _whole(record: Record, markdown: str) -> dict[str, Any]:
    marks = [
        {
            "quote": mark.quote,
            "prefix": mark.prefix,
            "suffix": mark.suffix,
            "note": mark.note,
            "at": mark.at,
        }
        for mark in record.highlights
    ]
    return row(record.entry) | {
        "markdown": markdown,
        "outline": [{"level": level, "text": text} for level, text in outline(markdown)],
        "links": [{"text": text, "url": url} for text, url in links(markdown)],
        "note": record.note,
        "highlights": marks,
        "related": [asdict(item) for item in record.related],
        "suggested": list(record.suggested),
    }


def run_open(arguments: Namespace) -> int:
    """Open the article's address with the command of the settings, else the system's browser."""
    with shelf(telling=True) as opened:
        entry_id = opened.fresh_cache().resolve(arguments.words[0])
        url = opened.library.get(entry_id).entry.url
        if url is None:
            raise ReaderError(f"{entry_id} has no address: it was saved from a file or a text")
        browsing.open_address(url, opened.settings.commands.browser)
    return 0
