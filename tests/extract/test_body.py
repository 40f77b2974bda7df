"""Body selection on small pages, one for each way in which plain readability fails."""

import json
from collections.abc import Callable

import pytest

from reader.extract import extract
from reader.extract.content import selector
from reader.extract.input import html_parser

SENTENCES = (
    "The harbour froze for the first time in sixty years, and nobody in the town had skates that fitted.",
    "By noon the butcher had closed his shop, hung a lantern on the pier, and walked out to the second buoy.",
    "Children were told to stay within sight of the chapel, which is to say that they were told nothing at all.",
    "An engineer from the waterworks drilled eleven holes, measured each of them, and wrote the numbers on his sleeve.",
    "What he wrote was copied, corrected, and copied again, until the ice was said to be a metre thick everywhere.",
    "It was not, as the mayor's horse discovered in the late afternoon, about forty steps from the old customs house.",
    "The horse was pulled out with ropes, rubbed down with straw, and given more brandy than the mayor thought proper.",
    "In the evening the ice sang, a long falling note, and the people on it stood still until the sound had gone by.",
)
FOOTER = "<footer><a href='/terms'>Terms</a> <a href='/privacy'>Privacy</a> <p>All rights reserved.</p></footer>"
MENU = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/world'>World</a></li><li><a href='/login'>Log in</a></li></ul></nav>"


def page(inside: str, head: str = "") -> str:
    return (
        "<html><head><title>The winter of the horse - The Pier</title>"
        f"{head}</head><body>{MENU}{inside}{FOOTER}</body></html>"
    )


def chosen(source: str) -> tuple[str, selector.Selection]:
    """The words that come out, and the whole result."""
    found = selector.select(html_parser.parse(source, "https://pier.example/horse"))
    return " ".join(" ".join(found.root.itertext()).split()), found


def paragraphs(tag: str = "p") -> str:
    return "".join(f"<{tag}>{sentence}</{tag}>" for sentence in SENTENCES)


