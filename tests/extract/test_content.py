"""The parts that body selection is made of."""

import random
import time

import pytest
from lxml.html import document_fromstring

from reader.extract.content import (
    boilerplate,
    classifier,
    features,
    lexicon,
    page_judge,
    related_links,
)
from reader.extract.content.classifier import Forest, Node, smooth_labels
from reader.extract.content.features import FeatureExtractor
from reader.extract.content.hidden import hidden_elements
from reader.extract.content.lexicon import Lexicon, word_features
from reader.extract.content.page_signals import PAGE_SIGNALS, page_signals
from reader.extract.content.patterns import NAME_GROUPS, name_groups, split_names
from reader.extract.content.section_lines import without_counts
from reader.extract.content.segmenter import Segmenter, segment
from reader.extract.dom import LiveIndex
from reader.extract.input.html_parser import parse
from reader.extract.metadata import page_hints

LONG = (
    "A sentence about the ice, the horse, and the mayor, which goes on for long enough to be a paragraph. "
    * 2
)


def cut(source: str) -> Segmenter:
    return Segmenter(document_fromstring(source).find(".//body"))


def texts(source: str) -> list[str]:
    return [block.text for block in cut(source).blocks]


def test_blocks_follow_paragraphs_breaks_and_items() -> None:
    """A block ends at a block element, a rule or a double line break, not at one break or a link."""
    source = "<div>One <a href='/x'>two</a><br>three<br><br>four<hr>five<ul><li>six<ul><li>seven</ul></ul></div>"
    assert texts(source) == ["One twothree", "four", "five", "six", "seven"]


def test_inline_elements_around_blocks_are_boxes() -> None:
    """A span or font around paragraphs does not make them one block."""
    assert texts("<font><p>One</p><p>Two</p></font>") == ["One", "Two"]
    assert texts("<span>One<br><br>Two</span>") == ["One", "Two"]


def test_space_between_inline_elements_is_kept() -> None:
    """Two links with a space between them are two words."""
    assert texts("<p><a href='/a'>#Ice</a> <a href='/b'>#Horse</a></p>") == ["#Ice #Horse"]


def test_soft_hyphens_are_no_characters() -> None:
    """Words are compared as they are read."""
    assert texts("<p>Har\u00adbour</p>") == ["Harbour"]


def test_data_tables_are_one_block_and_layout_tables_are_none() -> None:
    """A table of figures stays whole, a table that arranges a page comes apart."""
    data = "<table><tr><th>Year<th>Ice</tr><tr><td>1956<td>41</tr><tr><td>1963<td>52</tr></table>"
    assert len(texts(data)) == 1
    layout = f"<table><tr><td><a href='/'>Home</a></td><td><p>{LONG * 4}</p><p>{LONG}</p></td></tr></table>"
    assert len(texts(layout)) == 3


def test_text_inside_a_link_around_blocks_counts_as_linked() -> None:
    """A card that is one link is linked text, whatever elements it is made of."""
    blocks = cut("<a href='/x'><h3>A headline</h3><p>A teaser.</p></a>").blocks
    assert [block.linked_chars for block in blocks] == [len(block.text) for block in blocks]


def test_navigation_footers_and_hidden_parts_are_skipped() -> None:
    """Navigation, a page's footer and hidden boxes give no blocks; an article's footer does."""
    source = (
        "<nav><p>Menu</p></nav><div role='dialog'><p>Accept</p></div><div hidden><p>Later</p></div>"
        f"<article><p>{LONG * 12}</p><footer><p>Filed under ice</p></footer></article>"
        "<footer><p>Imprint</p></footer>"
    )
    root = document_fromstring(source)
    segments = segment(root.find(".//body"), hidden_elements(LiveIndex(root)))
    assert [block.text[:6] for block in segments.blocks] == ["A sent", "Filed "]


