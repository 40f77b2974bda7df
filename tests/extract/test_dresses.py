"""One article comes out clean, whatever markup a site gives it and whatever it puts around it."""

import json
import re

import pytest

from reader.extract import extract
from reader.model.article import Article
from tests.extract.articles_abroad import ARTICLES
from tests.extract.dresses import (
    ARTICLE,
    DRESSES,
    IN_OTHER_WORDS,
    NEVER,
    SITE,
    TAGLESS,
    UNLISTED_FIRST,
    WITHOUT_ADDRESSES,
    Content,
    reworded,
)
from tests.extract.more_dresses import MORE

_FILES = tuple(
    name
    for name in DRESSES
    if name.startswith(("text_", "markdown_", "web_", "feed_")) or name.endswith("_text")
)


def plain(text: str) -> str:
    """Return Markdown as words with single spaces, quotation marks straight."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = text.translate(str.maketrans("‘’“”", "''\"\""))
    return re.sub(r"[\s\\*_]+", " ", text).strip()


def read(name: str, content: Content) -> Article:
    """Extract a dress as it would be added: a page by its address, a file without one."""
    return extract(DRESSES[name](content), None if name in _FILES else f"{SITE}/read")


def assert_clean(name: str, content: Content, article: Article) -> None:
    """Fail if a paragraph is missing, chrome is left, or a related article is not split off."""
    assert plain(article.title) == content.title
    body = plain(article.markdown)
    at = 0
    for paragraph in content.paragraphs:
        at = body.index(plain(paragraph), at) + len(plain(paragraph))
    words = content.words
    labels = {words.tags, words.promotion, words.comments, words.related}
    lines = {plain(line).strip("# ").casefold() for line in article.markdown.split("\n")}
    assert not {label.casefold() for label in labels} & lines
    teasers = [card.teaser[-40:] for card in content.cards]
    for chrome in (*NEVER, words.offer, words.no_comments, words.promotion, *teasers):
        assert plain(chrome).casefold() not in body.casefold()
    found = [(one.title, one.source, one.age) for one in article.related]
    assert found == [(card.title, card.source, card.age) for card in content.cards]
    if name not in WITHOUT_ADDRESSES and name != "marked_text":
        assert [one.url for one in article.related] == [SITE + card.path for card in content.cards]
    if name not in TAGLESS:
        assert {tag.casefold() for tag in article.tags} >= {
            tag[1:].casefold() for tag in content.hashtags
        }


@pytest.mark.parametrize("name", DRESSES)
def test_an_article_is_clean_in_every_dress(name: str) -> None:
    """Headings, bold lines, tables, spans, frames, shadow roots, script data, text, Markdown."""
    assert_clean(name, ARTICLE, read(name, ARTICLE))


@pytest.mark.parametrize("name", MORE)
def test_an_article_is_clean_in_more_dresses(name: str) -> None:
    """Drawings, frames, JSON files, state in the notations of frameworks, marked text."""
    url = None if name in ("json_feed", "api_answer", "viewed_markdown", "marked_text") else SITE
    for content in (ARTICLE, ARTICLES["zh"], ARTICLES["hi"]):
        assert_clean(name, content, extract(MORE[name](content), url and f"{url}/read"))


@pytest.mark.parametrize("language", ARTICLES)
def test_articles_in_other_scripts_are_clean(language: str) -> None:
    """Marks of Indic scripts, text from right to left, and articles of four short paragraphs."""
    first = list(ARTICLES).index(language)
    for name in [*DRESSES][first :: len(ARTICLES)]:
        # A text browser's dump shows its width only where more lines are wrapped.
        if not (language == "zh" and name == "text_browser"):
            assert_clean(name, ARTICLES[language], read(name, ARTICLES[language]))


@pytest.mark.parametrize("wording", IN_OTHER_WORDS)
def test_labels_are_known_in_other_words_and_languages(wording: str) -> None:
    """The same dresses, labelled as other sites and other languages do it."""
    words, ages = IN_OTHER_WORDS[wording]
    content = reworded(ARTICLE, words, ages, wording if len(wording) == 2 else "en")
    for name in DRESSES:
        if not (wording == "unlisted" and name in UNLISTED_FIRST):
            assert_clean(name, content, read(name, content))


def test_without_hashtags_the_empty_label_goes() -> None:
    """A label with nothing below it, as sites print it for articles without hashtags."""
    from dataclasses import replace

    content = replace(ARTICLE, hashtags=())
    for name in ("bold_lines", "text_dump", "headings"):
        article = read(name, content)
        assert_clean(name, content, article)


@pytest.mark.parametrize(
    ("label", "following"),
    [
        ("Discussion", "The results agree with what the pilots had said all along, and they leave"),
        (
            "Topics",
            "Four topics were raised by the council in its meeting of last Tuesday, and all",
        ),
        (
            "Related work",
            "Others have measured the same strait with ropes and with lead, but none of",
        ),
        (
            "3. AI-Powered Catering",
            "The kitchen orders its fish by a model that was trained on tides and",
        ),
    ],
)
def test_a_chapter_of_the_article_is_no_section(label: str, following: str) -> None:
    """Headings worded like labels stay, with the text that follows them."""
    text = (
        f"{following} of it is written down in the harbour book, which anyone may read on a Sunday."
    )
    body = "".join(f"<p>{paragraph}</p>" for paragraph in ARTICLE.paragraphs)
    page = f"<html><body><article><h1>{ARTICLE.title}</h1>{body}<h2>{label}</h2><p>{text}</p><p>{text}</p></article></body></html>"
    markdown = extract(page.encode()).markdown
    assert label in markdown.replace("\\", "")
    assert markdown.count(following) == 2


def test_the_text_after_a_box_of_cards_is_the_article() -> None:
    """A box of related articles in the first paragraph, as old news sites have it."""
    cards = "".join(
        f"<li><a href='{card.path}'>{card.title}</a><p><em>{card.source} - 39 mins ago</em></p></li>"
        for card in ARTICLE.cards
    )
    first, *rest = ARTICLE.paragraphs
    body = "".join(f"<p>{paragraph}</p>" for paragraph in rest)
    page = f"""<html><body><h1>{ARTICLE.title}</h1><div class="content"><div><div class="box"><div><h3>Related Content</h3></div>
    <div><ul>{cards}</ul></div></div></div>{first}{body}</div></body></html>"""
    article = extract(page.encode(), "https://pier.example/a")
    assert article.markdown.startswith(first)
    assert [one.title for one in article.related] == [card.title for card in ARTICLE.cards]


def test_a_chapter_with_subchapters_is_no_section_of_comments() -> None:
    """A paper's "Discussion" may begin with a heading of a lower level."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in ARTICLE.paragraphs)
    page = f"""<html><body><article><h1>{ARTICLE.title}</h1>{body}<h2>Discussion</h2><h3>Limits</h3>
    <p>The tide was measured at one pier only, and never in winter, as the keeper himself admits.</p></article></body></html>"""
    assert "## Discussion\n\n### Limits\n\nThe tide was" in extract(page.encode()).markdown


