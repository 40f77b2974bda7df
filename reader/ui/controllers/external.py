"""What leaves the app: an address to the browser, text to the clipboard or to a command."""

from collections.abc import Callable
from typing import Any

from reader.model.errors import ReaderError
from reader.model.text import clean, one_line
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entries import EntryController
from reader.ui.messages import FollowLink, LinkUse
from reader.ui.widgets.status_line import StatusMessage


class ExternalController:
    """Opens, copies and pipes; `clip` puts text on the terminal's own clipboard."""

    def __init__(self, stage: UIContext, acting: EntryController, clip: Callable[[str], None]):
        self._context = stage
        self._entries = acting
        self._clip = clip

    def browser(self) -> None:
        """Open the address of the article that is meant."""
        entry = self._entries.entry
        if entry is None or not entry.url:
            self._context.show_message(StatusMessage("This one has no address."))
        else:
            self.open(entry.url)

    def open(self, url: str) -> None:
        """Open an address outside."""
        desk = self._context.backend
        self._context.tasks.run_latest(
            f"open {url}", lambda: desk.open_in_browser(url), lambda _: self._opened(url)
        )

    def _opened(self, url: str) -> None:
        self._context.show_message(StatusMessage(f"Opened {one_line(url, 80)}"))

    def copy_link(self) -> None:
        entry = self._entries.entry
        if entry is None or not entry.url:
            self._context.show_message(StatusMessage("This one has no address."))
        else:
            self.copy(entry.url)

    def copy(self, text: str) -> None:
        """Copy by the terminal, and by the platform's program where there is one."""
        tidy = clean(text)
        self._clip(tidy)
        self._context.tasks.run_latest(
            "copy", lambda: self._context.backend.copy_to_clipboard(tidy), lambda _: None
        )
        self._context.show_message(StatusMessage(f"Copied {one_line(tidy, 60)}"))

    def copy_selection(self) -> None:
        """Copy what was selected with the mouse; without it, say how to leave."""
        selected = self._context.screen.get_selected_text()
        if selected:
            self.copy(selected)
        else:
            key = self._context.keys.key("quit")
            self._context.show_message(
                StatusMessage("Nothing is selected with the mouse.", key, "leaves")
            )

    def follow(self, link: FollowLink) -> None:
        """Do with a link what was asked."""
        if link.use is LinkUse.SAVE:
            self._entries.save(link.url)
        elif link.use is LinkUse.COPY:
            self.copy(link.url)
        else:
            self.open(link.url)

    def pipe(self) -> None:
        """Hand the article to the command of the settings."""
        entry = self._entries.entry
        if entry is None:
            return
        command = self._context.settings.commands.pipe

        def told(answer: str) -> None:
            self._context.show_message(StatusMessage(answer or f"Handed to {command[0]}"))

        self._context.tasks.run_latest(
            "pipe", lambda: self._context.backend.pipe(entry.id, command), told, self._failed
        )

    def _failed(self, error: ReaderError) -> None:
        self._context.notify_error(str(error))

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "browser": self.browser,
            "copy-link": self.copy_link,
            "copy-selection": self.copy_selection,
            "pipe": self.pipe,
        }
