"""The table of commands and options, for parsing, help, completion and the README."""

from collections.abc import Mapping
from typing import NamedTuple


class Option(NamedTuple):
    """One `--name`; `value` names its value, empty for a switch.

    `choices` are the possible values, or their beginnings.
    """

    name: str
    help: str
    value: str = ""
    is_repeatable: bool = False
    choices: tuple[str, ...] = ()


class Command(NamedTuple):
    """One command: `words` shows its plain words in usage, `module` runs it.

    The module is `reader.cli.<module>`, with a function `run_<name>`.
    """

    name: str
    words: str
    help: str
    module: str
    options: tuple[Option, ...] = ()
    word_count: tuple[int, int | None] = (0, None)
    """Minimum and maximum number of plain words; None for no maximum."""
    choices: tuple[str, ...] = ()
    """Possible first plain words, if they are limited."""


JSON = Option("--json", "print JSON")
YES = Option("--yes", "do not ask")
QUERY = Option("--query", "all articles that QUERY finds, instead of ids", "QUERY")
SORT_KEYS = (
    *("added", "published", "title", "words", "minutes", "left"),
    *("progress", "random", "relevance"),
)
IMPORT_FORMATS = (
    *("reader", "pocket", "pocket-html", "instapaper", "omnivore", "wallabag", "karakeep"),
    *("raindrop", "readwise", "matter", "readeck", "linkwarden", "goodlinks"),
    *("readwise-highlights", "kindle", "pinboard", "safari", "netscape"),
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
            Option("--tag", "add a tag; may be repeated", "TAG", is_repeatable=True),
            URL,
            Option("--title", "use this title instead of the page's", "TITLE"),
            Option("--later", "only queue the address; `reader fetch` downloads it"),
            PRIVATE,
            Option("--yes", "do not ask before adding a large folder"),
            JSON,
        ),
        (1, None),
    ),
    Command(
        "extract",
        "SOURCE",
        "print a page's article as Markdown; nothing is saved",
        "add",
        (
            URL,
            PRIVATE,
            Option(
                "--explain", "print the text that was removed inside the article, with the rule"
            ),
            Option("--timings", "print the time of each stage, in milliseconds"),
            JSON,
        ),
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
            Option("--original", "print the page as it was fetched"),
            Option("--summary", "print key sentences and phrases"),
            JSON,
        ),
        (1, 1),
    ),
    Command("open", "ID", "open an article's address in the browser", "show", (), (1, 1)),
    Command(
        "mark",
        "ID…",
        "mark articles as read, starred or archived",
        "edit",
        (
            Option("--read", "mark as read"),
            Option("--unread", "mark as unread"),
            Option("--star", "add the star"),
            Option("--unstar", "remove the star"),
            Option("--archive", "move to the archive"),
            Option("--unarchive", "move out of the archive"),
            QUERY,
            YES,
            JSON,
        ),
    ),
    Command("tag", "ID… +new -old", "add and remove tags", "edit", (QUERY, YES, JSON), (1, None)),
    Command(
        "tags",
        "[rename OLD NEW | merge OLD… INTO NEW | delete TAG | similar]",
        "list tags, change one everywhere, or list similar ones",
        "tags",
        (YES, JSON),
        choices=("rename", "merge", "delete", "similar"),
    ),
    Command("rm", "ID…", "move articles to the trash", "edit", (QUERY, YES, JSON)),
    Command("restore", "ID…", "restore articles from the trash", "edit", (QUERY, YES, JSON)),
    Command(
        "trash",
        "",
        "list the trash, or empty it",
        "edit",
        (Option("--empty", "permanently delete the articles in the trash"), YES, JSON),
        (0, 0),
    ),
    Command("undo", "", "undo the latest change", "edit", (JSON,), (0, 0)),
    Command(
        "fetch",
        "[QUERY]",
        "download queued articles",
        "fetch",
        (
            Option("--retry", "retry failed downloads"),
            Option("--wayback", "get failed pages from the Wayback Machine"),
            LIMIT,
            JSON,
        ),
    ),
    Command(
        "browser",
        "[install | uninstall | status] [BROWSER…] | bookmarklet",
        "save pages with one click: connect SingleFile of Firefox, Chrome and others",
        "browser",
        (Option("--yes", "replace the companion of another program without asking"), JSON),
        (0, None),
        choices=("install", "uninstall", "status", "bookmarklet"),
    ),
    Command("watch", "", "import pages from the drop folder until interrupted", "browser"),
    Command(
        "serve",
        "[token]",
        "serve the library to phones, e-readers and browser extensions until interrupted",
        "serve",
        (
            Option("--port", "the port; default 7373, 0 for a free one", "N"),
            Option("--lan", "accept connections from the local network, not only this machine"),
            Option("--cert", "a TLS certificate, as a PEM file", "FILE"),
            Option("--key", "the key of the certificate, as a PEM file", "FILE"),
            Option("--without-tls", "with --lan: accept connections that are not encrypted"),
            Option(
                "--name",
                "a further name of this machine; may be repeated",
                "NAME",
                is_repeatable=True,
            ),
            Option("--renew", "with token: make a new token; the former one ends"),
        ),
        (0, 1),
        ("token",),
    ),
    Command(
        "import",
        "FILE",
        "import from another program",
        "transfer",
        (
            Option(
                "--format",
                "the file's format; detected if not given",
                "F",
                choices=IMPORT_FORMATS,
            ),
            Option("--dry-run", "show what would be imported; change nothing"),
            JSON,
        ),
        (1, None),
    ),
    Command(
        "export",
        "[QUERY]",
        "export articles for other programs",
        "transfer",
        (
            Option("--format", "the format to write", "F", choices=EXPORT_FORMATS),
            Option("--to", "the file or folder to write, or - for standard output", "PATH"),
            Option("--with-files", "json: include pages and images, as a zip"),
            JSON,
        ),
    ),
    Command(
        "send",
        "[QUERY]",
        "send articles as one EPUB with the command of the settings, by mail for instance",
        "transfer",
        (SORT, LIMIT, Option("--title", "the title of the book", "TITLE"), JSON),
    ),
    Command(
        "highlight",
        "ID QUOTE",
        "highlight a quote of an article's text",
        "show",
        (
            Option("--note", "a note on the highlight", "TEXT"),
            Option("--label", "a colour, a word or both, such as `red question`", "LABEL"),
            JSON,
        ),
        (2, None),
    ),
    Command("highlights", "[QUERY]", "list highlights and notes", "show", (JSON,)),
    Command("related", "ID", "list articles similar to one", "show", (LIMIT, JSON), (1, 1)),
    Command("digest", "[QUERY]", "print suggestions as Markdown", "show", (LIMIT, JSON)),
    Command(
        "next",
        "[QUERY]",
        "suggest what to read now: by time, at random, or long neglected",
        "discovery",
        (
            Option("--minutes", "at most N minutes left, at your own speed; default 15", "N"),
            Option("--random", "pick one at random"),
            Option("--forgotten", "starred, tagged or noted long ago, and not finished"),
            LIMIT,
            JSON,
        ),
    ),
    Command(
        "review",
        "",
        "review highlights by spaced repetition",
        "discovery",
        (LIMIT, JSON),
        (0, 0),
    ),
    Command(
        "duplicates",
        "[QUERY]",
        "list articles with nearly the same text",
        "discovery",
        (
            Option("--merge", "merge each group into the article with the most annotations"),
            YES,
            JSON,
        ),
    ),
    Command(
        "sync",
        "[verify | restore URL | texts QUERY | devices | remove DEVICE | key show|inbox|change|passphrase|seal]",
        "synchronise the library with a remote storage: S3, WebDAV, a folder",
        "sync",
        (
            Option("--init", "begin with the remote at URL, new or in use", "URL"),
            Option("--sealed", "with --init: encrypt a new remote with a passphrase"),
            Option("--texts-on-demand", "leave articles on the remote until they are opened"),
            Option("--texts", "bring all articles again"),
            Option("--dry-run", "show what would be sent and received; change nothing"),
            Option("--skip-damaged", "continue without articles that are damaged on the remote"),
            Option("--repair", "with verify: send missing objects again, delete unnamed ones"),
            YES,
            JSON,
        ),
        choices=("verify", "restore", "texts", "devices", "remove", "key"),
    ),
    Command("stats", "", "show how much was saved and read", "show", (JSON,), (0, 0)),
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
        "check the library, and repair it with --repair",
        "admin",
        (
            Option("--repair", "repair the library, after a backup"),
            Option("--restore", "restore a backup of the journals", "FILE"),
            JSON,
        ),
        (0, 0),
    ),
    Command(
        "config",
        "[path|show|keys]",
        "print the path of the settings file, the settings, or the app's keys",
        "admin",
        (JSON,),
        (0, 1),
        ("path", "show", "keys"),
    ),
    Command(
        "completion",
        "SHELL",
        "print a completion script for bash, zsh or fish",
        "admin",
        (),
        (1, 1),
        ("bash", "zsh", "fish"),
    ),
)


GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Save", ("add", "fetch", "browser", "watch", "serve", "import", "extract")),
    ("Find", ("list", "search", "related", "next", "digest")),
    ("Read", ("show", "open", "highlight", "highlights", "review", "stats")),
    ("Change", ("mark", "tag", "tags", "rules", "rm", "restore", "trash", "undo")),
    ("Keep in order", ("sync", "export", "send", "duplicates", "doctor", "config", "completion")),
)
"""The commands by job, in the order of the help; each is in one group."""

ALIASES: Mapping[str, str] = {"doubles": "duplicates"}
"""Former names of commands, which still work; help does not list them."""


def find_command(name: str) -> Command:
    """Return the command of that name, which must exist."""
    return next(row for row in COMMANDS if row.name == name)


def command_names() -> tuple[str, ...]:
    """Return all commands, in the order of the help."""
    return tuple(row.name for row in COMMANDS)


def all_options() -> dict[str, bool]:
    """Map every option of every command to whether it takes a value."""
    return {option.name: bool(option.value) for row in COMMANDS for option in row.options}
