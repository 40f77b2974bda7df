"""Labelled sections around an article: hashtags, comments, related articles, promotions.

The same rules read lines of plain text, of a Markdown file and of a page, whatever markup a page
gives them: a label stands alone on a line, and the content below belongs to it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from reader.extract.content.section_labels import (
    SectionKind,
    is_advertisement,
    is_ambiguous,
    is_certain,
    is_legal,
    label_kind,
)
from reader.extract.content.source_lists import is_source_heading, leads_elsewhere
from reader.model.article import Related
from reader.model.text import clean_tag, one_line
from reader.model.urls import is_web_url

MIN_PROSE: Final = 140
"""Bytes of the shortest line that is running text; from the lines of the seed pages."""
MIN_TEASER: Final = 80
"""Bytes of the shortest text of two sentences that is a teaser, not a title."""
MIN_ARTICLE: Final = 400
"""Bytes of running text that must remain, else the sections are the page itself."""
MIN_UNLABELLED: Final = 1_500
"""Bytes of running text from which an unlabelled list is a side matter."""
MAX_RELATED: Final = 40
"""Related articles of one page; longer lists are archives."""
MAX_SOURCE: Final = 60
"""Characters of the longest name of a source; teasers are longer."""
MAX_PLAIN_SOURCE: Final = 40
"""The same for text before a date that is not linked, which may be a sentence."""
MAX_LINKED_SOURCE: Final = 25
"""Characters of the longest source with an age behind it and no sign between them."""
MAX_TAG: Final = 40
"""Characters of the longest tag; longer names are sentences."""
MAX_TAG_LINE: Final = 200
"""Characters of the longest line with a label and tags."""
MAX_LOOK_AHEAD: Final = 400
"""Lines that are looked at for the shape of a list, so that many labels cost no more."""
MAX_INLINE_LABEL: Final = 40
"""Characters of the longest label of a section."""
MAX_FLAT_LIST: Final = 24
"""Lines of the longest list of articles without ages that has no container."""
MAX_LEAD: Final = 200
"""Characters of the longest title that stands in one line with its teaser."""
MAX_CARD: Final = 3_000
"""Characters of the longest card in one line."""
MAX_PLAIN_LINES: Final = 8
"""Lines of a card in a row that are neither linked, dated nor set off."""
MAX_CARD_LINES: Final = 60
"""Lines of the longest related article that a page shows whole, up to the next one's age."""
MAX_GAP: Final = 5
"""Lines between two sections below the article that belong to them: a label, an offer, buttons."""
MAX_GAP_LINE: Final = 120
"""Characters of the longest of these lines; running text is longer."""
MAX_PROMOTION: Final = 400
"""Bytes of running text in the largest promotion."""

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
    r"|yesterday|today|just now|now|gestern|heute|hier|aujourd'hui|ayer|hoy|ieri|oggi|ontem|hoje|gisteren|vandaag|wczoraj|dzisiaj|вчера|сегодня|только что|dün|bugün|昨天|今天|昨日|今日|어제|오늘|방금|kemarin|hari ini|χθες|σήμερα|včera|dnes|igår|idag|i går|i dag",
    re.I,
)
AGE: Final = re.compile(
    rf"(?:{RELATIVE_AGE.pattern})"
    r"|(?:\w{3,12}\.?,? )?\d{1,2}(?:st|nd|rd|th)?[., /-]+(?:de |of )?(?:[^\W\d]{3,12}\.?|\d{1,2})?[., /-]*(?:de )?(?:19|20)\d\d(?:[, T·|-].{0,16})?|\d{1,2}[./-]\d{1,2}[./-]\d\d|(?:[^\W\d]{3,12}\.? )\d{1,2}(?:st|nd|rd|th)?(?:,? (?:19|20)\d\d)?(?:[, ]+\d{1,2}:\d\d.{0,8})?"
    r"|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}.{0,16}|(?:19|20)\d\d\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]?.{0,10}|\d{1,2}[月월]\s?\d{1,2}[日일]",
    re.I,
)
_AGE_WORDS: Final = frozenset(
    "ago vor il hace fa há atrás geleden temu назад тому önce lalu siden sedan sitten πριν před acum לפני منذ قبل पहले पूर्व আগে پیش پہلے ที่แล้ว ก่อน trước ezelőtt tagasi prije pre преди пре prieš pirms pred today now yesterday gestern heute"
    " hier aujourd'hui ayer hoy ieri oggi ontem hoje gisteren vandaag wczoraj dzisiaj вчера сегодня только dün bugün 昨天 今天 昨日 今日"
    " 어제 오늘 방금 kemarin hari χθες σήμερα včera dnes igår idag går dag hour hours day days week month year minute minutes".split()
)
_WORDS: Final = re.compile(r"[\w\u0900-\u0963\u0966-\u0dff\u0e30-\u0e4e]+")
_DIGIT: Final = re.compile(r"\d")
TAG_LETTER: Final = r"[\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e30-\u0e4e\u1000-\u109f\u1780-\u17ff\u200c\u200d-]"
"""A letter of a hashtag: vowel signs and marks of Indic and other scripts are none for `\\w`."""
HASHTAG: Final = re.compile(rf"#[^\W\d]{TAG_LETTER}*|#\d{TAG_LETTER}*[^\W\d]{TAG_LETTER}*")
_SENTENCE_END: Final = re.compile(r"[.!?…。！？।۔؟][\"'”’»)\]]*$")
_NEXT_SENTENCE: Final = re.compile(r"[^\W\d]{3}[.!?…؟۔][\"'”’»)\]]* +[^\W\d_]|[。！？।].")
_FULL_STOP: Final = re.compile(r"[.…。।۔][\"'”’»)\]]*$")
_EDGES: Final = " \t\n:–—|•·»›>…,-"
_AGE_AT_END: Final = re.compile(
    rf"^(?P<rest>\S.{{1,60}}?)[\s,|•·–—-]+\(?(?P<age>{AGE.pattern})\)?$", re.I
)
_DATE_AT_END: Final = re.compile(
    r"^(?P<rest>\S.{1,60}?)(?:\s*[,|•·–—]\s*|\s+)(?P<age>\d{1,2}[^\d,|•·–—]{1,20}(?:19|20)\d\d)$"
)
"""A source and a date: the last word of the source is not taken for the name of a weekday."""
_WEEKDAY: Final = re.compile(
    r"(?:on |am )?(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|(?:lune|marte|mercole|giove|vener)d[iì]|sabato|domenica|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|(?:maan|dins|woens|donder|vrij|zater|zon)dag"
    r"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|[a-z]{2}\.?|(?:публ\w*|upd\w*|publi\w*|posted|aktual\w*|stand|veröff\w*|actual\w*)",
    re.I,
)
_AGE_AT_START: Final = re.compile(
    rf"^\(?(?P<age>(?:{RELATIVE_AGE.pattern})(?<=\w))\)?\s*[|•·–—,:-]\s*(?P<rest>\S.{{1,200}})$",
    re.I,
)
_NAMED_AT_END: Final = re.compile(
    r"(?P<title>\S.{7,200}?)\s*[(\[](?P<source>[^()\[\]]{2,60}?)(?:\s*[,|·•–—]\s*|\s-\s)(?P<age>[^()\[\]]{2,40})[)\]]"
)
"""A title with source and age in brackets behind it."""
_FULL_DATE: Final = re.compile(
    r"(?:19|20)\d\d|^[^\W\d]+(?: now)?$|^\d+[mhdw]$|\d:\d\d"
    r"|^(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}$",
    re.I,
)
_NUMBERING: Final = re.compile(r"\(?\d{1,2}(?:\.\d{1,2})*[.):]?")
_TURNING: Final = re.compile(
    r"(?:prev(?:ious)?|next|back|zurück|vor|weiter|nächste|précédent|suivant|anterior|siguiente|próximo|seguinte|indietro|precedente"
    r"|successivo|avanti|vorige|volgende|poprzedni|następny|назад|вперёд|вперед|далее|geri|ileri|önceki|sonraki|前へ|次へ|上一[个張张]|下一[个張张]|이전|다음|السابق|التالي)(?: (?:slide|page|item|story))?",
    re.I,
)
"""Buttons that turn the pages of a row of cards."""
_NUMBERED_TITLE: Final = re.compile(r"(?:\d{1,2}\.)*(?P<number>\d{1,2})[.)]? (?P<title>\S.*)")
_SPLIT: Final = re.compile(r"\s[|•·–—]\s|\s?[|•]\s?")
_NO_COMMENTS: Final = re.compile(
    r"\bno\b|\bfirst\b|\bkein|\bnoch\b|\baucun|\bpas\b|\bsin\b|\bno hay|\bnessun|\bnenhum|\bgeen\b|\bbrak\b|нет|暂无|暫無|尚無|ありません|없습니다|belum|inga|ingen|\bei\b|yok|δεν υπάρχ|немає|لا توجد|אין|žádn|nincs|niciun|henüz",
    re.I,
)


