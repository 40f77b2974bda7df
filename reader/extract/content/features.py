"""What can be seen of a block without reading it: numbers for the model that keeps or drops."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from reader.extract.content.lexicon import element_names
from reader.extract.content.patterns import NAME_GROUPS, PHRASES, STOPWORDS, name_groups
from reader.extract.content.segmenter import Block, Box

MAX_ANCESTOR_DISTANCE: Final = 9
"""Levels up from which a name no longer counts."""

_TAG_GROUPS: Final = [
    "article",
    "main",
    "nav",
    "aside",
    "footer",
    "header",
    "form",
    "table",
    "ul",
    "ol",
    "section",
    "figure",
    "blockquote",
    "a",
    "td",
    "li",
    "p",
    "dl",
    "details",
    "body",
]
_WORD: Final = re.compile(r"\w+")
_END: Final = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*(?:\s?\[\w+\])*$")
_SENTENCE: Final = re.compile(r"[.!?。！？][\"'”’»)]*(?:\s|$)")
_TAGS_OF_BLOCKS: Final = [
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "div",
    "td",
    "blockquote",
    "pre",
    "figcaption",
    "span",
    "dd",
    "dt",
    "section",
    "article",
    "table",
    "a",
]


class FeatureExtractor:
    """Everything about a page that blocks are measured against; made once per page."""

    def __init__(
        self,
        blocks: Sequence[Block],
        boxes: Sequence[Box],
        *,
        titles: Sequence[str] = (),
        told: str = "",
        description: str = "",
        hidden: frozenset[HtmlElement] = frozenset(),
        apart: frozenset[int] | set[int] = frozenset(),
        opinions: Sequence[Sequence[float]] = (),
    ) -> None:
        self.blocks, self.boxes, self.hidden, self.excluded = blocks, boxes, hidden, apart
        self.opinions = opinions
        self.titles = [set(_WORD.findall(title.lower())) for title in titles if title]
        self.json_ld_body = _word_characters(told)
        self.description = _word_characters(description)
        self._name_depths()
        self._measure_blocks()
        self._find_core()

    def _name_depths(self) -> None:
        """For every box the depth of the nearest box with each kind of name and tag."""
        names, groups = len(NAME_GROUPS), {tag: i for i, tag in enumerate(_TAG_GROUPS)}
        self.context: dict[Box, list[int]] = {}
        for box in self.boxes:
            if box.parent is None:
                levels = [-99] * (names + len(groups) + 1)
            else:
                levels = self.context[box.parent]
            element = box.element
            words = element_names(element)
            found = name_groups(words) if words else ()
            group = groups.get(element.tag)
            if found or group is not None or element in self.hidden:
                levels = levels.copy()
                for index in found:
                    levels[index] = box.depth
                if group is not None:
                    levels[names + group] = box.depth
                if element in self.hidden:
                    levels[-1] = box.depth
            self.context[box] = levels

    def _measure_blocks(self) -> None:
        self.own_rows: list[list[float]] = []
        self.prose_chars: list[int] = []
        wrong = [
            list(NAME_GROUPS).index(name)
            for name in ("comment", "related", "foot", "signup", "hidden")
        ]
        tags = [
            len(NAME_GROUPS) + _TAG_GROUPS.index(tag) for tag in ("nav", "aside", "footer", "form")
        ]
        for number, block in enumerate(self.blocks):
            features = _block_features(block)
            self.own_rows.append(features)
            levels = self.context[block.box]
            near = block.box.depth - 4
            good = len(block.text)
            if (
                number in self.excluded
                or features[2] > 0.33
                or (features[8] < 0.12 and good < 200)
                or features[1] < 8
            ):
                good = 0
            elif (
                any(levels[i] >= near for i in wrong)
                or any(levels[i] >= 0 for i in tags)
                or levels[-1] >= 0
            ):
                good //= 8
            self.prose_chars.append(good)
            box: Box | None = block.box
            size = len(block.text)
            while box is not None:
                box.chars += size
                box.linked_chars += block.linked_chars
                box.prose_chars += good
                box = box.parent

    def _find_core(self) -> None:
        """The opinions of one's own: which box, and which stretch of blocks, is the article."""
        total = max(1, sum(self.prose_chars))
        self.total = total
        self.core_boxes: list[Box] = []
        for share in (0.5, 0.8):
            deepest = self.boxes[0]
            for box in self.boxes:
                if box.prose_chars >= share * total and box.depth >= deepest.depth:
                    deepest = box
            self.core_boxes.append(deepest)
        scores: dict[Box, float] = defaultdict(float)
        for block, good in zip(self.blocks, self.prose_chars, strict=True):
            worth = float(good)
            around = block.box.parent if block.box.element.tag == "p" else block.box
            for _ in range(4):
                if around is None:
                    break
                scores[around] += worth
                worth /= 2
                around = around.parent
        winner = max(scores, key=lambda box: scores[box], default=self.boxes[0])
        self.core_boxes.append(winner)
        self.paths = [self._ancestor_depths(core) for core in self.core_boxes]
        self.densest_run = self._densest_run()

    @staticmethod
    def _ancestor_depths(box: Box | None) -> dict[Box, int]:
        path: dict[Box, int] = {}
        while box is not None:
            path[box] = box.depth
            box = box.parent
        return path

    def _densest_run(self) -> tuple[int, int]:
        best = running = 0.0
        start = 0
        found = (0, len(self.blocks))
        mean = 30.0
        for i, block in enumerate(self.blocks):
            gain = self.prose_chars[i] - (
                mean + 0.7 * block.linked_chars if not self.prose_chars[i] else 0
            )
            if running <= 0:
                running, start = 0.0, i
            running += gain
            if running > best:
                best, found = running, (start, i + 1)
        return found

    def rows(self) -> list[list[float]]:
        """One list of numbers per judged block, in the order of `NAMES`."""
        count, chars = len(self.blocks), max(1, sum(len(block.text) for block in self.blocks))
        linked = sum(block.linked_chars for block in self.blocks)
        texts = Counter(block.text[:60] for block in self.blocks)
        kinds = Counter((block.box.parent, _tag_and_class(block.box)) for block in self.blocks)
        wide: Counter[tuple[Box | None, str]] = Counter()
        for block in self.blocks:
            wide[(block.box.parent, _tag_and_class(block.box))] += len(block.text)
        title_at = self._title_position()
        articles = sum(1 for box in self.boxes if box.element.tag == "article")
        page = [math.log1p(self.total), math.log1p(count), linked / chars, float(min(articles, 9))]
        rows: list[list[float]] = []
        told = [self._selection_features(kept) for kept in self.opinions]
        before = 0
        heading: tuple[int, list[float], int] | None = None
        nothing = [0.0] * len(PHRASES)
        for i, block in enumerate(self.blocks):
            own = self.own_rows[i]
            box = block.box
            is_heading = box.element.tag in _HEADINGS
            if i in self.excluded and not is_heading:
                before += len(block.text)
                continue
            row = list(own)
            start = block.text[:400].lower()
            said = [1.0 if pattern.search(start) else 0.0 for pattern in PHRASES.values()]
            if is_heading:
                heading = (i, said, int(box.element.tag[1]))
                if i in self.excluded:
                    before += len(block.text)
                    continue
            row += said
            levels = self.context[box]
            if len(block.parts) == 1 and block.parts[0][1] is not box.element:
                inner = name_groups(element_names(block.parts[0][1]))
                if inner:
                    levels = levels.copy()
                    for index in inner:
                        levels[index] = box.depth
            row += [float(min(MAX_ANCESTOR_DISTANCE, box.depth - level)) for level in levels]
            row.append(_TAG_CODE.get(box.element.tag, 0.0))
            row += [
                i / count,
                before / chars,
                float(min(i, 60)),
                float(min(count - i, 60)),
                max(-60.0, min(60.0, float(i - title_at))),
                float(title_at >= 0),
            ]
            if heading is not None:
                row += [float(min(40, i - heading[0])), float(heading[2])]
                row += [heading[1][k] for k in _HEADING_PHRASES]
            else:
                row += [40.0, 0.0, *(nothing[k] for k in _HEADING_PHRASES)]
            row += self._ancestor_features(box)
            kind = (box.parent, _tag_and_class(box))
            row += [float(min(30, kinds[kind])), math.log1p(wide[kind] / kinds[kind])]
            for core, path in zip(self.core_boxes, self.paths, strict=True):
                meet: Box | None = box
                while meet is not None and meet not in path:
                    meet = meet.parent
                depth = meet.depth if meet is not None else 0
                row += [float(core.depth - depth), float(box.depth - depth)]
            first, last = self.densest_run
            row += [
                float(max(-30, min(30, i - first))),
                float(max(-30, min(30, last - i))),
                float(min(4, texts[block.text[:60]])),
            ]
            words = set(_WORD.findall(block.text.lower())) if len(block.text) < 300 else set()
            row.append(
                max((len(words & t) / len(words | t) for t in self.titles), default=0.0)
                if words
                else 0.0
            )
            squeezed = _word_characters(block.text) if self.json_ld_body or self.description else ""
            row.append(
                (1.0 if squeezed[:200] in self.json_ld_body else -1.0) if self.json_ld_body else 0.0
            )
            row.append(1.0 if len(squeezed) > 20 and squeezed[:60] in self.description else 0.0)
            for opinion in told:
                row += opinion[i]
            row += page
            rows.append(row)
            before += len(block.text)
        return rows

    def _selection_features(self, kept: Sequence[float]) -> list[list[float]]:
        """What an opinion says of each block: itself, and where its first and last choice are."""
        count = len(self.blocks)
        chosen = [i for i, keep in enumerate(kept) if keep > 0.5]
        first, last = (chosen[0], chosen[-1]) if chosen else (0, count)
        inside: Counter[Box] = Counter()
        for i in chosen:
            inside[self.blocks[i].box] += len(self.blocks[i].text)
        for box in reversed(self.boxes):
            if box.parent is not None and inside[box]:
                inside[box.parent] += inside[box]
        rows = []
        for i, block in enumerate(self.blocks):
            row = [kept[i], float(max(-20, min(20, i - first))), float(max(-20, min(20, last - i)))]
            around: Box | None = block.box
            for _ in range(4):
                row.append(inside[around] / max(1, around.chars) if around is not None else 0.0)
                around = around.parent if around is not None else None
            rows.append(row)
        return rows

    def _ancestor_features(self, box: Box) -> list[float]:
        found: list[float] = []
        around: Box | None = box
        for _level in range(5):
            if around is None:
                found += [0.0, 0.0, 1.0, 0.0]
                continue
            size = max(1, around.chars)
            found += [
                math.log1p(around.chars),
                around.linked_chars / size,
                around.prose_chars / self.total,
                around.prose_chars / size,
            ]
            around = around.parent
        return found

    def _title_position(self) -> int:
        """Where the title stands: the first h1 that says it, else the block most like it."""
        best, at = 0.6, -1
        for i, block in enumerate(self.blocks):
            if len(block.text) > 300:
                continue
            words = set(_WORD.findall(block.text.lower()))
            if not words:
                continue
            like = max((len(words & t) / len(words | t) for t in self.titles), default=0.0)
            like += 0.3 * (block.box.element.tag == "h1")
            if like > best:
                best, at = like, i
        return at


