"""Modules import each other in no circle, those imported for types alone included."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


def _modules() -> dict[str, Path]:
    paths = (ROOT / "reader").rglob("*.py")
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths}
    return {name.removesuffix(".__init__"): path for path, name in names.items()}


def _imports(node: ast.AST) -> Iterator[str]:
    """Yield what is imported outside of functions: `package.module`, or `module.name`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.expr):
            yield from _imports(child)


def test_no_module_imports_itself_by_others() -> None:
    """Raises CycleError, which names the circle."""
    modules = _modules()
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        found = _imports(ast.parse(path.read_text("utf-8")))
        parts = (each if each in modules else each.rpartition(".")[0] for each in found)
        graph[name] = {each for each in parts if each in modules} - {name}
    TopologicalSorter(graph).prepare()