@dataclass(slots=True)
class Part:
    """Text of a line in one style, with its link and whether it is bold."""

    text: str
    url: str | None = None
    strong: bool = False


@dataclass(slots=True)
class Line:
    """One line in reading order.

    `level` is 1 to 6 for a heading; `is_literal` is code or verse."""

    text: str
    make_parts: Callable[[], Sequence[Part]] | None = None
    after_gap: bool = False
    level: int = 0
    strong: bool = False
    linked: int = 0
    is_literal: bool = False
    is_item: bool = False
    is_title: bool = False
    url: str | None = None
    measured: int = -1

    @property
    def parts(self) -> Sequence[Part]:
        """The stretches of the line in one style each; made when asked for."""
        if self.make_parts is None:
            return [Part(self.text, self.url, self.strong)]
        return self.make_parts()

    @property
    def prose(self) -> int:
        """Bytes of running text; 0 for shorter lines, code and links."""
        if self.measured < 0:
            size = len(self.text.encode())
            is_text = size > MIN_PROSE and 2 * self.linked <= len(self.text)
            self.measured = size if is_text and not self.is_literal else 0
        return self.measured


@dataclass(slots=True, eq=False)
class Region:
    """A container of the lines from `first` up to `last`, which is not one of them."""

    first: int
    last: int = 0
    parent: "Region | None" = None


@dataclass(slots=True)
class Section:
    """A labelled stretch of lines. `start` is the label's line, `end` the line after the last."""

    kind: SectionKind
    start: int
    end: int


@dataclass(slots=True)
class Sections:
    """All sections of a text, and what they hold."""

    found: list[Section] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    prose: int = 0
    """Bytes of running text outside the sections."""
    removed: list[str] = field(default_factory=list)
    """The lines of the sections, for `--explain`."""

    def lines(self) -> set[int]:
        """Return the numbers of the lines in a section."""
        return {number for one in self.found for number in range(one.start, one.end)}


def find_sections(
    lines: Sequence[Line],
    regions: Sequence[Region] | None = None,
    *,
    host: str = "",
    has_text_elsewhere: bool = False,
    keeps_comments: bool = False,
    keeps_related: bool = False,
) -> Sections:
    """Find the labelled sections of a text. Linear but for short looks ahead.

    `regions` has the innermost container of each line. Sections that would leave no article are
    not returned, unless the page has its text elsewhere. `keeps_comments` is for pages whose
    text is a discussion, `keeps_related` for those whose text is a list of articles.
    """
    is_page = regions is not None
    if regions is None:
        whole = Region(0, len(lines))
        regions = [whole] * len(lines)
    finder = _Finder(lines, regions, has_text_elsewhere, keeps_comments)
    finder.is_page = is_page
    finder.host = host
    finder.listing = keeps_related
    return finder.run()


