"""Bylines: author names from metadata and from visible text."""

import re
from collections.abc import Iterable
from typing import Final

from lxml.html import HtmlElement

from reader.model.text import one_line

MAX_BYLINE: Final = 100
_BY: Final = re.compile(
    r"^(?:(?:posted|written|published|words|text|story|article|review|reported|opinion)?\s*by\b|(?:authors?|autor|auteur|text)\s*:|(?:von|par|por|di|af|av|door)\b)[:\s]*(?=\S)",
    re.IGNORECASE,
)
_BYLINE_CLASS: Final = re.compile(r"byline|author|dateline|writtenby|p-author", re.IGNORECASE)
_OUTSIDE_CLASS: Final = re.compile(
    r"comment|related|sidebar|widget|footer|bio\b|avatar|recommend|popular|follow", re.IGNORECASE
)
_TRAIL: Final = re.compile(
    r"\s*(?:[|·•–—]|\s-\s|,?\s+(?:on|updated|published|posted)\s).*$|\s*https?://\S*.*$|\s*<[^>]*>$",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|\bago\b", re.IGNORECASE)
_ROLE: Final = re.compile(
    r"^(?:read more|share|follow|subscribe|contact|about|more|staff|author|view all)\b",
    re.IGNORECASE,
)


def join_names(names: Iterable[str]) -> str | None:
    """Join names to one byline without duplicates, "by" and addresses; None if empty."""
    found: dict[str, str] = {}
    for name in names:
        tidy = _clean_name(name)
        if tidy and tidy.casefold() not in found:
            found[tidy.casefold()] = tidy
    return one_line(", ".join(found.values()), 300) or None


def find_byline(root: HtmlElement) -> str | None:
    """Return the visible byline: the first short element marked as one.

    Source: the rule of Mozilla's Readability, `rel=author`, `itemprop=author`, class names.
    """
    best: str | None = None
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in (
            "script",
            "style",
            "svg",
            "meta",
            "link",
        ):
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        told = element.get("rel") == "author" or "author" in (element.get("itemprop") or "")
        if not told and not _BYLINE_CLASS.search(names):
            continue
        if _OUTSIDE_CLASS.search(names) or _is_outside(element):
            continue
        text = _text(element)
        if not 1 < len(text) < MAX_BYLINE:
            continue
        tidy = _clean_name(text)
        if tidy and not _DATE.search(tidy) and not _ROLE.match(tidy):
            if told:
                return tidy
            best = best or tidy
    return best


def _text(element: HtmlElement) -> str:
    """Return an element's words; those of its name or links if it holds more."""
    named = element.xpath(".//*[@itemprop='name']")
    links = [link for link in element.iter("a") if 1 < len(link.text_content().split()) <= 5]
    if named or not links:
        return " ".join((named[0] if named else element).text_content().split())
    return ", ".join(" ".join(link.text_content().split()) for link in links[:4])


def _is_outside(element: HtmlElement) -> bool:
    step = element.getparent()
    for _ in range(3):
        if step is None:
            return False
        if step.tag in ("footer", "aside", "nav") or _OUTSIDE_CLASS.search(
            f"{step.get('class') or ''} {step.get('id') or ''}"
        ):
            return True
        step = step.getparent()
    return False


def _clean_name(name: str) -> str:
    text = one_line(name, 300).strip(" ,;|·•-–—@:")
    text = _BY.sub("", text)
    cut = _TRAIL.sub("", text)
    text = cut if len(cut) > 2 else text
    if text.startswith(("http://", "https://")) or (
        "@" in text.strip("@") and "." in text.rpartition("@")[2]
    ):
        return ""
    return text.strip(" ,;|·•-–—:")
