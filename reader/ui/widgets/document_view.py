"""A document as lines that scroll, laid out and drawn only where someone looks."""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.events import MouseEvent
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from reader.layout.block_layout import NARROWEST, NOTHING, Beside, Column
from reader.layout.blocks import Kind
from reader.layout.document import Document
from reader.layout.spans import Drawn, Line, Overlay
from reader.layout.text_styles import Ink
from reader.layout.viewport import Flow, Spot
from reader.model.text import clean
from reader.ui.widgets.line_renderer import CLASSES, Drawing

SLICE: Final = 0.005
"""Seconds of work at a time while heights are measured behind the reader's back."""
PAUSE: Final = 0.012
OVERLAP: Final = 2
"""Lines of the former page that stay in sight on the next."""
WARMED: Final = 6
"""Lines of a picture that are made ready at a time."""
MARGINS: Final = ((60, 2), (30, 1), (0, 0))
"""From how many cells of the pane on how many are left free on each side."""


class Anchor(NamedTuple):
    """What stands on the top line: an offset in a block, and how many lines above it."""

    block: int
    offset: int
    lead: int = 0


TOP: Final = Anchor(0, 0)


class Frame(NamedTuple):
    """What all lines of a painting share: asking the widget for it again costs more than a line.

    `placed` says whether text is to carry its places.
    """

    width: int
    top: int
    blank: Style
    margin: Segment
    selection: Selection | None
    placed: bool


