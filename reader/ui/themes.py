"""The app's own themes: ink, paper, day and contrast.

`background` lies under list and text, `surface` under tags and footer, `panel` under the row of
the cursor. Text on all three keeps a contrast of 4.5:1, `text-muted` of 3:1; a test measures it.
"""

from typing import Final

from textual.theme import Theme


def _theme(
    name: str,
    *,
    dark: bool,
    background: str,
    surface: str,
    panel: str,
    text: str,
    muted: str,
    accent: str,
    tag: str,
    success: str,
    error: str,
    marked: str,
) -> Theme:
    return Theme(
        name=name,
        primary=tag,
        secondary=tag,
        accent=accent,
        warning=accent,
        error=error,
        success=success,
        foreground=text,
        background=background,
        surface=surface,
        panel=panel,
        boost=panel,
        dark=dark,
        variables={
            "text": text,
            "text-muted": muted,
            "text-disabled": muted,
            "marked": marked,
            "scrollbar": panel,
            "scrollbar-background": background,
            "scrollbar-hover": muted,
            "scrollbar-active": muted,
            "scrollbar-background-hover": background,
            "scrollbar-background-active": background,
            "scrollbar-corner-color": background,
            "input-cursor-background": text,
            "input-cursor-foreground": background,
            "input-selection-background": marked,
            "block-cursor-background": panel,
            "block-cursor-foreground": text,
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": panel,
            "block-cursor-blurred-foreground": text,
            "block-cursor-blurred-text-style": "none",
            "block-hover-background": surface,
            "screen-selection-background": marked,
            "link-color": text,
            "border": surface,
            "border-blurred": surface,
        },
    )


INK: Final = _theme(
    "ink",
    dark=True,
    background="#16171b",
    surface="#1b1c21",
    panel="#25262d",
    text="#d7d3c8",
    muted="#8b8984",
    accent="#dfaf68",
    tag="#82a3c3",
    success="#93b27c",
    error="#e08a7d",
    marked="#483d2e",
)
PAPER: Final = _theme(
    "paper",
    dark=False,
    background="#f6efe0",
    surface="#efe6d3",
    panel="#e6dbc4",
    text="#3b3228",
    muted="#7b7163",
    accent="#9a4219",
    tag="#7a5527",
    success="#4d6426",
    error="#a3301f",
    marked="#e6c9b0",
)
DAY: Final = _theme(
    "day",
    dark=False,
    background="#fdfdfc",
    surface="#f4f4f2",
    panel="#e8e9e8",
    text="#24262a",
    muted="#737679",
    accent="#a14a00",
    tag="#2d5f96",
    success="#2c6a34",
    error="#b3261e",
    marked="#fde3b8",
)
CONTRAST: Final = _theme(
    "contrast",
    dark=True,
    background="#000000",
    surface="#0d0d0d",
    panel="#303030",
    text="#ffffff",
    muted="#c4c4c4",
    accent="#ffd23f",
    tag="#8fd0ff",
    success="#9bf08c",
    error="#ffa097",
    marked="#5c4700",
)
OWN_THEMES: Final = (INK, PAPER, DAY, CONTRAST)


LABEL_COLORS: Final = {
    "yellow": "#c9a400",
    "green": "#2f9e44",
    "blue": "#2b7fd0",
    "purple": "#8a5cd6",
    "pink": "#d6589f",
    "red": "#d64545",
    "orange": "#d9772b",
}
_LABEL_ALPHA: Final = "55"
"""A third of the colour over the background: text keeps 4.5:1 in the app's own themes."""


def variable_defaults() -> dict[str, str]:
    """Return the variables that Textual's themes do not set, and the colours of labels."""
    labels = {f"marked-{name}": f"{color}{_LABEL_ALPHA}" for name, color in LABEL_COLORS.items()}
    return {"marked": "#80808060", **labels}
