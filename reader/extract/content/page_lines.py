"""The lines of a page in reading order, and marks of its labelled sections."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from reader.extract import removals
from reader.extract.content.section_labels import label_kind
from reader.extract.content.section_lines import Line, Part
from reader.extract.content.sections import Region, Section, Sections, find_sections
from reader.extract.content.segmenter import SECTION
from reader.extract.content.source_lists import host_of
from reader.extract.dom import ElementIndex
from reader.model.urls import is_web_url

_INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark meter nobr output q"
    " rb rp rt ruby s samp small span strike strong sub sup time tt u var wbr slot".split()
)
_EMPHASIS: Final = frozenset(
    "em i u sub sup mark abbr cite q code font s del ins dfn var bdi bdo wbr small big".split()
)
_SILENT: Final = frozenset(
    "script style template noscript svg canvas select textarea input iframe object embed title meta link"
    " audio video datalist map area progress noframes head math".split()
)
_MEDIA: Final = frozenset("img picture video audio iframe object embed svg amp-img figure".split())
_INLINE_KIND, _BLOCK, _SILENT_KIND, _SILENT_MEDIA, _BREAK, _RULE, _IMAGE = range(7)
_KINDS: Final[dict[object, int]] = {
    **dict.fromkeys(_INLINE, _INLINE_KIND),
    "img": _IMAGE,
    **dict.fromkeys(_SILENT, _SILENT_KIND),
    **dict.fromkeys(_SILENT & _MEDIA, _SILENT_MEDIA),
    "br": _BREAK,
    "hr": _RULE,
}
"""The part of the walk that reads an element; all others are blocks."""
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_STRONG_BLOCKS: Final = frozenset("dt summary th legend button".split())
_HIDDEN: Final = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_BOLD: Final = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_CALLOUT: Final = re.compile(r"(?:^|\s)(?:admonition|theme-admonition|markdown-alert)(?:$|\s)")
"""Boxes of documentation whose titles are worded like labels: "See also"."""
_CALLOUT_PARTS: Final = ("admonition", "markdown-alert")
"""Parts of which each of these names has one."""
_DESCRIBING: Final = ("role", "aria-label", "data-href", "data-url")
"""Attributes that say more about a box than its element."""
_LETTERS: Final = re.compile(r"[^\W_]+")
SAMPLE: Final = 30
"""Letters of one sample of a text."""
MAX_SAMPLES: Final = 24
"""Samples of a text; each costs one search through the page."""
MAX_SIBLINGS: Final = 200
"""Siblings of an element that are looked at; of more only the nearest, which keeps it linear."""
MIN_ARTICLE_PARAGRAPHS: Final = 4
"""Paragraphs in a row from which they are an article and not the teasers of a front page."""
MAX_LINES: Final = 20_000
"""Lines of a page that are looked at; longer pages are lists or data."""
MAX_DEPTH: Final = 200
"""Levels of elements that are walked; the parser leaves 100."""
MAX_CARD_BOXES: Final = 4
"""Containers around a title that may be its card."""
MAX_CARD_LINES: Final = 12
"""Lines of the largest container that may be a card."""


@dataclass(slots=True, eq=False)
class _Box(Region):
    element: HtmlElement | None = None


@dataclass(slots=True)
class _Fragment:
    """One text node: `slot` is "text" or "tail" of its element."""

    element: HtmlElement
    slot: str
    text: str
    style: HtmlElement
    url: str | None
    strong: bool


@dataclass(slots=True)
class PageLines:
    """A page as lines, with the nodes and containers that they came from."""

    lines: list[Line] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    boxes: list[_Box] = field(default_factory=list)
    fragments: list[list[_Fragment]] = field(default_factory=list)
    media: list[tuple[int, HtmlElement]] = field(default_factory=list)
    base: str | None = None

    @property
    def host(self) -> str:
        """The host of the page, empty if unknown."""
        return host_of(self.base)

    @property
    def prose(self) -> int:
        """Bytes of running text."""
        return sum(line.prose for line in self.lines)

    def is_article(self) -> bool:
        """Return whether paragraphs in a row are at least half of the running text."""
        sizes = (line.prose for line in self.lines)
        runs = (list(run) for has_text, run in groupby(sizes, bool) if has_text)
        most = max((run for run in runs if len(run) >= MIN_ARTICLE_PARAGRAPHS), key=sum, default=[])
        return len(most) > 0 and 2 * sum(most) >= self.prose

    def letters_outside(self, numbers: Collection[int]) -> int:
        """Return the letters of the lines without those of the given numbers."""
        return sum(
            len(line.text) for number, line in enumerate(self.lines) if number not in numbers
        )

    def bytes_outside(self, numbers: Collection[int]) -> int:
        """Return the bytes of the lines without those of the given numbers."""
        return sum(
            len(line.text.encode())
            for number, line in enumerate(self.lines)
            if number not in numbers
        )

    def shows(self, text: str) -> bool:
        """Return whether the page has at least a third of a text, by samples of it."""
        shown = folded_letters("".join(line.text for line in self.lines))
        wanted = folded_letters(text)
        step = max(SAMPLE, len(wanted) // MAX_SAMPLES)
        samples = [wanted[at : at + SAMPLE] for at in range(0, len(wanted) - SAMPLE + 1, step)]
        return 3 * sum(sample in shown for sample in samples) >= max(1, len(samples))


def read_lines(
    root: HtmlElement,
    titles: Sequence[str],
    base: str | None,
    index: ElementIndex | None = None,
) -> PageLines:
    """Return the lines of a page. `index` is that of the page, if there is one. Linear."""
    return _Walker(base, titles).walk(index or ElementIndex(root))


def mark_sections(
    page: PageLines,
    *,
    has_text_elsewhere: bool = False,
    keeps_comments: bool = False,
    keeps_related: bool = False,
) -> Sections:
    """Find the labelled sections of a page and mark them in its tree.

    Boxes that hold only lines of sections get the attribute `SECTION`; lines of sections that
    share their box with others are taken out.
    """
    if len(page.lines) >= MAX_LINES:
        return Sections(prose=page.prose)
    found = find_sections(
        page.lines,
        page.regions,
        host=page.host,
        has_text_elsewhere=has_text_elsewhere,
        keeps_comments=keeps_comments,
        keeps_related=keeps_related,
    )
    unlinked = {one.title for one in found.related} - {
        line.text for line in page.lines if line.url is not None
    }
    around = _links_around(page, unlinked) if unlinked else {}
    found.related = [
        one if url is None else replace(one, url=_resolve(page.base, url))
        for one in found.related
        for url in [around.get(one.title, one.url)]
    ]
    numbers = found.lines()
    found.removed = [page.lines[number].text for number in sorted(numbers)]
    _mark(page, numbers, found.found)
    return found


def _links_around(page: PageLines, titles: Collection[str]) -> dict[str, str]:
    """Return the address of each title without a link: the only one in the card around it.

    Cards often have one link without words that covers them.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(page.lines):
        if line.text not in titles or line.text in found:
            continue
        box: Region | None = page.regions[number]
        for _ in range(MAX_CARD_BOXES):
            if not isinstance(box, _Box) or box.element is None or box.parent is None:
                break
            if box.last - box.first > MAX_CARD_LINES:
                break
            hrefs = {href for one in box.element.iter("a") if (href := _href(one.get("href")))}
            if hrefs:
                if len(hrefs) == 1:
                    found[line.text] = hrefs.pop()
                break
            box = box.parent
    return found


