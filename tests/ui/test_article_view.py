"""The reader pane in a running app."""

from pathlib import Path

from textual.app import App, ComposeResult

from reader.layout.document import ShownArticle
from reader.resources import styles
from reader.ui import themes
from reader.ui.widgets.article_view import ArticleView

LONG = "\n\n".join(
    f"Paragraph {number} says that the ferry is slow, and slower in winter, as a square is slow, "
    "because people who did not plan to meet are kept together on it for a while."
    for number in range(400)
)


class Shell(App[None]):
    def __init__(self, css: Path):
        super().__init__(css_path=css)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults()

    def compose(self) -> ComposeResult:
        yield ArticleView()


def shell() -> Shell:
    return Shell(styles() / "article.tcss")


def shown(markdown: str, **more: object) -> ShownArticle:
    return ShownArticle("abc", "A title", markdown, **more)  # type: ignore[arg-type]


def screen_text(view: ArticleView) -> list[str]:
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


async def test_the_text_is_there_below_its_head() -> None:
    """Title above a heavy line, one line of facts, tags, a blank line, then the text."""
    app = shell()
    async with app.run_test(size=(60, 12)) as pilot:
        view = app.query_one(ArticleView)
        view.show_article(shown("One *two*.", byline="Ann", minutes=3, tags=("a", "b/c")))
        await pilot.pause()
        lines = [line.strip() for line in screen_text(view)]
        assert lines[:6] == ["A title", "━" * 7, "Ann · 3\u00a0min", "#a #b/c", "", "One two."]


async def test_resizing_keeps_the_words_on_the_top_line() -> None:
    """After another width the top line begins within the same sentence."""
    app = shell()
    async with app.run_test(size=(90, 20)) as pilot:
        view = app.query_one(ArticleView)
        view.show_article(shown(LONG))
        view.scroll_to_percent(50)
        await pilot.pause()
        before = view.position
        await pilot.resize_terminal(50, 20)
        await pilot.pause()
        after = view.position
        assert after.start <= before.start < after.start + 60
