"""A page cut into blocks: the runs of text between one paragraph break and the next."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from lxml.html import HtmlElement

SECTION: Final = "data-reader-section"
"""Attribute of the boxes that hold only lines of sections around the article."""
MAX_DEPTH: Final = 300
"""Levels that are walked; deeper text is one block with its ancestor. Python recurses 1,000."""
MIN_SURE_CHARS: Final = 4000
"""Characters outside links from which the skipped parts are not measured: a full article."""
MAX_SKIPPED_SHARE: Final = 0.7
"""Share of the unlinked text in skipped parts from which they are not skipped."""
MIN_COPY_CHARS: Final = 120
"""Characters from which a skipped part may be a copy of shown text, as for search engines."""
MAX_CELL_CHARS: Final = 600
"""Characters of the longest cell of a data table; layout tables have whole stories in cells."""
MAX_NAME_CHARS: Final = 300
"""Characters of an element's names that are read; some sites list a hundred classes."""

BLOCK_TAGS: Final = frozenset(
    (
        "address article aside blockquote body caption center dd details dialog dir div dl dt"
        " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr legend li"
        " main menu nav ol p pre section summary table tbody td tfoot th thead tr ul html marquee"
        " frameset amp-sidebar option"
    ).split()
)
TEXTLESS_TAGS: Final = frozenset(
    (
        "script style template noscript svg canvas button select textarea input iframe object embed"
        " title meta link audio video datalist map area progress noframes"
    ).split()
)
CONTROL_TAGS: Final = frozenset(("button", "select", "textarea"))
"""Controls of a form: they show words that belong to no text."""
MEDIA_TAGS: Final = frozenset("img picture video audio iframe object embed svg amp-img".split())
SKIPPED_ROLES: Final = frozenset(
    "navigation dialog alertdialog contentinfo search menu menubar".split()
)
HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NAMING_ATTRIBUTES_IN_ORDER: Final = ("id", "role", "itemprop", "data-testid", "data-component")
_NAMING_ATTRIBUTES: Final = frozenset(_NAMING_ATTRIBUTES_IN_ORDER)
SPACED_TAGS: Final = frozenset(("br", "td", "th", "li", "p", "div", "tr"))
_INLINE, _BLOCK, _TEXTLESS, _RULE, _BREAK = range(5)
_KINDS: Final = {
    **dict.fromkeys(BLOCK_TAGS, _BLOCK),
    **dict.fromkeys(TEXTLESS_TAGS, _TEXTLESS),
    "hr": _RULE,
    "br": _BREAK,
}
_FIGURES: Final = frozenset(("figure", "figcaption"))
_IN_FIGURE, _IN_ARTICLE = 1, 2
_REGIONS: Final = {"figure": _IN_FIGURE, "article": _IN_ARTICLE, "main": _IN_ARTICLE}


class RunPart(IntEnum):
    """Part of an element in a run: its leading text, its tail, or all of it."""

    TEXT = 0
    TAIL = 1
    WHOLE = 2


# Python 3.11 takes ten times as long to find a member by its enumeration.
TEXT, TAIL, WHOLE = RunPart


@dataclass(slots=True, eq=False)
class Box:
    """A container of blocks, with sums over everything inside it.

    `names` are its class, id and similar attributes. Lengths are in characters of collapsed text;
    `prose_chars` counts running text only. Its blocks are `first_block` to `end_block`, exclusive.
    """

    element: HtmlElement
    parent: "Box | None"
    depth: int
    tag: str
    names: str
    class_name: str
    first_block: int
    end_block: int = 0
    chars: int = 0
    linked_chars: int = 0
    prose_chars: int = 0
    in_link: bool = False
    in_figure: bool = False
    is_silent: bool = False
    """`aria-hidden` is set."""


