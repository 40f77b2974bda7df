"""Placeholder of an empty list: the reason, and the key that fills it."""

from textual.content import Content
from textual.widgets import Static

from reader.ui.plain_content import plain_content


class EmptyState(Static):
    """Two dim lines in the middle of a pane."""

    _shown: tuple[str, str, str] = ("", "", "")

    def show_message(self, words: str, key: str, does: str) -> None:
        """Show why the list is empty, the key that helps, and its effect."""
        if (words, key, does) == self._shown:
            return
        self._shown = words, key, does
        lines = [plain_content(words)]
        if key:
            lines.append(Content.styled(key, "bold") + Content("  ") + plain_content(does.lower()))
        self.update(Content("\n").join(lines))
