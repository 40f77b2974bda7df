"""Every ink can be read on what lies behind it, in every theme of our own."""

import pytest
from rich.color import Color
from rich.style import Style
from textual.app import App, ComposeResult

from reader.layout.spans import StyledSpan
from reader.layout.text_styles import ColorRole, FontStyle
from reader.resources import styles
from reader.ui import themes
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.line_renderer import StyleCache

DIM = {
    ColorRole.DIM,
    ColorRole.MARKER,
    ColorRole.BAR,
    ColorRole.CAPTION,
    ColorRole.RULE,
    ColorRole.CODE_MARK,
}
OVER = (ColorRole.HIGHLIGHT, ColorRole.MATCH, ColorRole.MATCH_CURRENT, ColorRole.SELECTION)


class Shell(App[None]):
    """The pane in one of our themes."""

    def __init__(self, theme: str) -> None:
        super().__init__(css_path=styles() / "article.tcss")
        for known in themes.OWN_THEMES:
            self.register_theme(known)
        self.theme = theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults()

    def compose(self) -> ComposeResult:
        yield ArticleView()


def luminance(colour: Color | None) -> float:
    """Relative luminance as WCAG 2 defines it."""
    assert colour is not None
    assert colour.triplet is not None
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.triplet.normalized
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(style: Style) -> float:
    low, high = sorted((luminance(style.color), luminance(style.bgcolor)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [theme.name for theme in themes.OWN_THEMES])
async def test_contrast_is_enough(theme: str) -> None:
    """4.5:1 for text, 3:1 for what is dim, on plain ground and under every overlay."""
    app = Shell(theme)
    async with app.run_test(size=(40, 10)):
        inks = StyleCache(app.query_one(ArticleView))
        for ink in ColorRole:
            assert contrast(inks.role_style(ink)) >= (3.0 if ink in DIM else 4.5), (theme, ink)
        for over in OVER:
            for face in (FontStyle.PLAIN, FontStyle.CODE):
                style = inks.span_style(StyledSpan("x", ColorRole.TEXT, face, (over,)))
                assert contrast(style) >= 4.5, (theme, over, face)


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
async def test_sixteen_colours_tell_nothing_by_a_shade(theme: str) -> None:
    """Highlights are reversed, matches underlined, dim words dim."""
    app = Shell(theme)
    async with app.run_test(size=(40, 10)):
        inks = StyleCache(app.query_one(ArticleView))
        assert inks.span_style(
            StyledSpan("x", ColorRole.TEXT, overlays=(ColorRole.HIGHLIGHT,))
        ).reverse
        assert inks.span_style(
            StyledSpan("x", ColorRole.TEXT, overlays=(ColorRole.MATCH,))
        ).underline
        assert inks.role_style(ColorRole.DIM).dim
