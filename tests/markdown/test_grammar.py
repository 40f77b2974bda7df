"""The grammar is CommonMark with its usual extensions: an independent parser reads the same."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.html.builder import E
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from reader.extract import markdown
from reader.markdown import plain_text
from reader.markdown.events import events
from reader.markdown.plain_text import to_plain_text

PEER = MarkdownIt("commonmark", {"html": False, "maxNesting": 100})
PEER.enable(["table", "strikethrough"]).use(footnote_plugin, inline=False)
PEER.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
_KINDS = {
    "strong_open": "Strong", "em_open": "Emphasis", "s_open": "Strikethrough", "link_open": "Link",
    "image": "Image", "blockquote_open": "BlockQuote", "bullet_list_open": "List",
    "ordered_list_open": "List", "list_item_open": "Item", "heading_open": "Heading",
    "table_open": "Table", "fence": "CodeBlock", "code_block": "CodeBlock", "hr": "Rule",
    "math_inline": "InlineMath", "math_inline_double": "DisplayMath", "math_block": "DisplayMath",
    "code_inline": "Code", "hardbreak": "HardBreak", "footnote_ref": "FootnoteReference",
}  # fmt: skip


def from_events(text: str) -> list[str]:
    """Return the structure that the reader sees, without paragraphs and text."""
    found = []
    for event in events(text):
        if isinstance(event, str):
            found.append(event)
            continue
        ((kind, value),) = event.items()
        if kind == "Start":
            found.append(value if isinstance(value, str) else next(iter(value)))
        elif kind != "End":
            found.append(kind)
    ignored = {
        "Text",
        "Paragraph",
        "SoftBreak",
        "TableHead",
        "TableRow",
        "TableCell",
        "TaskListMarker",
    }
    return [name for name in found if name not in ignored]


def from_tokens(tokens: list[Token]) -> list[str]:
    """Return the structure that the independent parser sees."""
    found = []
    for token in tokens:
        if token.type in _KINDS:
            found.append(_KINDS[token.type])
        if token.children and token.type != "image":
            found += from_tokens(token.children)
    return found


@pytest.mark.parametrize(
    "text",
    [
        '# a *b* **c** `d` ~~e~~ [f](https://g.h "t") ![i](j.png)',
        "- a\n  1. b\n     - c\n\n> q\n> > r",
        "| a | b |\n| --- | --- |\n| x\\|y | `p\\|q` |",
        "$x_1$ and $5-$6 or US$90/US$120, \\$a\\$",
        "it [announced $75 billion](https://a.example/x) and [$1 billion](https://a.example/y) more",
        "$$\na\n$$",
        "<b>no HTML</b> ~one~ <i>x</i>\n\n<div>\n*em*\n</div>",
        "```py\na\n```\n\n---\n\na  \nb",
        "<https://a.example/> and [x](</a b>)",
        "1. a\n7) b\n8) c",
    ],
)
def test_both_parsers_see_the_same(text: str) -> None:
    """Emphasis, links, lists, tables, code, formulas and HTML are told apart alike."""
    assert from_events(text) == from_tokens(PEER.parse(text))


_INLINE = st.recursive(
    st.text(alphabet="ab1 *_`~#>+-=|[]()!<>&.\\$^\"'/\n", max_size=12),
    lambda inner: st.tuples(
        st.sampled_from(["b", "em", "s", "a", "code", "sup"]), st.lists(inner, max_size=3)
    ),
    max_leaves=6,
)
_BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(["p", "li", "h2", "blockquote", "pre"]), st.lists(_INLINE, max_size=3)
    ),
    max_size=3,
)


def _build(part: Any) -> Any:
    if isinstance(part, str):
        return part
    tag, inner = part
    made = E(tag, *map(_build, inner))
    if tag == "a":
        made.set("href", "https://example.org/x")
    return made


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(_BLOCKS)
def test_both_parsers_see_the_same_in_what_extraction_writes(blocks: list[Any]) -> None:
    """Whatever signs a page has, its Markdown is read alike."""
    written = markdown.convert(E.div(*(E(tag, *map(_build, inner)) for tag, inner in blocks)), None)
    assert from_events(written) == from_tokens(PEER.parse(written))


@given(
    st.text(
        st.sampled_from("aZé中 .,:;!-+=#1)(\"'^{}@/\xa0\u2028x\\`*_[]<>&~$|\n\t\r"), max_size=40
    )
)
def test_a_plain_line_is_what_its_events_say(line: str) -> None:
    """Lines without signs skip the parser; they must give what it would."""
    parsed = "".join(
        value
        for event in events(line)
        if isinstance(event, dict)
        for kind, value in event.items()
        if kind == "Text"
    )
    if plain_text._ONE_PARAGRAPH.fullmatch(line) and not line.endswith(" "):
        assert to_plain_text(line) == f"{parsed}\n\n" == f"{line}\n\n"