def test_a_page_with_its_text_in_skipped_parts_is_cut_whole() -> None:
    """Text all in a footer is still text."""
    source = f"<p>Short</p><footer>{f'<p>{LONG}</p>' * 3}</footer>"
    segments = segment(document_fromstring(source).find(".//body"))
    assert len(segments.blocks) == 4


def test_a_hidden_copy_of_a_short_article_stays_hidden() -> None:
    """Copies for search engines may be longer than the article; they are no reason to show them."""
    shown = "".join(f"<p>{number}. {LONG}</p>" for number in range(3))
    copies = f"<div hidden><div>{shown}</div><h1>Ice</h1></div>" * 4
    root = document_fromstring(f"<body><article>{shown}</article>{copies}</body>")
    found = segment(root.find(".//body"), hidden_elements(LiveIndex(root)))
    assert len(found.blocks) == 3


def test_chinese_text_is_measured_in_words() -> None:
    """Scripts without spaces have words and function words all the same."""
    text = "北京的家庭应该储备食品和水，以及在紧急的情况下所需要的药品和文件，专家在会议上这样说。"
    (block,) = cut(f"<p>{text}</p>").blocks
    measured = dict(zip(features.BLOCK_FEATURES, features.block_features(block), strict=True))
    assert measured["words"] > 15
    assert measured["stopwords"] > 0.12
    assert measured["sentences"] == 1


def test_the_second_article_of_a_page_has_another_number() -> None:
    """Pages that go on with the next article have more than one main heading."""
    story = f"<article><h1>Ice</h1><p>{LONG}</p></article>"
    segments = cut(story * 2)
    rows = FeatureExtractor(segments.blocks, segments.boxes).rows()
    names = list(features.FEATURES)
    for name in ("h1_number", "article_number"):
        assert [row[names.index(name)] for row in rows] == [1, 1, 2, 2]
    assert [row[names.index("is_copy")] for row in rows] == [0, 0, 1, 1]


def test_lines_of_chrome_are_known_by_their_words() -> None:
    """Rows of links and fixed phrases are no text; a list item of links may be a reference."""
    segments = cut(
        "<p><a href='/a'>Ice and ropes</a> <a href='/b'>Horse and mayor</a></p><p>Advertisement</p>"
        "<ul><li><a href='/a'>Ice and ropes</a> <a href='/b'>Horse and mayor</a></ul><p>The ice held.</p>"
    )
    assert boilerplate.chrome_lines(segments.blocks) == {0, 1}


def test_styles_hide_elements_by_class_and_id() -> None:
    """Plain rules that hold on a wide screen count, wherever they stand in the sheet."""
    root = document_fromstring(
        "<html><head><style>.a, p.b{color:red;display:none} @media print{.c{display:none}}"
        " #d { visibility: hidden } .e{display:none-such} div .f{display:none}"
        " @layer parts{.g{display:none}} @media screen{.h{display:none}}"
        " @media (max-width:40em){.i{display:none}} @media (width>=48rem){.j{display:none}}"
        " @keyframes k{0%{visibility:hidden}} @supports (display:grid){@media all{.k{display:none}}}"
        "</style></head><body><p class='a'>1<p class='b'>2<div class='b'>3</div><p class='c'>4<p id='d'>5"
        "<p class='e'>6<p class='f'>7<p style='display: none'>8<p class=g>g<p class=h>h<p class=i>i"
        "<p class=j>j<p class=k>k</body></html>"
    )
    hidden = hidden_elements(LiveIndex(root))
    assert "".join(sorted(element.text for element in hidden)) == "1258ghjk"


