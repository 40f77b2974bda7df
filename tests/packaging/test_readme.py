from tests.packaging.readme import README, filled


def test_the_readme_says_what_the_program_does() -> None:
    """Keys and commands stand in one table each; `python -m tests.packaging.readme` copies them."""
    text = README.read_text(encoding="utf-8")
    assert filled(text) == text
