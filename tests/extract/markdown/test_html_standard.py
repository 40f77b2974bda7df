"""Every element and attribute of HTML that carries text or structure, with its Markdown."""

from pathlib import Path

import pytest

from reader.extract import markdown
from reader.extract.input import frames, html_parser, shadow_dom

FIXTURE = Path(__file__).with_name("html_standard.txt")


def cases() -> list[tuple[str, str, str]]:
    """Return name, HTML and expected Markdown of each case in the fixture."""
    found = []
    for case in FIXTURE.read_text(encoding="utf-8").split("=== ")[1:]:
        name, _, rest = case.partition("\n")
        page, _, expected = rest.partition("\n---\n")
        found.append((name, page, expected.rstrip("\n")))
    return found


@pytest.mark.parametrize(("name", "page", "expected"), cases(), ids=lambda value: value[:40])
def test_an_element_of_html_has_its_markdown(name: str, page: str, expected: str) -> None:
    """The words are there once, and what the element means is written as Markdown means it."""
    text = f"<html><body>{page}</body></html>"
    parsed = html_parser.parse(text, "https://site.example/p")
    shadow_dom.flatten_shadow_roots(parsed.root, text)
    frames.inline_frames(parsed.root, {}, lambda text: html_parser.parse(text).root)
    markdown.prepare(parsed.root)
    notes = markdown.normalise(parsed)
    written = markdown.convert(parsed.root.find("body"), parsed.base_url, notes)
    assert written.rstrip("\n") == expected
