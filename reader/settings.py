"""The settings in config.toml; invalid values are reported with file and line."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from reader.model.errors import SettingsError


class LookSettings(NamedTuple):
    """[look]: how the app appears. `measure` is in cells, `rows` lines per list row."""

    theme: str = "ink"
    rows: int = 3
    measure: int = 68
    spacing: int = 0
    paragraphs: str = "blank"
    justify: bool = False
    hyphenate: bool = False


class TextSettings(NamedTuple):
    """[text]: `bidi` is `logical` (the terminal reorders) or `reorder` (the app does)."""

    bidi: str = "logical"


class ReadingSettings(NamedTuple):
    """[reading]: `finish` is `end` or `open`; `speed` in words a minute, 0 to measure it."""

    finish: str = "end"
    speed: int = 0


class ImageSettings(NamedTuple):
    """[images]: `mode` is `blocks`, `terminal` (Kitty, Sixel) or `none`."""

    mode: str = "blocks"


class FetchSettings(NamedTuple):
    """[fetch]: an empty `user_agent` is reader's own; `cookies` names a cookies.txt."""

    user_agent: str = ""
    proxy: str = ""
    cookies: str = ""
    cookie_hosts: tuple[str, ...] = ()
    images: bool = True
    drop: str = ""


class CommandSettings(NamedTuple):
    """[commands]: programs as lists of words, run without a shell, text on standard input.

    `~` at the beginning of a word is the user's home folder, as in the paths of the settings.
    `page` renders pages that give no article when fetched: `{url}` is the address, the page is read
    from standard output. `page_sites` limits it to these hosts and their subdomains. `send` gets an
    EPUB: `{file}` is its path, `{title}` its title. `speak` gets a sentence: `{lang}` is its language.
    """

    summary: tuple[str, ...] = ()
    pipe: tuple[str, ...] = ()
    browser: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    page_sites: tuple[str, ...] = ()
    send: tuple[str, ...] = ()
    speak: tuple[str, ...] = ()


class BrowserSettings(NamedTuple):
    """[browser]: pages saved from a browser get `tags`."""

    tags: tuple[str, ...] = ()


class SyncSettings(NamedTuple):
    """[sync]: the remote storage of the library, and where its secrets come from.

    `url` is used where `reader sync --init` named none. The secret of the storage and the
    passphrase of its key come from the environment, a command's output, or a file of mode 0600.
    `recipients` can open a sealed remote as well. `share` maps a tag to another person's remote,
    and after a space to the key of its inbox: articles with the tag go there.
    """

    url: str = ""
    endpoint: str = ""
    region: str = ""
    user: str = ""
    secret_command: tuple[str, ...] = ()
    secret_file: str = ""
    passphrase_command: tuple[str, ...] = ()
    passphrase_file: str = ""
    recipients: tuple[str, ...] = ()
    share: Mapping[str, str] = MappingProxyType({})
    on_start: bool = False
    on_leave: bool = False


class Settings(NamedTuple):
    """All settings, with defaults in place of invalid values.

    `keys` maps a command's id to its keys, `views` a name to a query, `rules` holds queries with
    the changes to make. `problems` are sentences, each with file and line, about invalid values.
    """

    look: LookSettings = LookSettings()
    text: TextSettings = TextSettings()
    reading: ReadingSettings = ReadingSettings()
    images: ImageSettings = ImageSettings()
    fetch: FetchSettings = FetchSettings()
    commands: CommandSettings = CommandSettings()
    browser: BrowserSettings = BrowserSettings()
    sync: SyncSettings = SyncSettings()
    keys: Mapping[str, str] = MappingProxyType({})
    views: Mapping[str, str] = MappingProxyType({})
    rules: tuple[Mapping[str, str], ...] = ()
    path: Path | None = None
    problems: tuple[str, ...] = ()