def test_a_list_of_links_between_paragraphs_ends_where_the_text_goes_on() -> None:
    """The paragraph after an inserted list of related articles is the article's."""
    first, second, third, *rest = (f"<p>{text}</p>" for text in ARTICLE.paragraphs)
    cards = "".join(f"<a href='{card.path}'><p>{card.title}</p></a>" for card in ARTICLE.cards)
    body = f"{''.join(rest)}{first}<h4>Read more</h4>{cards}{second}<h3>Who pays?</h3>{third}"
    page = f"<html><body><article><h1>A pier</h1>{body}</article></body></html>"
    article = extract(page.encode(), f"{SITE}/read")
    for text in ARTICLE.paragraphs:
        assert plain(text) in plain(article.markdown)
    assert "### Who pays?" in article.markdown
    assert [one.title for one in article.related] == [card.title for card in ARTICLE.cards]


@pytest.mark.parametrize("label", ["<h3>Related articles</h3>", "<p><b>Read also</b></p>"])
@pytest.mark.parametrize("place", [2, 6])
def test_a_list_with_ages_between_paragraphs_ends_where_the_text_goes_on(
    label: str, place: int
) -> None:
    """The paragraph after several cards is no teaser of the last one."""
    cards = "".join(
        f"<div><a href='{card.path}'>{card.title}</a> <span>{card.age}</span></div>"
        for card in ARTICLE.cards
    )
    parts = [f"<p>{text}</p>" for text in ARTICLE.paragraphs]
    body = "".join((*parts[:place], label, cards, *parts[place:], "<p>Updated 5 hours ago</p>"))
    page = f"<html><body><article><h1>A pier</h1>{body}</article></body></html>"
    article = extract(page.encode(), f"{SITE}/read")
    for text in ARTICLE.paragraphs:
        assert plain(text) in plain(article.markdown)
    assert [one.title for one in article.related] == [card.title for card in ARTICLE.cards]


def test_a_list_above_the_text_does_not_take_short_paragraphs() -> None:
    """Lines without link and age in a row are text, though each says little in bytes."""
    lines = "".join(
        f"<p>第{number}天我们沿着河走到老磨坊，水还没有结冰。</p>" for number in range(1, 31)
    )
    cards = "".join(f"<li><a href='/a{n}'>磨坊的故事第{n}集</a></li>" for n in range(3))
    page = f"<html lang=zh><head><title>老磨坊</title></head><body><div><h4>相关文章</h4><ul>{cards}</ul></div><div><span>2013年12月28日</span></div><div>{lines}</div></body></html>"
    markdown = extract(page.encode(), f"{SITE}/read").markdown
    assert "第1天" in markdown
    assert "第30天" in markdown


def test_text_that_the_page_shows_is_not_taken_from_its_data() -> None:
    """Data repeats the text without its headings and emphasis: the page itself counts."""
    body = "".join(f"<p>{text}</p><h2>Part</h2>" for text in ARTICLE.paragraphs)
    short = body.replace(". ", ".</p><p>")
    data = json.dumps({"title": ARTICLE.title, "body": "\n".join(ARTICLE.paragraphs)})
    page = f"<html><body><article><h1>{ARTICLE.title}</h1>{short}</article><script type='application/json'>{data}</script></body></html>"
    assert extract(page.encode()).markdown.count("## Part") >= len(ARTICLE.paragraphs) - 1


def test_programs_are_no_text() -> None:
    """Strings with code or settings in them are never the text of a page."""
    code = (
        "<script>var a = '" + "if (window.a) { b = c(d); e = f || g; } // The quick. " * 20 + "';"
    )
    code += (
        'var h = "'
        + r"{\"name\":\"Consent. Settings\",\"languages\":{\"en\":true}} " * 20
        + '";</script>'
    )
    page = f"<html><body><h1>Login</h1><p>Please wait until the window has loaded.</p>{code}</body></html>"
    assert extract(page.encode()).markdown.strip() == "Please wait until the window has loaded."
