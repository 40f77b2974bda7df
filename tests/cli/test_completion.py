"""Completion as a shell asks for it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reader.cli.command_table import COMMANDS, EXPORT_FORMATS, IMPORT_FORMATS, SORT_KEYS
from reader.cli.shell_completion import SHELLS
from reader.formats import registry
from reader.model.query.ast import SortKey
from reader.services import exports
from tests.cli.conftest import Reader

ROOT = Path(__file__).parents[2]
ASK = """
source "$1"
COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2)) COMPREPLY=()
_reader
for found in "${COMPREPLY[@]}"; do printf '%s\\n' "$found"; done
"""


@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_scripts_name_every_command_and_parse(reader: Reader, shell: str) -> None:
    """They are made from the same table as help; those shells that are here take them."""
    script = reader("completion", shell).out
    for row in COMMANDS:
        assert row.name in script
        assert all(option.name.removeprefix("--") in script for option in row.options)
    assert not re.search("@[A-Z]+@", script)
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


def test_what_is_offered_is_what_is_understood() -> None:
    """The choices of the table are those of the parts that take them."""
    assert [key.value for key in SortKey] == list(SORT_KEYS)
    assert ["reader", *(row.name for row in registry.FORMATS)] == list(IMPORT_FORMATS)
    assert exports.FORMATS == EXPORT_FORMATS


def test_bash_offers_commands_options_values_ids_and_tags(reader: Reader, tmp_path: Path) -> None:
    """Each where it fits; a tag made to be expanded by a shell is only text."""
    reader("add", "https://c.example/1", "--later", "--tag", "slow food", "--tag", "$(touch x)")
    identity = reader("list").out.split()[0]
    (tmp_path / "script").write_text(reader("completion", "bash").out)
    (tmp_path / "reader").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reader "$@"\n')
    (tmp_path / "reader").chmod(0o755)
    variables = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }

    def offered(*words: str) -> list[str]:
        command = ["bash", "-c", ASK, "bash", str(tmp_path / "script"), "reader", *words]
        done = subprocess.run(
            command, env=variables, capture_output=True, text=True, check=True, cwd=tmp_path
        )
        return done.stdout.splitlines()

    assert offered("mar") == ["mark"]
    assert offered("mark", "--un") == ["--unread", "--unstar", "--unarchive"]
    assert offered("list", "--sort", "p") == ["published", "progress"]
    assert offered("config", "") == ["path", "show", "keys"]
    assert offered("show", "") == [identity]
    assert offered("tag", identity, "+s") == [r"+slow\ food"]
    assert offered("add", "x", "--tag", "") == [r"\$\(touch\ x\)", r"slow\ food"]
    assert offered("add", "scr") == ["script"]
    assert offered("list", "") == []
    assert not (tmp_path / "x").exists()
