from pathlib import Path

import pytest

from reader import resources
from tests.extract.samples import beside, pages, written


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_sample_comes_out_as_expected(page: Path) -> None:
    """Nothing of the article is lost and no chrome stays; `make samples` writes it anew."""
    assert written(page) == beside(page).read_text(encoding="utf-8")


def test_every_page_of_the_folder_is_a_sample() -> None:
    """Nothing lies there that the app never shows."""
    known = {"samples.toml", *(path.name for page in pages() for path in (page, beside(page)))}
    assert {path.name for path in resources.sample_articles().iterdir()} == known
