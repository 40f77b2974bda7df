"""Link layer: hints on visible links, and footnotes and addresses below their blocks."""

from reader.layout.inline_text import LinkTarget
from reader.layout.link_hints import LinkHint, LinkHints
from reader.layout.spans import Slice, StyledSpan
from reader.layout.text_styles import ColorRole
from reader.layout.text_width import split_by_width, width
from reader.model.text import one_line
from reader.ui.widgets.document_view import DocumentView


class LinkLayer:
    """State of a view's links: hints, open footnotes and shown addresses."""

    def __init__(self, view: DocumentView):
        self._state = view
        self._opened: dict[int, tuple[str, ...]] = {}
        self.hints: LinkHints | None = None

    def clear(self) -> None:
        """Forget everything: another article is shown."""
        self._opened = {}
        self.hints = None

    def expanded_below(self, block: int) -> tuple[str, ...]:
        """Return the footnotes and addresses open below a block, in the order of opening."""
        return self._opened.get(block, ())

    def show_hints(self) -> bool:
        """Show hints on visible links; return whether there are any."""
        places = self._visible_links()
        self.hints = LinkHints(places) if places else None
        return bool(places)

    def type_letter(self, letter: str) -> LinkHint | None:
        """Type a letter; return the link that it completes."""
        found = self.hints.type(letter) if self.hints else None
        if found:
            self.hints = None
        return found

    def _visible_links(self) -> list[tuple[int, int, int]]:
        """Return block, offset and target of each visible link, at its first visible words."""
        document = self._state.document
        found: dict[tuple[int, int], int] = {}
        for block, line in self._state.visible_lines():
            if not document.is_body(block):
                continue
            runs = [run for run in document.inline_text(block).runs if run.target >= 0]
            for part in (part for part in line.parts if isinstance(part, Slice)):
                for run in runs:
                    if run.start < part.end and run.end > part.start:
                        found.setdefault((block, run.target), max(run.start, part.start))
        return [(block, start, target) for (block, target), start in found.items()]

    def filter_span(self, drawn: StyledSpan, block: int) -> list[StyledSpan]:
        """Put the letters of a hint over the first words of its link."""
        label = (
            self.hints.remaining_label(block, drawn.start)
            if self.hints and drawn.target >= 0
            else None
        )
        if not label:
            return [drawn]
        covered = split_by_width(drawn.text, len(label), len(drawn.text))[0][1]
        hint = StyledSpan(label.ljust(width(drawn.text[:covered])), ColorRole.HINT)
        rest = drawn._replace(text=drawn.text[covered:], start=drawn.start + covered)
        return [hint, rest] if rest.text else [hint]

    def target_at(self, offset: int, block: int) -> tuple[LinkTarget, int] | None:
        """Return the target at an offset of a block, and its index."""
        prose = self._state.document.inline_text(block)
        for run in prose.runs:
            if run.start <= offset < run.end and run.target >= 0:
                return prose.targets[run.target], run.target
        return None

    def link_text(self, block: int, target: int) -> str:
        """Return the text of a link."""
        prose = self._state.document.inline_text(block)
        run = next(run for run in prose.runs if run.target == target)
        return one_line(prose.text[run.start : run.end])

    def toggle_note(self, block: int, label: str) -> None:
        """Open or close a footnote below the block that refers to it."""
        self._toggle({block: self._state.document.footnote_paragraphs(label)})

    def toggle_addresses(self) -> bool:
        """Show or hide the addresses of the links in each visible block."""
        lines: dict[int, tuple[str, ...]] = {}
        for block, _, target in self._visible_links():
            aim = self._state.document.inline_text(block).targets[target]
            if not aim.is_note:
                lines[block] = (*lines.get(block, ()), one_line(aim.destination, 2000))
        self._toggle(lines)
        return bool(lines)

    def close_visible(self) -> bool:
        """Close footnotes and addresses on the screen; return whether any was open."""
        visible = {block for block, _ in self._state.visible_lines()}
        blocks = frozenset(visible & {block for block, texts in self._opened.items() if texts})
        for block in blocks:
            del self._opened[block]
        if blocks:
            self._state.relayout_blocks(blocks)
        return bool(blocks)

    def _toggle(self, lines: dict[int, tuple[str, ...]]) -> None:
        """Open those that are closed, or close all if none is."""
        are_open = all(
            set(texts) <= set(self.expanded_below(block)) for block, texts in lines.items()
        )
        for block, texts in lines.items():
            kept = tuple(text for text in self.expanded_below(block) if text not in texts)
            self._opened[block] = kept if are_open else (*kept, *texts)
        self._state.relayout_blocks(frozenset(lines))
