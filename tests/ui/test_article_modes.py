"""Choosing, finding and following in the reader pane."""

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.message import Message
from textual.pilot import Pilot
from textual.selection import Selection

from reader.layout.document import ShownArticle
from reader.model.highlight import Highlight
from reader.resources import styles
from reader.ui import themes
from reader.ui.messages import (
    AddHighlight,
    ArticleMode,
    ChangeHighlight,
    EndReached,
    FollowLink,
    HighlightsUnanchored,
    LinkUse,
    ProgressChanged,
)
from reader.ui.widgets.article_view import ArticleView

TEXT = """The ferry is slow. A square is slow too. Nobody minds.

See [the plan](https://example.org/plan) and [another](javascript:alert(1)).[^1]

Mr. Brown agreed. “It is so,” he said.

[^1]: A footnote with its own words.
"""


class Shell(App[None]):
    """An app that keeps what the pane says."""

    def __init__(self) -> None:
        super().__init__(css_path=styles() / "article.tcss")
        self.said: list[Message] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults()

    def compose(self) -> ComposeResult:
        yield ArticleView()

    @property
    def view(self) -> ArticleView:
        return self.query_one(ArticleView)

    def last(self, kind: type[Message]) -> Any:
        return next((m for m in reversed(self.said) if isinstance(m, kind)), None)


for _kind in (EndReached, FollowLink, HighlightsUnanchored, AddHighlight, ProgressChanged,
              ChangeHighlight):  # fmt: skip
    setattr(Shell, _kind.handler_name, lambda self, message: self.said.append(message))


async def shown(pilot: Pilot[None], markdown: str = TEXT, **more: Any) -> ArticleView:
    assert isinstance(pilot.app, Shell)
    view = pilot.app.view
    view.show_article(ShownArticle("abc", "A title", markdown, **more))
    await settled(pilot, view)
    return view


async def settled(pilot: Pilot[None], view: ArticleView) -> None:
    for _ in range(200):
        await pilot.pause(0.005)
        if not view.is_measuring:
            return
    raise AssertionError("the text was never measured")


def lines(view: ArticleView) -> list[str]:
    return [view.render_line(y).text.strip() for y in range(view.size.height)]


def mode_of(view: ArticleView) -> ArticleMode:
    """Return the view's mode; a call, so that no earlier assertion narrows its type."""
    return view.mode


async def test_a_sentence_is_chosen_and_kept() -> None:
    """v, s, s, enter: the second sentence goes out as a quote with its surroundings."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = await shown(pilot)
        view.action_highlight()
        assert mode_of(view) is ArticleMode.SELECTING
        view.action_highlight_by("sentence")
        view.action_highlight_by("sentence")
        view.action_highlight_keep()
        await pilot.pause()
        kept = app.last(AddHighlight)
        assert kept.highlight.quote == "A square is slow too."
        assert kept.highlight.prefix.endswith("ferry is slow. ")
        assert kept.highlight.start == TEXT.index("A square")
        assert mode_of(view) is ArticleMode.READING


async def test_a_title_before_a_name_ends_no_sentence() -> None:
    """`Mr.` is not the end of one."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = await shown(pilot)
        view.action_highlight()
        view.action_highlight_step(1)
        view.action_highlight_step(1)
        view.action_highlight_by("sentence")
        view.action_highlight_keep()
        await pilot.pause()
        assert app.last(AddHighlight).highlight.quote == "Mr. Brown agreed."


async def test_the_end_grows_by_word_and_the_other_end_too() -> None:
    """w chooses a word, l adds one, o and h take one before."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = await shown(pilot)
        view.action_highlight()
        view.action_highlight_by("word")
        view.action_highlight_by("word")
        view.action_highlight_end(1)
        view.action_highlight_other_end()
        view.action_highlight_end(-1)
        view.action_highlight_keep()
        await pilot.pause()
        assert app.last(AddHighlight).highlight.quote == "The ferry is"


async def test_a_highlight_is_edited_and_removed_from_its_words() -> None:
    """Choosing words that touch a highlight reaches that highlight."""
    app = Shell()
    known = Highlight("h1", "A square is slow too.", note="so it is")
    async with app.run_test(size=(60, 20)) as pilot:
        view = await shown(pilot, highlights=(known,))
        assert "▎ so it is" in lines(view)
        for act, purpose in (
            (view.action_highlight_note, "note"),
            (view.action_highlight_remove, "remove"),
        ):
            view.action_highlight()
            act()
            await pilot.pause()
            asked = app.last(ChangeHighlight)
            assert (asked.purpose, asked.highlights) == (purpose, (known,))


async def test_a_highlight_that_is_gone_is_said_below_the_text() -> None:
    """Its words are shown, and the app is told."""
    app = Shell()
    gone = Highlight("h1", "Nothing like these words is anywhere", note="pity")
    async with app.run_test(size=(90, 30)) as pilot:
        view = await shown(pilot, highlights=(gone,))
        assert any(
            "No longer in the text: “Nothing like these words" in line for line in lines(view)
        )
        await pilot.pause()
        assert app.last(HighlightsUnanchored).highlights == (gone,)


async def test_finding_counts_marks_and_goes_around() -> None:
    """`slow` is there twice; after the last comes the first."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = await shown(pilot)
        assert view.find("slow") == 2
        assert view.match_position == (1, 2)
        view.step_match(1)
        assert view.match_position == (2, 2)
        view.step_match(1)
        assert view.match_position == (1, 2)
        assert view.find("SLOW") == 0
        assert view.action_leave()
        assert view.match_position == (0, 0)