@dataclass(slots=True, eq=False)
class Block:
    """One run of text, with its box and the parts of elements it consists of.

    `names` are those of the only element in the run, if the run is one inline element.
    """

    box: Box
    parts: list[tuple[RunPart, HtmlElement]] = field(repr=False)
    text: str
    linked_chars: int
    link_count: int
    bold_chars: int
    has_media: bool = False
    names: str = ""
    words: Sequence[str] = ()
    """The words of a short text in ASCII, in lower case; empty for other texts, or if not read yet."""


@dataclass(slots=True, eq=False)
class Media:
    """Images, players and frames without text, before block number `block_index`."""

    box: Box
    elements: list[HtmlElement]
    block_index: int


def text_of(element: HtmlElement) -> str:
    """Return all text inside an element, whitespace collapsed."""
    if not len(element):
        return collapse_whitespace(element.text or "")
    return collapse_whitespace("".join(element.itertext()))


def collapse_whitespace(text: str) -> str:
    """Return the text on one line with single spaces and without soft hyphens."""
    return " ".join((text.replace("\xad", "") if "\xad" in text else text).split())


def element_names(element: HtmlElement, class_name: str, present: Collection[str]) -> str:
    """Return the class, id, role and other attributes that sites name their parts by.

    `present` are the names of all its attributes: one question for all takes half as long as one for
    each.
    """
    names = class_name
    if not _NAMING_ATTRIBUTES.isdisjoint(present):
        for attribute in _NAMING_ATTRIBUTES_IN_ORDER:
            if attribute in present and (value := element.get(attribute)):
                names += " " + value
    return names[:MAX_NAME_CHARS]


