"""Posts of a thread are kept or left out together."""

from reader.extract.content.repeated_blocks import keep_repeated
from reader.extract.content.segmenter import Segmenter
from reader.extract.input.html_parser import parse

LONG = "long enough to be read as a sentence of its own, and then some more words behind it"


def cut(posts: int, name: str = "class='post'") -> Segmenter:
    inside = "".join(
        f"<div {name}><div class='who'>Member {number}</div><div class='text'>Post {number}, {LONG}.</div></div>"
        for number in range(posts)
    )
    body = parse(f"<body>{inside}<p>A last line, {LONG}.</p></body>").root.find("body")
    assert body is not None
    return Segmenter(body)


def kept_of(seen: Segmenter, posts: set[int], apart: frozenset[int] = frozenset()) -> list[str]:
    """What is kept in the end, where the text of these posts was kept at first."""
    kept = [
        any(block.text.startswith(f"Post {number},") for number in posts) for block in seen.blocks
    ]
    keep_repeated(seen.blocks, seen.boxes, apart, kept)
    return [block.text[:6] for block, keep in zip(seen.blocks, kept, strict=True) if keep]


def test_missing_posts_of_a_thread_come_back() -> None:
    """Their text, at the place where the others have it; neither names nor what stands outside."""
    assert kept_of(cut(5), {0, 1, 3}) == [f"Post {number}" for number in range(5)]


def test_few_posts_bring_no_others() -> None:
    """Half of a series, or a series of three, or parts without a name, say nothing."""
    assert kept_of(cut(6), {0, 1, 2}) == ["Post 0", "Post 1", "Post 2"]
    assert kept_of(cut(3), {0, 1}) == ["Post 0", "Post 1"]
    assert kept_of(cut(5, ""), {0, 1, 3}) == ["Post 0", "Post 1", "Post 3"]


def test_what_rules_leave_out_stays_out() -> None:
    """A block that is chrome by itself is no post."""
    seen = cut(5)
    apart = next(n for n, block in enumerate(seen.blocks) if block.text.startswith("Post 2"))
    assert "Post 2" not in kept_of(seen, {0, 1, 3}, frozenset((apart,)))
