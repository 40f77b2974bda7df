"""Reading aloud and speed reading: one place, and nothing goes on after a stop."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from textual.pilot import Pilot

from reader.layout.document import Document
from reader.layout.keyboard_selection import TextPosition
from reader.layout.read_along import Passage, ReadAlong
from reader.model.highlight import Highlight
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.dialogs.speed_reading import SpeedReadingDialog, SpeedReadingResult, draw_word
from reader.ui.widgets.article_view import ArticleView
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend, sample
from tests.ui.test_main_screen import opened


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend(sample())


@pytest.fixture
def app(backend: MemoryBackend) -> ReaderApp:
    return ReaderApp(lambda: backend, Settings())


def view_of(app: ReaderApp) -> ArticleView:
    return app.screen_stack[0].query_one(ArticleView)


def passage_text(app: ReaderApp) -> str:
    view = view_of(app)
    return view.along.text(view.passage) if view.passage else ""


def all_sentences(view: ArticleView) -> list[str]:
    along = ReadAlong(view.document)
    found, passage = [], along.sentence_at(TextPosition(0, 0))
    while passage is not None:
        found.append(along.text(passage))
        passage = along.next_sentence(passage)
    return found


def has_article(app: ReaderApp) -> Callable[[], bool]:
    return lambda: view_of(app).article is not None and view_of(app).has_focus


async def open_article(app: ReaderApp, pilot: Pilot[int]) -> None:
    """Open the first article, and wait until its text is there."""
    await opened(pilot)
    await press(pilot, "enter")
    await until(pilot, has_article(app))


async def test_every_sentence_is_spoken_in_its_turn(app: ReaderApp, backend: MemoryBackend) -> None:
    """One after the other to the end of the text, which then counts as read."""
    async with app.run_test(size=(120, 40)) as pilot:
        await open_article(app, pilot)
        await press(pilot, "p")
        sentences = all_sentences(view_of(app))
        await until(pilot, lambda: len(backend.spoken) == len(sentences))
        await until(pilot, lambda: view_of(app).passage is None)
        assert backend.spoken == sentences
        first = view_of(app).article
        assert first is not None
        await until(
            pilot, lambda: any(e.finished for e in backend.held.values() if e.id == first.id)
        )


async def test_skip_and_stop(app: ReaderApp, backend: MemoryBackend) -> None:
    """`.` and `,` skip at once, escape stops, and `p` goes on at the same sentence."""
    backend.speak_command = ("sleep", "60")
    async with app.run_test(size=(120, 40)) as pilot:
        await open_article(app, pilot)
        sentences = all_sentences(view_of(app))
        await press(pilot, "p", "full_stop", "full_stop", "comma")
        assert backend.spoken == [sentences[at] for at in (0, 1, 2, 1)]
        assert passage_text(app) == sentences[1]
        await until(pilot, lambda: "ALOUD" in screen_text(app))
        await press(pilot, "escape")
        assert view_of(app).passage is None
        await until(pilot, lambda: "ALOUD" not in screen_text(app))
        await press(pilot, "p")
        assert passage_text(app) == sentences[1]
        await press(pilot, "p", "p")
        assert backend.spoken[-1] == sentences[1]
        assert passage_text(app) == sentences[1]
        position = view_of(app).position
        assert position.quote.startswith(sentences[1][:20])
        await press(pilot, "q")
        assert view_of(app).passage is None
        await until(pilot, lambda: not _speech_threads(app))
        await press(pilot, "enter", "full_stop")
        assert "Nothing is read aloud" in screen_text(app)


def _speech_threads(app: ReaderApp) -> list[str]:
    """The workers that still wait for a program."""
    return [
        worker.group for worker in app.workers if worker.group == "speech" and worker.is_running
    ]


async def test_another_article_or_the_end_of_the_app_is_silent(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    backend.speak_command = ("sleep", "60")
    async with app.run_test(size=(120, 40)) as pilot:
        await open_article(app, pilot)
        await press(pilot, "p", "right_square_bracket")
        await until(pilot, lambda: view_of(app).passage is None)
        await until(pilot, lambda: not _speech_threads(app))
        await until(pilot, has_article(app))
        await press(pilot, "p")
        assert passage_text(app)


async def test_a_failing_program_ends_reading_with_one_line(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_article(app, pilot)
        for command, words in (("false", "false failed"), ("/no/such", "cannot start")):
            backend.speak_command = (command,)
            await press(pilot, "p")
            await until(pilot, partial(_shows, app, words))
            assert view_of(app).passage is None


def _shows(app: ReaderApp, words: str) -> bool:
    return words in screen_text(app)


async def test_the_sentence_stays_marked_when_the_header_changes(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """A tag adds a line above the text; the mark and the place move with the words."""
    backend.speak_command = ("sleep", "60")
    async with app.run_test(size=(120, 40)) as pilot:
        await open_article(app, pilot)
        await press(pilot, "p", "full_stop", "full_stop")
        before = passage_text(app)
        view = view_of(app)
        shown = view.article
        assert shown is not None
        view.show_article(replace(shown, tags=(), notice="A notice.", byline="Somebody"))
        await pilot.pause()
        assert passage_text(app) == before
        view.show_article(replace(shown, highlights=(Highlight("h", before[:9]),)))
        await pilot.pause()
        assert passage_text(app) == before


# Speed reading.

TEXT = "One two, three. Four five six seven.\n\nEight nine ten."


def start_of(document: Document) -> Passage:
    found = ReadAlong(document).sentence_at(TextPosition(0, 0))
    assert found is not None
    return found


async def test_words_come_at_the_speed_that_is_shown(app: ReaderApp) -> None:
    """A plain word takes a minute through the speed, wherever the screen lags."""
    document = Document(TEXT)
    dialog = SpeedReadingDialog(document, start_of(document), speed=600)
    async with app.run_test(size=(60, 24)) as pilot:
        await opened(pilot)
        results: list[SpeedReadingResult | None] = []
        app.push_screen(dialog, results.append)
        await until(pilot, lambda: "600 words a minute" in screen_text(app))
        await press(pilot, "space")
        assert "paused" in screen_text(app)
        durations = []
        shown = []
        for _ in range(6):
            shown.append(dialog._text_of(dialog.word))
            durations.append(dialog._duration)
            await press(pilot, "right")
        assert shown == ["One", "two,", "three.", "Four", "five", "six"]
        assert durations[0] == durations[3] == pytest.approx(0.1)
        assert durations[0] < durations[1] < durations[2]
        await press(pilot, "up", "up", "down")
        assert "625 words a minute" in screen_text(app)
        await press(pilot, "escape")
        (result,) = results
        assert result is not None
        assert dialog._text_of(result.place) == "seven."
        assert (result.speed, result.is_finished) == (625, False)


async def test_speed_has_limits_and_the_text_an_end(app: ReaderApp) -> None:
    """100 to 1,000 words a minute; at the end it stops and says so."""
    document = Document(TEXT)
    sentences: list[Passage] = []
    dialog = SpeedReadingDialog(
        document, start_of(document), speed=975, on_sentence=sentences.append
    )
    async with app.run_test(size=(60, 24)) as pilot:
        await opened(pilot)
        results: list[SpeedReadingResult | None] = []
        app.push_screen(dialog, results.append)
        await until(pilot, lambda: "975 words a minute" in screen_text(app))
        assert SpeedReadingDialog(document, start_of(document), speed=1)._speed == 100
        await press(pilot, "up", "up")
        assert "1,000 words a minute" in screen_text(app)
        await until(pilot, lambda: "the end" in screen_text(app))
        assert [dialog._along.text(each) for each in sentences] == [
            "Four five six seven.",
            "Eight nine ten.",
        ]
        await press(pilot, "comma", "comma")
        assert dialog._text_of(dialog.word) == "Four"
        await press(pilot, "space")
        await until(pilot, lambda: "the end" in screen_text(app))
        await press(pilot, "q")
        (result,) = results
        assert result is not None
        assert result.is_finished


async def test_speed_reading_and_reading_aloud_share_a_place(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """`P` begins at the sentence that was spoken, `p` where the words stopped; speed is kept."""
    backend.speak_command = ("sleep", "60")
    async with app.run_test(size=(60, 24)) as pilot:
        await open_article(app, pilot)
        sentences = all_sentences(view_of(app))
        await press(pilot, "p", "full_stop", "P")
        await until(pilot, lambda: isinstance(app.screen, SpeedReadingDialog))
        dialog = app.screen
        assert isinstance(dialog, SpeedReadingDialog)
        await press(pilot, "space")
        assert dialog._along.text(dialog._sentence) == sentences[1]
        await press(pilot, "full_stop", "right", "up", "escape")
        await until(pilot, lambda: not app.screen.is_modal)
        place = view_of(app).position
        assert place.quote.split()[0] == sentences[2].split()[1]
        await until(pilot, lambda: backend.state.words_a_minute == 325)
        await press(pilot, "p")
        assert passage_text(app) == sentences[2]


def test_the_letter_for_the_eye_stands_in_one_cell() -> None:
    """The marks above and below point to it for every word; joined letters are not cut."""
    for word in ("a", "ferry", "internationally", "図書", "naïve", "e\u0301t\u0301e\u0301"):
        lines = draw_word(word, 60).plain.split("\n")
        assert lines[0].index("▾") == lines[2].index("▴") == 20
        assert lines[1].strip() == word
    arabic = draw_word("القراءة", 60)
    assert arabic.plain.split("\n")[1].strip() == "القراءة"
    assert len(arabic.spans) == 1
