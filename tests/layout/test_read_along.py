"""Sentences and words of a document, for reading aloud and speed reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.layout.document import Document
from reader.layout.keyboard_selection import TextPosition
from reader.layout.read_along import (
    MAX_SENTENCE,
    MAX_WORD,
    Passage,
    ReadAlong,
    display_share,
)

TEXT = """# The ferry

Mr. Lim counts *slowly*.[^1] “It waits,” she said! And then?

```python
print("never spoken")
```

- One crate
- Two crates; a goat, and a piano

| Boat | Time |
|---|---|
| Dawn | 25 minutes |

---

夜の図書館で読む。静かな部屋。

[^1]: Nobody asked her to.
"""


def sentences(along: ReadAlong) -> list[Passage]:
    """Return every sentence from the beginning on."""
    found = []
    passage = along.sentence_at(TextPosition(0, 0))
    while passage is not None:
        found.append(passage)
        passage = along.next_sentence(passage)
    return found


def test_sentences_follow_each_other() -> None:
    """Every block that is read but code, without the numbers of notes; the same backwards."""
    along = ReadAlong(Document(TEXT))
    found = sentences(along)
    assert [along.text(each) for each in found] == [
        "The ferry",
        "Mr. Lim counts slowly.",
        "“It waits,” she said!",
        "And then?",
        "One crate",
        "Two crates; a goat, and a piano",
        *along_cells(along, found),
        "夜の図書館で読む。",
        "静かな部屋。",
        "Nobody asked her to.",
    ]
    back = [found[-1]]
    while (previous := along.previous_sentence(back[-1])) is not None:
        back.append(previous)
    assert back[::-1] == found
    assert along.previous_sentence(found[0]) is None
    assert [along.is_last_of_block(each) for each in found[:4]] == [True, False, False, True]


def along_cells(along: ReadAlong, found: list[Passage]) -> list[str]:
    """Return what is read of the table: each cell is in it once."""
    cells = [along.text(each) for each in found[6:-3]]
    assert "Boat" in " ".join(cells)
    assert " ".join(cells).count("25 minutes") == 1
    return cells


def test_a_place_is_in_its_sentence() -> None:
    """The sentence that holds the offset, or the next one; None behind the text."""
    document = Document("First one. Second one.\n\n```\ncode\n```\n\nLast one.")
    along = ReadAlong(document)
    for offset, text in ((0, "First one."), (9, "First one."), (10, "Second one.")):
        found = along.sentence_at(TextPosition(0, offset))
        assert found is not None
        assert along.text(found) == text
    beyond = along.sentence_at(TextPosition(0, 22))
    assert beyond is not None
    assert along.text(beyond) == "Last one."
    assert along.sentence_at(TextPosition(2, 9)) is None
    assert ReadAlong(Document("")).sentence_at(TextPosition(0, 0)) is None
    assert ReadAlong(Document("---\n\n```\na\n```")).sentence_at(TextPosition(0, 0)) is None


@given(st.lists(st.text("ab .!?,;\n-–/漢字かな。、é\u0301👩‍🚀", max_size=80), max_size=6))
def test_words_are_the_text(parts: list[str]) -> None:
    """Words lie in their sentence in order, leave out white space only, and are short."""
    document = Document("\n\n".join(parts))
    along = ReadAlong(document)
    for sentence in sentences(along):
        text = document.inline_text(sentence.block).text
        at = sentence.start
        for word in along.words(sentence):
            assert not text[at : word.start].strip()
            assert sentence.start <= word.start < word.end <= sentence.end
            assert word.end - word.start <= MAX_WORD + 60 or not text[word.start :][:1].isalnum()
            at = word.end
        assert not text[at : sentence.end].strip()


def test_long_sentences_and_words_are_split() -> None:
    """A sentence between words, a word at its hyphens, text without spaces by two signs."""
    along = ReadAlong(Document("word " * 2_000 + "\n\n" + "a" * 5_000))
    found = sentences(along)
    assert len(found) > 20
    assert all(each.end - each.start <= MAX_SENTENCE for each in found)
    assert all(along.text(each)[:4] in ("word", "aaaa") for each in found)
    document = Document("state-of-the-art-of-navigation 夜の図書館で、読む。")
    along = ReadAlong(document)
    (first, *_) = sentences(along)
    text = document.inline_text(0).text
    shown = [text[word.start : word.end] for word in along.words(first)]
    assert shown == ["state-of-the-art-", "of-navigation", "夜の", "図書", "館で、", "読む。"]


def test_a_text_that_is_parsed_in_parts_is_read_to_its_end() -> None:
    """The document adds blocks only when they are needed."""
    document = Document("\n\n".join(f"Paragraph number {n} is here." for n in range(3_000)))
    assert document.pending
    assert len(sentences(ReadAlong(document))) == 3_000


@pytest.mark.parametrize(
    ("word", "longer"),
    [("word", "word,"), ("word,", "word."), ("word", "internationally"), ("said", "said?”")],
)
def test_pauses_stand_where_eyes_rest(word: str, longer: str) -> None:
    """A comma is longer than nothing, a full stop longer than a comma, a paragraph longest."""
    assert display_share(word) < display_share(longer)
    assert display_share(longer) < display_share(longer, ends_block=True)
    assert display_share("plain") == 1.0


def test_the_number_of_a_note_is_not_shown_as_a_word() -> None:
    """It neither hangs on its word nor stands alone, and a sentence's end keeps its pause."""
    along = ReadAlong(Document("She waits.[^1] So do we [^2] now.\n\n[^1]: A.\n\n[^2]: B.\n"))
    first, second, *_ = sentences(along)
    shown = [along.text(word) for each in (first, second) for word in along.words(each)]
    assert shown == ["She", "waits.", "So", "do", "we", "now."]