def test_a_rule_that_outweighs_the_one_that_hides_shows_again() -> None:
    """Words that are hidden on phones, or until a page is open, are seen on a screen."""
    rules = (
        ".hidden{display:none}",
        "@media (min-width:48rem){.md\\:block{display:block}}",
        "@media print{.on-paper{display:block}}",
        ".shown .tab{display:flex}",
        ".tab{display:none}",
        ".box.open{display:block}.box{display:none}",
        ".late{display:inline}.late{display:none}",
        ".strong{display:none!important}#strong{display:block}",
        ".box:hover{display:block}",
    )
    root = document_fromstring(
        f"<style>{''.join(rules)}</style><p class='hidden md:block'>1<p class='hidden on-paper'>2"
        "<p class=hidden>3<section class=shown><p class=tab>4</p></section><p class=tab>5"
        "<p class='box open'>6<p class=box>7<p class=late>8<p class=strong id=strong>9"
    )
    hidden = hidden_elements(LiveIndex(root))
    assert "".join(sorted(element.text for element in hidden)) == "235789"


@pytest.mark.parametrize(
    "sheet",
    [
        ".a{display:none}" + "/* " * 120_000,
        ".a{display:none}" + "@media screen{" * 20_000 + "}" * 20_000 + ".b{display:none}" * 4_000,
        "@media screen{.a{display:none}.a{display:block}}.a{display:none}" * 5_000,
    ],
    ids=["comments", "nested", "many"],
)
def test_hidden_parts_are_found_in_linear_time(sheet: str) -> None:
    """Comments without an end, nested at-rules and many styled elements bring no further reading."""
    styled = "<p style='color:red' aria-hidden=true>x</p>" * 10_000
    root = document_fromstring(f"<style>{sheet}</style><p class=a>1</p>{styled}")
    began = time.process_time()
    hidden = hidden_elements(LiveIndex(root))
    assert time.process_time() - began < 4
    assert [element.text for element in hidden] == ["1"]


def test_related_headings_in_other_languages() -> None:
    """Related articles are found by their heading in the languages one meets most."""
    for heading in (
        "Lesen Sie auch",
        "À lire aussi",
        "Te puede interesar",
        "相关文章",
        "You may also like",
    ):
        source = f"<p>{LONG}</p><div><h3>{heading}</h3><ul><li><a href='/1'>The ice on the harbour holds</a></ul></div>"
        segments = cut(source)
        found = related_links.find_related(segments.blocks, segments.boxes, "https://pier.example/")
        assert [one.title for one in found.articles] == ["The ice on the harbour holds"]
        assert found.blocks == {1, 2}


def test_a_related_link_with_its_age_on_one_line() -> None:
    """Source and age beside a headline on one line do not become part of it."""
    source = (
        f"<p>{LONG}</p><div><h3>Related</h3><div><span>The Pier</span> <span>5 days ago</span> "
        "<a href='/1'>The ice on the harbour holds</a></div></div>"
    )
    segments = cut(source)
    (one,) = related_links.find_related(
        segments.blocks, segments.boxes, "https://pier.example/"
    ).articles
    assert (one.title, one.source, one.age) == (
        "The ice on the harbour holds",
        "The Pier",
        "5 days ago",
    )


def test_related_links_side_by_side_are_articles_each() -> None:
    """Two links on a line are two articles; a teaser below a headline names no source."""
    source = (
        f"<p>{LONG}</p><aside><h3>Related</h3><a href='/1'>The ice on the harbour</a> "
        "<a href='/2'>Ropes are sold out</a></aside>"
        "<section><h3>More from The Pier</h3><div><a href='/3'>A fence along the quay</a>"
        "<p>What it costs, and who asked.</p></div></section>"
    )
    segments = cut(source)
    found = related_links.find_related(
        segments.blocks, segments.boxes, "https://pier.example/"
    ).articles
    assert [(one.title, one.source, one.url) for one in found] == [
        ("The ice on the harbour", None, "https://pier.example/1"),
        ("Ropes are sold out", None, "https://pier.example/2"),
        ("A fence along the quay", None, "https://pier.example/3"),
    ]


