"""Numbers that describe the blocks of a page to the block classifier."""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from reader.extract.content.page_signals import PAGE_SIGNALS
from reader.extract.content.page_words import PAGE_WORDS, page_words
from reader.extract.content.patterns import NAME_GROUPS, STOPWORDS, name_groups
from reader.extract.content.segmenter import HEADINGS, Block, Box

MAX_ANCESTOR_DISTANCE: Final = 9
"""Levels of ancestors from which a name no longer counts."""
MAX_MEASURED_CHARS: Final = 600
"""Characters of a block that its ratios are measured on; longer blocks do not read differently."""
MAX_MEASURED_WORDS: Final = 40
"""Words of a block among which stop words are counted."""
MAX_TITLE_CHARS: Final = 300
"""Characters of the longest line that is compared with the titles."""
MIN_COPIED_CHARS: Final = 20
"""Letters and digits above which a block may be a copy of the page's description."""
MIN_SERIES: Final = 3
"""Boxes of one shape from which they are a series: posts, cards, rows."""
LEVELS: Final = 5
"""Boxes outwards whose sums are features of a block."""

_TAG_GROUPS: Final = (
    "article main nav aside footer header form table ul ol section figure blockquote a td li p dl"
    " details body"
).split()
_BLOCK_TAGS: Final = (
    "p li h1 h2 h3 h4 h5 h6 div td blockquote pre figcaption span dd dt section article table a"
).split()
_WORD: Final = re.compile(r"\w+")
_ASCII_WORD: Final = re.compile(r"[a-zA-Z0-9_]+")
"""The same in ASCII text, which takes two thirds of the time."""
_TITLE_WORD: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
"""A word, or one sign of a script without spaces."""
_ASCII_TITLE_WORD: Final = re.compile("[a-z0-9]+")
_DIGIT: Final = re.compile(r"\d")
_ASCII_DIGIT: Final = re.compile("[0-9]")
_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Signs of Chinese, Japanese, Thai and Lao: some two of them are a word."""
_UNSPACED_FUNCTION: Final = re.compile(
    "[的了是在和有不这這为為也就都与與而其以于於のにはをがでとも]"
)
"""Signs that mostly are function words of Chinese and Japanese."""
_SENTENCE: Final = re.compile(r"[.!?。！？](?:(?<=[。！？])|[\"'”’»)]*(?:\s|$))")
_SENTENCE_ENDS: Final = frozenset(".!?…:;。！？")
_CLOSERS: Final = "\"'”’»)] "
_SEPARATORS: Final = frozenset("|»›•→")

BLOCK_FEATURES: Final = (
    "length words link_share links bold sentences ends commas stopwords digits capitals"
    " word_length upper separators non_ascii"
).split()
_WORDS, _LINK_SHARE, _STOPWORDS = 1, 2, 8

FEATURES: Final = (
    *BLOCK_FEATURES,
    *(f"named_{name}" for name in NAME_GROUPS),
    *(f"in_{tag}" for tag in _TAG_GROUPS),
    "in_aria_hidden",
    "tag",
    "place",
    "chars_before",
    "from_start",
    "from_end",
    "from_title",
    "has_title",
    "from_heading",
    "heading_level",
    *(
        f"around{level}_{what}"
        for level in range(LEVELS)
        for what in ("chars", "linked", "prose", "density")
    ),
    *(f"shape_{what}" for what in ("count", "length", "linked", "prose")),
    *(
        f"series_{what}"
        for what in ("count", "share", "length", "linked", "place", "outer_count", "outer_share")
    ),
    *(f"core{core}_{side}" for core in ("50", "80", "_best") for side in ("up", "down")),
    "from_run",
    "to_run_end",
    "repeated",
    "is_copy",
    "h1_number",
    "article_number",
    "like_title",
    "in_json_ld",
    "in_description",
    "page_prose",
    "page_blocks",
    "page_linked",
    "page_articles",
    "page_series",
    "page_headings",
    "page_h1",
    "page_code",
    "page_hidden",
    *(f"page_{name}" for name in PAGE_SIGNALS),
    *(f"page_{name}" for name in PAGE_WORDS),
)
_CHROME_NAMES: Final = [
    list(NAME_GROUPS).index(name) for name in ("comment", "related", "foot", "signup", "hidden")
]
_CHROME_TAGS: Final = [
    len(NAME_GROUPS) + _TAG_GROUPS.index(tag) for tag in ("nav", "aside", "footer", "form")
]
_GROUP_OF_TAG: Final = {tag: len(NAME_GROUPS) + i for i, tag in enumerate(_TAG_GROUPS)}
_TAG_CODE: Final = {tag: float(i + 1) for i, tag in enumerate(_BLOCK_TAGS)}
_FAR: Final = float(MAX_ANCESTOR_DISTANCE)
_DISTANCES: Final = tuple(map(float, range(MAX_ANCESTOR_DISTANCE)))
_NO_SERIES: Final = [0.0] * 7


class FeatureExtractor:
    """The measures of one page. `rows` returns a list of numbers per judged block.

    `page_features` are those of the whole page, `own` the features of each block alone, `shapes` a number for each box that boxes of
    the same tags and classes share, `excluded` and `related` numbers of blocks.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        boxes: Sequence[Box],
        *,
        titles: Sequence[str] = (),
        json_ld: str = "",
        description: str = "",
        signals: Sequence[float] = (),
        excluded: Collection[int] = frozenset(),
        related: Collection[int] = frozenset(),
    ) -> None:
        self.blocks, self.boxes = blocks, boxes
        # A quarter of a page's boxes holds no text.
        self.filled = [
            box for box in boxes if box.parent is None or box.end_block > box.first_block
        ]
        self.excluded, self.related = excluded, related
        self.titles = [_title_words(title) for title in titles if title]
        self.json_ld = _word_characters(json_ld)
        self.description = _word_characters(description)
        self.signals = list(signals)
        self._set_levels()
        self._measure_blocks()
        self._find_series()
        self._find_core()
        self.page_features = self._page_features()

    def _set_levels(self) -> None:
        """Give every box the depth of the nearest box of each kind of name and tag.

        Boxes with the same depths share one list, so that later steps judge it once.
        """
        self.levels: dict[Box, list[int]] = {}
        self.shapes: dict[Box, int] = {}
        numbers: dict[tuple[int, str, str], int] = {}
        known: dict[tuple[int, int, tuple[int, ...]], list[int]] = {}
        none = [-99] * (len(NAME_GROUPS) + len(_TAG_GROUPS) + 1)
        for box in self.filled:
            parent = box.parent
            levels = none if parent is None else self.levels[parent]
            groups = name_groups(box.names) if box.names else ()
            tag_group = _GROUP_OF_TAG.get(box.tag)
            if tag_group is not None:
                groups = (*groups, tag_group)
            if box.is_silent:
                groups = (*groups, -1)
            if groups:
                # The lists stay in `known` and in `none`, so that no other gets their identity.
                key = (id(levels), box.depth, groups)
                found = known.get(key)
                if found is None:
                    found = known[key] = levels.copy()
                    for group in groups:
                        found[group] = box.depth
                levels = found
            self.levels[box] = levels
            shape = (0 if parent is None else self.shapes[parent], box.tag, box.class_name)
            self.shapes[box] = numbers.setdefault(shape, len(numbers) + 1)

    def _measure_blocks(self) -> None:
        """Measure each block, and sum up text and prose in the boxes around."""
        self.own: list[list[float]] = []
        self.prose: list[int] = []
        hidden = 0
        chrome: dict[tuple[int, int], bool] = {}
        for number, block in enumerate(self.blocks):
            features = block_features(block)
            self.own.append(features)
            box = block.box
            levels = self.levels[box]
            size = prose = len(block.text)
            if (
                number in self.excluded
                or number in self.related
                or features[_LINK_SHARE] > 0.33
                or (features[_STOPWORDS] < 0.12 and size < 200)
                or features[_WORDS] < 8
            ):
                prose = 0
            elif levels[-1] >= 0:
                prose //= 8
                hidden += size
            else:
                key = (id(levels), box.depth)
                is_chrome = chrome.get(key)
                if is_chrome is None:
                    is_chrome = chrome[key] = _is_chrome(levels, box.depth)
                if is_chrome:
                    prose //= 8
            self.prose.append(prose)
            box.chars += size
            box.linked_chars += block.linked_chars
            box.prose_chars += prose
        for box in reversed(self.filled):
            if (parent := box.parent) is not None:
                parent.chars += box.chars
                parent.linked_chars += box.linked_chars
                parent.prose_chars += box.prose_chars
        self.total = max(1, sum(self.prose))
        self.hidden_share = hidden / (hidden + self.total)

    def _find_series(self) -> None:
        """Find for each box the innermost and the outermost series of boxes that it lies in."""
        members: dict[int, list[Box]] = {}
        for box in self.filled:
            if box.parent is not None:
                members.setdefault(self.shapes[box], []).append(box)
        total = max(1, self.boxes[0].chars)
        measures: dict[int, list[float]] = {}
        places: dict[Box, float] = {}
        self.largest_series = 0.0
        for shape, series in members.items():
            if len(series) < MIN_SERIES:
                continue
            chars = sum(box.chars for box in series)
            linked = sum(box.linked_chars for box in series)
            measures[shape] = [
                float(min(60, len(series))),
                chars / total,
                math.log1p(chars / len(series)),
                linked / max(1, chars),
            ]
            for at, box in enumerate(series):
                places[box] = at / len(series)
            if linked < 0.5 * chars and series[0].end_block - series[0].first_block > 1:
                self.largest_series = max(self.largest_series, chars / total)
        self.series: dict[Box, list[float]] = {}
        for box in self.filled:
            inherited = _NO_SERIES if box.parent is None else self.series[box.parent]
            found = measures.get(self.shapes[box])
            if found is None:
                self.series[box] = inherited
            else:
                outer = inherited[5:] if inherited[5] else found[:2]
                self.series[box] = [*found, places.get(box, 0.0), *outer]

    def _find_core(self) -> None:
        """Find the boxes and the run of blocks that hold most of the prose."""
        self.cores: list[Box] = []
        for share in (0.5, 0.8):
            deepest = self.boxes[0]
            least = share * self.total
            for box in self.filled:
                if box.prose_chars >= least and box.depth >= deepest.depth:
                    deepest = box
            self.cores.append(deepest)
        scores: dict[Box, float] = {}
        for block, prose in zip(self.blocks, self.prose, strict=True):
            if not prose:
                continue
            worth = float(prose)
            around = block.box.parent if block.box.tag == "p" else block.box
            for _ in range(4):
                if around is None:
                    break
                scores[around] = scores.get(around, 0.0) + worth
                worth /= 2
                around = around.parent
        self.cores.append(max(scores, key=scores.__getitem__, default=self.boxes[0]))
        depths = {core: self._meeting_depths(core) for core in set(self.cores)}
        self.meeting_depths = [depths[core] for core in self.cores]
        self.run = self._densest_run()

    def _meeting_depths(self, core: Box) -> dict[Box, int]:
        """Return for each box the depth of the innermost box that it shares with the core."""
        path: set[Box] = set()
        around: Box | None = core
        while around is not None:
            path.add(around)
            around = around.parent
        depths: dict[Box, int] = {}
        for box in self.filled:
            is_on_path = box in path or box.parent is None
            depths[box] = box.depth if is_on_path else depths[box.parent]  # type: ignore[index]
        return depths

    def _densest_run(self) -> tuple[int, int]:
        best = running = 0.0
        start = 0
        found = (0, len(self.blocks))
        for i, (block, prose) in enumerate(zip(self.blocks, self.prose, strict=True)):
            if running <= 0:
                running, start = 0.0, i
            running += prose or -(30.0 + 0.7 * block.linked_chars)
            if running > best:
                best, found = running, (start, i + 1)
        return found

    def rows(self) -> list[list[float]]:
        """Return one list of numbers per judged block, in the order of `FEATURES`."""
        blocks, count = self.blocks, len(self.blocks)
        chars = max(1, self.boxes[0].chars)
        texts = Counter(block.text[:60] for block in blocks)
        numbers = self._article_numbers()
        earlier: set[str] = set()
        h1_number = 0.0
        title_at = self._title_position()
        page = self.page_features
        shape_sums = self._sums_by_shape()
        around: dict[Box, list[float]] = {}
        shared: dict[Box, list[float]] = {}
        distances: dict[tuple[int, int], list[float]] = {}
        first, end = self.run
        heading, heading_level = -40, 0.0
        before = 0
        rows: list[list[float]] = []
        for i, block in enumerate(blocks):
            box = block.box
            size = len(block.text)
            if box.tag in HEADINGS:
                heading, heading_level = i, float(box.tag[1])
                h1_number += box.tag == "h1"
            is_copy = block.text in earlier
            earlier.add(block.text)
            if i in self.excluded:
                before += size
                continue
            levels, depth = self.levels[box], box.depth
            row = self.own[i].copy()
            if block.names and (groups := name_groups(block.names)):
                levels = levels.copy()
                for group in groups:
                    levels[group] = depth
                row += _distances(levels, depth)
            else:
                key = (id(levels), depth)
                known = distances.get(key)
                if known is None:
                    known = distances[key] = _distances(levels, depth)
                row += known
            row += (
                _TAG_CODE.get(box.tag, 0.0),
                i / count,
                before / chars,
                float(min(i, 60)),
                float(min(count - i, 60)),
                max(-60.0, min(60.0, float(i - title_at))),
                float(title_at >= 0),
                float(min(40, i - heading)),
                heading_level,
            )
            if box not in shared:
                shared[box] = self._box_features(box, around, shape_sums)
            row += shared[box]
            row += (
                float(max(-30, min(30, i - first))),
                float(max(-30, min(30, end - i))),
                float(min(4, texts[block.text[:60]])),
                float(is_copy),
                min(9.0, h1_number),
                numbers[box],
                self.like_title[i],
            )
            row += self._metadata_features(block)
            row += page
            rows.append(row)
            before += size
        return rows

    def _box_features(
        self, box: Box, around: dict[Box, list[float]], shape_sums: dict[int, list[float]]
    ) -> list[float]:
        row: list[float] = []
        outer: Box | None = box
        for _level in range(LEVELS):
            if outer is None:
                row += (0.0, 0.0, 1.0, 0.0)
                continue
            sums = around.get(outer)
            if sums is None:
                size = max(1, outer.chars)
                sums = around[outer] = [
                    math.log1p(outer.chars),
                    outer.linked_chars / size,
                    outer.prose_chars / self.total,
                    outer.prose_chars / size,
                ]
            row += sums
            outer = outer.parent
        count, chars, linked, prose = shape_sums[self.shapes[box]]
        row += (
            min(30.0, count),
            math.log1p(chars / count),
            linked / max(1.0, chars),
            prose / self.total,
        )
        row += self.series[box]
        for core, depths in zip(self.cores, self.meeting_depths, strict=True):
            row += (float(core.depth - depths[box]), float(box.depth - depths[box]))
        return row

    def _article_numbers(self) -> dict[Box, float]:
        """Return for each box the place of its outermost article among those of the page."""
        numbers: dict[Box, float] = {}
        count = 0.0
        for box in self.boxes:
            number = 0.0 if box.parent is None else numbers[box.parent]
            if not number and box.tag == "article":
                count = min(count + 1, 9.0)
                number = count
            numbers[box] = number
        return numbers

    def _sums_by_shape(self) -> dict[int, list[float]]:
        sums: dict[int, list[float]] = {}
        for block, prose in zip(self.blocks, self.prose, strict=True):
            shape = sums.setdefault(self.shapes[block.box], [0.0, 0.0, 0.0, 0.0])
            shape[0] += 1
            shape[1] += len(block.text)
            shape[2] += block.linked_chars
            shape[3] += prose
        return sums

    def _metadata_features(self, block: Block) -> tuple[float, float]:
        if not self.json_ld and (not self.description or len(block.text) <= MIN_COPIED_CHARS):
            return (0.0, 0.0)
        head = block.text[:400].lower()
        if not self.json_ld:
            # The first word tells nearly all blocks from the description.
            first = _WORD.search(head)
            if first is None or first[0][:60] not in self.description:
                return (0.0, 0.0)
        words = _word_characters(head)
        in_json_ld = (1.0 if words[:200] in self.json_ld else -1.0) if self.json_ld else 0.0
        return (in_json_ld, float(len(words) > MIN_COPIED_CHARS and words[:60] in self.description))

    def _page_features(self) -> list[float]:
        tags = Counter(box.tag for box in self.boxes)
        return [
            math.log1p(self.total),
            math.log1p(len(self.blocks)),
            self.boxes[0].linked_chars / max(1, self.boxes[0].chars),
            float(min(tags["article"], 9)),
            self.largest_series,
            float(min(tags["h2"] + tags["h3"], 60)),
            float(min(tags["h1"], 9)),
            float(min(tags["pre"], 20)),
            self.hidden_share,
            *self.signals,
            *page_words(self.blocks, self.boxes, self.prose),
        ]

    def _title_position(self) -> int:
        """Return the first h1 like the title, else the block most like it, or -1."""
        best, position = 0.6, -1
        self.like_title = [0.0] * len(self.blocks)
        any_word = set().union(*self.titles)
        likes: dict[str, float] = {}
        for i, block in enumerate(self.blocks if self.titles else ()):
            if len(block.text) > MAX_TITLE_CHARS:
                continue
            known = likes.get(block.text)
            if known is None:
                known = likes[block.text] = self._likeness(block, any_word)
            like = self.like_title[i] = known
            like += 0.3 * (block.box.tag == "h1")
            if like > best:
                best, position = like, i
        return position

    def _likeness(self, block: Block, any_word: Collection[str]) -> float:
        """Return the largest share of common words of a line and a title."""
        line: Collection[str] = block.words
        if not line or "_" in block.text:
            line = _title_words(block.text)
        if not any(map(any_word.__contains__, line)):
            return 0.0
        words = set(line)
        best = 0.0
        for title in self.titles:
            if common := len(words & title):
                best = max(best, common / (len(words) + len(title) - common))
        return best


