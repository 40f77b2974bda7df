"""What extraction removes inside an article is listed with its rule."""

from reader.extract.pipeline import extract

PROSE = (
    "The harbour office kept a ledger in which every barge was written down twice, once on arrival "
    "and once when it left, and the clerks compared both columns at the end of each month."
)


def removed(inside: str) -> list[tuple[str, str]]:
    page = (
        f"<html><head><title>Ledger</title></head><body><article><h1>Ledger</h1><p>{PROSE}</p>"
        f"{inside}<p>{PROSE.replace('harbour', 'lock')}</p></article>"
        "<nav><p>Home of the office</p></nav></body></html>"
    )
    return [(one.rule, one.text) for one in extract(page.encode(), "https://a.example/").removed]


def test_removed_texts_have_their_rule() -> None:
    """Titles, permalinks, labels of code and chrome are named; text outside the article is not."""
    found = removed(
        '<h2>Gate <a class="anchor" href="#g">#</a></h2><p>It hangs from its upper edge, so that '
        "the water pushes it open without help at every tide.</p><p>Share this article</p>"
    )
    assert ("title or byline", "Ledger") in found
    assert ("permalink", "#") in found
    assert any(text == "Share this article" for _, text in found)
    assert not any("Home of the office" in text for _, text in found)


def test_an_article_without_chrome_loses_its_title_only() -> None:
    """Nothing else is listed for plain paragraphs."""
    assert removed("") == [("title or byline", "Ledger")]
