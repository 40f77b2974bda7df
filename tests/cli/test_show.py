from pathlib import Path

import pytest

from reader import paths, resources
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.model.highlight import Highlight
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.cli.conftest import Reader


@pytest.fixture
def essay(reader: Reader, settled: Path) -> EntryId:
    """Three samples, one of them highlighted, starred and finished."""
    ids = []
    for name in ("salt-flats-essay.html", "commonplace-singlefile.html", "ferry-news.html"):
        ids.append(
            reader("add", str(resources.sample_articles() / name), "--tag", "t").out.split()[0]
        )
    with Workspace(paths.find(), Settings()) as workspace:
        mark = Highlight(
            "h1", "nothing in it twice", "There is ", ".", 10, "=mine", "2026-01-01T00:00:00Z"
        )
        workspace.library.change(
            {EntryId(ids[0]): Change(add_highlights=(mark,), note="A note", finished=True)},
            step="x",
        )
    return EntryId(ids[0])


def test_a_summary_is_in_the_articles_own_words(reader: Reader, essay: EntryId) -> None:
    """Whole sentences, then phrases."""
    found = reader("show", essay, "--summary", "--json").json
    text = reader("show", essay, "--json").json["markdown"]
    assert len(found["sentences"]) == 3
    assert found["phrases"]
    assert " ".join(found["sentences"][0].split()[:4]) in text.replace("*", "")


def test_highlights_are_listed_over_the_library(reader: Reader, essay: EntryId) -> None:
    """Each with its article; a query chooses among them."""
    (row,) = reader("highlights", "--json").json
    assert (row["id"], row["note"]) == (essay, "A note")
    assert row["highlights"][0]["quote"] == "nothing in it twice"
    assert "> nothing in it twice" in reader("highlights", "tag:t").out
    assert reader("highlights", "is:starred", "--json").json == []


def test_related_names_the_pages_own_and_the_librarys(reader: Reader, essay: EntryId) -> None:
    """The page's related articles keep source and age."""
    ferry = next(row["id"] for row in reader("list", "--json").json if "ferry" in row["title"])
    found = reader("related", ferry, "--json").json
    assert {"title", "source", "age", "url"} == set(found["page"][0])
    assert found["page"][0]["source"] == "The Harbour Post"
    assert isinstance(found["library"], list)


def test_a_digest_is_markdown(reader: Reader, essay: EntryId) -> None:
    """Headings with lists, of what is not read yet."""
    out = reader("digest").out
    assert out.startswith("# Digest of ")
    assert "The long walk home" not in out


def test_statistics_count_what_was_finished(reader: Reader, essay: EntryId) -> None:
    """Numbers as JSON, and as lines."""
    found = reader("stats", "--json").json
    assert (found["saved"], found["finished"], found["highlights"]) == (3, 1, 1)
    assert "finished  1" in reader("stats").out


def test_a_search_finds_by_some_of_the_words(reader: Reader, essay: EntryId) -> None:
    """Words that an article lacks are struck out, and named in JSON; quotes and `+` ask for them."""
    done = reader("search", "mangosteens", "zeppelin")
    assert done.code == 0
    assert done.out.endswith("    ~~zeppelin~~\n")
    assert "no article has all of the words" in done.err
    assert reader("search", "mangosteens zeppelin", "--json").json[0]["missing"] == ["zeppelin"]
    assert reader("search", "mangosteens", "--json").json[0]["missing"] == []
    assert reader("search", "mangosteens +zeppelin", "--json").json == []
    assert reader("list", "mangosteens zeppelin", "--json").json == []


def test_a_misspelt_search_suggests(reader: Reader, essay: EntryId) -> None:
    """Nothing found is said, with the nearest words that are there."""
    assert "mangosteens" in reader("search", "mangosteens").out
    done = reader("search", "mangostens")
    assert (done.code, done.out) == (0, "")
    assert "mangosteens" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list"], "nothing found"),
        (["list", "tag:none"], "nothing found"),
        (["search", "none"], "nothing found"),
        (["highlights"], "no highlights found"),
        (["trash"], "the trash is empty"),
        (["tags"], "no article has a tag"),
    ],
)
def test_a_command_that_finds_nothing_says_so(
    reader: Reader, settled: Path, words: list[str], said: str
) -> None:
    """Standard output stays empty, for scripts; with --json it is an empty list."""
    done = reader(*words)
    assert (done.code, done.out, done.err) == (0, "", f"reader: {said}\n")
    assert reader(*words, "--json").json == []


def test_an_undone_tag_is_named_as_it_was_done(reader: Reader, essay: EntryId) -> None:
    """The step reads like the message of the change."""
    assert reader("tags", "rename", "t", "u").out == "Renamed #t to #u: 3 articles\n"
    assert reader("undo").out == "Undone: renamed #t to #u: 3 articles\n"


def test_a_tag_is_not_renamed_to_its_own_name(reader: Reader, essay: EntryId) -> None:
    """The message is about the name, since the tag exists; a typed `#` is not shown twice."""
    done = reader("tags", "rename", "t", "#t")
    assert (done.code, done.err) == (2, "reader: t is the name that the tag has already\n")
    assert reader("tags", "rename", "t", "#u").out == "Renamed #t to #u: 3 articles\n"


@pytest.mark.parametrize("command", [["rm"], ["restore"], ["mark", "--star"], ["tag", "+x"]])
def test_an_empty_query_changes_nothing(reader: Reader, essay: EntryId, command: list[str]) -> None:
    """A script whose variable is empty must not change every article."""
    done = reader(*command, "--query", " ", "--yes")
    assert (done.code, done.out) == (2, "")
    assert "--query is empty" in done.err
    assert len(reader("list", "--json").json) == 3


def test_articles_are_restored_by_a_query(reader: Reader, essay: EntryId) -> None:
    """It finds only those in the trash; without a terminal it needs --yes, like each query."""
    assert reader("rm", "--query", "-is:trashed", "--yes").out == "Moved 3 articles to Trash\n"
    assert reader("restore", "--query", "ferry OR salt").code == 2
    done = reader("restore", "--query", "has:highlights OR title:ferry", "--yes")
    assert done.out == "Restored 2 articles\n"
    assert len(reader("trash", "--json").json) == 1