def drop_marked(root: HtmlElement) -> None:
    """Take the marked boxes out of a tree."""
    for element in root.xpath(f"//*[@{SECTION}]"):
        if element.getparent() is not None:
            element.drop_tree()


class _Walker:
    """Walks a tree once."""

    def __init__(self, base: str | None, titles: Sequence[str]) -> None:
        self._titles = {folded_letters(title) for title in titles if len(folded_letters(title)) > 3}
        self._initials = {title[0] for title in self._titles}
        self._shortest_title = min(map(len, self._titles), default=0)
        self._hidden: set[HtmlElement] = set()
        self._described: set[HtmlElement] = set()
        self._bold: set[HtmlElement] = set()
        self._callouts: set[HtmlElement] = set()
        self._page = PageLines(base=base)
        self._run: list[_Fragment] = []
        self._breaks = 0
        self._gap = True
        self._level = 0
        self._strong = False
        self._seen_h1 = False
        self._in_callout = False

    def walk(self, index: ElementIndex) -> PageLines:
        body = index.root.find(".//body")
        body = index.root if body is None else body
        self._hidden = {*filter(_is_hidden, index.with_attribute("hidden")), *index.styled(_HIDDEN)}
        self._callouts = {
            one
            for names, all_ in index.classes_with(*_CALLOUT_PARTS)
            if _CALLOUT.search(names)
            for one in all_
        }
        self._bold = set(index.styled(_BOLD))
        self._described = set(index.with_attribute(*_DESCRIBING))
        box = _Box(0, element=body)
        self._page.boxes.append(box)
        self._enter(body, box, body, None, False, 0)
        self._flush(box)
        box.last = len(self._page.lines)
        return self._page

    def _enter(
        self,
        element: HtmlElement,
        box: _Box,
        style: HtmlElement,
        url: str | None,
        strong: bool,
        depth: int,
    ) -> None:
        """Read what an element holds; `style` is the innermost one around it without emphasis."""
        # lxml makes a new string at each question for a text.
        if (text := element.text) and not text.isspace():
            self._run.append(_Fragment(element, "text", text, style, url, strong))
            self._breaks = 0
        for child in element:
            tag = child.tag
            kind = _KINDS.get(tag, _BLOCK)
            if kind <= _BLOCK:
                if not isinstance(tag, str) or depth > MAX_DEPTH or child in self._hidden:
                    pass
                elif kind == _BLOCK:
                    self._enter_block(child, tag, box, url, strong, depth)
                elif tag in _EMPHASIS:
                    self._enter(child, box, style, url, strong, depth + 1)
                else:
                    inner = _href(child.get("href")) if tag == "a" else None
                    self._enter(
                        child,
                        box,
                        child,
                        url if inner is None else inner,
                        strong or tag in ("b", "strong"),
                        depth + 1,
                    )
            elif kind != _SILENT_KIND:
                self._pass_by(child, kind, box)
            if tail := child.tail:
                if not tail.isspace():
                    self._run.append(_Fragment(child, "tail", tail, style, url, strong))
                    self._breaks = 0
                elif self._run:
                    self._run[-1].text += " "

    def _pass_by(self, child: HtmlElement, kind: int, box: _Box) -> None:
        """Note an element without words: a picture or a break."""
        if kind == _SILENT_MEDIA:
            self._page.media.append((len(self._page.lines), child))
        elif kind == _IMAGE:
            self._page.media.append((len(self._page.lines) + bool(self._run), child))
        else:
            if self._run:
                self._flush(box)
            if kind == _RULE:
                self._gap = True
            else:
                self._breaks += 1
                self._gap = self._gap or self._breaks > 1

    def _enter_block(
        self, child: HtmlElement, tag: str, box: _Box, url: str | None, strong: bool, depth: int
    ) -> None:
        if self._run:
            self._flush(box)
        if tag == "pre":
            self._add_literal(child, box)
            return
        if "-" in tag and not tag.startswith(("amp-", "mjx-")) and _stands_alone(child):
            # Sites style elements of their own as boxes; later stages know the standard's only.
            child.tag = "div"
        level, was_strong, was_callout = self._level, self._strong, self._in_callout
        self._in_callout = was_callout or child in self._callouts
        self._level = _HEADINGS.get(tag, 0) or level
        self._strong = tag in _STRONG_BLOCKS or child in self._bold or was_strong
        inner = _Box(len(self._page.lines), parent=box, element=child)
        self._page.boxes.append(inner)
        if child in self._described:
            self._level = _HEADINGS.get(tag, 0) or _aria_level(child) or level
            data_url = _href(child.get("data-href") or child.get("data-url"))
            url = url if data_url is None else data_url
            if (label := child.get("aria-label")) and label_kind(label) is not None:
                self._add_label(label, inner)
        self._enter(child, inner, child, url, strong, depth + 1)
        if self._run:
            self._flush(inner)
        inner.last = len(self._page.lines)
        self._level, self._strong, self._in_callout = level, was_strong, was_callout

    def _add_label(self, label: str, box: _Box) -> None:
        """Add a label that is read out but not shown."""
        text = " ".join(label.split())
        self._page.lines.append(Line(text, after_gap=self._gap, level=2))
        self._page.regions.append(box)
        self._page.fragments.append([])

    def _add_literal(self, element: HtmlElement, box: _Box) -> None:
        text = " ".join("".join(element.itertext()).split())
        if text:
            self._page.lines.append(Line(text[:4_000], is_literal=True, after_gap=self._gap))
            self._page.regions.append(box)
            self._page.fragments.append([])
            self._gap = False

    def _flush(self, box: _Box) -> None:
        run, self._run = self._run, []
        if not run:
            return
        joined = run[0].text if len(run) == 1 else "".join([one.text for one in run])
        text = " ".join((joined.replace("\xad", "") if "\xad" in joined else joined).split())
        if not text:
            return
        url = None
        linked = 0
        strong = True
        for one in run:
            if one.url is not None:
                url = one.url if url is None else url
                linked += len(" ".join(one.text.split()))
            strong = strong and (one.strong or one.text.isspace())
        line = Line(
            text,
            partial(_parts, run),
            self._gap,
            self._level,
            self._strong or strong,
            min(linked, len(text)),
            url=url,
        )
        if self._titles and self._shortest_title <= len(text) <= 300:
            first = _LETTERS.search(text)
            # Most lines differ from all titles in their first letter.
            if first is not None and first[0][0].casefold()[:1] in self._initials:
                line.is_title = folded_letters(text) in self._titles
        if box.element is not None and box.element.tag in ("li", "td", "dd"):
            line.is_item = True
        line.is_callout = self._in_callout
        if self._level == 1 and not self._seen_h1:
            line.is_title = self._seen_h1 = True
        self._page.lines.append(line)
        self._page.regions.append(box)
        self._page.fragments.append(run)
        self._gap = False


