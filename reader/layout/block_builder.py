"""Block builder: events of a Markdown text to blocks with their text."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from reader.layout.block_containers import (
    Container,
    ListLengths,
    OpenList,
    common_prefix,
    make_container,
)
from reader.layout.blocks import Block, BlockKind
from reader.layout.inline_text import (
    NO_TEXT,
    InlineBuilder,
    InlineText,
    formula_text,
    join_cells,
    to_inline_text,
    to_superscript,
)
from reader.layout.paragraphs import MAX_OPEN, MAX_PARAGRAPH, caption, split_paragraph
from reader.layout.text_styles import ColorRole, Decoration, FontStyle
from reader.markdown.events import TEXT_EVENTS, Event, Range
from reader.markdown.outline import link_url
from reader.model.text import one_line

MAX_LISTED: Final = 200
"""Lines of a code block in one block of the layout."""
QUOTE_BAR: Final = Decoration("▎ ", ColorRole.BAR)
_BULLETS: Final = ("•", "◦", "▪")
_CALLOUT: Final = re.compile(r"\[!([A-Za-z][\w-]*)\][+-]?[ \t]*")
_FONTS: Final = {
    "Strong": int(FontStyle.BOLD),
    "Emphasis": int(FontStyle.ITALIC),
    "Strikethrough": int(FontStyle.STRIKE),
}
# ⏱ A member of an enumeration takes 180 ns to look up (CPython 3.11), a name of the module 20.
_CAPTION: Final = BlockKind.CAPTION
_CODE: Final = BlockKind.CODE
_HEADING: Final = BlockKind.HEADING
_IMAGE: Final = BlockKind.IMAGE
_LABEL: Final = BlockKind.LABEL
_MATH: Final = BlockKind.MATH
_TABLE: Final = BlockKind.TABLE
_PARAGRAPH: Final = BlockKind.PARAGRAPH
_RULE: Final = BlockKind.RULE
_CALLOUT_COLOR: Final = ColorRole.CALLOUT
_CAPTION_COLOR: Final = ColorRole.CAPTION
_CODE_COLOR: Final = ColorRole.CODE
_DIM_COLOR: Final = ColorRole.DIM
_HEADING_COLOR: Final = ColorRole.HEADING
_MARKER_COLOR: Final = ColorRole.MARKER
_QUOTE_COLOR: Final = ColorRole.QUOTE
_RULE_COLOR: Final = ColorRole.RULE
_TEXT_COLOR: Final = ColorRole.TEXT
_new: Final = tuple.__new__
_ALIGNS: Final = {"Right": "r", "Center": "c"}


class _Figure(NamedTuple):
    """An image or a formula that is a block if nothing else stands on its lines."""

    is_image: bool
    text: str
    destination: str = ""
    link_ended: bool = False
    space: str = ""


class BlockBuilder:
    """Builder of blocks from the events of one text, one part after the other."""

    def __init__(self, markdown: str, source: bytes, numbers: Mapping[str, str]):
        self.blocks: list[Block] = []
        self.notes: dict[str, list[int]] = {}
        self._source = source
        self._numbers = numbers
        self._lengths = ListLengths(markdown)
        # The innermost container around the next block, and that around the last one.
        self._inner: Container | None = None
        self._last_inner: Container | None = None
        self._lists: list[OpenList] = []
        self._outer: object = None
        self._last_outer: object = None
        self._note = ""
        self._marks: dict[str, tuple[Decoration, Decoration]] = {}
        # The text that is being read, and what takes its next words. Without an inline builder
        # it is one stretch of words at most: `_words`.
        self._inline: InlineBuilder | None = None
        self._words = ""
        self._sink: Callable[[str], object] = self._begin_tight_paragraph
        self._is_open = False
        self._is_paragraph = False
        self._has_emitted = False
        self._gap = 1
        self._line_start = 0
        self._label = ""
        self._is_after_image = False
        self._figure: _Figure | None = None
        self._alt: list[str] | None = None
        self._address = ""
        self._nested_images = 0
        self._code: list[str] = []
        self._info = ""
        self._aligns = ""
        self._rows: list[Sequence[InlineText]] = []
        self._cells: list[InlineText] = []
        self._starts = self._start_handlers()
        self._ends = self._end_handlers()
        self._values = self._value_handlers()

    def _start_handlers(self) -> dict[str, Callable[[Any, Range], None]]:
        """Return the methods that begin elements, by the kind of the event."""
        return {
            "Paragraph": self._start_paragraph,
            "HtmlBlock": self._start_paragraph,
            "Heading": self._start_heading,
            "BlockQuote": self._start_quote,
            "CodeBlock": self._start_code,
            "List": self._start_list,
            "Item": self._start_item,
            "FootnoteDefinition": self._start_note,
            "Table": self._start_table,
            "TableCell": self._start_cell,
            "Link": self._start_link,
            "Image": self._start_image,
            **{name: partial(self._start_font, font) for name, font in _FONTS.items()},
        }

    def _end_handlers(self) -> dict[str, Callable[[Any], None]]:
        """Return the methods that end elements, by the kind of the event."""
        return {
            "Paragraph": self._end_paragraph,
            "HtmlBlock": self._end_paragraph,
            "Heading": self._end_heading,
            "BlockQuote": self._end_container,
            "CodeBlock": self._end_code,
            "List": self._end_list,
            "Item": self._end_item,
            "FootnoteDefinition": self._end_note,
            "Table": self._end_table,
            "TableHead": self._end_row,
            "TableRow": self._end_row,
            "TableCell": self._end_cell,
            "Link": self._end_link,
            **dict.fromkeys(_FONTS, self._end_font),
        }

    def _value_handlers(self) -> dict[str, Callable[[Any], None]]:
        """Return the methods for events with one value, by their kind."""
        return {
            "Html": self._add_html,
            "InlineHtml": self._add_html,
            "Code": self._add_code,
            "InlineMath": self._add_formula,
            "DisplayMath": self._add_display_formula,
            "FootnoteReference": self._refer,
            "TaskListMarker": self._mark_task,
        }

    def read(self, stream: Iterator[tuple[Event, Range]], end: int) -> int | None:
        """Read to the first block that ends behind byte `end`; return that place, None at the end.

        Uses up the events. Places matter for `end`, and where `[!` opens a quote.
        """
        starts, ends, values = self._starts, self._ends, self._values
        for event, place in stream:
            kind = ""
            if self._alt is not None:
                self._read_alt(event)
            elif type(event) is str:
                if event == "Rule":
                    self._add_rule()
                else:
                    self._break(event)
            else:
                # ⏱ Half the time of unpacking the items; the event is nobody else's.
                kind, value = event.popitem()  # type: ignore[union-attr]  # ⏱ not isinstance
                if kind == "Text":
                    self._sink(value)
                    continue
                if kind == "Start":
                    name, options = (value, None) if type(value) is str else value.popitem()
                    if name in starts:
                        starts[name](options, place)
                elif kind == "End":
                    name, options = (value, None) if type(value) is str else value.popitem()
                    if name in ends:
                        ends[name](options)
                else:
                    values[kind](value)
            if self._has_emitted:
                self._has_emitted = False
                at = place["start" if kind == "Start" else "end"]
                if at >= end:
                    return at
        return None

    # The functions of inline events.

    def _open_inline(self) -> InlineBuilder:
        """Return the builder of the text that an inline event belongs to."""
        if self._figure is not None:
            self._release_figure()
        elif self._inline is None:
            if not self._is_open:
                self._begin_paragraph(is_tight=True)
            return self._begin_inline()
        return self._inline  # type: ignore[return-value]  # there is one now

    def _begin_inline(self) -> InlineBuilder:
        """Continue the open text in a builder."""
        self._inline = InlineBuilder()
        self._inline.add_text(self._words)
        self._words = ""
        self._sink = self._inline.add_text
        return self._inline

    def _break(self, kind: str) -> None:
        """Read the end of a line in a text."""
        if not self._is_open:
            return
        inline, figure = self._inline, self._figure
        if inline is None:
            inline = self._begin_inline()
        if figure is not None:
            if not inline.is_nested or figure.link_ended:
                self._emit_figure(figure)
                return
            self._release_figure()
        if self._label:
            self._finish_label()
            return
        inline.add_break("\n" if kind == "HardBreak" else " ")
        if inline.size > MAX_OPEN:
            self._emit_portions(inline)
        self._line_start = inline.size

    def _emit_portions(self, inline: InlineBuilder) -> None:
        """Emit the beginning of a long paragraph."""
        if self._is_paragraph and not inline.is_nested and self._figure is None and not self._label:
            pieces, end = split_paragraph(inline.build_all(), is_open=True)
            for piece in pieces:
                self._emit(_PARAGRAPH, piece, _TEXT_COLOR, self._gap)
                self._gap = 0
            inline.drop(end)
            self._line_start = -1

    def _start_font(self, font: int, options: object, place: Range) -> None:
        inline = self._inline
        if inline is None or self._figure is not None:
            inline = self._open_inline()
        inline.open_font(font)

    def _end_font(self, options: object) -> None:
        inline = self._inline
        if inline is None or self._figure is not None:
            inline = self._open_inline()
        inline.close_font()
        if inline.size > MAX_OPEN:
            self._emit_portions(inline)

    def _start_link(self, options: Mapping[str, str], place: Range) -> None:
        self._open_inline().open_link(link_url(dict(options)), options["title"])

    def _end_link(self, options: object) -> None:
        if self._figure is not None:
            self._figure = self._figure._replace(link_ended=True)
        else:
            inline = self._open_inline()
            inline.close_link()
            if inline.size > MAX_OPEN:
                self._emit_portions(inline)

    def _start_image(self, options: Mapping[str, str], place: Range) -> None:
        self._open_inline()
        self._alt, self._address, self._nested_images = [], options["dest_url"], 0

    def _read_alt(self, event: Event) -> None:
        """Read an event of an image's description."""
        assert self._alt is not None
        if isinstance(event, str):
            self._alt.append(" ")
            return
        ((kind, value),) = event.items()
        if kind in TEXT_EVENTS:
            self._alt.append(value)
        elif kind == "Start":
            self._nested_images += type(value) is dict and "Image" in value
        elif kind == "End" and value == "Image":
            if self._nested_images:
                self._nested_images -= 1
            else:
                self._finish_image("".join(self._alt))

    def _finish_image(self, alt: str) -> None:
        inline = self._open_inline()
        self._alt = None
        is_free = not inline.is_nested or inline.is_only_link
        if self._is_paragraph and is_free and not inline.size and not self._label:
            self._hold_figure(_Figure(True, alt, self._address))
        else:
            inline.add_image(alt)

    def _add_display_formula(self, source: str) -> None:
        inline = self._open_inline()
        if not source or source.isspace():
            return
        is_first = inline.size == self._line_start and not inline.is_nested
        if self._is_paragraph and is_first and not self._label:
            self._hold_figure(_Figure(False, source))
        else:
            inline.add_formula(source)

    def _hold_figure(self, figure: _Figure) -> None:
        """Keep a figure until the next event tells whether it stands alone."""
        self._figure = figure
        self._sink = self._add_behind_figure

    def _add_behind_figure(self, text: str) -> None:
        if text.isspace() and self._figure is not None:
            self._figure = self._figure._replace(space=text)
        else:
            self._open_inline().add_text(text)

    def _release_figure(self) -> None:
        """Make the figure a part of the text around it."""
        figure, self._figure = self._figure, None
        inline = self._inline
        assert figure is not None
        assert inline is not None
        self._sink = inline.add_text
        if figure.is_image:
            inline.add_image(figure.text)
        else:
            inline.add_formula(figure.text)
        if figure.link_ended:
            inline.close_link()
        inline.add_text(figure.space)

    def _emit_figure(self, figure: _Figure) -> None:
        """Emit an image or a formula that stands alone on its lines."""
        self._figure = None
        before = self._end_text()
        if figure.is_image:
            alt, place = one_line(figure.text), figure.destination
            self._emit(_IMAGE, NO_TEXT, _DIM_COLOR, self._gap, info=place, alt=alt)
        else:
            self._emit_text(before)
            lines = figure.text.strip().split("\\\\")
            text = InlineText("\n".join(map(formula_text, lines)))
            self._emit(_MATH, text, _TEXT_COLOR)
        self._is_after_image = figure.is_image
        self._gap = 1
        self._begin_text()

    def _add_code(self, text: str) -> None:
        inline = self._open_inline()
        inline.add_code(text)
        if inline.size > MAX_OPEN:
            self._emit_portions(inline)

    def _add_formula(self, source: str) -> None:
        inline = self._open_inline()
        inline.add_formula(source)
        if inline.size > MAX_OPEN:
            self._emit_portions(inline)

    def _refer(self, label: str) -> None:
        self._open_inline().add_note(label, self._numbers.get(label, label))

    def _add_html(self, text: str) -> None:
        self._sink(text.rstrip("\n"))
        if text.endswith("\n"):
            self._break("SoftBreak")

    def _add_rule(self) -> None:
        if self._is_paragraph:
            self._finish_paragraph()
        self._emit(_RULE, NO_TEXT, _RULE_COLOR)

    # The functions of paragraphs and headings.

    def _begin_text(self) -> None:
        """Open a text: a paragraph, a heading, a label, a cell."""
        self._is_open = True
        self._inline = None
        self._words = ""
        self._sink = self._add_first_words
        self._line_start = 0

    def _add_first_words(self, words: str) -> None:
        self._words = words
        self._sink = self._add_further_words

    def _add_further_words(self, words: str) -> None:
        self._begin_inline().add_text(words)

    def _end_text(self) -> InlineText:
        """Close the open text and return it."""
        inline, self._inline = self._inline, None
        self._is_open = False
        self._sink = self._begin_tight_paragraph
        if inline is not None:
            return inline.build()
        words, self._words = self._words, ""
        return to_inline_text(words)

    def _begin_tight_paragraph(self, words: str) -> None:
        self._begin_paragraph(is_tight=True)
        self._sink(words)

    def _begin_paragraph(self, *, is_tight: bool = False) -> None:
        self._gap = 0 if is_tight and self._outer is self._last_outer else 1
        if self._note and self._last_inner and self._inner and not self._inner.has_started:
            self._gap = int(len(self.notes) == 1)
        self._is_paragraph = True
        self._is_after_image = False
        self._begin_text()

    def _start_paragraph(self, options: object, place: Range) -> None:
        if self._is_paragraph:
            self._finish_paragraph()
        self._begin_paragraph()
        inner = self._inner
        if inner and inner.first is QUOTE_BAR and not inner.has_started:
            start = place["start"]
            # An escaped bracket is text.
            if self._source[start : start + 2] == b"[!":
                self._sink = self._read_callout

    def _read_callout(self, words: str) -> None:
        """Read the kind of a callout: a label, of which the rest of the line is the title."""
        inner = self._inner
        if inner and (found := _CALLOUT.match(words)):
            bar = QUOTE_BAR._replace(color=_CALLOUT_COLOR)
            inner.color = inner.outer.color if inner.outer else None
            inner.first, inner.prefix = bar, (*inner.prefix[:-1], bar)
            self._label = found[1].replace("-", " ").capitalize()
            words = words[found.end() :]
        self._add_first_words(words)

    def _finish_label(self) -> None:
        title = self._end_text()
        if not title.text:
            title = InlineText(self._label)
        self._emit(_LABEL, title, _CALLOUT_COLOR, self._gap)
        self._label, self._gap = "", 0
        self._begin_text()

    def _end_paragraph(self, options: object) -> None:
        self._finish_paragraph()

    def _finish_paragraph(self) -> None:
        """Emit the open paragraph, if there is one."""
        if not self._is_paragraph:
            return
        if self._figure is not None:
            self._break("SoftBreak")
        if self._label:
            self._finish_label()
        self._is_paragraph = False
        self._emit_text(self._end_text())

    def _emit_text(self, content: InlineText) -> None:
        """Emit the words of the paragraph: a caption if all are emphasised below an image."""
        if not content.text:
            return
        if self._is_after_image and (words := caption(content)):
            self._emit(_CAPTION, words, _CAPTION_COLOR, 0)
        elif len(content.text) <= MAX_PARAGRAPH:
            self._emit(_PARAGRAPH, content, _TEXT_COLOR, self._gap)
        else:
            for piece in split_paragraph(content)[0]:
                self._emit(_PARAGRAPH, piece, _TEXT_COLOR, self._gap)
                self._gap = 0

    def _start_heading(self, options: Mapping[str, Any], place: Range) -> None:
        if self._is_paragraph:
            self._finish_paragraph()
        self._begin_text()

    def _end_heading(self, options: str) -> None:
        level = int(options[1:])
        self._emit(_HEADING, self._end_text(), _HEADING_COLOR, level=level)

    # The functions of containers.

    def _start_quote(self, options: object, place: Range) -> None:
        self._finish_paragraph()
        self._inner = make_container(self._inner, QUOTE_BAR, QUOTE_BAR, _QUOTE_COLOR)

    def _start_list(self, start: int | None, place: Range) -> None:
        self._finish_paragraph()
        if start is None:
            depth = sum(not known.is_ordered for known in self._lists)
            opened = OpenList(self._inner, f"{_BULLETS[depth % len(_BULLETS)]} ", None, 2)
        else:
            width = len(str(start + self._lengths.take() - 1)) + 2
            opened = OpenList(self._inner, " ", start, width)
        if not self._lists:
            self._outer = opened
        self._lists.append(opened)

    def _end_list(self, options: object) -> None:
        self._lists.pop()
        if not self._lists:
            self._outer = None

    def _start_item(self, options: object, place: Range) -> None:
        if self._is_paragraph:
            self._finish_paragraph()
        self._inner = self._lists[-1].next_item()

    def _end_item(self, options: object) -> None:
        if self._is_paragraph:
            self._finish_paragraph()
        inner = self._inner
        assert inner is not None
        if not inner.has_started:
            self._emit(_PARAGRAPH, NO_TEXT, _TEXT_COLOR, 0)
        self._inner = inner.outer

    def _mark_task(self, is_done: bool) -> None:
        """Put a box in place of the bullet."""
        inner = self._inner
        if inner and inner.first and not inner.has_started:
            box = ("☑ " if is_done else "☐ ").rjust(len(inner.first.text))
            inner.first = inner.first._replace(text=box)

    def _start_note(self, label: str, place: Range) -> None:
        self._finish_paragraph()
        self._note = label
        if label not in self.notes:
            mark = to_superscript(self._numbers.get(label, label)) + " "
            self.notes[label] = []
            self._marks[label] = Decoration(mark, _MARKER_COLOR), Decoration(" " * len(mark))
        self._inner = make_container(self._inner, *self._marks[label])

    def _end_note(self, options: object) -> None:
        self._end_container(options)
        self._note = ""

    def _end_container(self, options: object) -> None:
        self._finish_paragraph()
        if self._inner:
            self._inner = self._inner.outer

    # The functions of code and tables.

    def _start_code(self, options: str | dict[str, str], place: Range) -> None:
        self._finish_paragraph()
        info = options["Fenced"] if type(options) is dict else ""
        self._info = info.split()[0] if info and not info.isspace() else ""
        self._code = []
        self._sink = self._code.append
        self._is_open = True

    def _end_code(self, options: object) -> None:
        code = "".join(self._code).removesuffix("\n").expandtabs(4)
        if code.count("\n") < MAX_LISTED:
            self._emit(_CODE, _new(InlineText, (code, (), (), ())), _CODE_COLOR, info=self._info)
        else:
            lines = code.split("\n")
            for begin in range(0, len(lines), MAX_LISTED):
                text = InlineText("\n".join(lines[begin : begin + MAX_LISTED]))
                self._emit(_CODE, text, _CODE_COLOR, int(not begin), info=self._info)
        self._code = []
        self._end_text()

    def _start_table(self, options: Sequence[str], place: Range) -> None:
        self._finish_paragraph()
        self._aligns = "".join(_ALIGNS.get(align, "l") for align in options)
        self._rows = []

    def _start_cell(self, options: object, place: Range) -> None:
        self._begin_text()

    def _end_cell(self, options: object) -> None:
        self._cells.append(self._end_text())

    def _end_row(self, options: object) -> None:
        self._rows.append(self._cells)
        self._cells = []

    def _end_table(self, options: object) -> None:
        table = join_cells(self._rows)
        self._emit(_TABLE, table, _TEXT_COLOR, aligns=self._aligns)
        self._rows = []

    def _emit(
        self,
        kind: BlockKind,
        content: InlineText,
        color: ColorRole,
        gap: int = 1,
        *,
        level: int = 0,
        info: str = "",
        alt: str = "",
        aligns: str = "",
    ) -> None:
        """Add the block with the decorations of its containers."""
        first: tuple[Decoration, ...] = ()
        rest: tuple[Decoration, ...] = ()
        between: tuple[Decoration, ...] = ()
        inner, last = self._inner, self._last_inner
        if inner:
            first, rest = inner.first_prefix(), inner.prefix
            if inner is last:
                between = rest
            elif last and inner.outer is last.outer:
                between = inner.outer.prefix if inner.outer else ()
            else:
                between = common_prefix(inner, last)
            if inner.color and color is _TEXT_COLOR:
                color = inner.color
            if not inner.has_started:
                inner.start()
            if self._note:
                self.notes[self._note].append(len(self.blocks))
        self._last_inner = inner
        if not self.blocks:
            gap = 0
        # ⏱ Half the time of calling the class; a text may have 500,000 blocks.
        self.blocks.append(
            _new(
                Block,
                (kind, content, color, first, rest, between, gap, level, info, alt, aligns, ()),
            )
        )
        self._last_outer = self._outer
        self._has_emitted = True
