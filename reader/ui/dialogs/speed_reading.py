"""Speed reading: one word after the other at the same place, with pauses at punctuation."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from reader.layout.bidi import is_right_to_left
from reader.layout.document import Document
from reader.layout.read_along import Passage, ReadAlong, display_share
from reader.layout.text_width import graphemes, width
from reader.model.text import clean
from reader.ui.dialogs.dialog import Dialog, content_width
from reader.ui.plain_content import plain_content

MIN_SPEED, MAX_SPEED, DEFAULT_SPEED = 100, 1000, 300
"""Words a minute; 300 is above the usual 230 of silent reading."""
SPEED_STEP: Final = 25
"""Words a minute by which one key changes the speed."""
LEAD_TIME: Final = 0.8
"""Seconds for which the first word is shown, so that the eyes find it."""
MAX_LAG: Final = 0.5
"""Seconds of delay from which lost time is not caught up: the program was suspended."""
_CONTEXT_LINES: Final = 4
"""Lines of the text around the word."""


@dataclass(frozen=True, slots=True)
class SpeedReadingResult:
    """The last word that was shown, the speed, and whether the text was read to its end."""

    place: Passage
    speed: int
    is_finished: bool


class SpeedReadingDialog(Dialog[SpeedReadingResult]):
    """Returns where reading stopped, however it is closed.

    `on_sentence` gets each sentence that begins. A plain word is shown for 60 seconds divided by
    the speed, others longer by their `display_share`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,p", "pause", show=False),
        Binding("up,plus,equals_sign,k", "change_speed(1)", show=False),
        Binding("down,minus,j", "change_speed(-1)", show=False),
        Binding("full_stop", "step_sentence(1)", show=False),
        Binding("comma", "step_sentence(-1)", show=False),
        Binding("right,l", "step_word(1)", show=False),
        Binding("left,h", "step_word(-1)", show=False),
        Binding("q,P,enter", "cancel", show=False),
    ]
    width = 76

    def __init__(
        self,
        document: Document,
        start: Passage,
        *,
        speed: int = 0,
        on_sentence: Callable[[Passage], object] = lambda passage: None,
        clock: Callable[[], float] = monotonic,
    ):
        """Begin at the first word of `start`, a sentence or the rest of one."""
        super().__init__()
        self._document = document
        self._along = ReadAlong(document)
        self._sentence = start
        self._words = self._along.words(start) or [start]
        self._at = 0
        self._speed = max(MIN_SPEED, min(MAX_SPEED, speed or DEFAULT_SPEED))
        self._on_sentence = on_sentence
        self._clock = clock
        self._due = 0.0
        self._timer: Timer | None = None
        self._is_finished = False
        self.add_class("-wide-dialog")
        self._set_hints()

    def _set_hints(self) -> None:
        running = self._timer is not None
        self.key_hints = (
            ("space", "pause" if running else "continue"),
            ("↑ ↓", "speed"),
            (", .", "sentence"),
            *(() if running else (("← →", "word"),)),
            ("esc", "back"),
        )

    def body(self) -> list[Widget]:
        return [Static("", classes="speed-word"), Static("", classes="speed-context")]

    def on_mount(self) -> None:
        self._show()
        self._run(LEAD_TIME)

    def on_resize(self) -> None:
        """Draw the word again, in the middle of the new width."""
        super().on_resize()
        self._show()

    # Time.

    @property
    def word(self) -> Passage:
        """The word that is shown."""
        return self._words[self._at]

    @property
    def _duration(self) -> float:
        """Seconds for which the word is shown."""
        text = self._text_of(self.word)
        is_last = self._at == len(self._words) - 1
        ends_block = is_last and self._along.is_last_of_block(self._sentence)
        return 60 / self._speed * display_share(text, ends_block=ends_block)

    def _run(self, lead: float = 0.0) -> None:
        self._due = self._clock() + max(lead, self._duration)
        self._schedule()
        self._set_hints()
        self.show_keys()

    def _schedule(self) -> None:
        self._timer = self.set_timer(max(0.001, self._due - self._clock()), self._tick)

    def _tick(self) -> None:
        if self._timer is None or not self.is_open:
            return
        if not self._move(1):
            self._is_finished = True
            self._pause()
            return
        now = self._clock()
        # Counted from when the word was due, so that slow drawing does not slow the reading.
        self._due = (self._due if now - self._due < MAX_LAG else now) + self._duration
        self._show()
        self._schedule()

    def _pause(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._set_hints()
        self.show_keys()
        self._show()

    # Words.

    def _text_of(self, passage: Passage) -> str:
        return self._along.text(passage)

    def _move(self, words: int) -> bool:
        """Go to another word; return False at an end of the text."""
        at = self._at + words
        if 0 <= at < len(self._words):
            self._at = at
            return True
        found = self._along.step(self._sentence, words)
        if found is None:
            return False
        self._go_to(found, -1 if words < 0 else 0)
        return True

    def _go_to(self, sentence: Passage, at: int = 0) -> None:
        self._sentence = sentence
        self._words = self._along.words(sentence) or [sentence]
        self._at = at % len(self._words)
        self._on_sentence(sentence)

    # Keys.

    def action_pause(self) -> None:
        """Pause or continue."""
        if self._timer is not None:
            self._pause()
        elif not self._is_finished:
            self._run()

    def action_change_speed(self, steps: int) -> None:
        speed = self._speed + steps * SPEED_STEP
        self._speed = max(MIN_SPEED, min(MAX_SPEED, speed))
        self._show()

    def action_step_sentence(self, sentences: int) -> None:
        """Go to the next sentence; backwards to the start of this one, then to the previous one."""
        if sentences < 0 and self._at > 1:
            self._go_to(self._sentence)
        else:
            found = self._along.step(self._sentence, sentences)
            if found is not None:
                self._go_to(found)
        self._restart()

    def action_step_word(self, words: int) -> None:
        """Pause, and go to the next word or the previous one."""
        self._pause()
        self._move(words)
        self._is_finished = False
        self._show()

    def _restart(self) -> None:
        """Show the new word for its whole time."""
        self._is_finished = False
        self._show()
        if self._timer is not None:
            self._timer.stop()
            self._run()

    def action_cancel(self) -> None:
        """Close with the place."""
        self._pause()
        self.dismiss(SpeedReadingResult(self.word, self._speed, self._is_finished))

    # Drawing.

    def _show(self) -> None:
        if not self.is_open:
            return
        cells = content_width(self)
        self.query_one(".dialog-title", Static).update(
            Content.assemble(
                plain_content("Speed reading"),
                Content.styled(f"   {self._speed:,} words a minute", "$text-muted"),
                Content.styled(f" · {self._state}" if self._state else "", "$text-muted"),
            ),
            layout=False,
        )
        word = self._text_of(self.word)
        self.query_one(".speed-word", Static).update(draw_word(word, cells), layout=False)
        self.query_one(".speed-context", Static).update(self._surroundings(cells), layout=False)

    @property
    def _state(self) -> str:
        if self._is_finished:
            return "the end"
        return "" if self._timer is not None else "paused"

    def _surroundings(self, cells: int) -> Content:
        """Return the sentence around the word while reading is paused."""
        if self._timer is not None:
            return Content("")
        text = self._document.inline_text(self._sentence.block).text
        word = self.word
        room = cells * (_CONTEXT_LINES - 1) // 2
        start = max(self._sentence.start, word.start - room)
        before = clean(text[start : word.start]).lstrip()
        after = clean(text[word.end : min(self._sentence.end, word.end + room)])
        return Content.assemble(
            Content.styled(" ".join(before.splitlines()), "$text-muted"),
            plain_content(text[word.start : word.end], "bold underline"),
            Content.styled(" ".join(after.splitlines()), "$text-muted"),
        )


def draw_word(word: str, cells: int) -> Content:
    """Return three lines: a word, with marks above and below the letter to look at.

    The letter stands in the same cell for every word, a third from the left. Words from right to
    left are not cut, because their letters join.
    """
    column = cells // 3
    parts = [word[each.start : each.end] for each in graphemes(word)]
    at = 0 if is_right_to_left(word) else min(len(parts) - 1, (len(parts) + 2) // 4)
    if at <= 0 and is_right_to_left(word):
        left = " " * max(0, column - width(word) // 2)
        return Content.assemble(f"{' ' * column}▾\n{left}", Content.styled(word, "bold"), "\n")
    before, letter, after = (
        "".join(parts[:at]),
        "".join(parts[at : at + 1]),
        "".join(parts[at + 1 :]),
    )
    left = " " * max(0, column - width(before))
    return Content.assemble(
        Content.styled(f"{' ' * column}▾\n", "$text-muted"),
        Content(left),
        Content.styled(before, "bold"),
        Content.styled(letter, "$accent bold"),
        Content.styled(after, "bold"),
        Content.styled(f"\n{' ' * column}▴", "$text-muted"),
    )
