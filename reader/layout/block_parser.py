"""Block parser: Markdown to blocks, one part of the article at a time; inline text later."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from markdown_it.token import Token

from reader.layout.blocks import Block, BlockKind
from reader.layout.inline_parser import to_superscript
from reader.layout.text_styles import ColorRole, Decoration
from reader.markdown.parser import markdown_parser
from reader.model.text import clean, one_line

MAX_PARAGRAPH: Final = 4_000
"""Code points up to which a paragraph is not split."""
MIN_PORTION: Final = 2_000
MAX_PORTION: Final = 8_000
_PORTION_END: Final = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+|(?<=[。！？])|\n")


def split_paragraph(raw: str) -> list[str]:
    """Split the paragraph's Markdown after sentences, outside links, emphasis and code.

    A long stretch without a sentence end is cut anywhere. Only white space at the cuts is lost.
    """
    if len(raw) <= MAX_PARAGRAPH:
        return [raw]
    found: list[str] = []
    start = 0
    while len(raw) - start > MAX_PARAGRAPH:
        end = _find_cut(raw, start)
        found.append(raw[start:end].strip())
        start = end
    return [*found, raw[start:].strip()]


def _find_cut(raw: str, start: int) -> int:
    for end in _PORTION_END.finditer(raw, start + MIN_PORTION, start + MAX_PORTION):
        if _is_balanced(raw[start : end.end()]):
            return end.end()
    space = raw.rfind(" ", start + MIN_PORTION, start + MAX_PORTION)
    return space + 1 if space >= 0 else start + MAX_PORTION


def _is_balanced(portion: str) -> bool:
    """Return whether every mark that the portion opens is closed, as far as counting shows."""
    return (
        portion.count("[") == portion.count("]")
        and portion.count("(") == portion.count(")")
        and not any(portion.count(sign) % 2 for sign in "*_`$~")
    )


_BULLETS: Final = ("•", "◦", "▪")
_TASK: Final = re.compile(r"\[([ xX])\]\s+")
_CALLOUT: Final = re.compile(r"\[!([A-Za-z][\w-]*)\][+-]?[ \t]*([^\n]*)\n?")
_IMAGE: Final = re.compile(
    r"\[?!\[((?:\\.|[^\]\\])*)\]\(\s*(<[^>\n]*>|[^)\s]*)(?:\s+\"[^\"]*\")?\s*\)(?:\]\([^)\n]*\))?[ \t]*(?:\n|$)"
)
_CAPTION: Final = re.compile(r"([*_])(?!\s)(.+)\1\s*", re.DOTALL)
_DEFINITION: Final = re.compile(r"^ {0,3}\[([^\]\n]{1,200})\]:.*$", re.MULTILINE)
_BOUNDARY: Final = re.compile(r"\n(?:[ \t]*\n(?=[^\W\d_]|#)|(?=#{1,6} ))")
_FENCE: Final = re.compile(r"^ *(?:> ?)*(`{3,}|~{3,}|\$\$)(.*)$", re.MULTILINE)
MAX_LINKS: Final = 1_000
"""Link definitions collected before their part is parsed; our own Markdown has none."""
PART_SIZE: Final = 8_000
"""Code points of Markdown that are parsed at a time."""
MIN_LOCATED: Final = 4
"""Words that are searched for together: few, because markup may stand between them."""
MAX_LISTED: Final = 200
"""Lines of a code block in one block of the layout."""
QUOTE_BAR: Final = Decoration("▎ ", ColorRole.BAR)


class BlockParser:
    """Incremental parser of an article's Markdown.

    Parts end only where no container continues, so that the blocks equal those of the whole text.
    Definitions that inline Markdown may refer to are known from the start: `environment` holds them
    as markdown-it does, and under `numbers` the number shown for each footnote label.
    """

    def __init__(self, markdown: str):
        self._markdown = markdown
        self._at = 0
        self.environment = _collect_definitions(markdown)
        self._builder = _BlockBuilder(self.environment["numbers"])

    @property
    def blocks(self) -> Sequence[Block]:
        """The blocks so far; the sequence only grows."""
        return self._builder.blocks

    @property
    def notes(self) -> Mapping[str, Sequence[int]]:
        """The indexes of each footnote's blocks, by its label."""
        return self._builder.notes

    @property
    def pending(self) -> int:
        """The code points of Markdown not yet parsed."""
        return len(self._markdown) - self._at

    @property
    def parsed(self) -> int:
        """The code points of Markdown already parsed."""
        return self._at

    def locate(self, words: str, near: float) -> int | None:
        """Guess the offset of some of the words in the Markdown, nearest to a share."""
        each = words.split(" ")
        expected = int(near * len(self._markdown))
        for begin in range(0, len(each), MIN_LOCATED):
            piece = " ".join(each[begin : begin + MIN_LOCATED])
            before = self._markdown.rfind(piece, 0, expected)
            after = self._markdown.find(piece, expected)
            places = [place for place in (before, after) if place >= 0]
            if places:
                return min(places, key=lambda place: abs(place - expected))
        return None

    def repeats(self, words: str) -> bool:
        """Return whether the first of the words stand more than once in the Markdown."""
        piece = " ".join(words.split(" ")[:MIN_LOCATED])
        return self._markdown.find(piece) != self._markdown.rfind(piece)

    def parse_next(self) -> bool:
        """Parse the next part; return False if none was left. Takes a few milliseconds."""
        if not self.pending:
            return False
        end = _find_part_end(self._markdown, self._at)
        tokens: list[Token] = []
        part = clean(self._markdown[self._at : end])
        markdown_parser().block.parse(part, markdown_parser(), self.environment, tokens)
        self._at = end
        self._builder.read(tokens)
        return True


