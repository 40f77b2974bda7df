"""The commands `add` and `extract`."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.cli import output
from reader.cli.arguments import Arguments
from reader.cli.command_context import open_workspace
from reader.model.errors import (
    FetchError,
    LibraryError,
    PrivateAddressError,
    ReaderError,
    UsageError,
)
from reader.model.text import one_line, plural
from reader.model.urls import clean_url, host_of, is_web_url
from reader.paths import expand_user
from reader.services.add import AddBatch, AddResult, add, add_page
from reader.services.add_plan import AddKind, address_of, listed_addresses, plan_path
from reader.services.entries import clean_tags
from reader.services.input_sources import (
    CONFIRM_FROM,
    find_pages,
    is_root,
    read_file_with_images,
    read_source,
)
from reader.services.workspace import Workspace

if TYPE_CHECKING:
    from reader.model.article import Article


def run_add(arguments: Arguments) -> int:
    """Add each source; report failures and continue with the others."""
    saved: list[AddResult] = []
    failed = 0
    sources: list[str | bytes] = []
    exports: list[str] = []
    for word in arguments.words:
        plan = _plan_export(word)
        if plan is None:
            sources += _expand_source(word, yes=arguments.yes)
        else:
            exports.append(plan)
    if len(sources) > 1 and (arguments.url or arguments.title):
        raise UsageError("--url and --title work only with one page")
    batch = AddBatch() if len(sources) > 1 else None
    with open_workspace(reports_problems=True) as opened:
        for source in sources:
            try:
                one = _add(opened, source, arguments, batch)
            except LibraryError:
                # Nothing after this one could be saved either.
                raise
            except ReaderError as error:
                if error.exit_code != 1:
                    raise
                failed += 1
                name = source if isinstance(source, str) else "standard input"
                message = _describe_error(name, error, is_private=arguments.allow_private)
                output.print_message(message if len(sources) == 1 else f"{name}: {message}")
                continue
            saved.append(one)
            if not arguments.json:
                output.print_line(f"{one.entry.id} {one.entry.title}")
            if one.message:
                output.print_message(f"{one.entry.id}: {one.message}")
        for export in exports:
            failed += not _import(opened, export, arguments)
    if arguments.json:
        from reader.cli.formatting import json_row

        output.print_json([json_row(one.entry) | {"new": one.is_new} for one in saved])
    return 1 if failed else 0


def _plan_export(word: str) -> str | None:
    """Return the path of another program's export; None for any other source."""
    if word == "-" or is_web_url(word):
        return None
    path = expand_user(word)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):
        return None
    return str(path) if is_file and plan_path(path).kind is AddKind.EXPORT else None


def _import(opened: Workspace, path: str, arguments: Arguments) -> bool:
    """Import an export after a question with its count. Returns whether every row came."""
    # Imported here: most sources are pages.
    from reader.cli.transfer import print_report
    from reader.services.imports import import_file

    seen = import_file(opened, Path(path), dry_run=True)
    links = plural(seen.new, "new link")
    question = f"{one_line(path, 200)}: import {links} from {seen.program}?"
    if not output.confirm(question, yes=arguments.yes):
        raise UsageError(f"{one_line(path, 200)}: not imported")
    report = import_file(opened, Path(path), tags=clean_tags(arguments.tag))
    print_report(path, report, as_json=arguments.json)
    return not report.refused_count


def _add(
    opened: Workspace, source: str | bytes, arguments: Arguments, batch: AddBatch | None
) -> AddResult:
    if isinstance(source, bytes):
        if arguments.later:
            raise UsageError("--later works only with addresses, and this is a page")
        return add_page(
            opened,
            source,
            url=arguments.url,
            title=arguments.title,
            tags=arguments.tag,
            batch=batch,
        )
    return add(
        opened,
        source,
        tags=arguments.tag,
        url=arguments.url,
        title=arguments.title,
        later=arguments.later,
        allow_private=arguments.allow_private,
        batch=batch,
    )


