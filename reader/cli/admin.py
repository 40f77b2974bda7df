"""`doctor`, `config` and `completion`: what keeps the program in order."""

from argparse import Namespace
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any

from reader import paths, settings
from reader.cli import output
from reader.cli.command_table import COMMANDS
from reader.model.errors import WrongUsage


def run_doctor(arguments: Namespace) -> int:
    """Check the library, mend it, or put a backup back; 0 clean, 1 repaired or repairable, 2 damage."""
    from reader.cli.context import shelf
    from reader.services import doctor

    with shelf() as here:
        if arguments.restore:
            doctor.restore(here, paths.named(arguments.restore))
            output.say("restored; what was there before is kept beside the backups")
    with shelf() as here:
        report = doctor.repair(here) if arguments.repair else doctor.check(here)
    if arguments.json:
        fields = ("kind", "id", "path", "said", "repaired")
        rows = [{name: getattr(problem, name) for name in fields} for problem in report.problems]
        output.as_json({"ok": report.ok, "problems": rows})
        return report.exit_code
    for problem in report.problems:
        where = " ".join(part for part in (problem.id, problem.path) if part)
        mended = " (repaired)" if problem.repaired else ""
        output.line(
            f"{problem.kind}: {where}: {problem.said}{mended}"
            if where
            else f"{problem.kind}: {problem.said}{mended}"
        )
    if report.ok:
        output.line("the library is whole")
    return report.exit_code


def run_config(arguments: Namespace) -> int:
    """Print where the settings are, or what counts at the moment."""
    found = paths.find()
    match arguments.words:
        case [] | ["path"]:
            if arguments.json:
                output.as_json(
                    {
                        name: str(getattr(found, name))
                        for name in ("config", "home", "state", "cache")
                    }
                )
            else:
                output.line(str(found.config))
            return 0
        case ["show"]:
            return _show(settings.load(found.config), arguments.json)
    raise WrongUsage(f"config does not know {arguments.words[0]!r}: path or show")


def _show(chosen: settings.Settings, as_json: bool) -> int:
    sections = {
        field.name: getattr(chosen, field.name)
        for field in fields(chosen)
        if field.name not in ("path", "problems")
    }
    values: dict[str, Any] = {
        name: asdict(part) if is_dataclass(part) and not isinstance(part, type) else part
        for name, part in sections.items()
    }
    if as_json:
        output.as_json(values | {"problems": list(chosen.problems)})
        return 1 if chosen.problems else 0
    for name, part in values.items():
        if name == "rules":
            for rule in part:
                output.line("[[rules]]")
                _assignments(rule)
        elif part or name not in ("keys", "views"):
            output.line(f"[{name}]")
            _assignments(part)
    for problem in chosen.problems:
        output.say(problem)
    return 1 if chosen.problems else 0


def _assignments(values: Any) -> None:
    for key, value in values.items():
        output.line(f"{key} = {_toml(value)}")
    output.line("")


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def run_completion(arguments: Namespace) -> int:
    """Print a completion script for a shell."""
    from reader.cli.shell_completion import SHELLS

    shell = Path(arguments.words[0]).name
    if shell not in SHELLS:
        raise WrongUsage(f"no completion for {shell!r}: {', '.join(SHELLS)}")
    output.text(SHELLS[shell](COMMANDS))
    return 0