def parse_blocks(markdown: str) -> BlockParser:
    """Parse the whole article; never raises. Linear in the text."""
    parsing = BlockParser(markdown)
    while parsing.parse_next():
        pass
    return parsing


def _collect_definitions(markdown: str) -> dict[str, Any]:
    """Collect the definitions that inline Markdown anywhere in the text may refer to."""
    environment: dict[str, Any] = {}
    labels: list[str] = []
    links: list[str] = []
    if "]:" in markdown:
        for found in _DEFINITION.finditer(markdown):
            if found[1].startswith("^"):
                labels.append(clean(found[1][1:]))
            else:
                links.append(clean(found[0]))
    markdown_parser().block.parse(
        "\n\n".join(links[:MAX_LINKS]), markdown_parser(), environment, []
    )
    if labels:
        environment["footnotes"] = {"refs": {f":{label}": -1 for label in labels}}
    environment["numbers"] = _footnote_numbers(labels)
    return environment


def _find_part_end(markdown: str, start: int) -> int:
    """Find the end of the part: a paragraph start after a blank line, outside fences."""
    fence = ""
    upto = start
    for found in _BOUNDARY.finditer(markdown, start + PART_SIZE):
        for line in _FENCE.finditer(markdown, upto, found.start()):
            if not fence:
                is_one_line = line[1] == "$$" and line[2].rstrip().endswith("$$")
                fence = "" if is_one_line else line[1]
            elif line[1].startswith(fence) and not line[2].strip():
                fence = ""
            elif fence == "$$" and line[0].rstrip().endswith("$$"):
                fence = ""
        upto = found.start()
        if not fence:
            return found.end()
    return len(markdown)


def _footnote_numbers(labels: Sequence[str]) -> dict[str, str]:
    """Return a number for each footnote: its own if all have one, else its rank."""
    if all(label.isdigit() for label in labels):
        return {label: label for label in labels}
    return {label: str(order) for order, label in enumerate(dict.fromkeys(labels), 1)}


@dataclass(slots=True)
class _Container:
    """Decorations that a container puts left of its blocks; the first only with its first block."""

    first_prefix: Decoration
    rest_prefix: Decoration
    color: ColorRole | None = None
    has_started: bool = False


@dataclass(slots=True)
class _List:
    """A list that is being parsed: its next number or its bullet."""

    ordered: bool
    number: int
    width: int
    bullet: str


