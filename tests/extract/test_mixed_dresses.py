"""Forms of article, labels, cards and interruptions in many combinations, each page clean."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import escape
from itertools import cycle, islice

import pytest

from reader.extract import extract
from tests.extract.dresses import ARTICLE, REST, SITE, Card, page
from tests.extract.test_dresses import plain

ARTICLES: dict[str, Callable[[str, int], str]] = {
    "paragraphs": lambda text, _: f"<p>{text}</p>",
    "numbered classes": lambda text, number: f'<div class="t{number}">{text}</div>',
    "made-up names": lambda text, number: (
        f'<div class="sc-{number} kx{7 * number}"><span>{text}</span></div>'
    ),
    "custom elements": lambda text, _: f"<x-para>{text}</x-para>",
    "blocks of spans": lambda text, _: f'<span style="display:block">{text}</span>',
    "preformatted": lambda text, _: f"{text}\n\n",
}
LABELS: dict[str, str] = {
    "heading": "<h3>{}</h3>",
    "plain box": "<div>{}</div>",
    "bold paragraph": "<p><strong>{}</strong></p>",
    "bold by style": '<div style="font-weight:bold">{}</div>',
    "role": '<div role="heading" aria-level="2">{}</div>',
    "with a link to all": '<h3><a href="/all">{}</a> <a href="/all">See all</a></h3>',
    "counted": "<h2>{} (3)</h2>",
}
CARDS: dict[str, str] = {
    "age last": '<div><h4><a href="{path}">{title}</a></h4>{text}<div><span>{source}</span><span>{age}</span></div></div>',
    "one link": '<a href="{path}"><div><span>{source}</span><span>{age}</span></div><div>{title}</div>{text}</a>',
    "flat": '<p><b>{source}</b> {age}</p><h3><a href="{path}">{title}</a></h3>{text}',
    "title first": '<div><a href="{path}">{title}</a><p>{source} | {age}</p>{text}</div>',
    "list": '<li><a href="{path}"><h4>{title}</h4></a>{text}<small>{source}, {age}</small></li>',
    "boxes": '<div><div>{source}</div><div>{age}</div><div><a href="{path}">{title}</a></div>{text}</div>',
}
AGES = (
    ("an hour ago", "yesterday", "last week"),
    ("Mon 19 May", "Sun 18 May", "Sat 17 May"),
    ("19/05/2025", "18/05/2025", "17/05/2025"),
    ("May 19, 2025", "May 18, 2025", "17 May 2025"),
)
FIELDS: dict[str, str] = {
    "between source and age": '<div><div>{source}</div><a href="{path}"><span>{title}</span></a><time>{age}</time><p>{text}</p></div>',
    "all headings": '<div><h6>{source}</h6><h5><a href="{path}">{title}</a></h5><h6>{age}</h6><p>{text}</p></div>',
    "with an author": '<div><h3><a href="{path}">{title}</a></h3><p>{source}</p><p>By Anna Berg</p><time>{age}</time><p>{text}</p></div>',
    "with names of fields": '<dl><dt>Source</dt><dd>{source}</dd><dt>Published</dt><dd>{age}</dd><dt>Title</dt><dd><a href="{path}">{title}</a></dd><dd><p>{text}</p></dd></dl>',
    "in brackets": '<p><a href="{path}">{title}</a> ({source}, {age})</p><p>{text}</p>',
    "one line of spans": '<div><span>{source}</span><span>{age}</span><a href="{path}">{title}</a><p>{text}</p><button>Save</button><button>Share</button></div>',
    "behind a dash": '<div>• <a href="{path}">{title}</a> — {source}, {age}</div>',
}
INTERRUPTIONS = (
    "<div>ADVERTISEMENT</div>",
    "<p>Share on Facebook | Share on X | Print</p>",
    "<div><span>Share on Facebook</span><span>Share on LinkedIn</span><span>Copy link</span></div>",
    "<p>Sign up for our daily newsletter</p>",
    '<p><b>READ MORE:</b> <a href="/x">How the ferry towns built their first cold store</a></p>',
    '<aside><h4>READ MORE</h4><p><a href="/x">A short history of ice on the northern canals</a></p></aside>',
)
PLACES = ("below", "above", "between")
COMMENTS = (
    "<li><b>reader{}</b> <time>2 hours ago</time><p>The writer forgets that the town has no purse of"
    " its own, so that its promises bind nobody and least of all the people who lend to it.</p>"
    '<a href="#">Reply</a></li>'
)
NEVER = ("ADVERTISEMENT", "Share on", "Copy link", "newsletter", "READ MORE", "no purse of its own")


def sections(label: str, card: str, *, with_comments: bool) -> str:
    """Return the sections around an article, in boxes of their own."""
    words = ARTICLE.words
    posts = "".join(COMMENTS.format(number) for number in range(6))
    parts = [
        (words.comments, posts if with_comments else f"<p>{words.no_comments}</p>"),
        (words.related, "".join(cards(card))),
        (words.tags, f"<p>{' '.join(ARTICLE.hashtags)}</p>"),
        (words.promotion, f"<p>{words.offer}</p>"),
    ]
    return "".join(f"<div>{label.format(name)}{inside}</div>" for name, inside in parts)


def cards(form: str) -> list[str]:
    """Return the related articles, each with its whole text."""

    def written(card: Card) -> str:
        text = "".join(f"<p>{escape(part)}</p>" for part in (card.teaser, *REST))
        return form.format(
            path=card.path, title=escape(card.title), source=card.source, age=card.age, text=text
        )

    return [written(card) for card in ARTICLE.cards]


def combinations() -> list[tuple[str, str, str, str, int]]:
    """Return a form of each kind for every page; the lengths differ, so that pairs do, too."""
    forms = zip(cycle(ARTICLES), cycle(LABELS), cycle(CARDS), cycle(PLACES), strict=False)
    return [(*forms_of_page, at) for at, forms_of_page in enumerate(islice(forms, 42))]


@pytest.mark.parametrize(("article", "label", "card", "place", "number"), combinations())
def test_an_article_is_clean_in_mixed_forms(
    article: str, label: str, card: str, place: str, number: int
) -> None:
    """Whole related articles, comments, buttons and offers go; every paragraph stays."""
    paragraphs = [ARTICLES[article](escape(text), at) for at, text in enumerate(ARTICLE.paragraphs)]
    if article == "preformatted":
        body = f"<pre>{''.join(paragraphs)}</pre>"
        place = "below"
    else:
        paragraphs.insert(2 + number % 5, INTERRUPTIONS[number % len(INTERRUPTIONS)])
        body = "".join(paragraphs)
    around = sections(LABELS[label], CARDS[card], with_comments=number % 3 == 0)
    title = f"<h1>{escape(ARTICLE.title)}</h1>"
    if place == "between":
        half = len(paragraphs) // 2
        list_ = (
            f"<div>{LABELS[label].format('Related Articles')}{''.join(cards(CARDS[card]))}</div>"
        )
        html = title + "".join((*paragraphs[:half], list_, *paragraphs[half:]))
    else:
        html = f"<div>{around}</div><div>{title}{body}</div>"
        html = html if place == "above" else f"<article>{title}{body}</article><div>{around}</div>"
    found = extract(page(ARTICLE, html), f"{SITE}/read")
    text = plain(found.markdown)
    at = 0
    for paragraph in ARTICLE.paragraphs:
        at = text.index(plain(paragraph), at) + 1
    words = ARTICLE.words
    for chrome in (*NEVER, words.offer, words.no_comments, words.promotion, REST[-1][-40:]):
        assert plain(chrome).casefold() not in text.casefold()
    related = [(one.title, one.source, one.age) for one in found.related]
    assert {(one.title, one.source, one.age) for one in ARTICLE.cards} <= set(related)
    assert not re.search(r"(?mi)^#* *\**(?:hashtags|comments|related articles)", found.markdown)


@pytest.mark.parametrize("ages", AGES, ids=["words", "weekdays", "numbers", "days"])
@pytest.mark.parametrize("form", FIELDS)
def test_the_fields_of_a_card_are_told_apart(form: str, ages: tuple[str, ...]) -> None:
    """Source, age and title, in any order and with other fields between them."""
    related = [replace(card, age=age) for card, age in zip(ARTICLE.cards, ages, strict=True)]
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in ARTICLE.paragraphs)
    inside = "".join(
        FIELDS[form].format(
            path=one.path, title=escape(one.title), source=one.source, age=one.age, text=one.teaser
        )
        for one in related
    )
    html = f"<article><h1>{escape(ARTICLE.title)}</h1>{text}</article><div><h3>Related Articles</h3>{inside}</div>"
    found = extract(page(ARTICLE, html), f"{SITE}/read").related
    assert [(one.title, one.source, one.age, one.url) for one in found] == [
        (one.title, one.source, one.age, f"{SITE}{one.path}") for one in related
    ]


LINKED_CARD = (
    '<a href="{path}"><div><span>{source}</span><span>{age}</span><p>{title}</p></div></a>{text}'
)
ADJOINING: dict[str, str] = {
    "related below no comments": "<aside><section><h5>Discussion</h5><p>No comments yet</p></section>"
    "<div><h2>More from Quayside</h2>{cards}</div></aside>",
    "a heading below the cards": "<aside><section><h2>Related Articles</h2>{bare}</section>"
    "<h4>In this article</h4><p>#Harbours, #Libraries</p></aside>",
    "a label of buttons": "<x-box><strong>Filed under</strong><br><button>Harbours</button>"
    "<button>Libraries</button></x-box><section><p><b>Related Articles</b></p>{cards}</section>",
}
"""Sections that nothing but their labels parts: with whole related articles, or their titles."""


@pytest.mark.parametrize("article", ["paragraphs", "lines"])
@pytest.mark.parametrize("form", ADJOINING)
def test_adjoining_sections_are_told_apart(form: str, article: str) -> None:
    """Related articles are found below other sections, and no label stays."""
    whole = "".join(cards(LINKED_CARD))
    bare = "".join(
        LINKED_CARD.format(
            path=one.path, title=escape(one.title), source=one.source, age=one.age, text=""
        )
        for one in ARTICLE.cards
    )
    texts = (
        (f"<p>{escape(text)}</p>" if article == "paragraphs" else f"{escape(text)}<br><br>")
        for text in ARTICLE.paragraphs
    )
    around = ADJOINING[form].format(cards=whole, bare=bare)
    html = f"<div><h1>{escape(ARTICLE.title)}</h1>{''.join(texts)}{around}</div>"
    found = extract(page(ARTICLE, html), f"{SITE}/read")
    assert plain(found.markdown).endswith(plain(ARTICLE.paragraphs[-1]))
    assert [(one.title, one.source, one.age) for one in found.related] == [
        (one.title, one.source, one.age) for one in ARTICLE.cards
    ]


FIGURE = '<figure><img src="/hall.jpg" alt=""><figcaption>The ticket hall in March, with both stoves lit</figcaption></figure>'


@pytest.mark.parametrize("article", ["paragraphs", "lines"])
def test_parts_of_an_article_stay_beside_advertisements_and_comments(article: str) -> None:
    """A picture stays in the container of whole related articles, a heading above an offer."""
    texts = [
        f"<p>{escape(text)}</p>" if article == "paragraphs" else f"{escape(text)}<br><br>"
        for text in ARTICLE.paragraphs
    ]
    texts.insert(6, "<h3>Soup and bus tickets</h3><div>ADVERTISEMENT</div>")
    texts.insert(3, FIGURE)
    posts = "".join(COMMENTS.format(number) for number in range(6))
    comments = f"<div><span>Conversation</span><ol>{posts}</ol></div>"
    related = f"<h3>Related Articles</h3>{''.join(cards(CARDS['flat']))}"
    html = f"<div><h1>{escape(ARTICLE.title)}</h1>{''.join(texts)}{comments}{related}</div>"
    found = extract(page(ARTICLE, html), f"{SITE}/read").markdown
    text = plain(found)
    ends = [text.index(plain(paragraph)) for paragraph in ARTICLE.paragraphs]
    assert ends == sorted(ends)
    assert f"]({SITE}/hall.jpg)" in found
    assert "The ticket hall in March, with both stoves lit" in text
    assert "# Soup and bus tickets" in found
    for chrome in ("ADVERTISEMENT", "no purse of its own", "Conversation", REST[-1][-40:]):
        assert plain(chrome) not in text


OFFERS = {
    "de": (
        "Probieren Sie unsere KI-Funktionen",
        "Stellen Sie der KI Fragen zu diesem Artikel, lassen Sie ihn kürzen oder sich vorlesen.",
    ),
    "fr": (
        "Essayez nos fonctions d’IA",
        "Interrogez l’IA sur cet article, résumez-le ou écoutez-le dans votre langue préférée.",
    ),
    "zh": ("试用我们的AI功能", "就这篇文章向AI提问，获取摘要，或者用你的语言收听。"),
    "hi": ("हमारी AI सुविधाएँ आज़माएँ", "इस लेख के बारे में AI से पूछें या अपनी भाषा में सुनें।"),
}


@pytest.mark.parametrize("language", OFFERS)
def test_paragraph_of_an_offer_goes_with_its_label(language: str) -> None:
    """A page without containers has only the words to tell it from the article."""
    label, offer = OFFERS[language]
    texts = "".join(f"<div>{escape(text)}</div>" for text in ARTICLE.paragraphs[:3])
    html = (
        f"<div>{texts}<p>{label}</p><div>{offer}</div><p>Comments</p><p>No comments yet</p></div>"
    )
    text = plain(extract(page(ARTICLE, html), f"{SITE}/read").markdown)
    assert plain(ARTICLE.paragraphs[2]) in text
    assert label not in text
    assert plain(offer) not in text


def test_chapter_about_an_offer_stays() -> None:
    """It has more than one paragraph."""
    texts = [f"<p>{escape(text)}</p>" for text in ARTICLE.paragraphs]
    poster = (
        "That is what a poster beside the stove says, though the library's AI is a girl of twelve"
        " who reads aloud on Saturdays, and who answers questions about the tide for a biscuit."
    )
    chapter = f"<h3>Try our AI features</h3><p>{poster}</p>"
    html = f"<div>{''.join(texts[:2])}{chapter}{''.join(texts[2:])}</div>"
    text = plain(extract(page(ARTICLE, html), f"{SITE}/read").markdown)
    assert f"Try our AI features {poster}" in text


CHINESE = (
    "渡口的旧候船室周一重新开门，里面摆着九千本书和两只炉子。",
    "管理员说，冬天来看书的人比从前等船的人还要多。",
    "镇上没有为此花钱，书架是修船厂的学徒用旧甲板做的。",
    "每个星期天，老船长在窗边讲灯塔和风暴的故事，听的人坐满了台阶。",
    "市长说，明年春天还要修好候船室后面的小花园和长椅。",
    "桥头的孩子们每天放学后轮流往炉子里添柴，再把门锁好。",
)


def test_short_sentences_without_spaces_are_text() -> None:
    """An article of few characters is one in Chinese, and its sections go."""
    texts = "".join(f"<p>{text}</p>" for text in CHINESE)
    html = (
        f"<div>{texts}<p>评论</p><p>暂无评论</p><p>相关文章</p><ul><li><p>海岸报 · 3小时前</p>"
        "<p><b>开往北岛的渡轮停航</b></p><p>由于风暴，渡轮在周三之前不会出发，公司周日宣布。</p></li>"
        "<li><p>晚报 · 2天前</p><p><b>博物馆展出古地图</b></p><p>广场上的博物馆展出一百多幅地图，许多是首次。</p></li></ul></div>"
    )
    found = extract(f"<meta charset=utf-8><title>渡口的书</title>{html}".encode())
    assert plain(found.markdown) == " ".join(CHINESE)
    assert [one.title for one in found.related] == ["开往北岛的渡轮停航", "博物馆展出古地图"]


@pytest.mark.parametrize("data", ["ld+json", "script"])
def test_short_article_without_spaces_in_data(data: str) -> None:
    """A page that shows nothing has its Chinese article in JSON."""
    if data == "ld+json":
        value = {
            "@type": "NewsArticle",
            "headline": "渡口的书",
            "articleBody": "\n\n".join(CHINESE),
        }
        script = f'<script type="application/ld+json">{json.dumps(value)}</script>'
    else:
        post = {"title": "渡口的书", "body": [{"text": one} for one in CHINESE]}
        props = json.dumps({"props": {"post": post}})
        script = f'<script id="__NEXT_DATA__" type="application/json">{props}</script>'
    html = f"<meta charset=utf-8><title>渡口的书</title><div id=app></div>{script}"
    assert plain(extract(html.encode()).markdown) == " ".join(CHINESE)


@pytest.mark.parametrize("card", ["age last", "flat", "boxes"])
def test_brief_article_among_its_sections(card: str) -> None:
    """Two paragraphs are an article if hashtags, comments and related articles stand below."""
    texts = ARTICLE.paragraphs[0][:150], ARTICLE.paragraphs[1][:120]
    body = "".join(f"<p>{escape(text)}</p>" for text in texts)
    around = sections("<h3>{}</h3>", CARDS[card], with_comments=False)
    html = f"<h1>{escape(ARTICLE.title)}</h1>{body}{around}"
    found = extract(page(ARTICLE, html), f"{SITE}/read")
    text = plain(found.markdown)
    assert text.startswith(plain(texts[0]))
    assert plain(texts[1]) in text
    assert len(found.related) == len(ARTICLE.cards)
    for label in (ARTICLE.words.comments, ARTICLE.words.related, ARTICLE.words.tags):
        assert f"# {label}" not in text
