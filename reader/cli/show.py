"""The commands `show`, `open`, `highlights`, `related`, `digest` and `stats`."""

from dataclasses import asdict
from typing import Any

from reader.cli import output
from reader.cli.arguments import Arguments
from reader.cli.columns import (
    Column,
    Style,
    format_number,
    is_terminal,
    print_columns,
    print_wrapped,
)
from reader.cli.command_context import cache_for, open_workspace, query_of, with_text
from reader.cli.formatting import LIST_COLUMNS, json_row, list_cells
from reader.model.entry import Record
from reader.model.errors import ReaderError, UsageError
from reader.model.labels import label_of, parse_label
from reader.services.workspace import Workspace


def run_show(arguments: Arguments) -> int:
    """Print one article as Markdown, its page, or its summary."""
    if arguments.original and arguments.summary:
        raise UsageError("--original and --summary cannot be used together")
    from reader.services import articles

    with open_workspace() as opened:
        cache = opened.synced_cache()
        entry_id = cache.resolve(arguments.words[0])
        if arguments.original:
            output.print_bytes(articles.original(opened, cache, entry_id))
            return 0
        found = articles.read(opened, cache, entry_id)
        record, markdown = found.record, found.markdown
        if arguments.summary:
            return _print_summary(opened, record, markdown, arguments.json)
    if arguments.json:
        output.print_json(_json_article(record, markdown))
    else:
        output.print_text(_format_article(record, markdown))
    return 0


def _format_article(record: Record, markdown: str) -> str:
    """Format title, metadata, text, and the user's note and highlights as Markdown."""
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
        parts.append(f"[{entry.fetch}: {entry.reason or '`reader fetch` downloads its text'}]")
    parts.append(markdown.strip())
    if record.note:
        parts += ["---", record.note]
    for mark in record.highlights:
        parts.append("\n".join(f"> {line}" for line in mark.quote.splitlines()))
        parts += [label_of(mark).hashtags(), mark.note]
    return "\n\n".join(part for part in parts if part)


def _json_article(record: Record, markdown: str) -> dict[str, Any]:
    from reader.markdown.outline import links, outline

    return json_row(record.entry) | {
        "markdown": markdown,
        "outline": [{"level": level, "text": text} for level, text in outline(markdown)],
        "links": [{"text": text, "url": url} for text, url in links(markdown)],
        "note": record.note,
        "highlights": json_highlights(record),
        "related": [asdict(item) for item in record.related],
        "suggested": list(record.suggested),
    }


def json_highlights(record: Record) -> list[dict[str, str]]:
    """Return the highlights for `--json`, in the order of the text."""
    return [
        {
            "quote": mark.quote,
            "prefix": mark.prefix,
            "suffix": mark.suffix,
            "note": mark.note,
            "at": mark.at,
            "color": mark.color,
            "label": mark.label,
        }
        for mark in record.highlights
    ]


def run_open(arguments: Arguments) -> int:
    """Open the article's address with the command of the settings, else the system's browser."""
    from reader.services import articles, desktop

    with open_workspace(reports_problems=True) as opened:
        cache = opened.synced_cache()
        entry_id = cache.resolve(arguments.words[0])
        url = articles.record(opened, cache, entry_id).entry.url
        if url is None:
            raise ReaderError(f"{entry_id} has no address: it was saved from a file or a text")
        desktop.open_in_browser(url, opened.settings.commands.browser)
    return 0


def _print_summary(opened: Workspace, record: Record, markdown: str, as_json: bool) -> int:
    """Print the key sentences in order, then the key phrases."""
    from reader.services import summaries

    entry = record.entry
    if record.digest is None:
        raise ReaderError(f"{entry.id} has no text yet: `reader fetch` downloads it")
    found = summaries.summarise_article(entry.title, markdown, opened.settings.commands.summary)
    if as_json:
        output.print_json({"id": entry.id, "sentences": found.sentences, "phrases": found.phrases})
    else:
        output.print_text("\n\n".join([*found.sentences, " · ".join(found.phrases)]))
    return 0


def run_highlights(arguments: Arguments) -> int:
    """Print the highlights of the query's articles, in the order of the texts."""
    from reader.services import articles

    query = query_of(arguments.words)
    with open_workspace() as opened:
        cache = cache_for(opened, query)
        listing = cache.listing(query, now=opened.now())
        marked = articles.records(
            opened, cache, [entry.id for entry in listing if entry.highlights or entry.has_note]
        )
    if arguments.json:
        rows = [
            {
                "id": record.entry.id,
                "title": record.entry.title,
                "note": record.note,
                "highlights": json_highlights(record),
            }
            for record in marked
        ]
        output.print_json(rows)
        return 0
    for record in marked:
        _print_highlights(record)
    if not marked:
        output.print_message("no highlights found")
    return 0