def is_data_table(table: HtmlElement) -> bool:
    """Return whether a table holds data; a layout table is only a box.

    A data table has two rows of two cells, no nested table, and no cell as long as a story.
    """
    rows = wide = 0
    for row in table.iter("tr"):
        rows += 1
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        wide += len(cells) > 1
        if any(len(text_of(cell)) > MAX_CELL_CHARS for cell in cells):
            return False
    if rows < 2 or wide < max(2, rows // 2):
        return False
    return next(table.iterdescendants("table", "h1", "h2", "form"), None) is None


class Segmenter:
    """One walk over a tree that gathers boxes, blocks and media in document order.

    Navigation, page footers and `hidden` elements are skipped unless `skips` is false; `skipped`
    has them with the number of the block after each, and `controls` those of forms outside runs.
    """

    def __init__(
        self,
        root: HtmlElement,
        hidden: Collection[HtmlElement] = frozenset(),
        *,
        skips: bool = True,
    ) -> None:
        self.blocks: list[Block] = []
        self.boxes: list[Box] = []
        self.media: list[Media] = []
        self.skipped: list[tuple[int, HtmlElement]] = []
        self.controls: list[tuple[int, HtmlElement]] = []
        self._hidden, self._skips = hidden, skips
        self._transparent = _inline_with_blocks(root)
        self._walk(root, root.tag, root.keys(), None, 0, 0)

    def _open(
        self,
        element: HtmlElement,
        tag: str,
        present: Collection[str],
        parent: Box | None,
        depth: int,
    ) -> Box:
        """Begin a box; `present` are the names of its element's attributes."""
        names = class_name = ""
        if present:
            class_name = (element.get("class") or "") if "class" in present else ""
            names = element_names(element, class_name, present)
        box = Box(element, parent, depth, tag, names, class_name, len(self.blocks))
        self.boxes.append(box)
        if parent is not None:
            box.in_link = parent.in_link
            box.in_figure = parent.in_figure
        if "aria-hidden" in present:
            box.is_silent = element.get("aria-hidden") == "true"
        if tag in _FIGURES:
            box.in_figure = True
        return box

    def _walk(
        self,
        element: HtmlElement,
        tag: str,
        present: Collection[str],
        parent: Box | None,
        depth: int,
        inside: int,
    ) -> None:
        box = self._open(element, tag, present, parent, depth)
        if tag in _REGIONS:
            inside |= _REGIONS[tag]
        if tag == "a" and element.get("href"):
            box.in_link = True
        run: list[tuple[RunPart, HtmlElement]] = []
        breaks = 0
        text = element.text
        if text and not text.isspace():
            run.append((TEXT, element))
        for child in element:
            inner = child.tag
            kind = _KINDS.get(inner, _INLINE)
            if kind == _BLOCK or (kind == _INLINE and child in self._transparent):
                if run:
                    self._flush(run, box, inside)
                    run = []
                self._enter(child, inner, box, depth + 1, inside)
            elif kind == _TEXTLESS:
                self._add_media(child, box)
            elif kind in (_RULE, _BREAK):
                breaks += 1
                if run and (kind == _RULE or breaks > 1):
                    self._flush(run, box, inside)
                    run = []
            elif isinstance(inner, str):
                run.append((WHOLE, child))
                breaks = 0
            if tail := child.tail:
                is_blank = tail.isspace()
                if run or not is_blank:
                    run.append((TAIL, child))
                    breaks = breaks if is_blank else 0
        if run:
            self._flush(run, box, inside)
        box.end_block = len(self.blocks)

    def _enter(self, child: HtmlElement, tag: str, box: Box, depth: int, inside: int) -> None:
        present = child.keys()
        if self._skips and self._is_skipped(child, tag, present, inside):
            self.skipped.append((len(self.blocks), child))
        elif tag == "pre" or depth > MAX_DEPTH or (tag == "table" and is_data_table(child)):
            inner = self._open(child, tag, present, box, depth)
            self._flush([(WHOLE, child)], inner, inside)
            inner.end_block = len(self.blocks)
        else:
            self._walk(child, tag, present, box, depth, inside)

    def _is_skipped(
        self, element: HtmlElement, tag: str, present: Collection[str], inside: int
    ) -> bool:
        if tag == "nav" or element in self._hidden:
            return True
        if tag == "footer":
            return not inside & _IN_ARTICLE
        return "role" in present and element.get("role") in SKIPPED_ROLES

    def _add_media(self, child: HtmlElement, box: Box) -> None:
        if child.tag in MEDIA_TAGS or (
            child.tag == "noscript" and child.find(".//img") is not None
        ):
            self.media.append(Media(box, [child], len(self.blocks)))
        elif child.tag in CONTROL_TAGS:
            self.controls.append((len(self.blocks), child))

    def _split_off_images(self, run: list[tuple[RunPart, HtmlElement]], box: Box) -> None:
        """Make media of the images in a figure's run: the words left are its caption."""
        for pair in list(run):
            part, element = pair
            if part is WHOLE and _is_image(element):
                self.media.append(Media(box, [element], len(self.blocks)))
                run.remove(pair)

    def _flush(self, run: list[tuple[RunPart, HtmlElement]], box: Box, inside: int) -> None:
        if inside & _IN_FIGURE:
            self._split_off_images(run, box)
        content = _RunContent()
        for part, element in run:
            if part is TAIL:
                content.texts.append(element.tail or "")
            elif part is WHOLE:
                content.add(element, element.tag)
            else:
                content.texts.append(element.text or "")
        texts = content.texts
        text = collapse_whitespace(texts[0] if len(texts) == 1 else "".join(texts))
        if text:
            linked, links = content.linked_chars, content.link_count
            if box.in_link:
                linked, links = len(text), max(1, links)
            block = Block(box, run, text, linked, links, content.bold_chars, content.has_media)
            if len(run) == 1 and (inner := run[0][1]) is not box.element:
                block.names = element_names(inner, inner.get("class") or "", inner.keys())
            self.blocks.append(block)
        else:
            elements = [element for part, element in run if part is WHOLE]
            if content.has_media:
                self.media.append(Media(box, elements, len(self.blocks)))
            if content.has_control:
                self.controls += [(len(self.blocks), element) for element in elements]


class _RunContent:
    """Texts and counts of the elements of one run, gathered in one pass."""

    __slots__ = ("bold_chars", "has_control", "has_media", "link_count", "linked_chars", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.linked_chars = self.link_count = self.bold_chars = 0
        self.has_media = self.has_control = False

    def add(self, element: HtmlElement, tag: str) -> None:
        texts = self.texts
        start = len(texts)
        if tag in SPACED_TAGS:
            texts.append(" ")
        if text := element.text:
            texts.append(text)
        for child in element:
            inner = child.tag
            if inner in TEXTLESS_TAGS or not isinstance(inner, str):
                self._add_textless(child, inner)
            else:
                self.add(child, inner)
            if tail := child.tail:
                texts.append(tail)
        if tag == "a":
            if element.get("href"):
                self.link_count += 1
                self.linked_chars += len(collapse_whitespace("".join(texts[start:])))
        elif tag in ("b", "strong"):
            self.bold_chars += sum(map(len, texts[start:]))
        elif tag in ("img", "amp-img"):
            self.has_media = True

    def _add_textless(self, child: HtmlElement, tag: str) -> None:
        if tag == "script" and (child.get("type") or "").startswith("math/"):
            self.texts.append(child.text or "")
        elif tag in ("iframe", "video") or (tag == "noscript" and child.find(".//img") is not None):
            self.has_media = True
        elif tag in CONTROL_TAGS:
            self.has_control = True


def segment(root: HtmlElement, hidden: Collection[HtmlElement] = frozenset()) -> Segmenter:
    """Cut a page into blocks, without navigation, footers and hidden parts.

    A page with most of its text in such parts uses them in its own way, and is cut whole.
    """
    segments = Segmenter(root, hidden)
    shown = sum(len(block.text) - block.linked_chars for block in segments.blocks)
    if shown >= MIN_SURE_CHARS:
        return segments
    text = " ".join(block.text for block in segments.blocks)
    skipped = sum(
        _unlinked_chars(element) for _, element in segments.skipped if not _repeats(element, text)
    )
    if skipped > MAX_SKIPPED_SHARE * (skipped + shown):
        return Segmenter(root, hidden, skips=False)
    return segments


def _repeats(element: HtmlElement, text: str) -> bool:
    """Return whether an element has the same words as the text, by one sample: a hidden copy."""
    own = text_of(element)
    middle = len(own) // 2
    return len(own) > MIN_COPY_CHARS and own[middle : middle + MIN_COPY_CHARS // 2] in text


def _unlinked_chars(element: HtmlElement) -> int:
    size = len("".join(element.itertext()).strip())
    if size <= 100:
        return 0
    return max(0, size - sum(len("".join(link.itertext())) for link in element.iter("a")))


def _is_image(element: HtmlElement) -> bool:
    return next(element.iter("img", "amp-img"), None) is not None and not text_of(element)


def _inline_with_blocks(root: HtmlElement) -> set[HtmlElement]:
    """Return inline elements that are boxes: they hold block elements, or are marked as sections."""
    # A path to attributes takes a seventh of the time of one to elements with a condition.
    marked = [value.getparent() for value in root.xpath(f".//*/@{SECTION}")]
    found = {element for element in marked if element.tag not in BLOCK_TAGS}
    for element in (*found, *root.iter(*BLOCK_TAGS, "br")):
        if element.tag == "br" and not _breaks_paragraph(element):
            continue
        parent = element.getparent()
        while parent is not None and parent.tag not in BLOCK_TAGS and parent not in found:
            found.add(parent)
            parent = parent.getparent()
    return found


def _breaks_paragraph(element: HtmlElement) -> bool:
    following = element.getnext()
    return (
        following is not None
        and following.tag == "br"
        and not (element.tail and element.tail.strip())
    )


def blocks_in(boxes: Iterable[Box]) -> set[int]:
    """Return the numbers of the blocks in the boxes."""
    return {number for box in boxes for number in range(box.first_block, box.end_block)}


def ancestors(box: Box | None) -> Iterator[Box]:
    """Yield the box and those around it, innermost first."""
    while box is not None:
        yield box
        box = box.parent
