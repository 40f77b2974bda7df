import os
from pathlib import Path

from reader.settings import load


def test_wrong_settings_name_file_and_line_and_the_rest_counts(tmp_path: Path) -> None:
    """One wrong value is reported with its place; every other value is used."""
    path = tmp_path / "config.toml"
    path.write_text('[look]\ntheme = "paper"\nrows = 9\n\n[keys]\nstar = "x"\n\n[nope]\na = 1\n')
    settings = load(path)
    assert settings.look.theme == "paper"
    assert settings.look.rows == 3
    assert settings.keys == {"star": "x"}
    assert settings.problems == (
        f"{path}:3: rows must be from 1 to 3",
        f"{path}:8: [nope] is not a section of the settings",
    )


def test_a_missing_file_is_no_problem(tmp_path: Path) -> None:
    """The defaults stand in where nothing was set."""
    assert load(tmp_path / "config.toml").problems == ()


def test_broken_toml_is_reported_and_the_defaults_count(tmp_path: Path) -> None:
    """A file that cannot be parsed does not stop the app."""
    path = tmp_path / "config.toml"
    path.write_text("[look\n")
    assert len(load(path).problems) == 1
    path.write_text("[look]\nrows = = 3\n")
    assert load(path).problems == (f"{path}:2: Invalid value",)


def test_wrong_views_and_rules_are_left_out(tmp_path: Path) -> None:
    """Each is reported with its place; the right ones count."""
    path = tmp_path / "config.toml"
    path.write_text(
        '[views]\nGood = "is:unread"\nBad = "is:nope"\n\n'
        '[[rules]]\nquery = "a"\ntag = "b"\n\n[[rules]]\nquery = "a"\ndo = "shout"\n\n'
        "[[rules]]\nquery = 1\n"
    )
    settings = load(path)
    assert settings.views == {"Good": "is:unread"}
    assert settings.rules == ({"query": "a", "tag": "b"},)
    at = [problem.removeprefix(str(path)).split(": ")[0] for problem in settings.problems]
    assert at == [":3", ":9", ":13"]
    assert "nope" in settings.problems[0]
    assert "shout" in settings.problems[1]


def test_a_tilde_is_the_users_home(tmp_path: Path, settled: Path) -> None:
    """In paths and in the words of commands; an unknown user name stays as it is."""
    path = tmp_path / "config.toml"
    path.write_text(
        '[fetch]\ndrop = "~/drop"\ncookies = "~nobody-has-this/c.txt"\n'
        '[commands]\npipe = ["~/bin/take", "a~b"]\n'
    )
    settings = load(path)
    assert settings.fetch.drop == str(settled / "drop")
    assert settings.fetch.cookies == "~nobody-has-this/c.txt"
    assert settings.commands.pipe == (str(settled / "bin/take"), "a~b")


def test_settings_without_end_are_not_read_to_it() -> None:
    """A device or a file that was named by mistake is reported."""
    (problem,) = load(Path("/dev/zero")).problems
    assert "too large" in problem


def test_hostile_settings_are_reported_and_the_defaults_count(tmp_path: Path) -> None:
    """Brackets inside each other by the thousand, and a pipe that nobody writes to."""
    path = tmp_path / "config.toml"
    path.write_text("x = " + "[" * 5_000)
    found = load(path)
    assert "too many brackets" in found.problems[0]


def test_a_number_of_too_many_digits_is_named(tmp_path: Path) -> None:
    """Python refuses to convert it."""
    path = tmp_path / "config.toml"
    path.write_text(f"[look]\nrows = {'9' * 100_000}\n")
    (problem,) = load(path).problems
    assert problem.endswith("a number is too long")
    path.unlink()
    os.mkfifo(path)
    assert load(path).problems == ()
