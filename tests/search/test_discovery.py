"""Related articles, suggested tags and misspelt words, from a small library of real topics."""

import sqlite3
import time
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from reader.model.entry import Entry, EntryId
from reader.model.query import parse
from reader.paths import Paths
from reader.search.discovery import similarity
from reader.search.discovery.similar_tags import propose_merges
from reader.search.discovery.spell_correction import edit_distance
from reader.search.discovery.tag_suggestions import Reason
from reader.search.store.cache import Cache
from reader.search.store.facets import TagCount
from reader.search.store.rows import CacheRow

BREAD = (
    "Sourdough starter ferments flour and water until wild yeast lifts the dough.",
    "Bakers fold the dough, proof the loaf and score the crust of sourdough before the oven.",
    "Rye flour feeds a starter well; the loaf keeps its crust and the yeast its strength.",
)
RAILS = (
    "Night trains link capitals while railway signals and sleeper carriages return to the rails.",
    "The railway added sleeper carriages, and signals along the rails were made electric.",
    "Old locomotives pulled carriages through tunnels; the railway kept its signals by hand.",
)
ASTRONOMY = (
    "機械望遠鏡は銀河の観測に使われ、銀河の光を集める。",
    "銀河の観測には大きな望遠鏡が要り、夜の光を嫌う。",
)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    """Three topics, each article tagged with its own."""
    places = Paths(tmp_path / "home", tmp_path / "state", tmp_path / "cache", tmp_path / "c.toml")
    rows: list[CacheRow] = []
    for topic, texts in (("food/bread", BREAD), ("rail", RAILS), ("astronomy", ASTRONOMY)):
        for text in texts:
            folder = f"articles/{len(rows)}"
            (places.home / folder).mkdir(parents=True)
            (places.home / folder / "article.md").write_text(text, "utf-8")
            entry = Entry(
                EntryId(f"{len(rows):012d}"), None, f"Number {len(rows)}", "2026-01-01T00:00:00Z",
                tags=(topic,), folder=folder,
            )  # fmt: skip
            rows.append(CacheRow(entry, "{}"))
    opened = Cache(places)
    opened.apply(rows, {}, {})
    opened.index_texts()
    yield opened
    opened.close()


@pytest.mark.parametrize(("number", "kin"), [(0, {1, 2}), (3, {4, 5}), (6, {7})])
def test_the_most_similar_come_first(cache: Cache, number: int, kin: set[int]) -> None:
    """Articles of the same topic, in any script, before all others; never the article itself."""
    entry = cache.entry(EntryId(f"{number:012d}"))
    assert entry is not None
    found = [int(each.entry.id) for each in cache.related(entry)]
    assert set(found[: len(kin)]) == kin
    assert number not in found


def test_words_that_too_many_articles_have_set_nothing_apart(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is alike is told from the others, however few places there are for words."""
    entry = cache.entry(EntryId(f"{0:012d}"))
    assert entry is not None
    monkeypatch.setattr(similarity, "_MAX_DOCUMENTS", 3)
    assert {int(each.entry.id) for each in cache.related(entry)} == {1, 2}
    monkeypatch.setattr(similarity, "_MAX_DOCUMENTS", 2)
    assert cache.related(entry) == []


def test_a_tag_of_every_article_relates_none(cache: Cache) -> None:
    """A tag tells articles apart by its rarity; one that all have changes no score."""
    entries = [cache.entry(EntryId(f"{number:012d}")) for number in range(8)]
    kept = [entry for entry in entries if entry is not None]
    assert len(kept) == 8
    before = [(each.entry.id, each.score) for each in cache.related(kept[0])]
    tagged = [entry._replace(tags=(*entry.tags, "sample")) for entry in kept]
    cache.apply([CacheRow(entry, "{}") for entry in tagged], {}, {})
    after = cache.related(tagged[0])
    assert [(each.entry.id, each.score) for each in after] == before
    assert all(each.shared_tags == ("food/bread", "sample") for each in after)


def test_endings_are_looked_up_last(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs of hiragana stand in every Japanese text, and are said more often than its words."""
    monkeypatch.setattr(similarity, "_MAX_LOOKUPS", 4)
    text = "です。います。です。います。望遠鏡です。います。"
    connection = sqlite3.connect(cache.path)
    words = [each.word for each in similarity.key_terms(connection, "", text)]
    connection.close()
    assert set(words) == {"望 远", "远 镜"}


def test_tags_come_from_similar_articles(cache: Cache) -> None:
    """The tag of the alike articles is suggested, in the library's spelling."""
    found = cache.suggest_tags(
        "A loaf", "A sourdough starter of rye flour and wild yeast in the dough."
    )
    assert [(each.tag, each.reason) for each in found] == [("food/bread", Reason.SIMILAR)]


def test_nothing_similar_suggests_nothing(cache: Cache) -> None:
    """A text about something else gets no tag, nor does an empty one."""
    text = "Quarterly interest rates rose as central banks tightened monetary policy again. " * 3
    assert cache.suggest_tags("Rates", text) == []
    assert cache.suggest_tags("", "") == []


def test_tags_that_the_page_offers_follow_the_library(cache: Cache) -> None:
    """Those that are tags here come first and in our spelling, unknown ones last, borne ones never."""
    found = cache.suggest_tags(
        "", "", offered=["#Economics", "Rails", "Bread"], own_tags=["food/bread"]
    )
    assert [(each.tag, each.reason) for each in found] == [
        ("rail", Reason.PAGE),
        ("Economics", Reason.PAGE),
    ]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("sourdouhg", "sourdough"),
        ("locomotve tunnels", "locomotives tunnels"),
        ("ocomotives", "locomotives"),
        ("railway", None),
        ("zzzzzz", None),
        ("tag:x -sourdouhg", None),
    ],
)
def test_a_misspelt_word_has_a_nearest_one(cache: Cache, wrong: str, right: str | None) -> None:
    """Words that no text has are replaced by near ones; right and hopeless ones are left alone."""
    found = cache.spell_corrected(parse(wrong))
    assert (None if found is None else str(found)) == right


