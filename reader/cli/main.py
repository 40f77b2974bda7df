"""Parse the command line and run its command."""

import argparse
import difflib
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NoReturn

from reader.cli import stdio
from reader.cli.command_table import (
    ALIASES,
    COMMANDS,
    GROUPS,
    Command,
    Option,
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


def _unknown(name: str, options: Mapping[str, bool]) -> str:
    near = difflib.get_close_matches(name, options, n=1)
    return f"unknown option {name}" + (f": did you mean {near[0]}?" if near else "")


def _no_command(word: str, commands: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, commands, n=1)
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
        stdio.write(_parser(row).format_help())
        return 0
    if "--version" in given:
        return _version()
    arguments = _parser(row).parse_args([*given, "--", *plain])
    _check_word_count(row, plain)
    module = import_module(f"reader.cli.{row.module}")
    exit_code: int = getattr(module, f"run_{name}")(arguments)
    return exit_code


def _without_command(words: Sequence[str]) -> int:
    given, _ = sort_words(words, _GLOBAL_OPTIONS)
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


class _Parser(argparse.ArgumentParser):
    """A parser that raises UsageError, which prints one line and exits with 2."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; `{self.prog} --help` says more")


def _parser(row: Command) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=f"reader {row.name}",
        usage=_usage(row),
        description=f"{row.help[0].upper()}{row.help[1:]}.",
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    for option in row.options:
        _add_option(parser, option)
    return parser


def _add_option(parser: argparse.ArgumentParser, option: Option) -> None:
    if not option.value:
        parser.add_argument(option.name, action="store_true", help=option.help)
        return
    parser.add_argument(
        option.name,
        metavar=option.value,
        help=": ".join(part for part in (option.help, ", ".join(option.choices)) if part),
        action="append" if option.is_repeatable else "store",
        default=[] if option.is_repeatable else None,
        type=_parse_count if option.value == "N" else str,
    )


def _parse_count(value: str) -> int:
    number = int(value) if value.isdecimal() else -1
    if not 0 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number ≥ 0")
    return number


def _usage(row: Command) -> str:
    return " ".join(["reader", row.name, *([row.words] if row.words else []), "[options]"])


def _check_word_count(row: Command, plain: Sequence[str]) -> None:
    fewest, most = row.word_count
    if len(plain) < fewest:
        raise UsageError(f"{row.name} needs {row.words}; `reader {row.name} --help` says more")
    if most is not None and len(plain) > most:
        raise UsageError(
            f"{row.name} takes no {plain[most]!r}; `reader {row.name} --help` says more"
        )


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
        "Options are long and may stand anywhere; `reader COMMAND --help` lists them.",
        "Exit codes: 0 all done, 1 some of it failed, 2 wrong usage or query, 130 interrupted.",
    ]
    return "\n".join(lines) + "\n"
