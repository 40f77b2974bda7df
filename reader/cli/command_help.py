"""The help of one command, laid out by argparse."""

import argparse

from reader.cli.command_table import Command, Option


def format_help(row: Command) -> str:
    """Return the text of `reader COMMAND --help`."""
    parser = argparse.ArgumentParser(
        prog=f"reader {row.name}",
        usage=_usage(row),
        description=f"{row.help[0].upper()}{row.help[1:]}.",
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    for option in row.options:
        _add_option(parser, option)
    return parser.format_help()


def _add_option(parser: argparse.ArgumentParser, option: Option) -> None:
    if not option.value:
        parser.add_argument(option.name, action="store_true", help=option.help)
        return
    parser.add_argument(
        option.name,
        metavar=option.value,
        help=": ".join(part for part in (option.help, ", ".join(option.choices)) if part),
    )


def _usage(row: Command) -> str:
    return " ".join(["reader", row.name, *([row.words] if row.words else []), "[options]"])