def test_distance_counts_changes_and_swaps() -> None:
    """Optimal string alignment, given up beyond the limit."""
    assert edit_distance("bread", "bread", 2) == 0
    assert edit_distance("bread", "braed", 2) == 1
    assert edit_distance("bread", "breads", 2) == 1
    assert edit_distance("bread", "beard", 2) == 2
    assert edit_distance("bread", "rails", 2) == 3


def test_near_duplicate_tags_are_proposed() -> None:
    """Signs, accents, plural and slips on one level; numbers and other levels stay apart."""
    names = {
        "Slow food": 9, "slow-food": 2, "book": 3, "books": 5, "programming": 4, "programing": 1,
        "2024": 3, "2025": 3, "work/notes": 1, "note": 1, "cafe": 1, "café": 2, "css": 2, "cs": 2,
    }  # fmt: skip
    found = propose_merges([TagCount(tag, own, own) for tag, own in names.items()])
    assert [(each.keep, each.others, each.reason) for each in found] == [
        ("Slow food", ("slow-food",), "written differently"),
        ("books", ("book",), "singular and plural"),
        ("programming", ("programing",), "spelt alike"),
        ("café", ("cafe",), "written differently"),
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sourd", "sourd*"),
        ("tag:rail sign", "tag:rail sign*"),
        ("bread OR sign", "bread OR sign*"),
        ("so", "so"),
        ("sourd ", "sourd"),
        ('"sourd"', '"sourd"'),
        ("sourd -yea", "sourd -yea"),
        ("yea tag:rail", "yea tag:rail"),
    ],
)
def test_the_word_being_typed_may_go_on(cache: Cache, typed: str, meant: str) -> None:
    """Only a bare last word of three letters or more, never a negated, quoted or finished one."""
    assert str(cache.as_prefix_query(parse(typed), typed)) == meant


def test_the_search_box_knows_the_library(cache: Cache) -> None:
    """Tags in use, the most frequent first; levels above them as well."""
    assert set(cache.completions().tags) == {"food", "food/bread", "rail", "astronomy"}
    assert cache.completions().tags[-1] == "astronomy"


def test_many_made_tags_are_compared_in_linear_time() -> None:
    """However alike they are, each is compared with a few others only."""
    names = [
        f"{'a' * 60}{number * 7919 % 1000003:b}".translate({48: "b", 49: "c"})
        for number in range(2_000)
    ]
    began = time.process_time()
    propose_merges([TagCount(name, 1, 1) for name in names])
    assert time.process_time() - began < 6


@pytest.mark.parametrize("seed", range(2))
def test_similar_tags_are_those_of_comparing_all_pairs(seed: int) -> None:
    """The index of variants and pieces misses no pair of long or short tags."""
    random = Random(seed)
    words = ["".join(random.choices("etaoin", k=random.randint(2, 30))) for _ in range(12)]
    for word in list(words):
        at = random.randrange(len(word))
        swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        words += [word[:at] + word[at + 1 :], swapped + "s", f"up/{word}", word + str(at)]
    tags = [TagCount(word, 1, random.randint(1, 5)) for word in dict.fromkeys(words) if word]
    found = propose_merges(tags)
    pairs = {(each.keep, other) for each in found for other in each.others}
    taken = {other for _, other in pairs}
    for one, other in combinations(tags, 2):
        alone = propose_merges([one, other])
        if alone and not taken & {one.tag, other.tag}:
            raise AssertionError(f"{one.tag} and {other.tag} were not compared")
    for keep, merged in pairs:
        assert propose_merges([TagCount(keep, 2, 2), TagCount(merged, 1, 1)])
