"""The tables of the README, made from the tables of the program.

`python -m tests.packaging.readme` writes them into README.md, and the files below `share/`.
"""

import re
from functools import partial
from pathlib import Path

from reader.cli import command_table, shell_completion
from reader.cli.man_page import man_page
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


def shared_files() -> dict[str, str]:
    """The manual page and the completion scripts, by their path below `share/`."""
    scripts = {
        shell: make(command_table.COMMANDS) for shell, make in shell_completion.SHELLS.items()
    }
    return {
        "man/man1/reader.1": man_page(),
        "bash-completion/completions/reader": scripts["bash"],
        "zsh/site-functions/_reader": scripts["zsh"],
        "fish/vendor_completions.d/reader.fish": scripts["fish"],
    }


if __name__ == "__main__":
    for name, content in shared_files().items():
        path = README.with_name("share") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
