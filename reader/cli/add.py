"""The commands `add` and `extract`."""

from argparse import Namespace
from collections import Counter
from dataclasses import asdict
from typing import Any

from reader.cli import output
from reader.cli.context import open_workspace
from reader.cli.formatting import json_row
from reader.fetch.wayback import DEAD_KINDS, copy_url
from reader.model.article import Article
from reader.model.errors import FetchError, LibraryError, ReaderError, UsageError
from reader.model.urls import clean_url, is_web_url
from reader.services.add import AddResult, add
from reader.services.input_sources import find_pages, read_file_with_images


def run_add(arguments: Namespace) -> int:
    """Add each source; report failures and continue with the others."""
    saved: list[AddResult] = []
    failed = 0
    sources = [page for word in arguments.words for page in _expand_source(word)]
    if len(sources) > 1 and (arguments.url or arguments.title):
        raise UsageError("--url and --title are for one page")
    with open_workspace(telling=True) as opened:
        for source in sources:
            try:
                one = add(
                    opened,
                    source,
                    tags=arguments.tag,
                    url=arguments.url,
                    title=arguments.title,
                    later=arguments.later,
                    allow_private=arguments.allow_private,
                )
            except LibraryError:
                # Nothing after this one could be saved either.
                raise
            except ReaderError as error:
                if error.exit_code != 1:
                    raise
                failed += 1
                said = _describe_error(source, error)
                output.print_message(said if len(sources) == 1 else f"{source}: {said}")
                continue
            saved.append(one)
            if not arguments.json:
                output.print_line(f"{one.entry.id} {one.entry.title}")
            if one.message:
                output.print_message(f"{one.entry.id}: {one.message}")
    if arguments.json:
        output.print_json([json_row(one.entry) | {"new": one.is_new} for one in saved])
    return 1 if failed else 0


def _expand_source(word: str) -> list[str]:
    return [word] if is_web_url(word) else find_pages(word)


def _describe_error(source: str, error: ReaderError) -> str:
    """Return the error's message; for a dead link, with the address of a possible copy."""
    if isinstance(error, FetchError) and error.kind in DEAD_KINDS and is_web_url(source):
        return f"{error}; a copy may be at {copy_url(clean_url(source))}"
    return str(error)


def run_extract(arguments: Namespace) -> int:
    """Print a page's article without using the library."""
    source = arguments.words[0]
    url = clean_url(arguments.url) if arguments.url else None
    if is_web_url(source):
        from reader.fetch.client import fetch_page

        fetched = fetch_page(source, allow_private=arguments.allow_private)
        page, url, name = fetched.page, url or fetched.final_url, ""
    else:
        page, name = read_file_with_images(source), "" if source == "-" else source
    from reader.services.sandbox.extractors import Extractors

    with Extractors(1) as extractors:
        article, stages = extractors.timed(page, url, name)
    if arguments.json:
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
        counts = ", ".join(f"{count} by {rule}" for rule, count in rules.most_common())
        output.print_message(f"{len(lines)} removed{': ' if counts else ''}{counts}")
    elif arguments.timings:
        rows = [*stages, ("whole", sum(seconds for _, seconds in stages))]
        output.print_text(
            "".join(f"{stage:<12} {1000 * seconds:9.2f} ms\n" for stage, seconds in rows)
        )
    else:
        output.print_text(f"# {article.title}\n\n{article.markdown}")
    if article.cut:
        output.print_message("the page was too large or too deep: some of it was left out")
    return 0


def _json_article(article: Article) -> dict[str, Any]:
    """Return the documented fields of the article, without images inside the page."""
    values = asdict(article)
    del values["images"], values["removed"]
    values["tags"] = list(article.tags)
    return values
