"""The parts that body selection is made of."""

from lxml.html import document_fromstring

from reader.extract.content import boilerplate, classifier, features, lexicon, related_links
from reader.extract.content.classifier import Forest, smooth_labels
from reader.extract.content.lexicon import Lexicon, split_names, word_features
from reader.extract.content.readability_score import ReadabilityScore
from reader.extract.content.segmenter import Segmenter
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


def test_scores_keep_the_article_and_change_nothing() -> None:
    """The paragraph scores choose the text over the menu, and the tree is as before."""
    root = document_fromstring(
        f"<body><ul id='menu'><li><a href='/'>Home</a></ul><div id='story'>{f'<p>{LONG}</p>' * 5}</div></body>"
    )
    before = "".join(map(str, root.itertext()))
    segments = Segmenter(root.find(".//body"))
    assert ReadabilityScore(segments.blocks, segments.boxes).selected() == [
        0.0,
        1.0,
        1.0,
        1.0,
        1.0,
        1.0,
    ]
    assert "".join(map(str, root.itertext())) == before


def test_a_rule_that_takes_most_of_the_text_is_not_believed() -> None:
    """Text all in a footer, or all in one link, is still text."""
    for source in (
        f"<footer>{f'<p>{LONG}</p>' * 3}</footer>",
        f"<a href='/x'>{f'<p>{LONG}</p>' * 3}</a>",
    ):
        segments = cut(source)
        assert boilerplate.non_article_blocks(segments.blocks, segments.boxes, frozenset()) == set()


def test_comments_are_apart_only_below_text() -> None:
    """A box named for comments is left out below running text, and kept where it is the page."""
    thread = f"<div class='comments'><p>{LONG}</p></div>"
    below = cut(f"<p>{LONG}</p><p>{LONG}</p>{thread}")
    assert boilerplate.non_article_blocks(below.blocks, below.boxes, frozenset()) == {2}
    alone = cut(thread)
    assert boilerplate.non_article_blocks(alone.blocks, alone.boxes, frozenset()) == set()


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
    """Leaves are log-odds, added up from the start value."""
    forest = Forest(("a", "b"), -1.0, [(0, 0.5, 2.0, -2.0), (1, 3.0, -1.0, (0, 0.2, 5.0, 0.0))])
    low, high = forest.chances([[0.4, 3.0], [0.6, 4.0]])
    assert round(low, 4) == 0.5
    assert round(high, 4) == round(1 / (1 + 2.718281828459045**3), 4)


def test_words_and_names_are_taken_apart() -> None:
    """Camel case and signs part names; a short text's ends are marked, a long one says nothing."""
    assert split_names("siteFooter nav_main2") == {"site", "footer", "nav", "main"}
    assert {"^share", "$this", "share this"} <= word_features("Share this")
    assert word_features("word " * 60) == set()


def test_hints_are_zero_for_words_never_met() -> None:
    """What the lexicon does not know moves nothing."""
    block = cut("<p>Gnurps</p>").blocks[0]
    empty = Lexicon({}, [{}] * 5)
    assert empty.word_scores(block) == [0.0] * 3
    assert empty.name_scores(block.box) == [0.0] * 10


def test_the_weights_belong_to_these_numbers() -> None:
    """The data files were trained on exactly the numbers that blocks have now."""
    first = [*features.FEATURES, *lexicon.LEXICON_FEATURES]
    assert list(classifier.load_forest("first").names) == first
    assert list(classifier.load_forest("second").names) == [*first, *classifier.CONTEXT_FEATURES]


def test_a_recipe_is_told_where_there_is_no_article() -> None:
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
