"""The measures and labels of the extraction bench, on texts small enough to count by hand."""

from tests.bench.extraction import labels, measures


def test_labels_follow_the_truth_in_order() -> None:
    """A word that stands in chrome and in the article counts once, where it belongs."""
    blocks = ["Share", "The ice held for a day", "Share", "and then it sang all night", "Share"]
    kept, sizes = labels.by_text(blocks, "The ice held for a day Share and then it sang all night")
    assert kept == [0.0, 1.0, 1.0, 1.0, 0.0]
    assert sizes == [1, 6, 1, 6, 1]


def test_a_block_with_something_inserted_counts_in_part() -> None:
    """What is mostly in the truth is labelled with its share."""
    truth = "one two three four five six seven eight nine ten eleven twelve"
    (share,), _ = labels.by_text(
        ["one two three four five six [edit] seven eight nine ten eleven twelve"], truth
    )
    assert 0.5 < share < 1.0


def test_a_block_that_is_longer_than_what_it_shows_takes_no_room_from_the_next() -> None:
    """The source of a formula stands in the block and not in the truth, which goes on at once."""
    formula = " ".join(f"frac{number}" for number in range(20))
    blocks = [f"one two three four five six seven eight {formula}", "nine ten eleven twelve"]
    kept, _ = labels.by_text(
        blocks, "one two three four five six seven eight nine ten eleven twelve"
    )
    assert kept[1] == 1.0


def test_snippets_label_the_blocks_that_hold_them() -> None:
    """Wanted snippets mark one block, unwanted ones every block they stand in; others stay open."""
    blocks = ["The ice held", "Share this", "Share this", "Nothing known"]
    assert labels.by_snippets(blocks, ["ice  held"], ["Share"]) == [1.0, 0.0, 0.0, None]


def test_scores_of_a_perfect_and_an_empty_page() -> None:
    """All shingles hit, or all missed."""
    words = ["a", "b", "c", "d", "e", "f"]
    assert measures.page_score(words, words) == (1.0, 0.0, 0.0)
    assert measures.page_score(words, []) == (0.0, 0.0, 1.0)
    assert measures.summary([(1.0, 0.0, 0.0)]) == (1.0, 1.0, 1.0)
