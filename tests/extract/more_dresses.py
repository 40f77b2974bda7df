"""More dresses of the article: containers, state of frameworks, and cards of other shapes."""

import json
from collections.abc import Callable, Iterator
from html import escape
from typing import Any, Final

from tests.extract.dresses import SITE, Content, page, paragraphs


def sections(content: Content) -> Iterator[tuple[str, str]]:
    """Yield label and text of the sections before the related articles."""
    words = content.words
    yield words.tags, " ".join(content.hashtags)
    yield words.promotion, words.offer
    yield words.comments, words.no_comments


def with_sections(content: Content, tag: str, card: Callable[[Any], str]) -> str:
    """Return the article with its sections as headings of a tag and its cards."""
    body = f"<h1>{escape(content.title)}</h1>{paragraphs(content)}"
    for label, text in sections(content):
        body += f"<{tag}>{label}</{tag}><p>{text}</p>"
    body += f"<{tag}>{content.words.related}</{tag}>"
    return body + "".join(map(card, content.cards))


def foreign_object(content: Content) -> bytes:
    """HTML inside a drawing."""
    inside = with_sections(
        content,
        "h2",
        lambda card: (
            f"<p>{card.source}</p><p>{card.age}</p><h3><a href='{card.path}'>{escape(card.title)}</a></h3><p>{escape(card.teaser)}</p>"
        ),
    )
    return page(
        content,
        f"<svg viewBox='0 0 800 4000'><foreignObject width='800' height='4000'><div xmlns='http://www.w3.org/1999/xhtml'>{inside}</div></foreignObject></svg>",
    )


def carousel(content: Content) -> bytes:
    """Cards between two buttons, titles first."""
    return page(
        content,
        with_sections(
            content,
            "h2",
            lambda card: (
                f"<div role='group' aria-roledescription='slide'><h3><a href='{card.path}'>{escape(card.title)}</a></h3><p>{escape(card.teaser)}</p><footer><cite>{card.source}</cite> <time>{card.age}</time></footer></div>"
            ),
        ).replace(
            f"{content.words.related}</h2>",
            f"{content.words.related}</h2><button>Previous</button><button>Next</button>",
        ),
    )


def covering_links(content: Content) -> bytes:
    """A link without words covers each card."""
    return page(
        content,
        with_sections(
            content,
            "h2",
            lambda card: (
                f"<div><a href='{card.path}' aria-label='{escape(card.title)}'></a><div><span>{card.source}</span><span>•</span><span>{card.age}</span></div><div>{escape(card.title)}</div><div>{escape(card.teaser)}</div></div>"
            ),
        ),
    )


def columns_of_cards(content: Content) -> bytes:
    """A table with a column for each card."""
    cards = content.cards
    rows = (
        [f"<td>{card.source}</td>" for card in cards],
        [f"<td>{card.age}</td>" for card in cards],
        [f"<th><a href='{card.path}'>{escape(card.title)}</a></th>" for card in cards],
        [f"<td>{escape(card.teaser)}</td>" for card in cards],
    )
    table = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return page(content, with_sections(content, "h4", lambda card: "") + f"<table>{table}</table>")


def without_frames(content: Content) -> bytes:
    """A page of frames that are missing, with the text for programs without frames."""
    inside = with_sections(
        content,
        "h2",
        lambda card: (
            f"<p>{card.source}, {card.age}</p><h3><a href='{card.path}'>{escape(card.title)}</a></h3><p>{escape(card.teaser)}</p>"
        ),
    )
    return f'<html lang="{content.language}"><head><meta charset=utf-8><title>{escape(content.title)}</title></head><frameset cols="20%,80%"><frame src="nav.html"><frame src="main.html"><noframes><body>{inside}</body></noframes></frameset></html>'.encode()


def json_feed(content: Content) -> bytes:
    """A JSON feed of one item."""
    inside = with_sections(
        content,
        "h2",
        lambda card: (
            f"<p>{card.source} · {card.age}</p><h3><a href='{SITE}{card.path}'>{escape(card.title)}</a></h3><p>{escape(card.teaser)}</p>"
        ),
    )
    item = {"id": "1", "url": f"{SITE}/read", "title": content.title, "content_html": inside}
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Quayside", "items": [item]}
    ).encode()


