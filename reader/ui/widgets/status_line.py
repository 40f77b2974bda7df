"""Status line: keys at the left, a running job in the middle, progress at the right.

It only draws; `controllers.status` makes the hints of keys from the table of commands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from reader.layout.text_width import shorten, width
from reader.model.text import one_line
from reader.ui.glyphs import UNICODE, Glyphs
from reader.ui.messages import ControllerMessage

_BAR_CELLS = 12
"""Cells of the progress bar."""
_WIDE = 70
"""Cells from which keys leave room for the progress bar."""


class KeyHint(NamedTuple):
    """A key, the label of its command, and the command's id."""

    key: str
    label: str
    command: str


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """A message to the user. `key` undoes or repeats its action; `is_error` marks a failure."""

    text: str
    key: str = ""
    key_label: str = ""
    is_error: bool = False


class StatusLine(Widget):
    """The footer line. It shows what its setters pass and reports clicked hints."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "status--key",
        "status--word",
        "status--job",
        "status--mode",
        "status--note",
        "status--wrong",
        "status--bar",
        "status--far",
    }

    @dataclass
    class HintClicked(ControllerMessage):
        """A hint was clicked."""

        command: str

    def __init__(self, glyphs: Glyphs = UNICODE):
        super().__init__()
        self._glyphs = glyphs
        self._hints: Sequence[KeyHint] = ()
        self._mode = ""
        self._message: StatusMessage | None = None
        self._job = ""
        self._progress: tuple[float, int] | None = None
        self._shows_progress = True
        self._hint_spans: list[tuple[int, int, str]] = []

    def show_hints(self, hints: Sequence[KeyHint]) -> None:
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    def show_mode(self, mode: str) -> None:
        """Show a mode in which keys have another meaning; empty outside of modes.

        A mode that begins removes the message, so that its keys are seen.
        """
        if mode != self._mode:
            self._message = self._message if self._mode or not mode else None
            self._mode = mode
            self.refresh()

    def show_message(self, note: StatusMessage | None) -> None:
        self._message = note
        self.refresh()

    @property
    def message(self) -> StatusMessage | None:
        return self._message

    def show_job(self, text: str) -> None:
        """Show a running job and its remaining time; empty if none runs."""
        self._job = text
        self.refresh()

    def show_progress(self, progress: tuple[float, int] | None) -> None:
        """Show the share of the article read, 0.0 to 1.0, and the minutes left."""
        if progress != self._progress:
            self._progress = progress
            self.refresh()

    def allow_progress(self, is_allowed: bool) -> None:
        """Show the progress only while its article is on the screen."""
        if is_allowed != self._shows_progress:
            self._shows_progress = is_allowed
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        for start, end, command in self._hint_spans:
            if start <= event.x < end:
                self.post_message(self.HintClicked(command))

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        word = self.get_component_rich_style("status--word")
        right = self._progress_segments(cells)
        room = cells - sum(width(segment.text) for segment in right) - 1
        # A running job shows its progress on narrow screens as well: hints leave it half.
        wanted = width(self._job) + 6 if self._job and self._message is None else 0
        left = self._left_segments(room - min(wanted, room // 2))
        used = sum(width(segment.text) for segment in left)
        job = self._job_segments(room - used)
        gap = room - used - sum(width(segment.text) for segment in job)
        middle = gap // 2 if job else 0
        pads = [Segment(" " * max(0, middle), word)], [Segment(" " * max(0, gap - middle), word)]
        strip = Strip([*left, *pads[0], *job, *pads[1], *right, Segment(" ", word)])
        return strip.adjust_cell_length(cells, word)

    def _left_segments(self, room: int) -> list[Segment]:
        self._hint_spans = []
        key, word = (self.get_component_rich_style(f"status--{n}") for n in ("key", "word"))
        if self._message is not None:
            return self._message_segments(self._message, room)
        segments = [Segment(" ", word)]
        used = 1
        if self._mode:
            segments += [Segment(f" {self._mode} ", self.get_component_rich_style("status--mode"))]
            segments += [Segment("  ", word)]
            used += width(self._mode) + 4
        for hint, size in self._fitting_hints(room + 2 - used):
            segments += [Segment(hint.key, key), Segment(f" {hint.label}  ", word)]
            self._hint_spans.append((used, used + size - 2, hint.command))
            used += size
        return segments

    def _fitting_hints(self, room: int) -> list[tuple[KeyHint, int]]:
        """Return the first hints that fit, and the last one, with their cells."""
        sized = [(hint, width(hint.key) + width(hint.label) + 3) for hint in self._hints]
        if not sized or sized[-1][1] > room:
            return []
        *others, last = sized
        room -= last[1]
        fitting = list(takewhile(lambda used: used <= room, accumulate(size for _, size in others)))
        return [*others[: len(fitting)], last]

    def _message_segments(self, note: StatusMessage, room: int) -> list[Segment]:
        kind = "wrong" if note.is_error else "note"
        style = self.get_component_rich_style(f"status--{kind}")
        key, word = (self.get_component_rich_style(f"status--{n}") for n in ("key", "word"))
        tail = [Segment("  ", word), Segment(note.key, key), Segment(f" {note.key_label}", word)]
        tail = tail if note.key else []
        left = max(4, room - 2 - sum(width(segment.text) for segment in tail))
        text = shorten(one_line(note.text, 400), left, self._glyphs.ellipsis)
        return [Segment(f" {text}", style), *tail]

    def _job_segments(self, room: int) -> list[Segment]:
        if not self._job or room < 12:
            return []
        style = self.get_component_rich_style("status--job")
        text = f"{self._glyphs.running} {one_line(self._job, 120)}"
        if width(text) > room - 2:
            # Without the time left it may fit.
            text = text.partition(" · ")[0]
        return [Segment(shorten(text, room - 2, self._glyphs.ellipsis), style)]

    def _progress_segments(self, cells: int) -> list[Segment]:
        if self._progress is None or not self._shows_progress or cells < 30:
            return []
        if self._mode and cells < _WIDE:
            # The keys of the mode need the room: they show how to leave it.
            return []
        share, minutes = self._progress
        far, bar = (self.get_component_rich_style(f"status--{n}") for n in ("far", "bar"))
        percent = f"{round(share * 100)} %"
        segments = []
        if cells >= _WIDE:
            done = round(share * _BAR_CELLS)
            segments = [
                Segment(self._glyphs.bar * done, bar),
                Segment(self._glyphs.track * (_BAR_CELLS - done) + " ", far),
            ]
        left = f"  {minutes} min left" if minutes and cells >= 46 else ""
        return [*segments, Segment(f"{percent}{left} ", far)]
