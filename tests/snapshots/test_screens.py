"""Pictures of the main screens: a changed one is to be looked at beside LOOK.md's words."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from reader.model.entry import FetchStatus
from reader.model.highlight import Highlight
from reader.settings import LookSettings, Settings
from reader.ui.app import ReaderApp
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.entry_list import EntryList
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import NOW, MemoryBackend, sample

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages are counted to one moment, cursors do not blink, dialogs show at once what is below."""
    monkeypatch.setattr(EntryList, "now", lambda self: NOW)
    monkeypatch.setattr("textual.widgets.Input.cursor_blink", False)
    monkeypatch.setattr("textual.widgets.TextArea.cursor_blink", False)
    monkeypatch.setattr("reader.ui.dialogs.dialog.BACKDROP_DELAY", 0.02)


def app(theme: str = "ink", backend: MemoryBackend | None = None) -> ReaderApp:
    library = backend or MemoryBackend(sample())
    return ReaderApp(lambda: library, Settings(look=LookSettings(theme=theme)))


def after(*keys: str, shows: str = "") -> Callable[[Pilot[Any]], Any]:
    """Press the keys once the list, its counts and the first text are there.

    The picture is taken when `shows` is on the screen and nothing changes any more.
    """

    async def act(pilot: Pilot[Any]) -> None:
        screen = pilot.app.screen
        await until(pilot, lambda: bool(screen.query(ArticleView)))
        view = screen.query_one(ArticleView)
        await until(
            pilot, lambda: view.article is not None or not screen.query_one(EntryList).entries
        )
        for key in keys:
            await press(pilot, key)
        await until(pilot, lambda: shows in screen_text(pilot.app) and not view.is_measuring)
        before = ""
        while before != screen_text(pilot.app):
            before = screen_text(pilot.app)
            await pilot.pause(0.3)

    return act


def rich_backend() -> MemoryBackend:
    """A library whose first article has everything that Markdown can say, and a highlight."""
    backend = MemoryBackend(sample())
    first = next(iter(backend.held))
    backend.bodies[first] = RICH
    note = Highlight("h1", "“The bus does not wait,”", note="so is a reading room", at="2026-03-19")
    backend.highlighted[first] = (note,)
    return backend


RICH = """I asked why she did not take [the bus](https://bus.example/lines). “The bus does not wait,”
she said, *and* **nobody** talks on it.[^1]

> A square is slow in the same way.
>
> > Inside it, a quote of a quote.

> [!warning] Thin ice
> Keep to the dyke.

1. Buy a ticket, `ferry --day`.
2. Wait:
   - [x] on deck
   - [ ] below

| crossing | minutes | who |
|---|--:|---|
| ferry | 25 | people who did not plan to meet one another |
| bridge | 4 | cars |

```python
def crossing(minutes: int) -> str:
    return "slow" if minutes > 20 else "fast"
```

The cost is $c = \\frac{a^2}{b}$ at most.

---

مرحبا بالعالم، هذه فقرة قصيرة. 夜の図書館で読む。

[^1]: Said on a market morning.
"""


@pytest.mark.parametrize("size", [(140, 40), (80, 24), (50, 20)], ids=["wide", "two", "one"])
def test_the_list(snap_compare: Compare, size: tuple[int, int]) -> None:
    """Three panes, two and one, with unread, begun, finished and starred rows."""
    assert snap_compare(app(), terminal_size=size, run_before=after())


def test_the_list_on_paper(snap_compare: Compare) -> None:
    """The sepia theme keeps the same order of brightness."""
    assert snap_compare(app("paper"), terminal_size=(140, 40), run_before=after())


def test_reading_in_one_pane(snap_compare: Compare) -> None:
    """The text alone in its measure, the way back in the footer."""
    assert snap_compare(
        app(), terminal_size=(50, 20), run_before=after("enter", shows="9 min left")
    )


@pytest.mark.parametrize(
    "keys",
    [("question_mark",), ("ctrl+p", *"tag"), ("t", *"pro"), ("i",), ("a",)],
    ids=["keys", "commands", "tags", "details", "add"],
)
def test_dialogs(snap_compare: Compare, keys: tuple[str, ...]) -> None:
    """Small, in the middle, the answer's keys on the last line, the list readable behind."""
    assert snap_compare(app(), terminal_size=(80, 24), run_before=after(*keys))


@pytest.mark.parametrize("size", [(140, 40), (50, 20)], ids=["wide", "one"])
def test_searching(snap_compare: Compare, size: tuple[int, int]) -> None:
    """The box with what it offers, the order, and a line of the text below each row, words marked."""
    keys = ("slash", *"ma")
    assert snap_compare(app(), terminal_size=size, run_before=after(*keys))


