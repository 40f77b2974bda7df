"""The reader pane: one article to be read, searched, highlighted and followed by its links."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rich.text import Text
from textual import events, on

from reader.layout.block_layout import Beside
from reader.layout.document import Document, Heading, ShownArticle, document_of, head_for, place_of
from reader.layout.find_in_page import Finder, Match, Matches, finder_of
from reader.layout.half_block_image import Picture
from reader.layout.highlight_index import Marks
from reader.layout.keyboard_selection import Place, Unit
from reader.layout.spans import Drawn, Overlay
from reader.layout.text_styles import Ink
from reader.model.highlight import Highlight, Position
from reader.model.text import clean, one_line
from reader.ui import messages as said
from reader.ui.messages import LinkUse, Mode
from reader.ui.widgets.document_view import TOP, Anchor, FlowView
from reader.ui.widgets.lazy_assets import ColoursReady, Extras, HyphensReady
from reader.ui.widgets.link_layer import Links
from reader.ui.widgets.text_selection import Choosing

QUOTED: Final = 80
"""Code points from the top line on that a position keeps."""
FOUND_AT: Final = 2
"""Lines that stay above words one was led to."""
FOLLOWED: Final = ("http://", "https://", "mailto:")


class ArticleView(FlowView):
    """Shows one article; speaks by the messages of `article_messages`, binds no keys."""

    draws_pictures = True
    """Whether pictures are drawn or only described."""

    def __init__(self, *, id: str | None = None, classes: str | None = None):
        self._shown: ShownArticle | None = None
        self._marks = Marks(Document(""))
        self._links = Links(self)
        self._choosing = Choosing(self)
        self._extras = Extras(self)
        self._behind = (0, 0, 0)
        self._matches: Matches | None = None
        self._found: Finder | None = None
        self._found_in: dict[int, list[tuple[int, int]]] = {}
        super().__init__(id=id, classes=classes)
        self._use = LinkUse.OPEN
        self._is_preview = False
        self._has_ended = False
        self._hyphenates = False
        self._address = ""

    # What is shown.

    def show(
        self, article: ShownArticle | None, *, preview: bool = False, at: Position | None = None
    ) -> None:
        """Show an article from its kept position or from `at`, or nothing.

        The article that is shown already stays where it is, and what one is doing with it goes
        on. A preview says nothing of progress.
        """
        former, self._shown = self._shown, article
        if former is None and article is None:
            return
        self._is_preview = preview
        if article and former and _is_text_of(former, article):
            self._freshen(former, article)
        else:
            self._begin(article)
        if article and at:
            self.go_to_place(*place_of(self.document, at), lead=FOUND_AT)

    def _begin(self, article: ShownArticle | None) -> None:
        """Show another text."""
        self._leave_modes()
        self._links.clear()
        self._extras.clear()
        self._matches = None
        self._found, self._found_in = None, {}
        self._has_ended = False
        self._hyphenate()
        document = document_of(article)
        self._marks = Marks(document, article.highlights if article else ())
        self.put(document, Anchor(*place_of(document, article.position)) if article else TOP)

    def _freshen(self, former: ShownArticle, article: ShownArticle) -> None:
        """Show the same text again: highlights may be others, and what stands above it."""
        anchor, head = self.place, self.document.head
        if head_for(former) != head_for(article):
            ended = self._has_ended
            self._begin(article)
            self._has_ended = ended
            inside = anchor.block >= head
            moved = anchor._replace(block=anchor.block + self.document.head - head)
            self.put(self.document, moved if inside else TOP)
        elif former.highlights != article.highlights:
            self.set_highlights(article.highlights)

    @property
    def article(self) -> ShownArticle | None:
        return self._shown

    def open_preview(self) -> None:
        """Say progress from now on: the preview is being read."""
        self._is_preview = False

    def set_highlights(self, highlights: Sequence[Highlight]) -> None:
        """Show these highlights instead; the text stays where it is."""
        before = self._marks
        self._marks = Marks(self.document, highlights, before)
        touched: frozenset[int] = frozenset()
        while not self._marks.is_settled:
            touched |= self._marks.settle_next()
        self.set_again(touched | before.noted | self._marks.noted)

    def set_picture(self, article: str, name: str, picture: Picture | None) -> None:
        """Draw a picture that `WantPicture` asked for; None leaves its description there."""
        if self._shown and self._shown.id == article and picture and picture.is_whole:
            blocks = self._extras.put_picture(name, picture)
            self.set_again(blocks)
            for block in blocks:
                self.warm_image(block)

    def set_measure(self, cells: int) -> None:
        """Make the column so wide, if the pane allows it."""
        self.column = replace(self.column, measure=max(20, min(200, cells)))

    def typeset(
        self,
        *,
        spacing: int = 0,
        indented: bool = False,
        justified: bool = False,
        hyphenated: bool = False,
        reorder: bool = False,
    ) -> None:
        """Set how lines are filled and parted; the words on the top line stay there."""
        self._hyphenates = hyphenated
        self.column = replace(
            self.column,
            spacing=spacing,
            indented=indented,
            justified=justified,
            reorder=reorder,
            hyphens=self.column.hyphens if hyphenated else None,
        )
        self._hyphenate()

    def _hyphenate(self) -> None:
        """Cut words by the article's language, as soon as its patterns are read."""
        if self._hyphenates and self._shown:
            self._extras.ask_hyphens(self._shown.language)

    @on(HyphensReady)
    def _use_hyphens(self, event: HyphensReady) -> None:
        wanted = self._hyphenates and self._shown and self._shown.language == event.language
        if wanted and event.hyphens is not self.column.hyphens:
            self.column = replace(self.column, hyphens=event.hyphens)

    @on(ColoursReady)
    def _draw_colours(self, event: ColoursReady) -> None:
        if event.document is self.document:
            self.refresh()

    def outline(self) -> list[Heading]:
        """The article's headings; `go_to_place` leads to one's block."""
        return self.document.outline()

    @property
    def position(self) -> Position:
        """The place of the top line, by its words."""
        anchor = self.place
        if not self.document.blocks or not self.document.is_article(anchor.block):
            return Position(progress=self.progress)
        text = self.document.prose(anchor.block).text
        return Position(
            quote=" ".join(text[anchor.offset : anchor.offset + QUOTED].split()),
            start=self.document.roughly(anchor.block) + anchor.offset,
            progress=self.progress,
        )

    def notify_style_update(self) -> None:
        super().notify_style_update()
        behind = self.background_colors[1].rgb
        if behind != self._behind:
            self._behind = behind
            # What shines through pictures, or stands at their edges, is another colour now.
            if blocks := self._extras.placed():
                self.set_again(blocks)

    # What the flow asks and tells.

    def overlays(self, block: int) -> list[Overlay]:
        overlays = [Overlay(m.start, m.end, Ink.HIGHLIGHT) for m in self._marks.of(block)]
        if self._matches:
            current = self._matches.current
            overlays += [
                Overlay(m.start, m.end, Ink.MATCH_CURRENT if m == current else Ink.MATCH)
                for m in self._matches.of(block)
            ]
        else:
            overlays += [Overlay(*span, Ink.MATCH) for span in self._marked(block)]
        if span := self._choosing.span(block):
            overlays.append(Overlay(*span, Ink.MARKING))
        return overlays

    def beside(self, block: int) -> Beside:
        picture = self._extras.picture(block)
        return Beside(
            remarks=self._marks.remarks(block),
            opened=self._links.opened(block),
            picture=picture,
            behind=self.background_colors[1].rgb if picture else (0, 0, 0),
        )

    def drawn(self, drawn: Drawn, block: int) -> list[Drawn]:
        return self._links.drawn(drawn, block)

    def in_sight(self, blocks: range) -> None:
        if self._shown:
            self._extras.ask(blocks, self._shown, pictures=self.draws_pictures)

    def moved(self) -> None:
        if self._shown and not self._is_preview:
            self.post_message(said.ProgressChanged(self._shown.id, self.position))

    def pushed_on(self) -> None:
        if self._shown and not self._is_preview and not self._has_ended:
            self._has_ended = True
            self.post_message(said.EndReached(self._shown.id))

    def all_measured(self) -> None:
        self._settle_marks()
        self.moved()

    @property
    def is_settling(self) -> bool:
        return super().is_settling or not self._marks.is_settled

    def _settle_marks(self) -> None:
        """Find one highlight at a time, so that no key waits for all of them."""
        if self._marks.is_settled:
            return
        self.set_again(self._marks.settle_next())
        if not self._marks.is_settled:
            self.call_later(self._settle_marks)
        elif self._marks.lost and self._shown:
            self.post_message(said.HighlightsLost(self._shown.id, self._marks.lost))

    # Finding.

    def find(self, wording: str) -> int:
        """Mark all places of a wording and go to the first from here on; how many there are."""
        self._matches = Matches(self.document, finder_of(wording)) if wording.strip() else None
        if self._matches:
            self._show_match(self._matches.start_from(self.place.block, self.place.offset))
        self.refresh()
        return len(self._matches) if self._matches else 0

    def mark_found(self, finder: Finder | None, at: Position | None = None) -> None:
        """Mark what a search of the library found, and go to `at`; None takes the marks away.

        Each block is looked through when it is drawn. These marks are not left by going back:
        they go with the search.
        """
        self._found, self._found_in = finder, {}
        self._matches = None
        if finder and at:
            lead = max(FOUND_AT, self.size.height // 3)
            self.go_to_place(*place_of(self.document, at), lead=lead)
        self.refresh()

    @property
    def is_marked(self) -> bool:
        """Whether what a search of the library found is marked."""
        return self._found is not None

    def _marked(self, block: int) -> list[tuple[int, int]]:
        """Where the search's words stand in a block."""
        if self._found is None or not self.document.is_article(block):
            return []
        if block not in self._found_in:
            self._found_in[block] = list(self._found(self.document.prose(block).text))
        return self._found_in[block]

    def _step_match(self, by: int) -> None:
        """Go to another match: of what is found in the text, else of what the search found."""
        if self._matches is None and self._found is not None:
            self._matches = Matches(self.document, self._found)
            self._matches.start_from(self.place.block, self.place.offset)
            self._show_match(self._matches.current if by > 0 else self._matches.step(by))
        else:
            self._show_match(self._matches.step(by) if self._matches else None)

    @property
    def match(self) -> tuple[int, int]:
        """Which match one stands at, from 1, and how many there are; zeros where none is."""
        return (self._matches.at + 1, len(self._matches)) if self._matches else (0, 0)

    def action_next_match(self) -> None:
        self._step_match(1)

    def action_previous_match(self) -> None:
        self._step_match(-1)

    def _show_match(self, match: Match | None) -> None:
        if match:
            self.remember()
            self.reveal(match.block, match.start)
        self.refresh()

    # Links.

    def action_hint_links(self, use: str = "open") -> bool:
        """Put letters on the links and footnotes in sight, to follow one; whether there are any."""
        if not self._links.letter():
            return False
        self._use = LinkUse(use)
        self._tell_mode()
        return True

    def action_show_addresses(self) -> bool:
        """Say below each paragraph in sight where its links lead, or take that away again.

        Returned is whether there are any.
        """
        return self._links.toggle_addresses()

    def follow(self, block: int, target: int, use: LinkUse = LinkUse.OPEN) -> None:
        """Ask for a link to be followed, or open a footnote in place, or close it again."""
        aim = self.document.prose(block).targets[target]
        if aim.is_note:
            self._links.toggle_note(block, aim.where)
        elif aim.where.startswith(FOLLOWED):
            self.post_message(said.FollowLink(aim.where, self._links.words(block, target), use))

    # Highlighting.

    def action_mark(self) -> None:
        """Begin to choose words, at the paragraph on top or at the match one stands at."""
        match = self._matches.current if self._matches else None
        place = Place(match.block, match.start) if match else Place(*self.place[:2])
        if self._choosing.begin(place):
            self._tell_mode()

    def action_mark_paragraph(self, step: int) -> None:
        self._choosing.change(lambda marking: marking.paragraph(step))

    def action_mark_sentence(self) -> None:
        self._choosing.change(lambda marking: marking.advance(Unit.SENTENCE))

    def action_mark_word(self) -> None:
        self._choosing.change(lambda marking: marking.advance(Unit.WORD))

    def action_mark_end(self, step: int) -> None:
        self._choosing.change(lambda marking: marking.grow(step))

    def action_mark_other_end(self) -> None:
        self._choosing.change(lambda marking: marking.other_end())

    def action_mark_keep(self) -> None:
        self._keep(noting=False)

    def action_mark_note(self) -> None:
        """Keep the words with a note, or change the note of the highlight they touch."""
        known = self._choosing.touched(self._marks)
        if known and self._shown:
            self.post_message(said.EditHighlight(self._shown.id, known))
            self.action_leave()
        else:
            self._keep(noting=True)

    def action_mark_remove(self) -> None:
        """Remove the highlight that the chosen words touch."""
        known = self._choosing.touched(self._marks)
        if known and self._shown:
            self.post_message(said.RemoveHighlight(self._shown.id, known))
            self.action_leave()

    def action_mark_copy(self) -> None:
        if chosen := self._choosing.chosen():
            self.post_message(said.CopyText(clean(chosen.quote)))
            self.action_leave()

    def action_edit_note(self) -> None:
        """Ask for the note on the whole article."""
        if self._shown:
            self.post_message(said.EditNote(self._shown.id))

    def _keep(self, *, noting: bool) -> None:
        chosen = self._choosing.chosen()
        if chosen and self._shown:
            self.post_message(said.KeepHighlight(self._shown.id, chosen, noting))
            self.action_leave()

    # Modes, keys that are letters of a hint, and the mouse.

    @property
    def mode(self) -> Mode:
        if self._links.hints:
            return Mode.HINTING
        return Mode.MARKING if self._choosing.is_going_on else Mode.READING

    def action_leave(self) -> bool:
        """Leave choosing, hints or finding, one after the other; whether there was something."""
        if self.mode is not Mode.READING:
            self._leave_modes()
            return True
        if self._matches is None:
            return False
        self._matches = None
        self.refresh()
        return True

    def _tell_mode(self) -> None:
        self.post_message(said.ModeChanged(self.mode))
        self.refresh()

    def _leave_modes(self) -> None:
        if self.mode is not Mode.READING:
            self._choosing.end()
            self._links.hints = None
            self._tell_mode()

    def on_key(self, event: events.Key) -> None:
        """While links carry letters, keys are those letters and not commands."""
        hints = self._links.hints
        if not hints:
            return
        event.stop()
        event.prevent_default()
        if event.key == "backspace":
            hints.erase()
        elif not event.character or not event.character.isalpha():
            self._leave_modes()
        elif hint := self._links.type(event.character):
            self._tell_mode()
            use = LinkUse.SAVE if event.character.isupper() else self._use
            self.follow(hint.block, hint.target, use)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A link is followed, a footnote opened, a highlight edited."""
        offset, block = self.text_under(event)
        if block < 0 or event.chain != 1 or self.screen.get_selected_text():
            return
        if aimed := self._links.under(offset, block):
            self.follow(block, aimed[1])
        elif self._shown and (known := self._marks.at(block, offset, offset)):
            self.post_message(said.EditHighlight(self._shown.id, known))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The address of the link under the pointer is shown beside it."""
        offset, block = self.text_under(event)
        aimed = self._links.under(offset, block) if block >= 0 else None
        shown = aimed is not None and not aimed[0].is_note
        address = one_line(aimed[0].where, 200) if aimed and shown else ""
        if address != self._address:
            self._address = address
            self.tooltip = Text(address) if address else None


def _is_text_of(former: ShownArticle, article: ShownArticle) -> bool:
    return (former.id, former.markdown, former.language) == (
        article.id,
        article.markdown,
        article.language,
    )
