"""`add` and `extract`: pages in, into the library or just as Markdown."""

from argparse import Namespace
from dataclasses import asdict
from typing import Any

from reader.cli import output
from reader.cli.context import shelf
from reader.cli.formatting import row
from reader.fetch.wayback import DEAD, copy_of
from reader.model.article import Article
from reader.model.errors import FetchError, LibraryError, ReaderError, WrongUsage
from reader.model.urls import clean_url, is_web
from reader.services.add import Saved, save
from reader.services.input_sources import pages_in, read_source


def run_add(arguments: Namespace) -> int:
    """Save each source; what fails is told and the rest goes on."""
    saved: list[Saved] = []
    failed = 0
    sources = [page for word in arguments.words for page in _pages(word)]
    if len(sources) > 1 and (arguments.url or arguments.title):
        raise WrongUsage("--url and --title are for one page")
    with shelf(telling=True) as opened:
        for source in sources:
            try:
                one = save(
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
                said = _told(source, error)
                output.say(said if len(sources) == 1 else f"{source}: {said}")
                continue
            saved.append(one)
            if not arguments.json:
                output.line(f"{one.entry.id} {one.entry.title}")
            if one.said:
                output.say(f"{one.entry.id}: {one.said}")
    if arguments.json:
        output.as_json([row(one.entry) | {"new": one.new} for one in saved])
    return 1 if failed else 0


def _pages(word: str) -> list[str]:
    return [word] if is_web(word) else pages_in(word)


def _told(source: str, error: ReaderError) -> str:
    """The reason; for a dead link, also where a copy may be."""
    if isinstance(error, FetchError) and error.kind in DEAD and is_web(source):
        return f"{error}; a copy may be at {copy_of(clean_url(source))}"
    return str(error)


def run_extract(arguments: Namespace) -> int:
    """Print a page's article; no library is involved."""
    source = arguments.words[0]
    url = clean_url(arguments.url) if arguments.url else None
    if is_web(source):
        from reader.fetch.client import fetch_page

        fetched = fetch_page(source, allow_private=arguments.allow_private)
        page, url = fetched.content, url or fetched.final_url
    else:
        page = read_source(source)
    from reader.services.sandbox.extractors import Extractors

    with Extractors(1) as extractors:
        article, stages = extractors.timed(page, url)
    if arguments.json:
        timings = {stage: round(1000 * seconds, 3) for stage, seconds in stages}
        output.as_json(_fields(article) | ({"timings": timings} if arguments.timings else {}))
    elif arguments.timings:
        rows = [*stages, ("whole", sum(seconds for _, seconds in stages))]
        output.text("".join(f"{stage:<12} {1000 * seconds:9.2f} ms\n" for stage, seconds in rows))
    else:
        output.text(f"# {article.title}\n\n{article.markdown}")
    if article.cut:
        output.say("the page was too large or too deep: some of it was left out")
    return 0


def _fields(article: Article) -> dict[str, Any]:
    """The article as documented; pictures that came inside the page are left out."""
    values = asdict(article)
    del values["pictures"]
    values["tags"] = list(article.tags)
    return values
