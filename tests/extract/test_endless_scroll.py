"""Articles that a page loads below its own are left out; replies and chapters stay."""

import pytest

from reader.extract import extract
from tests.extract.dresses import ARTICLE

OTHER = (
    "The harbour office counted more ships than berths for the third year in a row, and nobody"
    " could say where the other half had been moored.",
    "A clerk found the old ledger under a radiator, dry and complete, with the names of every"
    " pilot since the war and what each of them was owed.",
    "The sum has grown with the interest, and the lawyers of the port say that it will be paid"
    " when the last heir has been found and not before.",
)


def page(first: str, second: str) -> str:
    """Extract a page of two boxes, of which the first has the page's title; return its Markdown."""
    head = f'<title>{ARTICLE.title}</title><meta property="og:title" content="{ARTICLE.title}">'
    text = f"<html><head>{head}</head><body><main>{first}{second}</main></body></html>"
    return extract(text.encode(), "https://quayside.example/read").markdown


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize(
    "template",
    [
        "<article class=post><h1>{title}</h1>{text}</article>",
        "<div class=story data-url=/s><h1>{title}</h1>{text}</div>",
        "<section><h2><a href=/s>{title}</a></h2><div>{text}</div></section>",
    ],
)
def test_further_articles_are_left_out(template: str) -> None:
    """Each has its own heading, and is an article by its element, link or address."""
    own = template.format(title=ARTICLE.title, text=paragraphs(tuple(ARTICLE.paragraphs)))
    other = template.format(title="Old ledger found under a radiator", text=paragraphs(OTHER))
    markdown = page(own, other)
    assert ARTICLE.paragraphs[-1][:40] in markdown
    assert "radiator" not in markdown
    assert "berths" not in markdown


@pytest.mark.parametrize(
    ("title", "template"),
    [
        ("Who pays", "<section><h2>{title}</h2>{text}</section>"),
        (f"Re: {ARTICLE.title}", "<article><h2>{title}</h2>{text}</article>"),
    ],
)
def test_chapters_and_replies_stay(title: str, template: str) -> None:
    """A chapter has no address of its own; a reply has the title in its heading."""
    own = template.format(title=ARTICLE.title, text=paragraphs(tuple(ARTICLE.paragraphs)))
    assert OTHER[0] in page(own, template.format(title=title, text=paragraphs(OTHER)))
