"""Lines of a page or a text, as the rules of labelled sections see them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from reader.extract.content.ages import AGE_AT_END, AGO_AT_END, FULL_DATE, is_age, may_hold_age
from reader.extract.content.section_labels import (
    SectionKind,
    is_certain,
    label_kind,
)
from reader.model.text import clean_tag

MIN_PROSE: Final = 140
"""Bytes of the shortest line that is running text; from the lines of the seed pages."""
MIN_SENTENCE: Final = 60
"""Letters of the shortest sentence that is text; a longer one than most titles."""
MIN_TEASER: Final = 80
"""Bytes of the shortest text of two sentences that is a teaser, not a title."""
MAX_SOURCE: Final = 60
"""Characters of the longest name of a source; teasers are longer."""
MAX_PLAIN_SOURCE: Final = 40
"""The same for text before a date that is not linked, which may be a sentence."""
MAX_TAG: Final = 40
"""Characters of the longest tag; longer names are sentences."""
MAX_LEAD: Final = 200
"""Characters of the longest title that stands in one line with its teaser."""
MAX_CARD: Final = 3_000
"""Characters of the longest card in one line."""
TAG_LETTER: Final = r"[\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e30-\u0e4e\u1000-\u109f\u1780-\u17ff\u200c\u200d-]"
"""A letter of a hashtag: vowel signs and marks of Indic and other scripts are none for `\\w`."""
HASHTAG: Final = re.compile(rf"#[^\W\d]{TAG_LETTER}*|#\d{TAG_LETTER}*[^\W\d]{TAG_LETTER}*")
_COUNTED: Final = re.compile(r"(.*[^\W\d_])(?:\d{1,5}|\s*\(\d{1,5}\))", re.S)
"""A tag's name with a number right behind it, or one in parentheses."""
SENTENCE_END: Final = re.compile(r"[.!?…。！？।۔؟][\"'”’»)\]]*$")
_NEXT_SENTENCE: Final = re.compile(r"[^\W\d]{3}[.!?…؟۔][\"'”’»)\]]* +[^\W\d_]|[。！？।].")
_FULL_STOP: Final = re.compile(r"[.…。।۔][\"'”’»)\]]*$")
_DENSE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
EDGES: Final = " \t\n:–—|•·»›>…,-"
_NO_COMMENTS: Final = re.compile(
    r"\bno\b|\bfirst\b|\bkein|\bnoch\b|\baucun|\bpas\b|\bsin\b|\bno hay|\bnessun|\bnenhum|\bgeen\b|\bbrak\b|нет|暂无|暫無|尚無|ありません|없습니다|belum|inga|ingen|\bei\b|yok|δεν υπάρχ|немає|لا توجد|אין|žádn|nincs|niciun|henüz|nenhum|ainda|还没有|還沒有|沒有|暂时|无评论|まだ|なし|없음|कोई|अभी|এখন|ยังไม่|chưa|هنوز|ابھی|لا يوجد|لم يتم|encara|няма|нема|nema|\bpole\b|\bnėra\b|zatiaľ|zatím|поки|пока",
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
    is_callout: bool = False
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


def bold_lead(line: Line) -> SectionKind | None:
    """Return the kind of a line that begins with a label in bold: "**Comments** None yet"."""
    if line.level or not line.parts[0].strong:
        return None
    label = line.parts[0].text
    kind = label_kind(label)
    rest = line.text[len(label) :].strip(EDGES)
    if parse_hashtags(rest):
        return SectionKind.TAGS
    if kind is SectionKind.COMMENTS and is_notice(rest):
        return kind
    return kind if kind is SectionKind.PROMOTION and is_certain(label) else None


def is_card_line(line: Line) -> bool:
    """Return whether a line of running text is a whole card: age, linked title, teaser."""
    if not line.linked or len(line.text) > MAX_CARD:
        return False
    parts = line.parts
    return (
        len(parts) > 2
        and any(is_age(part.text.strip(EDGES)) for part in parts)
        and any(part.url is not None and is_long_enough(part.text) for part in parts)
    )


def is_text_line(line: Line) -> bool:
    """Return whether a line reads like a sentence, though a short one."""
    return (
        text_length(line.text) > MIN_SENTENCE
        and 2 * line.linked < len(line.text)
        and not line.level
        and not line.strong
        and _FULL_STOP.search(line.text) is not None
    )


def text_length(text: str) -> int:
    """Return the letters that the text would have in a script with spaces, about.

    A character of Chinese, Japanese or Korean says as much as three letters.
    """
    if text.isascii():
        return len(text)
    return len(text) + 2 * len(_DENSE.findall(text))


def is_teaser_line(line: Line) -> bool:
    """Return whether a line is a sentence too long for a title, though it is a link or heading."""
    return is_long_sentence(line.text) and len(line.parts) < 2


def is_long_sentence(text: str) -> bool:
    size = len(text.encode())
    signs = (_FULL_STOP.search(text) is not None) + (_NEXT_SENTENCE.search(text) is not None)
    return signs > (size <= MIN_PROSE) and size > MIN_TEASER


def is_sentence(text: str) -> bool:
    """Return whether a text ends with a full stop, as few headlines do."""
    return _FULL_STOP.search(text) is not None


def is_notice(text: str) -> bool:
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
    text = text.strip(EDGES)
    if len(text) > 2 * MAX_SOURCE or not may_hold_age(text):
        return False
    found = AGE_AT_END.fullmatch(text)
    if found is None:
        return is_age(text)
    if AGO_AT_END.search(found["age"]):
        return True
    return len(found["rest"]) <= MAX_PLAIN_SOURCE and FULL_DATE.search(found["age"]) is not None


def parse_hashtags(text: str) -> list[str]:
    """Return the hashtags of a line that holds nothing else; empty for other lines."""
    if "#" not in text[:3] or len(text) > 2_000:
        return []
    words = text.replace(",", " ").replace("·", " ").replace("#", " #").split()
    if not words or not all(map(HASHTAG.fullmatch, words)):
        return []
    return [name for word in words if (name := clean_tag(word))]


def parse_tag_names(text: str) -> list[str]:
    return [word for word in re.split(r"\s*[,;|•·、，/]\s*|\s+(?=#)", text) if word]


def without_counts(names: Sequence[str]) -> list[str]:
    """Return tags without the numbers of their articles: "tides10" and "harbours (4)" of a cloud.

    Numbers are counts only where every name has one behind other words.
    """
    found = [_COUNTED.fullmatch(name) for name in names]
    words = [match[1] for match in found if match is not None]
    is_counted = 1 < len(names) == len(words) == len(set(words))
    return words if is_counted else list(names)


def begins_with_title(line: Line) -> bool:
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
