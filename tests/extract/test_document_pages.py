"""Pages of documentation programs: the whole document, and nothing around it."""

import pytest

from reader.extract import extract

PARAGRAPH = (
    "A lock lifts a boat by the height of one man, and it takes as long as a cup of tea, which is why"
    " every lock keeper in this valley owns a kettle."
)
AROUND = "<div class='sidebar'><ul><li><a href='/a'>Contents</a></li><li><a href='/b'>Search docs</a></li></ul></div>"
FOOT = "<footer><p>Built with care. Copyright of the harbour office.</p></footer>"
SPHINX = f"""<!DOCTYPE html><html><head><title>lock - Towpath 2.1 documentation</title>
<script src="_static/documentation_options.js?v=1"></script></head><body>{AROUND}
<div class="body" role="main"><section id="lock"><h1>Locks<a class="headerlink" href="#lock">¶</a></h1><p>{PARAGRAPH}<a class="footnote-reference brackets" href="#f1" id="id1" role="doc-noteref">[1]</a></p>
<div class="admonition warning"><p class="admonition-title">Warning</p><p>Never open both gates.</p></div>
<div class="literal-block-wrapper"><div class="code-block-caption"><span class="caption-text">fill.py</span><a class="headerlink" href="#c">¶</a></div><div class="highlight-python"><div class="highlight"><pre><span class="linenos">1</span>fill()
<span class="linenos">2</span>wait()</pre></div></div></div>
<dl class="py function"><dt class="sig sig-object py" id="lock.fill"><span class="sig-prename">lock.</span><span class="sig-name">fill</span><span>(</span><em class="sig-param"><span>minutes=12</span></em><span>)</span><a class="headerlink" href="#lock.fill">¶</a></dt><dd><p>Fill it.</p><dl class="field-list"><dt>Returns</dt><dd><p>The height.</p></dd></dl></dd></dl>
<section id="see"><h2>See also<a class="headerlink" href="#see">¶</a></h2><p><a href="/gate">gate</a></p></section>
<aside class="footnote-list brackets"><aside class="footnote brackets" id="f1"><span class="label"><span class="fn-bracket">[</span><a role="doc-backlink" href="#id1">1</a><span class="fn-bracket">]</span></span><p>From the side pond.</p></aside></aside></section></div>{FOOT}</body></html>"""
MATERIAL = f"""<!DOCTYPE html><html><head><title>Locks - Towpath</title><meta name="generator" content="mkdocs-1.6.1, mkdocs-material-9.6"></head><body>{AROUND}
<div class="md-content"><article class="md-content__inner md-typeset"><a href="/edit" title="Edit this page" class="md-content__button"></a><h1 id="l">Locks<a class="headerlink" href="#l" title="Permanent link">&para;</a></h1><p>{PARAGRAPH}</p>
<details class="question"><summary>Why does it leak?</summary><p>Because it is made of oak.</p></details>
<div class="highlight"><table class="highlighttable"><tr><th colspan="2" class="filename"><span class="filename">fill.py</span></th></tr><tr><td class="linenos"><div class="linenodiv"><pre><span></span>1
2</pre></div></td><td class="code"><div><pre><code>fill()
wait()</code></pre></div></td></tr></table></div>
<p>It is <span class="arithmatex">\\(h(t)\\)</span> high.</p>
<ul class="task-list"><li class="task-list-item"><label class="task-list-control"><input type="checkbox" disabled checked><span class="task-list-indicator"></span></label> Warm the paddles</li></ul></article></div>{FOOT}</body></html>"""
ASCIIDOCTOR = f"""<!DOCTYPE html><html><head><meta name="generator" content="Asciidoctor 2.0.18"><title>Locks</title></head><body class="article toc2"><div id="header"><h1>Locks</h1><div id="toc" class="toc2"><div id="toctitle">Table of Contents</div><ul><li><a href="#_f">Filling</a></li></ul></div></div>
<div id="content"><div class="sect1"><div class="paragraph"><p>{PARAGRAPH}<sup class="footnote">[<a id="_footnoteref_1" class="footnote" href="#_footnotedef_1">1</a>]</sup></p></div>
<div class="admonitionblock note"><table><tr><td class="icon"><i class="fa icon-note" title="Note"></i></td><td class="content"><div class="title">Frost</div><div class="paragraph"><p>The paddles are stiff.</p></div></td></tr></table></div>
<div class="listingblock"><div class="title">fill.py</div><div class="content"><pre class="highlight"><code>fill() <i class="conum" data-value="1"></i><b>(1)</b></code></pre></div></div><div class="colist arabic"><table><tr><td><i class="conum" data-value="1"></i><b>1</b></td><td>It takes a while.</td></tr></table></div>
<div class="verseblock"><pre class="content">The gate is shut,
the gate is shut.</pre></div><div class="ulist checklist"><ul class="checklist"><li><p><i class="fa fa-check-square-o"></i> Warm the paddles</p></li><li><p><i class="fa fa-square-o"></i> Close the gates</p></li></ul></div>
<table class="tableblock"><tr><th>Name</th><th>Parts</th></tr><tr><td><p>upper</p></td><td><div class="content"><div class="ulist"><ul>
<li>
<p>paddle</p>
</li>
<li>
<p>gate</p>
</li>
</ul></div></div></td></tr></table></div></div><div id="footnotes"><hr><div class="footnote" id="_footnotedef_1">
<a href="#_footnoteref_1">1</a>. From the side pond.</div></div><div id="footer">Last updated today</div></body></html>"""
MANDOC = f"""<!DOCTYPE html><html><head><title>LOCK(1)</title></head><body><table class="head"><tr><td>LOCK(1)</td><td>General Commands Manual</td></tr></table>
<div class="manual-text"><section class="Sh"><h1 class="Sh" id="NAME"><a class="permalink" href="#NAME">NAME</a></h1><p class="Pp"><code class="Nm">lock</code> &#8212; <span class="Nd">fill a lock</span></p></section><section class="Sh"><h1 class="Sh" id="D"><a class="permalink" href="#D">DESCRIPTION</a></h1><p>{PARAGRAPH}</p><dl class="Bl-tag"><dt id="m"><a class="permalink" href="#m"><code class="Fl">-m</code></a> <var class="Ar">minutes</var></dt><dd>Keep the paddles open.</dd></dl></section></div></body></html>"""
NOTEBOOK = f"""<!DOCTYPE html><html><head><title>locks</title></head><body class="jp-Notebook"><main><div class="jp-Cell jp-MarkdownCell"><div class="jp-InputPrompt jp-InputArea-prompt"></div><div class="jp-RenderedHTMLCommon"><h1>Locks<a class="anchor-link" href="#Locks">¶</a></h1><p>{PARAGRAPH}</p></div></div>
<div class="jp-Cell jp-CodeCell"><div class="jp-Cell-inputWrapper"><div class="jp-InputPrompt">In [1]:</div><div class="highlight hl-ipython3"><pre><span></span><span class="nb">print</span>(<span class="mi">6</span>)
</pre></div></div><div class="jp-Cell-outputWrapper"><div class="jp-OutputPrompt"></div><div class="jp-RenderedText"><pre>6
</pre></div></div></div>
<div class="jp-Cell jp-CodeCell"><div class="jp-Cell-inputWrapper"><div class="jp-InputPrompt">In [2]:</div><div class="highlight hl-ipython3"><pre>frame
</pre></div></div><div class="jp-Cell-outputWrapper"><div class="jp-OutputPrompt">Out[2]:</div><div class="jp-RenderedHTMLCommon"><table class="dataframe"><thead><tr><th></th><th>name</th></tr></thead><tbody><tr><th>0</th><td>upper</td></tr></tbody></table></div></div></div></main></body></html>"""

