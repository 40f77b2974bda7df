"""The reader pane: one article to be read, searched, highlighted and followed by its links."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from rich.text import Text
from textual import events, work

from reader.model.highlight import Highlight, Position
from reader.model.quote import QuotedText, select
from reader.model.text import clean, one_line
from reader.ui.text.blocks import Kind
from reader.ui.text.cells import chop, width
from reader.ui.text.document import Document, Heading, head_of
from reader.ui.text.finding import Match, Matches
from reader.ui.text.hints import Hints
from reader.ui.text.hyphenation import hyphens_of
from reader.ui.text.ink import Ink
from reader.ui.text.lines import Drawn, Overlay, Slice
from reader.ui.text.listing import coloured
from reader.ui.text.marking import Marking, Place, Unit
from reader.ui.text.marks import Marks
from reader.ui.text.pictures import Raster
from reader.ui.text.prose import Target
from reader.ui.text.setting import Beside
from reader.ui.text.shown import ShownArticle
from reader.ui.text.wrapping import Hyphens
from reader.ui.widgets.article_flow import TOP, Anchor, FlowView
from reader.ui.widgets.article_messages import (
    CopyText,
    EditHighlight,
    EditNote,
    EndReached,
    FollowLink,
    HighlightsLost,
    KeepHighlight,
    LinkUse,
    Mode,
    ModeChanged,
    ProgressChanged,
    RemoveHighlight,
    WantPicture,
)

QUOTED: Final = 80
"""Code points from the top line on that a position keeps."""
NO_BREAK: Final = "\u00a0"
TALLEST: Final = 24
"""Lines that a picture may take."""
FOLLOWED: Final = ("http://", "https://", "mailto:")


class ArticleView(FlowView):
    """Shows one article; speaks by the messages of `article_messages`, binds no keys."""

    draws_pictures = True
    """Whether pictures are drawn or only described."""

    def __init__(self, *, id: str | None = None, classes: str | None = None):
        self._shown: ShownArticle | None = None
        self._marks = Marks(Document(""))
        self._opened: dict[int, tuple[str, ...]] = {}
        self._pictures: dict[str, Raster | None] = {}
        self._coloured: set[int] = set()
        super().__init__(id=id, classes=classes)
        self._matches: Matches | None = None
        self._marking: Marking | None = None
        self._hints: Hints | None = None
        self._use = LinkUse.OPEN
        self._is_preview = False
        self._has_ended = False
        self._hyphenates = False

    # What is shown.

    def show(self, article: ShownArticle | None, *, preview: bool = False) -> None:
        """Show an article from its kept position, or nothing.

        The article that is shown already stays where it is. A preview says nothing of progress.
        """
        former, self._shown = self._shown, article
        anchor = self.place
        heads = self.document.head
        self._is_preview = preview
        self._leave_modes()
        self._opened = {}
        self._pictures = {}
        self._coloured = set()
        self._matches = None
        self._hyphenate()
        document = _document(article)
        self._marks = Marks(document, article.highlights if article else ())
        same = article and former and (former.id, former.markdown) == (article.id, article.markdown)
        if same and anchor.block >= heads:
            self.put(document, anchor._replace(block=anchor.block + document.head - heads))
            return
        self._has_ended = False
        self.put(document, _kept(document, article.position) if article else TOP)

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
            self._load_hyphens(self._shown.language)

    @work(thread=True)
    def _load_hyphens(self, language: str | None) -> None:
        hyphens = hyphens_of(language)
        self.app.call_from_thread(self._use_hyphens, language, hyphens)

    def _use_hyphens(self, language: str | None, hyphens: Hyphens | None) -> None:
        wanted = self._hyphenates and self._shown and self._shown.language == language
        if wanted and hyphens is not self.column.hyphens:
            self.column = replace(self.column, hyphens=hyphens)

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

    def overlays(self, block: int) -> list[Overlay]:
        overlays = [Overlay(m.start, m.end, Ink.HIGHLIGHT) for m in self._marks.of(block)]
        if self._matches:
            current = self._matches.current
            overlays += [
                Overlay(m.start, m.end, Ink.MATCH_CURRENT if m == current else Ink.MATCH)
                for m in self._matches.of(block)
            ]
        if self._marking and (span := self._marking.span(block)):
            overlays.append(Overlay(*span, Ink.MARKING))
        return overlays

    def beside(self, block: int) -> Beside:
        picture = self._pictures.get(self.document.blocks[block].info)
        behind = self.background_colors[1].rgb if picture else (0, 0, 0)
        opened = self._opened.get(block, ())
        return Beside(False, self._marks.remarks(block), opened, picture, behind)

    def in_sight(self, blocks: range) -> None:
        """Ask for the pictures there, and colour the listings, each once."""
        listings: list[int] = []
        for index in blocks:
            block = self.document.blocks[index]
            if block.kind is Kind.IMAGE and self.draws_pictures:
                self._ask_for(block.info)
            elif block.kind is Kind.CODE and block.info and index not in self._coloured:
                self._coloured.add(index)
                listings.append(index)
        if listings:
            self._colour(self.document, listings)

    @work(thread=True)
    def _colour(self, document: Document, listings: Sequence[int]) -> None:
        """Colour listings beside the event loop: lexers take long to import and to run."""
        for index in listings:
            block = document.blocks[index]
            runs = coloured(block.raw, block.info)
            if runs:
                document.colour(index, runs)
        self.app.call_from_thread(self.refresh)

    def _ask_for(self, name: str) -> None:
        shown = self._shown
        file = shown.pictures.get(name) if shown else None
        if not shown or not shown.folder or not file or name in self._pictures:
            return
        self._pictures[name] = None
        width = min(self.column.measure, self.size.width)
        height = 2 * min(TALLEST, max(4, self.size.height - 3))
        self.post_message(WantPicture(shown.id, name, shown.folder, file, width, height))

    def set_picture(self, article: str, name: str, picture: Raster | None) -> None:
        """Draw a picture that `WantPicture` asked for; None leaves its description there."""
        if not self._shown or self._shown.id != article or not picture or not picture.is_whole:
            return
        self._pictures[name] = picture
        blocks = [i for i, b in enumerate(self.document.blocks) if b.info == name]
        images = frozenset(i for i in blocks if self.document.blocks[i].kind is Kind.IMAGE)
        self.set_again(images)
        for block in images:
            self.warm_image(block)

    def moved(self) -> None:
        if self._shown and not self._is_preview:
            self.post_message(ProgressChanged(self._shown.id, self.position))

    def pushed_on(self) -> None:
        if self._shown and not self._is_preview and not self._has_ended:
            self._has_ended = True
            self.post_message(EndReached(self._shown.id))

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
            self.post_message(HighlightsLost(self._shown.id, self._marks.lost))

    # Finding.

    def find(self, wording: str) -> int:
        """Mark all places of a wording and go to the first from here on; how many there are."""
        self._matches = Matches(self.document, wording) if wording.strip() else None
        if self._matches:
            self._show_match(self._matches.start_from(self.place.block, self.place.offset))
        self.refresh()
        return len(self._matches) if self._matches else 0

    @property
    def match(self) -> tuple[int, int]:
        """Which match one stands at, from 1, and how many there are; zeros where none is."""
        return (self._matches.at + 1, len(self._matches)) if self._matches else (0, 0)

    def action_next_match(self) -> None:
        self._show_match(self._matches.step(1) if self._matches else None)

    def action_previous_match(self) -> None:
        self._show_match(self._matches.step(-1) if self._matches else None)

    def _show_match(self, match: Match | None) -> None:
        if match:
            self._remember()
            self.reveal(match.block, match.start)
        self.refresh()

    # Links.

    def action_hint_links(self, use: str = "open") -> None:
        """Put letters on the links and footnotes in sight; typing them follows one."""
        places = self._targets_in_sight()
        if places:
            self._use = LinkUse(use)
            self._hints = Hints(places)
            self._enter(Mode.HINTING)

    def _targets_in_sight(self) -> list[tuple[int, int, int]]:
        """Block, offset and target of each link on the screen, from its first words in sight."""
        found: dict[tuple[int, int], int] = {}
        for line in range(self.size.height):
            at = self.scroll_offset.y + line
            if at >= self._flow.height:
                break
            spot = self._flow.spot(at)
            shown = self._flow.line(spot)
            runs = [run for run in self.document.prose(spot.block).runs if run.target >= 0]
            for part in (part for part in shown.parts if isinstance(part, Slice)) if shown else ():
                for run in runs:
                    if run.start < part.end and run.end > part.start:
                        found.setdefault((spot.block, run.target), max(run.start, part.start))
        return [(block, start, target) for (block, target), start in found.items()]

    def drawn(self, drawn: Drawn, block: int) -> list[Drawn]:
        label = self._hints.label(block, drawn.start) if self._hints and drawn.target >= 0 else None
        if not label:
            return [drawn]
        covered = chop(drawn.text, len(label), len(drawn.text))[0][1]
        hint = Drawn(label.ljust(width(drawn.text[:covered])), Ink.HINT)
        rest = drawn._replace(text=drawn.text[covered:], start=drawn.start + covered)
        return [hint, rest] if rest.text else [hint]

    def action_show_addresses(self) -> None:
        """Say below each paragraph in sight where its links lead, or take that away again."""
        said: dict[int, tuple[str, ...]] = {}
        for block, _, target in self._targets_in_sight():
            aim = self.document.prose(block).targets[target]
            if not aim.is_note:
                said[block] = (*said.get(block, ()), one_line(aim.where, 2000))
        shown = all(set(said[block]) <= set(self._opened.get(block, ())) for block in said)
        for block, addresses in said.items():
            kept = tuple(text for text in self._opened.get(block, ()) if text not in addresses)
            self._opened[block] = kept if shown else (*kept, *addresses)
        self.set_again(frozenset(said))

    def follow(self, block: int, target: int, use: LinkUse = LinkUse.OPEN) -> None:
        """Ask for a link to be followed, or open a footnote in place, or close it again."""
        prose = self.document.prose(block)
        aim = prose.targets[target]
        if aim.is_note:
            self._toggle_note(block, aim)
        elif aim.where.startswith(FOLLOWED):
            run = next(run for run in prose.runs if run.target == target)
            text = one_line(prose.text[run.start : run.end])
            self.post_message(FollowLink(aim.where, text, use))

    def _toggle_note(self, block: int, aim: Target) -> None:
        paragraphs = self.document.note(aim.where)
        opened = self._opened.get(block, ())
        is_open = bool(paragraphs) and all(text in opened for text in paragraphs)
        kept = tuple(text for text in opened if text not in paragraphs)
        self._opened[block] = kept if is_open else (*kept, *paragraphs)
        self.set_again(frozenset({block}))

    # Highlighting.

    def action_mark(self) -> None:
        """Begin to choose words, at the paragraph on top or at the match one stands at."""
        anchor = self.place
        match = self._matches.current if self._matches else None
        place = Place(match.block, match.start) if match else Place(anchor.block, anchor.offset)
        marking = Marking(self.document, place)
        if marking.is_possible:
            self._marking = marking
            self._enter(Mode.MARKING)
            self._show_marking()

    def action_mark_paragraph(self, step: int) -> None:
        self._mark(lambda marking: marking.paragraph(step))

    def action_mark_sentence(self) -> None:
        self._mark(lambda marking: marking.advance(Unit.SENTENCE))

    def action_mark_word(self) -> None:
        self._mark(lambda marking: marking.advance(Unit.WORD))

    def action_mark_end(self, step: int) -> None:
        self._mark(lambda marking: marking.grow(step))

    def action_mark_other_end(self) -> None:
        self._mark(lambda marking: marking.other_end())

    def action_mark_keep(self) -> None:
        self._keep(noting=False)

    def action_mark_note(self) -> None:
        """Keep the words with a note, or change the note of the highlight they touch."""
        known = self._touched_highlight()
        if known and self._shown:
            self.post_message(EditHighlight(self._shown.id, known))
            self.action_leave()
        else:
            self._keep(noting=True)

    def action_mark_remove(self) -> None:
        """Remove the highlight that the chosen words touch."""
        known = self._touched_highlight()
        if known and self._shown:
            self.post_message(RemoveHighlight(self._shown.id, known))
            self.action_leave()

    def action_mark_copy(self) -> None:
        if chosen := self._chosen():
            self.post_message(CopyText(clean(chosen.quote)))
            self.action_leave()

    def action_edit_note(self) -> None:
        if self._shown:
            self.post_message(EditNote(self._shown.id))

    def _mark(self, change: Callable[[Marking], None]) -> None:
        if self._marking:
            change(self._marking)
            self._show_marking()

    def _show_marking(self) -> None:
        if self._marking:
            self.reveal(*self._marking.moving)
        self.refresh()

    def _chosen(self) -> Highlight | None:
        if not self._marking:
            return None
        starts = self.document.starts()
        start, end = self._marking.start, self._marking.end
        text = self.document.plain()
        return select(text, starts[start.block] + start.offset, starts[end.block] + end.offset)

    def _keep(self, *, noting: bool) -> None:
        chosen = self._chosen()
        if chosen and self._shown:
            self.post_message(KeepHighlight(self._shown.id, chosen, noting))
            self.action_leave()

    def _touched_highlight(self) -> Highlight | None:
        marking = self._marking
        for block in range(marking.start.block, marking.end.block + 1) if marking else ():
            span = marking.span(block) if marking else None
            known = self._marks.at(block, *span) if span else None
            if known:
                return known
        return None

    # Modes, keys that are letters of a hint, and the mouse.

    def action_leave(self) -> bool:
        """Leave choosing, hints or finding, one after the other; whether there was something."""
        if self._marking or self._hints:
            self._leave_modes()
            self.refresh()
            return True
        had_matches, self._matches = self._matches is not None, None
        self.refresh()
        return had_matches

    @property
    def mode(self) -> Mode:
        if self._hints:
            return Mode.HINTING
        return Mode.MARKING if self._marking else Mode.READING

    def _enter(self, mode: Mode) -> None:
        self.post_message(ModeChanged(mode))
        self.refresh()

    def _leave_modes(self) -> None:
        if self.mode is not Mode.READING:
            self._marking = self._hints = None
            self.post_message(ModeChanged(Mode.READING))

    def on_key(self, event: events.Key) -> None:
        """While links carry letters, keys are those letters and not commands."""
        if not self._hints:
            return
        event.stop()
        event.prevent_default()
        if event.key == "backspace":
            self._hints.erase()
        elif event.character and event.character.isalpha():
            hint = self._hints.type(event.character)
            if hint:
                use = LinkUse.SAVE if event.character.isupper() else self._use
                self._leave_modes()
                self.follow(hint.block, hint.target, use)
        else:
            self._leave_modes()
        self.refresh()

    def _under(self, event: events.MouseEvent) -> tuple[int, int, Target | None, int]:
        """The block, the offset and the target under the pointer; -1 where there is no text."""
        offset, block = event.style.meta.get("offset", (-1, -1))
        for run in self.document.prose(block).runs if block >= 0 else ():
            if run.start <= offset < run.end and run.target >= 0:
                return block, offset, self.document.prose(block).targets[run.target], run.target
        return block, offset, None, -1

    def on_click(self, event: events.Click) -> None:
        block, offset, aim, target = self._under(event)
        if event.chain != 1 or self.screen.get_selected_text():
            return
        if aim:
            self.follow(block, target)
        elif block >= 0 and self._shown and (known := self._marks.at(block, offset, offset)):
            self.post_message(EditHighlight(self._shown.id, known))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The address of the link under the pointer is shown beside it."""
        aim = self._under(event)[2]
        shown = aim is not None and not aim.is_note
        self.tooltip = Text(one_line(aim.where, 200)) if aim and shown else None


def _document(article: ShownArticle | None) -> Document:
    if article is None:
        return Document("")
    minutes = f"{article.minutes}{NO_BREAK}min" if article.minutes else ""
    date = one_line(article.published or "").replace(" ", NO_BREAK)
    facts = (one_line(article.byline or ""), one_line(article.site or ""), date, minutes)
    head = head_of(
        one_line(article.title),
        " · ".join(fact for fact in facts if fact),
        " ".join(f"#{one_line(tag)}" for tag in article.tags),
        one_line(article.notice),
    )
    return Document(article.markdown, head)


def _kept(document: Document, position: Position | None) -> Anchor:
    """Where a kept position is in this text: by its words, by words like them, by its share."""
    if position is None or (not position.quote and not position.progress):
        return TOP
    if found := document.seek(position.quote, position.progress):
        return Anchor(*found)
    span = QuotedText(document.plain()).find(position.quote, start=position.start)
    if span and (parts := document.spread(span.start, span.end)):
        return Anchor(parts[0][0], parts[0][1])
    blocks = len(document.blocks)
    return Anchor(min(int(blocks * position.progress), max(blocks - 1, 0)), 0)