class _Finder:
    """The lines with running sums, so that each question about a stretch costs nothing."""

    def __init__(
        self, lines: Sequence[Line], regions: Sequence[Region], elsewhere: bool, discussion: bool
    ) -> None:
        self.lines = lines
        self.regions = regions
        self.elsewhere = elsewhere
        self.discussion = discussion
        self.cards = {number for number, line in enumerate(lines) if line.prose and _is_card(line)}
        self.prose = [
            0 if number in self.cards else line.prose for number, line in enumerate(lines)
        ]
        self.sums = [0]
        for size in self.prose:
            self.sums.append(self.sums[-1] + size)
        self.kinds = [self._kind(line) for line in lines]
        seen = Counter(line.text for line, kind in zip(lines, self.kinds, strict=True) if kind)
        for number, line in enumerate(lines):
            # A word that comes again and again is a badge of what stands beside it.
            if (
                self.kinds[number] in (SectionKind.RELATED, SectionKind.TAGS)
                and seen[line.text] > 3
            ):
                self.kinds[number] = None
        self.result = Sections()
        self.removed = 0
        self.is_page = False
        self.host = ""
        self.listing = False

    def run(self) -> Sections:
        """Walk the lines once; sections never overlap."""
        at = 0
        waiting = False
        while at < len(self.lines):
            kind = self.kinds[at]
            end: int | None = None
            if hashtags := parse_hashtags(self.lines[at].text):
                self._add(SectionKind.TAGS, self._label_above(at), at + 1)
                self.result.tags += hashtags
                at += 1
                continue
            if kind is not None and not (self.listing and kind is SectionKind.RELATED):
                end = self._section_end(at, kind)
            elif (inline := self._inline_section(at)) is not None:
                kind, tags = inline
                self._add(kind, at, at + 1)
                self.result.tags += tags
                at += 1
                continue
            if kind is None or end is None:
                at += 1
                continue
            self._add(kind, at, end)
            if kind is SectionKind.TAGS:
                self.result.tags += self._tags(at + 1, end)
            elif kind is SectionKind.RELATED:
                items = parse_related(self.lines[at + 1 : end])
                self.result.related += items
                waiting = waiting or not items
            at = end
        if not self.listing:
            self._find_cards(waiting)
            if not self.discussion:
                self._join_sections()
        total = self.sums[-1]
        rest = total - self.removed
        least = MIN_ARTICLE if self.is_page else 1
        if not self.elsewhere and rest < least and rest <= self.removed:
            # Short paragraphs are text, too.
            taken = self.result.lines()
            texts = [line for at, line in enumerate(self.lines) if at not in taken]
            text = sum(len(line.text.encode()) for line in texts if line.prose or _is_text(line))
            if text < least or text <= self.removed:
                return Sections(prose=total)
        self.result.prose = rest
        self.result.related = merge_related(self.result.related)[:MAX_RELATED]
        self.result.tags = list(dict.fromkeys(self.result.tags))
        return self.result

    def _join_sections(self) -> None:
        """Add the few lines between two sections around the article: labels in other words."""
        found = sorted(self.result.found, key=lambda one: one.start)
        taken = self.result.lines()
        ends = {section.start: section.end for section in found}
        if not found or self.sums[-1] <= self.removed:
            return
        end = 0
        title = next((at for at, line in enumerate(self.lines) if line.is_title), len(self.lines))
        for start in (*(section.start for section in found if section.start < title), title):
            if any(self.prose[at] for at in range(end, start) if at not in taken):
                break
            if end and start < len(self.lines):
                self._add_gap(end, start)
            end = max(end, ends.get(start, end))
        start = len(self.lines)
        for section in reversed(found):
            if any(self.prose[at] for at in range(section.end, start) if at not in taken):
                break
            if start < len(self.lines):
                self._add_gap(section.end, start)
            start = min(start, section.start)

    def _add_gap(self, start: int, end: int) -> None:
        """Take the lines between two sections for one if they are few and short."""
        gap = self.lines[start:end]
        if 0 < len(gap) <= MAX_GAP and all(
            len(line.text) <= MAX_GAP_LINE and not line.is_title and not line.is_literal
            for line in gap
        ):
            self._add(SectionKind.PROMOTION, start, end)

    def _label_above(self, at: int) -> int:
        """Return the number of the heading right above a line of hashtags, or of that line."""
        line = self.lines[at - 1] if at else None
        if (
            line is None
            or not (line.level or line.strong or (line.after_gap and not self.is_page))
            or _SENTENCE_END.search(line.text)
            or line.is_title
            or len(line.text) > MAX_INLINE_LABEL
            or not self._is_over(at)
        ):
            return at
        return at - 1

    def _add(self, kind: SectionKind, start: int, end: int) -> None:
        self.result.found.append(Section(kind, start, end))
        self.removed += self._prose_in(start, end)

    def _kind(self, line: Line) -> SectionKind | None:
        if line.is_literal or line.is_title:
            return None
        if is_legal(line.text):
            return SectionKind.PROMOTION
        if len(line.text) > 64:
            return None
        if 10 * line.linked >= 8 * len(line.text) and not line.level and not line.strong:
            return None
        kind = label_kind(line.text)
        is_plain = line.is_item and not line.level and not line.strong
        if kind is SectionKind.RELATED and is_plain and not is_certain(line.text):
            return None
        return kind

    def _inline_section(self, at: int) -> tuple[SectionKind, list[str]] | None:
        """Return the section that one line holds, label and content: "Tags: sea, ferry"."""
        line = self.lines[at]
        text = line.text
        if len(text) > MAX_TAG_LINE or line.is_literal or line.is_title:
            return None
        if not line.strong and self._is_over(at) and (lead := _bold_lead(line)) is not None:
            return lead, parse_hashtags(text.partition("#")[1] + text.partition("#")[2])
        label, colon, rest = text.partition(":")
        if not colon:
            if "#" not in text:
                return None
            label, _, rest = text.partition("#")
            rest = f"#{rest}"
        if len(label) > MAX_INLINE_LABEL or not rest.strip():
            return None
        kind = label_kind(label)
        rest = rest.strip()
        if kind is SectionKind.TAGS and (hashtags := parse_hashtags(rest)):
            return kind, hashtags
        if kind is SectionKind.TAGS and 2 * line.linked >= len(rest):
            names = [
                name
                for part in line.parts
                if part.url is not None
                if (name := clean_tag(part.text))
            ]
            return (kind, names) if names and max(map(len, names)) <= MAX_TAG else None
        if kind in (SectionKind.COMMENTS, SectionKind.PROMOTION) and label_kind(rest) is kind:
            return kind, []
        return None

    def _prose_in(self, start: int, end: int) -> int:
        return self.sums[end] - self.sums[start]

    def _before(self, at: int) -> int:
        """Bytes of running text above a line that no section took; sections come in order."""
        return self.sums[at] - self.removed

    def _is_over(self, at: int) -> bool:
        """Return whether at least half of the running text stands above a line."""
        before = self._before(at)
        return before > 0 and self.sums[-1] - self.sums[at] <= before

    def _bounds(self, at: int) -> tuple[list[Region], int]:
        """Return the containers that begin with a line, innermost first, and where the next ends."""
        region: Region | None = self.regions[at]
        begins: list[Region] = []
        while region is not None and region.first == at and region.parent is not None:
            begins.append(region)
            region = region.parent
        return begins, len(self.lines) if region is None else region.last

    def _section_end(self, at: int, kind: SectionKind) -> int | None:
        begins, outer = self._bounds(at)
        box: Region | None = None
        for region in begins:
            if region.last == at + 1:
                continue
            if not self._may_be_whole(kind, region):
                break
            box = region
        if box is not None:
            end = self._end(at, kind, box.last, boxed=True)
            if end is not None and (end > at + 1 or kind is not SectionKind.RELATED):
                return end
        if outer == at + 1 and kind is SectionKind.RELATED:
            # The label ends its container: what it announces stands in the next one.
            region = self.regions[at]
            while region.last == at + 1 and region.parent is not None:
                region = region.parent
            end = self._end(at, kind, region.last, boxed=False)
            if end is not None and any(self._is_aged(one) for one in range(at + 1, end)):
                return end
        return self._end(at, kind, outer, boxed=False)

    def _may_be_whole(self, kind: SectionKind, region: Region) -> bool:
        """Return whether a container can be one section."""
        if any(self.lines[number].is_title for number in range(region.first, region.last)):
            return False
        inside = self._prose_in(region.first, region.last)
        outside = self.sums[-1] - inside
        size = region.last - region.first
        match kind:
            case SectionKind.TAGS:
                return not inside and size <= 60
            case SectionKind.PROMOTION:
                return inside <= MAX_PROMOTION and size <= 16
            case SectionKind.COMMENTS:
                return not self.discussion and (not inside or outside >= 500 or self.elsewhere)
            case SectionKind.RELATED:
                return self.elsewhere or (inside <= outside and outside >= MIN_ARTICLE)

    def _end(self, at: int, kind: SectionKind, bound: int, *, boxed: bool) -> int | None:
        match kind:
            case SectionKind.TAGS:
                return self._end_of_tags(at, bound, boxed=boxed)
            case SectionKind.COMMENTS:
                return self._end_of_comments(at, bound, boxed=boxed)
            case SectionKind.PROMOTION:
                return self._end_of_promotion(at, bound, boxed=boxed)
            case SectionKind.RELATED:
                return self._end_of_related(at, bound, boxed=boxed)

    def _end_of_tags(self, at: int, bound: int, *, boxed: bool) -> int | None:
        end = at + 1
        certain = False
        while end < bound and end - at <= 40:
            line = self.lines[end]
            if self.kinds[end] is not None or self.prose[end] or line.is_title or line.is_literal:
                break
            is_hashtag = bool(parse_hashtags(line.text))
            is_linked = 2 * line.linked > len(line.text)
            if (line.level or line.strong) and not is_hashtag and not is_linked:
                break
            if len(line.text) > MAX_TAG_LINE or _SENTENCE_END.search(line.text):
                break
            if (
                not is_hashtag
                and not is_linked
                and max(map(len, _tag_names(line.text)), default=99) > MAX_TAG
            ):
                break
            certain = certain or is_hashtag or is_linked
            end += 1
        if end == at + 1:
            follows = end < len(self.lines) and self.prose[end]
            return None if follows or not self._before(at) else end
        return end if certain or boxed or self._is_over(at) else None

    def _end_of_comments(self, at: int, bound: int, *, boxed: bool) -> int | None:
        following = at + 1
        if following < len(self.lines) and self.prose[following] and not boxed:
            # A chapter of the article may be called "Discussion": a comment begins with a name.
            return following if _is_notice(self.lines[at].text) else None
        if following < bound and boxed and self.prose[following] and not self._is_over(at):
            return None
        if following < bound and self.prose[following] and is_ambiguous(self.lines[at].text):
            return None
        if boxed:
            return self._until_label(at, bound)
        end = following
        while end < bound and self.kinds[end] is SectionKind.COMMENTS:
            end += 1
        if any(_is_notice(self.lines[number].text) for number in range(at, end)):
            return end
        if self.discussion or self._before(at) < 500:
            return end
        while end < bound and self.kinds[end] in (None, SectionKind.COMMENTS):
            if self.lines[end].is_title:
                break
            end += 1
        return end

    def _end_of_promotion(self, at: int, bound: int, *, boxed: bool) -> int | None:
        if is_advertisement(self.lines[at].text):
            return at + 1
        if is_legal(self.lines[at].text):
            return at + 1 if self._is_over(at) or not self.is_page else None
        label = self.lines[at]
        # "Sign up for the mailing list" may be advice as well.
        is_heading = label.level > 0 or label.strong
        if not boxed and not is_certain(label.text) and not (is_heading and self._is_over(at)):
            return None
        if boxed:
            return self._until_label(at, bound)
        end = at + 1
        if (
            end < len(self.lines)
            and self.kinds[end] is not SectionKind.PROMOTION
            and (self.prose[end] or _is_text(self.lines[end]))
            and not self._is_over(at)
        ):
            return None
        while end < bound:
            line = self.lines[end]
            if self.kinds[end] is SectionKind.PROMOTION:
                end += 1
            elif (
                self.prose[end]
                and self.prose[end] <= MAX_PROMOTION
                and end == at + 1
                and label_kind(line.text[:60].rpartition(" ")[0]) is SectionKind.PROMOTION
            ):
                end += 1
            else:
                break
        return end

    def _until_label(self, at: int, bound: int) -> int:
        """Return the end of a container, or where another section begins in it."""
        for number in range(at + 1, bound):
            line = self.lines[number]
            other = self.kinds[number] not in (None, self.kinds[at])
            if other and (line.level or line.strong) and is_certain(line.text):
                return number
        return bound

    def _end_of_related(self, at: int, bound: int, *, boxed: bool) -> int | None:
        """Return the line after the last card: two paragraphs in a row belong to the article."""
        label = self.lines[at]
        alternates = self._alternates(at, bound)
        end = at + 1
        heads = titles = last_head = 0
        teased = aged = sure = ever_aged = has_links = is_whole = False
        teasers = first_teaser = ages = plain = 0
        for number in range(at + 1, bound):
            line = self.lines[number]
            kind = self.kinds[number]
            if ever_aged and kind is SectionKind.PROMOTION and self._next_card(number, bound):
                # A button of a card.
                continue
            if _TURNING.fullmatch(line.text):
                continue
            if line.is_title or kind not in (None, SectionKind.RELATED):
                break
            if not heads and parse_hashtags(line.text):
                break
            if self.prose[number] or (_is_text(line) and number not in self.cards):
                if teased and ever_aged:
                    goes_on = self._next_card(number, bound)
                    if goes_on or self._shares_box(last_head, number, at):
                        is_whole = is_whole or goes_on
                        titles = 0
                        end = number + 1
                        continue
                    if is_whole and (boxed or self._before(at) >= MIN_ARTICLE):
                        end = number + 1
                        continue
                if not heads or teased:
                    # Two paragraphs in a row: the first was the article's where no card claims it.
                    end = end - 1 if teased and not aged else end
                    break
                if not aged and titles > 1 + boxed and (sure or not (boxed or self._is_over(at))):
                    # A list of titles alone is over where a paragraph follows.
                    break
                teased = True
                titles = 0
                teasers += 1
                first_teaser = first_teaser or number
                end = number + 1
                continue
            is_aged = self._is_aged(number)
            if line.linked or is_aged or line.level or line.strong:
                plain = 0
            elif self.is_page:
                plain += 1
                if plain > MAX_PLAIN_LINES:
                    # Short paragraphs of an article, in a script that says much in few bytes.
                    end = number - plain + 1
                    break
            is_head = is_aged or is_long_enough(line.text) or line.linked > 0
            is_heading = bool(line.level or line.strong) and not line.linked
            if is_heading and has_links and label.level and line.level == label.level:
                # The titles of the list are links, and this is a label like its own.
                break
            if (
                is_heading
                and (sure or not alternates)
                and (sure or not boxed)
                and not self._has_age_near(number, bound)
                and (not label.level or not line.level or line.level <= label.level)
            ):
                break
            if is_head or alternates or boxed:
                heads += 1
                if is_long_enough(line.text):
                    titles += 1
                ever_aged = ever_aged or is_aged
                ages += is_aged
                last_head = number if is_head else last_head
                has_links = has_links or (line.linked > 0 and is_long_enough(line.text))
                sure = sure or is_aged or (line.linked > 0 and is_long_enough(line.text))
                aged = is_aged or (aged and not teased)
                teased = False
            end = number + 1
        if teasers == 1 and sure and not ever_aged and not boxed and not alternates:
            # A single paragraph after links may as well be where the article goes on.
            end = min(end, first_teaser)
        if (
            teasers == 1
            and end == first_teaser + 1
            and not boxed
            and (ages > 1 or (not self._is_over(at) and self._before(at) >= MIN_ARTICLE))
        ):
            # Only the last of several cards seems to have a text: the article goes on.
            end = first_teaser
        if not boxed and self.is_page and not ever_aged and end - at > MAX_FLAT_LIST:
            return None
        if end == at + 1:
            over = self._before(at) > 0 and (end >= len(self.lines) or not self.prose[end])
            return end if over else None
        if not ever_aged and is_source_heading(label.text):
            links = [line.url for line in self.lines[at + 1 : end] if line.url is not None]
            if 2 * len(links) >= end - at - 1 and leads_elsewhere(links, self.host):
                return None
        if self.is_page and not sure and not (boxed and teasers):
            # Plain lines, neither linked nor dated: "Recommended: 8 GB of memory".
            return None
        return end if parse_related(self.lines[at + 1 : end]) else None

    def _next_card(self, at: int, bound: int) -> bool:
        """Return whether another card begins below a line, with no other section before it."""
        for number in range(at + 1, min(bound, at + MAX_CARD_LINES)):
            line = self.lines[number]
            if line.is_title or self.kinds[number] not in (None, SectionKind.PROMOTION):
                return False
            if not self.prose[number] and self._is_aged(number):
                near = self.lines[max(at + 1, number - 3) : number + 4]
                return any(
                    is_long_enough(one.text)
                    and not is_age(one.text)
                    and (one.linked or one.level or one.strong or not self.is_page)
                    for one in near
                )
        return False

    def _shares_box(self, head: int, number: int, at: int) -> bool:
        """Return whether a container below a label holds a card's title and a later line."""
        region: Region | None = self.regions[number]
        while region is not None and region.first > head:
            region = region.parent
        return region is not None and region.first > at

    def _alternates(self, at: int, bound: int) -> bool:
        """Return whether only titles with one paragraph each follow, and the article is over."""
        if self.is_page or not self._is_over(at):
            return False
        return not any(
            self.prose[number] and self.prose[number + 1]
            for number in range(at + 1, min(bound - 1, at + MAX_LOOK_AHEAD))
        )

    def _is_aged(self, number: int, pattern: re.Pattern[str] = AGE) -> bool:
        line = self.lines[number]
        if number in self.cards:
            return True
        if len(line.text) > 300 or not _may_hold_age(line.text):
            return False
        if pattern is RELATIVE_AGE and not _may_be_relative(line.text):
            return False
        return any(
            token.is_age and pattern.fullmatch(token.text) for token in _tokens(line, number)
        )

    def _has_age_near(self, number: int, bound: int) -> bool:
        near = range(max(0, number - 3), min(bound, number + 4))
        return any(not self.prose[one] and self._is_aged(one) for one in near)

    def _tags(self, start: int, end: int) -> Iterator[str]:
        for line in self.lines[start:end]:
            if hashtags := parse_hashtags(line.text):
                yield from hashtags
                continue
            names = [part.text for part in line.parts if part.url is not None] or _tag_names(
                line.text
            )
            for word in names:
                if (name := clean_tag(word)) and len(name) <= MAX_TAG:
                    yield name

    def _find_cards(self, waiting: bool) -> None:
        """Find lists of articles without a label: titles that each have an age in words."""
        taken = self.result.lines()
        ages = [
            number
            for number, line in enumerate(self.lines)
            if number not in taken
            and not self.prose[number]
            and self._is_aged(number, AGE if waiting else RELATIVE_AGE)
        ]
        run: list[int] = []
        for number in [*ages, None]:
            if run and (
                number is None or number - run[-1] > 8 or self._breaks(run[-1], number, taken)
            ):
                self._take_run(run, taken, waiting)
                run = []
            if number is not None:
                run.append(number)

    def _breaks(self, last: int, number: int, taken: set[int]) -> bool:
        between = range(last + 1, number)
        return sum(self.prose[one] > 0 for one in between) > 1 or any(
            one in taken or self.lines[one].is_title for one in between
        )

    def _take_run(self, run: list[int], taken: set[int], waiting: bool) -> None:
        if len(run) < 2:
            return
        start = run[0]
        while (
            start > 0
            and run[0] - start < 3
            and start - 1 not in taken
            and not self.prose[start - 1]
            and not self.lines[start - 1].is_title
            and self.kinds[start - 1] is None
            and not _SENTENCE_END.search(self.lines[start - 1].text)
        ):
            start -= 1
        end = run[-1] + 1
        period = max(b - a for a, b in pairwise(run))
        while (
            end < len(self.lines)
            and end - run[-1] < period
            and end not in taken
            and self.kinds[end] is None
        ):
            end += 1
        items = parse_related(self.lines[start:end])
        inside = self._prose_in(start, end)
        titled = sum(
            1
            for line in self.lines[start:end]
            if 10 * line.linked >= 8 * len(line.text) and is_long_enough(line.text)
        )
        if len(items) < 2 or (titled < len(run) and not waiting):
            return
        weight = inside if waiting else 2 * inside
        if inside and weight > self.sums[-1] - self.removed - inside and not self.elsewhere:
            return
        least = MIN_ARTICLE if waiting else MIN_UNLABELLED
        if not self.elsewhere and self.sums[-1] - self.removed - inside < least:
            return
        self._add(SectionKind.RELATED, start, end)
        self.result.related += items


