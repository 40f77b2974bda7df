"""What a page names beside itself."""

import pytest

from reader.fetch.alternate_urls import AlternateUrls, alternate_urls, is_next_page

HERE = "https://www.a.example/2026/the-long-tide.html"


def test_amp_print_and_refresh_are_found() -> None:
    """In any order of attributes and quotes, relative or whole, escaped as HTML."""
    page = b"""<link href='/amp/the-long-tide' rel=amphtml><LINK REL="alternate" MEDIA="print" HREF="?print=1&amp;x=2">
    <meta content="0; url='/moved'" http-equiv=Refresh>"""
    assert alternate_urls(page, HERE) == AlternateUrls(
        amp="https://www.a.example/amp/the-long-tide",
        print_version=f"{HERE}?print=1&x=2",
        refresh="https://www.a.example/moved",
    )
    page = b'<a class=x href="/print/the-long-tide.html">Print</a>'
    assert (
        alternate_urls(page, HERE).print_version == "https://www.a.example/print/the-long-tide.html"
    )


def test_other_sites_articles_and_schemes_are_left_alone() -> None:
    """AMP caches, prints of other articles, slow refreshes and scripts are no variants."""
    page = b"""<link rel=amphtml href="https://cdn.example/c/a"><a href="/print/other.html">x</a>
    <meta http-equiv=refresh content="600;url=/home"><meta http-equiv=refresh content="0;url=javascript:x">
    <a rel=next href="javascript:alert(1)"><link rel=next href="/2026/the-next-article.html">
    <link rel=amphtml href=""><link rel=amphtml href="https://me@www.a.example/x">"""
    assert alternate_urls(page, HERE) == AlternateUrls()


@pytest.mark.parametrize(
    ("url", "target", "number"),
    [("https://a.example/x/", "https://a.example/x/2/", 1), ("https://a.example/x", "https://a.example/x/page/2", 1),
     ("https://a.example/x.html", "https://a.example/x-2.html", 1), ("https://a.example/x?id=7", "https://a.example/x?id=7&page=2", 1),
     ("https://a.example/x/page/2", "https://a.example/x/page/3", 2), ("https://a.example/x?page=2", "https://a.example/x?page=3", 2),
     ("https://a.example/x_1.html", "https://a.example/x_2.html", 1), ("https://a.example/x/9", "https://a.example/x/10", 9)],
)  # fmt: skip
def test_the_next_page_has_the_next_number(url: str, target: str, number: int) -> None:
    """However a site numbers the pages of an article."""
    assert is_next_page(url, target, number)


@pytest.mark.parametrize(
    ("url", "target"),
    [("https://a.example/x", "https://a.example/y"), ("https://a.example/x", "https://a.example/x/3"),
     ("https://a.example/", "https://a.example/page/2"), ("https://a.example/x?id=7", "https://a.example/x?id=8"),
     ("https://a.example/x", "https://a.example/x/comments"), ("https://a.example/2026/1", "https://a.example/2026/3"),
     ("https://a.example/x?page=2", "https://a.example/x?page=2&sort=new")],
)  # fmt: skip
def test_the_next_article_is_no_next_page(url: str, target: str) -> None:
    """Sites mark the next article and the next list of articles with the same words."""
    assert not is_next_page(url, target, 1)


@pytest.mark.parametrize("filler", ["a", "a ", "a=", "a='", 'a="', "a = ", "- ", "\t", "&"])
def test_hostile_tags_cost_no_more_than_their_length(filler: str) -> None:
    """Two megabytes of tags made to be slow are read like any others."""
    tag = f"<link {filler * (3900 // len(filler))}>"
    page = (tag * 500).encode()
    assert alternate_urls(page, HERE) == AlternateUrls()
