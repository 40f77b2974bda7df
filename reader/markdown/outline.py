"""Headings and links of a Markdown text."""

import re
from typing import Final

from reader.markdown.events import TEXT_EVENTS, plain_events
from reader.model.text import one_line

_SCHEMES: Final = ("http://", "https://", "mailto:")
_HEADING: Final = re.compile(r"#|[=-][ \t]*(?:\r|$)", re.MULTILINE)
"""A `#` or the end of an underline: no text without them has a heading."""
_LINK: Final = re.compile(r"[\[<]")
"""The beginning of a link: no text without it has one."""


def outline(markdown: str) -> list[tuple[int, str]]:
    """Return level (1 to 6) and text of each heading, in order. Linear in the text."""
    found: list[tuple[int, str]] = []
    if not _HEADING.search(markdown):
        return found
    stream, restore = plain_events(markdown)
    words: list[str] | None = None
    for event in stream:
        if type(event) is not dict:
            if words is not None:
                words.append(" ")
            continue
        kind, value = event.popitem()
        if type(value) is dict:
            if "Heading" in value:
                if kind == "Start":
                    words = []
                else:
                    text = one_line(restore("".join(words))) if words else ""
                    found.append((int(value["Heading"][1]), text))
                    words = None
        elif words is not None and kind in TEXT_EVENTS:
            words.append(value)
    return found


def links(markdown: str) -> list[tuple[str, str]]:
    """Return text and URL of each followable link, each URL once. Linear."""
    found: dict[str, str] = {}
    if not _LINK.search(markdown):
        return []
    stream, restore = plain_events(markdown)
    url: str | None = None
    words: list[str] = []
    for event in stream:
        if type(event) is not dict:
            words.append(" ")
            continue
        kind, value = event.popitem()
        if kind == "Start":
            if type(value) is dict and "Link" in value:
                url = restore(link_url(value["Link"]))
                words = []
        elif kind == "End":
            if value == "Link":
                if url is not None and url.casefold().startswith(_SCHEMES):
                    found.setdefault(url, one_line(restore("".join(words))))
                url = None
        elif url is not None and kind in TEXT_EVENTS:
            words.append(value)
    return [(text, url) for url, text in found.items()]


def link_url(link: dict[str, str]) -> str:
    """Return the URL of a link event; that of `<a@b.example>` is of the `mailto:` scheme."""
    url = link["dest_url"]
    is_mail = link["link_type"] == "Email" and not url.casefold().startswith("mailto:")
    return f"mailto:{url}" if is_mail else url