WANTED = {
    "sphinx": (
        SPHINX,
        (
            "> [!warning]\n> Never open both gates.",
            "*fill.py*\n\n```python\nfill()\nwait()\n```",
            "*`lock.fill(minutes=12)`*\n\nFill it.",
            "*Returns*\n\nThe height.",
            "## See also\n\n[gate](https://docs.example/gate)",
            "[^1]: From the side pond.",
        ),
    ),
    "material": (
        MATERIAL,
        (
            "**Why does it leak?**\n\nBecause it is made of oak.",
            "*fill.py*\n\n```\nfill()\nwait()\n```",
            "It is $h(t)$ high.",
            "- [x] Warm the paddles",
        ),
    ),
    "asciidoctor": (
        ASCIIDOCTOR,
        (
            "> [!note] Frost\n> The paddles are stiff.",
            "*fill.py*\n\n```\nfill() (1)\n```\n\n1. It takes a while.",
            "The gate is shut,  \nthe gate is shut.",
            "- [x] Warm the paddles\n- [ ] Close the gates",
            "| upper | • paddle • gate |",
            "[^1]: From the side pond.",
        ),
    ),
    "mandoc": (
        MANDOC,
        ("## NAME\n\n`lock` — fill a lock", "*`-m` minutes*\n\nKeep the paddles open."),
    ),
    "notebook": (
        NOTEBOOK,
        (
            "```python\nprint(6)\n```\n\n```\n6\n```",
            "```python\nframe\n```\n\n|  | name |\n| --- | --- |\n| 0 | upper |",
        ),
    ),
}


