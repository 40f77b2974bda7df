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