DRESSES: dict[str, Callable[[], str]] = {
    "an article element": lambda: (
        f"<article><h1>The winter of the horse</h1>{paragraphs()}</article>"
    ),
    "sibling divs": lambda: f"<div class='x1'><div class='x2'>{paragraphs('div')}</div></div>",
    "line breaks": lambda: f"<div id='story'>{'<br><br>'.join(SENTENCES)}</div>",
    "line breaks in a layout table": lambda: (
        "<table width='100%'><tr><td width='120'><a href='/a'>Archive</a><br><a href='/b'>Letters</a></td>"
        f"<td><font size='2'>{'<br><br>'.join(SENTENCES)}</font></td></tr></table>"
    ),
    "split by a promotion": lambda: (
        "<main><article>"
        + "".join(f"<p>{s}</p>" for s in SENTENCES[:4])
        + "<div class='newsletter-signup'><h3>Sign up</h3><p>Get our newsletter in your inbox.</p></div>"
        + "".join(f"<p>{s}</p>" for s in SENTENCES[4:])
        + "</article></main>"
    ),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_every_paragraph_comes_out_once_and_in_order(dress: str) -> None:
    """Whatever a page is built of, its paragraphs come out, in order, each once."""
    text, _ = chosen(page(DRESSES[dress]()))
    places = [text.find(sentence) for sentence in SENTENCES]
    assert -1 not in places
    assert places == sorted(places)
    assert all(text.count(sentence) == 1 for sentence in SENTENCES)


@pytest.mark.parametrize("dress", DRESSES)
def test_chrome_stays_out(dress: str) -> None:
    """Menus, footers and sign-up boxes are not in the text."""
    text, _ = chosen(page(DRESSES[dress]()))
    for never in ("Home", "Log in", "Terms", "All rights reserved", "newsletter", "Archive"):
        assert never not in text


def test_comments_longer_than_the_article_stay_out() -> None:
    """Comments are left out even where they are most of the page."""
    thread = "".join(
        f"<li class='comment'><b>Reader {n}</b> <p>My grandfather worked on that pier for {n + 20} years, and he "
        "always said that the ice, whatever the mayor believed, would never carry a horse.</p></li>"
        for n in range(12)
    )
    text, _ = chosen(
        page(
            f"<article><h1>The winter of the horse</h1>{paragraphs()}</article><ol id='comments'>{thread}</ol>"
        )
    )
    assert "grandfather" not in text
    assert SENTENCES[-1] in text


CARDS = "".join(
    f"<div><span>{source}</span> <span>{age}</span><a href='/news/{n}'><b>{title}</b></a><p>{title}, said a clerk who "
    "had been there, and who asked not to be named because the matter was, he said, still being weighed.</p></div>"
    for n, (source, age, title) in enumerate(
        (
            ("The Pier", "2 hours ago", "Council weighs a fence along the whole quay"),
            ("Harbour Post", "3 days ago", "Ropes sold out after the cold week"),
        )
    )
)


def test_a_list_of_cards_after_its_heading_goes_as_a_whole() -> None:
    """Teasers in full sentences too, where the heading stands beside the list and not in it."""
    long = CARDS.replace("<p>", f"<p>{SENTENCES[0]} {SENTENCES[1]} ")
    text, found = chosen(
        page(f"<div class=story>{paragraphs()}</div><h3>Related Articles</h3><div>{long}</div>")
    )
    assert "clerk" not in text
    assert [one.title for one in found.related] == [
        "Council weighs a fence along the whole quay",
        "Ropes sold out after the cold week",
    ]
    assert SENTENCES[-1] in text


def test_short_posts_of_a_thread_stay_beside_the_long_ones() -> None:
    """Posts of one shape are kept together, each with the name of its author."""
    short = "The lantern burned until four."
    posts = "".join(
        f"<table class=post><tr><td class=who><b>user{number}</b><br>Posts: 8{number}</td><td class=body>"
        f"<div class=date>3 March, 21:1{number}</div><div class=text>{text}</div></td></tr></table>"
        for number, text in enumerate((*(f"{each} {each}" for each in SENTENCES[:5]), short))
    )
    text, _ = chosen(page(f"<h1>The winter of the horse</h1>{posts}"))
    assert short in text
    assert "user5" in text


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(
    "block",
    [
        f"<div><div>Related Articles</div>{CARDS}</div>",
        f"<h3>Related Articles</h3><div class='list'>{CARDS}</div>",
        f"<h3>Related Articles</h3>{CARDS}",
    ],
    ids=["box", "heading above", "heading beside"],
)
def test_related_articles_are_split_off_wherever_they_stand(block: str, inside: bool) -> None:
    """Related articles leave the text, with title, source, age and address, inside the article or below."""
    source = f"<article>{paragraphs()}{block if inside else ''}</article>{'' if inside else block}"
    text, found = chosen(page(source))
    assert "fence" not in text
    assert "clerk" not in text
    assert [(one.title, one.source, one.age, one.url) for one in found.related] == [
        (
            "Council weighs a fence along the whole quay",
            "The Pier",
            "2 hours ago",
            "https://pier.example/news/0",
        ),
        (
            "Ropes sold out after the cold week",
            "Harbour Post",
            "3 days ago",
            "https://pier.example/news/1",
        ),
    ]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (
            "<p><b>Related:</b> <a href='/news/9'>Ropes sold out after the cold week</a></p>",
            "Ropes sold out after the cold week",
        ),
        (
            "<p><a href='/news/9'>Lesen Sie auch: Der Winter, in dem das Pferd einbrach</a></p>",
            "Der Winter, in dem das Pferd einbrach",
        ),
    ],
)
def test_a_line_that_points_to_another_article_is_split_off(line: str, title: str) -> None:
    """Between paragraphs too: the line leaves the text, the article is offered."""
    source = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:4]) + line
    source += "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[4:])
    text, found = chosen(page(f"<article>{source}</article>"))
    assert title not in text
    assert [(one.title, one.url) for one in found.related] == [
        (title, "https://pier.example/news/9")
    ]