def test_a_headline_has_the_address_of_its_own_link() -> None:
    """The link to the source, which stands before it, is another one."""
    source = (
        f"<p>{LONG}</p><p>Read more: <a href='/pier'>The Pier</a> "
        "<a href='/2'>Ropes are sold out in all of the town</a></p>"
    )
    segments = cut(source)
    (one,) = related_links.find_related(
        segments.blocks, segments.boxes, "https://pier.example/"
    ).articles
    assert one.url == "https://pier.example/2"


def test_blocks_that_were_marked_before_are_not_found_again() -> None:
    """A newsletter box stays what it was found to be."""
    segments = cut(f"<p>{LONG}</p><p>Letters of the pier</p><p>#ice</p>")
    found = related_links.find_related(segments.blocks, segments.boxes, None, known=frozenset({1}))
    assert found.blocks == {2}


def test_a_link_to_the_top_heads_no_related_articles() -> None:
    """A box around the whole page that begins with "Top" and links is no list of related articles."""
    links = "".join(f"<li><a href='/{n}'>Stories of section {n}</a></li>" for n in range(30))
    for top in ("<a name='top'>Top</a>", "<a href='#top'>Top</a>"):
        segments = cut(
            f"<div><p>{top}</p><p><a href='#main'>Skip to the content</a></p><ul>{links}</ul>{'<p>' + LONG + '</p>'}</div>"
        )
        found = related_links.find_related(segments.blocks, segments.boxes, "https://pier.example/")
        assert found.articles == []


def test_counts_of_a_cloud_are_no_part_of_its_tags() -> None:
    """Numbers go where every name has one; names that differ in their number keep it."""
    assert without_counts(["tides10", "harbours (4)", "Town life3"]) == [
        "tides",
        "harbours",
        "Town life",
    ]
    assert without_counts(["iOS17", "iOS18"]) == ["iOS17", "iOS18"]
    assert without_counts(["web3", "harbours"]) == ["web3", "harbours"]
    assert without_counts(["web3"]) == ["web3"]


def test_numbers_with_a_sign_are_no_hashtags() -> None:
    """`#1` is a number."""
    segments = cut(f"<p>{LONG}</p><p>#1</p><p>#ice #horse</p>")
    found = related_links.find_related(segments.blocks, segments.boxes, None)
    assert (found.tags, found.blocks) == (["ice", "horse"], {2})


def test_a_box_is_kept_whole_where_its_parts_nearly_agree() -> None:
    """One doubtful line among sure ones goes with them; a sure one does not."""
    segments = cut(f"<div><p>{LONG}</p><p>Short line</p><p>{LONG}</p></div>")
    assert smooth_labels(segments.blocks, segments.boxes, [0.99, 0.4, 0.99]) == [True, True, True]
    assert smooth_labels(segments.blocks, segments.boxes, [0.99, 0.001, 0.99]) == [
        True,
        False,
        True,
    ]


def test_a_forest_adds_its_trees() -> None:
    """Leaves are log-odds, and the chance is that of their sum."""
    one, minus_one, minus_three, none = (
        (-1, value, None, None) for value in (1.0, -1.0, -3.0, 0.0)
    )
    trees: list[Node] = [(0, 0.5, one, minus_three), (1, 3.0, minus_one, (0, 0.2, one, none))]
    forest = Forest(("a", "b"), trees)
    low, high = forest.chances([[0.4, 3.0], [0.6, 4.0]])
    assert round(low, 4) == 0.5
    assert round(high, 4) == round(1 / (1 + 2.718281828459045**3), 4)


def test_a_compiled_forest_gives_the_same_chances() -> None:
    """After many rows the trees are compiled; every chance stays the same number."""
    shipped = classifier.load_forest("first")
    values = random.Random(16)
    rows = [[values.uniform(-2, 9) for _ in shipped.names] for _ in range(60)]
    forest = Forest(shipped.names, shipped.trees)
    before = forest.chances(rows)
    while not forest.is_compiled:
        forest.chances(rows)
    assert forest.chances(rows) == before