@pytest.mark.parametrize("program", WANTED)
def test_a_document_is_whole_and_alone(program: str) -> None:
    """Admonitions, code with its title, signatures, lists and notes stay; menus and prompts go."""
    source, wanted = WANTED[program]
    article = extract(source.encode(), "https://docs.example/lock.html")
    assert article.title == ("LOCK(1)" if program == "mandoc" else "Locks")
    for text in (PARAGRAPH, *wanted):
        assert text in article.markdown
    for text in ("¶", "Contents", "Search docs", "Copyright", "Last updated", "In [", "Out["):
        assert text not in article.markdown.replace("\\", "")


SECOND = (
    "The lower lock is older by a hundred years, and its gates have been hung anew so often that only"
    " the hinges remember the first of them."
)
WORD = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15"></head><body><div class=WordSection1><p class=MsoTitle>Locks<o:p></o:p></p><h1>Filling<o:p></o:p></h1><p class=MsoNormal>{PARAGRAPH}<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>paddles</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>upper</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>gates</p><p class=MsoNormal>{SECOND}</p></div>
<div style='mso-element:footnote-list'><hr align=left size=1 width="33%"><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> From the side pond.</p></div></div></body></html>"""
GOOGLE = f"""<html><head><meta charset="utf-8"></head><body class="c9 doc-content"><p class="c3 title"><span>Locks</span></p><h1 class="c4"><span>Filling</span></h1><p><span>{PARAGRAPH}</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup></p>
<ul class="c6 lst-kix_1-0 start"><li><span>paddles</span></li></ul><ol class="c6 lst-kix_1-1 start"><li><span>upper</span></li></ol><ul class="c6 lst-kix_1-0"><li><span>gates</span></li></ul>
<p><span>{SECOND}</span></p><p><span>See </span><a href="https://www.google.com/url?q=https://locks.example/x&amp;sa=D">there</a></p><hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span> From the side pond.</span></p></div></body></html>"""
PANDOC = f"""<!DOCTYPE html><html><head><meta name="generator" content="pandoc"><title>Locks</title></head><body><header id="title-block-header"><h1 class="title">Locks</h1></header><nav id="TOC" role="doc-toc"><ul><li><a href="#filling">Contents</a></li></ul></nav><h1 id="filling">Filling</h1><p>{PARAGRAPH}<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a></p>
<ul><li>paddles<ol><li>upper</li></ol></li><li>gates</li></ul><p>{SECOND} <span class="math inline">\\(h^2\\)</span></p><section class="footnotes" role="doc-endnotes"><hr><ol><li id="fn1"><p>From the side pond.<a href="#fnref1" class="footnote-back">↩︎</a></p></li></ol></section></body></html>"""


@pytest.mark.parametrize("page", [WORD, GOOGLE, PANDOC], ids=["word", "google", "pandoc"])
def test_a_word_processor_s_document_is_whole(page: str) -> None:
    """Headings, lists with their levels, notes and direct links, as the writer made them."""
    article = extract(page.encode())
    assert article.title == "Locks"
    assert article.markdown.startswith(f"## Filling\n\n{PARAGRAPH}[^1]\n\n")
    assert "- paddles\n  1. upper\n- gates" in article.markdown
    assert SECOND in article.markdown
    assert article.markdown.rstrip().endswith("[^1]: From the side pond.")
    assert "google.com" not in article.markdown
    assert "Contents" not in article.markdown
    if page is PANDOC:
        assert "$h^2$" in article.markdown


def test_a_mirror_s_comment_gives_the_address() -> None:
    """HTTrack writes it behind the first tag."""
    page = f"<!DOCTYPE html><html>\n<!-- Mirrored from locks.example/a/upper.html by HTTrack Website Copier/3.x -->\n<head><title>Locks</title></head><body><h1>Locks</h1><p>{PARAGRAPH} <a href='list.html'>list</a></p><p>{SECOND}</p></body></html>"
    article = extract(page.encode())
    assert article.url == "http://locks.example/a/upper.html"
    assert "[list](http://locks.example/a/list.html)" in article.markdown


TEXT = "".join(
    f"<p>{text}</p>"
    for text in (
        "The gauge at the lower gate is read twice a day, and the upper one when somebody is there to do it.",
        "What it says is written into a book that nobody has opened since the mill was sold to its tenants.",
    )
)


@pytest.mark.parametrize(
    ("generator", "page", "expected"),
    [
        (
            "rustdoc",
            "<main><section id='main-content'><h1>Struct <span>Gauge</span><button>Copy item path</button></h1>"
            "<pre class='rust item-decl'><code>pub struct Gauge;</code></pre><details open><summary class='hideme'>"
            f"<span>Expand description</span></summary><div class='docblock'>{TEXT}</div></details>"
            "<section id='m'><h4 class='code-header'>pub fn read(&amp;self)</h4></section><p>Reads it.</p></section></main>",
            ("Struct Gauge", ["pub struct Gauge;", "#### pub fn read(&self)", "Reads it."], ["Expand", "Copy item"]),
        ),
        (
            "javadoc/HtmlDoclet",
            f"<main role='main'><h1 class='title'>Class Gauge</h1><div class='block'>{TEXT}</div><section class='summary'>"
            "<h2>Method Summary</h2><div class='summary-table'><div class='col-first'><code>void</code></div>"
            "<div class='col-last'>Reads it.</div></div></section><dl class='notes'><dt>Throws:</dt>"
            "<dd><code>DryError</code> - if it is dry</dd></dl></main><footer>Copyright of the mill</footer>",
            ("Class Gauge", ["Reads it.", "`DryError` - if it is dry"], ["Copyright"]),
        ),
        (
            "Doxygen 1.9.8",
            "<div class='headertitle'><div class='title'>Gauge Class Reference</div></div><div class='contents'>"
            f"{TEXT}<table><tr><td>void</td><td><a href='a.html'>read</a> (int gate)</td></tr><tr><td></td><td>Reads it.</td></tr></table>"
            "</div><address class='footer'>Generated by doxygen</address>",
            ("Gauge Class Reference", ["read (int gate)", "Reads it."], ["Generated by"]),
        ),
        (
            "",
            f"<article class='page sans'><header><h1 class='page-title'>Gauges</h1></header><div class='page-body'>{TEXT}"
            "<ul class='bulleted-list'><li>lower</li></ul><ul class='bulleted-list'><li>upper</li></ul>"
            "<ol class='numbered-list' start='1'><li>read</li></ol><ol class='numbered-list' start='2'><li>write</li></ol></div></article>",
            ("Gauges", ["- lower\n- upper", "1. read\n2. write"], []),
        ),
        (
            "",
            f"<div id='main'><h1>Mill : Gauges</h1><div id='main-content' class='wiki-content group'>{TEXT}<table class='confluenceTable'>"
            "<tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table></div></div><div id='footer'>Generated by a wiki</div>",
            ("Mill : Gauges", ["| 1 | 2 |"], ["Generated by"]),
        ),
        (
            "",
            "<style>.c0{font-weight:700}.c1{font-style:italic}</style><div id='header'><div id='title'>Gauges</div></div><div id='contents'>"
            f"<div class='c5 doc-content'>{TEXT}<p><span class='c0'>Low</span><span> and </span><span class='c1'>high</span></p></div></div>",
            ("Gauges", ["**Low** and *high*"], []),
        ),
        (
            "Microsoft Word 15 (filtered)",
            f"<h1>Gauges</h1>{TEXT}<p class=MsoListParagraphCxSpFirst style='margin-left:.5in'><span style='font-family:Symbol'>·<span>&nbsp;&nbsp;&nbsp; "
            "</span></span>low</p><p class=MsoListParagraphCxSpMiddle style='margin-left:1.0in'><span>o<span>&nbsp;&nbsp; </span></span>lower</p>"
            "<p class=MsoListParagraphCxSpLast style='margin-left:.5in'>·<span>&nbsp;&nbsp; </span>high</p>",
            ("Gauges", ["- low\n  - lower\n- high"], ["·"]),
        ),
        (
            "AsciiDoc 10.2.0",
            f"<div id='header'><h1>gauge(1)</h1></div><div id='content'><div class='sect1'><h2>NAME</h2>{TEXT}</div><div class='sect1'>"
            "<h2>DISCUSSION</h2><div class='sect2'><h3>On reading twice</h3><p>Read it twice, and write it once.</p></div></div>"
            "<h2>SEE ALSO</h2><p>mill(1)</p></div><div id='footer'>Last updated today</div>",
            ("gauge(1)", ["## DISCUSSION\n\n### On reading twice", "Read it twice", "mill(1)"], []),
        ),
        (
            "DocBook XSL Stylesheets V1.79",
            "<div class='navheader'><a href='a.html'>Prev</a> <a href='b.html'>Next</a></div><div class='refentry'><h1>Gauges</h1>"
            f"<div class='toc'><ul><li>First list</li></ul></div>{TEXT}<div class='refsect1'><h2>Discussion</h2><p>It leaks.</p></div></div>"
            "<div class='navfooter'><a href='c.html'>Up</a></div>",
            ("Gauges", ["## Discussion\n\nIt leaks."], ["Prev", "First list", "Up"]),
        ),
        (
            "makeinfo",
            f"<div class='nav-panel'><p>Next: <a href='a.html'>Mills</a></p></div><h1 class='chapter'>Gauges</h1>{TEXT}"
            "<p>Comments</p><p>A comment begins with a sign.</p>",
            ("Gauges", ["Comments\n\nA comment begins with a sign."], ["Next"]),
        ),
        (
            "makeinfo",
            f"<div class='chapter'><table class='header'><tr><td>[<a href='a.html'> &lt; </a>]</td><td>[<a href='i.html'>Index</a>]</td></tr></table>"
            f"<hr><h1 class='chapter'>Gauges</h1>{TEXT}<div class='section'><div class='header'><p>Up: <a href='b.html'>Mills</a></p></div>"
            "<h2>Reading</h2><p>Read it twice.</p></div></div>",
            ("Gauges", ["## Reading\n\nRead it twice."], ["Index", "Up:", "---"]),
        ),
        (
            "",
            "<script src='haddock-bundle.min.js'></script><div id='package-header'>mill-1.2</div><div id='content'><p class='caption'>Gauges</p>"
            f"<h1>Documentation</h1>{TEXT}<p class='src'>read :: Gate</p></div><div id='footer'>Produced by a program</div>",
            ("Gauges", ["read :: Gate"], ["Produced by", "mill-1.2"]),
        ),
    ],
)  # fmt: skip
def test_the_document_of_more_programs_is_whole(
    generator: str, page: str, expected: tuple[str, list[str], list[str]]
) -> None:
    """API documentation, wikis and notes: the container's text with its lists, and nothing around it."""
    head = f"<meta name=generator content='{generator}'><title>{expected[0]}</title>"
    article = extract(f"<html><head>{head}</head><body>{page}</body></html>".encode())
    assert article.title == expected[0]
    assert "when somebody is there" in article.markdown
    for words in expected[1]:
        assert words in article.markdown
    for words in expected[2]:
        assert words not in article.markdown


