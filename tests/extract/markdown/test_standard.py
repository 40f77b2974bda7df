"""The many dresses of code, notes, formulas, pictures and callouts, each made one way."""

import pytest

from reader.extract import markdown
from reader.extract.input import html_parser


def written(body: str, head: str = "") -> str:
    page = html_parser.parse(
        f"<html><head>{head}</head><body>{body}</body></html>", "https://example.org/p"
    )
    markdown.prepare(page.root)
    notes = markdown.normalise(page)
    return markdown.convert(page.root.find("body"), page.base_url, notes).rstrip("\n")


FENCE = "```py\nif a:\n    b()\n```"


@pytest.mark.parametrize(
    "page",
    [
        '<pre><code class="language-py">if a:\n    b()\n</code></pre>',
        '<div class="highlight"><table><tr><td class="lntd"><pre><code><span class="lnt">1\n</span>'
        '<span class="lnt">2\n</span></code></pre></td><td class="lntd"><pre><code class="language-py">'
        "if a:\n    b()\n</code></pre></td></tr></table></div>",
        '<figure class="highlight py"><table><tr><td class="gutter"><pre><span class="line">1</span><br>'
        '<span class="line">2</span><br></pre></td><td class="code"><pre><span class="line">if a:</span>'
        '<br><span class="line">    b()</span><br></pre></td></tr></table></figure>',
        '<figure data-rehype-pretty-code-figure><pre data-language="py"><code data-language="py">'
        "<span data-line>if a:</span>\n<span data-line>    b()</span><button>Copy</button></code></pre></figure>",
        '<div class="code-block"><div class="header"><span>py</span><button>Copy</button></div>'
        '<pre class="shiki language-py"><code><span class="line">if a:</span>\n<span class="line">    b()'
        "</span></code></pre></div>",
        '<code class="py"><pre><div><span>1</span><div>if a:</div></div><div><span>2</span>'
        "<div>    b()</div></div></pre></code>",
        '<table class="hljs-ln language-py"><tr><td class="hljs-ln-numbers" data-line-number="1"></td>'
        '<td>if a:</td></tr><tr><td class="hljs-ln-numbers" data-line-number="2"></td><td>    b()</td></tr></table>',
    ],
)
def test_code_has_its_language_and_nothing_of_its_dress(page: str) -> None:
    """Line numbers, copy buttons and colours go; lines, indents and the language stay."""
    assert written(f"<p>Before.</p>{page}<p>After.</p>") == f"Before.\n\n{FENCE}\n\nAfter."


NOTED = "One.[^1] Two.[^2]\n\n[^1]: First note.\n\n[^2]: Second note."


@pytest.mark.parametrize(
    "page",
    [
        '<p>One.<sup id="r1"><a href="#f1">1</a></sup> Two.<sup id="r2"><a href="#f2">2</a></sup></p>'
        '<section class="footnotes"><hr><ol><li id="f1"><p>First note. <a href="#r1">↩</a></p></li>'
        '<li id="f2"><p>Second note. <a href="#r2">↩</a></p></li></ol></section>',
        '<p>One.<a href="#a"><sup>1</sup></a> Two.<a href="#b"><sup>2</sup></a></p><hr>'
        '<p><a name="a"><sup>1</sup></a> First note. <a href="#">↩</a><br><br>'
        '<a name="b"><sup>2</sup></a> Second note.</p>',
        "<p>One.<sup>1</sup> Two.<sup>2</sup></p><hr><p><sup>1</sup> First note.</p><p><sup>2</sup> Second note.</p>",
        '<p>One.<label for="s1" class="margin-toggle"></label><input type="checkbox" id="s1">'
        '<span class="sidenote">First note.</span> Two.<span class="sidenote">Second note.</span></p>',
        '<p>One.<sup class="reference"><a href="#cite_note-1">[1]</a></sup> Two.<sup class="reference">'
        '<a href="#cite_note-2">[2]</a></sup></p><h2>References</h2><ol class="references">'
        '<li id="cite_note-1"><a href="#cite_ref-1">^</a> First note.</li><li id="cite_note-2">Second note.</li></ol>',
    ],
)
def test_notes_are_footnotes(page: str) -> None:
    """However a page refers to its notes, they end as `[^n]` with their text after the article."""
    assert written(page) == NOTED


