"""The base of dialogs: one question, with its keys on the last line."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, ClassVar, Final, Self, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.style import Style
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static, TextArea

from reader.layout.text_width import width
from reader.ui.dialogs.backdrop import Backdrop
from reader.ui.plain_content import plain_content

T = TypeVar("T")

BACKDROP_DELAY: Final = 0.2
"""Seconds without a change of the screen below before it is captured again."""
MAX_BACKDROP_AGE: Final = 1.0
"""Seconds after which it is captured though the screen below still changes."""
_NEXT_TICK: Final = 0.001
"""Seconds of a timer that runs after the messages that wait now."""
GRACE: Final = 0.5
"""Seconds in which a dialog that a job opens ignores keys: a reaction takes longer."""
MIN_OPTION_LINES, MAX_TEXT_LINES = 12, 26
"""Lines of a list on a screen of 24 lines, and of a text.

A list gets half of a higher screen.
"""
SCROLL_BAR_CELLS: Final = 1
"""Cells at the right of a list that are free for its scroll bar; as in the style sheet."""
MAX_QUOTE_LINES, SHORT_QUOTE_LINES = 4, 24
"""Lines of a quote above a field, and lines of the screen from which it has more than one."""
MIN_LINES: Final = 16
"""Lines of the screen below which dialogs show no hints, quotes and margins of lists, and one line of
their title."""
_KEY: Final = "key"
"""Name of the key in the style of a hint."""
_KEY_NAMES: Final = {"esc": "escape", "/": "slash"}
"""Textual's names of keys that hints name otherwise."""
_FRAME_LINES: Final = 5
"""Lines of paddings, of the title with its margin, and of the keys' margin."""
WIDTH = 62
"""Cells of a dialog with its padding, as in the style sheet."""


def format_key_hints(keys: Sequence[tuple[str, str]], cells: int) -> Content:
    """Return the last lines: keys bold, their labels dim; a line breaks between two hints.

    A click on a hint with one key presses it.
    """
    lines: list[list[Content]] = [[]]
    used = 0
    for key, word in keys:
        size = width(f"{key} {word}")
        if lines[-1] and used + size > cells:
            lines.append([])
            used = 0
        used += size + 3
        hint = Content.styled(key, "bold") + Content.styled(f" {word}", "$text-muted")
        pressed = {} if " " in key else {_KEY: _KEY_NAMES.get(key, key)}
        lines[-1] += [hint.stylize(Style.from_meta(pressed)), Content("   ")]
    return Content("\n").join([Content.assemble(*line).rstrip() for line in lines])


def content_width(dialog: "Dialog[Any]") -> int:
    """Return the cells between the dialog's paddings."""
    return max(10, min(dialog.width, int(dialog.app.size.width * 0.94)) - 4)


