"""The commands `doctor`, `config` and `completion`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reader import paths, settings
from reader.cli import output
from reader.cli.arguments import Arguments
from reader.cli.command_context import find_problems
from reader.cli.command_table import COMMANDS
from reader.model.errors import UsageError


def run_doctor(arguments: Arguments) -> int:
    """Check or repair the library, or restore a backup.

    Returns 0 if clean, 1 if repaired or repairable, 2 if damage remains.
    """
    from reader.cli.command_context import open_workspace
    from reader.services import doctor

    with open_workspace() as here:
        if arguments.restore:
            doctor.restore_backup(here, paths.expand_user(arguments.restore))
            output.print_message("restored; the former journals are in the backups' folder")
    with open_workspace(reports_problems=False) as here:
        report = doctor.repair_library(here) if arguments.repair else doctor.check_library(here)
    if arguments.json:
        fields = ("kind", "id", "path", "said", "repaired")
        rows = [{name: getattr(problem, name) for name in fields} for problem in report.diagnostics]
        output.print_json({"ok": report.is_ok, "problems": rows})
        return report.exit_code
    for problem in report.diagnostics:
        where = " ".join(part for part in (problem.id, problem.path) if part)
        mended = " (repaired)" if problem.repaired else ""
        output.print_line(
            f"{problem.kind}: {where}: {problem.said}{mended}"
            if where
            else f"{problem.kind}: {problem.said}{mended}"
        )
    if report.is_ok:
        output.print_line("no problems found")
    return report.exit_code


def run_config(arguments: Arguments) -> int:
    """Print the path of the settings file, or the settings in force."""
    found = paths.find()
    match arguments.words:
        case [] | ["path"]:
            if arguments.json:
                output.print_json(
                    {
                        name: str(getattr(found, name))
                        for name in ("config", "home", "state", "cache")
                    }
                )
            else:
                output.print_line(str(found.config))
                for problem in find_problems(settings.load(found.config)):
                    output.print_message(problem)
            return 0
        case ["show"]:
            return _show_settings(settings.load(found.config), arguments.json)
        case ["keys"]:
            return _show_keys(settings.load(found.config), arguments.json)
    raise UsageError(f"config: unknown word {arguments.words[0]!r}; use path, show or keys")


def _show_keys(chosen: settings.Settings, as_json: bool) -> int:
    """Print the commands of the app with their keys, for the section [keys]."""
    # Imported here: it imports Textual.
    from reader.ui.commands import COMMANDS
    from reader.ui.keymap import Keymap

    keymap = Keymap(chosen)
    if as_json:
        rows = [
            {"command": each.id, "keys": keymap.keys(each), "help": each.help, "in": each.scopes}
            for each in COMMANDS
        ]
        output.print_json({"keys": rows, "problems": keymap.problems})
        return 1 if keymap.problems else 0
    names = max(len(each.id) for each in COMMANDS)
    keys = max(len(" ".join(keymap.keys(each))) for each in COMMANDS)
    for each in COMMANDS:
        held = " ".join(keymap.keys(each))
        output.print_line(f"{each.id:<{names}}  {held:<{keys}}  {each.help}")
    for problem in keymap.problems:
        output.print_message(problem)
    return 1 if keymap.problems else 0


def _show_settings(chosen: settings.Settings, as_json: bool) -> int:
    sections = {
        name: part for name, part in chosen._asdict().items() if name not in ("path", "problems")
    }
    values: dict[str, Any] = {
        name: part._asdict()
        if hasattr(part, "_asdict")
        else dict(part)
        if isinstance(part, Mapping)
        else part
        for name, part in sections.items()
    }
    if as_json:
        output.print_json(values | {"problems": find_problems(chosen)})
        return 1 if find_problems(chosen) else 0
    for name, part in values.items():
        if name == "rules":
            for rule in part:
                output.print_line("[[rules]]")
                _print_assignments(rule)
        elif part or name not in ("keys", "views"):
            output.print_line(f"[{name}]")
            _print_assignments(part)
    problems = find_problems(chosen)
    for problem in problems:
        output.print_message(problem)
    return 1 if problems else 0


def _print_assignments(values: Any) -> None:
    for key, value in values.items():
        output.print_line(f"{key} = {_toml(value)}")
    output.print_line("")


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def run_completion(arguments: Arguments) -> int:
    """Print a completion script for a shell."""
    from reader.cli.shell_completion import SHELLS

    shell = Path(arguments.words[0]).name
    if shell not in SHELLS:
        raise UsageError(f"no completion for {shell!r}: {', '.join(SHELLS)}")
    output.print_text(SHELLS[shell](COMMANDS))
    return 0