_TAG_CODE: Final = {tag: float(i + 1) for i, tag in enumerate(_TAGS_OF_BLOCKS)}
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HEADING_PHRASES: Final = [
    i
    for i, name in enumerate(PHRASES)
    if name in ("more", "related", "signup", "comment", "tags", "share", "author")
]


def _tag_and_class(box: Box) -> str:
    return f"{box.element.tag} {box.element.get('class') or ''}"


def _word_characters(text: str) -> str:
    return "".join(_WORD.findall(text.lower()))


def _block_features(block: Block) -> list[float]:
    text = block.text
    size = len(text)
    words = _WORD.findall(text)
    count = max(1, len(words))
    lower = [word.lower() for word in words[:200]]
    stops = sum(1 for word in lower if word in STOPWORDS)
    return [
        math.log1p(size),
        float(count),
        block.linked_chars / size,
        float(min(20, block.link_count)),
        block.bold_chars / size,
        float(min(20, len(_SENTENCE.findall(text)))),
        1.0 if _END.search(text[-12:]) else 0.0,
        text.count(",") / count,
        stops / min(count, 200),
        sum(map(str.isdigit, text)) / size,
        sum(1 for word in words if word[0].isupper()) / count,
        size / count,
        1.0 if text[:1].islower() else 0.0,
        1.0 if text.isupper() else 0.0,
        1.0 if block.has_media else 0.0,
        1.0 if len(block.box.element) and block.box.child_count else 0.0,
        float("|" in text or "»" in text or "›" in text or "•" in text or "→" in text),
        float(text[:1] in "\"“„«'‘"),
        float(text.endswith((":", "："))),
        float("?" in text),
    ]


