"""Related articles from the lines of a section: source, age, title and address of each card."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reader.extract.content.ages import (
    AGE_AT_END,
    AGE_AT_START,
    AGO_AT_END,
    DATE_AT_END,
    FULL_DATE,
    NAMED_AT_END,
    RELATIVE_AGE,
    WEEKDAY,
    is_age,
    may_hold_age,
)
from reader.extract.content.section_labels import (
    SectionKind,
    is_certain,
    label_kind,
)
from reader.extract.content.section_lines import (
    EDGES,
    MAX_PLAIN_SOURCE,
    MAX_SOURCE,
    SENTENCE_END,
    Line,
    Part,
    begins_with_title,
    is_card_line,
    is_long_enough,
    is_long_sentence,
    is_sentence,
    is_teaser_line,
    is_text_line,
)
from reader.model.article import Related
from reader.model.text import one_line
from reader.model.urls import is_web_url

MAX_RELATED: Final = 40
"""Related articles of one page; longer lists are archives."""
MAX_LINKED_SOURCE: Final = 25
"""Characters of the longest source with an age behind it and no sign between them."""
_NUMBERING: Final = re.compile(r"\(?\d{1,2}(?:\.\d{1,2})*[.):]?")
TURNING: Final = re.compile(
    r"(?:prev(?:ious)?|next|back|zurück|vor|weiter|nächste|précédent|suivant|anterior|siguiente|próximo|seguinte|indietro|precedente"
    r"|successivo|avanti|vorige|volgende|poprzedni|następny|назад|вперёд|вперед|далее|geri|ileri|önceki|sonraki|前へ|次へ|上一[个張张]|下一[个張张]|이전|다음|السابق|التالي)(?: (?:slide|page|item|story))?",
    re.I,
)
"""Buttons that turn the pages of a row of cards."""
_DATED_NAME: Final = re.compile(
    r"(?P<name>[^\W\d]\w*),? (?P<date>(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d?-\d\d?|\d{1,2}\.? [^\W\d]{3,12}\.? \d{4}).*)"
)
_FIELD: Final = re.compile(
    r"(?:source|published|title|date|author|quelle|datum|titel|autor|fuente|fecha|título|fonte|data|titolo|source|titre):?"
    r"|(?:by|von|par|por) [^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}|\d+ (?:comments?|kommentare?)|\d+ min(?:ute)?s? read",
    re.I,
)
"""Names of a card's fields, its author, and counts."""
_NUMBERED_TITLE: Final = re.compile(r"(?:\d{1,2}\.)*(?P<number>\d{1,2})[.)]? (?P<title>\S.*)")
_SPLIT: Final = re.compile(r"\s[|•·–—]\s|\s?[|•]\s?")
_CALL_NOW: Final = re.compile(
    r"(?:(?:apply|book|buy|call|donate|download|enrol|enroll|get(?: it| started)?|join|learn|listen|order|play|read|register"
    r"|reserve|shop|sign up|start|subscribe|try(?: it)?|watch)(?: \w+)?|online) now",
    re.I,
)
"""Buttons that end like an age: "Book now"."""


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


