"""What extraction removes inside an article is listed with its rule."""

from reader.extract.pipeline import extract

PROSE = (
    "The harbour office kept a ledger in which every barge was written down twice, once on arrival "
    "and once when it left, and the clerks compared both columns at the end of each month."
)


def removed(inside: str) -> list[tuple[str, str]]:
    page = (
        f"<html><head><title>Ledger</title></head><body><article><h1>Ledger</h1><p>{PROSE}</p>"
        f"{inside}<p>{PROSE.replace('harbour', 'lock')}</p></article>"
        "<nav><p>Home of the office</p></nav></body></html>"
    )
    return [(one.rule, one.text) for one in extract(page.encode(), "https://a.example/").removed]


def test_removed_texts_have_their_rule() -> None:
    """Titles, permalinks, labels of code and chrome are named; text outside the article is not."""
    found = removed(
        '<h2>Gate <a class="anchor" href="#g">#</a></h2><p>It hangs from its upper edge, so that '
        "the water pushes it open without help at every tide.</p><p>Share this article</p>"
    )
    assert ("title or byline", "Ledger") in found
    assert ("permalink", "#") in found
    assert any(text == "Share this article" for _, text in found)
    assert not any("Home of the office" in text for _, text in found)


def test_an_article_without_chrome_loses_its_title_only() -> None:
    """Nothing else is listed for plain paragraphs."""
    assert removed("") == [("title or byline", "Ledger")]


def test_navigation_and_controls_inside_an_article_are_listed() -> None:
    """A list of contents and the words of buttons are named; menus around the article are not."""
    found = removed(
        "<nav><ul><li><a href='#lock'>1 The lock</a></li></ul></nav><button>Play the tour</button>"
        f"<p>{PROSE.replace('barge', 'raft')} <select><option>Low water</option></select></p>"
    )
    assert ("navigation", "1 The lock") in found
    assert ("control", "Play the tour") in found
    assert ("control", "Low water") in found
    assert not any("Home of the office" in text for _, text in found)


def test_numbers_of_code_lines_are_listed() -> None:
    """The numbers beside the lines of a listing are named, in order."""
    lines = "".join(f"<tr><td>{n}</td><td>open(gate, {n})</td></tr>" for n in (1, 2, 3))
    assert ("line numbers", "1 2 3") in removed(
        f'<table class="highlight"><tbody>{lines}</tbody></table>'
    )


def test_buttons_around_code_are_listed() -> None:
    """What copies, runs or unfolds a listing goes with its rule."""
    found = removed("<div><pre><code>open(gate)</code></pre><button>Show more</button></div>")
    assert ("control", "Show more") in found


def test_words_on_both_sides_of_a_line_break_stay_apart() -> None:
    """A listed block has a space where the page breaks the line."""
    found = removed("<p><a href='/s'>Share this</a><br><a href='/p'>Print</a></p>")
    assert any(text == "Share this Print" for _, text in found)


def test_lines_of_a_section_between_paragraphs_are_listed() -> None:
    """A line that is taken out of its box as a section around the article has that rule."""
    cards = "".join(
        f"<p><a href='/lock-{n}'>The lock of the year {1900 + n} and who built it</a></p>"
        for n in range(4)
    )
    found = removed(f"<h3>Related articles</h3>{cards}")
    assert {rule for rule, text in found if "who built it" in text} <= {
        "section", "related", "chrome", "model",
    }  # fmt: skip
    assert sum("who built it" in text for _, text in found) == 4


def test_what_stands_around_the_posts_of_a_thread_is_listed() -> None:
    """Details of the writers and lines between the posts are named; the posts are the text."""
    posts = "".join(
        f'<article class="message message--post" data-author="{name}"><div class="message-user">{name}'
        f' <em>Harbour master</em></div><div class="message-body"><div class="bbWrapper">{PROSE}'
        f" {PROSE.replace('clerks', name)}</div></div></article><div>Notice number {at}</div>"
        for at, name in enumerate(("Anna", "Bert", "Cleo"))
    )
    page = (
        '<html id="XF"><head><title>Ledgers</title></head><body><div class="p-body"><h1>Ledgers</h1>'
        f'<div class="block-body">{posts}</div></div></body></html>'
    )
    article = extract(page.encode(), "https://forum.example/threads/ledgers.7/")
    listed = " ".join(one.text for one in article.removed)
    assert article.markdown.count(PROSE) == 3
    assert "Harbour master" in listed
    assert "Notice number 1" in listed
    assert PROSE not in listed
