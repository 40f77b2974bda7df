"""Keys, sizes and texts in any order: nothing fails, and every line stays in its pane."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from reader.layout.document import ShownArticle
from reader.layout.half_block_image import Raster
from reader.layout.text_width import width
from reader.model.highlight import Highlight, Position
from reader.ui.widgets.article_view import ArticleView
from tests.bench.ui.articles import made_article
from tests.ui.test_article_place import Shell

GOLDEN = (Path(__file__).parents[1] / "layout" / "golden" / "ferry.md").read_text(encoding="utf-8")
TEXTS = ("", GOLDEN, made_article(1500), "[/] &#27; **a\n\n> ```\n", GOLDEN[::-1])
STEPS = 40


def article(chance: random.Random) -> ShownArticle:
    text = chance.choice(TEXTS)
    words = text.split() or ["none"]
    at = chance.randrange(len(words))
    highlight = Highlight("h", " ".join(words[at : at + 9]), note=chance.choice(["", "mine"]))
    return ShownArticle(
        chance.choice("ab"),
        "Title " * chance.randint(1, 9),
        text,
        highlights=chance.choice([(), (highlight,)]),
        position=chance.choice([None, Position(" ".join(words[at : at + 5]), at, 0.5)]),
        folder=Path("/x"),
        images={"images/ferry.png": "images/ferry.png"},
    )


def acts(view: ArticleView, chance: random.Random) -> list[Callable[[], object]]:
    """What may be done next."""
    picture = Raster(12, 8, bytes(12 * 8 * 4))
    return [
        lambda: view.show_article(article(chance), preview=chance.random() < 0.3),
        lambda: view.show_article(None),
        lambda: view.scroll_lines(chance.randint(-40, 40)),
        lambda: view.scroll_to_percent(100 * chance.random()),
        view.action_go_end,
        view.action_go_back,
        lambda: view.find(chance.choice(["the", "a", "", "日本", "("])),
        lambda: view.step_match(1),
        view.action_hint_links,
        view.action_show_addresses,
        view.action_highlight,
        lambda: view.action_highlight_by("sentence"),
        lambda: view.action_highlight_by("word"),
        lambda: view.action_highlight_step(chance.choice([-1, 1])),
        lambda: view.action_highlight_end(chance.choice([-1, 1])),
        view.action_highlight_other_end,
        view.action_highlight_note,
        view.action_leave,
        lambda: view.set_measure(chance.randint(20, 120)),
        lambda: view.set_typesetting(spacing=chance.randint(0, 2), indented=chance.random() < 0.5),
        lambda: view.set_image(chance.choice("ab"), "images/ferry.png", picture),
        lambda: view.set_highlights(article(chance).highlights),
    ]


@pytest.mark.parametrize("seed", range(3))
async def test_any_order_is_survived(seed: int) -> None:
    """Forty steps of a person who presses everything."""
    chance = random.Random(seed)
    async with Shell().run_test(size=(60, 20)) as pilot:
        view = pilot.app.query_one(ArticleView)
        view.focus()
        for _ in range(STEPS):
            if chance.random() < 0.1:
                await pilot.resize_terminal(chance.randint(8, 120), chance.randint(2, 40))
            elif chance.random() < 0.1:
                await pilot.press(chance.choice(["a", "s", "escape", "backspace"]))
            else:
                chance.choice(acts(view, chance))()
            if chance.random() < 0.4:
                await pilot.pause()
            lines = [view.render_line(y).text for y in range(view.size.height)]
            assert {width(line) for line in lines} <= {view.size.width}
