"""What leaves the app: an address to the browser, text to the clipboard or to a command."""

from collections.abc import Callable
from typing import Any

from reader.model.errors import ReaderError
from reader.model.text import clean, one_line
from reader.ui.controllers.context import Stage
from reader.ui.controllers.entries import Acting
from reader.ui.messages import FollowLink, LinkUse
from reader.ui.widgets.status_line import Note


class Leaving:
    """Opens, copies and pipes; `clip` puts text on the terminal's own clipboard."""

    def __init__(self, stage: Stage, acting: Acting, clip: Callable[[str], None]):
        self._stage = stage
        self._acting = acting
        self._clip = clip

    def browser(self) -> None:
        """Open the address of the article that is meant."""
        entry = self._acting.entry
        if entry is None or not entry.url:
            self._stage.note(Note("This one has no address."))
        else:
            self.open(entry.url)

    def open(self, url: str) -> None:
        """Open an address outside."""
        desk = self._stage.desk
        self._stage.errands.ask(
            f"open {url}", lambda: desk.open_outside(url), lambda _: self._opened(url)
        )

    def _opened(self, url: str) -> None:
        self._stage.note(Note(f"Opened {one_line(url, 80)}"))

    def copy_link(self) -> None:
        entry = self._acting.entry
        if entry is None or not entry.url:
            self._stage.note(Note("This one has no address."))
        else:
            self.copy(entry.url)

    def copy(self, text: str) -> None:
        """Copy by the terminal, and by the platform's program where there is one."""
        tidy = clean(text)
        self._clip(tidy)
        self._stage.errands.ask("copy", lambda: self._stage.desk.copy_outside(tidy), lambda _: None)
        self._stage.note(Note(f"Copied {one_line(tidy, 60)}"))

    def copy_selection(self) -> None:
        """Copy what was selected with the mouse; without it, say how to leave."""
        selected = self._stage.screen.get_selected_text()
        if selected:
            self.copy(selected)
        else:
            key = self._stage.keyring.key("quit")
            self._stage.note(Note("Nothing is selected with the mouse.", key, "leaves"))

    def follow(self, link: FollowLink) -> None:
        """Do with a link what was asked."""
        if link.use is LinkUse.SAVE:
            self._acting.save(link.url)
        elif link.use is LinkUse.COPY:
            self.copy(link.url)
        else:
            self.open(link.url)

    def pipe(self) -> None:
        """Hand the article to the command of the settings."""
        entry = self._acting.entry
        if entry is None:
            return
        command = self._stage.settings.commands.pipe

        def told(answer: str) -> None:
            self._stage.note(Note(answer or f"Handed to {command[0]}"))

        self._stage.errands.ask(
            "pipe", lambda: self._stage.desk.pipe(entry.id, command), told, self._failed
        )

    def _failed(self, error: ReaderError) -> None:
        self._stage.wrong(str(error))

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "browser": self.browser,
            "copy-link": self.copy_link,
            "copy-selection": self.copy_selection,
            "pipe": self.pipe,
        }
