"""Columns of the command line: aligned and wrapped for a terminal, as they were for a pipe."""

from pathlib import Path

import pytest

from reader.cli.columns import Column, Style, layout, wrap
from reader.layout.text_width import width
from tests.cli.conftest import Reader

COLUMNS = (Column(Style.ID), Column(is_flexible=True), Column(Style.DIM, max_width=12))
ROWS = [
    ["ab3d", "A short title", "site.example"],
    ["x9", "A title with many words, so that it needs more than a single line", "a"],
    ["京", "終電の後の長い題名は語の間に空白がないので文字の間で折り返される", "日本"],
]


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.md"
    path.write_text(
        "# A ferry\n\nThe late ferry left the harbour *before* the rain began to fall.\n"
    )
    return str(path)


@pytest.mark.parametrize("total", [50, 80, 120])
def test_lines_fit_and_lose_no_word(total: int) -> None:
    """At any width the words stay in order, and columns begin in the same cell."""
    for row, lines in zip(ROWS, layout(ROWS, COLUMNS, total, colour=False), strict=True):
        assert all(width(line) <= total for line in lines)
        shown = "".join("".join(lines).split())
        assert all(letter in shown for letter in "".join(row[1].split()))
        assert width(lines[0].partition(row[1][:2])[0]) == 6


def test_colour_is_only_in_the_sequences() -> None:
    """The same text with and without colour."""
    plain = list(layout(ROWS, COLUMNS, 60, colour=False))
    coloured = list(layout(ROWS, COLUMNS, 60, colour=True))
    for sequence in ("\x1b[36m", "\x1b[2m", "\x1b[0m"):
        assert any(sequence in line for lines in coloured for line in lines)
        coloured = [[line.replace(sequence, "") for line in lines] for lines in coloured]
    assert [[line.rstrip() for line in lines] for lines in coloured] == plain


def test_words_wider_than_the_column_are_cut() -> None:
    """Nothing is lost of a word without a place to break."""
    assert wrap("abcdefgh ij", 3) == ["abc", "def", "gh", "ij"]
    assert wrap("", 3) == []


def test_help_groups_the_commands_by_job(reader: Reader) -> None:
    """Every command stands in one group."""
    out = reader("--help").out
    assert "Save:\n  add SOURCE…" in out
    from reader.cli.command_table import GROUPS, command_names

    grouped = [name for _, names in GROUPS for name in names]
    assert sorted(grouped) == sorted(command_names())


def test_an_export_goes_to_standard_output(reader: Reader, page: str) -> None:
    """The file alone on standard output, the count on standard error."""
    reader("add", page)
    done = reader("export", "--format", "json", "--to", "-")
    assert done.code == 0
    assert done.out.startswith("{")
    assert "1 article exported" in done.err
    assert reader("export", "--format", "markdown", "--to", "-").code == 2


def test_a_quote_is_highlighted(reader: Reader, page: str) -> None:
    """Spaces may differ; a second time only adds the note; other words are refused."""
    reader("add", page)
    (row,) = reader("list", "--json").json
    quote = "left the harbour before the rain"
    assert reader("highlight", row["id"], quote.replace(" ", "\n")).code == 0
    assert reader("highlight", row["id"][:5], quote.upper(), "--note", "why").code == 0
    (shown,) = reader("highlights", "--json").json
    assert [(mark["quote"], mark["note"]) for mark in shown["highlights"]] == [(quote, "why")]
    assert "does not contain" in reader("highlight", row["id"], "no such words").err


def test_a_highlight_has_a_label(reader: Reader, page: str) -> None:
    """A colour, a word or both replace the label; queries find either; undo takes it back."""
    reader("add", page)
    (row,) = reader("list", "--json").json
    quote = "late ferry"
    done = reader("highlight", row["id"], quote, "--label", "Red to check", "--json").json
    assert (done["color"], done["label"]) == ("red", "to check")
    for query in (
        "label:red",
        'label:"To Check"',
        "label:RED -label:blue",
        "has:highlights label:red",
    ):
        assert [each["id"] for each in reader("list", query, "--json").json] == [row["id"]], query
    for query in ("label:blue", "label:check", "-label:red"):
        assert reader("list", query, "--json").json == [], query
    assert "#red #to-check" in reader("highlights").out
    assert "#red #to-check" in reader("show", row["id"]).out
    assert reader("highlight", row["id"], quote, "--label", "#Idea").code == 0
    (mark,) = reader("show", row["id"], "--json").json["highlights"]
    assert (mark["color"], mark["label"]) == ("", "Idea")
    assert reader("list", "label:red", "--json").json == []
    reader("undo")
    assert reader("list", "label:idea", "--json").json == []
    assert len(reader("list", "label:red", "--json").json) == 1
    assert reader("highlight", row["id"], quote, "--label", "").code == 0
    assert reader("list", "label:red", "--json").json == []
    wrong = reader("list", 'label:""')
    assert (wrong.code, "label: needs a colour or word" in wrong.err) == (2, True)