@pytest.mark.parametrize("size", [(140, 40), (80, 24)], ids=["wide", "two"])
def test_reading(snap_compare: Compare, size: tuple[int, int]) -> None:
    """All that a text may hold: quotes, lists, a table, code, a highlight with its note."""
    shown = after("enter", shows="h list")
    assert snap_compare(app(backend=rich_backend()), terminal_size=size, run_before=shown)


def test_the_lower_half_of_a_rich_text(snap_compare: Compare) -> None:
    """Table, code with its shade, a formula on the line, a rule, right-aligned Arabic."""
    shown = after("enter", "G", shows="100 %")
    assert snap_compare(app(backend=rich_backend()), terminal_size=(80, 24), run_before=shown)


@pytest.mark.parametrize(
    ("keys", "shows"),
    [
        (("enter", "v", "s"), "HIGHLIGHT sentence"),
        (("enter", "f"), "a-z follow"),
        (("enter", "slash", *"the"), "1 of"),
        (("V", "j", "j"), "3 selected"),
        (("1", "G", "space", "k", "minus"), "✓"),
    ],
    ids=["highlighting", "links", "finding", "selecting", "choosing"],
)
def test_doing(snap_compare: Compare, keys: tuple[str, ...], shows: str) -> None:
    """Chosen words, letters on links, matches, a selection, tags asked for and left out."""
    run = after(*keys, shows=shows)
    assert snap_compare(app(backend=rich_backend()), terminal_size=(80, 24), run_before=run)


@pytest.mark.parametrize(
    ("keys", "shows"),
    [
        (("enter", "c"), "Note on the article"),
        (("enter", "O"), "Outline"),
        (("H",), "Highlights:"),
        (("1", "G", "d"), "enter"),
        (("enter", "percent_sign"), "percent"),
        (("enter", "v", "L"), "a colour, a word, or both"),
        (("enter", "P", "space", "l", "l", "l"), "paused"),
    ],
    ids=["note", "outline", "highlights", "delete-tag", "percent", "label", "speed-reading"],
)
def test_more_dialogs(snap_compare: Compare, keys: tuple[str, ...], shows: str) -> None:
    """Notes, headings, highlights of the library, a question, a percentage, a label, words."""
    run = after(*keys, shows=shows)
    assert snap_compare(app(backend=rich_backend()), terminal_size=(80, 24), run_before=run)


@pytest.mark.parametrize("theme", ["day", "contrast"])
def test_themes(snap_compare: Compare, theme: str) -> None:
    """The same order of brightness in each."""
    shown = after("enter", shows="h list")
    assert snap_compare(app(theme, rich_backend()), terminal_size=(120, 30), run_before=shown)


def test_without_colours(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bold, dim, underlined and reversed say what shades would."""
    monkeypatch.setenv("NO_COLOR", "1")
    shown = after("enter", "v", shows="enter save")
    assert snap_compare(app(backend=rich_backend()), terminal_size=(120, 30), run_before=shown)


def test_nothing_there(snap_compare: Compare) -> None:
    """Why the list is empty, and the key that fills it."""
    run = after(shows="Nothing saved yet")
    assert snap_compare(app(backend=MemoryBackend([])), terminal_size=(80, 24), run_before=run)


def test_a_page_that_could_not_be_fetched(snap_compare: Compare) -> None:
    """Its reason in the list and in the text, with the key that tries again."""
    backend = MemoryBackend(sample())
    first = next(iter(backend.held))
    backend.held[first] = backend.held[first]._replace(
        fetch=FetchStatus.FAILED, reason="the server says 404", words=0
    )
    run = after(shows="try again")
    assert snap_compare(app(backend=backend), terminal_size=(120, 30), run_before=run)


def test_text_alone_on_the_smallest_screen(snap_compare: Compare) -> None:
    """At 40 by 12 the text is still pleasant."""
    run = after("enter", shows="h list")
    assert snap_compare(app(backend=rich_backend()), terminal_size=(40, 12), run_before=run)


@pytest.mark.parametrize("size", [(200, 50), (120, 40), (90, 30), (60, 20)], ids=str)
@pytest.mark.parametrize(
    ("keys", "shows"),
    [
        (("question_mark",), "Next row."),
        (("ctrl+p", *"change a key", "enter", *"toggle star", "enter", "t"), "belongs to"),
        (("enter", "v", "L"), "a colour, a word, or both"),
    ],
    ids=["keys", "change-key", "label"],
)
def test_dialogs_at_four_sizes(
    snap_compare: Compare, size: tuple[int, int], keys: tuple[str, ...], shows: str
) -> None:
    """The keys of the answer are on the screen at every size."""
    run = after(*keys, shows=shows)
    assert snap_compare(app(backend=rich_backend()), terminal_size=size, run_before=run)