REFERENCE_SELECTIONS: Final = ("scores", "readability")
BLOCK_FEATURES: Final = [
    "length",
    "words",
    "links_share",
    "links",
    "bold",
    "sentences",
    "ends",
    "commas",
    "stops",
    "digits",
    "capitals",
    "word_length",
    "lower_start",
    "upper",
    "media",
    "mixed",
    "bars",
    "quoted",
    "colon",
    "asks",
]
FEATURES: Final = (
    BLOCK_FEATURES
    + [f"says_{name}" for name in PHRASES]
    + [f"named_{name}" for name in NAME_GROUPS]
    + [f"in_{tag}" for tag in _TAG_GROUPS]
    + [
        "in_unseen",
        "tag",
        "place",
        "chars_before",
        "from_start",
        "from_end",
        "from_title",
        "has_title",
    ]
    + ["from_heading", "heading_level"]
    + [f"heading_says_{list(PHRASES)[k]}" for k in _HEADING_PHRASES]
    + [
        f"around{level}_{what}"
        for level in range(5)
        for what in ("chars", "linked", "good", "dense")
    ]
    + ["alike", "alike_length"]
    + [f"core{k}_{side}" for k in (50, 80, "_best") for side in ("up", "down")]
    + ["from_stretch", "to_stretch_end", "repeated", "like_title", "told", "described"]
    + [
        f"{who}_{what}"
        for who in REFERENCE_SELECTIONS
        for what in ("keeps", "first", "last", "box0", "box1", "box2", "box3")
    ]
    + ["page_good", "page_blocks", "page_linked", "page_articles"]
)
