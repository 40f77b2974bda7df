"""The reader pane: an article as lines, drawn and laid out only where someone looks."""

from time import monotonic
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from reader.model.highlight import Position
from reader.model.text import clean, one_line
from reader.ui.text.column import NARROWEST, Column
from reader.ui.text.document import Document, Heading, head_of
from reader.ui.text.flow import Flow, Spot
from reader.ui.text.ink import Ink
from reader.ui.text.lines import Drawn, Overlay, draw
from reader.ui.text.shown import ShownArticle
from reader.ui.widgets.article_ink import CLASSES, InkStyles
from reader.ui.widgets.article_messages import EndReached, ProgressChanged

SLICE: Final = 0.006
"""Seconds of work at a time while heights are measured behind the reader's back."""
PAUSE: Final = 0.012
QUOTED: Final = 80
"""Characters of the top line that a position keeps."""
OVERLAP: Final = 2
"""Lines of the former page that stay in sight on the next."""


class Anchor(NamedTuple):
    """What stands on the top line: an offset in a block, `lead` blank lines above it."""

    block: int
    offset: int
    lead: int = 0


class ArticleView(ScrollView, can_focus=True):
    """Shows one article; speaks by the messages of `article_messages`, binds no keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(CLASSES)

    def __init__(self, *, id: str | None = None, classes: str | None = None):
        super().__init__(id=id, classes=classes)
        self._shown: ShownArticle | None = None
        self._measure = 68
        self._column = Column()
        self._document = Document("")
        self._flow = Flow(self._document, self._column)
        self._inks = InkStyles(self)
        self._left = 0
        self._sideways = 0
        self._next = 0
        self._run = 0
        self._ended = False
        self._trail: list[Anchor] = []

    # -- what is shown --------------------------------------------------------------------------

    def show(self, article: ShownArticle | None) -> None:
        """Show an article from its kept position, or nothing."""
        self._shown = article
        self._ended = False
        self._trail = []
        self._sideways = 0
        self._document = _document(article)
        self._column = self._fitted()
        self._flow = Flow(self._document, self._column)
        start = self._place(article.position) if article and article.position else Anchor(0, 0)
        self._lay_out(start)

    @property
    def article(self) -> ShownArticle | None:
        return self._shown

    def typeset(
        self,
        *,
        measure: int | None = None,
        spacing: int | None = None,
        indented: bool | None = None,
        justified: bool | None = None,
        reorder: bool | None = None,
    ) -> None:
        """Change how the text is set; what is None stays. The top line keeps its words."""
        column = self._column
        self._measure = self._measure if measure is None else measure
        self._column = Column(
            measure=column.measure,
            room=column.room,
            spacing=column.spacing if spacing is None else spacing,
            indented=column.indented if indented is None else indented,
            justified=column.justified if justified is None else justified,
            reorder=column.reorder if reorder is None else reorder,
            hyphens=column.hyphens,
        )
        self._reflow()

    @property
    def measure(self) -> int:
        """Cells of the column that were asked for."""
        return self._measure

    def outline(self) -> list[Heading]:
        """The article's headings; `go_to_block` leads to one."""
        return self._document.outline()

    @property
    def progress(self) -> float:
        """How far the text has been scrolled, 0.0 to 1.0; 1.0 where it fits the screen."""
        return min(1.0, self.scroll_y / self._last) if self._last else 1.0

    @property
    def is_at_end(self) -> bool:
        return self.scroll_offset.y >= self._last

    @property
    def position(self) -> Position:
        """The place of the top line, by its words."""
        anchor = self._anchor()
        if not self._document.blocks:
            return Position()
        text = self._document.prose(anchor.block).text
        words = text[anchor.offset : anchor.offset + QUOTED]
        start = self._document.starts()[anchor.block] + anchor.offset
        inside = self._document.is_article(anchor.block)
        return Position(
            quote=" ".join(words.split()) if inside else "",
            start=start if inside else 0,
            progress=0.0 if not self.scroll_offset.y else self.progress,
        )

    # -- moving ---------------------------------------------------------------------------------

    def action_scroll_line_down(self) -> None:
        self.move(1)

    def action_scroll_line_up(self) -> None:
        self.move(-1)

    def action_scroll_page_down(self) -> None:
        self.move(max(1, self.size.height - OVERLAP))

    def action_scroll_page_up(self) -> None:
        self.move(-max(1, self.size.height - OVERLAP))

    def action_scroll_half_down(self) -> None:
        self.move(max(1, self.size.height // 2))

    def action_scroll_half_up(self) -> None:
        self.move(-max(1, self.size.height // 2))

    def action_scroll_to_top(self) -> None:
        self._jump(0)

    def action_scroll_to_end(self) -> None:
        self._flow.settle(self._flow.height - 1, self.size.height)
        self._resize_virtual()
        self._jump(self._last)

    def action_scroll_sideways(self, cells: int) -> None:
        """Move wide tables left (positive) or right (negative) under the pane."""
        self._sideways = max(0, self._sideways + cells)
        self.refresh()

    def move(self, lines: int) -> None:
        """Scroll by lines; moving down at the end says that the end was reached."""
        if lines > 0 and self.is_at_end:
            self._say_ended()
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def go_to(self, percent: float) -> None:
        """Scroll to a percentage of the text."""
        self._jump(round(self._last * min(max(percent, 0), 100) / 100))

    def go_to_block(self, block: int, offset: int = 0) -> None:
        """Scroll so that a block's text at an offset stands on top."""
        self._flow.lines(block)
        line = self._flow.line_of(block, offset)
        self._flow.settle(line, self.size.height)
        self._resize_virtual()
        self._jump(self._flow.line_of(block, offset))

    def action_go_back(self) -> None:
        """Return to where the last jump began."""
        if self._trail:
            self._stand(self._trail.pop())

    def _jump(self, line: int) -> None:
        """Go far, remembering where one was."""
        here = self._anchor()
        if not self._trail or self._trail[-1] != here:
            self._trail = [*self._trail[-99:], here]
        self.scroll_to(y=line, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) == round(new_value):
            return
        self._settle()
        self._say_progress()
        if new_value > old_value and self.is_at_end:
            self._say_ended()

    def _say_progress(self) -> None:
        if self._shown:
            self.post_message(ProgressChanged(self._shown.id, self.position))

    def _say_ended(self) -> None:
        if self._shown and not self._ended:
            self._ended = True
            self.post_message(EndReached(self._shown.id))

    # -- laying out -----------------------------------------------------------------------------

    @property
    def _last(self) -> int:
        """The greatest line that can stand on top."""
        return max(0, self._flow.height - self.size.height)

    def on_resize(self) -> None:
        self._reflow()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._inks.clear()

    def _fitted(self) -> Column:
        """The column in the middle of the pane as it is now."""
        width = self.size.width or 80
        margin = 2 if width >= 60 else 1
        measure = max(min(self._measure, width - 2 * margin), min(width, NARROWEST))
        self._left = max(0, (width - measure) // 2)
        column = self._column
        return Column(
            measure,
            width - self._left,
            column.spacing,
            column.indented,
            column.justified,
            column.reorder,
            column.hyphens,
        )

    def _reflow(self) -> None:
        """Set the text anew for another width or another look, the top line's words staying."""
        column = self._fitted()
        if column == self._flow.column:
            self._settle()
            return
        anchor = self._anchor()
        self._column = column
        self._flow = Flow(self._document, column)
        self._lay_out(anchor)

    def _lay_out(self, anchor: Anchor) -> None:
        self._run += 1
        self._next = 0
        self._stand(anchor)
        self.refresh()
        self._measure_more(self._run)

    def _anchor(self) -> Anchor:
        flow = self._flow
        spot = flow.spot(self.scroll_offset.y)
        if not self._document.blocks:
            return Anchor(0, 0)
        lead = flow.gap(spot.block) - spot.row
        if lead > 0:
            return Anchor(spot.block, 0, lead)
        row = spot.row
        line = flow.line(spot)
        while line is None and row > 0:
            row -= 1
            line = flow.line(Spot(spot.block, row))
        return Anchor(spot.block, line.start if line else 0, row - spot.row)

    def _stand(self, anchor: Anchor) -> None:
        """Scroll so that the anchor is on the top line again."""
        if not self._document.blocks:
            self.virtual_size = self.size
            return
        self._flow.lines(anchor.block)
        line = self._flow.line_of(anchor.block, anchor.offset) - anchor.lead
        line += self._flow.settle(max(line, 0), self.size.height)
        self._resize_virtual()
        self.scroll_to(y=max(line, 0), animate=False, force=True)

    def _settle(self) -> None:
        """Set what is on the screen and around it; the words on the top line stay there."""
        line = self.scroll_offset.y
        moved = self._flow.settle(line, self.size.height)
        self._shift(moved)
        self._resize_virtual()

    def _shift(self, moved: int) -> None:
        """Follow text that moved because something above it proved longer or shorter."""
        if moved:
            self.set_reactive(ArticleView.scroll_y, max(0.0, self.scroll_y + moved))
            self.set_reactive(ArticleView.scroll_target_y, self.scroll_y)

    def _resize_virtual(self) -> None:
        size = Size(self.size.width, self._flow.height)
        if size != self.virtual_size:
            self.virtual_size = size

    def _measure_more(self, run: int) -> None:
        """Measure blocks for a few milliseconds, and go on after a pause until all are known."""
        if run != self._run:
            return
        flow = self._flow
        anchor = flow.spot(self.scroll_offset.y)
        before = flow.top(anchor.block)
        until = monotonic() + SLICE
        while flow.unknown and monotonic() < until:
            self._next = flow.measure_next(self._next)
        self._shift(flow.top(anchor.block) - before)
        if flow.unknown:
            self.set_timer(PAUSE, lambda: self._measure_more(run))
        else:
            self._resize_virtual()
            self._say_progress()

    def _place(self, position: Position) -> Anchor:
        """Where a kept position is in this text: by its words, else by how far it was."""
        if position.quote:
            text = self._document.plain()
            at = text.find(position.quote[:40], max(0, position.start - 2000))
            if at >= 0:
                starts = self._document.starts()
                block = max(i for i, start in enumerate(starts[:-1]) if start <= at)
                return Anchor(block, at - starts[block])
        spot = self._flow.spot(round(position.progress * self._last))
        return Anchor(spot.block, 0)

    # -- drawing --------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        blank = self._inks.ink(Ink.TEXT)
        line = self.scroll_offset.y + y
        if not self._document.blocks or line >= self._flow.height:
            return Strip.blank(width, blank)
        spot = self._flow.spot(line)
        return Strip(self._segments(spot)).adjust_cell_length(width, blank).simplify()

    def _segments(self, spot: Spot) -> list[Segment]:
        """The line at a spot, its margin before it."""
        flow, blank = self._flow, self._inks.ink(Ink.TEXT)
        segments = [Segment(" " * self._left, blank)]
        block = self._document.blocks[spot.block]
        line = flow.line(spot)
        if line is None:
            beside = block.above if spot.row < flow.gap(spot.block) else block.rest
            return segments + [Segment(p.text, self._inks.ink(p.ink)) for p in beside]
        overlays = self._overlays(spot.block)
        for drawn in draw(line, self._document.prose(spot.block), overlays):
            segments.append(self._segment(drawn, spot.block))
        if line.wide and self._sideways:
            body = Strip(segments[1:])
            return [segments[0], *body.crop(min(self._sideways, body.cell_length))]
        return segments

    def _segment(self, drawn: Drawn, block: int) -> Segment:
        style = self._inks.of(drawn)
        if drawn.start >= 0:
            style += Style.from_meta({"offset": (drawn.start, block)})
        return Segment(drawn.text, style)

    def _overlays(self, block: int) -> list[Overlay]:
        """What lies behind the words of a block."""
        overlays: list[Overlay] = []
        selection = self.text_selection
        span = selection.get_span(block) if selection else None
        if span:
            end = span[1] if span[1] >= 0 else len(self._document.prose(block).text)
            overlays.append(Overlay(span[0], end, Ink.MARKING))
        return overlays

    # -- selecting with the mouse ---------------------------------------------------------------

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected words, without line ends that the column made."""
        texts: list[str] = []
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else len(self._document.blocks) - 1
        for block in range(max(first, 0), min(last + 1, len(self._document.blocks))):
            span = selection.get_span(block)
            text = self._document.prose(block).text
            if span and text:
                texts.append(text[span[0] : span[1] if span[1] >= 0 else len(text)])
        return (clean("\n\n".join(texts)), "\n\n") if texts else None

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()


def _document(article: ShownArticle | None) -> Document:
    if article is None:
        return Document("")
    minutes = f"{article.minutes} min" if article.minutes else ""
    facts = (article.byline, article.site, article.published, minutes)
    head = head_of(
        one_line(article.title),
        " · ".join(one_line(fact) for fact in facts if fact),
        " ".join(f"#{one_line(tag)}" for tag in article.tags),
        one_line(article.notice),
    )
    return Document(article.markdown, head)
