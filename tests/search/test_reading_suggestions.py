"""What to read next, the digest, statistics and reviews, from values alone."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from reader.model.entry import Entry, EntryId, FetchStatus, minutes_left_at
from reader.model.errors import LibraryDamagedError
from reader.search.discovery.digest import format_digest, make_sections
from reader.search.discovery.near_duplicates import (
    group_duplicates,
    minhash,
    pick_survivor,
    text_overlap,
)
from reader.search.discovery.reading_suggestions import neglected, within_minutes
from reader.search.discovery.spaced_repetition import Grade, ReviewCard, due_highlights, grade_card
from reader.search.discovery.statistics import count_streaks, make_statistics

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(number: int, **fields: object) -> Entry:
    values: dict[str, object] = {
        "id": EntryId(f"{number:012d}"),
        "url": f"https://example.org/{number}",
        "title": f"Article {number}",
        "added": "2025-06-01T00:00:00Z",
        "words": 2300,
    }
    return Entry(**{**values, **fields})  # type: ignore[arg-type]


def numbers(entries: list[Entry]) -> list[int]:
    return [int(each.id) for each in entries]


def test_articles_that_fit_the_time_at_the_users_speed() -> None:
    """Begun first, then starred, then what fills the time best; never finished, put away or links."""
    library = [
        entry(1),
        entry(2, words=1000),
        entry(3, starred=True, words=500),
        entry(4, progress=0.9),
        entry(5, finished=True),
        entry(6, archived=True),
        entry(7, words=0, fetch=FetchStatus.QUEUED),
        entry(8, words=5000),
    ]
    assert numbers(within_minutes(library, 10)) == [4, 3, 1, 2]
    assert numbers(within_minutes(library, 10, speed=115)) == [4, 3, 2]
    assert minutes_left_at(entry(1, progress=0.5)) == 5


def test_forgotten_gems_change_with_the_day_only() -> None:
    """Old, unfinished and once worth something; the same all day, others on other days."""
    library = [entry(number, starred=True) for number in range(30)]
    library += [
        entry(40),
        entry(41, starred=True, added="2026-02-20T00:00:00Z"),
        entry(42, starred=True, added="?"),
    ]
    today = numbers(neglected(library, NOW))
    assert len(today) == 5
    assert today == numbers(neglected(library[::-1], NOW + timedelta(hours=3)))
    assert today != numbers(neglected(library, NOW + timedelta(days=1)))
    assert not {40, 41, 42} & set(numbers(neglected(library, NOW, limit=99)))


def test_the_digest_names_everything_once() -> None:
    """Each section has its own entries; titles and addresses cannot break out of their line."""
    library = [
        entry(1, progress=0.5),
        entry(2, added="2026-02-27T00:00:00Z", title="A [b](c) *d*\n# e", site="S_t"),
        entry(3, words=300, url=None),
        entry(4, starred=True, words=9000),
        entry(5, trashed=True),
    ]
    parts = make_sections(library, NOW)
    assert [(part.title.split()[0], numbers(list(part.entries))) for part in parts] == [
        ("Continue", [1]),
        ("New", [2]),
        ("Short", [3]),
        ("Forgotten", [4]),
    ]
    text = format_digest(parts, NOW)
    assert text.startswith("# Digest of 2026-03-01\n")
    assert (
        r"- [A \[b\](c) \*d\* \# e](<https://example.org/2>) (S\_t, 10 min) `000000000002`" in text
    )
    assert "- Article 3 (2 min)" in text
    assert "Nothing is waiting." in format_digest([], NOW)


def test_duplicates_share_their_runs_of_words() -> None:
    """A copy with another beginning is one, a text about the same is not, a notice is too short."""
    story = " ".join(f"word{number * 7 % 97} and {number}" for number in range(200))
    assert text_overlap(story, "Printed elsewhere first. " + story) == 1.0
    assert text_overlap(story, " ".join(reversed(story.split()))) < 0.1
    assert text_overlap("All rights reserved.", "All rights reserved.") == 0.0
    assert int(pick_survivor([entry(1), entry(2, highlights=1), entry(3, words=9999)]).id) == 2


def test_statistics_count_what_was_finished() -> None:
    """Words as far as read, months of the local calendar, put away is not finished."""
    library = [
        entry(1, finished=True, site="S", tags=("t",), added="2026-02-01T00:00:00Z"),
        entry(2, progress=0.5, highlights=2),
        entry(3, archived=True),
        entry(4, trashed=True, finished=True),
        entry(5, finished=True, added="?"),
    ]
    found = make_statistics(library, {entry(1).id: NOW - timedelta(days=1)}, NOW)
    assert (found.saved, found.finished, found.archived_unread, found.highlights) == (4, 2, 1, 2)
    assert found.words_read == 2300 + 1150 + 2300
    assert (found.streak, found.longest_streak, found.finished_this_week) == (1, 1, 1)
    assert found.days_to_finish == 27
    assert [month.month for month in found.months][::11] == ["2025-04", "2026-03"]
    assert [month.finished for month in found.months][-2:] == [1, 0]
    assert found.tags[0].saved[-2:] == (1, 0)
    assert found.sites == (("S", 1),)


def test_streaks_wait_for_today() -> None:
    """A streak goes on until a whole day was missed; days of the future do not count."""
    today = date(2026, 3, 1)
    back = [today - timedelta(days=number) for number in (-1, 1, 2, 3, 6, 7, 8, 9)]
    assert count_streaks(back, today) == (3, 4)
    assert count_streaks(back, today + timedelta(days=4)) == (0, 4)
    assert count_streaks([], today) == (0, 0)


def test_what_is_remembered_comes_up_later() -> None:
    """Intervals grow with every good answer, and shrink with a bad one."""
    first = grade_card("a", None, Grade.GOOD, NOW)
    second = grade_card("a", first, Grade.GOOD, first.due)
    third = grade_card("a", second, Grade.FORGOTTEN, second.due)
    assert first.due > NOW
    assert second.due - first.due > first.due - NOW
    assert third.due - second.due < second.due - first.due
    cards = {
        "a": first,
        "b": ReviewCard("b", NOW - timedelta(days=9), {}),
        "c": ReviewCard("c", NOW, {}),
    }
    assert due_highlights(["n", "a", "c", "b"], cards, NOW) == ["b", "c", "n"]
    assert due_highlights(["n", "a", "c", "b"], cards, first.due, limit=2) == ["b", "c"]
    with pytest.raises(LibraryDamagedError):
        grade_card("b", cards["b"], Grade.GOOD, NOW)


def test_duplicates_are_grouped_from_their_sketches() -> None:
    """Copies with other beginnings and ends are one group, in any number; others are alone."""

    def story(start: int) -> str:
        return " ".join(f"word{number * start % 97} and {number}" for number in range(200))

    texts = [
        story(7),
        f"Printed elsewhere first. {story(7)}",
        story(11),
        f"{story(7)} Read on in the paper.",
        "All rights reserved.",
        "All rights reserved.",
        f"{story(11)} The end.",
    ]
    found = group_duplicates([minhash(text) for text in texts], lambda place: texts[place])
    assert found == [(0, 1, 3), (2, 6)]
    assert group_duplicates([], lambda place: "") == []


def test_a_sketch_is_the_same_in_every_run() -> None:
    """Python's own hash of text differs, and once hid duplicates in some runs."""
    program = (
        "from reader.search.discovery.near_duplicates import minhash;"
        "print(sorted(minhash(' '.join(f'word{n} and {n * 7}' for n in range(99)))))"
    )
    sketches = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(sketches) == 1


def test_a_quotation_is_no_duplicate() -> None:
    """A text that is less than half as long as the other is not grouped with it."""
    long_text = " ".join(f"word{number * 7 % 997} and {number}" for number in range(400))
    texts = [long_text, long_text[: len(long_text) // 3], long_text[: len(long_text) * 3 // 4]]
    found = group_duplicates([minhash(text) for text in texts], lambda place: texts[place])
    assert (0, 2) in found
    assert not any(1 in places and 0 in places and len(places) == 2 for places in found)
