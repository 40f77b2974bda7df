"""What every dialog is: small, in the middle, one question, the keys of its answer on the last line."""

from time import monotonic
from typing import Any, ClassVar, Final, Self, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from reader.ui.dialogs.backdrop import Backdrop
from reader.ui.plain_content import plain_content

T = TypeVar("T")

BACKDROP_DELAY: Final = 0.2
"""Seconds in which the screen below does not change before its picture is taken anew."""
MAX_BACKDROP_AGE: Final = 1.0
"""Seconds after which it is taken though the screen below goes on changing."""
_NEXT_TICK: Final = 0.001
WIDTH = 62
"""Cells of a dialog, its padding included; the style sheet says the same."""


def format_key_hints(*keys: tuple[str, str]) -> Content:
    """The last line: keys bold, what they do dim."""
    parts: list[Content | tuple[str, str]] = []
    for key, word in keys:
        parts += [Content.styled(key, "bold"), Content.styled(f" {word}   ", "$text-muted")]
    return Content.assemble(*parts)


def content_width(dialog: "Dialog[Any]") -> int:
    """Cells between the dialog's paddings."""
    return max(10, min(dialog.width, int(dialog.app.size.width * 0.94)) - 4)


class Dialog(ModalScreen[T | None]):
    """A question with a title; `escape` goes back without an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    heading = ""
    key_hints: tuple[tuple[str, str], ...] = (("enter", "yes"), ("esc", "back"))
    width = WIDTH
    _backdrop: Backdrop | None = None
    _backdrop_timer: Timer | None = None
    _draw_timer: Timer | None = None
    _is_drawn = False
    _changed_at = 0.0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(plain_content(self.heading), classes="dialog-title")
            yield from self.body()
            yield Static(format_key_hints(*self.key_hints), classes="dialog-keys")

    def render(self) -> Any:
        background = super().render()
        if not isinstance(background, BackgroundScreen):
            return background
        below, behind = background.screen, self._backdrop
        if behind is None or behind.screen is not below or behind.size != below.size:
            behind = self._backdrop = Backdrop(below)
        return behind.under(background.color)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """What was just made has its styles, but for the screen itself.

        When a dialog above this one is gone, what is below may have changed under both.
        """
        if self._is_drawn:
            self._backdrop = None
        elif event.refresh_styles:
            event.refresh_styles = False
            self.app.stylesheet.apply(self)

    def _compositor_refresh(self) -> None:
        """Draw the first time in steps of their own: who types meanwhile waits for less at once."""
        if self._is_drawn:
            super()._compositor_refresh()
        elif self._draw_timer is None:
            self._draw_timer = self.set_timer(_NEXT_TICK, self._capture_backdrop)

    def _capture_backdrop(self) -> None:
        """Take the picture of the screen below, which has lost the focus by now.

        Another dialog shows what is below it only while the whole is drawn: see `render`.
        """
        if self.is_open:
            stack = self.app.screen_stack
            below = stack[stack.index(self) - 1]
            if not isinstance(below, ModalScreen):
                self._backdrop = Backdrop(below)
            self._draw_timer = self.set_timer(_NEXT_TICK, self._draw)

    def _draw(self) -> None:
        self._is_drawn = True
        super()._compositor_refresh()

    def refresh(self, *regions: Region, **what: Any) -> Self:
        """Regions come from the screen below, which has changed there: that is shown when it rests.

        It changes most while a dialog is opened, which drawing it each time would hold up.
        """
        if not regions:
            return super().refresh(**what)
        if self._backdrop is None:
            return self
        if self._backdrop_timer is None:
            self._changed_at = monotonic()
            self._backdrop_timer = self.set_timer(BACKDROP_DELAY, self._renew_backdrop)
        elif monotonic() - self._changed_at < MAX_BACKDROP_AGE:
            self._backdrop_timer.reset()
        return self

    def _renew_backdrop(self) -> None:
        self._backdrop_timer = None
        self._backdrop = None
        super().refresh()

    def body(self) -> list[Widget]:
        """What stands between the title and the keys."""
        return []

    @property
    def is_open(self) -> bool:
        """Whether it is drawn and unanswered; what comes later is for nobody.

        Messages go on arriving while Textual takes the screen apart, its children first.
        """
        return self.is_mounted and self in self.app.screen_stack

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Answer once: a second answer would close whatever screen is on top by then."""
        return super().dismiss(result) if self.is_open else AwaitComplete()

    def action_cancel(self) -> None:
        self.dismiss(None)
