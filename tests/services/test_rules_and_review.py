"""Rules, statistics, doubles and reviews over a real library."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from reader.model.article import Article
from reader.model.change import Change, SaveRequest
from reader.model.errors import LibraryDamagedError
from reader.model.highlight import Highlight
from reader.model.query import Query
from reader.model.rules import parse_rules
from reader.paths import Paths
from reader.search.discovery.spaced_repetition import Grade
from reader.services import duplicates
from reader.services.review import due_questions, record_answer
from reader.services.rules import apply_all, plan_effects
from reader.services.statistics import collect_statistics
from reader.services.workspace import Workspace
from reader.settings import Settings

STORY = " ".join(f"Sentence {number} tells of harbour {number * 7 % 31}." for number in range(60))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Two copies of one story, and another article."""
    places = Paths(tmp_path / "home", tmp_path / "state", tmp_path / "cache", tmp_path / "c.toml")
    times = iter(range(1_770_000_000, 1_780_000_000))
    opened = Workspace(places, Settings(), clock=lambda: float(next(times)))
    bodies = (
        STORY,
        f"First printed elsewhere.\n\n{STORY}",
        "A quite different text of bread. " * 9,
    )
    opened.library.add(
        [
            SaveRequest(
                given=f"https://site{number}.example.org/",
                page=b"x",
                article=Article(f"Title {number}", body, len(body.split())),
            )
            for number, body in enumerate(bodies)
        ],
        step="saved",
    )
    yield opened
    opened.close()


def titled(workspace: Workspace, title: str) -> str:
    return next(
        record.entry.id for record in workspace.library.records() if record.entry.title == title
    )


def test_rules_are_previewed_and_undone_as_one(workspace: Workspace) -> None:
    """The preview changes nothing, carrying out is one step, and a second time changes nothing."""
    rules = parse_rules([{"query": "harbour", "tag": "sea"}, {"query": "title:0", "do": "star"}])
    planned = plan_effects(workspace, rules)
    assert {effect.entry.title: effect.change for effect in planned} == {
        "Title 0": Change(add_tags=("sea",), starred=True),
        "Title 1": Change(add_tags=("sea",)),
    }
    assert workspace.synced_cache().facets().tags == ()
    assert apply_all(workspace, planned).changed == 2
    assert plan_effects(workspace, rules) == []
    workspace.library.undo()
    assert len(plan_effects(workspace, rules)) == 2
    assert plan_effects(workspace, rules, among=[]) == []


def test_statistics_know_when_something_was_finished(workspace: Workspace) -> None:
    """The clock of the change that finished it counts."""
    workspace.library.change({titled(workspace, "Title 0"): Change(finished=True)}, step="read")  # type: ignore[dict-item]
    found = collect_statistics(workspace)
    assert (found.saved, found.finished, found.streak, found.finished_this_week) == (3, 1, 1, 1)


def test_the_same_story_is_recognised(workspace: Workspace) -> None:
    """Two addresses, one text: each is the other's double, and the third is nobody's."""
    one, other, _third = (titled(workspace, f"Title {n}") for n in range(3))
    (group,) = duplicates.find_duplicates(workspace, Query())
    assert {group.survivor.id, *(each.id for each in group.others)} == {one, other}


def test_a_reviewed_highlight_rests(workspace: Workspace) -> None:
    """What was answered comes up no more today; a broken state is said, not guessed."""
    wanted = titled(workspace, "Title 0")
    marks = (Highlight("m1", "harbour 7", start=1), Highlight("m2", "harbour 14", start=2))
    workspace.library.change({wanted: Change(add_highlights=marks)}, step="marked")  # type: ignore[dict-item]
    first, second = due_questions(workspace)
    assert (first.highlight.id, second.highlight.id) == ("m1", "m2")
    assert record_answer(workspace, first, Grade.GOOD) > workspace.now() + timedelta(days=1)
    assert [each.highlight.id for each in due_questions(workspace)] == ["m2"]
    (file,) = workspace.places.state.rglob("review.json")
    for broken in ("{]", "[" * 100_000, '{"a": 5}', "[]"):
        file.write_text(broken)
        with pytest.raises(LibraryDamagedError):
            due_questions(workspace)