_MAX_BYTES: Final = 1_000_000
"""Bytes of the file: thousands of rules; an endless pipe ends here."""
_PATH_SETTINGS: Final = (
    ("fetch", "cookies"),
    ("fetch", "drop"),
    ("sync", "secret_file"),
    ("sync", "passphrase_file"),
)
_WITH_HOME_FOLDER: Final = (("sync", "secret_command"), ("sync", "passphrase_command"))
THEMES: Final = (
    "ink", "paper", "day", "contrast", "atom-one-dark", "atom-one-light", "catppuccin-frappe",
    "catppuccin-latte", "catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki",
    "gruvbox", "monokai", "nord", "rose-pine", "rose-pine-dawn", "rose-pine-moon",
    "solarized-dark", "solarized-light", "textual-dark", "textual-light", "tokyo-night",
)  # fmt: skip
"""The themes of the app: its own, then Textual's; a test compares them."""
BUILT_IN_VIEWS: Final = (
    "Inbox", "Continue reading", "Quick reads", "Long reads", "Starred", "Archive", "Untagged",
    "Highlights", "Queued", "Failed", "Trash", "Everything",
)  # fmt: skip
"""Names that no saved view can have; a test compares them with the app's views."""
_CHOICES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("look", "theme"): THEMES,
    ("look", "paragraphs"): ("blank", "indent"),
    ("text", "bidi"): ("logical", "reorder"),
    ("reading", "finish"): ("end", "open"),
    ("images", "mode"): ("blocks", "terminal", "none"),
}
_RANGES: Final[Mapping[tuple[str, str], tuple[int, int]]] = {
    ("look", "rows"): (1, 3),
    ("look", "measure"): (20, 200),
    ("look", "spacing"): (0, 2),
    ("reading", "speed"): (0, 2000),
}


def load(path: Path) -> Settings:
    """Read the settings in `path`; a missing file gives the defaults.

    Never raises for the file's content: invalid values are listed in `problems`. Blocks on disk.
    """
    try:
        # Without O_NONBLOCK the opening of a pipe would wait for its other end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(_MAX_BYTES + 1) or b""
        text = content.decode("utf-8")
    except FileNotFoundError:
        return Settings(path=path)
    except (OSError, UnicodeDecodeError) as error:
        return Settings(path=path, problems=(f"{path}: cannot be read: {_reason(error)}",))
    if len(content) > _MAX_BYTES:
        return Settings(path=path, problems=(f"{path}: cannot be read: it is too large",))
    # Imported here: most users have no settings file, and the import takes 6 ms.
    import tomllib

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Settings(path=path, problems=(_syntax_error(path, str(error)),))
    except RecursionError:
        return Settings(path=path, problems=(f"{path}: cannot be read: too many brackets",))
    except ValueError:
        # Of more digits than Python takes.
        return Settings(path=path, problems=(f"{path}: cannot be read: a number is too long",))
    reading = _SettingsParser(path, text)
    settings = reading.settings(tables)
    return settings._replace(path=path, problems=tuple(reading.problems))


