"""Pages without text have other forms, and long articles have following pages."""

import asyncio

import pytest

from reader.fetch.response import Response
from reader.model.article import Article
from reader.model.errors import FetchError, NotAnArticleError
from reader.services.pagination import join_pages

HERE = "https://a.example/2026/the-long-tide"


class Site:
    def __init__(self, pages: dict[str, str]):
        self.pages = pages
        self.asked: list[str] = []

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Response:
        assert not allow_private
        self.asked.append(url)
        if url not in self.pages:
            raise FetchError("not found", kind="not-found")
        return Response(url, url, self.pages[url].encode(), "text/html")


def extract(page: bytes, url: str | None) -> Article:
    head, _, text = page.decode().rpartition("|")
    if not text:
        raise NotAnArticleError("there is no text")
    title = head.partition("#")[2] or "The long tide"
    return Article(title=title, markdown=text, words=len(text.split()))


def read(pages: dict[str, str]) -> tuple[Response, Article, list[str]]:
    site = Site(pages)
    first = Response(HERE, HERE, pages[HERE].encode(), "text/html")
    page, article = asyncio.run(join_pages(first, site, extract))
    return page, article, site.asked


def test_a_page_without_text_is_replaced_by_its_other_forms() -> None:
    """The way on first, then AMP, then print; the page that had the text is the one that is kept."""
    links = '<link rel=amphtml href="/amp"><a href="/print/the-long-tide">P</a>'
    page, article, asked = read(
        {HERE: f"{links}|", "https://a.example/print/the-long-tide": "|Text."}
    )
    assert (page.final_url, article.markdown) == ("https://a.example/print/the-long-tide", "Text.")
    assert asked == ["https://a.example/amp", "https://a.example/print/the-long-tide"]
    with pytest.raises(NotAnArticleError):
        read({HERE: f"{links}|"})
    with pytest.raises(NotAnArticleError):
        read({HERE: "|"})


@pytest.mark.parametrize(
    "stub",
    [
        '<meta http-equiv="refresh" content="0; url=/new"><p>Click here to go on.</p>',
        "<noscript><META http-equiv=refresh content=\"0;URL='/new'\"></noscript>",
        '<script>window.location.href = "/new";</script><p>This page has moved.</p>',
        '<script>location.replace("https://a.example/new")</script>',
    ],
)
def test_a_page_that_only_redirects_is_followed(stub: str) -> None:
    """Also where it holds a sentence, and where it leads to another such page."""
    new = "https://a.example/new"
    _, article, asked = read({HERE: f"{stub}|Wait a moment.", new: "|Text."})
    assert (article.markdown, asked) == ("Text.", [new])
    _, article, asked = read({HERE: f"{stub}|Wait a moment."})
    assert (article.markdown, asked) == ("Wait a moment.", [new])
    hop = '<meta http-equiv="refresh" content="0; url=/newer">|'
    pages = {HERE: f"{stub}|Wait a moment.", new: hop, f"{new}er": "|Text."}
    assert read(pages)[1].markdown == "Text."


def test_a_refresh_header_is_followed() -> None:
    """A page that waits for the next one is no article."""
    site = Site({"https://a.example/new": "|Text."})
    first = Response(HERE, HERE, b"<p>Wait.</p>|Wait.", "text/html", refresh="0; url=/new")
    assert asyncio.run(join_pages(first, site, extract))[1].markdown == "Text."


def test_a_page_with_text_asks_for_nothing_more() -> None:
    """Other forms are only for pages without text."""
    _, article, asked = read(
        {HERE: '<link rel=amphtml href="/amp">|Text.', "https://a.example/amp": "|A"}
    )
    assert (article.markdown, asked) == ("Text.", [])


def test_following_pages_are_joined_without_what_repeats() -> None:
    """Pages are in order, the standing paragraph is there once, numbers leave the title."""
    standing = "This paragraph stands on every page of the article."
    pages = {
        HERE: f'<link rel=next href="{HERE}/2">#The long tide - Page 1|{standing}\n\nOne.',
        f"{HERE}/2": f'<link rel=next href="{HERE}/3">#The long tide (2 of 3)|{standing}\n\nTwo.',
        f"{HERE}/3": f'<link rel=next href="{HERE}/4">#The long tide 3/3|{standing}\n\nThree.',
    }
    page, article, asked = read(pages)
    assert article.markdown == f"{standing}\n\nOne.\n\nTwo.\n\nThree.\n"
    assert article.title == "The long tide"
    assert page.final_url == HERE
    assert asked == [f"{HERE}/2", f"{HERE}/3", f"{HERE}/4"]


def test_another_title_is_another_article() -> None:
    """Where the numbers continue but the title does not, nothing is joined."""
    pages = {HERE: f'<a rel=next href="{HERE}/2">#One|1', f"{HERE}/2": "#Two|2"}
    assert read(pages)[1].markdown == "1"


def test_a_chain_of_pages_ends() -> None:
    """A site whose pages always name a next one gives twenty."""
    pages = {HERE: f'<link rel=next href="{HERE}/2">|p1'}
    for number in range(2, 40):
        pages[f"{HERE}/{number}"] = f'<link rel=next href="{HERE}/{number + 1}">|p{number}'
    _, article, asked = read(pages)
    assert len(asked) == 19
    assert article.markdown.split() == [f"p{number}" for number in range(1, 21)]


def test_slow_pages_cost_a_bounded_time_and_keep_what_came() -> None:
    """The first page is there whole, however long its followers take."""

    class Slow(Site):
        async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Response:
            if url.endswith("/3"):
                await asyncio.Event().wait()
            return await super().page(url)

    pages = {
        HERE: f'<a rel=next href="{HERE}/2">|p1',
        f"{HERE}/2": f'<a rel=next href="{HERE}/3">|p2',
    }
    first = Response(HERE, HERE, pages[HERE].encode(), "text/html")
    _, article = asyncio.run(join_pages(first, Slow(pages), extract, seconds=0.2))
    assert article.markdown.split() == ["p1", "p2"]
