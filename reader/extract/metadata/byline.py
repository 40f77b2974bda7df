"""Bylines: author names from metadata and from visible text."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from reader.extract.dom import ElementIndex
from reader.extract.metadata.dates import is_month
from reader.extract.metadata.visible import VisibleLine, is_article_footer
from reader.model.text import one_line

MAX_BYLINE: Final = 100
"""Characters of the longest byline: about five names."""
_BY: Final = re.compile(
    r"^(?:(?:posted|submitted|written|published|words|text|story|article|review|reported|opinion)?\s*by\b|(?:authors?|autor|auteur|autore|text|作者|撰文|文|記者|记者|執筆|글|责任编辑|責任編輯|责编|编辑|編輯)\s*[:：／＝]|(?:von|par|por|di|af|av|door)\b)[:\s]*(?=\S)",
    re.IGNORECASE,
)
_BYLINE_NAMES: Final = ("byline", "author", "dateline", "writtenby", "reader-credits")
_BYLINE_CLASS: Final = re.compile("|".join(_BYLINE_NAMES), re.IGNORECASE)
_OUTSIDE_CLASS: Final = re.compile(
    r"comment|related|sidebar|widget|(?<!post-)(?<!entry-)footer|bio\b|avatar|recommend|popular|follow",
    re.IGNORECASE,
)
_POST_FOOTER: Final = re.compile(r"(?:^|\s)(?:post|entry)-footer(?:$|[\s-])")
"""The line below a post that names its author, as Blogger and WordPress have it."""
_TRAIL: Final = re.compile(
    r"\s*(?:[|·•–—]|\s-\s|,?\s+(?:on|updated|published|posted)\s).*$|\s*https?://\S*.*$|\s*<[^>]*>$",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|\bago\b", re.IGNORECASE)
_AND: Final = re.compile(r"\s(?:and|und|et|y|e|og|och|en|i|&)\s")
_ADDRESS: Final = re.compile(r"[\s,;(<]*[^\s@,;(<]+@[^\s@]+\.\w+[)>]?")
_BETWEEN: Final = frozenset(
    "and und et y e og och en i & van von de da di del der den la le".split()
)
_COLONS: Final = re.compile(r"[:：＝=]")
_JOB: Final = re.compile(
    r",\s+(?:[\w'’&-]+\s+){0,4}(?:editor|reporter|correspondent|writer|journalist|columnist|author|contributor|producer|critic"
    r"|redakteur(?:in)?|korrespondent(?:in)?|journaliste|rédact(?:eur|rice)|redactora?|periodista|giornalista)\b.*$",
    re.IGNORECASE,
)
"""An occupation after a name."""
_NO_NAME: Final = re.compile(r"(?:the|a|an|this|that|our|my|your|all|using)\s[a-z]")
_PLACEHOLDER: Final = re.compile(
    r"(?:your |the )?name|(?:the )?authors?|admin(?:istrator)?|webmaster|root|test|user(?:name)?|guest|unknown|anonymous"
    r"|none|null|undefined|n/a|未知|佚名|tags?|categor(?:y|ies)|archives?|comments?|home|menu",
    re.IGNORECASE,
)
"""Words that templates and programs put in a name's place, and labels that stand near names."""
_FOLLOW: Final = re.compile(
    r"(?:\s+(?:follow(?:ing)?|subscribe|folgen|abonnieren|suivre|s['’]abonner|seguir|segui|volgen|подписаться|关注|關注|订阅"
    r"|フォロー(?:する)?|구독|팔로우))+$",
    re.IGNORECASE,
)
"""The button after a writer's name."""
_LABEL_ONLY: Final = re.compile(
    r"authors?|autor(?:en|es|in)?|auteurs?|autor[ei]|авторы?|作者|著者|(?:posted|published|written) by",
    re.IGNORECASE,
)
"""A heading above the names, as in manual pages."""
_LINE_BY: Final = re.compile(
    r"(?:(?:posted|submitted|written|published|words|text|story|article|review|reported|opinion|created)?\s*by\b:?|(?:authors?|autor|autorin|auteur|autore|text|contributors?|contributor)\s*:|(?:von|par|por|di|af|av|door|przez|автор:?|文／|撰文：?|記者|作者：?|글|Автор)\s)\s*(?=[^\W\d_])",
    re.IGNORECASE,
)
_LINE_END: Final = re.compile(
    r"\s*(?:[|·•●⋅—–]|\s-\s|(?<=\w{3})\.(?:\s|$)|,?\s(?:photo(?:graph)?s?|pictures?|illustrations?|bilder|fotos?)\s(?:by|von|de|di)\b"
    r"|,?\s(?:on|op|in|updated|published|posted|publi[ée]e?|publicado|pubblicato|publicerad|publisert|udgivet|am|le|el|il)\s+(?=\S)|\(?(?:\d{1,2}[./ ]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d)).*$",
    re.IGNORECASE,
)
_FIRST: Final = r"[^\W\d_a-zß-öø-ÿαάβγδεέζηήθιίκλμνξοόπρσςτυύφχψωώа-яёіїєґ]"
"""The first letter of a name: a capital, or a letter of a script without them."""
_NAME_WORD: Final = rf"(?:{_FIRST}\.|{_FIRST}[\w'’\u0900-\u0dff-]+)"
_PARTICLES: Final = r"(?:(?:van|von|de|da|di|del|della|der|den|la|le|bin|ten|ter|dos|du|af|av|y|und|and|e|og|och|et|&)\s+)*"
_SIGNED: Final = re.compile(
    r"(?i:(?:^|[\s|·•–—,-])(?:authors?|autor(?:in|zy)?|auteurs?|autor[ei]|text|tekst|teksti|автор|авторы|автори|penulis|tác giả|yazar|yazan|συντάκτης|كتبت?|الكاتب|كاتب|بقلم|تحرير|מאת|כתב|लेखक|szerző|írta"
    r"|skribent|journalist|forfatter|作者|记者|記者|撰文|撰稿|文|取材・文|執筆|글)\s*[:：＝=／]\s*"
    r"|(?:^|[\s|·•–—,-])(?:by|von|par|por|di|de|af|av|door|przez|oleh|autor|autorka|του|της|بقلم|מאת)\s+)"
    rf"(?P<name>{_NAME_WORD}(?:\s+{_PARTICLES}{_NAME_WORD}){{1,4}}|[\u3040-\u30ff\u3400-\u9fff]{{2,8}}(?![\u3040-\u30ff\u3400-\u9fff])|[\uac00-\ud7a3]{{2,4}}(?![\uac00-\ud7a3]))",
)
_AFTER_LENGTH: Final = re.compile(
    rf"\d\s?(?:min(?:ute)?s?(?: read)?|words)\s*[·•|]\s*(?P<name>{_NAME_WORD}(?:\s+{_NAME_WORD}){{1,3}})\s*(?:[·•|]|$)"
)
"""A name behind date and length: "May 1, 2025 · 4 min · 800 words · Ann Reed"."""
_SIGNED_AFTER: Final = re.compile(
    rf"(?P<name>{_NAME_WORD}(?:\s+{_NAME_WORD}){{1,3}})\s+tarafından\b|(?P<korean>[\uac00-\ud7a3]{{2,4}})\s?(?:선임|수석|인턴)?(?:기자|특파원|논설위원)(?![\uac00-\ud7a3])"
)
"""Turkish and Korean set the word for the author behind the name."""
_DAY: Final = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|senin|selasa|rabu|kamis|jumat|sabtu|minggu)\.?$",
    re.IGNORECASE,
)
_ROLE: Final = re.compile(
    r"^(?:read more|share|follow|subscribe|contact|about|more|staff|author|view all|last updated|updated|posted by|written by|insights from|a note from|linkpost)\b",
    re.IGNORECASE,
)


