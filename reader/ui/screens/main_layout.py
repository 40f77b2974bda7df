"""The widgets mounted once the first rows are painted: sidebar, footer, text fields, text."""

from asyncio import Event, sleep
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input

from reader import resources
from reader.services.views import INBOX, VIEWS
from reader.ui.commands import Scope
from reader.ui.glyphs import Glyphs
from reader.ui.keymap import bindings
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.empty_state import EmptyState
from reader.ui.widgets.pane_title import PaneTitle
from reader.ui.widgets.search_field import CompletionList, SearchField
from reader.ui.widgets.sidebar import Sidebar, SidebarItem, SidebarItemKind
from reader.ui.widgets.status_line import StatusLine

LATE_SHEETS: Final = ("tags", "article", "footer", "dialogs")


class ArticleScope(Vertical):
    """The keys of the text; those of highlighting are nearer to it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.READER)]


class SelectionScope(Vertical):
    """The container of the text, with the keys of highlighting."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.HIGHLIGHTING)]


async def mount_remaining(screen: Screen[None], glyphs: Glyphs) -> None:
    """Mount the panes, each painted before the next, so that keys wait less."""
    for name in LATE_SHEETS:
        sheet = resources.styles() / f"{name}.tcss"
        # `Stylesheet.read` would leave the map of rules as it was.
        screen.app.stylesheet.add_source(sheet.read_text("utf-8"), read_from=(str(sheet), ""))
        await sleep(0)
    await screen.query_one("#tags-pane").mount(_make_sidebar(glyphs))
    await _next_paint(screen)
    await screen.query_one("#foot").mount(StatusLine(glyphs=glyphs))
    await _next_paint(screen)
    box = screen.query_one("#list-pane")
    words = SearchField(id="filter", placeholder="words, tag:…, is:…", compact=True)
    await box.mount(words, CompletionList(), after=screen.query_one(PaneTitle))
    await box.mount(EmptyState())
    await _next_paint(screen)
    find = Input(id="find", placeholder="find in the text", compact=True)
    find.cursor_blink = False
    pane = ArticleScope(find, SelectionScope(ArticleView()))
    await screen.query_one("#reader-pane").mount(pane)


async def _next_paint(screen: Screen[None]) -> None:
    painted = Event()
    screen.call_after_refresh(painted.set)
    await painted.wait()


def _make_sidebar(glyphs: Glyphs) -> Sidebar:
    tree = Sidebar(glyphs=glyphs)
    tree.show_items([SidebarItem(SidebarItemKind.VIEW, view.name) for view in VIEWS], [])
    tree.mark_filter(INBOX.name, (), ())
    return tree
