"""The same sentence stays on top, whatever changes around it."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from reader.layout.blocks import EndAction
from reader.layout.document import ShownArticle
from reader.layout.half_block_image import Raster
from reader.model.highlight import Highlight, Position
from reader.resources import styles
from reader.ui import themes
from reader.ui.widgets.article_view import ArticleView
from tests.ui.conftest import until

CHANCE = random.Random(3)
VERBS = ("crosses", "waits", "turns", "lands", "leaves", "rests")
TEXT = "\n\n".join(
    " ".join(
        f"Ferry {number}.{sentence} {CHANCE.choice(VERBS)} at the {CHANCE.choice(VERBS)} pier."
        for sentence in range(CHANCE.randint(1, 9))
    )
    for number in range(150)
)
ARTICLE = ShownArticle("abc", "A title", TEXT, byline="Ann", tags=("a",))


class Shell(App[None]):
    """The pane alone."""

    def __init__(self) -> None:
        super().__init__(css_path=styles() / "article.tcss")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults()

    def compose(self) -> ComposeResult:
        yield ArticleView()


async def settled(pilot: Pilot[None]) -> ArticleView:
    """Wait until the pane has the size of the terminal, and its text is laid out for it."""
    view = pilot.app.query_one(ArticleView)
    await until(pilot, lambda: view.outer_size == pilot.app.size)
    await pilot.pause()  # The pane has the size before it handles the event.
    await until(pilot, lambda: not view.is_measuring)
    return view


def sentence(view: ArticleView) -> str:
    """The number of the sentence on the top line."""
    anchor = view.top_anchor
    text = view.document.inline_text(anchor.block).text
    return text[: anchor.offset + 14].rpartition("Ferry ")[2].split()[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda view: view.set_measure(40),
        lambda view: view.set_typesetting(spacing=1),
        lambda view: view.set_typesetting(indented=True),
        lambda view: view.set_typesetting(justified=True),
        lambda view: view.show_article(replace(ARTICLE, tags=(), byline=None)),
    ],
)
async def test_another_look_keeps_the_sentence(change: Callable[[ArticleView], None]) -> None:
    """Width, spacing, indents and another head leave the words on the top line."""
    async with Shell().run_test(size=(90, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(ARTICLE)
        view = await settled(pilot)
        view.scroll_to_percent(60)
        await pilot.pause()
        before = view.top_anchor
        change(view)
        view = await settled(pilot)
        block = view.document.header_size + before.block - 3
        assert view.top_anchor.block == block
        shown = view.top_anchor.offset
        assert shown <= max(before.offset, 0) < shown + 90


async def test_resizing_to_and_fro_ends_where_it_began() -> None:
    """The sentence on top stays through narrow and wide panes."""
    async with Shell().run_test(size=(90, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(ARTICLE)
        view = await settled(pilot)
        view.scroll_to_percent(45)
        await pilot.pause()
        before = view.position.start
        for width in (40, 120, 33, 90):
            await pilot.resize_terminal(width, 20)
            view = await settled(pilot)
            assert view.position.start == before


async def test_a_place_is_found_again_on_opening() -> None:
    """Shown before the pane has a size, in another width, the sentence is on top."""
    async with Shell().run_test(size=(90, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(ARTICLE)
        view = await settled(pilot)
        view.scroll_to_percent(70)
        await pilot.pause()
        kept, words = view.position, sentence(view)
    async with Shell().run_test(size=(50, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(replace(ARTICLE, position=kept))
        view = await settled(pilot)
        assert sentence(view) == words
        assert view.position.start <= kept.start < view.position.start + 50


async def test_a_place_survives_a_changed_text() -> None:
    """Paragraphs gone from above and a changed word do not move the sentence."""
    words = "Ferry 100.0"
    at = TEXT.index(words)
    kept = Position(TEXT[at : at + 70], at, 0.66)
    changed = TEXT[3000:].replace("pier", "quay")
    async with Shell().run_test(size=(60, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(
            replace(ARTICLE, markdown=changed, position=kept)
        )
        view = await settled(pilot)
        assert sentence(view).startswith("100.")


async def test_a_place_whose_words_are_gone_is_kept_by_its_share() -> None:
    """Two thirds of the old text are about two thirds of the new one."""
    kept = Position("nothing of this is there any more at all", 5000, 0.66)
    async with Shell().run_test(size=(60, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(replace(ARTICLE, position=kept))
        view = await settled(pilot)
        assert 0.5 < view.progress < 0.8


async def test_an_image_that_arrives_moves_nothing_above_or_on_the_screen() -> None:
    """Its lines come in above the top line without a jump."""
    markdown = "![one](images/1.png)\n\n" + TEXT
    async with Shell().run_test(size=(60, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(replace(ARTICLE, markdown=markdown))
        view = await settled(pilot)
        view.scroll_lines(30)
        await pilot.pause()
        before = [view.render_line(y).text for y in range(20)]
        view.set_image("abc", "images/1.png", Raster(20, 20, b"\xff\0\0\xff" * 400))
        await settled(pilot)
        assert [view.render_line(y).text for y in range(20)] == before
        view.action_go_top()
        await pilot.pause()
        assert any("▀" in view.render_line(y).text for y in range(20))


async def test_back_returns_from_jumps() -> None:
    """To the end, to a place, and back twice."""
    async with Shell().run_test(size=(60, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(ARTICLE)
        view = await settled(pilot)
        view.scroll_lines(7)
        await pilot.pause()
        first = view.top_anchor
        view.action_go_end()
        await pilot.pause()
        assert view.is_at_end
        view.scroll_to_text(20)
        await pilot.pause()
        assert view.top_anchor == (20, 0, 0)
        assert view.action_go_back()
        await pilot.pause()
        assert view.is_at_end
        assert view.action_go_back()
        await pilot.pause()
        assert view.top_anchor == first
        assert not view.action_go_back()


async def test_a_reload_disturbs_nothing() -> None:
    """New highlights of the text that is shown leave the place, the matches and the choosing."""
    async with Shell().run_test(size=(60, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(ARTICLE)
        view = await settled(pilot)
        view.scroll_to_percent(50)
        view.find("quay")
        view.action_highlight()
        await pilot.pause()
        before, mode = view.top_anchor, view.mode
        quote = " ".join(view.document.inline_text(before.block).text.split()[:8])
        view.show_article(replace(ARTICLE, highlights=(Highlight("h", quote, note="mine"),)))
        await pilot.pause()
        assert (view.top_anchor, view.mode) == (before, mode)
        assert any("▎ mine" in view.render_line(y).text for y in range(20))


async def test_one_is_led_to_a_highlight_of_the_text_that_is_shown() -> None:
    """Its words stand close to the top, and `back` returns."""
    words = "Ferry 120.0"
    async with Shell().run_test(size=(60, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(ARTICLE)
        view = await settled(pilot)
        view.show_article(ARTICLE, at=Position(words, TEXT.index(words)))
        await pilot.pause()
        assert any(words in view.render_line(y).text for y in range(4))
        assert view.action_go_back()


REPEATED = "\n\n".join(
    f"The ferry waits at the pier, and nothing else happens on this day of the long year. {number}. "
    + "It leaves when the tide is high. " * (number % 5)
    for number in range(120)
)


async def test_the_reading_place_survives_highlight_resize_and_restart_to_the_line() -> None:
    """The same words are on top, also where every paragraph begins with the same sentence."""
    article = replace(ARTICLE, markdown=REPEATED)
    async with Shell().run_test(size=(74, 38)) as pilot:
        pilot.app.query_one(ArticleView).show_article(article)
        view = await settled(pilot)
        view.scroll_lines(217)
        await pilot.pause()
        before = view.position
        await pilot.resize_terminal(44, 28)
        view = await settled(pilot)
        assert view.position == replace(before, progress=view.position.progress)
        view.action_highlight()
        highlight = view._selection.as_highlight()
        assert highlight is not None
        view.action_leave()
        view.set_highlights([replace(highlight, id="h", note="a note below the paragraph")])
        view = await settled(pilot)
        kept = view.position
        assert (kept.quote, kept.start) == (before.quote, before.start)
    async with Shell().run_test(size=(74, 38)) as pilot:
        shown = replace(article, position=kept, highlights=(replace(highlight, id="h"),))
        pilot.app.query_one(ArticleView).show_article(shown)
        view = await settled(pilot)
        assert (view.position.quote, view.position.start) == (before.quote, before.start)


async def test_the_place_survives_a_screen_that_shows_the_whole_end() -> None:
    """A larger screen scrolls the end up; the former size shows the former lines again."""
    async with Shell().run_test(size=(74, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(ARTICLE)
        view = await settled(pilot)
        view.action_go_end()
        await pilot.pause()
        before = view.scroll_offset.y, view.position
        for width, height in ((74, 60), (120, 50), (50, 30), (74, 20)):
            await pilot.resize_terminal(width, height)
            view = await settled(pilot)
        assert (view.scroll_offset.y, view.position) == before


TABLE = "| key | effect |\n|---|---|\n" + "\n".join(
    f"| {number} | {'words of this row that need more than one line ' * 2}|" for number in range(30)
)


@pytest.mark.parametrize("line", range(46, 52))
async def test_new_end_actions_move_nothing_in_a_table(line: int) -> None:
    """The same line stays on top, a blank one between two rows of a table too."""
    async with Shell().run_test(size=(74, 20)) as pilot:
        pilot.app.query_one(ArticleView).show_article(replace(ARTICLE, markdown=TABLE))
        view = await settled(pilot)
        view.set_end_actions([EndAction("e", "archive", "archive")])
        view.scroll_lines(line)
        await pilot.pause()
        view.set_end_actions([EndAction("e", "return to the inbox", "archive")])
        await pilot.pause()
        assert view.scroll_offset.y == line


async def test_a_table_is_not_scrolled_past_its_end() -> None:
    """Its last column stays on the screen, and one step back moves it."""
    names = [f"column-number-{number}-of-nine" for number in range(9)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in (names, ["---"] * 9, names))
    app = Shell()
    async with app.run_test(size=(80, 20)) as pilot:
        view = app.query_one(ArticleView)
        view.show_article(replace(ARTICLE, markdown=table))
        await settled(pilot)
        for _ in range(99):
            assert view.action_move_sideways(8)
        end = [view.render_line(row).text for row in range(view.size.height)]
        assert sum("column-number-8" in line for line in end) == 2
        view.action_move_sideways(-8)
        assert end != [view.render_line(row).text for row in range(view.size.height)]
        view.show_article(ARTICLE)
        await settled(pilot)
        assert not view.action_move_sideways(8)
