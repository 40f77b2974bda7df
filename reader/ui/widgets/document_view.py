"""Document view: a scrollable document, laid out and drawn only near the visible lines."""

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

from reader.layout.block_layout import MIN_MEASURE, NO_EXTRAS, BlockExtras, LayoutOptions
from reader.layout.blocks import BlockKind
from reader.layout.document import Document
from reader.layout.spans import Line, Overlay, StyledSpan
from reader.layout.text_styles import ColorRole
from reader.layout.viewport import LinePosition, Viewport
from reader.model.text import clean
from reader.ui.widgets.line_renderer import COMPONENT_CLASSES, LineRenderer

MEASURE_SLICE: Final = 0.005
"""Seconds per step of measuring heights in the background."""
MEASURE_PAUSE: Final = 0.012
"""Seconds between two steps: with a step of 5 ms, keys wait for less than a frame."""
PAGE_OVERLAP: Final = 2
"""Lines of the previous page that stay visible on the next."""
IMAGE_LINES_PER_STEP: Final = 6
"""Lines of an image that are prepared per step."""
MARGINS: Final = ((60, 2), (30, 1), (0, 0))
"""Minimal pane width and the free cells on each side from that width."""


class ScrollAnchor(NamedTuple):
    """The text on the top line: an offset in a block, and the lines above it."""

    block: int
    offset: int
    lead: int = 0


TOP: Final = ScrollAnchor(0, 0)


class PaintContext(NamedTuple):
    """Values shared by all lines of one painting; reading them per line is slower.

    `with_offsets` asks for the offset of each span in its style.
    """

    width: int
    top: int
    blank: Style
    margin: Segment
    selection: Selection | None
    with_offsets: bool


