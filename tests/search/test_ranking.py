"""A ranked search finds articles with some of the words, below those with all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reader.model.entry import Entry, EntryId
from reader.model.query import parse
from reader.paths import Paths
from reader.search.store import ranking
from reader.search.store.cache import Cache
from reader.search.store.rows import CacheRow

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXTS = (
    (
        "en",
        "Rye",
        "The baker kneads the dough of rye and lets it rise over night in a cold cellar.",
    ),
    ("en", "Wheat", "Dough of wheat rises quickly. Bakers bake it hot."),
    ("en", "Boats", "A wooden boat needs tar, and a harbour in a storm."),
    ("en", "The storm", "Over night the storm broke the mast of every ship in the harbour."),
    ("de", "Häuser", "Die alten Häuser am Hafen wurden im Winter gestrichen."),
    ("ru", "Дом", "Старые дома у реки купил один художник из города."),
    ("el", "Σπίτι", "Ο ποιητής έγραψε για τους δρόμους της πόλης και τη θάλασσα."),
    ("hi", "किताब", "लड़की ने पुरानी किताबें बाज़ार से खरीदीं।"),
    ("zh", "望远镜", "天文学家用新的望远镜观察遥远的星系和黑洞。"),
    ("en", "Stop words", "It is what it is and it was not to be."),
    ("en", "Machines", "The A.I. of the U.S. writes an e-mail; a lamp glows."),
    ("de", "Muenchen", "Ein Maedchen aus Goettingen liest im Kaffeehaus."),
)
TAGS = {2: ("craft",)}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    base: Path = tmp_path_factory.mktemp("ranking")
    places = Paths(base / "home", base / "state", base / "cache", base / "c.toml")
    cache = Cache(places)
    rows = []
    for number, (language, title, text) in enumerate(TEXTS):
        folder = places.home / str(number)
        folder.mkdir(parents=True)
        (folder / "article.md").write_text(text, "utf-8")
        entry = Entry(
            EntryId(f"{number:012d}"),
            None,
            title,
            f"2026-01-{number + 1:02d}T00:00:00Z",
            language=language,
            tags=TAGS.get(number, ()),
            words=len(text.split()),
            folder=str(number),
        )
        rows.append(CacheRow(entry, "{}"))
    cache.apply(rows, {}, {})
    cache.index_texts()
    return cache


def found(cache: Cache, query: str, limit: int = 20) -> list[tuple[int, tuple[str, ...]]]:
    """The number of each hit with the words that it lacks."""
    hits = cache.search(parse(query), limit=limit, now=NOW)
    return [(int(hit.entry.id), hit.missing) for hit in hits]


def test_all_words_stand_before_some(cache: Cache) -> None:
    """What lacks a word says which; rarer words weigh more."""
    assert found(cache, "storm harbour") == [(3, ()), (2, ())]
    assert found(cache, "storm harbour tar mast wheat")[:2] == [
        (3, ("tar", "wheat")),
        (2, ("mast", "wheat")),
    ]
    assert (1, ("storm", "harbour", "tar", "mast")) in found(cache, "storm harbour tar mast wheat")


def test_nearness_and_titles_count(cache: Cache) -> None:
    """Of two articles with the same words, the one with them in its title or together is first."""
    assert found(cache, "storm night zeppelin")[0] == (3, ("zeppelin",))


def test_stop_words_never_find_alone(cache: Cache) -> None:
    """They only add to what other words find; a query of nothing else is answered all the same."""
    assert [number for number, _ in found(cache, "the what and dough")] == [0, 1]
    assert found(cache, "what it was")[0] == (9, ())


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("baking", 1),
        ("kneading rises", 0),
        ("haus", 4),
        ("gestrichene häusern", 4),
        ("художники", 5),
        ("ποιητές", 6),
        ("ΔΡΌΜΟΣ", 6),
        ("किताबों", 7),
        ("haeuser", 4),
        ("AI", 10),
        ("email", 10),
        ("e-mail", 10),
        ("A.I.", 10),
        ("München", 11),
        ("mädchen göttingen", 11),
    ],
)
def test_inflected_forms_are_found(cache: Cache, query: str, number: int) -> None:
    """A form of the word in the text's language is no missing word."""
    assert found(cache, query)[0] == (number, ())


def test_the_word_itself_stands_before_its_forms(cache: Cache) -> None:
    assert [number for number, _ in found(cache, "rises")] == [1, 0]
    assert [number for number, _ in found(cache, "rise")] == [0, 1]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ('"dough" zeppelin', [0, 1]),
        ("+wheat rye", [1]),
        ("+baking", []),
        ('"baking"', []),
        ("storm -ship", [2]),
        ("harbour title:boats zeppelin", [2]),
        ("mast boat tag:craft", [2]),
        ("mast tag:craft", []),
        ("(storm zeppelin)", [3, 2]),
        ("(storm OR zeppelin) -ship", [2]),
        ("storm zeppelin sort:added", []),
    ],
)
def test_operators_stay_exact(cache: Cache, query: str, numbers: list[int]) -> None:
    """Quotes, `+`, `-`, fields, groups and an order hold for each hit."""
    assert sorted(number for number, _ in found(cache, query)) == sorted(numbers)


def test_a_tag_counts_as_the_word(cache: Cache) -> None:
    assert found(cache, "craft mast boat")[0] == (2, ("mast",))


def test_scripts_without_spaces_match_by_pairs(cache: Cache) -> None:
    """A sentence finds the text that has parts of it, and names the others."""
    assert found(cache, "新的望远镜很贵") == [(8, ("镜很贵",))]


def test_words_of_very_many_articles_only_add(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their articles are not read; whether a candidate has them is still known."""
    monkeypatch.setattr(ranking, "MAX_POSTINGS", 1)
    assert found(cache, "tar storm harbour")[0] == (2, ())
    assert found(cache, "mast harbour tar") == [(3, ("tar",))]


def test_a_list_has_all_words_first_then_some(cache: Cache) -> None:
    """The positions say which entries lack which words; the first ones lack none."""
    listed = cache.ranked_listing(parse("storm harbour mast"), now=NOW)
    assert [int(entry.id) for entry in listed.entries] == [3, 2]
    assert (listed.complete, dict(listed.missing)) == (1, {1: ("mast",)})