async def test_a_link_is_followed_by_its_letter() -> None:
    """The first link in sight carries the first letter; a capital saves it."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = await shown(pilot)
        view.focus()
        for key, use in (("a", LinkUse.OPEN), ("A", LinkUse.SAVE)):
            view.action_hint_links()
            assert view.mode is ArticleMode.HINTING
            await pilot.press(key)
            await pilot.pause()
            assert app.last(FollowLink) == FollowLink("https://example.org/plan", "the plan", use)
        assert view.mode == ArticleMode.READING


async def test_what_is_no_web_address_is_no_link() -> None:
    """Markdown that names `javascript:` stays text."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = await shown(pilot)
        assert any("[another](javascript:alert(1))" in line for line in lines(view))


async def test_a_footnote_opens_in_place_and_closes() -> None:
    """Below its paragraph, and gone again at the second time."""
    app = Shell()
    async with app.run_test(size=(70, 20)) as pilot:
        view = await shown(pilot)
        view.focus()
        before = lines(view)
        for expected in (True, False):
            view.action_hint_links()
            await pilot.press("s")
            await pilot.pause()
            assert ("▎ A footnote with its own words." in lines(view)) is expected
        assert lines(view) == before
        view.action_hint_links()
        await pilot.press("s")
        await pilot.pause()
        assert view.action_leave(), "the key that goes back closes an open footnote first"
        await pilot.pause()
        assert lines(view) == before
        assert not view.action_leave()


@pytest.mark.parametrize("preview", [False, True])
async def test_the_end_is_said_once_and_never_by_a_preview(preview: bool) -> None:
    """Scrolling to the last line says EndReached, a preview says nothing."""
    app = Shell()
    async with app.run_test(size=(40, 8)) as pilot:
        app.view.show_article(ShownArticle("abc", "A title", TEXT), preview=preview)
        await settled(pilot, app.view)
        for _ in range(9):
            app.view.action_move_page(1)
            await pilot.pause()
        ends = [message for message in app.said if isinstance(message, EndReached)]
        assert len(ends) == (0 if preview else 1)
        assert bool(app.last(ProgressChanged)) is not preview