def record(content: Content) -> dict[str, Any]:
    """Return the article as an API answers it."""
    cards = [
        {
            "source": card.source,
            "ago": card.age,
            "title": card.title,
            "summary": card.teaser,
            "url": SITE + card.path,
        }
        for card in content.cards
    ]
    body = [{"type": "p", "text": text} for text in content.paragraphs]
    return {
        "title": content.title,
        "body": body,
        "hashtags": list(content.hashtags),
        "related": cards,
    }


def api_answer(content: Content) -> bytes:
    """A saved answer of a server."""
    return json.dumps({"status": "ok", "article": record(content)}, ensure_ascii=False).encode()


def script_literal(content: Content) -> bytes:
    """State in the notation of a script, as SvelteKit writes it."""

    def written(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ",".join(f"{key}:{written(one)}" for key, one in value.items()) + ",}"
        if isinstance(value, list):
            return "[" + ",".join(map(written, value)) + "]"
        return json.dumps(value, ensure_ascii=False)

    data = written({"article": record(content), "user": None})
    return page(
        content,
        f"<div id=app></div><script>{{__kit = {{base:''}}; const data = [null,{{type:'data',data:{data},seen:!0,at:new Date(1747627200000)}}]; start(data); }}</script>",
    )


def numbered_values(content: Content) -> bytes:
    """State whose objects refer to their values by number, as Nuxt 3 writes it."""
    values: list[Any] = [["Reactive", 1]]

    def put(value: Any) -> int:
        at = len(values)
        values.append(None)
        if isinstance(value, dict):
            values[at] = {key: put(one) for key, one in value.items()}
        elif isinstance(value, list):
            values[at] = [put(one) for one in value]
        else:
            values[at] = value
        return at

    put({"data": {"article": record(content)}, "state": {}})
    return page(
        content,
        f"<div id=__nuxt></div><script type='application/json' id='__NUXT_DATA__'>{json.dumps(values)}</script>",
    )


def typed_values(content: Content) -> bytes:
    """Properties with the number of their type before each value, as Astro writes them."""

    def typed(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [0, {key: typed(one) for key, one in value.items()}]
        return [1, [typed(one) for one in value]] if isinstance(value, list) else [0, value]

    properties = escape(json.dumps({"article": typed(record(content))}, ensure_ascii=False))
    return page(
        content, f'<astro-island component-url="/a.js" props="{properties}"></astro-island>'
    )


def viewed_markdown(content: Content) -> bytes:
    """A browser's view of a Markdown file."""
    rows = [f"# {content.title}", *content.paragraphs]
    for label, text in sections(content):
        rows += [f"## {label}", text]
    rows += [f"## {content.words.related}"]
    for card in content.cards:
        rows += [
            f"### [{card.title}]({SITE}{card.path})",
            f"{card.source} · {card.age}",
            card.teaser,
        ]
    return f"<html><head></head><body><pre>{escape(chr(10).join(row + chr(10) for row in rows))}</pre></body></html>".encode()


def marked_text(content: Content) -> bytes:
    """Plain text with signs around its labels."""
    rows = [content.title, "", *(line for text in content.paragraphs for line in (text, ""))]
    for label, text in sections(content):
        rows += [f"=== {label} ===", text, ""]
    rows += [f"=== {content.words.related} ==="]
    for card in content.cards:
        rows += [f">> {card.title}", f"   {card.source} / {card.age}", f"   {card.teaser}", ""]
    return "\n".join(rows).encode()


MORE: Final[dict[str, Callable[[Content], bytes]]] = {
    dress.__name__: dress
    for dress in (
        foreign_object, carousel, covering_links, columns_of_cards, without_frames, json_feed, api_answer, script_literal, numbered_values,
        typed_values, viewed_markdown, marked_text,
    )
}  # fmt: skip
