"""Pages of blog programs and old layouts: the post alone, with its pictures, notes and date."""

from reader.extract import extract

FIRST = (
    "The lock on the old canal was built by a carpenter who had never seen one, from a drawing that"
    " his brother sent him in a letter, and it has held back the river for two hundred years."
)
SECOND = (
    "Nobody thought of replacing the gates until the spring of the great flood, when the upper pair"
    " was carried down to the weir and found there by two children with a dog."
)
THIRD = (
    "The parish wrote the sum into its book in a steady hand, and below it a later hand has added"
    " that the oak came from the churchyard and cost nothing at all."
)
TEXT = (FIRST, SECOND, THIRD)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXT)


def assert_only(page: str, *chrome: str) -> str:
    """Return the Markdown of a page, which has all paragraphs and no chrome."""
    article = extract(page.encode(), "https://locks.example/p/the-lock")
    assert article.title == "The lock"
    for text in TEXT:
        assert text in article.markdown
    for text in chrome:
        assert text not in article.markdown
    return article.markdown


def test_a_newsletter_without_its_subscriptions() -> None:
    """Substack's post: subscription boxes, buttons, discussion and the publication's logo go."""
    page = f"""<!doctype html><html lang=en><head><meta charset=utf-8><title>The lock - by Ida Sluys</title><meta property="og:title" content="The lock"><meta name="author" content="Ida Sluys"></head><body><div id="main"><div class="main-menu"><a href="/"><img alt="Lock Notes" src="/l.png"></a><h1><a href="/">Lock Notes</a></h1><button>Subscribe</button></div><article class="newsletter-post post"><div class="post-header"><h1 class="post-title published">The lock</h1><h3 class="subtitle">A carpenter's canal</h3><div class="byline-wrapper"><a href="/@ida">Ida Sluys</a><div>May 03, 2024</div></div><div class="post-ufi"><a><div class="label">12</div></a><a>Share</a></div></div><div class="available-content"><div class="body markup"><p>{FIRST}</p><div class="captioned-image-container"><figure><a class="image-link" href="https://cdn.example/big.jpg"><picture><source type="image/webp" srcset="https://cdn.example/w_424/x.jpg 424w, https://cdn.example/w_1456/x.jpg 1456w"><img src="https://cdn.example/w_1456/x.jpg" alt="The lock"></picture></a><figcaption class="image-caption">The gates in spring</figcaption></figure></div><h2 class="header-anchor-post">The flood<div class="header-anchor-parent"><button aria-label="Link">x</button></div></h2><p>{SECOND}</p><div class="subscription-widget"><p class="cta-caption">Lock Notes is a reader-supported publication. To receive new posts and support my work, consider becoming a subscriber.</p><form><input type=email><button>Subscribe</button></form></div><p>{THIRD}</p><p>It is all in the book<a id="footnote-anchor-1" href="#footnote-1" class="footnote-anchor">1</a>, which anyone may read.</p><p class="button-wrapper"><a class="button primary" href="/share"><span>Share Lock Notes</span></a></p><div class="footnote"><a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a><div class="footnote-content"><p>Parish book, page three.</p></div></div></div></div></article><div class="comments-section"><h4>Discussion about this post</h4><button>Comments</button><button>Restacks</button><div class="comment"><a>Bo</a> <span>May 4</span><p>My uncle had a share in that lock, and he always said that the oak was never paid for by anyone.</p></div></div><div><p>Ready for more?</p><form><button>Subscribe</button></form></div></div><div class="footer-wrap">© 2024 Ida Sluys <a>Privacy</a> <a>Get the app</a></div></body></html>"""
    text = assert_only(
        page, "Subscribe", "Share", "My uncle", "Ready for more", "reader-supported", "Lock Notes"
    )
    assert "*The gates in spring*" in text
    assert "## The flood" in text
    assert "[^1]: Parish book, page three." in text


def test_a_blog_post_without_its_sidebar() -> None:
    """Blogger's post: captions in tables, labels as tags, date and writer below the text."""
    lines = "</div><div><br /></div><div>".join(TEXT)
    page = f"""<!DOCTYPE html><html dir='ltr' lang='en'><head><meta content='blogger' name='generator'/><title>Lock Notes: The lock</title><meta content='The lock' property='og:title'/></head><body><header><h1 class='title'><a href='/'>Lock Notes</a></h1><p class='description'><span>A blog about locks and canals in the north.</span></p></header><ul><li><a href='/'>Home</a></li><li><a href='/p/about.html'>About</a></li></ul><div class='main section'><div class='blog-posts hfeed'><h2 class='date-header'><span>Friday, May 3, 2024</span></h2><div class='post hentry'><h3 class='post-title entry-title'>The lock</h3><div class='post-body entry-content'><table class="tr-caption-container"><tbody><tr><td><a href="https://img.example/s1600/w.jpg"><img src="https://img.example/w400/w.jpg"/></a></td></tr><tr><td class="tr-caption">The gates in spring</td></tr></tbody></table><div>{lines}</div></div><div class='post-footer'><span class='post-author vcard'>Posted by <span class='fn'><a href='/p'>Ida Sluys</a></span></span> <span>at <a href='/x'><abbr class='published' title='2024-05-03T10:00:00-07:00'>10:00 AM</abbr></a></span><div><a>Email This</a><a>BlogThis!</a></div><span>Labels: <a href='/search/label/locks' rel='tag'>locks</a>, <a href='/search/label/water' rel='tag'>water</a></span></div></div><div class='comments' id='comments'><h4>2 comments:</h4><dl><dt class='comment-author'><a>Bo</a> said...</dt><dd><p>My uncle had a share in that lock, and he always said that the oak was never paid for by anyone.</p></dd></dl></div></div><div class='blog-pager'><a href='/n'>Newer Post</a><a href='/o'>Older Post</a></div></div><div class='sidebar section'><h2>Blog Archive</h2><ul><li><a>2024</a> (12)</li></ul><h2>About Me</h2><p>I write about locks and the people who keep them, and I answer letters when the river is low.</p></div></body></html>"""
    text = assert_only(
        page, "Posted by", "My uncle", "Email This", "Newer", "Archive", "I write", "A blog about"
    )
    assert "*The gates in spring*" in text
    article = extract(page.encode(), "https://locks.example/p/the-lock")
    assert article.published == "2024-05-03T10:00:00-07:00"
    assert set(article.tags) == {"locks", "water"}


