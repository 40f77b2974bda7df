from pathlib import Path

from reader.settings import load


def test_wrong_settings_name_file_and_line_and_the_rest_counts(tmp_path: Path) -> None:
    """One wrong value is told where it stands; every other value is used."""
    path = tmp_path / "config.toml"
    path.write_text('[look]\ntheme = "paper"\nrows = 9\n\n[keys]\nstar = "x"\n\n[nope]\na = 1\n')
    settings = load(path)
    assert settings.look.theme == "paper"
    assert settings.look.rows == 3
    assert settings.keys == {"star": "x"}
    assert settings.problems == (
        f"{path}:3: rows must be from 1 to 3",
        f"{path}:8: [nope] is no section of the settings",
    )


def test_a_missing_file_is_no_problem(tmp_path: Path) -> None:
    """The defaults stand in where nothing was set."""
    assert load(tmp_path / "config.toml").problems == ()


def test_broken_toml_is_told_and_the_defaults_count(tmp_path: Path) -> None:
    """A file that cannot be parsed does not stop the app."""
    path = tmp_path / "config.toml"
    path.write_text("[look\n")
    assert len(load(path).problems) == 1
