"""Labelled sections around an article: hashtags, comments, related articles, promotions.

The same rules read lines of plain text, of a Markdown file and of a page, whatever markup a page
gives them: a label stands alone on a line, and the content below belongs to it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Final

from reader.extract.content.ages import AGE, RELATIVE_AGE, is_age, may_be_relative, may_hold_age
from reader.extract.content.related_cards import (
    MAX_RELATED,
    TURNING,
    merge_related,
    parse_related,
    split_tokens,
)
from reader.extract.content.section_labels import (
    SectionKind,
    is_advertisement,
    is_ambiguous,
    is_certain,
    is_control_row,
    is_legal,
    is_mailing_offer,
    label_kind,
    may_be_controls,
    names_ai,
)
from reader.extract.content.section_lines import (
    EDGES,
    MAX_TAG,
    SENTENCE_END,
    Line,
    bold_lead,
    is_card_line,
    is_long_enough,
    is_notice,
    is_text_line,
    parse_hashtags,
    parse_tag_names,
    without_counts,
)
from reader.extract.content.source_lists import is_source_heading, leads_elsewhere
from reader.model.article import Related
from reader.model.text import clean_tag

MIN_ARTICLE: Final = 400
"""Bytes of running text that must remain, else the sections are the page itself."""
MAX_REMOVED: Final = 5
"""Running text of labelled sections, as a multiple of an article of short paragraphs."""
MIN_BRIEF: Final = 150
"""The same on a page with labelled sections of several kinds, such as hashtags and comments."""
CERTAIN_KINDS: Final = 3
"""Kinds of labelled sections from which a page surely has an article among them."""
MIN_UNLABELLED: Final = 1_500
"""Bytes of running text from which an unlabelled list is a side matter."""
MAX_TAG_LINE: Final = 200
"""Characters of the longest line with a label and tags."""
MAX_LOOK_AHEAD: Final = 400
"""Lines that are looked at for the shape of a list, so that many labels cost no more."""
MAX_INLINE_LABEL: Final = 40
"""Characters of the longest label of a section."""
MAX_FLAT_LIST: Final = 24
"""Lines of the longest list of articles without ages that has no container."""
MAX_PLAIN_LINES: Final = 8
"""Lines of a card in a row that are neither linked, dated nor set off."""
MAX_CARD_LINES: Final = 60
"""Lines of the longest related article that a page shows whole, up to the next one's age."""
MAX_GAP: Final = 5
"""Lines between two sections below the article that belong to them: a label, an offer, buttons."""
MAX_GAP_LINE: Final = 120
"""Characters of the longest of these lines; running text is longer."""
MAX_GAP_SENTENCE: Final = 80
"""Characters of the longest sentence among these lines; longer ones end the article."""
MAX_PROMOTION: Final = 400
"""Bytes of running text in the largest promotion."""


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