def test_a_sentence_with_a_link_is_no_pointer() -> None:
    """Text that begins with the same word, and says more than the link, stays."""
    line = "<p>More: <a href='/a'>the waterworks found out</a> that the ice was half as thick as said.</p>"
    text, found = chosen(page(f"<article>{paragraphs()}{line}</article>"))
    assert "half as thick" in text
    assert found.related == ()


@pytest.mark.parametrize(
    "phrase",
    ["Advertisement", "Continue reading below", "Click To Tweet", "3 min read", "Weiterlesen"],
)
def test_lines_that_nobody_wrote_stay_out(phrase: str) -> None:
    """Labels of adverts, buttons and counters between paragraphs are no text."""
    source = "".join(f"<p>{sentence}</p><p>{phrase}</p>" for sentence in SENTENCES)
    text, _ = chosen(page(f"<article>{source}</article>"))
    assert phrase not in text
    assert SENTENCES[-1] in text


def test_headings_go_with_their_sections() -> None:
    """A heading whose section is left out goes too; two in a row stay, one at the end does not."""
    hidden = f"<h2>Unseen</h2><p hidden>{SENTENCES[0]}</p>"
    source = (
        f"{paragraphs()}{hidden}<h2>Later</h2><h3>Much later</h3>{paragraphs()}<h2>The end</h2>"
    )
    _, found = chosen(page(f"<article>{source}</article>"))
    assert [h.text for h in found.root.iter("h2", "h3")] == ["Later", "Much later"]


def test_hashtags_become_suggested_tags() -> None:
    """A line of hashtags is no text; the tags are offered without the sign."""
    tags = "<div><div>Hashtags</div><a href='/t/ice'>#Ice</a> <a href='/t/horse'>#Horses</a></div>"
    text, found = chosen(page(f"<article>{paragraphs()}</article>{tags}"))
    assert found.tags == ("Ice", "Horses")
    assert "Hashtags" not in text
    assert "#" not in text


@pytest.mark.parametrize(
    ("head", "hidden"),
    [
        (
            "",
            "<p style='display:none'>Nobody sees this sentence, and so nobody should have to read it later.</p>",
        ),
        (
            "",
            "<p hidden>Nobody sees this sentence, and so nobody should have to read it later.</p>",
        ),
        (
            "<style>.q9{color:red;display : none !important}</style>",
            "<p class='a q9'>Nobody sees this sentence, and so nobody should have to read it later.</p>",
        ),
    ],
)
def test_text_that_the_page_hides_stays_out(head: str, hidden: str) -> None:
    """What the page's own styles hide is not text."""
    text, _ = chosen(page(f"<article>{paragraphs()}{hidden}</article>", head))
    assert "Nobody sees" not in text
    assert SENTENCES[0] in text


def test_words_that_are_hidden_in_a_line_stay_out() -> None:
    """Dates for machines and ornaments for the eye leave their line; the words around stay."""
    line = (
        "<p><span aria-hidden='true'>**</span>Founded in 1998 <span style='display:none'>(1998-02-28)</span>"
        f" on the quay. {SENTENCES[0]}</p>"
    )
    text, _ = chosen(page(f"<article>{paragraphs()}{line}</article>"))
    assert "Founded in 1998 on the quay." in text
    assert "1998-02-28" not in text
    assert "**" not in text


def test_text_for_those_without_scripts_is_read() -> None:
    """A page whose text only stands in a `<noscript>` gives it, and one that shows it gives it once."""
    spoken = f"<noscript><div>{paragraphs()}</div></noscript>"
    text, _ = chosen(page(f"<div class='post'>{spoken}</div>"))
    assert SENTENCES[-1] in text
    text, _ = chosen(page(f"<article>{paragraphs()}</article>{spoken}"))
    assert text.count(SENTENCES[-1]) == 1


