"""The parsed words and options of one command."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from reader.model.errors import UsageError

if TYPE_CHECKING:
    from reader.cli.command_table import Command, Option

_MAX_COUNT = 10_000_000
"""The largest number that an option takes; no library has as many articles."""


class Arguments(SimpleNamespace):
    """`words`, and each option of the command by its name, with `_` for `-`.

    A switch is True or False, an option a text, a number or None, one that may be repeated a list.
    ⏱ Without argparse, whose import takes as long as the change of an entry; it only prints help.
    """


def parse_arguments(row: "Command", given: Sequence[str], plain: Sequence[str]) -> Arguments:
    """Parse a command's options, `--name` or `--name=value`, all known. Raises UsageError."""
    values: dict[str, Any] = {
        option.name: [] if option.is_repeatable else None if option.value else False
        for option in row.options
    }
    options = {option.name: option for option in row.options}
    for word in given:
        name, _, text = word.partition("=")
        option = options[name]
        if not option.value:
            values[name] = True
        elif option.is_repeatable:
            values[name].append(text)
        else:
            values[name] = _parse_count(row, option, text) if option.value == "N" else text
    named = {name[2:].replace("-", "_"): value for name, value in values.items()}
    return Arguments(words=list(plain), **named)


def _parse_count(row: "Command", option: "Option", value: str) -> int:
    number = int(value) if value.isdecimal() and len(value) < 20 else -1
    if not 0 <= number <= _MAX_COUNT:
        raise UsageError(
            f"argument {option.name}: {value!r} is not a number ≥ 0; see `reader {row.name} --help`"
        )
    return number
