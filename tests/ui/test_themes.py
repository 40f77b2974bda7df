"""Themes can be read, and what others wrote is never taken for markup."""

import ast
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

import reader.ui
from reader.model.labels import HIGHLIGHT_COLORS
from reader.services.views import EVERYTHING, VIEWS
from reader.settings import BUILT_IN_VIEWS, THEMES
from reader.ui.themes import LABEL_COLORS, OWN_THEMES, variable_defaults

UI = Path(reader.ui.__file__).parent


def ratio(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2.1, 1.0 to 21.0."""

    def luminance(color: Color) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in color.normalized
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", OWN_THEMES, ids=lambda theme: theme.name)
def test_contrast(theme: Theme) -> None:
    """Text and accents keep 4.5:1 on every ground, dim text 3:1."""
    grounds = [theme.background, theme.surface, theme.panel]
    texts = [theme.foreground, theme.accent, theme.secondary, theme.error]
    muted = theme.variables["text-muted"]
    for ground in [Color.parse(str(color)) for color in grounds]:
        for text in [Color.parse(str(color)) for color in texts]:
            assert ratio(text, ground) >= 4.5, (text.hex, ground.hex)
        assert ratio(Color.parse(muted), ground) >= 3.0, ground.hex


@pytest.mark.parametrize("theme", OWN_THEMES, ids=lambda theme: theme.name)
def test_labels_have_a_colour_each_and_stay_readable(theme: Theme) -> None:
    """Text on the colour of a label keeps 4.5:1; no two colours are the same."""
    assert tuple(LABEL_COLORS) == HIGHLIGHT_COLORS
    below = Color.parse(str(theme.background))
    grounds = [
        below + Color.parse(variable_defaults()[f"marked-{name}"]) for name in HIGHLIGHT_COLORS
    ]
    for ground in grounds:
        assert ratio(Color.parse(str(theme.foreground)), ground) >= 4.5, ground.hex
    assert len({ground.hex for ground in grounds}) == len(grounds)


READ_AS_MARKUP = {"Static", "Label", "Option", "Button", "update", "notify", "Collapsible"}
"""Widgets and methods whose text Textual reads as markup, unless it is Content."""


def test_nothing_hands_text_to_textual_as_markup() -> None:
    """Static, Option, update and their like are given Content or a fixed text, never a value."""
    wrong = []
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            first = node.args[0]
            if name in READ_AS_MARKUP and isinstance(first, ast.JoinedStr | ast.Name | ast.BinOp):
                wrong.append(f"{path.name}:{node.lineno}: {ast.unparse(node)}")
    assert [line for line in wrong if ".update(" not in line or "Content" in line] == []


def test_the_settings_know_every_theme_and_view() -> None:
    """An unknown theme, and a view with a built-in name, are reported by every command."""
    from textual.app import App

    textual = {name for name in App().available_themes if not name.startswith("ansi")}
    assert set(THEMES) == textual | {theme.name for theme in OWN_THEMES}
    assert set(BUILT_IN_VIEWS) == {view.name for view in (*VIEWS, EVERYTHING)}
