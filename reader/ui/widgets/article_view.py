"""Article view: reading, searching and highlighting one article, and following its links."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rich.text import Text
from textual import events, on
from textual.selection import Selection

from reader.layout.block_layout import BlockExtras
from reader.layout.blocks import BlockKind, EndAction
from reader.layout.document import (
    Document,
    Heading,
    ShownArticle,
    build_document,
    build_header,
    resolve_position,
)
from reader.layout.find_in_page import Finder, Match, Matches, is_searched, make_finder
from reader.layout.half_block_image import Image
from reader.layout.highlight_index import HighlightIndex
from reader.layout.keyboard_selection import Granularity, TextPosition
from reader.layout.read_along import Passage, ReadAlong
from reader.layout.spans import Overlay, StyledSpan
from reader.layout.text_styles import ColorRole, highlight_role
from reader.model.highlight import Highlight, Position
from reader.model.text import clean, one_line
from reader.ui import messages
from reader.ui.messages import ArticleMode, HighlightPurpose, LinkUse
from reader.ui.widgets.document_view import TOP, DocumentView, ScrollAnchor
from reader.ui.widgets.lazy_assets import CodeColorsReady, HyphenatorReady, LazyAssets
from reader.ui.widgets.link_layer import LinkLayer
from reader.ui.widgets.passage_layer import PassageLayer
from reader.ui.widgets.text_selection import TextSelection

MAX_POSITION_QUOTE: Final = 80
"""Code points from the top line that a position keeps."""
JUMP_LEAD: Final = 2
"""Lines kept above the target of a jump."""
FOLLOWED_SCHEMES: Final = ("http://", "https://", "mailto:")


class ArticleView(DocumentView):
    """View of one article. It posts the messages of `reader.ui.messages` and binds no keys."""

    draws_images = True
    """True if images are drawn, false if they are only described."""

    def __init__(self) -> None:
        self._shown: ShownArticle | None = None
        self._highlight_index = HighlightIndex(Document(""))
        self._links = LinkLayer(self)
        self._selection = TextSelection(self)
        self._passages = PassageLayer(Document(""))
        self._assets = LazyAssets(self)
        self._background = (0, 0, 0)
        self._matches: Matches | None = None
        self._search_finder: Finder | None = None
        self._search_spans: dict[int, list[tuple[int, int]]] = {}
        super().__init__()
        self._link_use = LinkUse.OPEN
        self._had_mouse_selection = False
        self._is_preview = False
        self._has_ended = False
        self._hyphenates = False
        self._hovered_url = ""

    def show_article(
        self, article: ShownArticle | None, *, preview: bool = False, at: Position | None = None
    ) -> None:
        """Show an article at its stored position or at `at`, or nothing.

        An article that is shown already keeps its place and mode. A preview reports no progress.
        """
        former, self._shown = self._shown, article
        if former is None and article is None:
            return
        self._is_preview = preview
        if article and former and _is_same_text(former, article):
            self._reload(former, article)
        else:
            self._load(article)
        if article and at:
            self.scroll_to_text(*resolve_position(self.document, at), lead=JUMP_LEAD)

    def _load(self, article: ShownArticle | None) -> None:
        """Load another article."""
        self._leave_modes()
        self._links.clear()
        self._assets.clear()
        self._matches = None
        self._search_finder, self._search_spans = None, {}
        self._has_ended = False
        self._request_hyphenator()
        document = build_document(article)
        self.end_passage()
        self._passages = PassageLayer(document)
        self._highlight_index = HighlightIndex(document, article.highlights if article else ())
        self.show_document(
            document,
            ScrollAnchor(*resolve_position(document, article.position)) if article else TOP,
        )

    def _reload(self, former: ShownArticle, article: ShownArticle) -> None:
        """Show the same text again with other highlights or another header."""
        anchor, head = self.top_anchor, self.document.header_size
        if build_header(former) != build_header(article):
            ended, passages = self._has_ended, self._passages
            self._passages = PassageLayer(self.document)
            self._load(article)
            self._has_ended = ended
            self._passages = passages.moved_to(self.document, self.document.header_size - head)
            inside = anchor.block >= head
            moved = anchor._replace(block=anchor.block + self.document.header_size - head)
            self.show_document(self.document, moved if inside else TOP)
        elif former.highlights != article.highlights:
            self.set_highlights(article.highlights)

    @property
    def article(self) -> ShownArticle | None:
        return self._shown

    def open_preview(self) -> None:
        """Report progress from now on: the preview is being read."""
        self._is_preview = False

    def set_highlights(self, highlights: Sequence[Highlight]) -> None:
        """Replace the highlights; the text keeps its place."""
        before = self._highlight_index
        self._highlight_index = HighlightIndex(self.document, highlights, before)
        touched: frozenset[int] = frozenset()
        while not self._highlight_index.is_resolved:
            touched |= self._highlight_index.resolve_next()
        self.relayout_blocks(
            touched | before.blocks_with_notes | self._highlight_index.blocks_with_notes
        )

    def set_image(self, article: str, name: str, picture: Image | None) -> None:
        """Draw an image that `RequestImage` asked for; None keeps its description."""
        if self._shown and self._shown.id == article and picture and picture.is_valid:
            blocks = self._assets.add_image(name, picture)
            self.relayout_blocks(blocks)
            for block in blocks:
                self.prepare_image(block)

    def set_measure(self, cells: int) -> None:
        """Set the width of the column, as far as the pane allows."""
        self.options = replace(self.options, measure=max(20, min(200, cells)))

    def set_typesetting(
        self,
        *,
        spacing: int = 0,
        indented: bool = False,
        justified: bool = False,
        hyphenated: bool = False,
        reorder: bool = False,
    ) -> None:
        """Set spacing, indents, justification and hyphenation; the top line keeps its words."""
        self._hyphenates = hyphenated
        self.options = replace(
            self.options,
            line_spacing=spacing,
            indented=indented,
            justified=justified,
            visual_order=reorder,
            hyphens=self.options.hyphens if hyphenated else None,
        )
        self._request_hyphenator()

    def _request_hyphenator(self) -> None:
        """Hyphenate in the article's language once its patterns are loaded."""
        if self._hyphenates and self._shown:
            self._assets.request_hyphenator(self._shown.language)

    @on(HyphenatorReady)
    def _apply_hyphenator(self, event: HyphenatorReady) -> None:
        wanted = self._hyphenates and self._shown and self._shown.language == event.language
        if wanted and event.hyphenator is not self.options.hyphens:
            self.options = replace(self.options, hyphens=event.hyphenator)

    @on(CodeColorsReady)
    def _paint_code_colors(self, event: CodeColorsReady) -> None:
        if event.document is self.document:
            self.refresh()

    def outline(self) -> list[Heading]:
        """Return the article's headings; `scroll_to_text` scrolls to their blocks."""
        return self.document.outline()

    @property
    def position(self) -> Position:
        """The position of the place that was read along, if it is visible, else of the top line."""
        block, offset = self.reading_place
        if not self.document.blocks or not self.document.is_body(block):
            return Position(progress=self.progress)
        return self.position_of(Passage(block, offset, offset))

    def position_of(self, passage: Passage) -> Position:
        """Return the position of a passage, by its words."""
        block, offset, _ = passage
        text = self.document.inline_text(block).text
        return Position(
            quote=" ".join(text[offset : offset + MAX_POSITION_QUOTE].split()),
            start=self.document.estimate_offset(block) + offset,
            progress=self.progress_at(block, offset),
        )

    # Reading along.

    @property
    def along(self) -> ReadAlong:
        """The sentences and words of the text."""
        return self._passages.along

    @property
    def passage(self) -> Passage | None:
        """The sentence that is read aloud."""
        return self._passages.passage

    @property
    def reading_place(self) -> TextPosition:
        """The place where reading along continues: where it stopped, if that is visible."""
        place = self._passages.place
        if place is not None and self.is_visible_text(*place):
            return place
        return TextPosition(*self.top_anchor[:2])

    def mark_passage(self, passage: Passage) -> None:
        """Mark the sentence that is read aloud, and keep it visible."""
        is_new = self._passages.passage is None
        self._passages.mark(passage)
        self._reveal_passage(passage)
        if is_new:
            self._post_mode()
        self.refresh()
        self.handle_scroll()

    def end_passage(self) -> bool:
        """Remove the mark; return whether there was one. The place stays."""
        if self._passages.passage is None:
            return False
        self._passages.passage = None
        self.post_message(messages.ReadingAloudStopped())
        self._post_mode()
        return True

    def keep_place(self, passage: Passage) -> None:
        """Go to a passage and keep it as the place where reading along continues."""
        self._passages.place = TextPosition(passage.block, passage.start)
        self._reveal_passage(passage)
        self.handle_scroll()

    def _reveal_passage(self, passage: Passage) -> None:
        self.reveal_text(passage.block, max(passage.start, passage.end - 1))
        self.reveal_text(passage.block, passage.start)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        behind = self.background_colors[1].rgb
        if behind != self._background:
            self._background = behind
            # The color behind images and at their edges has changed.
            if blocks := self._assets.blocks_with_image():
                self.relayout_blocks(blocks)

    def overlays(self, block: int) -> list[Overlay]:
        overlays = [
            Overlay(m.start, m.end, highlight_role(m.highlight.color))
            for m in self._highlight_index.in_block(block)
        ]
        if self._matches:
            current = self._matches.current
            overlays += [
                Overlay(
                    m.start, m.end, ColorRole.MATCH_CURRENT if m == current else ColorRole.MATCH
                )
                for m in self._matches.in_block(block)
            ]
        else:
            overlays += [Overlay(*span, ColorRole.MATCH) for span in self._search_matches_in(block)]
        if span := self._passages.span(block):
            overlays.append(Overlay(*span, ColorRole.SPOKEN))
        if span := self._selection.span(block):
            overlays.append(Overlay(*span, ColorRole.SELECTION))
        return overlays

    def block_extras(self, block: int) -> BlockExtras:
        picture = self._assets.image_of(block)
        return BlockExtras(
            notes=self._highlight_index.notes_below(block),
            expanded=self._links.expanded_below(block),
            image=picture,
            background=self.background_colors[1].rgb if picture else (0, 0, 0),
        )

    def filter_span(self, drawn: StyledSpan, block: int) -> list[StyledSpan]:
        return self._links.filter_span(drawn, block)

    def handle_visible_blocks(self, blocks: range) -> None:
        if self._shown:
            self._assets.request(blocks, self._shown, pictures=self.draws_images)

    def handle_scroll(self) -> None:
        if self._shown and not self._is_preview:
            self.post_message(messages.ProgressChanged(self._shown.id, self.position))

    def handle_scroll_past_end(self) -> None:
        if self._shown and not self._is_preview and not self._has_ended:
            self._has_ended = True
            self.post_message(messages.EndReached(self._shown.id))

    def handle_measured(self) -> None:
        self._resolve_highlights()
        self.handle_scroll()

    @property
    def is_measuring(self) -> bool:
        return super().is_measuring or not self._highlight_index.is_resolved

    def _resolve_highlights(self) -> None:
        """Resolve one highlight at a time, so that no key waits for all of them."""
        if self._highlight_index.is_resolved:
            return
        self.relayout_blocks(self._highlight_index.resolve_next())
        if not self._highlight_index.is_resolved:
            self.call_later(self._resolve_highlights)
        elif self._highlight_index.unanchored and self._shown:
            self.post_message(
                messages.HighlightsUnanchored(self._shown.id, self._highlight_index.unanchored)
            )

    def find(self, wording: str) -> int:
        """Mark all matches and scroll to the next one; return their number."""
        self._matches = Matches(self.document, make_finder(wording)) if wording.strip() else None
        if self._matches:
            self._show_match(
                self._matches.select_from(self.top_anchor.block, self.top_anchor.offset)
            )
        self.refresh()
        return len(self._matches) if self._matches else 0

    def mark_search_matches(self, finder: Finder | None, at: Position | None = None) -> None:
        """Mark the matches of the library search and scroll to `at`; None removes the marks.

        Each block is searched when it is drawn. Leaving a mode keeps these marks: they belong to
        the search.
        """
        self._search_finder, self._search_spans = finder, {}
        self._matches = None
        if finder and at:
            lead = max(JUMP_LEAD, self.size.height // 3)
            self.scroll_to_text(*resolve_position(self.document, at), lead=lead)
        self.refresh()

    @property
    def has_search_matches(self) -> bool:
        """True if matches of the library search are marked."""
        return self._search_finder is not None

    def _search_matches_in(self, block: int) -> list[tuple[int, int]]:
        """Return the ranges of the search words in a block."""
        if self._search_finder is None or not is_searched(self.document, block):
            return []
        if block not in self._search_spans:
            self._search_spans[block] = list(
                self._search_finder(self.document.inline_text(block).text)
            )
        return self._search_spans[block]

    def step_match(self, by: int) -> None:
        """Go to the next match (1) or the previous one (-1), of the find or else of the search."""
        if self._matches is None and self._search_finder is not None:
            self._matches = Matches(self.document, self._search_finder)
            self._matches.select_from(self.top_anchor.block, self.top_anchor.offset)
            self._show_match(self._matches.current if by > 0 else self._matches.step(by))
        else:
            self._show_match(self._matches.step(by) if self._matches else None)

    @property
    def match_position(self) -> tuple[int, int]:
        """The number of the current match, from 1, and the number of matches; else zeros."""
        return (self._matches.index + 1, len(self._matches)) if self._matches else (0, 0)

    def _show_match(self, match: Match | None) -> None:
        if match:
            self.push_jump()
            self.reveal_text(match.block, match.start)
        self.refresh()

    def action_hint_links(self, use: str = "open") -> bool:
        """Show letters on visible links and footnotes; return whether there are any."""
        if not self._links.show_hints():
            return False
        self._link_use = LinkUse(use)
        self._post_mode()
        return True

    def action_show_addresses(self) -> bool:
        """Show or hide the addresses of visible links; return whether there are any."""
        return self._links.toggle_addresses()

    def follow(self, block: int, target: int, use: LinkUse = LinkUse.OPEN) -> None:
        """Follow a link, or open or close a footnote in place."""
        aim = self.document.inline_text(block).targets[target]
        if aim.is_note:
            self._links.toggle_note(block, aim.destination)
        elif aim.destination.startswith(FOLLOWED_SCHEMES):
            self.post_message(
                messages.FollowLink(aim.destination, self._links.link_text(block, target), use)
            )

    def action_highlight(self) -> None:
        """Highlight the words selected with the mouse, or start a selection by keyboard.

        The selection starts at the current match, or at the paragraph on top.
        """
        if self._highlight_mouse_selection():
            return
        match = self._matches.current if self._matches else None
        if match and not self.document.is_body(match.block):
            match = None
        anchor = self.top_anchor
        place = TextPosition(match.block, match.start) if match else TextPosition(*anchor[:2])
        if self._selection.start(place):
            self._post_mode()

    def _highlight_mouse_selection(self) -> bool:
        selection = self.text_selection
        highlight = self._selection.mouse_highlight(selection) if selection else None
        if highlight is None or not self._shown:
            return False
        self.screen.clear_selection()
        self.post_message(messages.AddHighlight(self._shown.id, highlight, with_note=False))
        return True

    def selection_updated(self, selection: Selection | None) -> None:
        super().selection_updated(selection)
        if (selection is not None) != self._had_mouse_selection:
            self._had_mouse_selection = selection is not None
            self.post_message(messages.ModeChanged(self.mode))

    @property
    def has_mouse_selection(self) -> bool:
        """Return whether words of the text are selected with the mouse."""
        return self.text_selection is not None

    @property
    def selection_unit(self) -> str:
        """The unit by which the keyboard selection moves."""
        return str(self._selection.unit)

    def action_highlight_step(self, step: int) -> None:
        """Select the next (1) or previous (-1) unit."""
        self._selection.apply(lambda marking: marking.step(step))

    def action_highlight_unit(self, by: int) -> None:
        """Select by a larger (1) or smaller (-1) unit."""
        self._selection.apply(lambda marking: marking.resize_unit(by))
        self._post_mode()

    def action_highlight_by(self, unit: str) -> None:
        """Select by `paragraph`, `sentence` or `word`; the unit in force takes the next one."""
        self._selection.apply(lambda marking: marking.advance(Granularity(unit)))
        self._post_mode()

    def action_highlight_end(self, step: int) -> None:
        self._selection.apply(lambda marking: marking.move_end(step))

    def action_highlight_other_end(self) -> None:
        self._selection.apply(lambda marking: marking.swap_ends())

    def action_highlight_keep(self) -> None:
        self._post_highlight(noting=False)

    def action_highlight_note(self) -> None:
        """Add the selection with a note, or edit the note of the highlight under it."""
        known = self._selection.highlights_under(self._highlight_index)
        if known:
            self._post_change(known, "note")
        else:
            self._post_highlight(noting=True)

    def action_highlight_color(self, color: str) -> None:
        """Save the selection in a colour, or give it to the highlight under it."""
        known = self._selection.highlights_under(self._highlight_index)
        chosen = self._selection.as_highlight()
        if known:
            self._post_change(known, "label", color)
        elif chosen and self._shown:
            labelled = replace(chosen, color=color)
            self.post_message(messages.AddHighlight(self._shown.id, labelled, with_note=False))
            self.action_leave()

    def action_highlight_label(self) -> None:
        """Save the selection with a label, or label the highlight under it."""
        known = self._selection.highlights_under(self._highlight_index)
        chosen = self._selection.as_highlight()
        self._post_change(known or ([chosen] if chosen else []), "label")

    def action_highlight_remove(self) -> None:
        """Remove the highlight under the selection."""
        self._post_change(self._selection.highlights_under(self._highlight_index), "remove")

    def _post_change(
        self, highlights: Sequence[Highlight], purpose: HighlightPurpose, color: str = ""
    ) -> None:
        if highlights and self._shown:
            wanted = tuple(highlights)
            self.post_message(messages.ChangeHighlight(self._shown.id, wanted, purpose, color))
            self._leave_modes()

    def action_highlight_copy(self) -> None:
        if chosen := self._selection.as_highlight():
            self.post_message(messages.CopyText(clean(chosen.quote)))
            self.action_leave()

    def set_end_actions(self, actions: Sequence[EndAction]) -> None:
        """Offer these actions below the end of the text."""
        block = self.document.set_end_actions(actions)
        if block is not None:
            self.relayout_blocks(frozenset({block}))

    def action_edit_note(self) -> None:
        """Edit the note on the article."""
        if self._shown:
            self.post_message(messages.EditNote(self._shown.id))

    def _post_highlight(self, *, noting: bool) -> None:
        chosen = self._selection.as_highlight()
        if chosen and self._shown:
            self.post_message(messages.AddHighlight(self._shown.id, chosen, noting))
            self.action_leave()

    @property
    def mode(self) -> ArticleMode:
        if self._links.hints:
            return ArticleMode.HINTING
        return ArticleMode.SELECTING if self._selection.is_active else ArticleMode.READING

    def action_leave(self) -> bool:
        """Leave selection, link hints, reading aloud, find or footnotes on the screen.

        Returns whether any was active.
        """
        if self.mode is not ArticleMode.READING:
            self._leave_modes()
            return True
        if self.end_passage():
            return True
        if self._matches is None:
            return self._links.close_visible()
        self._matches = None
        self.refresh()
        return True

    def _post_mode(self) -> None:
        self.post_message(messages.ModeChanged(self.mode))
        self.refresh()

    def _leave_modes(self) -> None:
        if self.mode is not ArticleMode.READING:
            self._selection.end()
            self._links.hints = None
            self._post_mode()

    def on_key(self, event: events.Key) -> None:
        """Type the letters of link hints while they are shown."""
        hints = self._links.hints
        if not hints:
            return
        event.stop()
        event.prevent_default()
        if event.key == "backspace":
            hints.erase()
        elif not event.character or not event.character.isalpha():
            self._leave_modes()
        elif hint := self._links.type_letter(event.character):
            self._post_mode()
            use = LinkUse.SAVE if event.character.isupper() else self._link_use
            self.follow(hint.block, hint.target, use)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Follow a link, open a footnote, run an end action, or edit a highlight."""
        offset, block = self.text_at(event)
        if block < 0 or event.chain != 1 or self.screen.get_selected_text():
            return
        aimed = self._links.target_at(offset, block)
        if aimed and self.document.blocks[block].kind is BlockKind.END:
            self.post_message(messages.EndActionChosen(aimed[0].destination))
        elif aimed:
            self.follow(block, aimed[1])
        else:
            self._post_change(self._highlight_index.find_all_at(block, offset, offset), "note")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show the address of the link under the pointer as a tooltip."""
        offset, block = self.text_at(event)
        aimed = self._links.target_at(offset, block) if block >= 0 else None
        is_end = block >= 0 and self.document.blocks[block].kind is BlockKind.END
        shown = aimed is not None and not aimed[0].is_note and not is_end
        address = one_line(aimed[0].destination, 200) if aimed and shown else ""
        if address != self._hovered_url:
            self._hovered_url = address
            self.tooltip = Text(address) if address else None


def _is_same_text(former: ShownArticle, article: ShownArticle) -> bool:
    return (former.id, former.markdown, former.language) == (
        article.id,
        article.markdown,
        article.language,
    )
