"""The one table of commands: every key of the app is written here and nowhere else.

Bindings, the footer, the palette, the help screen, the README's table and remapping come from it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """Where a key means this: a pane's key wins over one of everywhere."""

    EVERYWHERE = "everywhere"
    LIST = "list"
    SEARCH = "search box"
    READER = "reader"
    HIGHLIGHTING = "highlighting"
    DETAILS = "details"
    TAGS = "tags and views"


@dataclass(frozen=True, slots=True)
class Command:
    """A thing a person can do. `keys` are separated by spaces, the first one is shown.

    `short` is the footer's word, empty for what the footer never shows; `rank` orders the footer,
    lower first. `listed` says whether the palette offers it (moving a cursor is no command there).
    """

    id: str
    title: str
    help: str
    keys: str
    scopes: tuple[Scope, ...]
    short: str = ""
    rank: int = 99
    in_palette: bool = True

    @property
    def key(self) -> str:
        """The key that is shown."""
        return self.keys.split(" ")[0]


_ALL, _LIST, _READER = (Scope.EVERYWHERE,), (Scope.LIST,), (Scope.READER,)
_BOTH, _HIGHLIGHTING = (Scope.LIST, Scope.READER), (Scope.HIGHLIGHTING,)
_SEARCH = (Scope.SEARCH,)
_DETAILS, _TAGS = (Scope.DETAILS,), (Scope.TAGS,)

