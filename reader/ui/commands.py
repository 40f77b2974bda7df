"""The table of commands, the only place where a key of the app is written.

Bindings, the footer, the palette, the help screen, the README's table and remapping come from it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """The part of the screen where a key is valid; a pane's key comes first."""

    EVERYWHERE = "everywhere"
    LIST = "list"
    SEARCH = "search box"
    READER = "reader"
    HIGHLIGHTING = "highlighting"
    DETAILS = "details"
    TAGS = "tags and views"


@dataclass(frozen=True, slots=True)
class Command:
    """An action of the user. `keys` are separated by spaces; the first one is shown.

    `action` names the method that runs: of a controller (`entries.undo`), of the focused widget
    (`focused.move_cursor(1)`), of the text (`text.action_highlight_step(1)`) or of the open dialog
    (`screen.move(1)`). `short` is the footer's label, empty for commands that the footer
    never shows; `rank` orders the footer, lower first. `in_palette` is false for commands that only
    make sense as a key.
    """

    id: str
    title: str
    help: str
    keys: str
    scopes: tuple[Scope, ...]
    action: str
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
    Command("help", "Show all keys", "Show every key.", "? f1", _ALL, "navigation.help", "keys", 50),
    Command("palette", "Find a command", "Find a command by its name.", "ctrl+p", _ALL, "navigation.palette", "commands", in_palette=False),
    Command("tags-pane", "Go to tags and views", "Go to the tags and views.", "1", _ALL, "panes.focus_sidebar", "tags", 45),
    Command("list-pane", "Go to list", "Go to the list.", "2", _ALL, "panes.focus_list"),
    Command("reader-pane", "Go to text", "Go to the text.", "3", _ALL, "panes.focus_article"),
    Command("next-pane", "Go to next pane", "Go to the next pane.", "tab", _ALL, "panes.step(1)", in_palette=False),
    Command("previous-pane", "Go to previous pane", "Go to the previous pane.", "shift+tab", _ALL, "panes.step(-1)", in_palette=False),
    Command("wider-pane", "Widen the pane", "Make the focused pane wider.", "}", _ALL, "panes.widen(2)"),
    Command("narrower-pane", "Narrow the pane", "Make the focused pane narrower.", "{", _ALL, "panes.widen(-2)"),
    Command("search", "Search", "Filter the list as you type.", "/", _ALL, "search.search", "search", 28),
    Command("add", "Add articles", "Add addresses, files, folders or exports.", "a", _ALL, "add.add", "add", 29),
    Command("import", "Import from another program", "Import the export file of another program.", "", _ALL, "add.import_file"),
    Command("last-import", "Show the last import", "Show what the last import brought, and the rows that failed.", "", _ALL, "add.show_last_import"),
    Command("export", "Export articles", "Export the selected articles, or those of the list, to a file.", "", _ALL, "export.ask"),
    Command("sync", "Sync now", "Synchronise with the remote storage.", "", _ALL, "app.sync"),
    Command("settings", "Change settings and keys", "Show where settings and keys are changed.", "", _ALL, "navigation.settings"),
    Command("change-key", "Change a key", "Give a command another key.", "", _ALL, "key_changes.ask"),
    Command("undo", "Undo", "Undo your latest change.", "u", _ALL, "entries.undo"),
    Command("focus-mode", "Toggle focus mode", "Hide or show the other panes.", "z", _ALL, "panes.toggle_focus_mode"),
    Command("theme", "Choose a theme", "Choose a theme.", "T", _ALL, "appearance.choose_theme"),
    Command("cancel", "Stop task", "Stop the running task.", "ctrl+x", _ALL, "jobs.stop"),
    Command("highlights", "Open the notebook of highlights", "Read, search, edit and export the highlights of the listed articles.", "H", _ALL, "annotations.show_all"),
    Command("copy-selection", "Copy selection", "Copy the text selected with the mouse.", "ctrl+c", _ALL, "external.copy_selection"),
    Command("suspend", "Suspend", "Suspend the app; `fg` resumes it.", "ctrl+z", _ALL, "app.suspend"),
    Command("suggest", "Suggest what to read", "Suggest what to read now.", "W", _ALL, "discovery.suggest"),
    Command("review", "Review highlights", "Review due highlights.", "C", _ALL, "discovery.review"),
    Command("statistics", "Show statistics", "Show what was saved and read.", "I", _ALL, "discovery.statistics"),
    Command("duplicates", "Find duplicates", "Find and merge articles with nearly the same text.", "D", _ALL, "discovery.find_duplicates"),
    Command("similar-tags", "Find similar tags", "Find and merge tags that mean the same.", "K", _ALL, "discovery.similar_tags"),
    Command("rules", "Apply rules", "Preview and apply your rules.", "!", _ALL, "discovery.rules"),
    Command("back", "Back", "Close, clear, or go back.", "escape", _ALL, "panes.back", in_palette=False),
    Command("quit", "Back, then quit", "Go back; in the list, quit.", "q", _ALL, "app.quit", "quit", 60),
    # List.
    Command("list-down", "Down", "Next row.", "j down", _LIST, "focused.move_cursor(1)", in_palette=False),
    Command("list-up", "Up", "Previous row.", "k up", _LIST, "focused.move_cursor(-1)", in_palette=False),
    Command("list-top", "First row", "First row.", "g home", _LIST, "focused.go_to(0)", in_palette=False),
    Command("list-bottom", "Last row", "Last row.", "G end", _LIST, "focused.go_to_end", in_palette=False),
    Command("list-page-down", "Page down", "Half a page down.", "ctrl+d pagedown", _LIST, "focused.move_page(1)", in_palette=False),
    Command("list-page-up", "Page up", "Half a page up.", "ctrl+u pageup", _LIST, "focused.move_page(-1)", in_palette=False),
    Command("open", "Read", "Open the article under the cursor.", "enter l right", _LIST, "entries.open", "read", 10),
    Command("to-tags", "To the tags", "Go to the tags and views.", "h left", _LIST, "panes.focus_sidebar", in_palette=False),
    Command("select", "Toggle selection", "Select or deselect the row.", "space", _LIST, "entry_list.toggle_selected"),
    Command("select-range", "Select a range", "Start or end a range at the cursor.", "V", _LIST, "entry_list.toggle_range"),
    Command("select-all", "Select all", "Select every row, or none.", "A", _LIST, "entry_list.select_all", "select all"),
    Command("next-unread", "Go to next unread", "Go to the next unread row.", "n", _LIST, "entry_list.next_unread"),
    Command("sort", "Sort the list", "Choose how the list is sorted.", "S", _LIST, "entry_list.choose_sort"),
    Command("row-height", "Change row height", "Three, two or one line for each row.", "x", _LIST, "appearance.next_row_height"),
    Command("fetch", "Fetch", "Download the page, now or again.", "F", _BOTH, "entries.fetch", "fetch"),
    Command("save-view", "Save filter as view", "Save the filter as a view.", "ctrl+s", (Scope.LIST, Scope.SEARCH), "tags.save_view", "save as view", 40),
    Command("restore", "Restore", "Restore from the trash.", "R", _LIST, "entries.restore", "restore"),
    Command("purge", "Delete permanently", "Delete permanently from the trash.", "P", _LIST, "entries.purge", "delete permanently"),
    Command("empty-trash", "Empty the trash", "Delete everything in the trash permanently.", "X", _LIST, "entries.empty_trash", "empty"),
    # Search box.
    Command("search-accept", "Accept filter", "Accept the suggestion, or go to the rows.", "enter", _SEARCH, "search.accept", "accept", 10, in_palette=False),
    Command("search-complete", "Accept suggestion", "Accept the first suggestion.", "tab", _SEARCH, "completion.accept", "complete", 20, in_palette=False),
    Command("search-down", "Next suggestion", "Next suggestion.", "down ctrl+n", _SEARCH, "completion.step(1)", "choose", 30, in_palette=False),
    Command("search-up", "Previous suggestion", "Previous suggestion.", "up", _SEARCH, "completion.step(-1)", in_palette=False),
    Command("search-leave", "Clear filter", "Clear the filter.", "escape", _SEARCH, "search.leave", "clear", 50, in_palette=False),
    # List and reader.
    Command("toggle-read", "Toggle read", "Mark as read or unread.", "r", _BOTH, "entries.toggle('finished')", "mark read", 30),
    Command("star", "Toggle star", "Add or remove the star.", "s", _BOTH, "entries.toggle('starred')", "star", 35),
    Command("archive", "Toggle archive", "Move to the archive, or back.", "e", _BOTH, "entries.toggle('archived')", "archive", 22),
    Command("tag", "Edit tags", "Add and remove tags.", "t", _BOTH, "entries.tag", "tag", 20),
    Command("delete", "Delete", "Move to the trash.", "d", _BOTH, "entries.delete", "delete", 70),
    Command("browser", "Open in browser", "Open the address in the browser.", "o", _BOTH, "external.browser"),
    Command("copy-link", "Copy link", "Copy the address.", "y", _BOTH, "external.copy_link"),
    Command("removed-text", "Show removed text", "Show what the article leaves out of its page, and why.", "", _BOTH, "navigation.removed_text"),
    Command("details", "Show details", "Show facts, summary and related articles.", "i", _BOTH, "navigation.details"),
    # Reader.
    Command("reader-down", "Scroll down", "One line down.", "j down", _READER, "focused.move_lines(1)", in_palette=False),
    Command("reader-up", "Scroll up", "One line up.", "k up", _READER, "focused.move_lines(-1)", in_palette=False),
    Command("reader-page-down", "Page down", "Page down.", "space pagedown", _READER, "focused.move_page(1)", "page down", 15, in_palette=False),
    Command("reader-page-up", "Page up", "Page up.", "b pageup", _READER, "focused.move_page(-1)", in_palette=False),
    Command("reader-half-down", "Half a page down", "Half a page down.", "ctrl+d", _READER, "focused.move_half(1)", in_palette=False),
    Command("reader-half-up", "Half a page up", "Half a page up.", "ctrl+u", _READER, "focused.move_half(-1)", in_palette=False),
    Command("reader-top", "Start of the text", "Start of the text.", "g home", _READER, "focused.go_top", in_palette=False),
    Command("reader-bottom", "End of the text", "End of the text.", "G end", _READER, "focused.go_end", in_palette=False),
    Command("to-list", "To the list", "Go back to the list.", "h left", _READER, "panes.focus_list", "list", 5),
    Command("find", "Find in text", "Find words in the text.", "/", _READER, "search.find", "find", 40),
    Command("find-next", "Next match", "Next match.", "n", _READER, "search.step_match(1)", in_palette=False),
    Command("find-previous", "Previous match", "Previous match.", "N", _READER, "search.step_match(-1)", in_palette=False),
    Command("follow", "Follow a link", "Follow a link by its letters; capitals save it.", "f", _READER, "external.hint_links"),
    Command("copy-address", "Copy a link", "Copy a link's address by its letters.", "Y", _READER, "external.hint_links('copy')"),
    Command("save-link", "Save a link", "Save a link's page to the library by its letters.", "A", _READER, "external.hint_links('save')"),
    Command("addresses", "Toggle addresses", "Show or hide the addresses of links.", "L", _READER, "external.show_addresses"),
    Command("highlight", "Highlight", "Highlight the mouse selection, or select text.", "v", _READER, "text.action_highlight", "highlight", 25),
    Command("note", "Write a note", "Write a note on the article.", "c", _READER, "annotations.edit_note"),
    Command("outline", "Show outline", "Go to a heading.", "O", _READER, "navigation.outline"),
    Command("wider", "Widen text", "Longer lines.", "+ =", _READER, "appearance.widen_text(4)"),
    Command("narrower", "Narrow text", "Shorter lines.", "-", _READER, "appearance.widen_text(-4)"),
    Command("previous", "Previous article", "Previous article of the list.", "[", _READER, "article.step(-1)"),
    Command("next", "Next article", "Next article of the list.", "]", _READER, "article.step(1)"),
    Command("jump-back", "Jump back", "Jump back to the previous position.", "backspace", _READER, "navigation.jump_back"),
    Command("percent", "Go to percentage", "Go to a percentage of the text.", "%", _READER, "navigation.percent"),
    Command("sideways", "Scroll table right", "Scroll a wide table right.", ">", _READER, "navigation.move_sideways(8)", in_palette=False),
    Command("sideways-back", "Scroll table left", "Scroll a wide table left.", "<", _READER, "navigation.move_sideways(-8)", in_palette=False),
    Command("speak", "Read aloud", "Read the text aloud from here, or stop.", "p", _READER, "read_along.toggle_speech"),
    Command("speak-next", "Next sentence", "Skip to the next sentence while reading aloud.", ".", _READER, "read_along.step(1)", in_palette=False),
    Command("speak-previous", "Previous sentence", "Go back a sentence while reading aloud.", ",", _READER, "read_along.step(-1)", in_palette=False),
    Command("speed-read", "Speed reading", "Show the text word by word from here.", "P", _READER, "read_along.speed_read"),
    Command("pipe", "Pipe to your command", "Pipe the article to your command.", "|", _READER, "external.pipe"),
    # Highlighting.
    Command("highlight-next", "Next unit", "Select the next paragraph, sentence or word.", "j down", _HIGHLIGHTING, "text.action_highlight_step(1)", in_palette=False),
    Command("highlight-previous", "Previous unit", "Select the previous paragraph, sentence or word.", "k up", _HIGHLIGHTING, "text.action_highlight_step(-1)", in_palette=False),
    Command("highlight-larger", "Larger unit", "Select by a larger unit.", "+ =", _HIGHLIGHTING, "text.action_highlight_unit(1)", in_palette=False),
    Command("highlight-smaller", "Smaller unit", "Select by a smaller unit.", "-", _HIGHLIGHTING, "text.action_highlight_unit(-1)", "smaller unit", 20, in_palette=False),
    Command("highlight-paragraph", "Paragraph", "Select by paragraph.", "p", _HIGHLIGHTING, "text.action_highlight_by('paragraph')", in_palette=False),
    Command("highlight-sentence", "Sentence", "Select by sentence.", "s", _HIGHLIGHTING, "text.action_highlight_by('sentence')", in_palette=False),
    Command("highlight-word", "Word", "Select by word.", "w", _HIGHLIGHTING, "text.action_highlight_by('word')", in_palette=False),
    Command("highlight-shorter", "Shrink", "Move the end back.", "h left", _HIGHLIGHTING, "text.action_highlight_end(-1)", in_palette=False),
    Command("highlight-longer", "Grow", "Move the end forward.", "l right", _HIGHLIGHTING, "text.action_highlight_end(1)", "grow", 25, in_palette=False),
    Command("highlight-other-end", "Other end", "Move the other end.", "o", _HIGHLIGHTING, "text.action_highlight_other_end", in_palette=False),
    Command("highlight-save", "Save highlight", "Save the highlight.", "enter", _HIGHLIGHTING, "text.action_highlight_keep", "save", 10, in_palette=False),
    Command("highlight-note", "Save with note", "Save the highlight with a note.", "c", _HIGHLIGHTING, "text.action_highlight_note", "note", 15, in_palette=False),
    Command("highlight-label", "Label", "Save the highlight with a label, or change its label.", "L", _HIGHLIGHTING, "text.action_highlight_label", "label", 18, in_palette=False),
    Command("highlight-yellow", "Yellow", "Save in yellow, or make the highlight yellow.", "1", _HIGHLIGHTING, "text.action_highlight_color('yellow')", in_palette=False),
    Command("highlight-green", "Green", "Save in green, or make the highlight green.", "2", _HIGHLIGHTING, "text.action_highlight_color('green')", in_palette=False),
    Command("highlight-blue", "Blue", "Save in blue, or make the highlight blue.", "3", _HIGHLIGHTING, "text.action_highlight_color('blue')", in_palette=False),
    Command("highlight-purple", "Purple", "Save in purple, or make the highlight purple.", "4", _HIGHLIGHTING, "text.action_highlight_color('purple')", in_palette=False),
    Command("highlight-pink", "Pink", "Save in pink, or make the highlight pink.", "5", _HIGHLIGHTING, "text.action_highlight_color('pink')", in_palette=False),
    Command("highlight-red", "Red", "Save in red, or make the highlight red.", "6", _HIGHLIGHTING, "text.action_highlight_color('red')", in_palette=False),
    Command("highlight-orange", "Orange", "Save in orange, or make the highlight orange.", "7", _HIGHLIGHTING, "text.action_highlight_color('orange')", in_palette=False),
    Command("highlight-copy", "Copy", "Copy the selected text.", "y", _HIGHLIGHTING, "text.action_highlight_copy", in_palette=False),
    Command("highlight-remove", "Remove highlight", "Remove the highlight.", "d", _HIGHLIGHTING, "text.action_highlight_remove", in_palette=False),
    Command("highlight-cancel", "Cancel", "Leave highlighting.", "escape q", _HIGHLIGHTING, "text.action_leave", "cancel", 30, in_palette=False),
    # Details.
    Command("details-down", "Down", "Next related article.", "j down", _DETAILS, "screen.move(1)", in_palette=False),
    Command("details-up", "Up", "Previous related article.", "k up", _DETAILS, "screen.move(-1)", in_palette=False),
    Command("details-open", "Open", "Open the related article.", "enter", _DETAILS, "screen.choose('open')", "open", 10, in_palette=False),
    Command("details-save", "Save", "Add the related article to the library.", "a", _DETAILS, "screen.choose('save')", "save", 20, in_palette=False),
    Command("details-stop", "Stop the summary", "Stop the command that writes the summary.", "ctrl+x", _DETAILS, "screen.stop_summary", in_palette=False),
    # Tags and views.
    Command("tags-down", "Down", "Next line.", "j down", _TAGS, "focused.move_cursor(1)", in_palette=False),
    Command("tags-up", "Up", "Previous line.", "k up", _TAGS, "focused.move_cursor(-1)", in_palette=False),
    Command("tags-top", "First line", "First line.", "g home", _TAGS, "focused.go_to_top", in_palette=False),
    Command("tags-bottom", "Last line", "Last line.", "G end", _TAGS, "focused.go_to_end", in_palette=False),
    Command("show-only", "Show only this", "Show only this view or tag.", "enter", _TAGS, "entry_list.show_only", "show", 10, in_palette=False),
    Command("include", "Require tag", "Require this tag.", "space", _TAGS, "entry_list.include", "require", 15, in_palette=False),
    Command("exclude", "Exclude tag", "Exclude this tag.", "-", _TAGS, "entry_list.exclude", "exclude", 20, in_palette=False),
    Command("unfold", "Unfold", "Show nested tags, or go to the list.", "l right", _TAGS, "panes.unfold", in_palette=False),
    Command("fold", "Fold", "Hide nested tags.", "h left", _TAGS, "focused.fold", in_palette=False),
    Command("rename-tag", "Rename tag or view", "Rename the tag or view.", "R", _TAGS, "tags.rename", "rename", 25),
    Command("merge-tag", "Merge tag", "Merge the tag into another.", "M", _TAGS, "tags.merge"),
    Command("delete-tag", "Delete tag or view", "Remove the tag from all articles, or delete the view.", "d", _TAGS, "tags.delete"),
)  # fmt: skip

BY_ID: Final = {command.id: command for command in COMMANDS}

FORMER_IDS: Final = {
    "last-pane": "previous-pane",
    "alone": "focus-mode",
    "to-read": "suggest",
    "doubles": "duplicates",
    "alike-tags": "similar-tags",
    "keep-view": "save-view",
    "search-keep": "search-accept",
    "find-before": "find-previous",
    "mark-next": "highlight-next",
    "mark-before": "highlight-previous",
    "mark-sentence": "highlight-sentence",
    "mark-word": "highlight-word",
    "mark-shorter": "highlight-shorter",
    "mark-longer": "highlight-longer",
    "mark-other-end": "highlight-other-end",
    "mark-keep": "highlight-save",
    "mark-note": "highlight-note",
    "mark-copy": "highlight-copy",
    "mark-remove": "highlight-remove",
    "mark-leave": "highlight-cancel",
    "only-this": "show-only",
}
"""Ids of earlier releases, which settings files may still name."""


def commands_in(scope: Scope) -> list[Command]:
    """Return the commands that are valid in the scope, in the table's order."""
    return [command for command in COMMANDS if scope in command.scopes]
