"""The commands and their options: one table for parsing, help, completion and the README."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One `--name`; `value` names what follows it, empty for a switch. `many` may be repeated.

    `choices` are all that the value may be, or what begins it.
    """

    name: str
    help: str
    value: str = ""
    is_repeatable: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `words` shows its plain words in usage, `module` runs it.

    The module is `reader.cli.<module>` and has a function named like the command, with `_` for
    anything that Python has its own use for (see `reader.cli.main`).
    """

    name: str
    words: str
    help: str
    module: str
    options: tuple[Option, ...] = ()
    word_count: tuple[int, int | None] = (0, None)
    """Fewest and most plain words; `None` for no end."""
    choices: tuple[str, ...] = ()
    """What its first plain word may be, where that is one of a few."""


JSON = Option("--json", "print JSON")
YES = Option("--yes", "do not ask")
QUERY = Option("--query", "every article that QUERY finds, instead of ids", "QUERY")
SORT_KEYS = (
    *("added", "published", "title", "words", "minutes", "left"),
    *("progress", "random", "relevance"),
)
IMPORT_FORMATS = (
    *("reader", "pocket", "pocket-html", "instapaper", "omnivore", "wallabag", "karakeep"),
    *("raindrop", "readwise", "matter", "readeck", "pinboard", "safari", "netscape"),
    *("table", "list"),
)
EXPORT_FORMATS = ("json", "markdown", "epub", "html", "netscape", "csv")
SORT = Option("--sort", "order, best first; `-KEY` reverses", "KEY", choices=SORT_KEYS)
LIMIT = Option("--limit", "at most N rows", "N")
URL = Option("--url", "the address the page comes from", "URL")
PRIVATE = Option("--allow-private", "the typed address may be private or loopback")

COMMANDS: tuple[Command, ...] = (
    Command(
        "add",
        "SOURCE…",
        "save pages: addresses, files, folders, or - for standard input",
        "add",
        (
            Option("--tag", "tag what is saved; may be repeated", "TAG", is_repeatable=True),
            URL,
            Option("--title", "a title instead of the page's", "TITLE"),
            Option("--later", "only queue the address; `reader fetch` gets it"),
            PRIVATE,
            JSON,
        ),
        (1, None),
    ),
    Command(
        "extract",
        "SOURCE",
        "print a page's article as Markdown; nothing is saved",
        "add",
        (URL, PRIVATE, Option("--timings", "print what each stage took, in milliseconds"), JSON),
        (1, 1),
    ),
    Command("list", "[QUERY]", "list articles", "list", (SORT, LIMIT, JSON)),
    Command(
        "search",
        "QUERY",
        "find articles by their text, best first, with snippets",
        "list",
        (SORT, LIMIT, JSON),
        (1, None),
    ),
    Command(
        "show",
        "ID",
        "print an article",
        "show",
        (
            Option("--original", "the page as it was fetched"),
            Option("--summary", "its key sentences and phrases"),
            JSON,
        ),
        (1, 1),
    ),
    Command("open", "ID", "open an article's address in the browser", "show", (), (1, 1)),
    Command(
        "mark",
        "ID…",
        "change what articles are",
        "edit",
        (
            Option("--read", "finished"),
            Option("--unread", "not begun"),
            Option("--star", "starred"),
            Option("--unstar", "not starred"),
            Option("--archive", "archived"),
            Option("--unarchive", "not archived"),
            QUERY,
            YES,
            JSON,
        ),
    ),
    Command("tag", "ID… +new -old", "add and remove tags", "edit", (QUERY, YES, JSON), (1, None)),
    Command(
        "tags",
        "[rename OLD NEW | merge OLD… INTO NEW | delete TAG | alike]",
        "list tags, change one everywhere, or list those that probably mean the same",
        "edit",
        (YES, JSON),
        choices=("rename", "merge", "delete", "alike"),
    ),
    Command("rm", "ID…", "put articles in the trash", "edit", (QUERY, YES, JSON)),
    Command("restore", "ID…", "take articles out of the trash", "edit", (JSON,), (1, None)),
    Command(
        "trash",
        "",
        "list what is in the trash, or empty it for good",
        "edit",
        (Option("--empty", "delete what is in the trash for good"), YES, JSON),
        (0, 0),
    ),
    Command("undo", "", "take the last change back", "edit", (JSON,), (0, 0)),
    Command(
        "fetch",
        "[QUERY]",
        "get the text of queued links",
        "fetch",
        (
            Option("--retry", "try failed ones again"),
            Option("--wayback", "get failed ones as the Wayback Machine kept them"),
            LIMIT,
            JSON,
        ),
    ),
    Command(
        "import",
        "FILE",
        "bring in what another program exported",
        "transfer",
        (
            Option(
                "--format",
                "the file's format; recognised where not given",
                "F",
                choices=IMPORT_FORMATS,
            ),
            Option("--dry-run", "only say what would come"),
            JSON,
        ),
        (1, None),
    ),
    Command(
        "export",
        "[QUERY]",
        "write articles for other programs",
        "transfer",
        (
            Option("--format", "what to write", "F", choices=EXPORT_FORMATS),
            Option("--to", "the file or folder to write", "PATH"),
            Option("--with-files", "json: pages and images too, as a zip"),
            JSON,
        ),
    ),
    Command("highlights", "[QUERY]", "list highlights and notes", "show", (JSON,)),
    Command("related", "ID", "the articles most like one", "show", (LIMIT, JSON), (1, 1)),
    Command("digest", "[QUERY]", "what to read next, as Markdown", "show", (LIMIT, JSON)),
    Command(
        "next",
        "[QUERY]",
        "what to read now: what fits the time at hand, by chance, or long forgotten",
        "discovery",
        (
            Option(
                "--minutes", "at most so many minutes left, at your own speed; 15 unless said", "N"
            ),
            Option("--random", "one drawn by lot"),
            Option("--forgotten", "starred, tagged or noted long ago and never finished"),
            LIMIT,
            JSON,
        ),
    ),
    Command(
        "review",
        "",
        "be asked for highlights, at intervals by how well you remember them",
        "discovery",
        (LIMIT, JSON),
        (0, 0),
    ),
    Command(
        "doubles",
        "[QUERY]",
        "list articles with nearly the same text",
        "discovery",
        (
            Option("--merge", "keep the one most worked on, with what you gave the others"),
            YES,
            JSON,
        ),
    ),
    Command("stats", "", "what was saved and read", "show", (JSON,), (0, 0)),
    Command(
        "rules",
        "",
        "apply the rules of the settings to the whole library",
        "edit",
        (YES, JSON),
        (0, 0),
    ),
    Command(
        "doctor",
        "",
        "check the library; with --repair, mend it",
        "admin",
        (
            Option("--repair", "mend what can be mended, after a backup"),
            Option("--restore", "put a backup of the journals back", "FILE"),
            JSON,
        ),
        (0, 0),
    ),
    Command(
        "config",
        "[path|show]",
        "where the settings are, and what they say",
        "admin",
        (JSON,),
        (0, 1),
        ("path", "show"),
    ),
    Command(
        "completion",
        "SHELL",
        "a completion script for bash, zsh or fish",
        "admin",
        (),
        (1, 1),
        ("bash", "zsh", "fish"),
    ),
)


def find_command(name: str) -> Command:
    """The command of that name; it must exist."""
    return next(row for row in COMMANDS if row.name == name)


def command_names() -> tuple[str, ...]:
    """All commands, in the order of help."""
    return tuple(row.name for row in COMMANDS)


def all_options() -> dict[str, bool]:
    """Every option of every command, and whether it takes a value."""
    return {option.name: bool(option.value) for row in COMMANDS for option in row.options}
