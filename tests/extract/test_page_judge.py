"""A page is one article or something else; what else it is decides how much unsure text stays."""

import math

import pytest
from lxml.html import document_fromstring

from reader.extract import extract
from reader.extract.content import page_judge, page_lines, selector
from reader.extract.content.page_words import PAGE_WORDS, page_words
from reader.extract.content.segmenter import segment
from reader.extract.input.html_parser import parse
from reader.model.article import Article


def test_certain_chances_promise_a_perfect_choice() -> None:
    assert page_judge.expected_f1([40, 10, 30], [1.0, 0.0, 1.0]) == pytest.approx(1.0)


def test_doubt_lowers_the_expected_f1() -> None:
    doubtful = page_judge.expected_f1([40, 40, 40], [0.5, 0.5, 0.5])
    assert doubtful == pytest.approx(2 * 60 / (120 + 60))
    assert page_judge.expected_f1([], []) == 0.0


def test_the_threshold_of_other_pages_is_half_the_expected_f1() -> None:
    bias = page_judge.keep_bias([40, 40, 40], [0.5, 0.5, 0.5], is_article=False)
    assert 1 / (1 + math.exp(-bias)) == pytest.approx(1 / 3)
    assert page_judge.keep_bias([40], [0.5], is_article=True) == page_judge.ARTICLE_BIAS


@pytest.mark.parametrize("chances", [[0.0, 0.0], [1.0, 1.0]])
def test_the_threshold_stays_within_its_bounds(chances: list[float]) -> None:
    bias = page_judge.keep_bias([10, 10], chances, is_article=False)
    assert 0.01 < 1 / (1 + math.exp(-bias)) < 0.5


def test_the_user_is_reported_what_was_saved_of_other_pages() -> None:
    """An article needs no word; a page that was cut says that first."""
    article = Article("The pier", "It froze.", 2)
    assert article.remark == ""
    for kind in ("thread", "listing", "product", "page"):
        assert "the page" in Article("Boards", "Post.", 1, page_type=kind).remark
    assert "left out" in Article("Boards", "Post.", 1, page_type="thread", cut=True).remark


def test_the_words_of_a_shop_are_counted_by_line() -> None:
    cards = "".join(
        f"<div class='card'><h3><a href='/{number}'>Brass clock number {number} with a long name</a></h3><p>€{number}.90</p><button>Add to cart</button><p>Free shipping, in stock</p></div>"
        for number in range(5)
    )
    found = segment(document_fromstring(f"<div>{cards}<p>Since 1912, 4 reviews</p></div>"))
    numbers = page_words(found.blocks, found.boxes, [0] * len(found.blocks))
    named = dict(zip(PAGE_WORDS, numbers, strict=True))
    assert named["lines_price"] == pytest.approx(math.log1p(5))
    assert named["lines_shop"] == pytest.approx(math.log1p(5))
    assert named["lines_rating"] == named["lines_date"] == pytest.approx(math.log1p(1))
    assert named["item_count"] == 5
    assert named["headline_links"] == pytest.approx(5 / len(found.blocks))
    assert len(page_words([], [], [])) == len(PAGE_WORDS)