def _bold_lead(line: Line) -> SectionKind | None:
    """Return the kind of a line that begins with a label in bold: "**Comments** None yet"."""
    if line.level or not line.parts[0].strong:
        return None
    label = line.parts[0].text
    kind = label_kind(label)
    rest = line.text[len(label) :].strip(_EDGES)
    if parse_hashtags(rest):
        return SectionKind.TAGS
    if kind is SectionKind.COMMENTS and _is_notice(rest):
        return kind
    return kind if kind is SectionKind.PROMOTION and is_certain(label) else None


def _is_card(line: Line) -> bool:
    """Return whether a line of running text is a whole card: age, linked title, teaser."""
    if not line.linked or len(line.text) > MAX_CARD:
        return False
    parts = line.parts
    return (
        len(parts) > 2
        and any(is_age(part.text.strip(_EDGES)) for part in parts)
        and any(part.url is not None and is_long_enough(part.text) for part in parts)
    )


def _is_text(line: Line) -> bool:
    """Return whether a line reads like a sentence, though a short one."""
    return (
        len(line.text) > 60
        and 2 * line.linked < len(line.text)
        and not line.level
        and not line.strong
        and _FULL_STOP.search(line.text) is not None
    )


def _is_teaser(line: Line) -> bool:
    """Return whether a line is a sentence too long for a title, though it is a link or heading."""
    return _is_long_sentence(line.text) and len(line.parts) < 2


