"""Pages extracted in guarded children: the same article as in process, errors as they are."""

import contextlib
from collections.abc import Iterator

import pytest

from reader.extract import extract
from reader.model.article import Article, ImageFile, Related
from reader.model.errors import ExtractionLimitError, NotAnArticleError
from reader.services.sandbox.codec import pack, unpack
from reader.services.sandbox.extractors import Extractors

SENTENCE = "The ferry left at six, with eleven people aboard and the mail for the outer islands. "


def page(words: str = "", title: str = "The ferry at six") -> bytes:
    body = "".join(f"<p>{SENTENCE * 3}{words}</p>" for _ in range(5))
    return f"<html lang=en><title>{title}</title><body><article>{body}</article></html>".encode()


@pytest.fixture(scope="module")
def extractors() -> Iterator[Extractors]:
    with Extractors(2) as opened:
        yield opened


def test_the_same_article_as_in_process(extractors: Extractors) -> None:
    """What a child gives is, field for field, what `extract` gives here."""
    url = "https://ferry.example/six"
    assert extractors.extract(page("Ünïcödé 日本"), url) == extract(page("Ünïcödé 日本"), url)


def test_a_page_without_an_article_says_why(extractors: Extractors) -> None:
    """NotAnArticleError comes through the pipe with its reason."""
    with pytest.raises(NotAnArticleError, match="empty"):
        extractors.extract(b"")


def test_stages_are_timed(extractors: Extractors) -> None:
    """Each stage has its seconds, in the order of the work."""
    article, stages = extractors.timed(page())
    assert article.title
    assert [name for name, _ in stages][:2] == ["decode", "parse"]
    assert all(0 <= seconds < 15 for _, seconds in stages)


def test_many_pages_come_in_order(extractors: Extractors) -> None:
    """`map` keeps the order, and an error takes the place of its page only."""
    pages = [(page(f"number {n}"), None) if n != 3 else (b"", None) for n in range(9)]
    results = list(extractors.map(pages))
    assert isinstance(results.pop(3), NotAnArticleError)
    markdown = [result.markdown for result in results if isinstance(result, Article)]
    numbers = [0, 1, 2, 4, 5, 6, 7, 8]
    assert all(f"number {n}" in text for n, text in zip(numbers, markdown, strict=True))


def test_map_can_be_left_early(extractors: Extractors) -> None:
    """Taking one result of an endless run of pages reads only a few of them."""
    taken = 0

    def endless() -> Iterator[tuple[bytes, None]]:
        nonlocal taken
        while True:
            taken += 1
            yield page(), None

    results = extractors.map(endless())
    assert isinstance(next(results), Article)
    del results
    assert taken < 12


ARTICLE = Article(
    title="T\n\u2028'\"",
    markdown="# é 日本\n",
    words=2,
    byline="A, B",
    tags=("x", "y"),
    related=(Related("R", "S", None, "https://r.example/"),),
    images=(ImageFile("images/0.png", bytes(range(256))), ImageFile("images/1.gif", b"")),
    cut=True,
)


def test_articles_come_back_whole_from_bytes() -> None:
    """Packed and unpacked, every field is what it was."""
    assert unpack(pack(ARTICLE, [("parse", 0.5)])) == (ARTICLE, [("parse", 0.5)])


@pytest.mark.parametrize("at", [0, 7, 8, 40, 200, -1])
def test_a_child_that_lies_gives_an_error(at: int) -> None:
    """Bytes that are no article raise ExtractionStopped and nothing else."""
    content = pack(ARTICLE, [])
    for wrong in (content[:at], content[:at] + b"\xff" + content[at:][1:]):
        with contextlib.suppress(ExtractionLimitError):
            assert isinstance(unpack(wrong)[0], Article)