def test_a_noscript_that_does_not_end_what_it_began_swallows_nothing() -> None:
    """Browsers read it as text; here it must not hold the article behind it."""
    broken = "<noscript><div id='plain'><img src='/i.gif'></noscript>"
    text, _ = chosen(page(f"{broken}<article>{paragraphs()}</article>"))
    assert SENTENCES[0] in text


def test_a_page_that_hides_everything_until_a_script_runs_is_read_all_the_same() -> None:
    """A rule that would take most of a page's text is not believed."""
    text, _ = chosen(page(f"<article style='visibility:hidden'>{paragraphs()}</article>"))
    assert SENTENCES[3] in text


def test_hiding_rules_for_other_media_do_not_count() -> None:
    """Text hidden only in print, or only on small screens, stays."""
    head = "<style>@media print { .x { display: none } } .y { color: red }</style>"
    text, _ = chosen(
        page(f"<article>{paragraphs()}<p class='x'>{SENTENCES[0]} Twice.</p></article>", head)
    )
    assert "Twice." in text


def test_hidden_parts_of_a_table_are_left_out() -> None:
    """A cell shows what its page shows, and no hidden paragraph."""
    text, _ = chosen(
        page(
            f"<article>{paragraphs()}<table><tr><th>Pier</th><th>Depth</th></tr><tr><td>North"
            "<div style='display:none'><p>Unseen.</p></div></td><td>4 m<div hidden><p>Closed."
            "</p></div></td></tr><tr><td>South</td><td>6 m</td></tr></table></article>"
        )
    )
    assert "North 4 m South 6 m" in text


def test_text_only_in_json_ld_is_read_from_there() -> None:
    """A page whose text is only in its JSON-LD gives that text, in paragraphs."""
    told = "\\n\\n".join(sentence.replace('"', "'") for sentence in SENTENCES)
    head = f'<script type="application/ld+json">{{"@graph":[{{"articleBody":"{told}"}}]}}</script>'
    text, found = chosen(page("<div id='root'></div>", head))
    assert text == " ".join(SENTENCES)
    assert len(found.root.findall("p")) == len(SENTENCES)


def test_text_in_json_ld_that_the_page_shows_is_read_from_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page has the headings and links; the data may be in the format of an editor."""
    told = "\\n[#image: 7]|||\\n".join(sentence.replace('"', "'") for sentence in SENTENCES)
    head = f'<script type="application/ld+json">{{"articleBody":"{told}"}}</script>'
    shown = "".join(f"<div><p>{sentence}</p></div>" for sentence in SENTENCES)
    monkeypatch.setattr(selector, "score", lambda seen: [0.2] * len(seen.blocks))
    text, found = chosen(page(f"<main>{shown}</main>", head))
    assert text == " ".join(SENTENCES)
    assert "#image" not in found.root.text_content()


def test_a_caption_goes_with_its_image() -> None:
    """A caption by class name becomes a figure's caption; one far from the text is dropped."""
    figure = "<div class='image'><img src='/i.jpg' width='900'><div class='caption'>The pier at dusk.</div></div>"
    lonely = "<div class='caption'>A picture that is not here, of the second buoy, at noon.</div>"
    half = len(SENTENCES) // 2
    text, found = chosen(
        page(
            "<article>"
            + "".join(f"<p>{s}</p>" for s in SENTENCES[:half])
            + figure
            + "".join(f"<p>{s}</p>" for s in SENTENCES[half:])
            + f"</article>{lonely}"
        )
    )
    assert [caption.text for caption in found.root.iter("figcaption")] == ["The pier at dusk."]
    assert next(found.root.iter("figure")).find(".//img") is not None
    assert "second buoy, at noon" not in text


def test_small_images_and_icons_are_no_images() -> None:
    """Avatars, spacers and share icons are not kept."""
    icons = "<div><img src='/a.png' width='24' height='24'></div><div><img class='avatar' src='/b.png'></div>"
    _, found = chosen(page(f"<article>{SENTENCES[0]}{icons}{paragraphs()}</article>"))
    assert list(found.root.iter("img")) == []


