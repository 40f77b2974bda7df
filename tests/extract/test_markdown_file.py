"""Markdown files keep what notes programs write: formulas, notes, tasks, callouts, prices."""

import pytest

from reader.extract import extract

SENTENCE = "The keeper of the tide gauge writes down every flood, and the cat reads it at night."


def markdown(text: str, name: str = "") -> str:
    return extract(text.encode(), name=name).markdown.strip()


def test_a_note_comes_out_as_it_is() -> None:
    """Formulas, footnotes, tasks, callouts and code survive the way through the tree."""
    parts = [
        SENTENCE,
        "- [x] Oil the float\n- [ ] Wind the clock\n  - [ ] on Sundays",
        r"The flood follows $h = a \cos(\omega t)$ and, over a year,",
        "$$\n\\sum_{i=1}^{n} h_i \\le H_{\\max}\n$$",
        "> [!warning] Mind the ladder\n> It is wet at noon.",
        "> [!note]\n> Nothing else.",
        "A note[^1] follows.",
        '```python\nx = "$5"\n```',
        "[^1]: It is short.",
    ]
    assert markdown("# Tides\n\n" + "\n\n".join(parts)) == "\n\n".join(parts)


def test_prices_are_prices() -> None:
    """Two amounts on a line are no formula."""
    text = f"# Fares\n\n{SENTENCE} A berth costs $4-$7, a cabin US$80/US$95, freight $1,000–$1,500."
    assert markdown(text).endswith(
        "A berth costs $4-$7, a cabin US$80/US$95, freight $1,000–$1,500."
    )


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    """Only keys, lists and comments between two lines of dashes are."""
    text = f"---\n\n{SENTENCE}\n\n---\n\nAfter: {SENTENCE}\n"
    assert markdown(text).count(SENTENCE) == 2
    article = extract(f"---\ntitle: Log\ntags:\n  - sea\n---\n{SENTENCE}\n".encode())
    assert (article.title, article.tags) == ("Log", ("sea",))


@pytest.mark.parametrize("name", ["notes.md", "/home/me/Notes.Markdown"])
def test_the_file_name_counts(name: str) -> None:
    """Text without signs of Markdown, and Markdown with much HTML, are Markdown by their name."""
    assert r"$e = m$" in markdown(f"{SENTENCE}\n\nIt says $e = m$ on the wall.\n", name)
    table = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    text = f"## Gauge\n\n{SENTENCE}\n\n{table}\n\n> {SENTENCE}\n"
    assert f"> {SENTENCE}" in markdown(text, name)