def _resolve(base: str | None, href: str) -> str | None:
    """Return the address of a link, None if it is not one of the web."""
    try:
        found = urljoin(base or "", href)
    except ValueError:
        return None
    return found if is_web_url(found) else None


def _href(href: str | None) -> str | None:
    """Return the address of a link as written, None for those that stay on the page."""
    href = (href or "").strip()
    return None if not href or href.startswith(("#", "javascript:", "mailto:")) else href


def _parts(run: Sequence[_Fragment]) -> list[Part]:
    """Return the runs of text of a line; the text nodes of one element form one run.

    Two elements of emphasis with nothing between them are two.
    """
    parts: list[Part] = []
    last: _Fragment | None = None
    for one in run:
        if (
            last is None
            or one.style is not last.style
            or one.url != last.url
            or _touches(last, one)
        ):
            parts.append(Part(one.text, one.url, one.strong))
        else:
            parts[-1].text += one.text
        last = one
    for part in parts:
        part.text = " ".join(part.text.split())
    return [part for part in parts if part.text]


def _touches(first: _Fragment, second: _Fragment) -> bool:
    """Return whether two texts are the whole of two elements side by side."""
    return (
        first.slot == second.slot == "text"
        and second.element.getprevious() is first.element
        and not first.text.endswith(" ")
    )