def _is_long_sentence(text: str) -> bool:
    size = len(text.encode())
    signs = (_FULL_STOP.search(text) is not None) + (_NEXT_SENTENCE.search(text) is not None)
    return signs > (size <= MIN_PROSE) and size > MIN_TEASER


def _is_notice(text: str) -> bool:
    """Return whether a line says that there are no comments."""
    return label_kind(text) is SectionKind.COMMENTS and _NO_COMMENTS.search(text) is not None


def is_long_enough(title: str) -> bool:
    """Return whether a text is long enough for a headline, in CJK too."""
    return (
        len(title) >= 20
        or len(title.split()) >= 3
        or (not title.isascii() and len(title.encode()) > 16)
    )


def is_source_line(text: str) -> bool:
    """Return whether a line only names where and when: "Evening Post, 5 hours ago"."""
    text = text.strip(_EDGES)
    if len(text) > 2 * MAX_SOURCE or not _may_hold_age(text):
        return False
    found = _AGE_AT_END.fullmatch(text)
    if found is None:
        return is_age(text)
    if _AGO.search(found["age"]):
        return True
    return len(found["rest"]) <= MAX_PLAIN_SOURCE and _FULL_DATE.search(found["age"]) is not None


def is_age(text: str) -> bool:
    """Return whether a text says only when something was published."""
    return len(text) <= 60 and _may_hold_age(text) and AGE.fullmatch(text) is not None