def test_the_description_of_a_product_is_shown_though_the_page_hides_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Shops load the description after a click; JSON-LD has it."""
    description = (
        "A clock that strikes thirteen at noon. The case is of cherry wood, the dial of enamelled copper;"
        " it runs for eight days, and the hammer can be lifted off at night without stopping the works."
    )
    data = f'{{"@context":"https://schema.org","@type":"Product","name":"Clock","description":"{description}","offers":{{"@type":"Offer","price":"249.90"}}}}'
    rows = "".join(
        f"<div class='option'><span>Option {number}</span><span>€{number}49.90</span><button>Add to cart</button></div>"
        for number in range(1, 7)
    )
    page = (
        "<!DOCTYPE html><html><head><title>Clock | Bells</title><meta property='og:type' content='product'>"
        f"<script type='application/ld+json'>{data}</script></head><body><h1>Clock</h1><p>€249.90</p><p>In stock, 12 reviews</p>"
        f"<div class='options'>{rows}</div><h2>Delivery</h2><p>Free shipping within four days.</p></body></html>"
    )
    monkeypatch.setattr(selector, "other_chance", lambda _seen, _chances: 0.9)
    article = extract(page.encode(), "https://shop.example/product/clock")
    assert article.page_type == "product"
    assert article.markdown.startswith(description)


REVIEW = "I bought it for my mother, who has waited for a clock like this for ten years and is very happy."


@pytest.mark.parametrize(
    "reviews",
    [
        f"<div class='product-reviews'><p>{REVIEW}</p><p>Ida, {REVIEW}</p></div>",
        f"<h2>12 Reviews</h2><h3>Wonderful</h3><p>{REVIEW}</p><h3>Too loud</h3><p>{REVIEW}</p>",
        f"<h2>Customer reviews (12)</h2><div><p>{REVIEW}</p></div>",
        f"<h2>Kundenbewertungen</h2><p>{REVIEW}</p>",
    ],
)
@pytest.mark.parametrize("other", [0.1, 0.9])
def test_reviews_of_a_product_are_left_out(
    monkeypatch: pytest.MonkeyPatch, reviews: str, other: float
) -> None:
    """They are its comments; the description above and the section below stay."""
    description = (
        "The case is of cherry wood, the dial of enamelled copper; it runs for eight days, and the hammer"
        " can be lifted off at night without stopping the works, as the clockmaker at the pier advises."
    )
    page = (
        "<!DOCTYPE html><html><head><title>Clock | Bells</title><meta property='og:type' content='product'>"
        '<script type="application/ld+json">{"@type": "Product", "mainEntity": {"@type": "Question"}}</script>'
        f"</head><body><main><h1>Clock</h1><p>{description}</p>{reviews}<h2>Care</h2>"
        f"<p>{description.replace('case', 'key')}</p></main></body></html>"
    )
    monkeypatch.setattr(selector, "score", lambda seen: [0.9] * len(seen.blocks))
    monkeypatch.setattr(selector, "other_chance", lambda _seen, _chances: other)
    article = extract(page.encode(), "https://shop.example/product/clock")
    assert description in article.markdown
    assert "## Care" in article.markdown
    assert "my mother" not in article.markdown
    assert any(one.rule == "reviews" for one in article.removed)


PARAGRAPHS = (
    "The clock in the tower of Saint Oswin has struck thirteen at noon since the flood of last spring. Nobody in the town was sure at first, because the last stroke is softer.",
    "The clockmaker took the wheels apart on Monday, cleaned every tooth, and found nothing that was broken. On Tuesday he put them together again, and on Wednesday it struck thirteen.",
    "He says that a grain of sand sits behind the plate, and that the plate can only be lifted in summer, when the metal is warm and the tower is dry enough for the long ladder.",
    "Until then the council asks the schools to count to twelve and to begin the lessons at once. The ferry has been told as well, and leaves with the twelfth stroke as before.",
)
LINKED = "<h2><a href='/news/3.html'>The bridge is closed for repairs again</a></h2>"


@pytest.mark.parametrize(
    ("between", "is_article"),
    [("", True), ("<h2>The next day</h2>", False), (LINKED, False)],
)
def test_paragraphs_in_a_row_are_an_article_at_any_address(between: str, is_article: bool) -> None:
    """A front page has a title above each paragraph; a page saved as "/" may be one article."""
    text = between.join(f"<p>{one}</p>" for one in PARAGRAPHS)
    page = parse(f"<body><h1>Thirteen strokes</h1>{text}<p><b>Related links:</b></p>{LINKED}")
    lines = page_lines.read_lines(page.root, ["Thirteen strokes"], "https://oswin.example/")
    assert lines.is_article() is is_article


CONSENT = "".join(
    f"<h4>{kind} Cookies</h4><p>These cookies are set by our partners. They may be used to build a profile of your interests and to show you relevant content on other sites, and they work by identifying your device.</p>"
    for kind in ("Targeting", "Functional", "Performance", "Social Media")
)


@pytest.mark.parametrize(
    "names",
    [
        'id="onetrust-consent-sdk"',
        'id="CybotCookiebotDialog"',
        'class="x cc-window"',
        'class="layer gdpr-overlay"',
        'id="cookie-banner"',
    ],
)
def test_short_posts_are_not_lost_to_the_dialog_about_cookies(names: str) -> None:
    """The words of a program that asks for consent are no text, however many they are."""
    posts = "".join(
        f"<div class='msg'><b>{name}</b><div class='msg_text'>{text}</div></div>"
        for name, text in (("Ada", "It strikes thirteen."), ("Bo", "Mine, too."), ("Cy", "Oil it."))
    )
    page = f"<!doctype html><title>A clock</title><body><h1>A clock</h1>{posts}<div {names}>{CONSENT}</div>"
    text = extract(page.encode(), "https://clocks.example/boards/12-a-clock").markdown
    assert "Oil it." in text
    assert "ookies" not in text


def test_a_dialog_about_cookies_that_is_never_closed_hides_no_article() -> None:
    """Only a part of the page can be a dialog."""
    text = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    page = f"<!doctype html><title>A clock</title><body><div class='cookie-banner'><div><p>We use cookies.</p><h1>A clock</h1>{text}"
    assert PARAGRAPHS[-1] in extract(page.encode(), "https://clocks.example/12").markdown


def test_signatures_of_posts_are_left_out() -> None:
    """A thread has the posts, and not the motto that stands below each of them."""
    posts = "".join(
        f"<div class='msg'><b>{name}</b><div class='body'><p>{text}</p></div><div class='sig_text'>Time flies like an arrow, says the owl of the tower.</div></div>"
        for name, text in zip(("Ada", "Bo", "Cy", "Dee"), PARAGRAPHS, strict=True)
    )
    page = f"<!doctype html><title>A clock</title><body><h1>A clock</h1>{posts}"
    text = extract(page.encode(), "https://forum.clocks.example/threads/a-clock").markdown
    assert all(one in text for one in PARAGRAPHS)
    assert "owl" not in text
