"""Articles in the script data of pages that show no text themselves.

`__NEXT_DATA__`, `__NUXT__`, state variables, `data-page` attributes: names differ from framework
to framework, the shapes do not. An object with a title and a long text is an article; the text is
a string, HTML, or a tree of paragraphs as editors keep them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import Any, Final
from urllib.parse import unquote, urljoin

from lxml.html import HtmlElement

from reader.extract.content.page_lines import folded_letters
from reader.extract.content.section_lines import text_length
from reader.model.article import Related
from reader.model.text import clean_tag, count_words, one_line
from reader.model.urls import is_web_url

MAX_SCRIPTS: Final = 6_000_000
"""Characters of scripts that are read."""
MAX_ATTEMPTS: Final = 300
"""Places where JSON may start: a failed one costs the length of its script."""
MAX_NODES: Final = 200_000
"""Values that are visited: bounds the time for data with many references."""
MAX_DEPTH: Final = 60
"""Levels of values that are visited, recursively: Python allows 1,000 calls."""
MAX_TAGS: Final = 12
"""Tags next to an article whose text is a string of JSON; more are a menu."""
MAX_REFERENCES: Final = 2
"""Records inside records that references are followed to: more would be other articles."""
MIN_TEXT: Final = 250
"""Letters of the shortest text that can be an article's, see `text_length`."""