def test_an_old_layout_without_its_columns() -> None:
    """Teasers, advertising and links to other pages beside the text of a table layout go."""
    body = PARAGRAPHS * 2
    teasers = "".join(
        f"<tr><td><font size=1><a href=/{number}>{title}</a><br>{text}<br><a href=/{number}>more</a></font></td></tr>"
        for number, (title, text) in enumerate(
            (
                (
                    "Eels return to the river",
                    "The eels are back after ten years, and nobody knows why.",
                ),
                (
                    "A new wheel for the mill",
                    "It was ordered in the south and will come by rail in May.",
                ),
            )
        )
    )
    page = f"""<html><head><title>The lock</title></head><body bgcolor=white><table width=100%><tr><td colspan=3><font size=1><a href=/>Home</a> | <a href=/a>Archive</a></font></td></tr><tr><td width=150 valign=top><table border=1><tr><td><b>Latest</b></td></tr>{teasers}</table></td><td valign=top><font size=5>The lock</font><br><font size=1>by Ida Sluys, May 3, 2001</font>{body}<table width=100%><tr><td><a href=/p>&lt;&lt; Dredging in autumn</a></td><td align=right><a href=/n>The ferry rope &gt;&gt;</a></td></tr></table></td><td valign=top width=120><font size=1>Advertise here! Write to our office for rates.</font></td></tr><tr><td colspan=3><font size=1>Copyright 2001 Lock Press. No part of this page may be reproduced without permission of the publisher.</font></td></tr></table></body></html>"""
    assert_only(page, "Eels", "new wheel", "Advertise", "Copyright", "more", "Dredging", "ferry")


def test_a_list_of_sources_ends_the_article() -> None:
    """Links to other sites below the text are its sources; links to the same site are not."""
    links = "".join(
        f"<li><a href='{address}'>{title}</a></li>"
        for address, title in (
            ("https://parish.example/1", "The parish book of Lund"),
            ("https://mills.example/2", "Mills and locks of the north"),
        )
    )
    for heading in ("<h2>Sources</h2>", "<h3>Further reading</h3>", ""):
        page = f"<html><head><title>The lock</title></head><body><article><h1>The lock</h1>{PARAGRAPHS}{heading}<ul>{links}</ul></article></body></html>"
        text = assert_only(page)
        assert "- [The parish book of Lund](https://parish.example/1)" in text
        own = page.replace("parish.example", "locks.example").replace(
            "mills.example", "locks.example"
        )
        assert "Mills and locks" not in assert_only(own)


def test_an_image_of_an_emoji_is_the_emoji() -> None:
    """Only signs count: an image with words keeps its place."""
    image = "<p>Well <img class='emoji' src='/1f600.png' alt='😀'> done.</p>"
    page = f"<html><head><title>The lock</title></head><body><article><h1>The lock</h1>{PARAGRAPHS}{image}{PARAGRAPHS}</article></body></html>"
    assert "Well 😀 done." in assert_only(page)
    assert "![ж](https://locks.example/1f600.png)" in assert_only(page.replace("😀", "ж"))


def test_inline_elements_drawn_as_blocks_are_lines() -> None:
    """Words of two lines do not run together."""
    lines = "<span style='display:block'>Mill Lane 3</span><span style='display: block'>Lund</span>"
    page = f"<html><head><title>The lock</title></head><body><article><h1>The lock</h1>{PARAGRAPHS}<p>{lines}</p>{PARAGRAPHS}</article></body></html>"
    assert "Mill Lane 3  \nLund" in assert_only(page)
    assert "Mill Lane 3\n\nLund" in assert_only(
        page.replace(f"<p>{lines}</p>", f"<div>{lines}</div>")
    )


def test_named_spans_side_by_side_are_separate_words() -> None:
    """A term and its value that only styles set apart do not run together."""
    line = "<p><span class=term>Connection Type</span><span class=value>Wired cable</span><span class=term>Driver Size</span></p>"
    page = f"<html><head><title>The lock</title></head><body><article><h1>The lock</h1>{PARAGRAPHS}{line}{PARAGRAPHS}</article></body></html>"
    assert "Connection Type Wired cable Driver Size" in assert_only(page)
    name = "<p>The <span class=a>Lock</span><span class=b>keeper</span> came.</p>"
    assert "The Lockkeeper came." in assert_only(page.replace(line, name))
