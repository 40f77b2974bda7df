"""The tables of the README, made from the tables of the program.

`python -m tests.packaging.readme` writes them into README.md.
"""

import re
from functools import partial
from pathlib import Path

from reader.cli import command_table
from reader.ui import commands

README = Path(__file__).parents[2] / "README.md"


def _replacement(text: str, _found: re.Match[str]) -> str:
    return text


def filled(text: str) -> str:
    """The README's text with both tables as they have to be."""
    for name, table in (("keys", keys()), ("commands", command_lines())):
        text = re.sub(
            rf"<!-- {name} -->.*?<!-- /{name} -->",
            partial(_replacement, f"<!-- {name} -->\n{table}\n<!-- /{name} -->"),
            text,
            flags=re.DOTALL,
        )
    return text


def keys() -> str:
    """Every command with a key, by where it works."""
    parts = []
    for scope in commands.Scope:
        rows = [row for row in commands.COMMANDS if row.scopes[0] is scope and row.keys]
        lines = [f"| {_keys(row.keys)} | {_cell(row.help)} |" for row in rows]
        if lines:
            parts.append(
                "\n".join([f"**{scope.value.capitalize()}**", "", "| key | |", "|---|---|", *lines])
            )
    return "\n\n".join(parts)


def command_lines() -> str:
    """Every command of the command line with its options."""
    lines = ["| command | |", "|---|---|"]
    for row in command_table.COMMANDS:
        given = " ".join(
            f"[{option.name}{' ' + option.value if option.value else ''}]" for option in row.options
        )
        usage = " ".join(part for part in (row.name, row.words, given) if part)
        lines.append(f"| `{_cell(usage)}` | {_cell(row.help)} |")
    return "\n".join(lines)


def _keys(keys: str) -> str:
    return " ".join(f"`` {key} ``" if key == "`" else f"`{_cell(key)}`" for key in keys.split(" "))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