_VALUE: Final = re.compile(r"(?:=|return|\.push\()\s*(?=[\[{])")
"""Before a value: its name and "=", `return`, or a list that records are added to, as React Query does."""
MAX_NAME: Final = 80
"""Characters of the longest name of a value."""
_NAME_BACKWARDS: Final = re.compile(rf"[\w$.\[\]\"']{{1,{MAX_NAME + 1}}}")
_BEFORE_NAME: Final = re.compile(r"[;\s{}(]")
_PARSED: Final = re.compile(
    r"JSON\.parse\(\s*(?:decodeURIComponent\(\s*)?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", re.S
)
_PUSHED: Final = re.compile(r"__next_f\.push\(\s*(?=\[)")
_LITERAL: Final = re.compile(
    r"\"((?:[^\"\\\n]|\\.)*+)\"|'((?:[^'\\\n]|\\.)*+)'|`((?:[^`\\]|\\.)*+)`", re.S
)
"""A string of a program, short ones too: a search for long ones would begin at their ends."""
MIN_LITERAL: Final = 140
"""Characters of the shortest string that may be prose."""
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<sign>[\[\]{},:])|(?P<quoted>\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|`(?:[^`\\$]|\\.)*+`)"
    r"|(?P<number>-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))|(?P<key>(?P<name>[A-Za-z_$][\w$]{0,80}|\d{1,15})\s*:)"
    r"|(?P<word>undefined|null|true|false|!0|!1|void 0|NaN)(?![\w(.])|(?P<date>new Date\((?P<day>\d+|\"[^\"]*\"|'[^']*')\)))",
    re.S,
)
"""A token of a literal: the values of data, without calls and operators."""
_CONSTANTS: Final = {
    "undefined": "null", "null": "null", "true": "true", "false": "false", "!0": "true",
    "!1": "false", "void 0": "null", "NaN": "null",
}  # fmt: skip
_SENTENCE: Final = re.compile(r"[.!?…。।۔؟](?:\s|<|$)")
_CODE: Final = re.compile(
    r"\"\s*:|[{};]\s*\n|function\s*\(|=>|\)\s*[;{]|[A-Za-z0-9_\])]\s*=\s*[A-Za-z0-9_(\[{]|\|\|"
)
"""Signs of a program. Korean datelines have a sign of equality, too: (서울=연합뉴스)."""
_FLIGHT: Final = re.compile(r"^[0-9a-f]{1,6}:(?=[\[{\"])", re.M)
_TEXT_KEYS: Final = (
    "articleBody", "articlebody", "body", "content", "text", "html", "bodyHtml", "body_html", "bodyHTML", "contentHtml",
    "content_html", "richText", "rich_text", "paragraphs", "blocks", "elements", "components", "sections", "copy",
    "story", "markdown", "fullText", "full_text", "mainContent", "document", "data", "rendered", "value", "children", "nodes",
    "bodyModel",
)  # fmt: skip
_TEXT_KEY_SET: Final = frozenset(_TEXT_KEYS)
_TITLE_KEYS: Final = ("headline", "title", "name", "heading", "seoTitle", "hed")
_RELATED_KEY: Final = re.compile(
    r"related|recommend|similar|suggest|more|next|also|trending|popular|latest|further", re.I
)
_SOURCE_KEYS: Final = (
    "source",
    "publisher",
    "site",
    "siteName",
    "provider",
    "outlet",
    "brand",
    "author",
    "byline",
)
_AGE_KEYS: Final = (
    "age",
    "timeAgo",
    "ago",
    "relativeTime",
    "relativeDate",
    "displayDate",
    "time",
    "date",
    "publishedAt",
    "published",
    "publishedDate",
    "datePublished",
    "published_at",
    "createdAt",
    "timestamp",
)
_SOURCE_KEY: Final = re.compile(r"source|publi(?:sher|cation)|provider|outlet|brand|site", re.I)
_AGE_KEY: Final = re.compile(r"ago$|^age$|date|time|published|posted|created", re.I)
_URL_KEYS: Final = ("url", "href", "link", "canonicalUrl", "permalink", "path", "uri", "slug")
_TAG_KEYS: Final = ("hashtags", "tags", "keywords", "topics")
_HTML: Final = re.compile(
    r"<(?:p|div|br|h[1-6]|ul|ol|li|blockquote|figure|span|a|em|strong|b|i)\b[^<>]*>", re.I
)
_HEADING: Final = re.compile(r"(?:heading|header|subhead|title|h)[-_ ]?([1-6])?$", re.I)


@dataclass(slots=True)
class ScriptArticle:
    """An article in script data. `html` is its text as hostile blocks of HTML."""

    title: str = ""
    html: str = ""
    related: list[Related] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text without tags."""
        return _plain(self.html)


def find_script_article(
    root: HtmlElement, titles: Sequence[str], base: str | None, *, reads_programs: bool
) -> ScriptArticle | None:
    """Return the article in the page's script data, None if there is none. Linear, bounded.

    With `reads_programs`, the strings of scripts without such data count too.
    """
    best: tuple[int, dict[str, Any], list[str], Any] | None = None
    names = {folded_letters(title) for title in titles if title}
    budget = [MAX_NODES]
    for value in map(_resolve_references, _values(root)):
        for thing in _objects(value, budget, 0):
            blocks = _text_of(thing)
            if sum(map(text_length, blocks)) < MIN_TEXT:
                continue
            plain = [_plain(block) for block in blocks]
            size = sum(map(text_length, plain))
            if size < MIN_TEXT or any(map(_CODE.search, plain[:20])):
                continue
            title = _first_text(thing, _TITLE_KEYS)
            # The innermost object with the text has the title beside it.
            rank = (
                size + (size if title else 0) + (4 * size if folded_letters(title) in names else 0)
            )
            if best is None or rank > best[0]:
                best = (rank, thing, blocks, value)
    if best is None:
        return _from_literals(root) if reads_programs else None
    _, thing, blocks, value = best
    found = ScriptArticle(_first_text(thing, _TITLE_KEYS), "\n".join(blocks))
    found.related = _related_in(thing, base) or _related_in(value, base)
    found.tags = _tags_in(thing) or _tags_around(value, thing)
    if not found.tags and isinstance(value, dict) and len(tags := _tags_in(value)) <= MAX_TAGS:
        found.tags = tags
    return found


def to_html(text: str) -> str:
    """Return plain text or HTML of metadata as a page, lines as paragraphs."""
    return "\n".join(_string_blocks(text))


def _values(root: HtmlElement) -> Iterator[Any]:
    """All JSON that scripts and attributes of a page hold."""
    read = attempts = 0
    budget = MAX_SCRIPTS
    flight: list[str] = []
    for script in root.iter("script"):
        text = (script.text or "").strip()
        read += len(text)
        kind = (script.get("type") or "").casefold()
        if not text or read > MAX_SCRIPTS or "ld+json" in kind:
            continue
        if "json" in kind or text[0] in "{[":
            values = list(_decoded(text))
            yield from map(_unflattened, values)
            if values or "json" in kind:
                continue
        if "__next_f" in text:
            for start in islice(_PUSHED.finditer(text), MAX_ATTEMPTS):
                for pushed in _raw(text, start.end()):
                    if isinstance(pushed, list) and len(pushed) > 1 and isinstance(pushed[1], str):
                        flight.append(pushed[1])
            continue
        end = 0
        for start in _VALUE.finditer(text):
            if start.end() < end or not _is_given(text, start, end):
                continue
            # A value that is not JSON costs the length of the script: its error counts lines.
            attempts += 1
            if attempts > MAX_ATTEMPTS:
                break
            for value, stop in _raw_with_end(text, start.end()):
                end = stop
                yield value
            if end <= start.end() and budget > 0:
                # A script's own notation: names without quotation marks.
                literal, stop = _as_json(text, start.end())
                budget -= stop - start.end()
                if literal:
                    end = stop
                    yield from _decoded(literal)
        for found in _PARSED.finditer(text):
            yield from _decoded(
                unquote(_literal(found[1])) if "decodeURI" in found[0] else _literal(found[1])
            )
    if flight:
        joined = "".join(flight)
        for start in islice(_FLIGHT.finditer(joined), 10 * MAX_ATTEMPTS):
            yield from _raw(joined, start.end())
    for element in root.iter():
        if not isinstance(element.tag, str) or not element.attrib:
            continue
        for name, value in element.attrib.items():
            if (
                len(value) > MIN_TEXT
                and name.startswith(("data-", ":", "v-bind", "props"))
                and value.lstrip()[:1] in "{["
            ):
                for decoded in _decoded(value):
                    yield _untagged(decoded) if _is_tagged(decoded) else decoded


def _is_given(text: str, sign: re.Match[str], end: int) -> bool:
    """Return whether the sign before a value stands behind a name or a word of the program.

    `end` is that of the value before it.
    """
    at = sign.start()
    if text[at] == "r":
        return at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_")
    if text[at] == ".":
        return text[sign.end()] == "{"
    start = max(0, end - 1, at - 2 * MAX_NAME)
    before = text[start:at].rstrip()
    # A pattern that begins at each sign of the program would read every name once for each letter.
    name = _NAME_BACKWARDS.match(before[::-1])
    if name is None or name.end() > MAX_NAME:
        return False
    if name.end() < len(before):
        return _BEFORE_NAME.match(before[-name.end() - 1]) is not None
    return start == 0


def _unflattened(value: Any) -> Any:
    """Return data whose objects refer to their values by number as a tree.

    Nuxt 3, SvelteKit and React Router write so: `[{"data": 1}, {"title": 2}, "…"]`.
    """
    if not isinstance(value, list) or len(value) < 4:
        return value
    if not any(
        isinstance(one, dict) and one and all(type(at) is int for at in one.values())
        for one in value[:4]
    ):
        return value
    budget = [MAX_NODES]

    def at(number: Any, depth: int) -> Any:
        budget[0] -= 1
        if type(number) is not int or not 0 <= number < len(value):
            return None
        if depth > MAX_DEPTH or budget[0] < 0:
            return None
        one = value[number]
        if isinstance(one, dict):
            return {key: at(inner, depth + 1) for key, inner in one.items()}
        if isinstance(one, list):
            if len(one) == 2 and isinstance(one[0], str):
                return at(one[1], depth + 1)
            return [at(inner, depth + 1) for inner in one]
        return one

    return at(0, 0)


def _is_tagged(value: Any) -> bool:
    """Return whether each value has the number of its type before it, as in Astro's islands."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(
            isinstance(one, list) and len(one) == 2 and type(one[0]) is int
            for one in value.values()
        )
    )


def _untagged(value: Any, depth: int = 0) -> Any:
    """Return the properties of an Astro island without the numbers of their types."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, dict):
        return {key: _untagged(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list) and len(value) == 2 and type(value[0]) is int:
        kind, inner = value
        if kind == 1 and isinstance(inner, list):
            return [_untagged(one, depth + 1) for one in inner]
        return _untagged(inner, depth + 1) if isinstance(inner, dict) else inner
    return value


def _as_json(text: str, start: int) -> tuple[str, int]:
    """Return a literal of JavaScript as JSON, and its end; empty for calls and operators.

    Linear.
    """
    parts: list[str] = []
    depth = 0
    at = start
    while token := _TOKEN.match(text, at):
        at = token.end()
        kind = token.lastgroup or ""
        sign = token[kind]
        if kind == "sign":
            if sign in "]}" and parts and parts[-1] == ",":
                parts.pop()
            parts.append(sign)
            depth += (sign in "[{") - (sign in "]}")
            if depth == 0:
                return "".join(parts), at
        elif kind == "quoted":
            parts.append(json.dumps(_literal(f"'{sign[1:-1]}'" if sign[0] == "`" else sign)))
        elif kind == "number":
            parts.append(sign if sign[0] != "." else f"0{sign}")
        elif kind == "key":
            parts.append(f"{json.dumps(token['name'])}:")
        elif kind == "word":
            parts.append(_CONSTANTS[sign])
        elif kind == "date":
            parts.append(
                json.dumps(_literal(token["day"])) if token["day"][0] in "'\"" else token["day"]
            )
    return "", at


def _decoded(text: str) -> Iterator[Any]:
    try:
        yield json.loads(text, strict=False)
    except (ValueError, RecursionError):
        yield from _raw(text, 0)


def _raw(text: str, start: int) -> Iterator[Any]:
    for value, _ in _raw_with_end(text, start):
        yield value


def _raw_with_end(text: str, start: int) -> Iterator[tuple[Any, int]]:
    """Return the JSON value that begins at an offset of the text; None without one."""
    try:
        yield json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):
        return


def _literal(quoted: str) -> str:
    """Return the value of a JavaScript string."""
    inside = quoted[1:-1]
    if quoted[0] == "'":
        inside = inside.replace("\\'", "'").replace('"', '\\"')
    inside = re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1", inside)
    try:
        return str(json.loads(f'"{inside}"', strict=False))
    except ValueError:
        return inside


def _resolve_references(value: Any) -> Any:
    """Return data with the records that it refers to in their places, two levels deep.

    Apollo's cache keeps each record once, and `{"__ref": "Post:9"}` where it belongs.
    """
    if not isinstance(value, dict) or not any(":" in key or key.isalnum() for key in value):
        return value
    records = {key: one for key, one in value.items() if isinstance(one, dict)}
    budget = [MAX_NODES]

    def resolve(node: Any, depth: int, references: int) -> Any:
        budget[0] -= 1
        if budget[0] < 0 or depth > MAX_DEPTH:
            return None
        if isinstance(node, list):
            return [resolve(one, depth + 1, references) for one in node]
        if not isinstance(node, dict):
            return node
        name = node.get("__ref") or (node.get("id") if node.get("type") == "id" else None)
        if isinstance(name, str) and name in records and len(node) < 5:
            if references >= MAX_REFERENCES:
                return None
            return resolve(records[name], depth + 1, references + 1)
        return {key: resolve(one, depth + 1, references) for key, one in node.items()}

    if not any(_has_reference(one, 0) for one in islice(records.values(), MAX_ATTEMPTS)):
        return value
    return {key: resolve(one, 0, 0) for key, one in value.items()}


def _has_reference(value: Any, depth: int) -> bool:
    if depth > 6:
        return False
    if isinstance(value, list):
        return any(_has_reference(one, depth + 1) for one in value[:20])
    return isinstance(value, dict) and (
        "__ref" in value
        or value.get("type") == "id"
        or any(_has_reference(one, depth + 1) for one in islice(value.values(), 40))
    )


def _objects(value: Any, budget: list[int], depth: int) -> Iterator[dict[str, Any]]:
    budget[0] -= 1
    if depth > MAX_DEPTH or budget[0] < 0:
        return
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            if isinstance(inner, dict | list):
                yield from _objects(inner, budget, depth + 1)
            elif isinstance(inner, str) and inner[:1] in "{[" and len(inner) > MIN_TEXT:
                for parsed in _decoded(inner):
                    yield from _objects(parsed, budget, depth + 1)
    elif isinstance(value, list):
        if len(value) > 3 and value[0] == "$" and isinstance(value[1], str):
            yield {"content": [value]}
        for inner in value:
            if isinstance(inner, dict | list):
                yield from _objects(inner, budget, depth + 1)


def _text_of(thing: dict[str, Any]) -> list[str]:
    """Return the longest text of an object as blocks of HTML; empty for objects without one."""
    best: list[str] = []
    size = 0
    if _TEXT_KEY_SET.isdisjoint(thing):
        return best
    for key in _TEXT_KEYS:
        value = thing.get(key)
        if isinstance(value, str | list | dict):
            blocks = list(_blocks(value, 0))
            length = sum(map(len, blocks))
            if length > size:
                best, size = blocks, length
    return best


def _blocks(value: Any, depth: int) -> Iterator[str]:
    """Return a text as blocks of HTML, whatever an editor keeps it in."""
    if depth > 20:
        return
    if isinstance(value, str):
        yield from _string_blocks(value)
    elif isinstance(value, list):
        if len(value) > 3 and value[0] == "$" and isinstance(value[1], str):
            yield from _react(value, depth)
            return
        for item in value[:5_000]:
            if isinstance(item, str):
                yield from _string_blocks(item)
            elif isinstance(item, dict | list):
                yield from _blocks(item, depth + 1)
    elif isinstance(value, dict):
        yield from _node(value, depth)


def _string_blocks(text: str) -> Iterator[str]:
    if _HTML.search(text):
        yield text
        return
    for line in re.split(r"\n\s*\n|\n", text):
        if line := line.strip():
            yield f"<p>{_escape(line)}</p>"


def _node(node: dict[str, Any], depth: int) -> Iterator[str]:
    kind = str(
        node.get("type")
        or node.get("nodeType")
        or node.get("_type")
        or node.get("__typename")
        or node.get("kind")
        or ""
    )
    folded = kind.casefold()
    if re.search(
        r"(?<![a-z])ad(?![a-z])|advert|promo|newsletter|related|embed|image|video|gallery", folded
    ):
        return
    inside = _inline(node, 0).strip()
    level = (
        node.get("level") or (node.get("attrs") or {}).get("level")
        if isinstance(node.get("attrs") or {}, dict)
        else None
    )
    heading = _HEADING.search(str(node.get("style") or "") if folded == "block" else folded)
    if heading and inside and "html" not in node:
        yield f"<h{min(6, max(2, int(heading[1] or level or 2)))}>{inside}</h2>".replace(
            "</h2>", f"</h{min(6, max(2, int(heading[1] or level or 2)))}>"
        )
        return
    if (
        re.search(r"paragraph|^p$|^text$|^block$|text-?block|richtext", folded)
        and inside
        and not _has_blocks(node)
    ):
        yield (
            inside
            if _HTML.match(inside) and inside.startswith(("<p", "<h", "<ul", "<ol"))
            else f"<p>{inside}</p>"
        )
        return
    if re.search(r"quote", folded) and inside:
        yield f"<blockquote><p>{inside}</p></blockquote>"
        return
    if "list" in folded and isinstance(node.get("items"), list):
        yield "<ul>" + "".join(f"<li>{_inline(item, 0)}</li>" for item in node["items"]) + "</ul>"
        return
    for key in (
        "content",
        "children",
        "nodes",
        "blocks",
        "body",
        "text",
        "html",
        "value",
        "data",
        "paragraphs",
        "elements",
        "components",
        "document",
        "json",
        "rendered",
        "bodyModel",
    ):
        inner = node.get(key)
        if isinstance(inner, str | list | dict):
            yield from _blocks(inner, depth + 1)
            return


def _has_blocks(node: dict[str, Any]) -> bool:
    """Return whether a node holds paragraphs and not only words."""
    for key in ("content", "children", "nodes", "blocks"):
        inner = node.get(key)
        if isinstance(inner, list) and any(
            isinstance(one, dict)
            and re.search(
                r"paragraph|heading|block$",
                str(one.get("type") or one.get("nodeType") or one.get("_type") or "").casefold(),
            )
            for one in inner
        ):
            return True
    return False


def _inline(value: Any, depth: int) -> str:
    """Return the text of a node as inline HTML."""
    if depth > 12:
        return ""
    if isinstance(value, str):
        return value if _HTML.search(value) else _escape(value)
    if isinstance(value, list):
        return "".join(_inline(one, depth + 1) for one in value)
    if isinstance(value, dict):
        for key in ("text", "html", "value", "content", "children", "nodes", "data", "title"):
            inner = value.get(key)
            if isinstance(inner, str | list | dict) and inner:
                words = _inline(inner, depth + 1)
                url = (
                    (value.get("data") or {}).get("uri")
                    if isinstance(value.get("data"), dict)
                    else value.get("url") or value.get("href")
                )
                return (
                    f'<a href="{_escape(url)}">{words}</a>'
                    if isinstance(url, str) and words
                    else words
                )
    return ""


def _react(node: list[Any], depth: int) -> Iterator[str]:
    """Return an element of a React stream: `["$", tag, key, {children}]`."""
    tag, props = node[1], node[3]
    children = props.get("children") if isinstance(props, dict) else None
    if isinstance(props, dict) and isinstance(props.get("dangerouslySetInnerHTML"), dict):
        yield str(props["dangerouslySetInnerHTML"].get("__html") or "")
    elif tag in ("p", "h2", "h3", "h4", "li", "blockquote") and children:
        yield f"<{tag}>{_react_words(children, 0)}</{tag}>"
    elif isinstance(children, list | dict):
        inner = (
            children
            if isinstance(children, list) and not (children and children[0] == "$")
            else [children]
        )
        for one in inner:
            if isinstance(one, list):
                yield from _blocks(one, depth + 1)


def _react_words(value: Any, depth: int) -> str:
    if depth > 12:
        return ""
    if isinstance(value, str):
        return _escape(value)
    if isinstance(value, list):
        if len(value) > 3 and value[0] == "$" and isinstance(value[3], dict):
            return _react_words(value[3].get("children"), depth + 1)
        return "".join(_react_words(one, depth + 1) for one in value)
    return ""


def _from_literals(root: HtmlElement) -> ScriptArticle | None:
    """Return the prose in string literals of scripts that hold no JSON."""
    blocks: list[str] = []
    read = 0
    for script in root.iter("script"):
        text = script.text or ""
        read += len(text)
        if read > MAX_SCRIPTS or "ld+json" in (script.get("type") or ""):
            continue
        for found in _LITERAL.finditer(text):
            if found.end() - found.start() < MIN_LITERAL:
                continue
            quote = '"' if found[1] else "'"
            words = (
                _literal(f"{quote}{found[1] or found[2] or ''}{quote}")
                if not found[3]
                else found[3]
            )
            if (
                count_words(_plain(words)) > 20
                and _SENTENCE.search(words)
                and not _CODE.search(words)
            ):
                blocks += _string_blocks(words)
    size = sum(text_length(_plain(block)) for block in blocks)
    return ScriptArticle("", "\n".join(blocks)) if size >= MIN_TEXT else None


def _first_text(thing: dict[str, Any], keys: Sequence[str]) -> str:
    for key in keys:
        value = thing.get(key)
        if isinstance(value, dict):
            value = next(
                (
                    value[name]
                    for name in ("name", "title", "text", "rendered", "label")
                    if isinstance(value.get(name), str)
                ),
                None,
            )
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = value[0].get("name")
        if isinstance(value, str) and value.strip():
            return one_line(_plain(value), 400)
    return ""


def _related_in(value: Any, base: str | None, depth: int = 0) -> list[Related]:
    """Return the first list of other articles under a key that names one."""
    if depth > 8:
        return []
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict) and _RELATED_KEY.search(key):
                inner = next((one for one in inner.values() if isinstance(one, list)), inner)
            if isinstance(inner, list) and _RELATED_KEY.search(key):
                found = [
                    item
                    for one in inner[:40]
                    if isinstance(one, dict) and (item := _related(one, base))
                ]
                if found:
                    return found
        for inner in value.values():
            if isinstance(inner, dict) and (found := _related_in(inner, base, depth + 1)):
                return found
    return []


def _related(thing: dict[str, Any], base: str | None) -> Related | None:
    # Contentful, Strapi and GraphQL keep a record's values one level deeper.
    for name in ("fields", "attributes", "node"):
        if isinstance(inner := thing.get(name), dict):
            thing = inner
    title = _first_text(thing, _TITLE_KEYS)
    if not title:
        return None
    address = next((thing[key] for key in _URL_KEYS if isinstance(thing.get(key), str)), "")
    try:
        url = urljoin(base or "", address.strip()) if address else ""
    except ValueError:
        url = ""
    source = _first_text(thing, _SOURCE_KEYS) or _named_like(thing, _SOURCE_KEY)
    age = _first_text(thing, _AGE_KEYS) or _named_like(thing, _AGE_KEY)
    return Related(
        title,
        one_line(source, 120) or None,
        one_line(age, 60) or None,
        url if is_web_url(url) else None,
    )


def _named_like(thing: dict[str, Any], pattern: re.Pattern[str]) -> str:
    """Return the first short text under a key that a pattern finds."""
    for key in thing:
        if pattern.search(key) and 0 < len(text := _first_text(thing, (key,))) <= 60:
            return text
    return ""


def _tags_around(value: Any, thing: dict[str, Any], depth: int = 0) -> list[str]:
    """Return the tags of the innermost object around another one that has some."""
    if depth > 12 or not isinstance(value, dict | list):
        return []
    for inner in value.values() if isinstance(value, dict) else value[:200]:
        if inner is thing:
            return _tags_in(value) if isinstance(value, dict) else []
        if isinstance(inner, str) and inner[:1] in "{[" and len(inner) > MIN_TEXT:
            continue
        if found := _tags_around(inner, thing, depth + 1):
            return found
    return []


def _tags_in(thing: dict[str, Any]) -> list[str]:
    for key in _TAG_KEYS:
        value = thing.get(key)
        words = (
            value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
        )
        names = [
            _first_text(word, ("name", "label", "title", "displayTitle", "text", "value", "slug"))
            if isinstance(word, dict)
            else str(word)
            for word in words[:40]
        ]
        tags = [
            tag for name in names if (tag := clean_tag(name.strip().lstrip("#"))) and len(tag) <= 40
        ]
        if tags:
            return list(dict.fromkeys(tags))
    return []


def _plain(text: str) -> str:
    return unescape(re.sub(r"<[^<>]{0,2000}>", " ", text)) if "<" in text or "&" in text else text


def _escape(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