class Dialog(ModalScreen[T | None]):
    """A question with a title; `escape` goes back without an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        # Textual's own keys for the next widget would leave the field for what is not shown as one.
        Binding("tab", "step_field(1)", show=False),
        Binding("shift+tab", "step_field(-1)", show=False),
    ]

    heading = ""
    key_hints: tuple[tuple[str, str], ...] = (("enter", "yes"), ("esc", "back"))
    width = WIDTH
    _backdrop: Backdrop | None = None
    _backdrop_timer: Timer | None = None
    _draw_timer: Timer | None = None
    _is_drawn = False
    _opened_at = 0.0
    opens_unasked = False
    """True if a job opens the dialog, which then ignores keys typed for the screen below."""
    after_cancel: Callable[[], object] | None = None
    """Called when the user goes back without an answer, to the dialog before this one."""
    _changed_at = 0.0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(plain_content(self.heading), classes="dialog-title")
            yield from self.body()
            yield Static(self._hint_lines, classes="dialog-keys")

    def render(self) -> Any:
        background = super().render()
        if not isinstance(background, BackgroundScreen):
            return background
        below, behind = background.screen, self._backdrop
        if behind is None or behind.screen is not below or behind.size != below.size:
            behind = self._backdrop = Backdrop(below)
        return behind.under(background.color)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Apply the styles of the screen itself; its widgets have theirs.

        After a dialog above is closed, the screen below may have changed.
        """
        if self._is_drawn:
            self._backdrop = None
        elif event.refresh_styles:
            event.refresh_styles = False
            self.app.stylesheet.apply(self)

    def _compositor_refresh(self) -> None:
        """Draw the first time in several steps, so that keys wait less."""
        if self._is_drawn:
            super()._compositor_refresh()
        elif self._draw_timer is None:
            self._draw_timer = self.set_timer(_NEXT_TICK, self._capture_backdrop)

    def _capture_backdrop(self) -> None:
        """Capture the screen below, which has lost the focus by now.

        A dialog below shows its own backdrop only while all of it is drawn: see `render`.
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
        """Refresh; regions are changes of the screen below, which are drawn after a pause.

        Most changes come while the dialog opens, and drawing each would delay that.
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
        """Return the widgets between the title and the keys."""
        return []

    @property
    def is_open(self) -> bool:
        """True while the dialog is on screen and not dismissed.

        Messages still arrive while Textual removes the screen, its children first.
        """
        return self.is_mounted and self in self.app.screen_stack

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Answer once: a second answer would close the screen that is on top by then."""
        return super().dismiss(result) if self.is_open else AwaitComplete()

    def on_mount(self) -> None:
        self._opened_at = monotonic()
        for field in self.query("Input, TextArea"):
            # A blinking cursor draws the dialog twice a second, which took 4 % of a core.
            setattr(field, "cursor_blink", False)  # noqa: B010 - both have it, and share no class

    def on_resize(self) -> None:
        """Leave room for the line of keys: lists and texts scroll on a low screen."""
        self.show_keys()
        if self.has_class("-tall-dialog") or self.has_class("-notebook-dialog"):
            return
        is_low = self.app.size.height < MIN_LINES
        self.query_one(".dialog-title").styles.max_height = 1 if is_low else None
        for part in self.query(".dialog-hint, .dialog-quote"):
            part.display = not is_low
        key_lines = str(self._hint_lines).count("\n") + 1
        if not is_low:
            key_lines += width(self.heading) // content_width(self)
        besides = sum(part.display for part in self.query("Input, .dialog-hint"))
        for quote in self.query(".dialog-quote"):
            lines = MAX_QUOTE_LINES if self.app.size.height >= SHORT_QUOTE_LINES else 1
            quote.styles.max_height = lines
            besides += (lines + 1) * quote.display
        room = int(self.app.size.height * 0.9) - _FRAME_LINES - key_lines - besides
        for widget in self.query("VerticalScroll, OptionList"):
            if widget.parent is self.query_one(".dialog"):
                is_list = isinstance(widget, OptionList)
                lines = max(MIN_OPTION_LINES, self.app.size.height // 2)
                limit = lines if is_list else MAX_TEXT_LINES
                margin = int(is_list and not is_low)
                widget.styles.margin = (margin, 0, 0, 0)
                widget.styles.max_height = max(2, min(limit, room - margin))

    async def on_event(self, event: events.Event) -> None:
        is_early = self.opens_unasked and monotonic() - self._opened_at < GRACE
        if is_early and isinstance(event, events.Key):
            event.stop()
            return
        await super().on_event(event)

    def on_click(self, event: events.Click) -> None:
        """Press the key of a hint that was clicked."""
        key = event.style.meta.get(_KEY)
        if isinstance(key, str):
            event.stop()
            self.app.simulate_key(key)

    def action_step_field(self, step: int) -> None:
        """Go to the next text field, if there are several."""
        fields: list[Widget] = [*self.query(Input), *self.query(TextArea)]
        if self.focused in fields and len(fields) > 1:
            self.set_focus(fields[(fields.index(self.focused) + step) % len(fields)])

    def action_step(self, rows: int) -> None:
        """Move the cursor of the list; a step beyond one end goes to the other."""
        options = self.query_one(OptionList)
        if options.option_count:
            at = 0 if options.highlighted is None else options.highlighted + rows
            last = options.option_count - 1
            options.highlighted = at % (last + 1) if abs(rows) == 1 else max(0, min(at, last))

    def show_keys(self) -> None:
        """Show the keys again after they have changed."""
        self.query_one(".dialog-keys", Static).update(self._hint_lines)

    @property
    def _hint_lines(self) -> Content:
        return format_key_hints(self.key_hints, content_width(self))

    def action_cancel(self) -> None:
        if self.is_open and self.after_cancel is not None:
            self.after_cancel()
        self.dismiss(None)


class TextDialog(Dialog[T]):
    """A dialog with one long text, which keys scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "cancel", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("space,pagedown", "scroll(10)", show=False),
        Binding("b,pageup", "scroll(-10)", show=False),
        Binding("g,home", "scroll(-10000)", show=False),
        Binding("G,end", "scroll(10000)", show=False),
    ]

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def quotation(quote: str) -> list[Widget]:
    """Return the quote that a dialog is about, for the top of its body; nothing without one."""
    return [Static(plain_content(f"“{quote}”"), classes="dialog-quote")] if quote else []