class _BlockBuilder:
    """Builder of blocks from markdown-it's block tokens, one part after the other."""

    def __init__(self, numbers: Mapping[str, str]):
        self._tokens: Sequence[Token] = ()
        self._numbers = numbers
        self.blocks: list[Block] = []
        self.notes: dict[str, list[int]] = {}
        self._frames: list[_Container] = []
        self._last_frames: list[_Container] = []
        self._lists: list[_List] = []
        self._outer: object = None
        self._last_outer: object = None
        self._note = ""

    def read(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        index = 0
        while index < len(self._tokens):
            token = self._tokens[index]
            reader = getattr(self, f"_{token.type}", None)
            index = reader(index, token) if reader else index + 1

    def _blockquote_open(self, index: int, token: Token) -> int:
        self._frames.append(_Container(QUOTE_BAR, QUOTE_BAR, ColorRole.QUOTE))
        return index + 1

    def _blockquote_close(self, index: int, token: Token) -> int:
        self._frames.pop()
        return index + 1

    def _bullet_list_open(self, index: int, token: Token) -> int:
        depth = sum(not known.ordered for known in self._lists)
        self._open_list(_List(False, 0, 2, _BULLETS[depth % len(_BULLETS)]))
        return index + 1

    def _ordered_list_open(self, index: int, token: Token) -> int:
        start = int(token.attrs.get("start", 1))
        level, count = token.level, 0
        for following in self._tokens[index + 1 :]:
            if following.level == level and following.type == "ordered_list_close":
                break
            count += following.level == level + 1 and following.type == "list_item_open"
        width = len(str(start + max(count, 1) - 1)) + 2
        self._open_list(_List(True, start, width, ""))
        return index + 1

    def _open_list(self, opened: _List) -> None:
        if not self._lists:
            self._outer = opened
        self._lists.append(opened)

    def _bullet_list_close(self, index: int, token: Token) -> int:
        self._lists.pop()
        if not self._lists:
            self._outer = None
        return index + 1

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, index: int, token: Token) -> int:
        current = self._lists[-1]
        if current.ordered:
            mark = f"{current.number}.".rjust(current.width - 1) + " "
            current.number += 1
        else:
            mark = f"{current.bullet} "
        rest = Decoration(" " * current.width)
        self._frames.append(_Container(Decoration(mark, ColorRole.MARKER), rest))
        return index + 1

    def _list_item_close(self, index: int, token: Token) -> int:
        if not self._frames[-1].has_started:
            self._emit(Block(BlockKind.PARAGRAPH, gap=0))
        self._frames.pop()
        return index + 1

    def _footnote_reference_open(self, index: int, token: Token) -> int:
        self._note = str((token.meta or {}).get("label", ""))
        self.notes.setdefault(self._note, [])
        mark = to_superscript(self._numbers.get(self._note, self._note)) + " "
        self._frames.append(
            _Container(Decoration(mark, ColorRole.MARKER), Decoration(" " * len(mark)))
        )
        return index + 1

    def _footnote_reference_close(self, index: int, token: Token) -> int:
        self._note = ""
        self._frames.pop()
        return index + 1

    def _heading_open(self, index: int, token: Token) -> int:
        raw = self._tokens[index + 1].content
        self._emit(Block(BlockKind.HEADING, raw, ColorRole.HEADING, level=int(token.tag[1:])))
        return index + 3

    def _paragraph_open(self, index: int, token: Token) -> int:
        raw = self._tokens[index + 1].content
        tight = token.hidden and self._lists
        gap = 0 if tight and self._outer is self._last_outer else 1
        if self._note and self.blocks and self._last_frames and not self._frames[-1].has_started:
            gap = int(len(self.notes) == 1)
        if self._frames and not self._frames[-1].has_started:
            raw, gap = self._opening(raw, gap)
        while found := _IMAGE.match(raw):
            self._image(found, gap)
            raw, gap = raw[found.end() :], 0
            if caption := _CAPTION.fullmatch(raw):
                self._emit(Block(BlockKind.CAPTION, caption[2], ColorRole.CAPTION, gap=0))
                return index + 3
            gap = 1
        if raw.strip():
            for portion in split_paragraph(raw):
                self._emit(Block(BlockKind.PARAGRAPH, portion, gap=gap))
                gap = 0
        return index + 3

    def _opening(self, raw: str, gap: int) -> tuple[str, int]:
        """Emit the first paragraph of a container, without a task box or a callout's kind."""
        frame = self._frames[-1]
        if frame.color is ColorRole.QUOTE and (found := _CALLOUT.match(raw)):
            frame.first_prefix = frame.rest_prefix = QUOTE_BAR._replace(color=ColorRole.CALLOUT)
            frame.color = None
            title = found[2] or found[1].replace("-", " ").capitalize()
            self._emit(Block(BlockKind.LABEL, title, ColorRole.CALLOUT, gap=gap))
            return raw[found.end() :], 0
        if self._lists and (task := _TASK.match(raw)):
            box = "☐ " if task[1] == " " else "☑ "
            frame.first_prefix = frame.first_prefix._replace(
                text=box.rjust(len(frame.first_prefix.text))
            )
            return raw[task.end() :], gap
        return raw, gap

    def _image(self, found: re.Match[str], gap: int) -> None:
        destination = found[2].strip("<>")
        alt = one_line(re.sub(r"\\(.)", r"\1", found[1]))
        self._emit(Block(BlockKind.IMAGE, alt, ColorRole.DIM, gap=gap, info=destination))

    def _fence(self, index: int, token: Token) -> int:
        words = token.info.split() if token.info else []
        language = words[0] if words else ""
        lines = token.content.removesuffix("\n").expandtabs(4).split("\n")
        for begin in range(0, max(len(lines), 1), MAX_LISTED):
            text = "\n".join(lines[begin : begin + MAX_LISTED])
            self._emit(
                Block(BlockKind.CODE, text, ColorRole.CODE, info=language, gap=int(not begin))
            )
        return index + 1

    _code_block = _fence

    def _math_block(self, index: int, token: Token) -> int:
        self._emit(Block(BlockKind.MATH, token.content, ColorRole.TEXT))
        return index + 1

    _math_block_label = _math_block

    def _hr(self, index: int, token: Token) -> int:
        self._emit(Block(BlockKind.RULE, color=ColorRole.RULE))
        return index + 1

    def _table_open(self, index: int, token: Token) -> int:
        rows: list[tuple[str, ...]] = []
        cells: list[str] = []
        aligns = ""
        while self._tokens[index].type != "table_close":
            inner = self._tokens[index]
            if inner.type == "inline":
                cells.append(inner.content)
            elif inner.type == "th_open":
                style = str(inner.attrs.get("style", ""))
                aligns += "r" if "right" in style else "c" if "center" in style else "l"
            elif inner.type == "tr_close":
                rows.append(tuple(cells))
                cells = []
            index += 1
        self._emit(Block(BlockKind.TABLE, rows=tuple(rows), aligns=aligns))
        return index + 1

    def _emit(self, block: Block) -> None:
        """Add the block with the decorations of its containers."""
        shared = 0
        for ours, theirs in zip(self._frames, self._last_frames, strict=False):
            if ours is not theirs:
                break
            shared += 1
        ink = next((frame.color for frame in reversed(self._frames) if frame.color), None)
        if self._note:
            self.notes[self._note].append(len(self.blocks))
        self.blocks.append(
            replace(
                block,
                color=ink if ink and block.color is ColorRole.TEXT else block.color,
                first_prefix=tuple(
                    f.rest_prefix if f.has_started else f.first_prefix for f in self._frames
                ),
                rest_prefix=tuple(frame.rest_prefix for frame in self._frames),
                gap_prefix=tuple(frame.rest_prefix for frame in self._frames[:shared]),
                gap=block.gap if self.blocks else 0,
            )
        )
        for frame in self._frames:
            frame.has_started = True
        self._last_frames = list(self._frames)
        self._last_outer = self._outer