def run_highlight(arguments: Arguments) -> int:
    """Highlight a quote of an article's text."""
    from reader.services import annotations

    prefix, *words = arguments.words
    with open_workspace() as opened:
        entry_id = opened.resolve(prefix)
        highlight = annotations.highlight_quote(
            opened,
            entry_id,
            " ".join(words),
            arguments.note,
            None if arguments.label is None else parse_label(arguments.label),
        )
    if arguments.json:
        output.print_json(
            {
                "id": entry_id,
                "quote": highlight.quote,
                "note": highlight.note,
                "color": highlight.color,
                "label": highlight.label,
            }
        )
    else:
        output.print_line(f"{entry_id} {' '.join(highlight.quote.split())}")
    return 0


def _print_highlights(record: Record) -> None:
    heading = f"## {record.entry.title} ({record.entry.id})"
    if not is_terminal():
        output.print_text(f"{heading}\n")
        if record.note:
            output.print_text(f"{record.note}\n")
        for mark in record.highlights:
            below = (part for part in (label_of(mark).hashtags(), mark.note) if part)
            output.print_text(f"> {mark.quote}\n" + "".join(f"\n{part}\n" for part in below))
        return
    print_wrapped(heading, style=Style.HEADING)
    print_wrapped(record.note)
    for mark in record.highlights:
        output.print_line("")
        print_wrapped(mark.quote, "> ", Style.ID)
        print_wrapped(label_of(mark).hashtags(), "  ", Style.DIM)
        print_wrapped(mark.note, "  ")
    output.print_line("")


def run_related(arguments: Arguments) -> int:
    """Print the most similar articles of the library, then those that the page linked."""
    from reader.services import articles

    limit = 8 if arguments.limit is None else arguments.limit
    with open_workspace() as opened:
        cache = cache_for(opened)
        record = articles.record(opened, cache, cache.resolve(arguments.words[0]))
        alike = [each.entry for each in cache.related(record.entry, limit=limit)]
        shown = cache.shortest_prefixes([entry.id for entry in alike])
    if arguments.json:
        output.print_json(
            {
                "library": [json_row(entry) for entry in alike],
                "page": [asdict(item) for item in record.related],
            }
        )
        return 0
    print_columns([list_cells(entry, shown[entry.id]) for entry in alike], LIST_COLUMNS)
    for item in record.related:
        about = [part for part in (item.source, item.age, item.url) if part]
        output.print_line(f"-  {item.title}  {' · '.join(about)}")
    if not alike and not record.related:
        output.print_message("no related articles found")
    return 0


def run_digest(arguments: Arguments) -> int:
    """Print suggestions among the query's articles, as Markdown."""
    from reader.search.discovery import digest
    from reader.services import reading_speed

    limit = 5 if arguments.limit is None else arguments.limit
    with open_workspace() as opened:
        now = opened.now()
        query = with_text(query_of(arguments.words))
        entries = list(cache_for(opened, query).listing(query, now=now))
        speed = reading_speed.words_per_minute(opened.places, opened.settings)
        parts = digest.make_sections(entries, now, speed=speed, limit=limit)
    if arguments.json:
        output.print_json(
            [
                {"title": part.title, "entries": [json_row(entry) for entry in part.entries]}
                for part in parts
            ]
        )
    else:
        output.print_text(digest.format_digest(parts, now, speed=speed))
    return 0


def run_stats(arguments: Arguments) -> int:
    """Print how much was saved and read; finished articles count, not archived ones."""
    from reader.services import statistics

    with open_workspace() as opened:
        found = statistics.collect_statistics(opened)
    if arguments.json:
        output.print_json(asdict(found))
        return 0
    numbers = [
        (name.replace("_", " "), format_number(value))
        for name, value in asdict(found).items()
        if isinstance(value, int | float)
    ]
    number = Column(is_number=True)
    print_columns(numbers, (Column(Style.DIM), number))
    months = [
        (
            month.month,
            f"{format_number(month.saved)} saved",
            f"{format_number(month.finished)} finished",
            f"{format_number(month.words)} words",
        )
        for month in found.months
    ]
    print_columns(months, (Column(Style.DIM), number, number, number))
    return 0
