"""docs/settings.md names every setting with its default and its values."""

import re
import tomllib
from pathlib import Path

import pytest

from reader import settings
from reader.model.rules import parse_rule
from reader.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.partition("```toml\n")[2].partition("```")[0]
SECTIONS = [name for name, value in Settings()._asdict().items() if hasattr(value, "_fields")]


def comment_of(section: str, key: str) -> str:
    """Return the comment behind a setting of the page's example."""
    table = EXAMPLE.partition(f"[{section}]")[2].partition("\n[")[0]
    found = re.search(rf"^{key} = [^#\n]*(?:# (.*))?$", table, re.MULTILINE)
    assert found, (section, key)
    return found[1] or ""


def test_the_example_is_valid_and_has_every_table(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(EXAMPLE)
    loaded = settings.load(path)
    assert not loaded.problems
    assert list(tomllib.loads(EXAMPLE)) == [*SECTIONS, "keys", "views", "rules"]
    assert loaded.keys
    assert loaded.views
    assert parse_rule(loaded.rules[0])


@pytest.mark.parametrize("section", SECTIONS)
def test_every_setting_is_there_with_its_default(section: str) -> None:
    table, defaults = tomllib.loads(EXAMPLE)[section], getattr(Settings(), section)._asdict()
    assert table == {
        key: list(value) if isinstance(value, tuple) else value for key, value in defaults.items()
    }


def test_every_value_is_named() -> None:
    """Choices, and the bounds of numbers, stand on the line of their setting."""
    for (section, key), choices in settings._CHOICES.items():
        text = PAGE if key == "theme" else comment_of(section, key)
        default = getattr(getattr(Settings(), section), key)
        for choice in choices:
            assert choice == default or re.search(rf"\b{choice}\b", text), (key, choice)
    for (section, key), bounds in settings._RANGES.items():
        text = comment_of(section, key)
        for bound in bounds:
            assert re.search(rf"\b{bound}\b", text), (key, bound)


def test_every_key_of_a_rule_is_there() -> None:
    (rule,) = tomllib.loads(EXAMPLE)["rules"]
    assert set(rule) == {"query", "tag", "do"}