@dataclass(slots=True)
class _CardRun:
    """The cards below the label at `at`, as far as their lines were read.

    They reach up to `end`, at most to `bound`. `alternates` says that titles and texts take turns.
    `heads` counts lines that may begin a card, `titles` long ones since the last text, `teasers`
    texts, `plain` lines in a row that nothing sets off. The present card has `texts` paragraphs, the
    longest of the others `longest`. A run is sure once a line has an age or is
    a linked title. The present card may have an age (`is_aged`) and a text (`is_teased`);
    `is_whole` says that articles are shown with several paragraphs each.
    """

    at: int
    bound: int
    boxed: bool
    alternates: bool
    end: int
    heads: int = 0
    titles: int = 0
    teasers: int = 0
    ages: int = 0
    plain: int = 0
    texts: int = 0
    longest: int = 0
    first_head: int = 0
    last_head: int = 0
    first_teaser: int = 0
    has_links: bool = False
    is_sure: bool = False
    is_aged: bool = False
    is_teased: bool = False
    is_whole: bool = False

    @property
    def has_ages(self) -> bool:
        """Return whether any card has an age."""
        return self.ages > 0


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
        self.cards = {
            number for number, line in enumerate(lines) if line.prose and is_card_line(line)
        }
        self.prose = [
            0 if number in self.cards else line.prose for number, line in enumerate(lines)
        ]
        self.sums = [0]
        for size in self.prose:
            self.sums.append(self.sums[-1] + size)
        self.text_sums: list[int] = []
        self._ages: dict[int, list[str]] = {}
        self.kinds = [self._kind(line) for line in lines]
        seen = Counter(line.text for line, kind in zip(lines, self.kinds, strict=True) if kind)
        for number, line in enumerate(lines):
            # A word that comes again and again is a badge of what stands beside it.
            if (
                self.kinds[number] in (SectionKind.RELATED, SectionKind.TAGS)
                and seen[line.text] > 3
            ):
                self.kinds[number] = None
        self.title = next((at for at, line in enumerate(lines) if line.is_title), 0)
        """The number of the title's line, 0 if there is none: text above it is not the article's."""
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
            hashtags = parse_hashtags(self.lines[at].text)
            if hashtags and kind is None:
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
        least = self._shortest_article()
        if not self.elsewhere and rest < least and rest <= self.removed:
            # Short paragraphs are text, too.
            taken = self.result.lines()
            texts = [line for at, line in enumerate(self.lines) if at not in taken]
            text = sum(
                len(line.text.encode()) for line in texts if line.prose or is_text_line(line)
            )
            if text < least or MAX_REMOVED * text <= self.removed:
                return Sections(prose=total)
        self.result.prose = rest
        self.result.related = merge_related(self.result.related)[:MAX_RELATED]
        self.result.tags = list(dict.fromkeys(self.result.tags))
        return self.result

    def _shortest_article(self) -> int:
        """Return the bytes of text from which the lines outside of sections can be an article."""
        if not self.is_page:
            return 1
        kinds = {section.kind for section in self.result.found}
        return MIN_BRIEF if len(kinds) >= CERTAIN_KINDS else MIN_ARTICLE

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
        if (
            0 < len(gap) <= MAX_GAP
            and all(
                len(line.text) <= MAX_GAP_LINE and not line.is_title and not line.is_literal
                for line in gap
            )
            and not any(is_text_line(line) and len(line.text) > MAX_GAP_SENTENCE for line in gap)
        ):
            self._add(SectionKind.PROMOTION, start, end)

    def _label_above(self, at: int) -> int:
        """Return the number of the heading right above a line of hashtags, or of that line."""
        line = self.lines[at - 1] if at else None
        if (
            line is None
            or not (line.level or line.strong or (line.after_gap and not self.is_page))
            or SENTENCE_END.search(line.text)
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
        if line.is_literal or line.is_title or line.is_callout:
            return None
        if is_legal(line.text):
            return SectionKind.PROMOTION
        if 10 * line.linked >= 8 * len(line.text) and not line.level and not line.strong:
            return None
        if not line.level and _is_row_of_controls(line):
            return SectionKind.PROMOTION
        if not line.is_item and is_mailing_offer(line.text):
            return SectionKind.PROMOTION
        if len(line.text) > 64:
            return None
        kind = label_kind(line.text.lstrip("#"))
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
        if not line.strong and self._is_over(at) and (lead := bold_lead(line)) is not None:
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
            linked = (clean_tag(part.text) for part in line.parts if part.url is not None)
            names = without_counts([name for name in linked if name])
            return (kind, names) if names and max(map(len, names)) <= MAX_TAG else None
        if kind in (SectionKind.COMMENTS, SectionKind.PROMOTION) and label_kind(rest) is kind:
            return kind, []
        return None

    def _prose_in(self, start: int, end: int) -> int:
        return self.sums[end] - self.sums[start]

    def _before(self, at: int) -> int:
        """Bytes of running text above a line that no section took; sections come in order."""
        return self.sums[at] - self.removed

    def _has_text_before(self, at: int) -> bool:
        """Return whether an article of some short paragraphs stands above a line."""
        if self._before(at) >= MIN_ARTICLE:
            return True
        if not self.text_sums:
            sizes = (
                len(line.text.encode()) if line.prose or is_text_line(line) else 0
                for line in self.lines
            )
            self.text_sums = [0, *accumulate(sizes)]
        return self.text_sums[at] - self.removed >= MIN_ARTICLE

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
                if self.elsewhere or (inside <= outside and outside >= MIN_ARTICLE):
                    return True
                # Three articles in full are longer than the one they are related to.
                return outside >= MIN_UNLABELLED and self._has_cards(region)

    def _has_cards(self, region: Region) -> bool:
        """Return whether a container has ages of two articles or more."""
        lines = range(region.first, region.last)
        return sum(not self.prose[at] and self._is_aged(at, RELATIVE_AGE) for at in lines) > 1

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
            if len(line.text) > MAX_TAG_LINE or SENTENCE_END.search(line.text):
                break
            if (
                not is_hashtag
                and not is_linked
                and max(map(len, parse_tag_names(line.text)), default=99) > MAX_TAG
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
            return following if is_notice(self.lines[at].text) else None
        if following < bound and boxed and self.prose[following] and not self._is_over(at):
            return None
        if is_ambiguous(self.lines[at].text) and (
            (following < bound and self.prose[following]) or self._is_chapter(at)
        ):
            return None
        if boxed:
            return self._until_label(at, bound)
        end = following
        while end < bound and self.kinds[end] is SectionKind.COMMENTS:
            end += 1
        if any(is_notice(self.lines[number].text) for number in range(at, end)):
            return end
        if self.discussion or not (at < self.title or self._has_text_before(at)):
            return end
        while end < bound and self.kinds[end] in (None, SectionKind.COMMENTS):
            if self.lines[end].is_title:
                break
            end += 1
        return end

    def _is_chapter(self, at: int) -> bool:
        """Return whether a heading of a lower level and running text follow a heading."""
        label, *below = self.lines[at : at + 3]
        return (
            len(below) == 2
            and 0 < label.level < below[0].level
            and self.kinds[at + 1] is None
            and is_text_line(below[1])
        )

    def _end_of_promotion(self, at: int, bound: int, *, boxed: bool) -> int | None:
        if is_advertisement(self.lines[at].text) or _is_row_of_controls(self.lines[at]):
            return at + 1
        if is_mailing_offer(self.lines[at].text) and not boxed:
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
        is_described = self._is_described(at)
        end = at + 2 if is_described else at + 1
        if (
            not is_described
            and end < len(self.lines)
            and self.kinds[end] is not SectionKind.PROMOTION
            and (self.prose[end] or is_text_line(self.lines[end]))
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

    def _is_described(self, at: int) -> bool:
        """Return whether one paragraph on artificial intelligence follows an offer of it."""
        below, after = at + 1, at + 2
        if below == len(self.lines) or self.kinds[below] is not None:
            return False
        text = self.lines[below].text
        if len(text) > MAX_PROMOTION or not (names_ai(self.lines[at].text) and names_ai(text)):
            return False
        # A chapter about such an offer has more than one paragraph.
        is_last = after == len(self.lines) or self.kinds[after] is not None
        return is_last or not self.prose[after]

    def _until_label(self, at: int, bound: int) -> int:
        """Return the end of a container, or where another section begins in it."""
        is_complete = is_mailing_offer(self.lines[at].text) or any(
            is_notice(line.text) for line in self.lines[at : min(at + 3, bound)]
        )
        for number in range(at + 1, bound):
            line, kind = self.lines[number], self.kinds[number]
            if kind in (None, self.kinds[at]):
                continue
            if not is_certain(line.text) and not (
                kind is SectionKind.RELATED and self._next_card(number, bound)
            ):
                continue
            if line.level or line.strong or is_complete:
                return number
            if kind is not SectionKind.PROMOTION and self._begins_box(number):
                return number
        return bound

    def _begins_box(self, at: int) -> bool:
        """Return whether a line is the first of several in a container."""
        begins, _ = self._bounds(at)
        return any(region.last > at + 1 for region in begins)

    def _end_of_related(self, at: int, bound: int, *, boxed: bool) -> int | None:
        """Return the line after the last card: two paragraphs in a row belong to the article."""
        run = _CardRun(at, bound, boxed, self._alternates(at, bound), end=at + 1)
        for number in range(at + 1, bound):
            line, kind = self.lines[number], self.kinds[number]
            if run.has_ages and kind is SectionKind.PROMOTION and self._next_card(number, bound):
                # A button of a card.
                continue
            if TURNING.fullmatch(line.text):
                continue
            if line.is_title or kind not in (None, SectionKind.RELATED):
                break
            if not run.heads and parse_hashtags(line.text):
                break
            is_text = self.prose[number] or (is_text_line(line) and number not in self.cards)
            goes_on = self._add_text(run, number) if is_text else self._add_line(run, number)
            if not goes_on:
                break
        self._leave_text_to_article(run)
        return run.end if self._are_articles(run) else None

    def _add_text(self, run: _CardRun, number: int) -> bool:
        """Add a paragraph to the cards. Returns False where the article continues instead."""
        if run.is_teased and (
            run.has_ages or self._shares_box(run.last_head, number, run.at, aged=True)
        ):
            is_between = self._next_card(number, run.bound)
            run.texts += 1
            if is_between or self._shares_box(run.last_head, number, run.at):
                run.is_whole = run.is_whole or is_between
                run.titles = 0
                run.end = number + 1
                return True
            if run.is_whole and self._ends_card(run, number):
                run.end = number + 1
                return True
        if not run.heads or run.is_teased:
            # Two paragraphs in a row: the first was the article's where no card claims it.
            run.end -= run.is_teased and not run.is_aged
            return False
        is_doubtful = run.is_sure or not (run.boxed or self._is_over(run.at))
        if not run.is_aged and run.titles > 1 + run.boxed and is_doubtful:
            # A list of titles alone is over where a paragraph follows.
            return False
        run.is_teased = True
        run.titles = 0
        run.texts = 1
        run.teasers += 1
        run.first_teaser = run.first_teaser or number
        run.end = number + 1
        return True

    def _ends_card(self, run: _CardRun, number: int) -> bool:
        """Return whether a further paragraph is the end of the last card, not of the article."""
        return (
            not self._text_goes_on(number, run.bound, run.texts, run.longest)
            and (run.boxed or number < self.title or self._has_text_before(run.at))
            and self._is_in_list(run.first_head, run.last_head, number)
            and not self._shares_box(run.first_head, run.first_teaser, run.at)
        )

    def _add_line(self, run: _CardRun, number: int) -> bool:
        """Add a short line to the cards. Returns False where something else begins."""
        line, is_aged = self.lines[number], self._is_aged(number)
        if line.linked or is_aged or line.level or line.strong:
            run.plain = 0
        elif self.is_page:
            run.plain += 1
            if run.plain > MAX_PLAIN_LINES:
                # Short paragraphs of an article, in a script that says much in few bytes.
                run.end = number - run.plain + 1
                return False
        if (line.level or line.strong) and not line.linked and self._is_next_label(run, number):
            return False
        is_title = is_long_enough(line.text)
        is_head = is_aged or is_title or line.linked > 0
        if is_head or run.alternates or run.boxed:
            is_link = line.linked > 0 and is_title
            run.longest, run.texts = max(run.longest, run.texts), 0
            run.heads += 1
            run.first_head = run.first_head or number
            run.titles += is_title
            run.ages += is_aged
            run.last_head = number if is_head else run.last_head
            run.has_links = run.has_links or is_link
            run.is_sure = run.is_sure or is_aged or is_link
            run.is_aged = is_aged or (run.is_aged and not run.is_teased)
            run.is_teased = False
        run.end = number + 1
        return True

    def _is_next_label(self, run: _CardRun, number: int) -> bool:
        """Return whether a heading begins something else, and is not the title of a card."""
        line, label = self.lines[number], self.lines[run.at]
        if run.has_links and label.level and line.level == label.level:
            # The titles of the list are links, and this is a label like its own.
            return True
        return (
            (run.is_sure or not (run.alternates or run.boxed))
            and not self._has_age_near(number, run.bound)
            and (not label.level or not line.level or line.level <= label.level)
        )

    def _leave_text_to_article(self, run: _CardRun) -> None:
        """Let the cards end before their only text if the article may continue there."""
        if run.teasers != 1:
            return
        if run.is_sure and not (run.has_ages or run.boxed or run.alternates):
            # A single paragraph after links may as well be where the article goes on.
            run.end = min(run.end, run.first_teaser)
        if run.end != run.first_teaser + 1:
            return
        continues = not self._is_over(run.at) and self._before(run.at) >= MIN_ARTICLE
        is_apart = run.ages > 1 and not self._is_in_list(
            run.first_head, run.last_head, run.first_teaser
        )
        if is_apart if run.boxed else run.ages > 1 or continues:
            # Only the last of several cards seems to have a text: the article goes on.
            run.end = run.first_teaser

    def _are_articles(self, run: _CardRun) -> bool:
        """Return whether the lines from a label to the end of its cards name related articles."""
        at, end = run.at, run.end
        if not run.boxed and self.is_page and not run.has_ages and end - at > MAX_FLAT_LIST:
            return False
        if end == at + 1:
            return self._before(at) > 0 and (end >= len(self.lines) or not self.prose[end])
        if not run.has_ages and is_source_heading(self.lines[at].text):
            links = [line.url for line in self.lines[at + 1 : end] if line.url is not None]
            if 2 * len(links) >= end - at - 1 and leads_elsewhere(links, self.host):
                return False
        if self.is_page and not run.is_sure and not (run.boxed and run.teasers):
            # Plain lines, neither linked nor dated: "Recommended: 8 GB of memory".
            return False
        return bool(parse_related(self.lines[at + 1 : end]))

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

    def _shares_box(self, head: int, number: int, at: int, *, aged: bool = False) -> bool:
        """Return whether a container below a label holds a card's title and a later line.

        With `aged` it must hold an age below that line, too.
        """
        region: Region | None = self.regions[number]
        while region is not None and region.first > head:
            region = region.parent
        if region is None or region.first <= at:
            return False
        last = min(region.last, number + MAX_CARD_LINES)
        return not aged or any(self._is_aged(one) for one in range(number + 1, last))

    def _text_goes_on(self, at: int, bound: int, texts: int, longest: int) -> bool:
        """Return whether more paragraphs follow than a related article has: those of the page.

        `texts` are those of the last article so far, `longest` the most of the others.
        """
        if texts <= longest:
            return False
        most = 2 * longest + 2
        for number in range(at, min(bound, at + MAX_CARD_LINES)):
            if self.kinds[number] is not None or self.lines[number].is_title:
                return False
            texts += self.prose[number] > 0
            if texts > most:
                return True
        return False

    def _is_in_list(self, first: int, last: int, number: int) -> bool:
        """Return whether the container of the first and the last card's title holds a line."""
        region = self.regions[last]
        while region.first > first and region.parent is not None:
            region = region.parent
        return number < region.last

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
        if len(line.text) > 300:
            return False
        if not may_hold_age(line.text):
            # Words that only styles set apart: "Evening PostyesterdayFerry returns".
            is_mixed = 0 < line.linked < len(line.text)
            return is_mixed and any(is_age(part.text.strip(EDGES)) for part in line.parts)
        if pattern is RELATIVE_AGE and not may_be_relative(line.text):
            return False
        return any(map(pattern.fullmatch, self._ages_in(number)))

    def _ages_in(self, number: int) -> list[str]:
        """Return the ages in a line, which are looked for up to three times."""
        found = self._ages.get(number)
        if found is None:
            tokens = split_tokens(self.lines[number], number)
            found = self._ages[number] = [token.text for token in tokens if token.is_age]
        return found

    def _has_age_near(self, number: int, bound: int) -> bool:
        near = range(max(0, number - 3), min(bound, number + 4))
        return any(not self.prose[one] and self._is_aged(one) for one in near)

    def _tags(self, start: int, end: int) -> list[str]:
        """Return the hashtags, or the names of tags, in lines below a label."""
        hashtags: list[str] = []
        words: list[str] = []
        for line in self.lines[start:end]:
            if found := parse_hashtags(line.text):
                hashtags += found
            else:
                linked = [part.text for part in line.parts if part.url is not None]
                words += linked or parse_tag_names(line.text)
        tidy = [name for name in map(clean_tag, words) if any(map(str.isalpha, name))]
        names = [name for name in tidy if len(name) <= MAX_TAG]
        return [*hashtags, *without_counts(names)]

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
            and not SENTENCE_END.search(self.lines[start - 1].text)
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


def _is_row_of_controls(line: Line) -> bool:
    """Return whether a line is a row of buttons, also with nothing between them."""
    return may_be_controls(line.text) and is_control_row(part.text for part in line.parts)
