"""Publication dates: machine and human formats as ISO 8601."""

import re
from datetime import datetime
from typing import Final

from lxml.html import HtmlElement

_ISO: Final = re.compile(
    r"((?:19|20)\d\d)-(\d\d?)-(\d\d?)(?:[T\s]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?Z?)?")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier janv enero ene gennaio janeiro januari",
            "february feb februar fevrier février févr febrero febbraio fevereiro februari",
            "march mar märz maerz mrz mars marzo março maart",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio maio mei",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet juil julio luglio julho",
            "august aug août aout agosto ago augustus",
            "september sep sept septembre septiembre settembre setembro",
            "october oct oktober okt octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_FIRST: Final = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:de |of )?({_MONTH})\.?,?\s+(?:de )?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_MONTH_FIRST: Final = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b", re.IGNORECASE
)
_CJK: Final = re.compile(r"((?:19|20)\d\d)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_SLASHED: Final = re.compile(r"\b((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})\b")


def parse_date(text: str) -> str | None:
    """Return the date in a text, with time and zone if given, or None."""
    found = _ISO.search(text)
    if found:
        return _iso_time(found)
    for pattern, order in ((_CJK, (1, 2, 3)), (_SLASHED, (1, 2, 3))):
        if match := pattern.search(text):
            return _iso_day(*(int(match[group]) for group in order))
    if match := _DAY_FIRST.search(text):
        return _iso_day(int(match[3]), _MONTHS[match[2].casefold()], int(match[1]))
    if match := _MONTH_FIRST.search(text):
        return _iso_day(int(match[3]), _MONTHS[match[1].casefold()], int(match[2]))
    if match := _COMPACT.fullmatch(text.strip()):
        return _iso_day(int(match[1]), int(match[2]), int(match[3]))
    return None


def _iso_day(year: int, month: int, day: int) -> str | None:
    try:
        return f"{datetime(year, month, day):%Y-%m-%d}"
    except ValueError:
        return None


def _iso_time(found: re.Match[str]) -> str | None:
    day = _iso_day(int(found[1]), int(found[2]), int(found[3]))
    if day is None or found[4] is None:
        return day
    if int(found[4]) > 23 or int(found[5]) > 59 or int(found[6] or 0) > 60:
        return day
    clock = f"{int(found[4]):02}:{found[5]}" + (f":{found[6]}" if found[6] else "")
    clock += f".{found[7]}" if found[7] and int(found[7]) else ""
    zone = found[8] or ""
    if zone in ("UTC", "GMT"):
        zone = "Z"
    if len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"{day}T{clock}{zone}"


def find_date(root: HtmlElement) -> str | None:
    """Return the visible date: a `<time>`, or a short line near the main heading.

    Dates in asides, footers, comments and lists of other articles do not count.
    """
    times = [element for element in root.iter("time") if not _is_outside(element)]
    times.sort(
        key=lambda element: (
            not (element.get("pubdate") is not None or element.get("itemprop") == "datePublished")
        )
    )
    for element in times[:3]:
        found = parse_date(element.get("datetime") or "") or parse_date(element.text_content())
        if found:
            return found
    heading = next(iter(root.iter("h1")), None)
    return _date_near(heading) if heading is not None else None


def _date_near(heading: HtmlElement) -> str | None:
    """Return a date in a short line near the heading."""
    above = heading.getprevious()
    if above is not None and isinstance(above.tag, str):
        text = " ".join(above.text_content().split())
        if len(text) <= 60 and (found := parse_date(text)):
            return found
    seen = 0
    for element in heading.itersiblings(preceding=False):
        text = " ".join(element.text_content().split()) if isinstance(element.tag, str) else ""
        if text:
            seen += 1
            if len(text) <= 160 and (found := parse_date(text)):
                return found
        if seen >= 4:
            break
    parent = heading.getparent()
    if seen < 2 and parent is not None and parent.tag in ("header", "div", "section", "hgroup"):
        following = parent.getnext()
        text = (
            " ".join(following.text_content().split())
            if following is not None and isinstance(following.tag, str)
            else ""
        )
        if text and len(text) <= 200:
            return parse_date(text)
    return None


def _is_outside(element: HtmlElement) -> bool:
    step = element.getparent()
    for _ in range(8):
        if step is None:
            return False
        if step.tag in ("footer", "aside", "nav"):
            return True
        named = f"{step.get('class') or ''} {step.get('id') or ''}".casefold()
        if any(word in named for word in ("comment", "related", "sidebar", "recommend")):
            return True
        step = step.getparent()
    return False