def test_notes_keep_the_numbers_of_the_page() -> None:
    """The text may name a note by its number; two notes with one number are counted instead."""
    page = (
        '<p>One.<sup><a href="#f7">7</a></sup> Two.<sup><a href="#f9">{}</a></sup></p><ol start="7">'
        '<li id="f7">First note.</li><li>Unused.</li><li id="f9">Second note.</li></ol>'
    )
    assert "One.[^7] Two.[^9]\n" in written(page.format(9))
    assert "One.[^1] Two.[^2]\n" in written(page.format(7))


def test_a_list_of_contents_is_no_note() -> None:
    """Numbered links to sections stay links' text."""
    page = (
        '<p><a href="#s1">1</a> <a href="#s2">2</a></p><h2 id="s1">A</h2><p>x</p><h2 id="s2">B</h2>'
    )
    assert written(page) == "1 2\n\n## A\n\nx\n\n## B"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<p>a <script type="math/tex">x_1</script> b</p>', "a $x_1$ b"),
        ('<script type="math/tex; mode=display">x\n=1</script>', "$$\nx\n=1\n$$"),
        (
            '<p>a <span class="katex"><span class="katex-mathml"><math><semantics><mi>x</mi>'
            '<annotation encoding="application/x-tex">x^2</annotation></semantics></math></span>'
            '<span class="katex-html" aria-hidden="true">x2</span></span> b</p>',
            "a $x^2$ b",
        ),
        (
            "<p><math><mfrac><mn>1</mn><msqrt><mi>α</mi></msqrt></mfrac></math></p>",
            "$\\frac{1}{\\sqrt{\\alpha}}$",
        ),
        ('<p><img class="latex" alt="e^{x}" src="/e.png"></p>', "$e^{x}$"),
        (
            "<p>the <mjx-container><mjx-assistive-mml><math><mi>n</mi></math></mjx-assistive-mml>\n"
            "</mjx-container>coins</p>",
            "the $n$ coins",
        ),
        ("<p>the <span class='katex'><math><mi>n</mi>\n</math></span>th</p>", "the $n$th"),
    ],
)
def test_formulas_are_tex(page: str, expected: str) -> None:
    """Scripts, annotations, MathML and images give dollar math, once."""
    assert written(page) == expected


@pytest.mark.parametrize(
    "page",
    [
        '<img src="data:image/gif;base64,AAAA" data-src="/real.jpg" alt="A">',
        '<img srcset="/small.jpg 300w, /real.jpg 1200w, /huge.jpg 9000w" src="/small.jpg" alt="A">',
        '<picture><source srcset="/real.jpg 1200w"><img src="/blank.gif" alt="A"></picture>',
        '<img src="/spacer.gif" alt="A"><noscript><img src="/real.jpg" alt="A"></noscript>',
        '<img src="/real.jpg" alt="A"><img src="/real.jpg" alt="A">',
    ],
)
def test_an_image_has_its_best_real_source_once(page: str) -> None:
    """Placeholders, small copies and repetitions give way."""
    assert written(f"<div>{page}</div>") == "![A](https://example.org/real.jpg)"


@pytest.mark.parametrize(
    "page",
    [
        '<div class="markdown-alert markdown-alert-tip"><p class="markdown-alert-title">Tip</p><p>x</p></div>',
        '<div class="admonition tip"><p class="admonition-title">Tip</p><p>x</p></div>',
        '<div class="callout" data-callout="tip"><div class="callout-title">Tip</div><p>x</p></div>',
    ],
)
def test_callouts_say_their_kind(page: str) -> None:
    """Alerts and admonitions are quotes that begin with their kind."""
    assert written(page) == "> [!tip]\n> x"


def test_headings_lose_their_permalinks() -> None:
    """Signs that link to the heading itself are no text; paragraphs by attribute are paragraphs."""
    page = '<h2>A <a class="headerlink" href="#a">¶</a></h2><span data-as="p">x</span><span data-as="p">y</span>'
    assert written(page) == "## A\n\nx\n\ny"
