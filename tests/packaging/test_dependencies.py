"""What the program imports is what it says it needs."""

import ast
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
BEHIND = {
    "lxml-html-clean": "readability imports it, by an extra of lxml that old pips stumble over",
    "anyio": "httpcore imports it for its asynchronous half, and only asks for it by an extra",
}
"""What is needed by something that is imported, and not named by that."""


@cache
def _imported() -> set[str]:
    names: set[str] = set()
    for file in (ROOT / "reader").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"reader"}


def _extras(project: dict[str, Any]) -> list[str]:
    return [
        line
        for name in ("images", "pdf", "sync")
        for line in project["optional-dependencies"][name]
    ]


def test_every_import_is_a_named_dependency() -> None:
    """Nothing is there only because something else brought it; rich comes with Textual."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *_extras(project)]
    named = {canonicalize_name(Requirement(line).name) for line in asked} | {"rich"}
    known = packages_distributions()
    lacking = {
        name
        for name in _imported()
        if not {canonicalize_name(each) for each in known.get(name, [name])} & named
    }
    assert lacking == set()


def test_every_dependency_is_used_and_pinned() -> None:
    """Each is imported somewhere and has its version in the constraints."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    known = packages_distributions()
    used = {canonicalize_name(each) for name in _imported() for each in known.get(name, [name])}
    pinned = {
        canonicalize_name(line.partition("==")[0])
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    }
    assert named - used == set(BEHIND)
    assert named - pinned == set()