def join_names(names: Iterable[str]) -> str | None:
    """Join names to one byline without duplicates, "by" and addresses; None if empty."""
    found: dict[str, str] = {}
    for name in names:
        tidy = _split_names(_clean_name(name))
        if tidy and tidy.casefold() not in found:
            found[tidy.casefold()] = tidy
    return one_line(", ".join(found.values()), 300) or None


def _split_names(text: str) -> str:
    """Put a comma for "and" between two full names."""
    parts = _AND.split(text)
    full = all(len(part.split(",")[-1].split()) > 1 for part in parts)
    return ", ".join(part.strip(" ,") for part in parts) if full else text


def surname_last(name: str) -> str:
    """Return a name in the order in which it is read: "Okello, Mara" as "Mara Okello"."""
    surname, comma, first = name.partition(", ")
    return f"{first} {surname}" if comma and first and "," not in first else name


def find_byline(index: ElementIndex) -> str | None:
    """Return the visible byline: the first short element marked as one.

    Source: the rule of Mozilla's Readability, `rel=author`, `itemprop=author`, class names.
    """
    best: str | None = None
    declared = set(filter(_is_declared, index.with_attribute("rel", "itemprop", "property")))
    marked = declared.union(
        *(found for _, found in index.classes_with(*_BYLINE_NAMES)),
        (one for one in index.with_attribute("id") if _BYLINE_CLASS.search(one.get("id") or "")),
    )
    for element in index.in_order(marked):
        if element.tag in ("script", "style", "svg", "meta", "link"):
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        is_declared = element in declared
        if _names_outside(names) or _is_outside(element):
            continue
        text = _text(element)
        if not 1 < len(text) < MAX_BYLINE:
            continue
        tidy = _clean_name(text)
        if tidy and not _DATE.search(tidy) and not _ROLE.match(tidy):
            if is_declared:
                return join_names([tidy, *_declared_beside(element)])
            best = best or tidy
    return _split_names(best) if best else None


def _is_declared(element: HtmlElement) -> bool:
    return (
        element.get("rel") == "author"
        or "author" in (element.get("itemprop") or "")
        or (element.get("property") or "") in ("author", "schema:author", "dc:creator")
    )


