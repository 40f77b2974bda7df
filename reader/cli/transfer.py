"""The commands `import` and `export`."""

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.cli import output, stdio
from reader.cli.arguments import Arguments
from reader.cli.command_context import cache_for, interruptible, open_workspace, query_of, with_text
from reader.model.errors import ReaderError, UsageError
from reader.model.text import plural
from reader.paths import expand_user

if TYPE_CHECKING:
    from reader.services.imports import ImportReport


def run_import(arguments: Arguments) -> int:
    """Import each file; list the rows that were skipped."""
    from reader.services.imports import import_file

    reports: list[ImportReport] = []
    failed = 0
    with open_workspace() as opened, interruptible("") as job:
        for word in arguments.words:
            try:
                report = import_file(
                    opened,
                    expand_user(word),
                    name=arguments.format,
                    dry_run=arguments.dry_run,
                    job=job._replace(progress=_print_progress),
                )
            except ReaderError as error:
                if error.exit_code != 1 or len(arguments.words) == 1:
                    raise
                failed += 1
                output.print_message(str(error))
                continue
            reports.append(report)
            output.show_progress("")
            print_report(word, report, as_json=arguments.json, dry_run=arguments.dry_run)
    if arguments.json:
        output.print_json([_json_report(report) for report in reports])
    return 1 if failed or any(report.refused_count for report in reports) else 0


def print_report(
    word: str, report: "ImportReport", *, as_json: bool, dry_run: bool = False
) -> None:
    """Print what an import brought, unless JSON follows, and the rows that were skipped."""
    if not as_json:
        _print_summary(word, report, dry_run)
    for row in report.refused:
        output.print_message(f"row {row.row}: {row.reason}")
    if report.refused_count > len(report.refused):
        output.print_message(f"and {report.refused_count - len(report.refused)} more rows")


def _print_progress(done: int, _total: int) -> None:
    output.show_progress(f"{done} rows")


def _json_report(report: "ImportReport") -> dict[str, Any]:
    names = (
        "format",
        "rows",
        "new",
        "known",
        "trashed",
        "with_text",
        "skipped",
        "undated",
        "refused_count",
    )
    refused = [{"row": row.row, "said": row.reason} for row in report.refused]
    return {name: getattr(report, name) for name in names} | {"refused": refused}


def _print_summary(word: str, report: "ImportReport", dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    parts = [
        f"{report.new} {would}new",
        f"{report.known} known",
        f"{report.trashed} of them in the trash" if report.trashed else "",
        f"{report.with_text} with text" if report.with_text else "",
        f"{plural(report.skipped, 'bookmarklet')} or the like skipped" if report.skipped else "",
        f"{plural(report.refused_count, 'row')} skipped" if report.refused_count else "",
        f"{plural(report.undated, 'row')} without a readable date" if report.undated else "",
    ]
    output.print_line(f"{word} ({report.format}): {', '.join(part for part in parts if part)}")
    if report.new > report.with_text and not dry_run:
        output.print_message("`reader fetch` downloads the articles")


def _export_to_stdout(arguments: Arguments) -> int:
    """Write one file to standard output, once it is complete; the count goes to stderr."""
    from reader.services.exports import export

    if arguments.format == "markdown":
        raise UsageError("--to - works only for one file; markdown writes a folder of notes")
    if sys.stdout.isatty() and (arguments.with_files or arguments.format == "epub"):
        raise UsageError("this format is binary: redirect standard output to a file")
    with tempfile.TemporaryDirectory(prefix="reader-") as folder, open_workspace() as opened:
        query = query_of(arguments.words)
        ids = cache_for(opened, query).listing(query, now=datetime.now().astimezone()).ids()
        target = Path(folder) / "export"
        done = export(opened, ids, arguments.format, target, with_files=arguments.with_files)
        with target.open("rb") as stream:
            while piece := stream.read(1 << 20):
                stdio.write_bytes(piece)
    for message in done.missing:
        output.print_message(message)
    output.print_message(f"{plural(done.count)} exported{done.left_out_note}")
    return 1 if done.missing else 0


def run_export(arguments: Arguments) -> int:
    """Export the articles that the query finds, in its order."""
    from reader.services.exports import export

    if not arguments.format or not arguments.to:
        raise UsageError("export needs --format F and --to PATH")
    if arguments.to == "-":
        return _export_to_stdout(arguments)
    with open_workspace() as opened:
        query = query_of(arguments.words)
        found = cache_for(opened, query).listing(query, now=datetime.now().astimezone())
        ids = found.ids()
        done = export(
            opened,
            ids,
            arguments.format,
            expand_user(arguments.to),
            with_files=arguments.with_files,
        )
    for message in done.missing:
        output.print_message(message)
    if arguments.json:
        output.print_json(
            {
                "count": done.count,
                "path": str(done.path),
                "missing": list(done.missing),
                "left_out": done.left_out,
            }
        )
    else:
        output.print_line(f"{plural(done.count)} in {done.path}{done.left_out_note}")
    return 1 if done.missing else 0


def run_send(arguments: Arguments) -> int:
    """Send the articles that the query finds, in its order, as one book."""
    from reader.services.send import send

    with open_workspace() as opened:
        query = with_text(query_of(arguments.words, arguments.sort))
        now = datetime.now().astimezone()
        ids = cache_for(opened, query).listing(query, now=now).ids()[: arguments.limit]
        title = arguments.title or " ".join(arguments.words) or "Saved articles"
        done = send(opened, ids, title)
    for message in done.missing:
        output.print_message(message)
    if arguments.json:
        output.print_json({"count": done.count, "missing": list(done.missing)})
    else:
        output.print_line(f"{plural(done.count)} sent")
    return 1 if done.missing else 0