@pytest.mark.parametrize("kind", ["toctree-wrapper", "indextable"])
def test_a_page_that_is_only_contents_is_kept(kind: str) -> None:
    """The contents or the index of a book are lists without a sentence."""
    entries = "".join(f"<li><a href='/{n}'>Gauge number {n}</a></li>" for n in range(12))
    page = f"""<html><head><meta name=generator content="Docutils 0.21"><title>Gauges</title></head><body>
    <div class="sphinxsidebar"><p>Search the docs here</p></div>
    <div class="body" role="main"><h1>Gauges</h1><div class="{kind}"><ul>{entries}</ul></div></div></body></html>"""
    article = extract(page.encode(), "https://docs.example/gauges.html")
    assert "[Gauge number 3]" in article.markdown
    assert "Search" not in article.markdown


@pytest.mark.parametrize("tag", ["section", "div class=section"])
def test_a_theme_of_sphinx_that_nobody_knows_keeps_the_document(tag: str) -> None:
    """The section with the main heading is the document, whatever stands around it."""
    page = f"""<html><head><title>Gauges — Mill 2.1 documentation</title><script
    src="_static/documentation_options.js?v=1"></script></head><body><div class="strip"><h1 class="logo">
    <a href="index.html">Mill 2.1</a></h1><a href="a.html">Locks</a></div><div class="paper"><{tag} id="gauges">
    <h1>Gauges<a class="headerlink" href="#gauges">¶</a></h1><p>Read it twice, at noon.</p><{tag} id="parts"><h2>Parts</h2>
    <table class="docutils"><tr><th>Part</th><th>Count</th></tr><tr><td>wire</td><td>1</td></tr></table>
    </{tag.split()[0]}></{tag.split()[0]}></div><div class="strip">© Copyright 2026, the mill.</div></body></html>"""
    article = extract(page.encode(), "https://docs.example/gauges.html")
    assert article.title == "Gauges"
    assert article.markdown.startswith("Read it twice, at noon.\n\n## Parts\n\n| Part | Count |")
    assert article.markdown.endswith("| wire | 1 |\n")