def _may_be_relative(text: str) -> bool:
    """Return whether a text has a word or short form of an age that counts from now."""
    return (
        not _AGE_WORDS.isdisjoint(_WORDS.findall(text.casefold()))
        or _SHORT_AGE.search(text) is not None
    )


def _may_hold_age(text: str) -> bool:
    """Return whether a text has a digit or a word of ages; most have neither."""
    return _DIGIT.search(text) is not None or not _AGE_WORDS.isdisjoint(
        _WORDS.findall(text.casefold())
    )


def parse_hashtags(text: str) -> list[str]:
    """Return the hashtags of a line that holds nothing else; empty for other lines."""
    if "#" not in text[:3] or len(text) > 2_000:
        return []
    words = text.replace(",", " ").replace("·", " ").replace("#", " #").split()
    if not words or not all(map(HASHTAG.fullmatch, words)):
        return []
    return [name for word in words if (name := clean_tag(word))]


def _tag_names(text: str) -> list[str]:
    return [word for word in re.split(r"\s*[,;|•·、，/]\s*|\s+(?=#)", text) if word]


@dataclass(slots=True)
class _Token:
    """A piece of a card: an age, a paragraph, or a few words."""

    text: str
    line: int
    url: str | None = None
    level: int = 0
    strong: bool = False
    is_age: bool = False
    is_prose: bool = False
    after_gap: bool = False


