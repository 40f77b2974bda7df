"""Rules, statistics, doubles and reviews over a real library."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from reader.model.article import Article
from reader.model.change import Change, Saving
from reader.model.errors import LibraryDamaged
from reader.model.highlight import Highlight
from reader.model.rules import rules_of
from reader.paths import Places
from reader.search.discovery.spaced_repetition import Remembered
from reader.services.review import answer, questions
from reader.services.rules import carry_out, effects
from reader.services.statistics import reckon
from reader.services.workspace import Shelf
from reader.settings import Settings

STORY = " ".join(f"Sentence {number} tells of harbour {number * 7 % 31}." for number in range(60))


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """Two copies of one story, and another article."""
    places = Places(tmp_path / "home", tmp_path / "state", tmp_path / "cache", tmp_path / "c.toml")
    times = iter(range(1_770_000_000, 1_780_000_000))
    opened = Shelf(places, Settings(), clock=lambda: float(next(times)))
    bodies = (
        STORY,
        f"First printed elsewhere.\n\n{STORY}",
        "A quite different text of bread. " * 9,
    )
    opened.library.add(
        [
            Saving(
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


def titled(shelf: Shelf, title: str) -> str:
    return next(
        record.entry.id for record in shelf.library.records() if record.entry.title == title
    )


def test_rules_are_previewed_and_undone_as_one(shelf: Shelf) -> None:
    """The preview changes nothing, carrying out is one step, and a second time changes nothing."""
    rules = rules_of([{"query": "harbour", "tag": "sea"}, {"query": "title:0", "do": "star"}])
    planned = effects(shelf, rules)
    assert {effect.entry.title: effect.change for effect in planned} == {
        "Title 0": Change(add_tags=("sea",), starred=True),
        "Title 1": Change(add_tags=("sea",)),
    }
    assert shelf.fresh_cache().counts().tags == ()
    assert carry_out(shelf, planned) == 2
    assert effects(shelf, rules) == []
    shelf.library.undo()
    assert len(effects(shelf, rules)) == 2
    assert effects(shelf, rules, among=[]) == []


def test_statistics_know_when_something_was_finished(shelf: Shelf) -> None:
    """The clock of the change that finished it counts."""
    shelf.library.change({titled(shelf, "Title 0"): Change(finished=True)}, step="read")  # type: ignore[dict-item]
    found = reckon(shelf)
    assert (found.saved, found.finished, found.streak, found.finished_this_week) == (3, 1, 1, 1)


def test_the_same_story_is_recognised(shelf: Shelf) -> None:
    """Two addresses, one text: each is the other's double, and the third is nobody's."""
    cache = shelf.fresh_cache(text=True)
    one, other, third = (cache.entry(cache.resolve(titled(shelf, f"Title {n}"))) for n in range(3))
    assert one is not None
    assert other is not None
    assert third is not None
    assert [double.entry.id for double in cache.doubles(one)] == [other.id]
    assert [double.entry.id for double in cache.doubles(other)] == [one.id]
    assert cache.doubles(third) == []


def test_a_reviewed_highlight_rests(shelf: Shelf) -> None:
    """What was answered comes up no more today; a broken state is said, not guessed."""
    wanted = titled(shelf, "Title 0")
    marks = (Highlight("m1", "harbour 7", start=1), Highlight("m2", "harbour 14", start=2))
    shelf.library.change({wanted: Change(keep=marks)}, step="marked")  # type: ignore[dict-item]
    first, second = questions(shelf)
    assert (first.highlight.id, second.highlight.id) == ("m1", "m2")
    assert answer(shelf, first, Remembered.WELL) > shelf.now() + timedelta(days=1)
    assert [each.highlight.id for each in questions(shelf)] == ["m2"]
    (file,) = shelf.places.state.rglob("review.json")
    file.write_text("{]")
    with pytest.raises(LibraryDamaged):
        questions(shelf)