def test_a_page_of_pandoc_is_its_document() -> None:
    """The older template sets its title in a box; a short quotation at the end stays."""
    page = (
        "<html><head><meta name='generator' content='pandoc'><title>Clocks</title></head><body>"
        "<div id='header'><h1 class='title'>Clocks</h1><h3 class='date'>2021-05-02</h3></div>"
        "<h1>How it came</h1><p>It came over the pass in eleven sledges, with a boy on the last.</p>"
        "<blockquote><p>Never again.</p></blockquote><dl><dt>verge</dt><dd>It ticks.</dd></dl></body></html>"
    )
    article = extract(page.encode())
    assert article.title == "Clocks"
    assert "> Never again." in article.markdown
    assert "It ticks." in article.markdown


@pytest.mark.parametrize(
    "container", ["sl-markdown-content", "theme-default-content", "theme-hope-content"]
)
def test_a_short_front_page_keeps_its_links(container: str) -> None:
    """The container of the program has the document, and a list of links may be part of it."""
    page = (
        f"<!DOCTYPE html><html><head><title>Towpath</title></head><body>{AROUND}<main><h1>Towpath</h1>"
        f"<div class='{container}'><p>{PARAGRAPH}</p><h2>Read on</h2><ul><li><a href='/locks'>Locks</a></li>"
        f"<li><a href='/gates'>Gates</a></li></ul></div></main>{FOOT}</body></html>"
    )
    markdown = extract(page.encode(), "https://towpath.example/").markdown
    assert "## Read on" in markdown
    assert "[Gates](https://towpath.example/gates)" in markdown
    assert "Search docs" not in markdown