async def test_the_wheel_scrolls_and_a_click_follows() -> None:
    """The mouse reaches what keys reach."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = await shown(pilot)
        row = next(y for y, line in enumerate(lines(view)) if "the plan" in line)
        column = view.render_line(row).text.index("the plan")
        await pilot.click(ArticleView, offset=(column + 2, row))
        await pilot.pause()
        assert app.last(FollowLink).url == "https://example.org/plan"


async def test_selected_words_are_copied_without_line_ends_of_the_column() -> None:
    """Dragging over two lines of one paragraph gives one line."""
    app = Shell()
    async with app.run_test(size=(40, 20)) as pilot:
        view = await shown(pilot, "word " * 30)
        top = next(y for y, line in enumerate(lines(view)) if line.startswith("word"))
        left = view.render_line(top).text.index("word")
        await pilot.mouse_down(ArticleView, offset=(left, top))
        await pilot.hover(ArticleView, offset=(left + 4, top + 1))
        await pilot.mouse_up(ArticleView, offset=(left + 4, top + 1))
        selected = app.screen.get_selected_text()
        assert selected is not None
        assert "\n" not in selected
        assert set(selected.split()) == {"word"}
        assert len(selected.split()) > 6


async def test_addresses_are_shown_on_demand() -> None:
    """Below the paragraph, and gone again at the second time."""
    app = Shell()
    async with app.run_test(size=(70, 20)) as pilot:
        view = await shown(pilot)
        before = lines(view)
        view.action_show_addresses()
        assert "▎ https://example.org/plan" in lines(view)
        view.action_show_addresses()
        assert lines(view) == before


async def test_letters_on_wide_words_move_nothing() -> None:
    """A hint covers as many cells as the characters it stands on."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = await shown(pilot, "前[日本語](https://a.example/)後 end")
        row = next(y for y, line in enumerate(lines(view)) if "日本語" in line)
        column = view.render_line(row).text.index("後")
        view.action_hint_links()
        text = view.render_line(row).text
        assert "前a 本語後 end" in text
        assert text.index("後") == column + 1


async def test_the_unit_grows_and_shrinks_and_steps_both_ways() -> None:
    """From paragraph to sentence to word and back; each unit has a next and a previous one."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = app.view
        view.show_article(ShownArticle("abc", "Title", "One two. Three four.\n\nFive six. Seven."))
        await pilot.pause()

        def selected() -> str:
            highlight = view._selection.as_highlight()
            return highlight.quote if highlight else ""

        view.action_highlight()
        assert (selected(), view.selection_unit) == ("One two. Three four.", "paragraph")
        view.action_highlight_unit(-1)
        assert (selected(), view.selection_unit) == ("One two.", "sentence")
        view.action_highlight_step(1)
        view.action_highlight_step(1)
        assert selected() == "Five six."
        view.action_highlight_step(-1)
        assert selected() == "Three four."
        view.action_highlight_unit(-1)
        view.action_highlight_step(1)
        view.action_highlight_step(1)
        assert (selected(), view.selection_unit) == ("Five", "word")
        view.action_highlight_step(-1)
        view.action_highlight_unit(1)
        view.action_highlight_unit(1)
        assert selected() == "One two. Three four."


async def test_a_mouse_selection_becomes_a_highlight_with_one_key() -> None:
    """The words under the mouse selection are highlighted at once."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = app.view
        view.show_article(ShownArticle("abc", "Title", "One two. Three four.\n\nFive six. Seven."))
        await pilot.pause()
        first = view.document.header_size
        app.screen.selections = {view: Selection(Offset(4, first), Offset(4, first + 1))}
        await pilot.pause()
        assert view.has_mouse_selection
        view.action_highlight()
        await pilot.pause()
        (added,) = [said for said in app.said if isinstance(said, AddHighlight)]
        assert added.highlight.quote == "two. Three four. Five"
        assert not view.has_mouse_selection


async def test_the_user_chooses_between_overlapping_highlights() -> None:
    """Several highlights under the selection are offered, the shortest first."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = app.view
        marks = (Highlight("a", "One two. Three four."), Highlight("b", "Three"))
        view.show_article(ShownArticle("abc", "Title", "One two. Three four.", highlights=marks))
        await pilot.pause()
        view.action_highlight()
        view.action_highlight_remove()
        await pilot.pause()
        (asked,) = [said for said in app.said if isinstance(said, ChangeHighlight)]
        assert ([mark.id for mark in asked.highlights], asked.purpose) == (["b", "a"], "remove")


async def test_colours_and_labels_of_highlights() -> None:
    """A colour key saves in it, or recolours what is there; `L` asks for a label."""
    app = Shell()
    async with app.run_test(size=(60, 20)) as pilot:
        view = app.view
        view.show_article(ShownArticle("abc", "Title", "One two. Three four."))
        await pilot.pause()
        view.action_highlight()
        view.action_highlight_color("red")
        await pilot.pause()
        (added,) = [said for said in app.said if isinstance(said, AddHighlight)]
        assert (added.highlight.quote, added.highlight.color) == ("One two. Three four.", "red")
        view.action_highlight()
        view.action_highlight_label()
        await pilot.pause()
        asked = app.last(ChangeHighlight)
        assert [(mark.id, mark.quote) for mark in asked.highlights] == [
            ("", "One two. Three four.")
        ]
        assert (asked.purpose, asked.color) == ("label", "")
        known = Highlight("a", "Three", label="why", color="blue")
        view.show_article(ShownArticle("abc", "Title", "One two. Three four.", highlights=(known,)))
        await pilot.pause()
        assert "#why" in " ".join(lines(view))
        view.action_highlight()
        view.action_highlight_color("green")
        await pilot.pause()
        recoloured = app.last(ChangeHighlight)
        assert (recoloured.highlights, recoloured.color) == ((known,), "green")