class DocumentView(ScrollView, can_focus=True):
    """A scrollable document. Subclasses add overlays and extras to its blocks."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(COMPONENT_CLASSES)

    def __init__(self) -> None:
        super().__init__()
        self.document = Document("")
        self._requested_options = LayoutOptions()
        self._viewport = Viewport(self.document, self._requested_options, self.block_extras)
        self._renderer = LineRenderer(self, self.filter_span)
        self._left = 0
        self._sideways = 0
        self._next_block = 0
        self._run = 0
        self._painted: PaintContext | None = None
        self._pending_anchor: ScrollAnchor | None = None
        self._kept_anchor: ScrollAnchor | None = None
        self._is_anchoring = False
        self._jumps: list[ScrollAnchor] = []

    def overlays(self, block: int) -> list[Overlay]:
        """Return the overlays of a block, the lowest first."""
        return []

    def block_extras(self, block: int) -> BlockExtras:
        """Return the extras of a block."""
        return NO_EXTRAS

    def filter_span(self, drawn: StyledSpan, block: int) -> list[StyledSpan]:
        """Replace a span by spans of the same total width."""
        return [drawn]

    def handle_scroll(self) -> None:
        """React to another top line."""

    def handle_scroll_past_end(self) -> None:
        """React to scrolling down while the last line is visible."""

    def handle_visible_blocks(self, blocks: range) -> None:
        """React to blocks that are visible or close to it."""

    def handle_measured(self) -> None:
        """React to the end of parsing and measuring."""

    def show_document(self, document: Document, anchor: ScrollAnchor = TOP) -> None:
        """Show a document with the anchor on the top line."""
        if self.is_mounted and self.text_selection:
            self.screen.clear_selection()
        self.document = document
        self._kept_anchor = None
        self._jumps = []
        self._sideways = 0
        self._relayout_at(anchor)

    @property
    def options(self) -> LayoutOptions:
        """The requested layout options; the drawn column is never wider than the pane."""
        return self._requested_options

    @options.setter
    def options(self, asked: LayoutOptions) -> None:
        self._requested_options = asked
        self._reflow()

    @property
    def fitted_options(self) -> LayoutOptions:
        """The layout options of the drawn column."""
        return self._viewport.options

    @property
    def max_top_line(self) -> int:
        """The greatest line that can be on top."""
        return max(0, self._viewport.height - self.size.height)

    @property
    def progress(self) -> float:
        """The share scrolled, 0.0 to 1.0; 0.0 if the text fits the screen."""
        return min(1.0, self.scroll_y / self.max_top_line) if self.max_top_line else 0.0

    def progress_at(self, block: int, offset: int) -> float:
        """Return the share scrolled if the place were on top; as it is while it is visible."""
        if self.is_visible_text(block, offset) or not self.max_top_line:
            return self.progress
        return min(1.0, self._viewport.line_at(block, offset) / self.max_top_line)

    @property
    def share_above(self) -> float:
        """The share of the text above the top line, 0.0 to less than 1.0."""
        return self.scroll_y / self._viewport.height if self._viewport.height else 0.0

    @property
    def is_at_end(self) -> bool:
        return self.scroll_offset.y >= self.max_top_line

    @property
    def is_measuring(self) -> bool:
        """True while heights are being measured."""
        return not self._viewport.is_measured

    @property
    def top_anchor(self) -> ScrollAnchor:
        """The anchor on the top line.

        It stays the same words through layouts that the user did not scroll, such as resizing.
        """
        if self._pending_anchor:
            return self._pending_anchor
        if self._kept_anchor and self._kept_anchor.block < len(self.document.blocks):
            return self._kept_anchor
        return self._anchor_at(self.scroll_offset.y)

    def _anchor_at(self, y: int) -> ScrollAnchor:
        """Return the anchor on a line of the laid out text."""
        if not self.document.blocks:
            return TOP
        flow = self._viewport
        spot = flow.position_at(y)
        lead = flow.gap(spot.block) - spot.row
        if lead > 0:
            return ScrollAnchor(spot.block, 0, lead)
        row = spot.row
        line = flow.line(spot)
        # Lines without text, as in images and between the rows of tables, have no offset.
        while row > 0 and (line is None or line.start == line.end):
            row -= 1
            line = flow.line(LinePosition(spot.block, row))
        return ScrollAnchor(spot.block, line.start if line else 0, row - spot.row)

    def visible_lines(self) -> Iterator[tuple[int, Line]]:
        """Yield the visible blocks and text lines from the top."""
        top = self.scroll_offset.y
        for at in range(top, min(top + self.size.height, self._viewport.height)):
            spot = self._viewport.position_at(at)
            line = self._viewport.line(spot)
            if line:
                yield spot.block, line

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines."""
        if lines > 0 and self.is_at_end:
            self.handle_scroll_past_end()
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def scroll_to_percent(self, percent: float) -> None:
        """Scroll to a percentage of the text."""
        self._jump(round(self.max_top_line * min(max(percent, 0), 100) / 100))

    def scroll_to_text(self, block: int, offset: int = 0, lead: int = 0) -> None:
        """Scroll a block's text at an offset to the top, `lead` lines below it."""
        self.push_jump()
        self._scroll_to_anchor(ScrollAnchor(block, offset, lead))

    def reveal_text(self, block: int, offset: int) -> None:
        """Scroll to a place that is not visible or at the lower edge."""
        height = self.size.height
        line = self._viewport.line_at(block, offset)
        top = self.scroll_offset.y
        if not top <= line < top + height - min(2, height // 4):
            self._scroll_to_anchor(ScrollAnchor(block, offset, height // 3))

    def is_visible_text(self, block: int, offset: int) -> bool:
        """Return whether the line of a place is on the screen."""
        if block >= len(self.document.blocks) or not self.size.height:
            return False
        self._viewport.ensure_block(block)
        top = self.scroll_offset.y
        return top <= self._viewport.line_at(block, offset) < top + self.size.height

    def action_go_back(self) -> bool:
        """Return to the start of the last jump; return whether there was one."""
        if not self._jumps:
            return False
        self._scroll_to_anchor(self._jumps.pop())
        return True

    def action_move_page(self, pages: int) -> None:
        self.scroll_lines(pages * max(1, self.size.height - PAGE_OVERLAP))

    def action_move_half(self, halves: int) -> None:
        self.scroll_lines(halves * max(1, self.size.height // 2))

    action_move_lines = scroll_lines

    def action_move_sideways(self, cells: int) -> bool:
        """Scroll wide tables sideways; positive numbers reveal columns at the right.

        Returns whether a table on the screen is too wide for it. None is scrolled past its end.
        """
        beyond = self._widest_line() - (self.size.width - self._left)
        if beyond <= 0:
            return False
        self._sideways = min(max(0, self._sideways + cells), beyond)
        self.refresh()
        return True

    def _widest_line(self) -> int:
        """Return the cells of the widest line on the screen that can be scrolled sideways."""
        top, widest = self.scroll_offset.y, 0
        for y in range(top, min(top + self.size.height, self._viewport.height)):
            spot = self._viewport.position_at(y)
            line = self._viewport.line(spot)
            if line is not None and line.wide:
                prose = self.document.inline_text(spot.block)
                drawn = self._renderer.render_text(
                    line, prose, spot.block, (), 0, with_offsets=False
                )
                widest = max(widest, sum(segment.cell_length for segment in drawn))
        return widest

    def action_go_top(self) -> None:
        self._jump(0)

    def action_go_end(self) -> None:
        self.document.parse_all()
        self._viewport.layout_around(self._viewport.height - 1, self.size.height)
        was_at_end = self.is_at_end
        self._jump(self.max_top_line)
        if was_at_end:
            # Nothing is scrolled: the whole text may fit on the screen.
            self.handle_scroll_past_end()

    def _jump(self, line: int) -> None:
        self.push_jump()
        self._resize_virtual()
        self.scroll_to(y=line, animate=False, force=True)

    def push_jump(self) -> None:
        """Store this place for `action_go_back`."""
        here = self.top_anchor
        if not self._jumps or self._jumps[-1] != here:
            self._jumps = [*self._jumps[-99:], here]

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) == round(new_value):
            return
        if old_value > self.max_scroll_y:
            # Not the user's doing: on a larger screen the text ends too early for that line.
            self._kept_anchor = self._kept_anchor or self._anchor_at(round(old_value))
        elif not self._is_anchoring:
            self._kept_anchor = None
        self._layout_visible()
        self._report_visible_blocks()
        self.handle_scroll()
        if new_value > old_value and self.is_at_end:
            self.handle_scroll_past_end()

    def on_resize(self) -> None:
        self._reflow()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._renderer.clear()

    def relayout_blocks(self, blocks: frozenset[int]) -> None:
        """Lay out blocks again because their extras have changed."""
        anchor = self.top_anchor
        for block in blocks:
            self._viewport.invalidate(block)
        self._scroll_to_anchor(anchor)
        self.refresh()

    def _fit_options(self) -> LayoutOptions:
        """Return the requested column, centered in the pane as it is now."""
        # A hidden pane nearly fills the screen once it is shown.
        width = self.size.width or self.app.size.width
        margin = next(cells for least, cells in MARGINS if width >= least)
        measure = max(
            min(self._requested_options.measure, width - 2 * margin), min(width, MIN_MEASURE)
        )
        self._left = max(0, (width - measure) // 2)
        return replace(self._requested_options, measure=measure, pane_width=width - self._left)

    def _reflow(self) -> None:
        if self._fit_options() != self._viewport.options:
            self._relayout_at(self.top_anchor)
        else:
            self._scroll_to_anchor(self.top_anchor)

    def _relayout_at(self, anchor: ScrollAnchor) -> None:
        self._viewport = Viewport(self.document, self._fit_options(), self.block_extras)
        self._viewport.ensure_block(anchor.block)
        if self.document.blocks:
            # There may be fewer blank lines above the block, or between its lines, than before.
            above, between = self._viewport.gap(anchor.block), self._viewport.options.line_spacing
            anchor = anchor._replace(lead=max(-between, min(anchor.lead, above)))
        self._run += 1
        self._next_block = 0
        self._scroll_to_anchor(anchor)
        self.refresh()
        self.set_timer(MEASURE_PAUSE, lambda run=self._run: self._measure_more(run))

    def _scroll_to_anchor(self, anchor: ScrollAnchor) -> None:
        """Scroll the anchor to the top line, later if the pane has no size yet."""
        self._pending_anchor = None if self.size.height else anchor
        if not self.size.height:
            return
        line = 0
        self._viewport.ensure_block(anchor.block)
        if self.document.blocks:
            line = self._viewport.line_at(anchor.block, anchor.offset) - anchor.lead
            line += self._viewport.layout_around(max(line, 0), self.size.height)
        self._resize_virtual()
        self._is_anchoring = True
        try:
            self.scroll_to(y=max(line, 0), animate=False, force=True)
        finally:
            self._is_anchoring = False
        # On a large screen the view may be unable to scroll to the anchor. It is kept, so that a
        # smaller size shows the same place again.
        is_there = self.scroll_offset.y in (max(line, 0), round(self.max_scroll_y))
        self._kept_anchor = anchor if is_there else None
        self._report_visible_blocks()

    def _report_visible_blocks(self) -> None:
        height = self.size.height
        self.handle_visible_blocks(
            self._viewport.blocks_in(self.scroll_offset.y - height, 3 * height)
        )

    def _layout_visible(self) -> None:
        """Lay out the visible lines and their surroundings; the top line keeps its words."""
        self._shift_scroll(self._viewport.layout_around(self.scroll_offset.y, self.size.height))
        self._resize_virtual()

    def _shift_scroll(self, lines: int) -> None:
        """Scroll along with text that moved because blocks above it changed height."""
        if lines:
            self.set_reactive(DocumentView.scroll_y, max(0.0, self.scroll_y + lines))
            self.set_reactive(DocumentView.scroll_target_y, self.scroll_y)

    def _resize_virtual(self) -> None:
        size = Size(self.size.width, self._viewport.height)
        if size != self.virtual_size:
            self.virtual_size = size

    def _measure_more(self, run: int) -> None:
        """Measure blocks for a few milliseconds, and continue after a pause."""
        if run != self._run:
            return
        flow = self._viewport
        block = flow.position_at(self.scroll_offset.y).block
        before = flow.top(block) if self.document.blocks else 0
        until = monotonic() + MEASURE_SLICE
        while not flow.is_measured and monotonic() < until:
            self._next_block = flow.measure_next(self._next_block)
        if self.document.blocks:
            self._shift_scroll(flow.top(block) - before)
        if not flow.is_measured:
            self.set_timer(MEASURE_PAUSE, lambda: self._measure_more(run))
        else:
            self._resize_virtual()
            self.handle_measured()

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._viewport.options.pane_width + self._left != self.size.width:
            # Painted before the message of its new size came.
            self.call_later(self._reflow)
        self._painted = self._frame(with_offsets=False)
        try:
            return self._renderer.mark_control_codes(super().render_lines(crop))
        finally:
            self._painted = None

    def render_line(self, y: int) -> Strip:
        """Render a line of the pane; outside of painting, with the offsets of its text."""
        frame = self._painted or self._frame(with_offsets=True)
        if not self.document.blocks or frame.top + y >= self._viewport.height:
            return Strip.blank(frame.width, frame.blank)
        segments = self._segments(self._viewport.position_at(frame.top + y), frame)
        segments.insert(0, frame.margin)
        free = frame.width - sum(segment.cell_length for segment in segments)
        if free > 0:
            segments.append(Segment(" " * free, frame.blank))
        strip = Strip(segments, frame.width - min(free, 0))
        return strip if free >= 0 else strip.adjust_cell_length(frame.width, frame.blank)

    def _frame(self, *, with_offsets: bool) -> PaintContext:
        blank = self._renderer.blank_style
        return PaintContext(
            self.size.width,
            self.scroll_offset.y,
            blank,
            Segment(" " * self._left, blank),
            self.text_selection,
            with_offsets,
        )

    def _segments(self, spot: LinePosition, frame: PaintContext) -> list[Segment]:
        """Render the line at a position, without its margin."""
        block = self.document.blocks[spot.block]
        line = self._viewport.line(spot)
        if line is None:
            is_above = spot.row < self._viewport.gap(spot.block)
            return self._renderer.render_decorations(
                block.gap_prefix if is_above else block.rest_prefix
            )
        prose = self.document.inline_text(spot.block)
        if block.kind is BlockKind.IMAGE:
            return [*self._renderer.render_image(line, prose, spot.block)]
        overlays = self.overlays(spot.block)
        if selected := self._selected(spot.block, frame.selection):
            overlays.append(selected)
        return self._renderer.render_text(
            line, prose, spot.block, overlays, self._sideways, with_offsets=frame.with_offsets
        )

    def prepare_image(self, block: int) -> None:
        """Render an image's lines a few at a time, before it is visible."""
        prose = self.document.inline_text(block)
        lines = self._viewport.lines(block)

        def warm(begin: int) -> None:
            for line in lines[begin : begin + IMAGE_LINES_PER_STEP]:
                self._renderer.render_image(line, prose, block)
            if begin + IMAGE_LINES_PER_STEP < len(lines):
                self.call_later(warm, begin + IMAGE_LINES_PER_STEP)

        warm(0)

    # In a mouse selection x is an offset in a block and y the block, so that layout does not matter.

    def text_at(self, event: MouseEvent) -> tuple[int, int]:
        """Return offset and block of the text under the pointer, or (-1, -1)."""
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
        size = len(self.document.inline_text(block).text)
        return Overlay(span[0], span[1] if span[1] >= 0 else size, ColorRole.SELECTION)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text without the line ends of the layout."""
        last = len(self.document.blocks) - 1
        first = max(0, selection.start.y) if selection.start else 0
        upto = min(last, selection.end.y) if selection.end else last
        texts: list[str] = []
        for block in range(first, upto + 1):
            span = selection.get_span(block)
            text = self.document.inline_text(block).text
            if span and text:
                texts.append(text[max(0, span[0]) : span[1] if span[1] >= 0 else len(text)])
        return (clean("\n\n".join(texts)), "\n\n") if texts else None

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()
