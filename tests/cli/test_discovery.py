"""What comes back without being searched for, and queries over what was just saved."""

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reader.cli import output
from reader.model.entry import EntryId
from tests.cli.conftest import Reader
from tests.cli.test_show import essay

__all__ = ["essay"]

STORY = " ".join(f"Sentence {number} tells of harbour {number * 7 % 31}." for number in range(60))


@pytest.fixture
def stories(reader: Reader, tmp_path: Path) -> list[str]:
    """Ids of two copies of a story, the second one tagged, and of another text."""
    found = []
    for name, text in (
        ("one", STORY),
        ("copy", f"Seen elsewhere.\n\n{STORY}"),
        ("bread", "Bread. "),
    ):
        file = tmp_path / f"{name}.txt"
        file.write_text(f"{name}\n\n{text * (40 if name == 'bread' else 1)}\n")
        found.append(reader("add", str(file), "--json").json[0]["id"])
    reader("tag", found[1], "+Ferries", "+ferry")
    return found


def test_words_find_what_was_just_saved(reader: Reader, stories: list[str]) -> None:
    """A list, a change and an export by words know every text, also in an index that is behind."""
    assert [row["id"] for row in reader("list", "bread", "--json").json] == [stories[2]]
    assert reader("mark", "--query", "harbour", "--star", "--yes").out == "Starred: 2 articles\n"


def test_what_to_read_next(reader: Reader, stories: list[str]) -> None:
    """By the time available, at random within a query, or nothing; not two ways at once."""
    fitting = reader("next", "--minutes", "10", "--json").json
    assert {row["id"] for row in fitting} == set(stories)
    assert all(row["left"] <= 10 for row in fitting)
    (drawn,) = reader("next", "tag:ferry", "--random", "--json").json
    assert drawn["id"] == stories[1]
    nothing = reader("next", "--forgotten")
    assert (nothing.code, nothing.out) == (0, "")
    assert "no article matches" in nothing.err
    assert reader("next", "--random", "--forgotten").code == 2
    assert reader("next", "--minutes", "soon").code == 2


def test_duplicates_become_one_article(reader: Reader, stories: list[str]) -> None:
    """The copies are listed; merging keeps one with the tags of both, and one undo parts them."""
    (group,) = reader("duplicates", "--json").json
    assert {group["keep"]["id"], *(row["id"] for row in group["others"])} == set(stories[:2])
    assert reader("duplicates", "--merge").code == 2
    assert reader("doubles", "--merge", "--yes").out.endswith("Merged 1 article into those kept\n")
    (kept,) = reader("list", "harbour", "--json").json
    assert kept["tags"] == ["Ferries", "ferry"]
    assert "no duplicates found" in reader("doubles").err
    reader("undo")
    assert len(reader("list", "harbour", "--json").json) == 2


def test_similar_tags_are_listed_as_commands(reader: Reader, stories: list[str]) -> None:
    """Each line is the command that merges them, and says why."""
    (alike,) = reader("tags", "similar", "--json").json
    assert alike == {"keep": "Ferries", "others": ["ferry"], "why": "singular and plural"}
    line = reader("tags", "alike").out
    assert line == "reader tags merge ferry INTO Ferries  # singular and plural\n"
    reader("tags", "merge", "ferry", "INTO", "Ferries", "--yes")
    assert "no similar tags" in reader("tags", "alike").err


def test_a_review_asks_and_remembers(
    reader: Reader, essay: EntryId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal what is due is listed; at one each is asked for, and then rests."""
    assert "> nothing in it twice" in reader("review").out
    assert reader("review", "--json").json[0]["id"] == essay
    monkeypatch.setattr(output, "is_interactive", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("what\n3\n"))
    asked = reader("review")
    assert re.search(r"1 Again \(\d+ \w+\), 2 Hard \(.*3 Good \(.*4 Easy \(\d+ d\)", asked.err)
    assert asked.err.count("how well did you remember it?") == 2
    assert f"{datetime.now(UTC):%Y}" in asked.err
    assert "1 of 1 reviewed" in asked.err
    assert reader("review", "--json").json == []


def test_stopping_a_review_keeps_what_was_answered(
    reader: Reader, essay: EntryId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of input, or an empty line, stops it."""
    monkeypatch.setattr(output, "is_interactive", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert "0 of 1 reviewed" in reader("review").err
    assert len(reader("review", "--json").json) == 1
