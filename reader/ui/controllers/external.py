"""Other programs: addresses to the browser, text to the clipboard or to a command."""

from collections.abc import Callable

from reader.model.text import clean, one_line
from reader.ui.controllers.context import UIContext
from reader.ui.messages import FollowLink, LinkUse
from reader.ui.widgets.status_line import StatusMessage


class ExternalController:
    """Opens, copies and pipes; `clip` writes to the terminal's own clipboard."""

    def __init__(
        self,
        context: UIContext,
        save_link: Callable[[str], None],
        clip: Callable[[str], None],
    ):
        self._context = context
        self._save_link = save_link
        self._clip = clip

    def browser(self) -> None:
        """Open the address of the article."""
        self._use_address(self.open)

    def open(self, url: str) -> None:
        """Open an address in the browser."""
        backend = self._context.backend
        self._context.tasks.run_latest(
            f"open {url}",
            lambda: backend.open_in_browser(url),
            lambda _: self._context.notify_info(f"Opened {one_line(url, 80)}"),
        )

    def copy_link(self) -> None:
        self._use_address(self.copy)

    def _use_address(self, use: Callable[[str], None]) -> None:
        entry = self._context.require_entry()
        if entry is not None and entry.url:
            use(entry.url)
        elif entry is not None:
            self._context.notify_info("This article has no address.")

    def copy(self, text: str) -> None:
        """Copy text by the terminal, and by the platform's program if there is one."""
        tidy = clean(text)
        self._clip(tidy)
        self._context.tasks.run_latest(
            "copy", lambda: self._context.backend.copy_to_clipboard(tidy), lambda _: None
        )
        self._context.notify_info(f"Copied {one_line(tidy, 60)}")

    def copy_selection(self) -> None:
        """Copy the text selected with the mouse; without any, say how to quit."""
        selected = self._context.screen.get_selected_text()
        if selected:
            self.copy(selected)
        else:
            key = self._context.keys.key("quit")
            self._context.show_message(
                StatusMessage("Nothing is selected with the mouse.", key, "quits")
            )

    def follow(self, link: FollowLink) -> None:
        """Open, copy or save a link."""
        if link.use is LinkUse.SAVE:
            self._save_link(link.url)
        elif link.use is LinkUse.COPY:
            self.copy(link.url)
        else:
            self.open(link.url)

    def pipe(self) -> None:
        """Pipe the article to the configured command."""
        entry = self._context.require_entry()
        if entry is None:
            return
        command = self._context.settings.commands.pipe

        def show(answer: str) -> None:
            self._context.notify_info(answer or f"Piped to {command[0]}")

        self._context.tasks.run_latest(
            "pipe", lambda: self._context.backend.pipe(entry.id, command), show
        )

    def hint_links(self, use: str = "open") -> None:
        """Show letters on the links of the screen, to open, copy or save one."""
        if not self._context.article.action_hint_links(use):
            self._context.notify_info("No links on screen.")

    def show_addresses(self) -> None:
        """Show the addresses of the links on the screen, or hide them."""
        if not self._context.article.action_show_addresses():
            self._context.notify_info("No links on screen.")