def split_tokens(line: Line, number: int, *, splits_lead: bool = False) -> list[_Token]:
    is_card = is_card_line(line)
    if splits_lead and line.prose and not is_card:
        lead = line.parts[0]
        title = _Token(lead.text, number, lead.url, line.level, lead.strong or line.level > 0)
        title.after_gap = line.after_gap
        return [title, _Token(line.text, number, is_prose=True)]
    if is_teaser_line(line) or ((line.prose or is_text_line(line)) and not is_card):
        return [_Token(line.text, number, line.url, is_prose=True, after_gap=line.after_gap)]
    found: list[_Token] = []
    for part in line.parts:
        text = part.text.strip(EDGES)
        if not any(map(str.isalnum, text)):
            continue
        if found and (
            (is_card and len(text) > MAX_PLAIN_SOURCE and part.url is None)
            or is_long_sentence(text)
        ):
            found.append(_Token(text, number, is_prose=True))
            continue
        pieces = [text] if part.url is not None or part.strong else _SPLIT.split(text)
        for piece in pieces:
            found += _split_age(piece.strip(EDGES), number, part, line.level)
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
    dated = DATE_AT_END.fullmatch(text)
    if dated and WEEKDAY.fullmatch(dated["rest"]):
        dated = None
    if dated is None and is_age(text):
        word, day = _split_name("", text)
        dates = [_Token(day, number, is_age=True)]
        return [_Token(word.strip(), number), *dates] if word else dates
    token = _Token(text, number, part.url, level, part.strong or level > 0)
    if level or len(text) > 240 or not may_hold_age(text) or _CALL_NOW.fullmatch(text):
        return [token]
    named = NAMED_AT_END.fullmatch(text)
    if named and is_age(named["age"]):
        token.text = named["title"].strip(EDGES)
        source = _Token(named["source"].strip(EDGES), number)
        return [source, _Token(named["age"], number, is_age=True), token]
    ends = dated or AGE_AT_END.fullmatch(text)
    longest = MAX_PLAIN_SOURCE if part.url is None else MAX_LINKED_SOURCE
    if ends and (
        AGO_AT_END.search(ends["age"])
        or re.search(r"[,|•·–—(-]\s*$", text[: ends.start("age")])
        or (not part.strong and len(ends["rest"]) <= longest and FULL_DATE.search(ends["age"]))
    ):
        rest, age = _split_name(ends["rest"], ends["age"])
        rest = rest.strip(EDGES + "(/")
        if rest and not (part.url is not None and len(rest) > MAX_SOURCE):
            token.text = rest
            return [token, _Token(age, number, is_age=True)]
    starts = AGE_AT_START.fullmatch(text)
    if starts:
        token.text = starts["rest"].strip(EDGES)
        return [_Token(starts["age"], number, is_age=True), token]
    return [token]


def _split_name(rest: str, age: str) -> tuple[str, str]:
    """Return source and date, if the last word of the source was taken for a weekday: "Post, 3/4/2026"."""
    age = age.rstrip(" )]")
    found = _DATED_NAME.fullmatch(age)
    if found is None or WEEKDAY.fullmatch(found["name"]):
        return rest, age
    return f"{rest} {found['name']}", found["date"]


def parse_related(lines: Sequence[Line]) -> list[Related]:
    """Return the articles that the lines name, with title, source, age and address."""
    texts = [line for line in lines if line.prose and not is_card_line(line)]
    has_leads = bool(texts) and all(map(begins_with_title, texts))
    tokens = [
        token
        for number, line in enumerate(lines)
        for token in split_tokens(line, number, splits_lead=has_leads)
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
    if (
        _NUMBERING.fullmatch(token.text)
        or TURNING.fullmatch(token.text)
        or (token.url is None and _FIELD.fullmatch(token.text))
    ):
        return True
    kind = label_kind(token.text)
    return kind is SectionKind.PROMOTION or (
        kind is not None and token.url is None and is_certain(token.text)
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
        linked = [n for n in rest if card[n].url is not None and is_long_enough(texts[n])]
        strong = [n for n in rest if card[n].level or (card[n].url is not None and card[n].strong)]
        titles = [n for n in strong if n in linked] or (linked if len(linked) == 1 else strong)
        near = [
            n
            for n in (age - 1, age + 1)
            if n in rest and len(texts[n]) <= MAX_SOURCE and n not in titles[:1]
        ]
        if not near and titles[:1] == [age - 1] and age - 2 in rest:
            # The title stands between its source and its age.
            near = [n for n in (age - 2,) if len(texts[n]) <= MAX_SOURCE]
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
            if n != title and len(texts[n]) <= MAX_SOURCE and not SENTENCE_END.search(texts[n])
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
        # A short sentence is the title only if no other text of the card can be.
        long = [number for number in long if not is_sentence(card[number].text)] or long
        if long:
            title = max(long, key=lambda number: len(card[number].text))
            return title if card[title].url else _linked_above(card, rest, title)
    return rest[0] if rest else None


def _linked_above(card: list[_Token], rest: list[int], title: int) -> int:
    """Return a longer linked text above a heading: the heading is that of the next section."""
    above = [n for n in rest if n < title and card[n].url and is_long_enough(card[n].text)]
    longest = max(above, key=lambda number: len(card[number].text), default=title)
    return longest if len(card[longest].text) > len(card[title].text) else title