def test_words_and_names_are_taken_apart() -> None:
    """Camel case and signs part names; a short text's ends are marked, a long one says nothing."""
    assert set(split_names("siteFooter nav_main2 HTMLBody")) == {
        "site",
        "footer",
        "nav",
        "main2",
        "html",
        "body",
    }
    assert {"^share", "$this", "share this"} <= word_features("Share this")
    assert word_features("word " * 60) == set()


def test_names_belong_to_groups_by_whole_words_and_by_their_ends() -> None:
    """A star in the table stands for letters before or after the word."""
    groups = list(NAME_GROUPS)
    assert [groups[i] for i in name_groups("breadcrumbTrail")] == ["nav"]
    assert [groups[i] for i in name_groups("sitefooter")] == ["foot"]
    assert name_groups("gnurps") == ()


def test_words_never_met_weigh_nothing() -> None:
    """Words and names that the lexicon does not know change nothing."""
    segments = cut("<div class='gnurps'><p>Gnurps</p></div>")
    (row,) = Lexicon({}, {}, {}).rows(segments.blocks, segments.boxes, [0])
    assert row == [0.0] * len(lexicon.LEXICON_FEATURES)


def test_boxes_of_one_shape_are_a_series() -> None:
    """Three boxes of the same tags and classes are a series; two are not."""
    post = f"<div class='post'><b>Ana</b><p>{LONG}</p></div>"
    segments = cut(f"<main>{post * 3}</main>")
    found = FeatureExtractor(segments.blocks, segments.boxes)
    names = [name for name in features.FEATURES if name.startswith("series_")]
    assert dict(zip(names, found.series[segments.blocks[1].box], strict=True))["series_count"] == 3
    segments = cut(f"<main>{post * 2}</main>")
    found = FeatureExtractor(segments.blocks, segments.boxes)
    assert found.series[segments.blocks[1].box] == [0.0] * len(names)


def test_a_page_says_what_kind_it_is() -> None:
    """Schema types, Open Graph, generator and address are signals; without any all are zero."""
    script = '<script type="application/ld+json">{"@type":"DiscussionForumPosting"}</script>'
    source = (
        "<html><head><meta property='og:type' content='article'>"
        f"<meta name='generator' content='Discourse 3.2'>{script}</head><body></body></html>"
    )
    root = document_fromstring(source)
    found = dict(
        zip(PAGE_SIGNALS, page_signals(root, "https://forum.example/t/ice/12"), strict=True)
    )
    assert {name for name, value in found.items() if value} == {
        "schema_thread",
        "og_article",
        "made_forum",
        "path_depth",
        "path_forum",
        "host_forum",
    }
    empty = document_fromstring("<html><body></body></html>")
    assert not any(page_signals(empty, None))


def test_the_weights_belong_to_these_numbers() -> None:
    """The data files were trained on exactly the numbers that blocks have now."""
    first = [*features.FEATURES, *lexicon.LEXICON_FEATURES]
    assert list(classifier.load_forest("first").names) == first
    assert list(classifier.load_forest("second").names) == [*first, *classifier.CONTEXT_FEATURES]
    assert list(classifier.load_forest("page").names) == list(page_judge.PAGE_FEATURES)


def test_a_recipe_is_reported_where_there_is_no_article() -> None:
    """What is taken and how it is made, from strings, lists of strings and lists of steps."""
    script = (
        '{"@type":"Recipe","recipeIngredient":["200 g flour","1 \\"large\\" egg"],'
        '"recipeInstructions":[{"@type":"HowToStep","text":"Mix &amp; rest."},{"@type":"HowToStep","text":"Bake."}]}'
    )
    page = f"<html><head><script type='application/ld+json'>{script}</script></head><body></body></html>"
    assert (
        page_hints.read_page_hints(parse(page).root).body
        == '200 g flour\n1 "large" egg\nMix & rest.\nBake.'
    )
