"""The title of an article without the name of its site."""

import re
from typing import Final

from reader.model.text import one_line

_SEPARATOR: Final = re.compile(
    r"\s+(?:[|–—·•»«›‹<>/\\]|-{1,2}|::?|[‐‑‒―~⋅])\s+|\s*[|｜]\s*|\s*：\s+"
)
_JOINED: Final = re.compile(r"\s*[_\-–—|·:,]\s*(\S.{0,60})")
"""A mark and a site's name after a title, with or without spaces."""
_UNDERSCORES: Final = re.compile(r"_+")
_HYPHENS: Final = re.compile(r"-+")
_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LABELLED: Final = re.compile(r"(\S.{0,40}):\s+")
_ARCHIVE: Final = re.compile(r"(?:blog )?archives?\s+[»›|]\s+", re.IGNORECASE)
MIN_TITLE_WORDS: Final = 4
"""Words of a title before two bars, at least."""
MAX_SECTION_WORDS: Final = 3
"""Words of the names behind each of two bars, at most."""
_COUNT: Final = re.compile(r"^\(\d{1,3}\+?\)\s+")
_PRINTED: Final = re.compile(
    r"^(?:print(?:er-friendly|able)?(?: (?:version|view|page|article|preview))?|druck(?:version|ansicht|en)|imprimer|imprimir|stampa|afdrukken|drukuj|версия для печати|печать)\s*[:|–—-]\s+",
    re.I,
)
"""Words before the title in a view for printing."""
MAX_SITE_WORDS: Final = 5
"""Words in the longest unknown site name that is removed."""


def strip_site(title: str, sites: list[str], heading: str) -> tuple[str, str]:
    """Return the title, and the site's name if the title began or ended with it.

    `sites` are known names of the site, its host among them; `heading` is the page's main heading. An
    unknown name is removed if the heading lacks it, or if it is the short last part after the only
    separator.
    """
    text = _PRINTED.sub("", _COUNT.sub("", one_line(title)))
    if (joined := _strip_joined(text, sites, one_line(heading))) is not None:
        return joined
    parts = _SEPARATOR.split(text)
    if len(parts) < 2:
        return text, ""
    marks = list(_SEPARATOR.finditer(text))
    first, last = parts[0], parts[-1]
    before, after = text[: marks[-1].start()], text[marks[0].end() :]
    if any(_matches_site(last, site) for site in sites):
        return before, last
    if any(_matches_site(first, site) for site in sites) and len(after) > len(first) / 2:
        return _ARCHIVE.sub("", after), first
    cleaned = one_line(heading)
    if cleaned and _fold(cleaned) != _fold(text):
        if _fold(cleaned) == _fold(before):
            return before, last
        if _fold(cleaned) == _fold(after):
            return after, first
        if _fold(cleaned) == _fold(first) and len(first.split()) > 1:
            return first, last
    # A title may have hyphens; a bar that comes once, at the end, sets off the site.
    is_apart = marks[-1][0].strip() in "|｜·•»" and all(
        mark[0].strip() != marks[-1][0].strip() for mark in marks[:-1]
    )
    if (
        (len(parts) == 2 or is_apart)
        and len(last.split()) <= MAX_SITE_WORDS
        and _is_title(before)
        and len(before) > len(last)
    ):
        return before, last
    if (
        len(parts) == 3
        and all(mark[0].strip() in "|｜" for mark in marks)
        and len(first.split()) >= MIN_TITLE_WORDS
        and all(len(part.split()) <= MAX_SECTION_WORDS for part in parts[1:])
    ):
        return first, last
    return text, ""


def _strip_joined(text: str, sites: list[str], heading: str) -> tuple[str, str] | None:
    """Return the title without a site's name that a colon or a sign without spaces joins to it."""
    if len(heading) > 3 and text != heading:
        after = _JOINED.fullmatch(text.removeprefix(heading))
        if after is not None and text.startswith(heading):
            return heading, _last_name(_SEPARATOR.split(after[1])[-1])
    before, mark, last = text.partition("_")
    if (
        mark
        and "_" not in last
        and _SEPARATOR.search(text) is None
        and not text.isascii()
        and _is_title(before)
        and len(before) > len(last) > 1
    ):
        # Chinese sites set their names off by this sign.
        return before, last
    label = _LABELLED.match(text)
    if label is None:
        return None
    rest = text[label.end() :]
    is_site = any(_fold(label[1]) == _fold(site) for site in sites)
    if _is_title(rest) and (is_site or (len(heading.split()) > 2 and rest == heading)):
        return rest, label[1] if is_site else ""
    return None


def _last_name(names: str) -> str:
    """Return the site's name of names that Chinese sites join by signs: its section stands before."""
    if names.isascii():
        return names
    mark = _UNDERSCORES if "_" in names else _HYPHENS
    parts = [part for part in mark.split(names) if part and not _HOST.fullmatch(part)]
    return parts[-1] if parts else names


def _is_title(text: str) -> bool:
    # Chinese and Japanese have no spaces, and a sign of theirs is worth two letters.
    return len(text.split()) >= 2 or len(text) >= 12 or (len(text) >= 5 and text[0] >= "\u2e80")


def _matches_site(part: str, site: str) -> bool:
    a, b = _fold(part), _fold(site)
    return bool(a and b) and (
        a == b or (len(b) >= 4 and (a.startswith(b) or b.startswith(a)) and len(a) >= 3)
    )


def _fold(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
