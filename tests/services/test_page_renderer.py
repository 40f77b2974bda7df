"""A command of the settings renders pages that give no article, within its limits."""

import asyncio
import sys

import pytest

from reader.fetch.response import Response
from reader.model.article import Article
from reader.model.errors import NotAnArticleError, ReaderError
from reader.services import page_renderer
from reader.services.page_renderer import PageRenderer, renderer_of
from reader.services.pagination import join_pages
from reader.settings import CommandSettings

URL = "https://app.example/story"
EMPTY = Response(URL, URL, b"<html><div id=app></div></html>")


def printing(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import sys; {code}", "{url}")


class NoLinks:
    """A source that serves nothing."""

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Response:
        raise AssertionError(f"{url} was requested")


def extract(page: bytes, url: str | None) -> Article:
    if b"drawn" not in page:
        raise NotAnArticleError("no text")
    return Article(title=page.decode(), markdown="Text.", words=1)


def joined(render: page_renderer.Render | None) -> tuple[Response, Article]:
    return asyncio.run(join_pages(EMPTY, NoLinks(), extract, render=render))


def test_a_page_without_an_article_is_rendered() -> None:
    """The command gets the address as one word and prints the page."""
    render = renderer_of(CommandSettings(page=printing("print('drawn', sys.argv[1])")))
    page, article = joined(render)
    assert article.title.split() == ["drawn", URL]
    assert page.content.startswith(b"drawn")


def test_nothing_runs_unless_the_settings_say_so() -> None:
    """No command by default, and none for other sites."""
    assert renderer_of(CommandSettings()) is None
    with pytest.raises(NotAnArticleError):
        joined(None)
    other = CommandSettings(page=printing("print('drawn')"), page_sites=("other.example",))
    with pytest.raises(NotAnArticleError):
        joined(renderer_of(other))
    parent = CommandSettings(page=printing("print('drawn')"), page_sites=("app.example",))
    assert joined(renderer_of(parent))[1].title.strip() == "drawn"


@pytest.mark.parametrize(
    "code", ["sys.exit(3)", "print('nothing')", "print('x' * 1000)"], ids=["fails", "empty", "long"]
)
def test_a_command_that_fails_changes_nothing(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is refused with its own reason, as without a command."""
    monkeypatch.setattr(page_renderer, "MAX_BYTES", 100)
    with pytest.raises(NotAnArticleError, match="no text"):
        joined(renderer_of(CommandSettings(page=printing(code))))


def test_a_command_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time the command has ended, and the error names it."""
    monkeypatch.setattr(page_renderer, "TIMEOUT", 0.3)
    renderer = PageRenderer(printing("import time; time.sleep(60)"))
    with pytest.raises(ReaderError, match="took longer"):
        renderer.render(EMPTY)
