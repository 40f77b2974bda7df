"""Keyboard selection in a view, from which highlights are made."""

from collections.abc import Callable

from textual.selection import Selection

from reader.layout.highlight_index import HighlightIndex
from reader.layout.keyboard_selection import Granularity, KeyboardSelection, TextPosition
from reader.model.highlight import Highlight
from reader.model.text_anchor import anchor_for
from reader.ui.widgets.document_view import DocumentView


class TextSelection:
    """The selected range of a view, if any."""

    def __init__(self, view: DocumentView):
        self._state = view
        self._marking: KeyboardSelection | None = None

    @property
    def is_active(self) -> bool:
        return self._marking is not None

    def start(self, place: TextPosition) -> bool:
        """Select the paragraph at a position; return whether there is one."""
        marking = KeyboardSelection(self._state.document, place)
        self._marking = marking if marking.is_possible else None
        self._state.refresh()
        return self.is_active

    def end(self) -> None:
        self._marking = None

    def apply(self, how: Callable[[KeyboardSelection], None]) -> None:
        """Change the selection, and keep the end that moved visible."""
        if self._marking:
            how(self._marking)
            self._show()

    def _show(self) -> None:
        if self._marking:
            self._state.reveal_text(*self._marking.moving_end)
        self._state.refresh()

    def span(self, block: int) -> tuple[int, int] | None:
        """Return the selected range of a block."""
        return self._marking.span(block) if self._marking else None

    @property
    def unit(self) -> Granularity:
        """The unit by which the selection moves."""
        return self._marking.unit if self._marking else Granularity.PARAGRAPH

    def mouse_highlight(self, selection: Selection) -> Highlight | None:
        """Return the words selected with the mouse as a highlight; None without words."""
        document = self._state.document
        document.parse_all()
        spans = (
            (block, selection.get_span(block)) for block in range(document.last_body_block + 1)
        )
        chosen = [(block, span) for block, span in spans if span and document.is_body(block)]
        if not chosen:
            return None
        offsets = document.block_offsets()
        (first, (start, _)), (last, (_, end)) = chosen[0], chosen[-1]
        size = len(document.inline_text(last).text)
        highlight = anchor_for(
            document.plain_text(),
            offsets[first] + max(start, 0),
            offsets[last] + (min(end, size) if end >= 0 else size),
        )
        return highlight if highlight.quote else None

    def as_highlight(self) -> Highlight | None:
        """Return the selected words as a highlight without id, note and time."""
        if not self._marking:
            return None
        document = self._state.document
        start, end = (
            document.block_offsets()[place.block] + place.offset
            for place in (self._marking.start, self._marking.end)
        )
        return anchor_for(document.plain_text(), start, end)

    def highlights_under(self, marks: HighlightIndex) -> list[Highlight]:
        """Return the highlights that the selection touches, the shortest first."""
        marking = self._marking
        blocks = range(marking.start.block, marking.end.block + 1) if marking else ()
        spans = ((block, self.span(block)) for block in blocks)
        found = [marks.find_all_at(block, *span) for block, span in spans if span]
        by_id = {highlight.id: highlight for part in found for highlight in part}
        return sorted(by_id.values(), key=lambda highlight: len(highlight.quote))
