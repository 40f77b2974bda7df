"""Headings and links of a Markdown text."""

from typing import Final

from reader.markdown.events import TEXT_EVENTS, events
from reader.model.text import one_line

_SCHEMES: Final = ("http://", "https://", "mailto:")


def outline(markdown: str) -> list[tuple[int, str]]:
    """Return level (1 to 6) and text of each heading, in order. Linear in the text."""
    found: list[tuple[int, str]] = []
    words: list[str] | None = None
    for event in events(markdown):
        if isinstance(event, str):
            if words is not None:
                words.append(" ")
            continue
        ((kind, value),) = event.items()
        if words is not None and kind in TEXT_EVENTS:
            words.append(value)
        elif isinstance(value, dict) and "Heading" in value:
            if kind == "Start":
                words = []
            else:
                text = one_line("".join(words)) if words else ""
                found.append((int(value["Heading"][1]), text))
                words = None
    return found


def links(markdown: str) -> list[tuple[str, str]]:
    """Return text and URL of each followable link, each URL once. Linear."""
    found: dict[str, str] = {}
    url: str | None = None
    words: list[str] = []
    for event in events(markdown):
        if isinstance(event, str):
            words.append(" ")
            continue
        ((kind, value),) = event.items()
        if kind == "Start" and isinstance(value, dict) and "Link" in value:
            url = link_url(value["Link"])
            words = []
        elif kind == "End" and value == "Link":
            if url is not None and url.casefold().startswith(_SCHEMES):
                found.setdefault(url, one_line("".join(words)))
            url = None
        elif url is not None and kind in TEXT_EVENTS:
            words.append(value)
    return [(text, url) for url, text in found.items()]


def link_url(link: dict[str, str]) -> str:
    """Return the URL of a link event; that of `<a@b.example>` is of the `mailto:` scheme."""
    url = link["dest_url"]
    is_mail = link["link_type"] == "Email" and not url.casefold().startswith("mailto:")
    return f"mailto:{url}" if is_mail else url
