from tests.packaging.picture import PICTURE, drawn
from tests.packaging.readme import README, filled


def test_the_readme_says_what_the_program_does() -> None:
    """Keys and commands stand in one table each; `make tables` copies them."""
    text = README.read_text(encoding="utf-8")
    assert filled(text) == text


def test_the_image_shows_the_app_as_it_is() -> None:
    """`make picture` draws it anew; look at it before it is kept."""
    kept = PICTURE.read_text(encoding="utf-8")
    assert drawn(lambda picture: picture == kept) == kept
