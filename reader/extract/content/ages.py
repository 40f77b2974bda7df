"""Ages and dates next to a headline: "3 hours ago", "12 March 2026", in many languages."""

import re
from typing import Final

_UNITS: Final = (
    r"s|m|h|d|w|y|mo|sec(?:ond)?s?|min(?:ute)?s?|hrs?|hours?|days?|weeks?|months?|years?"
)
_LONG_UNITS: Final = "sec(?:ond)?s?|min(?:ute)?s?|hrs?|hours?|days?|weeks?|months?|years?"
_NUMBER_WORD: Final = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eine[mrn]?|zwei|drei|une?|deux|trois|una?|due|tre|dos|tres|uma?|dois|duas|een)"
RELATIVE_AGE: Final = re.compile(
    rf"(?:about |over |almost |updated |posted |published )?(?:\d+ ?(?:{_UNITS})|{_NUMBER_WORD} (?:{_LONG_UNITS}))(?: ago)?"
    rf"|vor (?:etwa )?{_NUMBER_WORD} \w+|il y a {_NUMBER_WORD} \w+|hace {_NUMBER_WORD} \w+|{_NUMBER_WORD} \w+ fa|há {_NUMBER_WORD} \w+|{_NUMBER_WORD} \w+ atrás|{_NUMBER_WORD} \w+ geleden"
    rf"|{_NUMBER_WORD} \w+ temu|\d+ \w+ (?:назад|тому)|\d+ \w+ önce|\d+ ?(?:秒|分|分钟|分鐘|小时|小時|時間|天|日|周|週|個月|个月|か月|ヶ月|年) ?(?:钟|間)?(?:前|之前)|\d+ ?(?:초|분|시간|일|주|개월|년) ?전"
    rf"|\d+ \w+ (?:yang )?lalu|\d+ \w+ (?:siden|sedan|sitten)|för \d+ \w+ sedan|for \d+ \w+ siden|πριν (?:από )?\d+ \w+|před \d+ \w+|acum \d+ \w+|fa \d+ \w+"
    r"|לפני (?:\d+ )?\w+|(?:منذ|قبل) (?:\d+ )?\w+|\d+ \S+ (?:पहले|पूर्व|আগে|پیش|قبل|پہلے)|\d+ ?[^\s\d]+ ?(?:ที่แล้ว|ที่ผ่านมา|ก่อน)|\d+ \w+ trước|\d+ \w+ (?:ezelőtt|tagasi)"
    r"|(?:prije|pre|преди|пре|prieš|pirms|pred) \d+ \w+|(?:godzinę|minutę|dzień|tydzień|miesiąc|rok) temu|(?:час|минуту|день|неделю|месяц|год|годину|хвилину|тиждень|місяць|рік) (?:назад|тому)"
    r"|(?:yesterday|today|gestern|heute|hier|aujourd'hui|ayer|hoy|ieri|oggi|ontem|hoje|gisteren|vandaag|вчера|сегодня|igår|i går|idag|i dag)(?:,? (?:at|um|à|a las|alle|às|om|в|kl\.?))? \d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?"
    r"|(?:last|this) (?:week|month|year|night|morning|weekend)|letzte woche|la semaine dernière|la semana pasada|la settimana scorsa|semana passada|vorige week|w zeszłym tygodniu|на прошлой неделе|geçen hafta|先週|上周|上週|지난주"
    r"|yesterday|today|just now|now|gestern|heute|hier|aujourd'hui|ayer|hoy|ieri|oggi|ontem|hoje|gisteren|vandaag|wczoraj|dzisiaj|вчера|сегодня|только что|dün|bugün|昨天|今天|昨日|今日|어제|오늘|방금|kemarin|hari ini|χθες|σήμερα|včera|dnes|igår|idag|i går|i dag",
    re.I,
)
_DAY_OF_WEEK: Final = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo|(?:lune|marte|mercole|giove|vener)d[iì]|sabato|domenica|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)"
)
AGE: Final = re.compile(
    rf"(?:{RELATIVE_AGE.pattern})|{_DAY_OF_WEEK}\.?,? \d{{1,2}}\.? (?:de )?[^\W\d]{{3,10}}\.?"
    r"|(?:\w{3,12}\.?,? )?\d{1,2}(?:st|nd|rd|th)?[., /-]+(?:de |of )?(?:[^\W\d]{3,12}\.?|\d{1,2})?[., /-]*(?:de )?(?:19|20)\d\d(?:[, T·|-].{0,16})?|\d{1,2}[./-]\d{1,2}[./-]\d\d|(?:[^\W\d]{3,12}\.? )\d{1,2}(?:st|nd|rd|th)?(?:,? (?:19|20)\d\d)?(?:[, ]+\d{1,2}:\d\d.{0,8})?"
    r"|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}.{0,16}|(?:19|20)\d\d\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]?.{0,10}|\d{1,2}[月월]\s?\d{1,2}[日일]",
    re.I,
)
_GLUED: Final = (
    "yesterday", "today", "now", "last week", "gestern", "heute", "ayer", "hoy", "ieri", "oggi", "ontem", "hoje", "gisteren",
    "vandaag", "wczoraj", "вчера", "сегодня", "dün", "bugün",
)  # fmt: skip
"""Ages that stand right behind a source where only styles set the two apart."""
_AGE_WORDS: Final = frozenset(
    "ago vor il hace fa há atrás geleden temu назад тому önce lalu siden sedan sitten πριν před acum לפני منذ قبل पहले पूर्व আগে پیش پہلے ที่แล้ว ก่อน trước ezelőtt tagasi prije pre преди пре prieš pirms pred today now yesterday gestern heute"
    " hier aujourd'hui ayer hoy ieri oggi ontem hoje gisteren vandaag wczoraj dzisiaj вчера сегодня только dün bugün 昨天 今天 昨日 今日"
    " 어제 오늘 방금 kemarin hari χθες σήμερα včera dnes igår idag går dag hour hours day days week month year minute minutes".split()
)
_WORDS: Final = re.compile(r"[\w\u0900-\u0963\u0966-\u0dff\u0e30-\u0e4e]+")
_ASCII_WORDS: Final = re.compile("[a-z0-9_]+")
_DIGIT: Final = re.compile(r"\d")
_ASCII_DIGIT: Final = re.compile("[0-9]")
AGE_AT_END: Final = re.compile(
    rf"^(?P<rest>\S.{{1,60}}?)[\s,|•·–—-]+\(?(?P<age>{AGE.pattern})\)?$", re.I
)
DATE_AT_END: Final = re.compile(
    r"^(?P<rest>\S.{1,60}?)(?:\s*[,|•·–—]\s*|\s+)(?P<age>\d{1,2}[^\d,|•·–—]{1,20}(?:19|20)\d\d)$"
)
"""A source and a date: the last word of the source is not taken for the name of a weekday."""
WEEKDAY: Final = re.compile(
    rf"(?:on |am )?{_DAY_OF_WEEK}\.?|[a-z]{{2}}\.?|(?:публ\w*|upd\w*|publi\w*|posted|aktual\w*|stand|veröff\w*|actual\w*)",
    re.I,
)
AGE_AT_START: Final = re.compile(
    rf"^\(?(?P<age>(?:{RELATIVE_AGE.pattern})(?<=\w))\)?\s*[|•·–—,:-]\s*(?P<rest>\S.{{1,200}})$",
    re.I,
)
NAMED_AT_END: Final = re.compile(
    r"(?P<title>\S.{7,200}?)\s*[(\[](?P<source>[^()\[\]]{2,60}?)(?:\s*[,|·•–—]\s*|\s-\s)(?P<age>[^()\[\]]{2,40})[)\]]"
)
"""A title with source and age in brackets behind it."""
FULL_DATE: Final = re.compile(
    r"(?:19|20)\d\d|^[^\W\d]+(?: now)?$|^\d+[mhdw]$|\d:\d\d"
    r"|^(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}$",
    re.I,
)