class _SettingsParser:
    """One pass over the parsed tables that collects problems with their lines."""

    def __init__(self, path: Path, text: str):
        self._path = path
        self._lines = text.splitlines()
        self.problems: list[str] = []

    def settings(self, tables: dict[str, Any]) -> Settings:
        default, found = Settings(), dict[str, Any]()
        for name, value in tables.items():
            if name == "keys":
                found[name] = self._strings(name, value)
            elif name == "views":
                found[name] = self._queries(name, self._strings(name, value))
            elif name == "rules":
                found[name] = self._rules(value)
            elif name in (
                "look",
                "text",
                "reading",
                "images",
                "fetch",
                "commands",
                "browser",
                "sync",
            ):
                found[name] = self._section(name, getattr(default, name), value)
            else:
                self._report(name, None, f"[{name}] is not a section of the settings")
        return default._replace(**found)

    def _section(self, name: str, default: Any, table: Any) -> Any:
        if not isinstance(table, dict):
            self._report(name, None, f"{name} must be a section: [{name}]")
            return default
        for key, value in table.items():
            if key not in default._fields:
                self._report(name, key, f"{key} is not a setting of [{name}]")
                continue
            if isinstance(getattr(default, key), Mapping):
                default = default._replace(**{key: self._strings(f"{name}.{key}", value)})
                continue
            try:
                valid = _validate(name, key, getattr(default, key), value)
                default = default._replace(**{key: valid})
            except SettingsError as error:
                self._report(name, key, str(error))
        return default

    def _strings(self, name: str, table: Any) -> dict[str, str]:
        if not isinstance(table, dict):
            self._report(name, None, f"{name} must be a section: [{name}]")
            return {}
        for key, value in table.items():
            if not isinstance(value, str):
                self._report(name, key, f"{key} must be text in quotes")
        return {key: value for key, value in table.items() if isinstance(value, str)}

    def _queries(self, name: str, table: dict[str, str]) -> dict[str, str]:
        # Imported here, as for the rules: most users have neither, and it takes 15 ms.
        from reader.model.errors import QueryError
        from reader.model.query import parse

        right: dict[str, str] = {}
        taken = {view.casefold() for view in BUILT_IN_VIEWS}
        for key, value in table.items():
            if key.strip().casefold() in taken:
                self._report(name, key, f"{key} is a built-in view; choose another name")
                continue
            try:
                parse(value)
            except QueryError as error:
                self._report(name, key, f"{key}: {error}")
            else:
                right[key] = value
        return right

    def _rules(self, rows: Any) -> tuple[Mapping[str, str], ...]:
        if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
            self._report("rules", None, "rules must be [[rules]] sections of texts in quotes")
            return ()
        from reader.model.rules import parse_rule

        right: list[Mapping[str, str]] = []
        for number, row in enumerate(rows, 1):
            try:
                if not all(isinstance(value, str) for value in row.values()):
                    raise SettingsError("rule: every value must be text in quotes")
                parse_rule(row)
            except SettingsError as error:
                self._report("rules", None, str(error), number)
            else:
                right.append(row)
        return tuple(right)

    def _report(self, section: str, key: str | None, message: str, number: int = 1) -> None:
        self.problems.append(f"{self._path}:{self._find_line(section, key, number)}: {message}")

    def _find_line(self, section: str, key: str | None, number: int) -> int:
        """Return the line of a section's `number`th head or of a key, else 1."""
        inside, heads = False, 0
        for at, line in enumerate(self._lines, 1):
            head = re.match(r"\s*\[+\s*[\"']?([^\]\"']+?)[\"']?\s*\]", line)
            named = re.match(r"\s*(?:(\w+)\s*\.\s*)?[\"']?([^=\"']+?)[\"']?\s*=", line)
            if head:
                inside = head[1].split(".")[0] == section
                heads += inside
                if inside and key is None and heads == number:
                    return at
            elif named and (inside or named[1] == section) and named[2] == key:
                return at
            elif named and key is None and section in (named[1], named[2]):
                return at
        return 1


def _syntax_error(path: Path, message: str) -> str:
    """Format a message of the TOML parser like the others: file, line, sentence."""
    found = re.search(r" \(at line (\d+), column \d+\)$", message)
    return f"{path}:{found[1]}: {message[: found.start()]}" if found else f"{path}: {message}"


def _validate(section: str, key: str, default: Any, value: Any) -> Any:
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            is_command = section == "commands" or (section, key) in _WITH_HOME_FOLDER
            return tuple(map(os.path.expanduser, value)) if is_command else tuple(value)
        raise SettingsError(f"{key} must be a list of texts")
    if type(value) is not type(default):
        kind = {bool: "true or false", int: "a whole number", str: "text in quotes"}[type(default)]
        raise SettingsError(f"{key} must be {kind}")
    choices = _CHOICES.get((section, key))
    if choices and value not in choices:
        raise SettingsError(f"{key} must be one of {', '.join(choices)}")
    low, high = _RANGES.get((section, key), (value, value))
    if isinstance(value, int) and not low <= value <= high:
        raise SettingsError(f"{key} must be from {low} to {high}")
    return os.path.expanduser(value) if (section, key) in _PATH_SETTINGS else value  # noqa: PTH111


def _reason(error: Exception) -> str:
    return error.strerror or "unknown" if isinstance(error, OSError) else "not UTF-8"
