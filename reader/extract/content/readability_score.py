"""A second opinion by paragraph scores: which blocks a score that rises to the boxes would keep.

The idea is Arc90's: a paragraph's worth goes to the boxes around it, less with each level; the
box worth most is the article, with the siblings that look like it, and lists, tables and boxes
inside that hold links rather than text are left out. Nothing in the tree is changed.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from readability.readability import REGEXES

from reader.extract.content.segmenter import Block, Box

# The patterns for names are those that readability-lxml publishes (Apache-2.0, see NOTICE).
_UNLIKELY: Final = REGEXES["unlikelyCandidatesRe"]
_CANDIDATE: Final = REGEXES["okMaybeItsACandidateRe"]
_POSITIVE: Final = REGEXES["positiveRe"]
_NEGATIVE: Final = REGEXES["negativeRe"]
_SHARE_BUTTONS: Final = re.compile(r"(?<![a-z])shar(?:e|es|ing)(?![a-z])")
_ROLES: Final = frozenset(
    ["navigation", "menu", "menubar", "dialog", "alertdialog", "search", "contentinfo"]
)
_COMMAS: Final = re.compile("[,،、，]")
_BASE_SCORES: Final = {
    **dict.fromkeys(("div",), 5),
    **dict.fromkeys(("pre", "td", "blockquote"), 3),
    **dict.fromkeys(("address", "ol", "ul", "dl", "dd", "dt", "li", "form"), -3),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "th"), -5),
}
_SCORED_TAGS: Final = frozenset(
    [
        "p",
        "pre",
        "td",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "div",
        "section",
        "li",
        "dd",
        "dt",
        "blockquote",
        "center",
        "span",
    ]
)
_PRUNED: Final = frozenset(["table", "ul", "div", "form", "fieldset", "ol"])
_DROPPED_TAGS: Final = frozenset(("footer", "aside"))
MIN_ARTICLE_CHARS: Final = 500
"""Characters below which the result is taken for a failure, and the rules are loosened."""


class _BoxTotals:
    """What lies in a box: counts that the rules for its content need."""

    __slots__ = (
        "boxes",
        "chars",
        "commas",
        "embeds",
        "headed",
        "images",
        "inputs",
        "items",
        "linked",
        "listed",
        "paragraphs",
    )

    def __init__(self) -> None:
        self.chars = self.linked = self.commas = self.headed = self.listed = 0
        self.paragraphs = self.images = self.items = self.inputs = self.embeds = 0


@lru_cache(maxsize=4096)
def _weight(names: str) -> int:
    return 25 * bool(_POSITIVE.search(names)) - 25 * bool(_NEGATIVE.search(names))


class ReadabilityScore:
    """Paragraph scores of one page; `kept()` says for every block whether it would stay."""

    def __init__(
        self, blocks: Sequence[Block], boxes: Sequence[Box], unseen: Iterable[Box] = ()
    ) -> None:
        self.blocks, self.boxes = blocks, boxes
        self._unseen = set(unseen)
        self._commas = [len(_COMMAS.findall(block.text)) for block in blocks]
        self._count()

    def _count(self) -> None:
        self.sums = {box: _BoxTotals() for box in self.boxes}
        self._names = {}
        by_element = {box.element: box for box in self.boxes}
        for box in self.boxes:
            get = box.element.get
            self._names[box] = (get("class") or "").lower(), (get("id") or "").lower()
        root = self.boxes[0].element
        for element in root.iter(
            "img", "input", "textarea", "select", "button", "iframe", "embed", "object"
        ):
            holder = element.getparent()
            while holder is not None and holder not in by_element:
                holder = holder.getparent()
            if holder is None:
                continue
            sums = self.sums[by_element[holder]]
            if element.tag == "img":
                sums.images += 1
            elif element.tag == "input":
                sums.inputs += element.get("type") != "hidden"
            elif element.tag in ("iframe", "embed", "object"):
                sums.embeds += 1
        for block, commas in zip(self.blocks, self._commas, strict=True):
            sums = self.sums[block.box]
            size = len(block.text)
            tag = block.box.element.tag
            sums.chars += size
            sums.linked += block.linked_chars
            sums.commas += commas
            if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
                sums.headed += size
            if tag in ("p", "div", "section", "center", "td") or block.box.child_count:
                sums.paragraphs += 1
        for box in self.boxes:
            self.sums[box].items += box.element.tag == "li"
        for box in reversed(self.boxes):
            mine = self.sums[box]
            if box.element.tag in ("ul", "ol"):
                mine.listed = mine.chars
            if box.parent is not None:
                over = self.sums[box.parent]
                for name in _BoxTotals.__slots__[1:]:
                    setattr(over, name, getattr(over, name) + getattr(mine, name))

    def _class_weight(self, box: Box) -> int:
        names, own_id = self._names[box]
        return (_weight(names) if names else 0) + (_weight(own_id) if own_id else 0)

    def _density(self, box: Box) -> float:
        sums = self.sums[box]
        return sums.linked / sums.chars if sums.chars else 0.0

    def selected(self) -> list[float]:
        """1 for blocks that stay, 0 for others, in the order of the blocks."""
        best: list[float] = []
        for strip, weigh, prune in (
            (True, True, True),
            (False, True, True),
            (False, False, True),
            (False, False, False),
        ):
            found = self._attempt(strip, weigh, prune)
            size = sum(
                len(block.text) for block, keep in zip(self.blocks, found, strict=True) if keep
            )
            if size >= MIN_ARTICLE_CHARS:
                return found
            if not best or size > sum(
                len(b.text) for b, keep in zip(self.blocks, best, strict=True) if keep
            ):
                best = found
        return best

    def _removed_boxes(self, strip: bool) -> set[Box]:
        gone: set[Box] = set()
        for box in self.boxes:
            if box.parent in gone:
                gone.add(box)
                continue
            element = box.element
            if (
                box in self._unseen
                or element.get("aria-hidden") == "true"
                or element.get("aria-modal") == "true"
            ):
                gone.add(box)
            elif strip and element.tag not in ("body", "html", "a"):
                words = " ".join(self._names[box])
                if element.get("role") in _ROLES or (
                    _UNLIKELY.search(words)
                    and not _CANDIDATE.search(words)
                    and not _inside(box, ("table", "code"))
                ):
                    gone.add(box)
        return gone

    def _attempt(self, strip: bool, weigh: bool, prune: bool) -> list[float]:
        gone = self._removed_boxes(strip)
        scores = self._score(gone, weigh)
        top = self._top_candidate(scores)
        if top is None:
            kept = {box for box in self.boxes if box not in gone}
            roots = {self.boxes[0]}
        else:
            roots = self._with_siblings(top, scores, gone)
            kept = set()
            for box in self.boxes:
                if box not in gone and (box.parent in kept or box in roots):
                    kept.add(box)
        dropped = self._pruned(kept, scores, weigh) if prune else set()
        result = []
        for block in self.blocks:
            box = block.box
            keep = box in kept and box not in dropped
            if not keep and top is not None and top.parent is box and box not in gone:
                keep = self._is_loose_text(block)
            result.append(float(keep))
        return result

    @staticmethod
    def _is_loose_text(block: Block) -> bool:
        density = block.linked_chars / len(block.text)
        return (len(block.text) > 80 and density < 0.25) or (
            not block.linked_chars and bool(re.search(r"\.(?: |$)", block.text))
        )

    def _score(self, gone: set[Box], weigh: bool) -> dict[Box, float]:
        scores: dict[Box, float] = {}
        for block, commas in zip(self.blocks, self._commas, strict=True):
            box = block.box
            if box in gone or len(block.text) < 25:
                continue
            mixed = box.child_count or box.element.tag in ("body", "article", "main", "form")
            if not mixed and box.element.tag not in _SCORED_TAGS:
                continue
            worth = 1 + commas + 1 + min(len(block.text) // 100, 3)
            around: Box | None = box if mixed else box.parent
            for level in range(5):
                if around is None:
                    break
                if around not in scores:
                    scores[around] = float(_BASE_SCORES.get(around.element.tag, 0))
                    if weigh:
                        scores[around] += self._class_weight(around)
                scores[around] += worth / (1 if level == 0 else 2 if level == 1 else level * 3)
                around = around.parent
        for box in scores:
            scores[box] *= 1 - self._density(box)
        return scores

    def _top_candidate(self, scores: dict[Box, float]) -> Box | None:
        ranked = sorted(
            (box for box in scores if box.element.tag != "html"), key=lambda b: -scores[b]
        )[:5]
        if not ranked or ranked[0].element.tag == "body":
            return None
        top = self._common_ancestor(ranked, scores)
        last = scores.get(top, 0.0)
        threshold = last / 3
        around = top.parent
        while around is not None and around.element.tag not in ("body", "html"):
            if around in scores:
                if scores[around] < threshold:
                    break
                if scores[around] > last:
                    top = around
                    break
                last = scores[around]
            around = around.parent
        while (
            top.parent is not None
            and top.parent.element.tag != "body"
            and top.parent.child_count == 1
        ):
            top = top.parent
        return top

    @staticmethod
    def _common_ancestor(ranked: list[Box], scores: dict[Box, float]) -> Box:
        """The box around three of the best, where they are nearly as good as the best."""
        top = ranked[0]
        rivals = [box for box in ranked[1:] if scores[box] >= 0.75 * scores[top]]
        if len(rivals) < 3:
            return top
        lines = [set(_ancestor_line(rival)) for rival in rivals]
        for around in _ancestor_line(top):
            if around.element.tag in ("body", "html"):
                break
            if sum(around in line for line in lines) >= 3:
                return around
        return top

    def _with_siblings(self, top: Box, scores: dict[Box, float], gone: set[Box]) -> set[Box]:
        threshold = max(10.0, scores.get(top, 0.0) * 0.2)
        roots = {top}
        if top.parent is None:
            return roots
        name = top.element.get("class") or ""
        for box in self.boxes:
            if box.parent is not top.parent or box in gone or box is top:
                continue
            bonus = scores.get(top, 0.0) * 0.2 if name and box.element.get("class") == name else 0.0
            sums = self.sums[box]
            if box in scores and scores[box] + bonus >= threshold:
                roots.add(box)
            elif box.element.tag == "p" and sums.chars:
                density = self._density(box)
                if (sums.chars > 80 and density < 0.25) or (
                    sums.chars < 80
                    and not density
                    and box.end_block > box.first_block
                    and self.blocks[box.end_block - 1].text.endswith(".")
                ):
                    roots.add(box)
        return roots

    def _pruned(self, kept: set[Box], scores: dict[Box, float], weigh: bool) -> set[Box]:
        dropped: set[Box] = set()
        for box in self.boxes:
            if box not in kept:
                continue
            if box.parent in dropped:
                dropped.add(box)
                continue
            tag = box.element.tag
            if tag in _DROPPED_TAGS or (
                self.sums[box].chars < MIN_ARTICLE_CHARS
                and _SHARE_BUTTONS.search(" ".join(self._names[box]))
            ):
                dropped.add(box)
            elif tag in ("h1", "h2"):
                if self._class_weight(box) < 0:
                    dropped.add(box)
            elif (
                tag in _PRUNED
                and (tag != "table" or box.child_count)
                and self._is_clutter(box, weigh)
            ):
                dropped.add(box)
        return dropped

    def _is_clutter(self, box: Box, weigh: bool) -> bool:
        sums, tag = self.sums[box], box.element.tag
        weight = self._class_weight(box) if weigh else 0
        if weight < 0:
            return True
        if sums.commas >= 10 or not sums.chars:
            return False
        is_list = tag in ("ul", "ol") or sums.listed > 0.9 * sums.chars
        in_figure = _inside(box, ("figure",))
        density = sums.linked / sums.chars
        if not in_figure and sums.images > 1 and sums.paragraphs / sums.images < 0.5:
            return True
        if not is_list and sums.items - 100 > sums.paragraphs:
            return True
        if sums.inputs > sums.paragraphs // 3:
            return True
        if (
            not is_list
            and not in_figure
            and sums.headed < 0.9 * sums.chars
            and sums.chars < 25
            and (sums.images == 0 or sums.images > 2)
            and density > 0
        ):
            return True
        if not is_list and weight < 25 and density > 0.2:
            return True
        if weight >= 25 and density > 0.5:
            return True
        return (sums.embeds == 1 and sums.chars < 75) or sums.embeds > 1


def _ancestor_line(box: Box | None) -> list[Box]:
    line = []
    while box is not None:
        line.append(box)
        box = box.parent
    return line


def _inside(box: Box | None, tags: Sequence[str]) -> bool:
    return any(around.element.tag in tags for around in _ancestor_line(box))
