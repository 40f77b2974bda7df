"""The manual page, generated from the command table."""

from collections.abc import Iterator

from reader.cli.command_table import GROUPS, Command, find_command

_FILES = (
    ("$XDG_DATA_HOME/reader", "the library; the environment variable READER_HOME names another"),
    ("$XDG_CONFIG_HOME/reader/config.toml", "the settings; READER_CONFIG names another file"),
    ("$XDG_STATE_HOME/reader", "undo steps, backups and logs of this device"),
    ("$XDG_CACHE_HOME/reader", "the search index, which may be deleted at any time"),
)
_EXIT_CODES = (
    ("0", "all done"),
    ("1", "some of it failed"),
    ("2", "wrong usage or query"),
    ("130", "interrupted"),
)


def man_page() -> str:
    """Return the page in roff, with the macros of man(7)."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.TH READER 1 "" "reader" "User Commands"'
    yield ".SH NAME"
    yield "reader \\- save web articles and read them in the terminal"
    yield ".SH SYNOPSIS"
    yield ".B reader"
    yield ".br"
    yield ".B reader"
    yield ".I COMMAND"
    yield "[options]"
    yield ".SH DESCRIPTION"
    yield "Without a command the app opens. Options may be anywhere on the line."
    for title, names in GROUPS:
        yield f".SH {title.upper()}"
        for name in names:
            yield from _command(find_command(name))
    yield ".SH FILES"
    for path, purpose in _FILES:
        yield from _item(path, purpose)
    yield ".SH ENVIRONMENT"
    yield from _item("NO_COLOR", "no colour in the output of commands")
    yield ".SH EXIT STATUS"
    for code, meaning in _EXIT_CODES:
        yield from _item(code, meaning)


def _command(row: Command) -> Iterator[str]:
    yield f".SS reader {_escape(f'{row.name} {row.words}'.strip())}"
    yield _escape(f"{row.help[0].upper()}{row.help[1:]}.")
    for option in row.options:
        choices = f": {', '.join(option.choices)}" if option.choices else ""
        yield from _item(f"{option.name} {option.value}".strip(), f"{option.help}{choices}")


def _item(term: str, text: str) -> Iterator[str]:
    yield ".TP"
    yield f".B {_escape(term)}"
    yield _escape(text)


def _escape(text: str) -> str:
    """Escape what roff would interpret: backslashes, hyphens, and a control line's first letter."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped
