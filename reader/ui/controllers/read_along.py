"""Reading along: aloud by a program, or word by word on the screen, from one shared place."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from reader.layout.read_along import Passage
from reader.model.errors import ReaderError
from reader.model.highlight import Position
from reader.ui.controllers.context import UIContext
from reader.ui.dialogs.speed_reading import SpeedReadingDialog, SpeedReadingResult

if TYPE_CHECKING:
    from reader.services.speech import Speech

_GROUP = "speech"


class ReadAlongController:
    """Speaks one sentence after the other, and opens speed reading."""

    def __init__(
        self,
        context: UIContext,
        on_read: Callable[[str, Position], None],
        on_end: Callable[[str], None],
    ):
        """`on_read` gets the entry's id and a position that was read, `on_end` the id at the end."""
        self._context = context
        self._on_read = on_read
        self._on_end = on_end
        self._speech: Speech | None = None

    # Aloud.

    def toggle_speech(self) -> None:
        """Read aloud from the place that is shown, or stop."""
        view = self._context.article
        if view.end_passage():
            self.silence()
            return
        passage = self._find_start()
        if passage is not None:
            self._speak(passage)

    def step(self, sentences: int) -> None:
        """Go to the next sentence, or to the previous one."""
        view, passage = self._context.article, self._context.article.passage
        if passage is None:
            key = self._context.keys.key("speak")
            self._context.notify_info(f"Nothing is read aloud. {key} starts.")
            return
        found = view.along.step(passage, sentences)
        if found is not None:
            self._speak(found)
        elif sentences < 0:
            self._speak(passage)
        else:
            self._end()

    def on_stopped(self) -> None:
        """Be silent, unless reading has begun again meanwhile."""
        if self._context.article.passage is None:
            self.silence()

    def silence(self) -> None:
        """Kill the program that speaks, at once."""
        self._context.tasks.discard(_GROUP)
        speech, self._speech = self._speech, None
        if speech is not None:
            speech.stop()

    def _find_start(self) -> Passage | None:
        """Return the sentence at the place that is shown; tell the user if there is none."""
        view = self._context.article
        found = view.along.sentence_at(view.reading_place) if view.article else None
        if found is None:
            self._context.notify_info("The text ends here.")
        return found

    def _speak(self, passage: Passage) -> None:
        self.silence()
        view, backend = self._context.article, self._context.backend
        language = view.article.language if view.article else None
        try:
            speech = self._speech = backend.speech(view.along.text(passage), language)
        except ReaderError as error:
            self._fail(error)
            return
        view.mark_passage(passage)
        self._context.tasks.run_latest(_GROUP, speech.run, self._go_on, self._fail)

    def _go_on(self, is_spoken: bool) -> None:
        """Speak the next sentence after one that was spoken to its end."""
        view = self._context.article
        if not is_spoken or view.passage is None:
            return
        following = view.along.next_sentence(view.passage)
        if following is None:
            self._end()
        else:
            self._speak(following)

    def _end(self) -> None:
        """Stop at the end of the text, which was read."""
        self._context.article.end_passage()
        self.silence()
        self._finish()

    def _finish(self) -> None:
        shown = self._context.article.article
        if shown is not None:
            self._on_end(shown.id)

    def _fail(self, error: ReaderError) -> None:
        self._speech = None
        self._context.article.end_passage()
        self._context.notify_error(str(error))

    # Word by word.

    def speed_read(self) -> None:
        """Show the text word by word from the place that is shown."""
        view = self._context.article
        view.end_passage()
        self.silence()
        start = self._find_start()
        shown = view.article
        if start is None or shown is None:
            return
        place = view.reading_place
        dialog = SpeedReadingDialog(
            view.document,
            start._replace(start=max(start.start, place.offset))
            if start.block == place.block
            else start,
            speed=self._context.state.appearance.words_a_minute,
            on_sentence=lambda passage: self._on_read(shown.id, view.position_of(passage)),
        )
        self._context.prompt(dialog, self._close_speed_reading)

    def _close_speed_reading(self, result: SpeedReadingResult) -> None:
        self._context.article.keep_place(result.place)
        if result.is_finished:
            self._finish()
        if result.speed != self._context.state.appearance.words_a_minute:
            self._context.remember(words_a_minute=result.speed)
