"""Pictures and players around an article: its own stay, those of the page's chrome go."""

import re

import pytest

from reader.extract import extract

SENTENCES = (
    "The harbour froze for the first time in sixty years, and hardly anyone in town had skates that fitted.",
    "By noon the butcher had closed his shop, hung a lantern on the pier, and walked out to the second buoy.",
    "Children were told to stay within sight of the chapel, which is to say that they were told nothing at all.",
    "An engineer from the waterworks drilled eleven holes, measured each of them, and wrote the numbers down.",
)
TITLE = "The winter in which the harbour froze"
NAV = "".join(f"<li><a href='/s{n}'>Section {n}</a></li>" for n in range(12))


def images_of(
    *,
    above: str = "",
    lead: str = "",
    inside: str = "",
    below: str = "",
    declared: str = "og:image",
) -> list[str]:
    """Return the image files and players of a page with these parts around its text."""
    first, *others = (f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = f"""<html><head><title>{TITLE}</title><meta property="{declared}" content="/card/frozen-pier.jpg"></head>
    <body><div id="header">{above}<ul class="nav">{NAV}</ul></div><div id="wrap"><h1>{TITLE}</h1>{lead}
    <div class="text">{first}{inside}{"".join(others)}</div>{below}</div>
    <div id="footer"><a href="/imprint">Imprint</a></div></body></html>"""
    markdown = extract(page.encode(), "https://pier.example/2026/ice").markdown
    return [link.rsplit("/", 1)[-1] for link in re.findall(r"\]\(([^()\s]+)", markdown)]


@pytest.mark.parametrize(
    "chrome",
    [
        "<a href='https://pier.example'><img src='/img/pier.png' width='300'></a>",
        "<img src='/img/town.png' alt='logo' width='300'>",
        "<div class='banner'><img src='/img/town.jpg' width='980' height='90'></div>",
        "<img src='/img/town.jpg' width='1200'>",
        "<a href='https://shop.example/skates?from=pier'><img src='/img/skates.jpg' width='400'></a>",
        "<iframe src='https://pier.example/menu.html' width='100%' height='42'></iframe>",
    ],
    ids=["home", "alt", "banner", "header", "advertisement", "frame"],
)
def test_pictures_of_the_page_header_go(chrome: str) -> None:
    """Logos, banners, advertisements and frames above the title are not the article's."""
    assert images_of(above=chrome) == []


@pytest.mark.parametrize(
    "chrome",
    [
        "<div class='share hidden'><div id='qrcode'><img src='/img/a7f3.png' alt='Scan me!'></div></div>",
        "<div class='author-box'><img src='/img/clerk.jpg' width='200'></div>",
        "<p><a href='https://social.example/sharer.php?u=x'><img src='/img/s.png'></a></p>",
        "<a href='javascript:window.print()'><img src='/img/paper.png'></a>",
        "<a href='#page-header'><img src='/img/up.gif' alt='top'></a>",
        "<p><img src='/img/preload.gif' alt='preload'></p>",
        "<div class='ad-slot'><img src='/img/skates.jpg' width='400'></div>",
        "<img src='https://count.example/c/54352' style='position:absolute; left:-9999px;'>",
        "<a href='https://www.smartadserver.com/call/1'><img src='https://www.smartadserver.com/call/2'></a>",
        "<iframe src='https://platform.social.example/widgets/tweet_button.html?url=x'></iframe>",
    ],
    ids=[
        "code",
        "author",
        "share",
        "print",
        "top",
        "stand-in",
        "slot",
        "counter",
        "server",
        "button",
    ],
)
def test_pictures_around_the_text_go(chrome: str) -> None:
    """Codes for phones, writers, buttons, stand-ins, advertisements and counters are chrome."""
    assert images_of(lead=chrome) == []
    assert images_of(below=chrome) == []


def test_a_picture_below_the_text_that_leads_elsewhere_goes() -> None:
    """A linked picture after the text is a teaser; one that opens a larger form of it stays."""
    teaser = "<a href='/2026/other'><img src='/img/other.jpg' width='600'></a>"
    assert images_of(below=teaser) == []
    larger = "<a href='/big/pier-large.jpg'><img src='/small/pier-large.jpg' width='600'></a>"
    assert images_of(inside=f"<p>{larger}</p>") == ["pier-large.jpg"] * 2


@pytest.mark.parametrize(
    "lead",
    [
        "<img src='/img/pier.jpg' width='900'>",
        "<figure><img src='/img/pier.jpg'></figure>",
        "<a href='/photo/77'><img src='/img/pier.jpg' width='900'></a>",
        "<div class='post-thumbnail'><img src='/img/pier.jpg'></div>",
    ],
    ids=["plain", "figure", "linked", "named"],
)
def test_the_picture_below_the_title_stays(lead: str) -> None:
    """What stands between title and text belongs to the article, linked or not."""
    assert "pier.jpg" in images_of(lead=lead)


@pytest.mark.parametrize(
    "hero",
    [
        "<div class='hero'><img src='/img/pier.jpg' width='1200' height='500'></div>",
        "<figure class='stage'><img src='/img/pier.jpg'></figure>",
        "<a href='/ice'><img src='/cdn/frozen-pier-1200x800.jpg?q=70' width='1200'></a>",
    ],
    ids=["named", "figure", "declared"],
)
def test_the_picture_above_the_title_stays(hero: str) -> None:
    """A figure, a picture named as the lead, and the one that the metadata declares are kept."""
    assert len(images_of(above=hero)) >= 1


@pytest.mark.parametrize("name", ["og:image", "og:image:secure_url", "twitter:image:src"])
def test_any_property_declares_the_picture(name: str) -> None:
    """The picture that a property of the metadata names is the article's."""
    hero = "<a href='/ice'><img src='/cdn/frozen-pier-1200x800.jpg?q=70' width='1200'></a>"
    assert "ice" in images_of(above=hero, declared=name)
    assert images_of(above=hero, declared="theme-color") == []


def test_pictures_within_the_text_stay() -> None:
    """Between two paragraphs only buttons and stand-ins go, whatever a picture leads to."""
    hotel = "<p><a href='https://hotel.example/'><img src='/img/hotel.jpg' width='500'></a></p>"
    assert "hotel.jpg" in images_of(inside=hotel)
    assert images_of(inside="<p><img src='/img/blank.gif'></p>") == []


def test_an_article_in_a_column_of_a_list_is_no_list() -> None:
    """Pages that lay out their columns as items of a list have paragraphs, not one long item."""
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = f"""<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>
    <ul class="columns"><li class="left">{paragraphs}</li>
    <li class="right"><a href="/a">First of the week</a><a href="/b">Second of the week</a></li></ul></body></html>"""
    markdown = extract(page.encode(), "https://pier.example/2026/ice").markdown
    assert markdown.startswith(SENTENCES[0])