class FlowView(ScrollView, can_focus=True):
    """Scrolls a document; whoever refines it says what lies over and beside its blocks."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(CLASSES)

    def __init__(self, *, id: str | None = None, classes: str | None = None):
        super().__init__(id=id, classes=classes)
        self.document = Document("")
        self._asked = Column()
        self._flow = Flow(self.document, self._asked, self.beside)
        self._drawing = Drawing(self, self.drawn)
        self._left = 0
        self._sideways = 0
        self._next = 0
        self._run = 0
        self._painted: Frame | None = None
        self._wanted: Anchor | None = None
        self._trail: list[Anchor] = []

    # What a refinement says.

    def overlays(self, block: int) -> list[Overlay]:
        """What lies behind the words of a block, the lowest first."""
        return []

    def beside(self, block: int) -> Beside:
        """What is shown with a block though it is not of it."""
        return NOTHING

    def drawn(self, drawn: Drawn, block: int) -> list[Drawn]:
        """A last word on how a stretch is drawn; its width must stay."""
        return [drawn]

    def moved(self) -> None:
        """The top line has changed."""

    def pushed_on(self) -> None:
        """Someone moved down while the last line was in sight."""

    def in_sight(self, blocks: range) -> None:
        """These blocks are on the screen or close to it."""

    def all_measured(self) -> None:
        """Every block has been read and measured."""

    # What is shown.

    def put(self, document: Document, anchor: Anchor = TOP) -> None:
        """Show a document with the anchor on the top line."""
        if self.is_mounted and self.text_selection:
            self.screen.clear_selection()
        self.document = document
        self._trail = []
        self._sideways = 0
        self._set_anew(anchor)

    @property
    def column(self) -> Column:
        """The column as it was asked for; the one drawn is never wider than the pane."""
        return self._asked

    @column.setter
    def column(self, asked: Column) -> None:
        self._asked = asked
        self._reflow()

    @property
    def fitted(self) -> Column:
        """The column that is drawn."""
        return self._flow.column

    @property
    def last(self) -> int:
        """The greatest line that can stand on top."""
        return max(0, self._flow.height - self.size.height)

    @property
    def progress(self) -> float:
        """How far the text has been scrolled, 0.0 to 1.0; 0.0 where it fits the screen."""
        return min(1.0, self.scroll_y / self.last) if self.last else 0.0

    @property
    def above(self) -> float:
        """How much of the text lies above the top line, 0.0 to 1.0; never all of it."""
        return self.scroll_y / self._flow.height if self._flow.height else 0.0

    @property
    def is_at_end(self) -> bool:
        return self.scroll_offset.y >= self.last

    @property
    def is_settling(self) -> bool:
        """Whether something about the text is still being worked out: heights, at least."""
        return not self._flow.is_known

    @property
    def place(self) -> Anchor:
        """What stands on the top line."""
        if self._wanted:
            return self._wanted
        if not self.document.blocks:
            return TOP
        flow = self._flow
        spot = flow.spot(self.scroll_offset.y)
        lead = flow.gap(spot.block) - spot.row
        if lead > 0:
            return Anchor(spot.block, 0, lead)
        row = spot.row
        line = flow.line(spot)
        while line is None and row > 0:
            row -= 1
            line = flow.line(Spot(spot.block, row))
        return Anchor(spot.block, line.start if line else 0, row - spot.row)

    def lines_in_sight(self) -> Iterator[tuple[int, Line]]:
        """The blocks and text lines on the screen, from the top."""
        top = self.scroll_offset.y
        for at in range(top, min(top + self.size.height, self._flow.height)):
            spot = self._flow.spot(at)
            line = self._flow.line(spot)
            if line:
                yield spot.block, line

    # Moving.

    def move(self, lines: int) -> None:
        """Scroll by lines."""
        if lines > 0 and self.is_at_end:
            self.pushed_on()
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def go_to(self, percent: float) -> None:
        """Scroll to a percentage of the text."""
        self._jump(round(self.last * min(max(percent, 0), 100) / 100))

    def go_to_place(self, block: int, offset: int = 0, lead: int = 0) -> None:
        """Scroll so that a block's text at an offset stands on top, `lead` lines above it."""
        self.remember()
        self._stand(Anchor(block, offset, lead))

    def reveal(self, block: int, offset: int) -> None:
        """Scroll only if a place is out of sight or at the lower edge, then to a third."""
        height = self.size.height
        line = self._flow.line_of(block, offset)
        top = self.scroll_offset.y
        if not top <= line < top + height - min(2, height // 4):
            self._stand(Anchor(block, offset, height // 3))

    def go_back(self) -> bool:
        """Return to where the last jump began; whether there was one."""
        if not self._trail:
            return False
        self._stand(self._trail.pop())
        return True

    def action_move_page(self, pages: int) -> None:
        self.move(pages * max(1, self.size.height - OVERLAP))

    def action_move_half(self, halves: int) -> None:
        self.move(halves * max(1, self.size.height // 2))

    def action_move_lines(self, lines: int) -> None:
        self.move(lines)

    def action_move_sideways(self, cells: int) -> None:
        """Slide wide tables under the pane: right-hand columns come with a positive number."""
        self._sideways = max(0, self._sideways + cells)
        self.refresh()

    def action_go_top(self) -> None:
        self._jump(0)

    def action_go_end(self) -> None:
        self.document.complete()
        self._flow.settle(self._flow.height - 1, self.size.height)
        self._jump(self.last)

    def action_go_back(self) -> None:
        self.go_back()

    def _jump(self, line: int) -> None:
        self.remember()
        self._resize_virtual()
        self.scroll_to(y=line, animate=False, force=True)

    def remember(self) -> None:
        """Keep where one is for `go_back`."""
        here = self.place
        if not self._trail or self._trail[-1] != here:
            self._trail = [*self._trail[-99:], here]

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) == round(new_value):
            return
        self._settle()
        self._say_sight()
        self.moved()
        if new_value > old_value and self.is_at_end:
            self.pushed_on()

    # Laying out.

    def on_resize(self) -> None:
        self._reflow()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawing.clear()

    def set_again(self, blocks: frozenset[int]) -> None:
        """Set blocks anew because what stands beside them has changed."""
        anchor = self.place
        for block in blocks:
            self._flow.forget(block)
        self._stand(anchor)
        self.refresh()

    def _fitted(self) -> Column:
        """The column that was asked for, in the middle of the pane as it is now."""
        width = self.size.width or 80
        margin = next(cells for least, cells in MARGINS if width >= least)
        measure = max(min(self._asked.measure, width - 2 * margin), min(width, NARROWEST))
        self._left = max(0, (width - measure) // 2)
        return replace(self._asked, measure=measure, room=width - self._left)

    def _reflow(self) -> None:
        if self._fitted() != self._flow.column:
            self._set_anew(self.place)
        else:
            self._stand(self.place)

    def _set_anew(self, anchor: Anchor) -> None:
        self._flow = Flow(self.document, self._fitted(), self.beside)
        self._flow.reach_block(anchor.block)
        if self.document.blocks:
            # There may be fewer blank lines above the block, or between its lines, than before.
            above, between = self._flow.gap(anchor.block), self._flow.column.spacing
            anchor = anchor._replace(lead=max(-between, min(anchor.lead, above)))
        self._run += 1
        self._next = 0
        self._stand(anchor)
        self.refresh()
        self.set_timer(PAUSE, lambda run=self._run: self._measure_more(run))

    def _stand(self, anchor: Anchor) -> None:
        """Scroll so that the anchor is on the top line; later, where the pane has no size yet."""
        self._wanted = None if self.size.height else anchor
        if not self.size.height:
            return
        line = 0
        self._flow.reach_block(anchor.block)
        if self.document.blocks:
            line = self._flow.line_of(anchor.block, anchor.offset) - anchor.lead
            line += self._flow.settle(max(line, 0), self.size.height)
        self._resize_virtual()
        self.scroll_to(y=max(line, 0), animate=False, force=True)
        self._say_sight()

    def _say_sight(self) -> None:
        height = self.size.height
        self.in_sight(self._flow.within(self.scroll_offset.y - height, 3 * height))

    def _settle(self) -> None:
        """Set what is on the screen and around it; the words on the top line stay there."""
        self._follow(self._flow.settle(self.scroll_offset.y, self.size.height))
        self._resize_virtual()

    def _follow(self, lines: int) -> None:
        """Move with text that moved because something above it proved longer or shorter."""
        if lines:
            self.set_reactive(FlowView.scroll_y, max(0.0, self.scroll_y + lines))
            self.set_reactive(FlowView.scroll_target_y, self.scroll_y)

    def _resize_virtual(self) -> None:
        size = Size(self.size.width, self._flow.height)
        if size != self.virtual_size:
            self.virtual_size = size

    def _measure_more(self, run: int) -> None:
        """Measure blocks for a few milliseconds, and go on after a pause until all are known."""
        if run != self._run:
            return
        flow = self._flow
        block = flow.spot(self.scroll_offset.y).block
        before = flow.top(block) if self.document.blocks else 0
        until = monotonic() + SLICE
        while not flow.is_known and monotonic() < until:
            self._next = flow.measure_next(self._next)
        if self.document.blocks:
            self._follow(flow.top(block) - before)
        if not flow.is_known:
            self.set_timer(PAUSE, lambda: self._measure_more(run))
        else:
            self._resize_virtual()
            self.all_measured()

    # Drawing.

    def render_lines(self, crop: Region) -> list[Strip]:
        self._painted = self._frame(placed=False)
        try:
            return self._drawing.marked(super().render_lines(crop))
        finally:
            self._painted = None

    def render_line(self, y: int) -> Strip:
        """A line of the pane; where it is not for the screen, with the places of its text."""
        frame = self._painted or self._frame(placed=True)
        if not self.document.blocks or frame.top + y >= self._flow.height:
            return Strip.blank(frame.width, frame.blank)
        segments = self._segments(self._flow.spot(frame.top + y), frame)
        segments.insert(0, frame.margin)
        free = frame.width - sum(segment.cell_length for segment in segments)
        if free > 0:
            segments.append(Segment(" " * free, frame.blank))
        strip = Strip(segments, frame.width - min(free, 0))
        return strip if free >= 0 else strip.adjust_cell_length(frame.width, frame.blank)

    def _frame(self, *, placed: bool) -> Frame:
        blank = self._drawing.blank
        return Frame(
            self.size.width,
            self.scroll_offset.y,
            blank,
            Segment(" " * self._left, blank),
            self.text_selection,
            placed,
        )

    def _segments(self, spot: Spot, frame: Frame) -> list[Segment]:
        """The line at a spot, without its margin."""
        block = self.document.blocks[spot.block]
        line = self._flow.line(spot)
        if line is None:
            is_above = spot.row < self._flow.gap(spot.block)
            return self._drawing.pieces(block.above if is_above else block.rest)
        prose = self.document.prose(spot.block)
        if block.kind is Kind.IMAGE:
            return [*self._drawing.image(line, prose, spot.block)]
        overlays = self.overlays(spot.block)
        if selected := self._selected(spot.block, frame.selection):
            overlays.append(selected)
        return self._drawing.text(
            line, prose, spot.block, overlays, self._sideways, placed=frame.placed
        )

    def warm_image(self, block: int) -> None:
        """Make a picture's lines ready a few at a time, before it is scrolled to."""
        prose = self.document.prose(block)
        lines = self._flow.lines(block)

        def warm(begin: int) -> None:
            for line in lines[begin : begin + WARMED]:
                self._drawing.image(line, prose, block)
            if begin + WARMED < len(lines):
                self.call_later(warm, begin + WARMED)

        warm(0)

    # Selecting with the mouse: offsets in a block are x, blocks are y, so that no layout matters.

    def text_under(self, event: MouseEvent) -> tuple[int, int]:
        """Offset and block of the stretch of text under the pointer; (-1, -1) where none is."""
        at = event.get_content_offset(self)
        if at is None:
            return -1, -1
        end = 0
        for segment in self.render_line(at.y):
            end += segment.cell_length
            if at.x < end:
                return segment.style.meta.get("offset", (-1, -1)) if segment.style else (-1, -1)
        return -1, -1

    def _selected(self, block: int, selection: Selection | None) -> Overlay | None:
        span = selection.get_span(block) if selection else None
        if not span:
            return None
        size = len(self.document.prose(block).text)
        return Overlay(span[0], span[1] if span[1] >= 0 else size, Ink.MARKING)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected words, without line ends that the column made."""
        last = len(self.document.blocks) - 1
        first = max(0, selection.start.y) if selection.start else 0
        upto = min(last, selection.end.y) if selection.end else last
        texts: list[str] = []
        for block in range(first, upto + 1):
            span = selection.get_span(block)
            text = self.document.prose(block).text
            if span and text:
                texts.append(text[max(0, span[0]) : span[1] if span[1] >= 0 else len(text)])
        return (clean("\n\n".join(texts)), "\n\n") if texts else None

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()
