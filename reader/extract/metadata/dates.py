"""Publication dates: machine and human formats as ISO 8601."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from reader.extract.metadata.visible import VisibleLine, is_article_footer

_ISO: Final = re.compile(
    r"((?:19|20)\d\d)-(\d\d?)-(\d\d?)(?:[T\s]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?Z?)?")
_MONTH_NAMES: Final = (
    "জানুয়ারি জানুয়ারি جنوری january jan januar janvier janv enero ene gennaio gen janeiro januari tammikuuta stycznia sty января янв"
    " січня ιανουαρίου ιαν ocak oca ledna leden ianuarie január januára siječnja januarja januára"
    " януари јануари јануар jaanuar sausio janvāris janvārī gener janar студзеня जनवरी يناير جانفي ژانویه ינואר มกราคม ม.ค. janúar",
    "ফেব্রুয়ারি ফেব্রুয়ারি فروری february feb februar fevrier février févr fév febrero febbraio fevereiro fev februari helmikuuta lutego lut"
    " февраля фев февр лютого φεβρουαρίου φεβ şubat şub února únor februarie február februára veljače februarja"
    " февруари фебруари фебруар veebruar vasario februāris februārī febrer shkurt лютага फरवरी फ़रवरी فبراير فيفري شباط فوریه פברואר กุมภาพันธ์ ก.พ. febrúar",
    "মার্চ مارچ march mar märz maerz mär mrz mrt mac mars marzo março maart maaliskuuta marca marzec марта мар березня μαρτίου μαρ mart"
    " března březen martie március márc maret ožujka marts"
    " март märts kovo martā març сакавіка मार्च مارس آذار מרץ מרס มีนาคม มี.ค. marec",
    "এপ্রিল اپریل april apr avril avr abril abr aprile huhtikuuta kwietnia kwi апреля апр квітня απριλίου απρ nisan nis dubna"
    " duben aprilie április apríla travnja aprila"
    " април aprill balandžio aprīlis aprīlī prill красавіка अप्रैल أبريل ابريل أفريل نيسان آوریل אפריל เมษายน เม.ย. apríl",
    "মে مئی may mai mayo maggio mag maio mei toukokuuta maja мая травня μαΐου μαίου μαϊ mayıs května květen május mája svibnja"
    " maj"
    " май мај gegužės maijs maijā maig maí मई مايو ماي أيار מאי พฤษภาคม พ.ค.",
    "জুন june jun juni juin junio giugno giu junho kesäkuuta czerwca cze июня июн червня ιουνίου ιουν haziran haz června"
    " červen iunie június júna lipnja junija"
    " юни јун јуни juuni birželio jūnijs jūnijā juny qershor чэрвеня जून يونيو يونيه جوان حزيران ژوئن יוני มิถุนายน มิ.ย. júní",
    "জুলাই جولائی july jul juli juillet juil julio luglio lug julho heinäkuuta lipca lip июля июл липня ιουλίου ιουλ temmuz tem"
    " července červenec iulie július júla srpnja julija"
    " юли јул јули juuli liepos jūlijs jūlijā juliol korrik ліпеня जुलाई يوليو يوليه جويلية تموز ژوئیه יולי กรกฎาคม ก.ค. júlí",
    "আগস্ট اگست august aug août aout agosto ago augustus elokuuta sierpnia sie августа авг серпня αυγούστου αυγ ağustos ağu srpna"
    " srpen augusztus augusta kolovoza avgusta agustus augusti"
    " август avgust rugpjūčio augusts augustā agost gusht жніўня अगस्त أغسطس اغسطس أوت آب اوت אוגוסט สิงหาคม ส.ค. ágúst ogos",
    "সেপ্টেম্বর ستمبر september sep sept septembre septiembre settembre set setembro syyskuuta września wrz сентября сен сент вересня"
    " σεπτεμβρίου σεπ eylül eyl září septembrie szeptember septembra rujna"
    " септември септембар septembar rugsėjo septembris septembrī setembre shtator верасня सितंबर सितम्बर سبتمبر أيلول سپتامبر ספטמבר กันยายน ก.ย.",
    "অক্টোবর october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta października paź октября окт жовтня"
    " οκτωβρίου οκτ ekim eki října říjen octombrie október októbra listopada oktobra"
    " октомври октобар oktobar oktoober spalio oktobris oktobrī tetor кастрычніка अक्टूबर अक्तूबर أكتوبر اكتوبر اکتبر אוקטובר ตุลาคม ต.ค.",
    "নভেম্বর نومبر november nov novembre noviembre novembro marraskuuta listopada lis ноября ноя нояб листопада νοεμβρίου νοε kasım"
    " kas listopadu noiembrie novembra studenoga"
    " ноември новембар novembar lapkričio novembris novembrī nëntor лістапада नवंबर नवम्बर نوفمبر نوامبر נובמבר พฤศจิกายน พ.ย. nóvember",
    "ডিসেম্বর دسمبر december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro joulukuuta grudnia gru декабря дек"
    " грудня δεκεμβρίου δεκ aralık ara prosince prosinec decembrie decembra prosinca desember des desembra"
    " декември децембар decembar detsember gruodžio decembris decembrī desembre dhjetor снежня दिसंबर दिसम्बर ديسمبر دسامبر דצמבר ธันวาคม ธ.ค.",
)
_BUDDHIST_ERA: Final = 543
"""Years between the era of Thai dates and ours."""
_MONTHS: Final = {
    name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()
} | {"listopada": 11}
_MONTH: Final = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_DAY_FIRST: Final = rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.|-)?[\s-]+(?:de |of |d['’]|ב)?({_MONTH})\.?,?[\s-]+(?:de |del |of |พ\.ศ\. ?)?((?:19|20|25)\d\d)(?!\d)"
_MONTH_FIRST: Final = (
    rf"(?<!\w)({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th|\.)?,?\s+((?:19|20)\d\d)(?!\d)"
)
_YEAR_FIRST: Final = rf"(?<!\d)((?:19|20)\d\d)[.,]?\s+(?:m\. )?({_MONTH})\.?\s+(\d{{1,2}})(?!\d)"
_LATVIAN: Final = rf"(?<!\d)((?:19|20)\d\d)\.?\s+gada\s+(\d{{1,2}})\.\s+({_MONTH})"
_MAIL: Final = re.compile(
    r"(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ((?:19|20)\d\d)"
    r" (\d\d):(\d\d)(?::(\d\d))?(?: (Z|UTC|GMT|[+-]\d{4}))?"
)
"""A date as mails and feeds write it (RFC 5322)."""
_YEAR: Final = re.compile(r"\d{4}|[/.]\d\d(?!\d)|年")
"""Digits or signs of every date; a search for them is much faster than one for months."""
_ERA: Final = re.compile(
    r"(令和|平成|昭和|民國|民国)\s*(\d{1,3}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
)
_ERA_STARTS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_EPOCH: Final = re.compile(r"([12]\d{9})(?:\d{3})?")
"""Seconds or milliseconds since 1970, from 2001 on."""
_SHORT_YEAR: Final = re.compile(r"(?<![\d./-])(\d{1,2})/(\d{1,2})/(\d\d)(?![\d/.-])")
_SHORT_DOTTED: Final = re.compile(r"(?<![\d./-])(\d\d)\.(\d\d)\.(\d\d)(?![\d/.-])")
_CJK: Final = re.compile(r"((?:19|20)\d\d)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]?")
_YEAR_NUMBERS: Final = re.compile(
    r"(?<![\d./-])((?:19|20)\d\d)([/.])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)"
)
_NUMBERS: Final = re.compile(r"(?<![\d./-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?((?:19|20)\d\d)(?!\d)")
_VIETNAMESE: Final = re.compile(
    r"(\d{1,2})\s+tháng\s+(\d{1,2})[\s,]+(?:năm\s+)?((?:19|20)\d\d)", re.I
)
_SOLAR_MONTHS: Final = tuple(
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()
)
_SOLAR: Final = re.compile(
    rf"(\d{{1,2}})\s+({'|'.join(_SOLAR_MONTHS)})(?:\s*ماه)?\s+(1[34]\d\d)(?!\d)"
)
"""A day of the calendar of Iran."""
_ADDRESS: Final = re.compile(r"/((?:19|20)\d\d)([/-])(\d{1,2})\2(\d{1,2})(?=[/-])")
_CHANGED: Final = re.compile(
    r"\b(?:updated|modified|reviewed|aktualisiert|zuletzt|mis à jour|actualizado|aggiornato|atualizado|bijgewerkt|zaktualizowano|güncelle\w*)\b"
    r"|обновлено|оновлено|更新|수정|ενημέρωση|diperbarui",
    re.I,
)
_DATED_NAME: Final = re.compile(
    r"date|publish|posted|pub-?time|timestamp|byline|dateline|meta|entry-header|author"
)
_NOT_A_DATE: Final = re.compile(r"©|copyright|\(c\)|all rights|until|expires|deadline|event", re.I)
_PUBLISHED: Final = re.compile(
    r"\b(?:published|posted|created|first published|originally published|veröffentlicht|erstellt|publié|publicado|pubblicato|publicerad|gepubliceerd|opublikowano)\b"
    r"|опубликовано|опубліковано|发布|發布|公開|게시|입력",
    re.I,
)
_DIGITS: Final = {
    first + value: str(value)
    for first in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10)
    for value in range(10)
}
"""Digits of Arabic, Persian, Devanagari, Bengali, Thai, and those of full width."""
WEB_BEGINNING: Final = "1991"
"""Year before which a date in a sentence is that of an event; scanned issues show theirs alone."""
MAX_DATE_ALONE: Final = 40
"""Characters of the longest line with a date and no sentence: weekday, day, time, "Published"."""
MAX_DATE_LINE: Final = 120
"""Characters of the longest line that may state the date; running text is longer."""


def is_month(word: str) -> bool:
    """Return whether a word is the name of a month, or short for it, in a language of the sets."""
    return word.rstrip(".").casefold() in _MONTHS


def parse_date(text: str, *, month_first: bool = False) -> str | None:
    """Return the date in a text, with time and zone if given, or None.

    `month_first` decides about dates in numbers that can be read in both ways.
    """
    if not text.isascii():
        text = text.translate(_DIGITS)
    if not _YEAR.search(text):
        return None
    if match := _EPOCH.fullmatch(text.strip()):
        return f"{datetime.fromtimestamp(int(match[1]), UTC):%Y-%m-%dT%H:%M:%SZ}"
    found = _ISO.search(text)
    if found:
        return _iso_time(found)
    for pattern, order in ((_CJK, (1, 2, 3)), (_YEAR_NUMBERS, (1, 3, 4)), (_VIETNAMESE, (3, 2, 1))):
        if match := pattern.search(text):
            return _iso_day(*(int(match[group]) for group in order))
    if match := _MAIL.search(text):
        return _mail_time(match)
    if match := _pattern(_DAY_FIRST).search(text):
        year = int(match[3])
        year -= _BUDDHIST_ERA if year >= 2500 else 0
        return _iso_day(year, _MONTHS[match[2].casefold()], int(match[1]))
    if match := _pattern(_MONTH_FIRST).search(text):
        return _iso_day(int(match[3]), _MONTHS[match[1].casefold()], int(match[2]))
    if match := _pattern(_YEAR_FIRST).search(text):
        return _iso_day(int(match[1]), _MONTHS[match[2].casefold()], int(match[3]))
    if match := _NUMBERS.search(text):
        day, month = int(match[1]), int(match[3])
        # Only slashes are written both ways.
        if match[2] == "/" and (month > 12 or (month_first and day <= 12)):
            day, month = month, day
        return _iso_day(int(match[4]), month, day)
    if match := _pattern(_LATVIAN).search(text):
        return _iso_day(int(match[1]), _MONTHS[match[3].casefold()], int(match[2]))
    if found_day := _era_day(text):
        return found_day
    if match := _SHORT_YEAR.search(text):
        first, second = int(match[1]), int(match[2])
        month, day = (first, second) if month_first or second > 12 else (second, first)
        return _iso_day(2000 + int(match[3]), month, day)
    if match := _SHORT_DOTTED.search(text):
        return _iso_day(2000 + int(match[3]), int(match[2]), int(match[1]))
    if match := _SOLAR.search(text):
        return _solar_day(int(match[3]), _SOLAR_MONTHS.index(match[2]) + 1, int(match[1]))
    if match := _COMPACT.fullmatch(text.strip()):
        return _iso_day(int(match[1]), int(match[2]), int(match[3]))
    return None


@cache
def _pattern(names_months: str) -> re.Pattern[str]:
    """Compile a pattern with the months when it is first needed.

    ⏱ 3 ms each, a tenth of importing extraction; most pages state a date in numbers.
    """
    return re.compile(names_months, re.IGNORECASE)


def date_in_address(url: str | None) -> str | None:
    """Return the day that a page's address names: /2019/03/08/, /2019-03-08-title."""
    found = _ADDRESS.search(urlsplit(url).path) if url else None
    return _iso_day(int(found[1]), int(found[3]), int(found[4])) if found else None


