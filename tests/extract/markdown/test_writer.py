"""What the Markdown of an article keeps of its page."""

import pytest
from lxml import html

from reader.extract import markdown
from reader.extract.dom import ElementIndex
from reader.extract.markdown import lists


def written(fragment: str) -> str:
    root = html.fragment_fromstring(fragment, create_parent="div")
    lists.mark_tasks(ElementIndex(root))
    return markdown.convert(root, "https://example.org/dir/page").rstrip("\n")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>1. one</p>", "1\\. one"),
        ("<p># no heading</p>", "\\# no heading"),
        ("<p>C# is a language</p>", "C# is a language"),
        (
            "<p>a - b, 2 * 3, snake_case, a < b, AT&amp;T</p>",
            "a - b, 2 * 3, snake_case, a < b, AT&T",
        ),
        ("<p>&lt;script&gt; &amp;#27; `x`</p>", "\\<script> \\&#27; \\`x\\`"),
        ("<p>[a](javascript:1) and [1] alone</p>", "\\[a\\](javascript:1) and \\[1\\] alone"),
        ("<p>It is [sic] so</p>", "It is [sic] so"),
        ("<p>costs $5 and more, $10</p>", "costs $5 and more, $10"),
        ("<p>a<br>- b<br>===</p>", "a  \n\\- b  \n\\==="),
        ("<p>---</p><p>&gt; said</p>", "\\---\n\n\\> said"),
    ],
)
def test_page_text_that_looks_like_markdown_stays_text(page: str, expected: str) -> None:
    """A sign is escaped where it would mean something, and left alone where it would not."""
    assert written(page) == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>a<b> b </b>c</p>", "a **b** c"),
        ("<p><b>note:</b>text</p>", "**note**:text"),
        ("<p><b>a</b><b>b</b></p>", "**ab**"),
        ("<p><i></i>x<b> </b>y</p>", "x y"),
        ("<p><b><i>x</i></b> y</p>", "***x*** y"),
        ("<b><div>one</div><div>two</div></b>", "**one**\n\n**two**"),
        ("<p><b>a<br><br>b</b></p>", "**a**\n\n**b**"),
        ("<p>10<sup>6</sup> H<sub>2</sub>O 1<sup>st</sup></p>", "10⁶ H₂O 1st"),
    ],
)
def test_emphasis_is_read_as_emphasis(page: str, expected: str) -> None:
    """Marks have no stray spaces, never stand empty, and flank what CommonMark needs."""
    assert written(page) == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<a href="../x?a=1">t</a>', "[t](https://example.org/x?a=1)"),
        ('<a href="javascript:alert(1)">t</a>', "t"),
        ('<a href="file:///etc/passwd">t</a>', "t"),
        ('<a href=" jAvA\tscript:x">t</a>', "t"),
        ('<a href="data:text/html,x">t</a>', "t"),
        ('<a href="http://h/a)](b c">[t]</a>', "[\\[t\\]](http://h/a%29]%28b%20c)"),
        ('<a href="http://h/w_(x)">t</a>', "[t](http://h/w_(x))"),
        ('<a href="mailto:a@b.org">m</a>', "[m](mailto:a@b.org)"),
        ('<a href="#part">t</a>', "t"),
    ],
)
def test_links_lead_only_where_one_may_follow(page: str, expected: str) -> None:
    """Links are absolute, of the web or of mail, and their destination ends nothing."""
    assert written(f"<p>{page}</p>") == expected


def test_lists_keep_their_nesting_numbers_and_boxes() -> None:
    """Nested, numbered and task lists are lists of the same shape."""
    page = (
        '<ol start="3"><li>a<ul><li>b</li></ul></li><li>c</li></ol>'
        '<ul><li><input type="checkbox" checked> done</li><li><input type="checkbox"> open</li></ul>'
    )
    assert written(page) == "3. a\n   - b\n4. c\n\n- [x] done\n- [ ] open"


def test_text_between_items_is_kept() -> None:
    """Lists that are used to indent lose nothing."""
    assert written("<ul>before<li>a</li>after</ul>") == "- before\n\n- a\n\n  after"


def test_quotes_and_code_nest() -> None:
    """A fence is longer than any run inside it, in a quote too."""
    page = "<blockquote><p>q</p><pre><code class='language-md'>```\nx</code></pre></blockquote>"
    assert written(page) == "> q\n>\n> ````md\n> ```\n> x\n> ````"


def test_a_figure_is_its_image_and_its_caption_below() -> None:
    """The caption stands in emphasis on the line below the image."""
    page = '<figure><img src="/a.png" alt="A"><figcaption>By <em>me</em></figcaption></figure>'
    assert written(page) == "![A](https://example.org/a.png)\n*By me*"


def test_definitions_details_and_players_are_kept() -> None:
    """Terms and summaries stay as text, players and frames as links without words of our own."""
    page = (
        "<dl><dt>Term</dt><dd>what it means</dd></dl>"
        "<details><summary>More</summary><p>inside</p></details>"
        '<iframe src="https://www.youtube.com/embed/abcdefghijk" title="A [b] &quot;c&quot;"></iframe>'
        '<iframe src="https://maps.example.org/pier"></iframe>'
        '<iframe src="/track" width="1"></iframe>'
    )
    assert written(page) == (
        "*Term*\n\nwhat it means\n\n**More**\n\ninside\n\n"
        '[▶](https://www.youtube.com/watch?v=abcdefghijk "A [b] \\"c\\"")\n\n'
        "[↗](https://maps.example.org/pier)"
    )


@pytest.mark.parametrize(
    "name", ["soup", "list", "h9", "hn", "_document_", "li", "td", "dd", "x-y"]
)
def test_any_element_name_gives_its_text(name: str) -> None:
    """A page may name elements as it likes."""
    assert "words" in written(f"<{name}>words</{name}>")


def test_quotation_marks_are_those_of_the_language() -> None:
    """Browsers draw the marks of `<q>` by the language of the text."""
    assert written("<p lang='de'><q>nein, <q>nie</q></q></p>") == "„nein, ‚nie‘“"
    assert written("<p lang='fr-CA'><q>non</q></p>") == "«non»"
    assert written("<p>A <q>no</q></p>") == "A “no”"