_SHORT_AGE: Final = re.compile(
    r"\d ?(?:[smhdwy]|mo|min|hrs?|sec)|ago\b|前|전|暂|刚|剛|назад|\bnow\b|[昨今][天日]|어제|오늘|방금",
    re.I,
)
_AGO: Final = re.compile(
    r"\bago\b|\bvor\b|il y a|hace|\bfa$|há |atrás|geleden|temu|назад|тому|önce|前|전$|lalu|sedan|siden|sitten|πριν|před|acum|לפני|منذ|قبل|पहले|पूर्व|আগে|پیش|پہلے|ที่แล้ว|ก่อน|trước|ezelőtt|tagasi|prije|преди|prieš|pirms",
    re.I,
)


def _tokens(line: Line, number: int, *, splits_lead: bool = False) -> list[_Token]:
    is_card = _is_card(line)
    if splits_lead and line.prose and not is_card:
        lead = line.parts[0]
        title = _Token(lead.text, number, lead.url, line.level, lead.strong or line.level > 0)
        title.after_gap = line.after_gap
        return [title, _Token(line.text, number, is_prose=True)]
    if _is_teaser(line) or ((line.prose or _is_text(line)) and not is_card):
        return [_Token(line.text, number, line.url, is_prose=True, after_gap=line.after_gap)]
    found: list[_Token] = []
    for part in line.parts:
        text = part.text.strip(_EDGES)
        if not any(map(str.isalnum, text)):
            continue
        if found and (
            (is_card and len(text) > MAX_PLAIN_SOURCE and part.url is None)
            or _is_long_sentence(text)
        ):
            found.append(_Token(text, number, is_prose=True))
            continue
        pieces = [text] if part.url is not None or part.strong else _SPLIT.split(text)
        for piece in pieces:
            found += _split_age(piece.strip(_EDGES), number, part, line.level)
    if found:
        found[0].after_gap = line.after_gap
    return found


def _split_age(text: str, number: int, part: Part, level: int) -> list[_Token]:
    """Return a piece as one token, or as two if it begins or ends with an age."""
    if not text:
        return []
    inner = text[1:-1].strip() if text[0] == "(" and text[-1] == ")" else ""
    # "(Post, 18 May 2025)" looks like a weekday and a date.
    if is_age(inner) and (inner[0].isdecimal() or RELATIVE_AGE.fullmatch(inner)):
        return [_Token(inner, number, is_age=True)]
    dated = _DATE_AT_END.fullmatch(text)
    if dated and _WEEKDAY.fullmatch(dated["rest"]):
        dated = None
    if dated is None and is_age(text):
        return [_Token(text, number, is_age=True)]
    token = _Token(text, number, part.url, level, part.strong or level > 0)
    if level or len(text) > 240 or not _may_hold_age(text):
        return [token]
    named = _NAMED_AT_END.fullmatch(text)
    if named and is_age(named["age"]):
        token.text = named["title"].strip(_EDGES)
        source = _Token(named["source"].strip(_EDGES), number)
        return [source, _Token(named["age"], number, is_age=True), token]
    ends = dated or _AGE_AT_END.fullmatch(text)
    longest = MAX_PLAIN_SOURCE if part.url is None else MAX_LINKED_SOURCE
    if ends and (
        _AGO.search(ends["age"])
        or re.search(r"[,|•·–—(-]\s*$", text[: ends.start("age")])
        or (not part.strong and len(ends["rest"]) <= longest and _FULL_DATE.search(ends["age"]))
    ):
        rest = ends["rest"].strip(_EDGES + "(/")
        if rest and not (part.url is not None and len(rest) > MAX_SOURCE):
            token.text = rest
            return [token, _Token(ends["age"], number, is_age=True)]
    starts = _AGE_AT_START.fullmatch(text)
    if starts:
        token.text = starts["rest"].strip(_EDGES)
        return [_Token(starts["age"], number, is_age=True), token]
    return [token]


def parse_related(lines: Sequence[Line]) -> list[Related]:
    """Return the articles that the lines name, with title, source, age and address."""
    texts = [line for line in lines if line.prose and not _is_card(line)]
    has_leads = bool(texts) and all(map(_begins_with_title, texts))
    tokens = [
        token
        for number, line in enumerate(lines)
        for token in _tokens(line, number, splits_lead=has_leads)
        if token.is_age or token.is_prose or not _is_label(token)
    ]
    found = [item for card in _cards(tokens) if (item := _parse_card(card)) is not None]
    return _drop_numbers(found[:MAX_RELATED])


def merge_related(found: Iterable[Related]) -> list[Related]:
    """Return articles without repetitions; of two with one title the fuller one stays."""
    kept: dict[str, Related] = {}
    for one in found:
        known = kept.get(one.title)
        if known is None or (known.source, known.age, known.url).count(None) > (
            one.source,
            one.age,
            one.url,
        ).count(None):
            kept[one.title] = one
    return list(kept.values())


def _is_label(token: _Token) -> bool:
    """Return whether a piece of a card is a button, a number, or the label of a list."""
    if _NUMBERING.fullmatch(token.text) or _TURNING.fullmatch(token.text):
        return True
    kind = label_kind(token.text)
    return kind is SectionKind.PROMOTION or (
        kind is not None and token.url is None and is_certain(token.text)
    )


def _begins_with_title(line: Line) -> bool:
    """Return whether a line is a title and its teaser: a link or bold words, then text."""
    parts = line.parts
    first = parts[0]
    return (
        1 < len(parts) < 4
        and (first.url is not None or first.strong)
        and is_long_enough(first.text)
        and len(first.text) <= MAX_LEAD
        and 2 * len(first.text) < len(line.text)
    )


