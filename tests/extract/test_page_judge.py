"""A page is one article or something else; what else it is decides how much unsure text stays."""

import math

import pytest

from reader.extract.content import page_judge
from reader.model.article import Article


def test_certain_chances_promise_a_perfect_choice() -> None:
    assert page_judge.expected_f1([40, 10, 30], [1.0, 0.0, 1.0]) == pytest.approx(1.0)


def test_doubt_lowers_the_expected_f1() -> None:
    doubtful = page_judge.expected_f1([40, 40, 40], [0.5, 0.5, 0.5])
    assert doubtful == pytest.approx(2 * 60 / (120 + 60))
    assert page_judge.expected_f1([], []) == 0.0


def test_the_threshold_of_other_pages_is_half_the_expected_f1() -> None:
    bias = page_judge.keep_bias([40, 40, 40], [0.5, 0.5, 0.5], is_article=False)
    assert 1 / (1 + math.exp(-bias)) == pytest.approx(1 / 3)
    assert page_judge.keep_bias([40], [0.5], is_article=True) == page_judge.ARTICLE_BIAS


@pytest.mark.parametrize("chances", [[0.0, 0.0], [1.0, 1.0]])
def test_the_threshold_stays_within_its_bounds(chances: list[float]) -> None:
    bias = page_judge.keep_bias([10, 10], chances, is_article=False)
    assert 0.01 < 1 / (1 + math.exp(-bias)) < 0.5


def test_the_user_is_reported_what_was_saved_of_other_pages() -> None:
    """An article needs no word; a page that was cut says that first."""
    article = Article("The pier", "It froze.", 2)
    assert article.remark == ""
    for kind in ("thread", "listing", "product", "page"):
        assert "the page" in Article("Boards", "Post.", 1, page_type=kind).remark
    assert "left out" in Article("Boards", "Post.", 1, page_type="thread", cut=True).remark