def test_the_title_is_not_repeated() -> None:
    """A heading that only says the title is left out."""
    text, _ = chosen(page(f"<article><h1>The winter of the horse</h1>{paragraphs()}</article>"))
    assert text.startswith(SENTENCES[0])


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Ana Frost · 3 February 2026", False),
        ("By Ana Frost", False),
        ("Ana Frost has measured ice for thirty years.", True),
    ],
)
def test_the_byline_is_not_repeated(line: str, stays: bool) -> None:
    """A line above the text that only says who wrote it goes; a sentence about the author stays."""
    source = page(f"<article><p>{line}</p>{paragraphs()}</article>")
    found = selector.select(html_parser.parse(source, None), byline="Ana Frost")
    assert ("Ana Frost" in " ".join(found.root.itertext())) is stays


def test_a_page_of_two_words_is_not_lost() -> None:
    """Nothing is refused for being short."""
    text, _ = chosen("<html><body><p>Back soon, on Monday.</p></body></html>")
    assert text == "Back soon, on Monday."


def test_an_empty_page_gives_an_empty_root() -> None:
    """No text, no elements."""
    text, found = chosen("<html><body><script>1</script></body></html>")
    assert text == ""
    assert len(found.root) == 0


def test_a_post_between_two_paragraphs_stays() -> None:
    """A post of a social network in an article is text, though its words and links are not prose."""
    post = (
        "<div><blockquote class='twitter-tweet'><p>Skates!</p>— Harbour (@harbour)"
        " <a href='https://twitter.example/1'>May 2, 2025</a></blockquote></div>"
    )
    paragraphs = [f"<p>{sentence}</p>" for sentence in SENTENCES]
    body = "".join((*paragraphs[:4], post, *paragraphs[4:]))
    text, _ = chosen(page(f"<article><h1>The winter of the horse</h1>{body}</article>"))
    assert "Skates! — Harbour (@harbour) May 2, 2025" in text


def test_an_article_in_the_answers_that_a_page_keeps_for_its_script_is_read() -> None:
    """React Query streams its cache by `push`; Korean datelines look like assignments."""
    body = "".join(
        f"<p>(Seoul=연합뉴스) {sentence}</p>".replace("Seoul", "서울") for sentence in SENTENCES
    )
    data = json.dumps(
        {
            "queries": [
                {
                    "state": {
                        "data": {
                            "detail": {"title": "The winter of the horse", "contentHtml": body}
                        }
                    }
                }
            ]
        }
    )
    source = f'<html><head><title>The winter of the horse</title></head><body><div id="root"></div><script>window["__RQ"] = window["__RQ"] || [];window["__RQ"].push({data});</script></body></html>'
    text = extract(source.encode(), "https://pier.example/horse").markdown
    assert SENTENCES[0] in text
    assert SENTENCES[-1] in text


def test_terms_in_the_data_of_a_shop_do_not_replace_its_product() -> None:
    """The longest text of a shop's data is that of its terms, which the page shows nobody."""
    words = {"returns": "You may withdraw within fourteen days without giving a reason. " * 30}
    found = extract(
        page(
            "<h1>Skates for a frozen harbour</h1><p>Forged steel on ash wood, for the left and the right foot.</p>"
            "<p>The straps are of cowhide, and fit every boot that has a heel.</p>"
            f"<script>window.texts = {json.dumps(words)}</script>",
            '<script type="application/ld+json">{"@type": "Product", "name": "Skates"}</script>',
        ).encode(),
        "https://shop.example/product/skates",
    )
    assert "cowhide" in found.markdown
    assert "withdraw" not in found.markdown


def test_news_above_the_title_stays_out() -> None:
    """What stands above the title outside of the article's box is kept only if it is surely text."""
    news = "".join(
        f"<li>The {name} of the council has asked for an inquiry into the price of rope, it was said on Monday.</li>"
        for name in ("treasurer", "warden", "secretary", "oldest member")
    )
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    text, _ = chosen(
        page(
            f"<div><div class='latest'><ul>{news}</ul></div><div><h2>The winter of the horse</h2>{body}</div></div>"
        )
    )
    assert text == " ".join(SENTENCES)