def is_age(text: str) -> bool:
    """Return whether a text says only when something was published."""
    return len(text) <= 60 and may_hold_age(text) and AGE.fullmatch(text) is not None


def may_be_relative(text: str) -> bool:
    """Return whether a text has a word or short form of an age that counts from now."""
    line = text.casefold()
    if _has_age_word(line):
        return True
    if not line.isascii():
        return _SHORT_AGE.search(text) is not None
    if _SHORT_UNIT.search(line) is not None:
        return True
    return ("ago" in line or "now" in line) and _SHORT_WORD.search(line) is not None


def may_hold_age(text: str) -> bool:
    """Return whether a text has a digit or a word of ages; most have neither."""
    if (_ASCII_DIGIT if text.isascii() else _DIGIT).search(text) is not None:
        return True
    line = text.casefold()
    return _has_age_word(line) or line.endswith(_GLUED)


def _has_age_word(line: str) -> bool:
    words = (_ASCII_WORDS if line.isascii() else _WORDS).findall(line)
    return not _AGE_WORDS.isdisjoint(words)


_SHORT_AGE: Final = re.compile(
    r"\d ?(?:[smhdwy]|mo|min|hrs?|sec)|ago\b|前|전|暂|刚|剛|назад|\bnow\b|[昨今][天日]|어제|오늘|방금",
    re.I,
)
_SHORT_UNIT: Final = re.compile("[0-9] ?[smhdwy]")
_SHORT_WORD: Final = re.compile(r"ago\b|\bnow\b")
"""The same for ASCII text in lower case: the pattern above takes four times as long."""
AGO_AT_END: Final = re.compile(
    r"\bago\b|\bvor\b|il y a|hace|\bfa$|há |atrás|geleden|temu|назад|тому|önce|前|전$|lalu|sedan|siden|sitten|πριν|před|acum|לפני|منذ|قبل|पहले|पूर्व|আগে|پیش|پہلے|ที่แล้ว|ก่อน|trước|ezelőtt|tagasi|prije|преди|prieš|pirms",
    re.I,
)
