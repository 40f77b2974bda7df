"""Markdown that is rendered again has the text that was written, and nothing else."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from lxml.html.builder import E
from markdown_it import MarkdownIt

from reader.extract import markdown

_RENDER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_SIGNS = st.text(alphabet="ab1 *_`~#>+-=|[]()!<>&;:.\\$^\"'/\n", max_size=24)
_TEXT = st.one_of(_SIGNS, st.text(max_size=12))
_INLINE = st.recursive(
    _TEXT,
    lambda inner: st.tuples(
        st.sampled_from(["b", "em", "s", "a", "span"]), st.lists(inner, max_size=3)
    ),
    max_leaves=6,
)
_BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(["p", "li", "h2", "blockquote", "td", "div"]), st.lists(_INLINE, max_size=4)
    ),
    max_size=4,
)


def _clean(text: str) -> str:
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "", text)


def _build(part: Any) -> Any:
    if isinstance(part, str):
        return _clean(part)
    tag, inner = part
    made = E(tag, *map(_build, inner))
    if tag == "a":
        made.set("href", "https://example.org/x")
    return made


def _folded(text: str) -> str:
    kept = re.sub("[\ue000-\uf8ff\U000f0000-\U0010ffff\u00ad\u200b\ufeff\ufffd]", "", text)
    return re.sub(r"\s+", "", kept)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(_BLOCKS)
def test_rendered_markdown_has_the_same_signs(blocks: list[tuple[str, list[object]]]) -> None:
    """No sign of the page's text turns into markup, and no markup stays visible as a sign."""
    root = E.div(*(E(tag, *map(_build, inner)) for tag, inner in blocks))
    expected = _folded(root.text_content())
    rendered = _RENDER.render(markdown.convert(root, None))
    shown = html.fragment_fromstring(rendered, create_parent="div").text_content()
    assert _folded(shown) == expected


@pytest.mark.parametrize(
    ("page", "written"),
    [
        ("<b><em>0</em>0<em>0</em></b>", "***0*00**"),
        ("<b>a <em>b</em> c</b>", "**a *b* c**"),
        ("<em>a<b>b</b>c</em>", "*a**b**c*"),
        ("<em>x<em>y</em></em>z<s>d<b>k</b></s>", "*xy*z~~d**k**~~"),
        ("<b>a <a href='https://e.org'><em>b</em>c</a></b>", "**a [*b*c](https://e.org/)**"),
    ],
)
def test_emphasis_is_paired_as_it_was_meant(page: str, written: str) -> None:
    root = html.fragment_fromstring(f"<p>{page}</p>")
    assert markdown.convert(root, None).strip() == written
