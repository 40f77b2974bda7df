"""What comes back by itself, in the app: each key shows its answer and does what is picked."""

from datetime import timedelta

from reader.model.change import Change
from reader.model.highlight import Highlight
from reader.search.discovery.similar_tags import MergeProposal
from reader.search.discovery.spaced_repetition import Grade
from reader.services.duplicates import DuplicateGroup
from reader.services.review import Question
from reader.services.rules import RuleEffect
from reader.settings import CommandSettings, Settings
from reader.ui.app import ReaderApp
from reader.ui.dialogs.dialog import GRACE
from reader.ui.widgets.article_view import ArticleView
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend, sample
from tests.ui.test_main_screen import opened

FERRY, COLOURS, FLATS = sample(3)


async def test_what_fits_the_minutes_is_opened(app: ReaderApp, backend: MemoryBackend) -> None:
    """The minutes are asked for, what fits is listed, `enter` reads it."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "W")
        await until(pilot, lambda: "How many minutes do you have?" in screen_text(app))
        await press(pilot, "backspace", "backspace", "6", "enter")
        await until(pilot, lambda: "To read now: Inbox" in screen_text(app))
        await press(pilot, "enter")
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: view.article is not None and "sourdough" in view.article.title)


async def test_a_review_goes_from_one_to_the_next(app: ReaderApp, backend: MemoryBackend) -> None:
    """A number answers, the next highlight follows, and `escape` stops."""
    backend.discovery.due = [
        Question(
            FERRY,
            Highlight("1", "The bus does not wait", note="so true"),
            {Grade.FORGOTTEN: timedelta(minutes=10), Grade.GOOD: timedelta(days=3)},
        ),
        Question(COLOURS, Highlight("2", "A ferry is slow")),
    ]
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "C")
        await until(pilot, lambda: "Review 1 of 2" in screen_text(app))
        assert "so true" in screen_text(app)
        assert "Next in: again 10 min · good 3 d" in screen_text(app)
        await press(pilot, "3")
        await until(pilot, lambda: "Review 2 of 2" in screen_text(app))
        assert backend.discovery.answered == [Grade.GOOD]
        await press(pilot, "1")
        await until(pilot, lambda: "no more are due today" in screen_text(app))
        assert backend.discovery.answered == [Grade.GOOD, Grade.FORGOTTEN]


async def test_statistics_show_months_and_tags(app: ReaderApp, backend: MemoryBackend) -> None:
    """Numbers, a bar for each month, tags over time."""
    async with app.run_test(size=(120, 50)) as pilot:
        await opened(pilot)
        await press(pilot, "I")
        await until(pilot, lambda: "9 saved" in screen_text(app))
        assert "2025-12" not in screen_text(app), "a month before the first article"
        assert "#essays  3" in screen_text(app)
        await press(pilot, "escape")
        await until(pilot, lambda: not app.screen.is_modal)


async def test_duplicates_similar_tags_and_rules_are_picked(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """Each is shown first, and done once it is picked or agreed."""
    discovery = backend.discovery
    discovery.groups = [DuplicateGroup(FERRY, (COLOURS,)), DuplicateGroup(FLATS, (COLOURS,))]
    discovery.proposals = [MergeProposal("books", ("book",), "singular and plural")]
    discovery.planned = [RuleEffect(FERRY, Change(add_tags=("sea",), starred=True))]
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "D")
        await until(pilot, lambda: "All of them" in screen_text(app))
        await press(pilot, "enter")
        assert discovery.done == [], "a key typed when a job opened the dialog was not meant for it"
        await pilot.pause(GRACE)
        await press(pilot, "enter")
        await until(pilot, lambda: discovery.done == ["merged 2"])
        await press(pilot, "K")
        await until(pilot, lambda: "#book → #books" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: discovery.done[1:] == ["merged into books"])
        await press(pilot, "exclamation_mark")
        await until(pilot, lambda: "#sea star" in screen_text(app))
        await press(pilot, "y")
        await until(pilot, lambda: discovery.done[2:] == ["ruled 1"])


async def test_a_command_may_write_the_summary(backend: MemoryBackend) -> None:
    """The article's own sentences come at once, the command's when they are there."""
    app = ReaderApp(lambda: backend, Settings(commands=CommandSettings(summary=("model",))))
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "i")
        await until(pilot, lambda: "A summary." in screen_text(app))
        assert "being written" in screen_text(app)
        backend.summary = "What the model says."
        await until(pilot, lambda: "What the model says." in screen_text(app))
        assert "being written" not in screen_text(app)


async def test_a_summary_that_takes_long_is_stopped(backend: MemoryBackend) -> None:
    """A key stops the command and the details stay; leaving them stops it too."""
    app = ReaderApp(lambda: backend, Settings(commands=CommandSettings(summary=("model",))))
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "i")
        await until(pilot, lambda: "being written" in screen_text(app))
        await press(pilot, "ctrl+x")
        await until(pilot, lambda: backend.asked == ["stopped"])
        assert "A summary." in screen_text(app)
        await press(pilot, "escape", "i")
        await until(pilot, lambda: "being written" in screen_text(app))
        await press(pilot, "escape")
        await until(pilot, lambda: backend.asked == ["stopped", "stopped"])
