"""Parse the command line and run its command."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module

from reader.cli import stdio
from reader.cli.arguments import parse_arguments
from reader.cli.command_table import (
    ALIASES,
    COMMANDS,
    GROUPS,
    Command,
    all_options,
    command_names,
    find_command,
)
from reader.model.errors import UsageError


def sort_words(words: Sequence[str], options: Mapping[str, bool]) -> tuple[list[str], list[str]]:
    """Split a command's words into options (`--name` or `--name=value`) and plain words.

    `options` maps each known `--name` to whether it takes a value; the next word is the value,
    even one that begins with `-`. `--` ends options. Plain words keep their order and may begin
    with one `-`. Raises UsageError for an unknown option or a missing value.
    """
    given: list[str] = []
    plain: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            plain.extend(rest)
            break
        if not word.startswith("--"):
            plain.append(word)
            continue
        name, equals, value = word.partition("=")
        if name not in options:
            raise UsageError(_unknown(name, options))
        if not options[name]:
            if equals:
                raise UsageError(f"{name} takes no value")
            given.append(name)
            continue
        if not equals:
            following = next(rest, None)
            if following is None:
                raise UsageError(f"{name} needs a value")
            value = following
        if value == "--":
            # "--" ends the options. As a value, argparse would turn it into an empty list.
            raise UsageError(f"{name} needs a value")
        given.append(f"{name}={value}")
    return given, plain


def command_of(
    words: Sequence[str], commands: Sequence[str], options: Mapping[str, bool]
) -> tuple[str | None, list[str]]:
    """Return the command among the words, or None, and the words without it.

    The first plain word is the command; options may precede it. Raises UsageError if that word is
    not a command.
    """
    skip = False
    for position, word in enumerate(words):
        if skip:
            skip = False
            continue
        if word == "--":
            break
        if word.startswith("--"):
            skip = "=" not in word and options.get(word, False)
            continue
        if word not in commands:
            raise UsageError(_no_command(word, commands))
        return word, [*words[:position], *words[position + 1 :]]
    return None, list(words)


def _similar(word: str, known: Iterable[str]) -> list[str]:
    import difflib

    return difflib.get_close_matches(word, known, n=1)


def _unknown(name: str, options: Mapping[str, bool]) -> str:
    near = _similar(name, options)
    return f"unknown option {name}" + (f": did you mean {near[0]}?" if near else "")


def _no_command(word: str, commands: Sequence[str]) -> str:
    near = _similar(word, commands)
    hint = f"did you mean {near[0]}?" if near else "`reader --help` lists them"
    return f"no command {word!r}: {hint}"


_GLOBAL_OPTIONS = {"--help": False, "--version": False}


def run(words: Sequence[str]) -> int:
    """Run the command named by the words; return the exit code.

    Raises ReaderError for what failed. Without any word the app opens.
    """
    if list(words) in (["-h"], ["-V"]):
        words = ["--help" if words[0] == "-h" else "--version"]
    known = all_options() | _GLOBAL_OPTIONS
    name, rest = command_of(words, [*command_names(), *ALIASES], known)
    if name is None:
        return _without_command(rest)
    name = ALIASES.get(name, name)
    row = find_command(name)
    given, plain = sort_words(
        rest, {option.name: bool(option.value) for option in row.options} | _GLOBAL_OPTIONS
    )
    if "--help" in given:
        from reader.cli.command_help import format_help

        stdio.write(format_help(row))
        return 0
    if "--version" in given:
        return _version()
    arguments = parse_arguments(row, given, plain)
    _check_word_count(row, plain)
    module = import_module(f"reader.cli.{row.module}")
    exit_code: int = getattr(module, f"run_{name}")(arguments)
    return exit_code


def _without_command(words: Sequence[str]) -> int:
    given, plain = sort_words(words, _GLOBAL_OPTIONS)
    if plain:
        # Behind "--", where no command is looked for.
        raise UsageError(f"{plain[0]!r} is not a command behind `--`: put the command first")
    if "--version" in given:
        return _version()
    if "--help" in given:
        stdio.write(_overview())
        return 0
    opening = import_module("reader.cli.launch_app")
    exit_code: int = opening.run_app()
    return exit_code


def _version() -> int:
    from reader import __version__

    stdio.write(f"reader {__version__}\n")
    return 0


def _check_word_count(row: Command, plain: Sequence[str]) -> None:
    fewest, most = row.word_count
    if len(plain) < fewest:
        raise UsageError(f"{row.name} needs {row.words}; see `reader {row.name} --help`")
    if most is not None and len(plain) > most:
        raise UsageError(f"{row.name} takes no {plain[most]!r}; see `reader {row.name} --help`")


def _overview() -> str:
    width = max(len(row.name) + len(row.words) + 1 for row in COMMANDS if len(row.words) < 24)
    lines = ["usage: reader [COMMAND] [options]", "", "Without a command the app opens."]
    for title, names in GROUPS:
        lines += ["", f"{title}:"]
        for row in map(find_command, names):
            head = f"{row.name} {row.words}".strip()
            lines += (
                [f"  {head:<{width}}  {row.help}"]
                if len(head) <= width
                else [f"  {head}", f"  {'':<{width}}  {row.help}"]
            )
    lines += [
        "",
        "Options may be anywhere on the line; `reader COMMAND --help` lists them.",
        "Exit codes: 0 all done, 1 some of it failed, 2 wrong usage or query, 130 interrupted.",
    ]
    return "\n".join(lines) + "\n"
