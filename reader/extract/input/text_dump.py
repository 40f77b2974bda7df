"""The text of a whole page, as copied or dumped: its article, without what the page had around it.

A dump has no elements to go by: labels on lines of their own tell where the article ends, and
which list begins.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reader.extract.content.related_links import AGE, HEADING, MAX_RELATED, TAG, TAG_HEADING
from reader.extract.input.plaintext import Paragraph, ParagraphKind
from reader.model.article import Related
from reader.model.text import clean_tag, one_line
from reader.model.urls import is_web_url

MAX_LABEL: Final = 60
"""Characters of the longest line that can be a label."""
MIN_PROSE: Final = 140
"""Characters from which a line is running text."""

_COMMENTS: Final = re.compile(
    r"(?:\d+ )?(?:comments?|responses|replies|kommentare?|commentaires?|comentarios|comentários|commenti|评论|評論|コメント)"
    r"(?: \(?\d+\)?)?|no comments(?: yet)?|leave a (?:comment|reply)|post a comment|join the (?:conversation|discussion)"
    r"|(?:add|write) a comment|be the first to comment|what do you think|noch keine kommentare|sign in to comment",
    re.I,
)
_PROMOTION: Final = re.compile(
    r"(?:advertisement|sponsored(?: content)?|ad|anzeige|werbung|publicité|publicidad|pubblicità|promoted)"
    r"|(?:share|share (?:this|on|via|to)\b.{0,40}|tweet|follow us\b.{0,40}|teilen|print this|copy link)"
    r"|(?:subscribe|sign up|sign in|log in|register|join)(?: (?:now|today|here|free|for|to|up|our|us)\b.{0,50})?"
    r"|(?:get|download|try|use) (?:the|our)\b.{0,50}|(?:explore|discover|see) what .{0,40} can do\b.{0,20}"
    r"|(?:our )?newsletters?(?: sign-?up)?|get .{0,40} in your inbox|we value your privacy|(?:accept|manage) (?:all )?cookies|cookie settings"
    r"|(?:about us|contact us|privacy policy|terms (?:of (?:use|service)|and conditions)|all rights reserved|back to top)"
    r"|(?:©|copyright|\(c\)) .{0,50}|by continuing.{0,50}|read (?:the )?(?:full|original) (?:story|article).{0,30}",
    re.I,
)
_READ_ON: Final = re.compile(
    r"(?:read (?:more|also|next)|see also|also read|related|more|lesen sie auch|lire aussi|à lire|leia também|leggi anche|lea también): \S.{8,160}",
    re.I,
)
_EDGES: Final = " \t:–—|•·»›…!.-"
_SENTENCE_END: Final = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


class SectionKind(StrEnum):
    """What a line of its own says that follows."""

    TAGS = "tags"
    COMMENTS = "comments"
    RELATED = "related"
    PROMOTION = "promotion"


@dataclass(frozen=True, slots=True)
class TextDump:
    """The article's paragraphs, and what stood around them."""

    article: list[Paragraph]
    related: tuple[Related, ...]
    tags: tuple[str, ...]


def split_sections(text: Sequence[Paragraph]) -> TextDump:
    """Split a text into its article, related articles and hashtags. Linear.

    A label counts as the article's end only where no more running text follows it than stands
    before; else only the lines that belong to the label are left out.
    """
    lines = [paragraph for paragraph in text if paragraph.text.strip()]
    labels = [detect_section(paragraph) for paragraph in lines]
    prose = [_is_prose(paragraph) * len(paragraph.text) for paragraph in lines]
    article: list[Paragraph] = []
    beside: list[Related] = []
    tags: list[str] = []
    at, before, after = 0, 0, sum(prose)
    while at < len(lines):
        label = labels[at]
        if _parse_hashtags(lines[at].text):
            tags += _parse_hashtags(lines[at].text)
            at += 1
        elif label is None or (label is SectionKind.TAGS and not _starts_list(labels, prose, at)):
            article.append(lines[at])
            before, after, at = before + prose[at], after - prose[at], at + 1
        else:
            over = before > 0 and (after <= before or _starts_discussion(labels, prose, at, before))
            end = _section_end(lines, labels, prose, at, over=over)
            if label is SectionKind.RELATED:
                beside += parse_related(lines[at + 1 : end])
            elif label is SectionKind.TAGS:
                tags += _parse_tag_list(lines[at + 1 : end])
            after -= sum(prose[at:end])
            at = end
    return TextDump(article, tuple(dict.fromkeys(beside))[:MAX_RELATED], tuple(dict.fromkeys(tags)))


def detect_section(paragraph: Paragraph) -> SectionKind | None:
    """What a line announces, or `None` where it is text."""
    text = paragraph.text.strip(_EDGES)
    if _READ_ON.fullmatch(text) and not _SENTENCE_END.search(paragraph.text):
        return SectionKind.PROMOTION
    if len(text) > MAX_LABEL or paragraph.kind in (ParagraphKind.CODE, ParagraphKind.VERSE):
        return None
    for label, pattern in (
        (SectionKind.TAGS, TAG_HEADING),
        (SectionKind.COMMENTS, _COMMENTS),
        (SectionKind.RELATED, HEADING),
        (SectionKind.PROMOTION, _PROMOTION),
    ):
        if pattern.fullmatch(text):
            return label
    return None


def _is_prose(paragraph: Paragraph) -> bool:
    return paragraph.kind is not ParagraphKind.CODE and len(paragraph.text.encode()) > MIN_PROSE


def _starts_list(labels: Sequence[SectionKind | None], prose: Sequence[int], at: int) -> bool:
    """Whether a word like "Topics" is a label: another one, a list, or nothing follows it."""
    return at + 1 == len(labels) or not prose[at + 1]


def _starts_discussion(
    labels: Sequence[SectionKind | None], prose: Sequence[int], at: int, before: int
) -> bool:
    """Whether comments begin, which may be longer than the article: under a name, not as text."""
    return labels[at] is SectionKind.COMMENTS and before >= 500 and _starts_list(labels, prose, at)


def _section_end(
    lines: Sequence[Paragraph],
    labels: Sequence[SectionKind | None],
    prose: Sequence[int],
    at: int,
    *,
    over: bool,
) -> int:
    """Where what a label announces is over: at the next label, or where the article goes on.

    Once the article is over, a list or a discussion goes on to the next label or the end.
    """
    end = at + 1
    while end < len(lines) and labels[end] in (None, labels[at]):
        if not over and prose[end]:
            # A teaser stands alone among short lines; two paragraphs in a row are the article.
            goes_on = end + 1 < len(lines) and prose[end + 1] and not _is_teaser(lines, at, end)
            if labels[at] is not SectionKind.RELATED or goes_on:
                break
        end += 1
    return end


def _is_teaser(lines: Sequence[Paragraph], at: int, number: int) -> bool:
    """Whether running text belongs to a listed article: its age stands a few lines above."""
    return any(
        AGE.fullmatch(one_line(line.text)) for line in lines[max(at + 1, number - 4) : number]
    )


def _parse_hashtags(text: str) -> list[str]:
    words = text.replace(",", " ").split()
    if not words or not all(TAG.fullmatch(word) and not word[1:].isdigit() for word in words):
        return []
    return [name for word in words if (name := clean_tag(word))]


def _parse_tag_list(lines: Sequence[Paragraph]) -> Iterator[str]:
    for line in lines:
        if len(line.text) <= 200:
            for word in re.split(r"\s*[,;|•·\n]\s*|\s+(?=#)", line.text):
                if (name := clean_tag(word)) and len(name) <= 40:
                    yield name


def parse_related(lines: Sequence[Paragraph]) -> list[Related]:
    """The articles that a list names: each has a title, and a source, an age or an address about it."""
    found: list[Related] = []
    for group in _group_cards(lines):
        title, source, age, url = "", None, None, None
        for number, line in enumerate(group):
            text = one_line(line.text)
            if is_web_url(text):
                url = url or text
            elif AGE.fullmatch(text):
                age = age or text
                if number and source is None and not title:
                    source = one_line(group[number - 1].text)
            elif source and text.lstrip("-–— ") == source:
                continue
            elif number + 1 < len(group) and AGE.fullmatch(one_line(group[number + 1].text)):
                source = source or text
            elif not title:
                title = text
        if title:
            found.append(Related(title, source, age, url))
    return found


def _group_cards(lines: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """One group for each article: by the lines above ages, else by empty lines, else by line."""
    ages = [number for number, line in enumerate(lines) if AGE.fullmatch(one_line(line.text))]
    if ages:
        starts = [_card_start(lines, number) for number in ages]
    elif any(line.after_gap for line in lines[1:]):
        starts = [number for number, line in enumerate(lines) if line.after_gap or not number]
    else:
        return [[line] for line in lines if not _is_prose(line)]
    ends = [*starts[1:], len(lines)]
    return [list(lines[start:end]) for start, end in zip(starts, ends, strict=True) if end > start]


def _card_start(lines: Sequence[Paragraph], number: int) -> int:
    """Where the group of an age begins: at the source right above it, else at the age.

    A title may stand above its age, too: then the lines between have no other place.
    """
    start = number
    while start and number - start < 2 and (start == number or not lines[start].after_gap):
        above = lines[start - 1]
        if _is_prose(above) or AGE.fullmatch(one_line(above.text)):
            break
        start -= 1
    return start