def _declared_beside(element: HtmlElement) -> Iterator[str]:
    """Yield the names of the other authors declared in the same line."""
    for other in element.itersiblings():
        if isinstance(other.tag, str) and _is_declared(other):
            tidy = _clean_name(_text(other))
            if tidy and len(tidy) < MAX_BYLINE and not _DATE.search(tidy):
                yield tidy


def is_name(text: str) -> bool:
    """Return whether a byline has a word: no number, template variable or file name."""
    if not any(map(str.isalpha, text)) or len(text) < 2 or _PLACEHOLDER.fullmatch(text):
        return False
    return " " in text or not re.search(r"[._]\w+[._]|\{\{|^undefined$|^null$|\d{4}", text)


def is_person(text: str) -> bool:
    """Return whether a byline is more than a login name or an account number."""
    return is_name(text) and not (
        text.isascii() and " " not in text and (text.islower() or "." in text)
    )


def byline_in_lines(lines: Iterable[VisibleLine], *, marked: bool) -> str | None:
    """Return the author of the first line that begins with "by".

    With `marked`, else the first line whose element is named as a byline.
    """
    best: str | None = None
    signed: str | None = None
    for line in lines:
        signed = signed or _signed_name(line.text)
        by = _LINE_BY.match(line.text)
        if by is None and not (marked and best is None and _BYLINE_CLASS.search(line.names)):
            continue
        name = _clean_name(_LINE_END.sub("", line.text[by.end() :] if by else line.text))
        words = name.split()
        if not 1 <= len(words) <= 6 or _DATE.search(name) or _ROLE.match(name) or not is_name(name):
            continue
        if by is not None:
            return _split_names(name)
        if len(words) > 1 and all(
            word[:1].isupper() or not word.isascii() or word in _BETWEEN for word in words
        ):
            best = _split_names(name)
    return best or signed


def _signed_name(text: str) -> str | None:
    """Return the name in a line of date and author, in the order of any language; None if none."""
    if (_DATE.search(text) is None and not _COLONS.search(text)) or text[-1] in "!?":
        return None
    if after := _SIGNED_AFTER.search(text):
        return str(after["name"] or after["korean"])
    if last := _AFTER_LENGTH.search(text):
        return str(last["name"])
    for found in _SIGNED.finditer(text):
        name = found["name"].strip(" ,.-")
        words = name.split()
        if (
            any(is_month(word) or _DAY.match(word) for word in words)
            or _ROLE.match(name)
            or _DATE.search(name)
        ):
            continue
        cased = [
            word for word in words if word not in _BETWEEN and word[0].lower() != word[0].upper()
        ]
        if all(word[0].isupper() for word in cased) and is_name(name):
            return _split_names(name)
    return None


def _text(element: HtmlElement) -> str:
    """Return an element's words; those of its name or links if it holds more."""
    if machine := element.xpath(".//meta[@itemprop='name']/@content"):
        return " ".join(str(machine[0]).split())
    named = element.xpath(".//*[@itemprop='name']")
    links = [link for link in element.iter("a") if 1 < len(link.text_content().split()) <= 5]
    if named or not links:
        parts = [
            " ".join(str(part).split()) for part in (named[0] if named else element).itertext()
        ]
        parts = [part for part in parts if part]
        whole = (named[0] if named else element).text_content()
        if len(parts) > 1 and len(parts[0].split()) > 1 and f"{parts[0]}{parts[1]}" in whole:
            # The role is set off from the name by style alone.
            return parts[0]
        return " ".join(parts)
    return ", ".join(" ".join(link.text_content().split()) for link in links[:4])


@lru_cache(maxsize=1024)
def _names_outside(names: str) -> bool:
    """Return whether class and id name a part outside the article; authors share ancestors."""
    return _OUTSIDE_CLASS.search(names) is not None


def _is_outside(element: HtmlElement) -> bool:
    step = element.getparent()
    for _ in range(3):
        if step is None:
            return False
        names = f"{step.get('class') or ''} {step.get('id') or ''}"
        if step.tag in ("aside", "nav") or _names_outside(names):
            return True
        if step.tag == "footer" and not (_POST_FOOTER.search(names) or is_article_footer(step)):
            return True
        step = step.getparent()
    return False


def _clean_name(name: str) -> str:
    text = _FOLLOW.sub("", one_line(name, 300)).strip(" ,;|·•-–—@:[]【】")
    text = _BY.sub("", text)
    cut = _TRAIL.sub("", text)
    text = cut if len(cut) > 2 else text
    text = _JOB.sub("", _ADDRESS.sub("", text) or text)
    if _NO_NAME.match(text) or _LABEL_ONLY.fullmatch(text):
        return ""
    if text.startswith(("http://", "https://")) or (
        "@" in text.strip("@") and "." in text.rpartition("@")[2]
    ):
        return ""
    return text.strip(" ,;|·•-–—:")