def _expand_source(word: str, *, yes: bool) -> Sequence[str | bytes]:
    """Return the pages and addresses that a word stands for; bytes for a page on stdin.

    Confirms a folder with many pages. Raises UsageError if it is not confirmed.
    """
    if is_web_url(word):
        return [word]
    if address := _as_address(word):
        return [address]
    if word == "-":
        page = read_source(word)
        return listed_addresses(page) or [page]
    if is_root(word) and not output.confirm(f"add every page below {word}?", yes=yes):
        raise UsageError(f"{word}: not added")
    path = expand_user(word)
    pages = find_pages(word)
    if pages == [word] and path.is_file() and (plan := plan_path(path)).sources:
        pages = list(plan.sources) if plan.kind is AddKind.ADDRESSES else pages
    if len(pages) >= CONFIRM_FROM and not output.confirm(f"add {len(pages):,} pages?", yes=yes):
        raise UsageError(f"{word}: not added")
    return pages


def _as_address(word: str) -> str:
    """Return the address that a word without a scheme means; empty if it may be a file."""
    try:
        is_there = os.path.lexists(expand_user(word))
    except ValueError:
        return ""
    return "" if is_there else address_of(word)


def _describe_error(source: str, error: ReaderError, *, is_private: bool) -> str:
    """Return the error's message; for a dead public link, with the address of a possible copy."""
    if isinstance(error, PrivateAddressError) and error.host == host_of(source):
        return f"{error}: if you trust it, add it with --allow-private"
    if isinstance(error, FetchError) and is_web_url(source):
        from reader.fetch.wayback import DEAD_KINDS, copy_url

        if is_private or error.kind not in DEAD_KINDS:
            return str(error)
        return f"{error}; a copy may be at {copy_url(clean_url(source))}"
    return str(error)


def run_extract(arguments: Arguments) -> int:
    """Print a page's article without using the library."""
    source = arguments.words[0]
    url = clean_url(arguments.url) if arguments.url else None
    if is_web_url(source):
        from reader.fetch.client import fetch_page

        try:
            fetched = fetch_page(source, allow_private=arguments.allow_private)
        except PrivateAddressError as error:
            message = _describe_error(source, error, is_private=False)
            raise FetchError(message, kind=error.kind) from None
        page, url, name = fetched.page, url or fetched.final_url, ""
    else:
        page, name = read_file_with_images(source), "" if source == "-" else source
    from reader.services.sandbox.extractors import Extractors

    with Extractors(1) as extractors:
        article, stages = extractors.timed(page, url, name)
    if arguments.json:
        from dataclasses import asdict

        timings = {stage: round(1000 * seconds, 3) for stage, seconds in stages}
        output.print_json(
            _json_article(article)
            | ({"timings": timings} if arguments.timings else {})
            | ({"removed": [asdict(one) for one in article.removed]} if arguments.explain else {})
        )
    elif arguments.explain:
        rules = Counter(one.rule for one in article.removed)
        lines = [f"{one.rule:<14} {one.text}" for one in article.removed]
        output.print_text("".join(f"{line}\n" for line in lines))
        counts = ", ".join(f"{count:,} by {rule}" for rule, count in rules.most_common())
        output.print_message(f"{len(lines):,} removed{': ' if counts else ''}{counts}")
    elif arguments.timings:
        rows = [*stages, ("whole", sum(seconds for _, seconds in stages))]
        output.print_text(
            "".join(f"{stage:<12} {1000 * seconds:9.2f} ms\n" for stage, seconds in rows)
        )
    else:
        output.print_text(f"# {article.title}\n\n{article.markdown}")
    if article.remark:
        output.print_message(article.remark)
    return 0


def _json_article(article: "Article") -> dict[str, Any]:
    """Return the documented fields of the article, without images inside the page."""
    from dataclasses import asdict

    values = asdict(article)
    del values["images"], values["removed"]
    values["tags"] = list(article.tags)
    return values