def _stands_alone(element: HtmlElement) -> bool:
    """Return whether an element has no words next to it."""
    parent = element.getparent()
    if parent is None or (parent.text and not parent.text.isspace()):
        return False
    near = parent if len(parent) <= MAX_SIBLINGS else (element.getprevious(), element)
    return not any(one is not None and one.tail and not one.tail.isspace() for one in near)


def _aria_level(element: HtmlElement) -> int:
    if element.get("role") != "heading":
        return 0
    level = element.get("aria-level", "2")
    return int(level) if level.isdecimal() and 0 < int(level[:2]) < 7 else 2


def _is_hidden(element: HtmlElement) -> bool:
    hidden = element.get("hidden")
    return hidden is not None and hidden.casefold() != "until-found"


def folded_letters(text: str) -> str:
    """Return the letters and digits of a text, case folded, to compare texts by."""
    return "".join(_LETTERS.findall(text)).casefold()


def _mark(page: PageLines, numbers: set[int], sections: Sequence[Section]) -> None:
    """Mark the containers that hold only lines of sections, and take out such lines elsewhere.

    Marked boxes stay in the tree: what stands around an article tells the block model about it.
    """
    if not numbers:
        return
    inside = {at for one in sections for at in range(one.start + 1, one.end)}
    for at, element in page.media:
        if at in inside and element.getparent() is not None:
            element.drop_tree()
    sums = [0]
    for number in range(len(page.lines)):
        sums.append(sums[-1] + (number in numbers))
    marked: set[int] = set()
    for box in page.boxes:
        if (
            box.parent is None
            or box.element is None
            or box.first == box.last
            or box.first in marked
        ):
            continue
        if sums[box.last] - sums[box.first] == box.last - box.first:
            marked.update(range(box.first, box.last))
            box.element.set(SECTION, "1")
    for number in numbers - marked:
        region = page.regions[number]
        if isinstance(region, _Box):
            removals.record("section", page.lines[number].text, region.element)
        for one in page.fragments[number]:
            setattr(one.element, one.slot, " " if one.slot == "tail" else None)
