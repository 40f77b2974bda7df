"""Dialogs that show something and lead there: details, outline, help, palette."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from reader.model.article import RemovedText
from reader.model.entry import Entry, EntryId
from reader.model.text import one_line
from reader.services.views import View
from reader.ui.backend import ArticleDetails
from reader.ui.commands import COMMANDS
from reader.ui.controllers.context import UIContext
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.details import DetailsChoice, DetailsDialog
from reader.ui.dialogs.help import HelpDialog
from reader.ui.dialogs.picker import PickerDialog, Row
from reader.ui.dialogs.prompt import PromptDialog
from reader.ui.messages import CopyText, FollowLink, LinkUse

SETTINGS_HELP: Final = """
The next start reads the file; without one the defaults apply.
Keys are in its table [keys]: star = "S"
"Change a key" in the list of commands writes it for you.
The look: theme, rows, measure and more in [look]

reader config keys   names and keys of all commands
reader config show   settings in effect, and invalid ones"""
MAX_PROBLEMS: Final = 3
"""Invalid settings listed there; `reader config` lists all."""


class NavigationController:
    """Opens dialogs to look things up, and goes where they lead."""

    def __init__(
        self,
        context: UIContext,
        show_view: Callable[[View], None],
        show_tag: Callable[[str], None],
        stop_job: Callable[[], None],
    ):
        self._context = context
        self._show_view = show_view
        self._show_tag = show_tag
        self._stop_job = stop_job

    def details(self) -> None:
        """Show facts, summary and related articles."""
        entry = self._context.require_entry()
        if entry is not None:
            self._context.load_dialog(
                "details",
                lambda: self._context.backend.article_details(entry.id),
                lambda details: self._show(entry.id, details),
            )

    def _show(self, entry_id: EntryId, details: ArticleDetails) -> None:
        asks = bool(self._context.settings.commands.summary and details.summary)
        dialog = DetailsDialog(details, self._context.keys, self._stop_job if asks else None)
        self._context.prompt(dialog, self._go)
        if asks:
            backend = self._context.backend
            self._context.start_job(
                "summarising",
                lambda job: backend.summarise(entry_id, job.cancelled),
                dialog.show_summary,
            )

    def _go(self, chosen: DetailsChoice) -> None:
        what, item = chosen
        if isinstance(item, Entry):
            if what == "open":
                self._context.open_entry(item)
        elif item.url is None:
            self._context.notify_info("The page gives no address for this article.")
        else:
            use = LinkUse.OPEN if what == "open" else LinkUse.SAVE
            self._context.screen.post_message(FollowLink(item.url, item.title, use))

    def outline(self) -> None:
        """Show the headings, and scroll to the chosen one."""
        headings = self._context.article.outline()
        rows = [Row(heading.text, heading.block, depth=heading.level - 1) for heading in headings]
        dialog = PickerDialog("Outline", rows, empty="This text has no headings.")
        self._context.prompt(dialog, lambda block: self._context.article.scroll_to_text(block))

    def removed_text(self) -> None:
        """Show what the article leaves out of its page, with the rule for each text."""
        entry = self._context.require_entry()
        if entry is not None:
            self._context.load_dialog(
                "removed text",
                lambda: self._context.backend.removed_text(entry.id),
                self._show_removed,
            )

    def _show_removed(self, removed: Sequence[RemovedText]) -> None:
        rows = [Row(one.text, None, one.rule) for one in removed]
        empty = "No visible text was removed from this article."
        dialog = PickerDialog("Removed text", rows, answer="close", empty=empty)
        self._context.prompt(dialog, lambda _: None)

    def percent(self) -> None:
        """Ask for a percentage of the text, and scroll there."""
        dialog = PromptDialog("Go to", placeholder="percent, 0 to 100", answer="go")
        self._context.prompt(dialog, self._go_to)

    def _go_to(self, words: str) -> None:
        try:
            self._context.article.scroll_to_percent(float(words.strip(" %")))
        except ValueError:
            self._context.notify_error(f"{words} is not a percentage")

    def jump_back(self) -> None:
        """Return to the start of the last jump in the text."""
        if not self._context.article.action_go_back():
            self._context.notify_info("No earlier position.")

    def move_sideways(self, cells: int) -> None:
        """Scroll the wide tables on the screen."""
        if not self._context.article.action_move_sideways(cells):
            self._context.notify_info("No wide table on screen.")

    def help(self) -> None:
        """Show every key, those of the focused pane first."""
        self._context.prompt(HelpDialog(self._context.keys, self._context.scope), lambda _: None)

    def settings(self) -> None:
        """Show the file of settings and keys with its faults, and copy its path."""
        settings = self._context.settings
        path = str(settings.path or "config.toml")
        problems = "".join(f"\n{one_line(each, 200)}" for each in settings.problems[:MAX_PROBLEMS])
        text = f"{one_line(path, 200)}\n{SETTINGS_HELP}" + (f"\n{problems}" if problems else "")
        dialog = ConfirmDialog("Settings and keys", text, "copy the path")

        def copy_path(_answer: bool) -> None:
            self._context.screen.post_message(CopyText(path))

        self._context.prompt(dialog, copy_path)

    def palette(self) -> None:
        """Show every command, view and tag by name, and run or show the chosen one."""
        key = self._context.keys.key
        rows: list[Row[Callable[[], Any]]] = [
            Row(
                command.title,
                partial(self._context.run, command.id),
                key(command.id),
                words=command.help,
            )
            for command in COMMANDS
            if command.in_palette
        ]
        for view in self._context.state.views:
            show = partial(self._show_view, view)
            rows.append(Row(f"Go to {view.name}", show, "view", name=view.name))
        for tag, count in self._context.state.counts.tags:
            show = partial(self._show_tag, tag)
            rows.append(Row(f"Go to #{tag}", show, f"{count:,}", name=tag))
        self._context.prompt(PickerDialog("Commands", rows, answer="run"), lambda act: act())