def _era_day(text: str) -> str | None:
    """Return a day in an era of Japan or Taiwan."""
    match = _ERA.search(text)
    if match is None:
        return None
    year = 1 if match[2] == "元" else int(match[2])
    return _iso_day(_ERA_STARTS[match[1]] + year, int(match[3]), int(match[4]))


def _solar_day(year: int, month: int, day: int) -> str:
    """Return a day of the calendar of Iran, whose cycles of 33 years hold in 1244 to 1472.

    Source: K. M. Borkowski, The Persian calendar for 3000 years, 1996.
    """
    leaps = (year * 8 + 21) // 33
    start = date(622, 3, 21).toordinal() + (year - 1) * 365 + leaps
    days = 31 * (month - 1) - max(0, month - 7) + day - 1
    return date.fromordinal(start + days).isoformat()


def _mail_time(match: re.Match[str]) -> str | None:
    day = _iso_day(int(match[3]), _MONTHS[match[2].casefold()], int(match[1]))
    if day is None or int(match[4]) > 23 or int(match[5]) > 59:
        return day
    zone = match[7] or ""
    zone = "Z" if zone.isalpha() else f"{zone[:3]}:{zone[3:]}" if zone else ""
    seconds = f":{match[6]}" if match[6] else ""
    return f"{day}T{match[4]}:{match[5]}{seconds}{zone}"


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