@pytest.mark.parametrize("end", ["</body>", "</html>", "</body></html>", "</BODY ></HTML>"])
def test_text_after_the_end_of_the_document_is_read(end: str) -> None:
    """Browsers show what follows `</body>` or `</html>`; templates of two parts end both twice."""
    head = f"<html><body>{MENU}{end}"
    text, _ = chosen(
        f"{head}<section><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></section></body></html>"
    )
    assert text == f"{SENTENCES[0]} {SENTENCES[1]}"


def test_a_page_whose_parser_sees_no_body_is_read() -> None:
    """libxml2 puts an article that follows a title straight away into the head; it is read there."""
    text, _ = chosen(
        f"<title>Ferry</title><article><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article>"
    )
    assert text == f"{SENTENCES[0]} {SENTENCES[1]}"


@pytest.mark.parametrize("again", [1, 2, 3])
def test_a_short_page_keeps_its_sentences(again: int) -> None:
    """A page of a sentence or two is not refused, even where it says the same twice."""
    text, _ = chosen(f"<body><div>{f'<p>{SENTENCES[2]}</p>' * again}</div></body>")
    assert SENTENCES[2] in text


@pytest.mark.parametrize("box", ["article", "div", "section"])
@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (
            "<table><tr><th>Hole</th><th>Depth</th></tr><tr><td>1</td><td>94 cm</td></tr></table>",
            "94",
        ),
        (
            "<blockquote><p>It held, until it did not.</p></blockquote>",
            "It held, until it did not.",
        ),
        ("<dl><dt>Buoy</dt><dd>A float on a chain.</dd></dl>", "A float on a chain."),
        ("<pre><code>depth --hole 11</code></pre>", "depth --hole 11"),
        ("<ul><li>Rope: forty steps</li><li>Straw: one cart</li></ul>", "Straw: one cart"),
    ],
)
def test_what_ends_an_article_stays(box: str, ending: str, words: str) -> None:
    """A table, quotation, definition list, code or list after the last paragraph belongs to it."""
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:3])
    text, _ = chosen(page(f"<{box}><h1>The winter of the horse</h1>{body}{ending}</{box}>"))
    assert words in text


def test_buttons_below_sections_are_no_ages() -> None:
    """A button that ends like an age does not make a list of articles of what it stands below."""
    trips = ("Over the pass", "Down to the weir", "Around the lake", "Into the gorge")
    text = "The walk begins at the chapel, and whoever has counted the steps once never asks again."
    sections = "".join(
        f"<div><div><a href='/{number}'><h3>{trip} with a lantern</h3></a></div><p>{trip}: {text} {text}</p>"
        f"<div><a href='/{number}'>Book now</a></div></div>{'<div>Advertising</div>' if number % 2 else ''}"
        for number, trip in enumerate(trips)
    )
    rest = "<aside><div>Recommended</div><div><a href='/n'>Popular walks</a></div><div>Latest news</div><div>More news</div></aside>"
    markdown = extract(
        page(f"<article><h1>Four walks</h1>{paragraphs() * 2}{sections}</article>{rest}").encode(),
        "https://walks.example/2025/four-walks",
    ).markdown
    for trip in trips:
        assert f"{trip}: {text}" in markdown
    assert "Book now" not in markdown


@pytest.mark.parametrize("name", ["post-excerpt", "article__lead", "field--name-field-intro"])
def test_the_line_below_a_title_that_is_named_its_introduction_stays(name: str) -> None:
    """Also above the byline, where the text has not begun yet."""
    lead = "What the mayor said, and what was replied."
    above = (
        f"<header><a href='/t'>Notes</a><h1>The winter of the horse</h1><p class='{name}'>{lead}</p>"
        "<div><h4><a href='/m'>Mara Okello</a></h4><div><time>2 March 2026</time> — 4 min read</div></div></header>"
    )
    assert lead in chosen(page(f"<article>{above}<div>{paragraphs()}</div></article>"))[0]