COMMANDS: Final[tuple[Command, ...]] = (
    # Everywhere.
    Command("help", "Keys", "Show every key.", "? f1", _ALL, "keys", 50),
    Command("palette", "Commands", "Find a command by its name.", "ctrl+p", _ALL, in_palette=False),
    Command("tags-pane", "Tags and views", "Go to the tags and views.", "1", _ALL, "tags", 45),
    Command("list-pane", "List", "Go to the list.", "2", _ALL),
    Command("reader-pane", "Text", "Go to the text.", "3", _ALL),
    Command("next-pane", "Next pane", "Go to the next pane.", "tab", _ALL, in_palette=False),
    Command("last-pane", "Pane before", "Go to the pane before.", "shift+tab", _ALL, in_palette=False),
    Command("search", "Search", "Filter the list as you type.", "/", _ALL, "search", 28),
    Command("add", "Add", "Save a web address or a file.", "a", _ALL, "add", 44),
    Command("undo", "Undo", "Take the last step back.", "u", _ALL),
    Command("alone", "Text alone", "Hide the other panes, or show them.", "z", _ALL),
    Command("theme", "Theme", "Change to the next theme.", "T", _ALL),
    Command("cancel", "Cancel the job", "Stop the running job.", "ctrl+x", _ALL),
    Command("highlights", "All highlights", "Highlights of the whole library.", "H", _ALL),
    Command("copy-selection", "Copy the selection", "Copy what the mouse selected.", "ctrl+c", _ALL),
    Command("suspend", "Suspend", "Go to the shell; `fg` comes back.", "ctrl+z", _ALL),
    Command("to-read", "What to read now", "What fits the minutes at hand, and what was forgotten.", "W", _ALL),
    Command("review", "Review highlights", "Be asked for highlights that are due.", "C", _ALL),
    Command("statistics", "Statistics", "What was saved and read.", "I", _ALL),
    Command("doubles", "Doubles", "Find articles with nearly the same text, and merge them.", "D", _ALL),
    Command("alike-tags", "Alike tags", "Find tags that mean the same, and merge them.", "K", _ALL),
    Command("rules", "Apply the rules", "Show what the rules would change, and do it.", "!", _ALL),
    Command("back", "Back", "Close, clear, or go back.", "escape", _ALL, in_palette=False),
    Command("quit", "Back, then quit", "Go back; from the list, leave.", "q", _ALL, "quit", 60),
    # List.
    Command("list-down", "Down", "Next row.", "j down", _LIST, in_palette=False),
    Command("list-up", "Up", "Row before.", "k up", _LIST, in_palette=False),
    Command("list-top", "First row", "First row.", "g home", _LIST, in_palette=False),
    Command("list-bottom", "Last row", "Last row.", "G end", _LIST, in_palette=False),
    Command("list-page-down", "Page down", "Half a page down.", "ctrl+d pagedown", _LIST, in_palette=False),
    Command("list-page-up", "Page up", "Half a page up.", "ctrl+u pageup", _LIST, in_palette=False),
    Command("open", "Read", "Open the article under the cursor.", "enter l right", _LIST, "read", 10),
    Command("to-tags", "To the tags", "Go to the tags and views.", "h left", _LIST, in_palette=False),
    Command("select", "Select", "Select the row, or let it go.", "space", _LIST),
    Command("select-range", "Select a range", "Select from here while moving.", "V", _LIST),
    Command("select-all", "Select all", "Select every row, or none.", "A", _LIST),
    Command("next-unread", "Next unread", "Go to the next unread row.", "n", _LIST),
    Command("sort", "Sort", "Change how the list is sorted.", "S", _LIST),
    Command("row-height", "Row height", "Three, two or one line for each row.", "x", _LIST),
    Command("fetch", "Fetch again", "Fetch the page again.", "F", _LIST),
    Command("keep-view", "Keep as a view", "Keep the filter as a view.", "ctrl+s", (Scope.LIST, Scope.SEARCH), "keep as a view", 40),
    Command("restore", "Restore", "Take it out of the trash.", "R", _LIST),
    # Search box.
    Command("search-keep", "Keep the filter", "Take what is chosen, or go to the rows.", "enter", _SEARCH, "keep", 10, in_palette=False),
    Command("search-complete", "Complete", "Complete the word with the first offer.", "tab", _SEARCH, "complete", 20, in_palette=False),
    Command("search-down", "Next offer", "Choose the next offer.", "down ctrl+n", _SEARCH, "choose", 30, in_palette=False),
    Command("search-up", "Offer before", "Choose the offer before.", "up", _SEARCH, in_palette=False),
    Command("search-leave", "Clear the filter", "Clear the filter.", "escape", _SEARCH, "clear", 50, in_palette=False),
    # List and reader.
    Command("toggle-read", "Read or unread", "Mark read, or unread again.", "r", _BOTH, "mark read", 30),
    Command("star", "Star", "Star it, or take the star away.", "s", _BOTH, "star", 35),
    Command("archive", "Archive", "Move to the archive, or back.", "e", _BOTH, "archive", 22),
    Command("tag", "Tag", "Change the tags.", "t", _BOTH, "tag", 20),
    Command("delete", "Delete", "Put it in the trash.", "d", _BOTH),
    Command("browser", "Open in the browser", "Open the address in the browser.", "o", _BOTH),
    Command("copy-link", "Copy link", "Copy the address.", "y", _BOTH),
    # Reader.
    Command("reader-down", "Scroll down", "One line down.", "j down", _READER, in_palette=False),
    Command("reader-up", "Scroll up", "One line up.", "k up", _READER, in_palette=False),
    Command("reader-page-down", "Page down", "One screen on.", "space pagedown", _READER, "on", 15, in_palette=False),
    Command("reader-page-up", "Page up", "One screen back.", "b pageup", _READER, in_palette=False),
    Command("reader-half-down", "Half a page down", "Half a screen on.", "ctrl+d", _READER, in_palette=False),
    Command("reader-half-up", "Half a page up", "Half a screen back.", "ctrl+u", _READER, in_palette=False),
    Command("reader-top", "Start of the text", "Start of the text.", "g home", _READER, in_palette=False),
    Command("reader-bottom", "End of the text", "End of the text.", "G end", _READER, in_palette=False),
    Command("to-list", "To the list", "Go back to the list.", "h left", _READER, "list", 5),
    Command("find", "Find in the text", "Find words in this text.", "/", _READER, "find", 40),
    Command("find-next", "Next match", "Next match.", "n", _READER, in_palette=False),
    Command("find-before", "Match before", "Match before.", "N", _READER, in_palette=False),
    Command("follow", "Follow a link", "Follow a link by its letters; capitals save it.", "f", _READER),
    Command("copy-address", "Copy a link", "Copy a link's address by its letters.", "Y", _READER),
    Command("save-link", "Save a link", "Save a link's page to the library by its letters.", "A", _READER),
    Command("addresses", "Addresses", "Show where links lead, or hide it.", "L", _READER),
    Command("highlight", "Highlight", "Choose words to keep.", "v", _READER, "highlight", 25),
    Command("note", "Note", "Write a note on the article.", "c", _READER),
    Command("outline", "Outline", "Go to a heading.", "O", _READER),
    Command("details", "Details", "What is known of it, summary, related.", "i", _BOTH),
    Command("wider", "Wider text", "Wider lines.", "+ =", _READER),
    Command("narrower", "Narrower text", "Narrower lines.", "-", _READER),
    Command("previous", "Previous article", "Open the one before in the list.", "[", _READER),
    Command("next", "Next article", "Open the next one in the list.", "]", _READER),
    Command("jump-back", "Back in the text", "Back to where one was.", "backspace", _READER),
    Command("percent", "Go to a percentage", "Go to a percentage of the text.", "%", _READER),
    Command("sideways", "Table right", "Move a wide table on.", ">", _READER, in_palette=False),
    Command("sideways-back", "Table left", "Move a wide table back.", "<", _READER, in_palette=False),
    Command("pipe", "Pipe", "Hand the text to the command of the settings.", "|", _READER),
    # Highlighting.
    Command("mark-next", "Next paragraph", "Next paragraph.", "j down", _HIGHLIGHTING, in_palette=False),
    Command("mark-before", "Paragraph before", "Paragraph before.", "k up", _HIGHLIGHTING, in_palette=False),
    Command("mark-sentence", "Sentence", "By sentences.", "s", _HIGHLIGHTING, "sentence", 20, in_palette=False),
    Command("mark-word", "Word", "By words.", "w", _HIGHLIGHTING, "word", 25, in_palette=False),
    Command("mark-shorter", "End back", "Move the end back.", "h left", _HIGHLIGHTING, in_palette=False),
    Command("mark-longer", "End on", "Move the end on.", "l right", _HIGHLIGHTING, in_palette=False),
    Command("mark-other-end", "Other end", "Move the other end.", "o", _HIGHLIGHTING, in_palette=False),
    Command("mark-keep", "Keep", "Keep the highlight.", "enter", _HIGHLIGHTING, "keep", 10, in_palette=False),
    Command("mark-note", "Keep with a note", "Keep it and write a note.", "c", _HIGHLIGHTING, "note", 15, in_palette=False),
    Command("mark-copy", "Copy", "Copy the words.", "y", _HIGHLIGHTING, in_palette=False),
    Command("mark-remove", "Remove", "Remove the highlight.", "d", _HIGHLIGHTING, in_palette=False),
    Command("mark-leave", "Leave", "Leave highlighting.", "escape q", _HIGHLIGHTING, "leave", 30, in_palette=False),
    # Details.
    Command("details-down", "Down", "Next related article.", "j down", _DETAILS, in_palette=False),
    Command("details-up", "Up", "Related article before.", "k up", _DETAILS, in_palette=False),
    Command("details-open", "Open", "Open it.", "enter", _DETAILS, "open", 10, in_palette=False),
    Command("details-save", "Save", "Save it to the library.", "a", _DETAILS, "save", 20, in_palette=False),
    Command("details-stop", "Stop the summary", "Stop the command that makes the summary.", "ctrl+x", _DETAILS, in_palette=False),
    # Tags and views.
    Command("tags-down", "Down", "Next line.", "j down", _TAGS, in_palette=False),
    Command("tags-up", "Up", "Line before.", "k up", _TAGS, in_palette=False),
    Command("tags-top", "First line", "First line.", "g home", _TAGS, in_palette=False),
    Command("tags-bottom", "Last line", "Last line.", "G end", _TAGS, in_palette=False),
    Command("only-this", "Only this", "Show this view or tag alone.", "enter", _TAGS, "only this", 10, in_palette=False),
    Command("include", "Add to the choice", "Also ask for this tag.", "space", _TAGS, "add", 15, in_palette=False),
    Command("exclude", "Exclude", "Leave out what has this tag.", "-", _TAGS, "exclude", 20, in_palette=False),
    Command("unfold", "Unfold", "Show the tags beneath, or go on to the list.", "l right", _TAGS, in_palette=False),
    Command("fold", "Fold", "Hide the tags beneath.", "h left", _TAGS, in_palette=False),
    Command("rename-tag", "Rename tag", "Give the tag or view another name.", "R", _TAGS, "rename", 30),
    Command("merge-tag", "Merge tag", "Merge the tag into another.", "M", _TAGS),
    Command("delete-tag", "Delete tag", "Take the tag off everything.", "d", _TAGS),
)  # fmt: skip

BY_ID: Final = {command.id: command for command in COMMANDS}


def commands_in(scope: Scope) -> list[Command]:
    """The commands whose keys hold there, in the table's order."""
    return [command for command in COMMANDS if scope in command.scopes]