def find_date(root: HtmlElement, lines: Sequence[VisibleLine], *, month_first: bool) -> str | None:
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
        text = " ".join(element.text_content().split())
        found = parse_date(element.get("datetime") or "") or parse_date(
            text, month_first=month_first
        )
        if found:
            return found
    for element in root.iter("abbr"):
        names = element.get("class") or ""
        if (
            ("publish" in names or "date" in names)
            and not _is_outside(element)
            and (found := parse_date(element.get("title") or ""))
        ):
            return found
    return date_in_lines(lines, month_first=month_first)


def date_in_lines(lines: Iterable[VisibleLine], *, month_first: bool) -> str | None:
    """Return the date of the line that most likely shows it.

    Lines that say "published", or that are named so, count before others; updates come last.
    """
    ranked: list[tuple[int, int, str]] = []
    for number, line in enumerate(lines):
        if len(line.text) > MAX_DATE_LINE or _NOT_A_DATE.search(line.text):
            continue
        text = _published_part(line.text)
        date = parse_date(text, month_first=month_first)
        if date is None or (date < WEB_BEGINNING and len(text) > MAX_DATE_ALONE):
            continue
        rank = 0 if _DATED_NAME.search(line.names) else 1
        if _CHANGED.search(text):
            rank += 2
        if len(line.text) > 60:
            rank += 1
        ranked.append((rank, number, date))
    return min(ranked)[2] if ranked else None


def _published_part(text: str) -> str:
    """Return the part of a line without the date of a change, if it has another date."""
    changed = _CHANGED.search(text)
    if changed is None:
        return text
    before, after = text[: changed.start()], text[changed.start() :]
    if parse_date(before) is not None:
        return before
    published = _PUBLISHED.search(after)
    if published is not None and parse_date(after[published.start() :]) is not None:
        return after[published.start() :]
    return text


def _is_outside(element: HtmlElement) -> bool:
    step = element.getparent()
    for _ in range(8):
        if step is None:
            return False
        if step.tag in ("footer", "aside", "nav") and not is_article_footer(step):
            return True
        named = f"{step.get('class') or ''} {step.get('id') or ''}".casefold()
        if any(word in named for word in ("comment", "related", "sidebar", "recommend")):
            return True
        step = step.getparent()
    return False
