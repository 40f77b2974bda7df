"""Whatever the elements of a page and their nesting, each visible word is in the Markdown once."""

import re
from collections import Counter
from itertools import count
from typing import Any
from unicodedata import normalize

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement

from reader.extract import markdown
from reader.extract.input import html_parser

_INLINE = (
    "a abbr acronym b bdi big cite code data del dfn em font i ins kbd label mark my-word nobr "
    "output q s samp small span strike strong sub sup time tt u var ruby meter progress"
).split()
_BLOCKS = (
    "address article aside blockquote body-part caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup legend li listing main "
    "menu my-box nav ol p pre search section summary table tbody td tfoot th thead tr ul object "
    "noframe marquee xmp"
).split()
_ATTRIBUTES: tuple[dict[str, str], ...] = (
    {},
    {"href": "https://a.example/x"},
    {"href": "#x"},
    {"role": "heading"},
    {"role": "listitem"},
    {"role": "cell"},
    {"style": "font-weight: bold"},
    {"style": "white-space: pre-line"},
    {"class": "highlight"},
    {"class": "sidenote"},
    {"class": "callout note"},
    {"hidden": "until-found"},
    {"open": ""},
    {"value": "7"},
    {"reversed": ""},
    {"colspan": "2"},
    {"rowspan": "2"},
)
_TREES = st.recursive(
    st.just("word"),
    lambda inner: st.tuples(
        st.sampled_from([*_INLINE, *_BLOCKS]),
        st.sampled_from(_ATTRIBUTES),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=14,
)


def _page(parts: Any, words: "count[int]") -> str:
    if isinstance(parts, str):
        return f" wo{next(words)}rd "
    tag, attributes, inner = parts
    if tag == "dialog":
        attributes = {**attributes, "open": ""}
    said = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<{tag}{said}>{''.join(_page(part, words) for part in inner)}</{tag}>"


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(_TREES, min_size=1, max_size=4))
def test_every_word_is_there_once(trees: list[Any]) -> None:
    """No word is lost or doubled, but for the labels of a table that becomes a list."""
    numbers = count(1)
    source = "".join(_page(tree, numbers) for tree in trees)
    page = html_parser.parse(f"<html><body>{source}</body></html>", "https://site.example/")
    expected = Counter(re.findall(r"wo\d+rd", page.root.text_content()))
    labels = _possible_labels(page.root)
    markdown.prepare(page.root)
    notes = markdown.normalise(page)
    written = markdown.convert(page.root, page.base_url, notes)
    found = Counter(re.findall(r"wo\d+rd", normalize("NFKC", written)))
    assert not expected - found, (source, written)
    assert all(word in labels for word in found - expected), (source, written)


def _possible_labels(root: HtmlElement) -> set[str]:
    """Return the words in header cells, which each row of a labelled list repeats."""
    return set(re.findall(r"wo\d+rd", " ".join(c.text_content() for c in root.iter("th"))))


def test_the_parser_of_the_test_sees_the_words() -> None:
    """The words that are compared are words of the page."""
    assert html.fragment_fromstring("<p> wo1rd </p>").text_content().split() == ["wo1rd"]
