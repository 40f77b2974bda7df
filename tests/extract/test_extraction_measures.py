"""The measures and labels of the extraction bench, on texts small enough to count by hand."""

import json
from pathlib import Path

from tests.bench.extraction import labels, measures, samples

SENTENCES = (
    "The harbour froze for the first time in sixty years, and nobody had skates that fitted.",
    "By noon the butcher had closed his shop, hung a lantern on the pier, and walked out.",
    "An engineer drilled eleven holes, measured each of them, and wrote the numbers down.",
)


def test_labels_follow_the_truth_in_order() -> None:
    """A word that stands in chrome and in the article counts once, where it belongs."""
    blocks = ["Share", "The ice held for a day", "Share", "and then it sang all night", "Share"]
    kept, sizes = labels.by_text(blocks, "The ice held for a day Share and then it sang all night")
    assert kept == [0.0, 1.0, 1.0, 1.0, 0.0]
    assert sizes == [1, 6, 1, 6, 1]


def test_a_heading_is_not_the_word_that_the_next_paragraph_begins_with() -> None:
    """The blocks may overlap by a word or two, but none lies inside the other."""
    kept, _ = labels.by_text(["Ice", "Ice held for a day"], "Ice held for a day")
    assert kept == [0.0, 1.0]
    kept, _ = labels.by_text(["Ice", "Ice held for a day"], "Ice Ice held for a day")
    assert kept == [1.0, 1.0]


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


def test_what_a_truth_cannot_judge_is_not_trained_on(tmp_path: Path) -> None:
    """A formula's source has no label if the truth lacks it; a hidden copy is no block at all."""
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    formula = r"<p><script type='math/tex'>\frac{h}{\sqrt{2}} = \sum_k d_k</script></p>"
    folder = tmp_path / "readability"
    folder.mkdir()
    (folder / "ice.html").write_text(
        f"<body><article>{text}{formula}</article><div hidden>{text}</div><p>Terms</p></body>"
    )
    (folder / "truth.json").write_text(json.dumps({"ice": {"text": " ".join(SENTENCES)}}))
    (sample,) = samples.load(tmp_path, 5)
    assert sample.labels == [1.0, 1.0, 1.0, None, 0.0]
    assert [weight > 0 for weight in sample.weights] == [True] * 3 + [False, True]


def test_scores_of_a_perfect_and_an_empty_page() -> None:
    """All shingles hit, or all missed."""
    words = ["a", "b", "c", "d", "e", "f"]
    assert measures.page_score(words, words) == (1.0, 0.0, 0.0)
    assert measures.page_score(words, []) == (0.0, 0.0, 1.0)
    assert measures.summary([(1.0, 0.0, 0.0)]) == (1.0, 1.0, 1.0)
