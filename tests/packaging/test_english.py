"""The project's English: docstrings, messages and documents use plain, standard words."""

import ast
import builtins
import itertools
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]

PENDING: Final = ("reader/extract/content/section_labels.py",)
"""Packages and documents that still have the old wording; the list only ever shrinks."""

BANNED: Final = re.compile(
    r"\b(?:anew|beneath|beside|borne|by lot|told|tells of|at hand|for good|of its own|of their own"
    r"|mend(?:s|ed|ing)?|so many|whoever|goes on|go on|gone on|going on|nobody|a person|is no \w+"
    r"|where there is none|no more than|what is|given up|kept from|worked off|by itself"
    r"|lets? go of|let it go|put right|slip of the pen|parted by)\b",
    re.IGNORECASE,
)
"""Archaic, metaphorical or indefinite wording, each with a plain word that replaces it."""

OPENING: Final = re.compile(r"(?:What|Whether|Where|How|Which|Who|Whoever|When)\b")
"""Words that no docstring opens with: its summary line is an imperative or a noun phrase."""

MAX_SUMMARY_WORDS: Final = 20
"""Twelve words are the aim; names, units and reasons of constants may need more."""


def _is_pending(path: Path) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return any(name == part or name.startswith(f"{part}/") for part in PENDING)


def _modules() -> list[Path]:
    return [path for path in sorted((ROOT / "reader").rglob("*.py")) if not _is_pending(path)]


def _documents() -> list[Path]:
    found = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]
    found += sorted((ROOT / "docs").glob("*.md"))
    # The glossary lists former names on purpose.
    return [path for path in found if path.name != "glossary.md" and not _is_pending(path)]


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield node.body[0].lineno, text
        yield from _attribute_docstrings(node)


def _attribute_docstrings(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the strings that document the assignment above them."""
    body = getattr(node, "body", None)
    if not isinstance(body, list):
        return
    for first, second in itertools.pairwise(body):
        if (
            isinstance(first, ast.Assign | ast.AnnAssign)
            and isinstance(second, ast.Expr)
            and isinstance(second.value, ast.Constant)
            and isinstance(second.value.value, str)
        ):
            yield second.lineno, second.value.value


def _sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield string constants that hold several words: messages, help, labels."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_speaks_plain_english(path: Path) -> None:
    """Docstrings open with an imperative or a noun phrase, and no string has a banned phrase."""
    tree = ast.parse(path.read_text("utf-8"))
    wrong = [
        f"{path.name}:{line}: {match.group(0)!r} in {text.strip().splitlines()[0][:90]!r}"
        for line, text in _sentences(tree)
        if (match := BANNED.search(text))
    ]
    for line, text in _docstrings(tree):
        summary = text.strip().splitlines()[0]
        if OPENING.match(summary):
            wrong.append(f"{path.name}:{line}: opens with {summary[:60]!r}")
        elif len(summary.split()) > MAX_SUMMARY_WORDS:
            wrong.append(f"{path.name}:{line}: summary line of {len(summary.split())} words")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", _documents(), ids=lambda path: path.name)
def test_a_document_speaks_plain_english(path: Path) -> None:
    """README, changelog and docs have no banned phrase outside of code."""
    wrong = []
    in_code = False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("```"):
            in_code = not in_code
        prose = re.sub(r"`[^`]*`", "", line)
        if not in_code and (match := BANNED.search(prose)):
            wrong.append(f"{path.name}:{number}: {match.group(0)!r} in {line[:90]!r}")
    assert not wrong, "\n".join(wrong)


def test_errors_that_docstrings_name_exist() -> None:
    """A renamed error is renamed in "Raises …" and in the tree of `model.errors`, too."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in _modules()}
    classes = {
        node.name
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = classes | set(dir(builtins)) | set(dir(sqlite3))
    wrong = [
        f"{path.name}:{line}: {name}"
        for path, tree in trees.items()
        for line, text in _docstrings(tree)
        for name in re.findall(r"\b[A-Z]\w+Error\b", text)
        if name not in known
    ]
    assert not wrong, "\n".join(wrong)
    tree = ast.parse((ROOT / "reader/model/errors.py").read_text("utf-8"))
    listed = re.findall(r"^[│├└─ ]*(\w+Error)\b", ast.get_docstring(tree) or "", re.M)
    assert listed == [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