def _drop_numbers(found: list[Related]) -> list[Related]:
    """Return articles without the numbers of a list before their titles."""
    if len(found) < 2:
        return found
    titles = []
    for number, one in enumerate(found, 1):
        match = _NUMBERED_TITLE.fullmatch(one.title)
        if match is None or int(match["number"]) != number:
            return found
        titles.append(match["title"])
    return [replace(one, title=title) for one, title in zip(found, titles, strict=True)]


def _cards(tokens: list[_Token]) -> list[list[_Token]]:
    """Split tokens into one group for each article."""
    if not tokens:
        return []
    ages = [number for number, token in enumerate(tokens) if token.is_age]
    anchors = _anchors(tokens, len(ages))
    if columns := _columns(tokens, ages, anchors):
        return columns
    if anchors:
        starts = _starts(tokens, anchors, ages)
    elif ages:
        starts = _starts(tokens, ages, ages)
    elif any(token.after_gap for token in tokens[1:]):
        starts = [number for number, token in enumerate(tokens) if token.after_gap or not number]
    elif any(token.is_prose for token in tokens):
        starts = [
            number
            for number, token in enumerate(tokens)
            if not token.is_prose and (not number or tokens[number - 1].is_prose)
        ]
    else:
        starts = [
            number
            for number, token in enumerate(tokens)
            if not number or token.line != tokens[number - 1].line
        ]
    ends = [*starts[1:], len(tokens)]
    return [tokens[start:end] for start, end in zip(starts, ends, strict=True) if end > start]


def _anchors(tokens: list[_Token], ages: int) -> list[int]:
    """Return the indices of the tokens that are certainly titles, by the strongest sign."""
    aged_lines = {token.line for token in tokens if token.is_age}
    candidates = [
        number
        for number, token in enumerate(tokens)
        if not token.is_age and not token.is_prose and is_long_enough(token.text)
    ]
    apart = [number for number in candidates if tokens[number].line not in aged_lines]
    for group in (apart, candidates):
        for sign in (
            lambda token: token.level,
            lambda token: token.url is not None and token.strong,
            lambda token: token.url is not None,
            lambda token: token.strong,
        ):
            chosen = [number for number in group if sign(tokens[number])]
            if chosen and (not ages or 3 * ages <= 5 * len(chosen) <= 8 * ages):
                return chosen
    return []


def _columns(tokens: list[_Token], ages: list[int], anchors: list[int]) -> list[list[_Token]]:
    """Return the cards of a table whose rows hold one field of all: every age, then every title."""
    count = len(ages)
    if count < 2 or len(anchors) != count or anchors[0] < ages[-1]:
        return []
    above, between = tokens[: anchors[0]], tokens[ages[-1] + 1 : anchors[0]]
    if len(above) % count or (between and len(between) != count):
        return []
    step = len(above) // count
    if between:
        sources = [[tokens[ages[at]], between[at]] for at in range(count)]
    else:
        sources = [above[step * at : step * (at + 1)] for at in range(count)]
        if not all(any(token.is_age for token in card) for card in sources):
            sources = [above[at::count] for at in range(count)]
    return [[*card, tokens[anchor]] for card, anchor in zip(sources, anchors, strict=True)]


def _starts(tokens: list[_Token], anchors: list[int], ages: list[int]) -> list[int]:
    """Return the start of each card: as many tokens before its anchor as in the first."""
    lead = anchors[0]
    has_prose_first = any(token.is_prose for token in tokens[:lead])
    if has_prose_first:
        # The title stands last in its card, or first with its age behind a teaser.
        lead = 0 if anchors is not ages else lead
    starts: list[int] = []
    for position, anchor in enumerate(anchors):
        start = anchor
        last = anchors[position - 1] if position else -1
        while start > 0 and anchor - start < lead and start - 1 > last:
            before = tokens[start - 1]
            if before.is_prose and not has_prose_first:
                break
            start -= 1
        starts.append(start)
    return starts


def _parse_card(card: list[_Token]) -> Related | None:
    ages = [number for number, token in enumerate(card) if token.is_age]
    others = [
        number for number, token in enumerate(card) if not token.is_age and not token.is_prose
    ]
    texts = [token.text for token in card]
    url = next((t.url for t in card if t.url and is_long_enough(t.text)), None)
    url = url or next((t.url for t in card if t.url), None)
    url = url or next((text for text in texts if is_web_url(text)), None)
    others = [number for number in others if not is_web_url(texts[number])]
    repeated = [number for number in others if texts.count(texts[number]) > 1]
    source = texts[repeated[0]] if repeated and len(others) > len(repeated) else None
    rest = [number for number in others if texts[number] != source]
    if ages and source is None and len(rest) > 1:
        # The source stands next to the age, on the same line or the one above.
        age = ages[0]
        strong = [n for n in rest if card[n].level or (card[n].url is not None and card[n].strong)]
        near = [
            n
            for n in (age - 1, age + 1)
            if n in rest and len(texts[n]) <= MAX_SOURCE and n not in strong[:1]
        ]
        same_line = [n for n in near if card[n].line == card[age].line]
        if near:
            chosen = (same_line or near)[0]
            left = [n for n in rest if n != chosen]
            if any(is_long_enough(texts[n]) for n in left):
                source, rest = texts[chosen], left
    title = _choose_title(card, rest)
    if title is None:
        return None
    if source is None:
        short = [
            n
            for n in rest
            if n != title and len(texts[n]) <= MAX_SOURCE and not _SENTENCE_END.search(texts[n])
        ]
        source = texts[short[0]] if short else None
    named = texts[title].lstrip("-–—•* ")
    aged = texts[ages[0]] if ages else None
    return Related(
        title=one_line(named),
        source=one_line(source, 120) if source else None,
        age=one_line(aged, 60) if aged else None,
        url=card[title].url or url or None,
    )


def _choose_title(card: list[_Token], rest: list[int]) -> int | None:
    for sign in (
        lambda token: token.level,
        lambda token: token.url is not None and token.strong,
        lambda token: token.url is not None,
        lambda token: token.strong,
        lambda token: True,
    ):
        chosen = [number for number in rest if sign(card[number])]
        long = [number for number in chosen if is_long_enough(card[number].text)]
        if long:
            return max(long, key=lambda number: len(card[number].text))
    return rest[0] if rest else None
