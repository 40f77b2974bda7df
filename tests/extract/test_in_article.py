"""Small pieces of markup in the middle of an article, through the whole of extraction."""

from pathlib import Path

import pytest

from reader.extract import extract

FIXTURE = Path(__file__).with_name("in_article.txt")
BEFORE = (
    "The clock of the lower town was bought twice in one winter, and each of the towns that paid for it"
    " believed that the other had been cheated by the maker.",
    "It came over the pass in eleven sledges, with a boy on the last of them who held the pendulum upright"
    " all the way, since nobody had told him that he need not.",
)
AFTER = (
    "For forty years it struck thirteen at noon, and the school began by it, the market closed by it, and"
    " three lawsuits turned on what it had said on a certain day.",
    "When it was taken down at last, the wheel that was wrong was given to the boy, who was the mayor by"
    " then and kept it on his backend to weigh down letters.",
)


def page(markup: str) -> bytes:
    """Return a page whose article has the markup between two paragraphs above and two below."""
    title = "The clock that struck thirteen"
    above, below = ("".join(f"<p>{text}</p>" for text in half) for half in (BEFORE, AFTER))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<nav><a href="/">Home</a> <a href="/a">News</a></nav><main><article><h1>{title}</h1>{above}'
        f"{markup}{below}</article></main><footer><p>All rights reserved.</p></footer></body></html>"
    ).encode()


def cases() -> list[tuple[str, str, str]]:
    """Return name, markup and expected Markdown of each case in the fixture."""
    found = []
    for case in FIXTURE.read_text(encoding="utf-8").split("=== ")[1:]:
        name, _, rest = case.partition("\n")
        markup, _, expected = rest.partition("\n---\n")
        found.append((name, markup, expected.strip()))
    return found


@pytest.mark.parametrize(("name", "markup", "expected"), cases(), ids=lambda value: value[:40])
def test_markup_inside_an_article_is_whole(name: str, markup: str, expected: str) -> None:
    """Nothing visible is lost between two paragraphs, and nothing hidden is shown."""
    markdown = extract(page(markup), "https://clock.example/story").markdown
    above, found, below = markdown.partition(BEFORE[1])
    inside, last, _ = below.partition(AFTER[0])
    assert found
    assert last
    assert above.strip() == BEFORE[0]
    assert inside.strip() == expected