def _distances(levels: Sequence[int], depth: int) -> list[float]:
    """Return how many boxes lie between a box at this depth and the nearest of each kind."""
    far = depth - MAX_ANCESTOR_DISTANCE
    return [_FAR if level <= far else _DISTANCES[depth - level] for level in levels]


def _is_chrome(levels: Sequence[int], depth: int) -> bool:
    """Return whether a box at this depth lies in a part that is named or tagged as no article."""
    return any(levels[group] >= depth - 4 for group in _CHROME_NAMES) or any(
        levels[group] >= 0 for group in _CHROME_TAGS
    )


def _title_words(text: str) -> set[str]:
    """Return the words of a line in lower case."""
    pattern = _ASCII_TITLE_WORD if text.isascii() else _TITLE_WORD
    return set(pattern.findall(text.lower()))


def _word_characters(text: str) -> str:
    """Return the letters and digits of a text in lower case."""
    pattern = _ASCII_WORD if text.isascii() else _WORD
    return "".join(pattern.findall(text.lower()))


def _count_sentences(text: str) -> int:
    """Return the number of sentence ends; most labels have none."""
    if text.isascii() and "." not in text and "!" not in text and "?" not in text:
        return 0
    return len(_SENTENCE.findall(text))


def block_features(block: Block) -> list[float]:
    """Return the numbers of a block alone, in the order of `BLOCK_FEATURES`. Keeps its words."""
    text = block.text
    size = len(text)
    head = text[:MAX_MEASURED_CHARS]
    length = len(head)
    is_ascii = head.isascii()
    words = (_ASCII_WORD if is_ascii else _WORD).findall(head)
    seen = max(1, len(words))
    lowered = list(map(str.lower, words[:MAX_MEASURED_WORDS]))
    if is_ascii and len(words) <= MAX_MEASURED_WORDS and size <= MAX_TITLE_CHARS:
        block.words = lowered
    stopwords = sum(map(STOPWORDS.__contains__, lowered))
    stopword_share = stopwords / min(seen, MAX_MEASURED_WORDS)
    commas = head.count(",")
    if not is_ascii and (signs := len(_UNSPACED.findall(head))) > length // 4:
        seen += signs // 2
        stopword_share = len(_UNSPACED_FUNCTION.findall(head)) / seen
        commas += head.count("，") + head.count("、")
    end = text.rstrip(_CLOSERS)[-1:] or text[-1]
    return [
        math.log1p(size),
        float(seen if size == length else seen * size / length),
        block.linked_chars / size,
        float(min(20, block.link_count)),
        block.bold_chars / size,
        float(min(20, _count_sentences(text))) if size < 2000 else 20.0,
        1.0 if end in _SENTENCE_ENDS else 0.0,
        commas / seen,
        stopword_share,
        len((_ASCII_DIGIT if is_ascii else _DIGIT).findall(head)) / length,
        sum(map(str.isupper, [word[0] for word in words])) / seen,
        length / seen,
        1.0 if text.isupper() else 0.0,
        float("|" in head if is_ascii else not _SEPARATORS.isdisjoint(head)),
        0.0 if is_ascii else (len(head.encode()) - length) / length,
    ]
