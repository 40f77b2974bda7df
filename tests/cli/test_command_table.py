import pytest

from reader.cli.command_table import COMMANDS, all_options, command_names
from reader.cli.main import command_of, run, sort_words
from reader.model.errors import UsageError

OPTIONS = {"--json": False, "--sort": True, "--query": True, "--tag": True}


def test_an_option_takes_the_next_word_even_with_a_dash() -> None:
    """`--sort -published` and `--query -tag:x` say what they look like."""
    assert sort_words(["--sort", "-published", "--query", "-tag:x"], OPTIONS) == (
        ["--sort=-published", "--query=-tag:x"],
        [],
    )


def test_words_with_one_dash_are_words() -> None:
    """`-tag:x` is a term of a query, `-old` a tag to remove, `-` standard input."""
    assert sort_words(["-tag:x", "+new", "-old", "-", "--json"], OPTIONS) == (
        ["--json"],
        ["-tag:x", "+new", "-old", "-"],
    )


def test_two_dashes_end_options() -> None:
    """A file whose name begins with `--` can be named."""
    assert sort_words(["--json", "--", "--sort"], OPTIONS) == (["--json"], ["--sort"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--sorted", "x"], "did you mean --sort?"),
        (["--sort"], "--sort needs a value"),
        (["--sort", "--", "x"], "--sort needs a value"),
        (["--sort=--"], "--sort needs a value"),
        (["--json=1"], "--json takes no value"),
        (["--js"], "unknown option --js"),
    ],
)
def test_wrong_options_are_reported(words: list[str], said: str) -> None:
    """Options are not abbreviated; a wrong one is told with the nearest right one."""
    with pytest.raises(UsageError, match=r"unknown|needs|takes") as caught:
        sort_words(words, OPTIONS)
    assert said in str(caught.value)


def test_options_may_stand_before_the_command() -> None:
    """`reader --json list` and `reader --sort title list x` work."""
    assert command_of(["--json", "list", "x"], command_names(), all_options()) == (
        "list",
        ["--json", "x"],
    )
    assert command_of(["--sort", "title", "list"], command_names(), all_options()) == (
        "list",
        ["--sort", "title"],
    )
    assert command_of([], command_names(), all_options()) == (None, [])


def test_an_unknown_command_names_the_nearest() -> None:
    """A slip of the finger is answered with the right word."""
    with pytest.raises(UsageError, match="did you mean list"):
        command_of(["lst"], command_names(), all_options())


def test_words_behind_two_dashes_are_not_ignored() -> None:
    """`reader -- list` neither lists nor opens the app without a word."""
    with pytest.raises(UsageError, match="put the command first"):
        run(["--", "list"])


def test_an_option_means_the_same_everywhere() -> None:
    """Words are sorted before the command is known, so a name cannot be a switch and an option."""
    kinds: dict[str, set[bool]] = {}
    for row in COMMANDS:
        for option in row.options:
            kinds.setdefault(option.name, set()).add(bool(option.value))
    assert all(len(kind) == 1 for kind in kinds.values())
