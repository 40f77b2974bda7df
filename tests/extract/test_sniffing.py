import random

import pytest

from reader.extract import extract
from reader.extract.input.content_type import reject_binary
from reader.model.errors import NotAnArticleError

TEXT = "Ein Brief über Fähren: sie fahren spät, und niemand am Kai stört sich daran. " * 40


@pytest.mark.parametrize("size", [60, 200, 1000, 20_000, 300_000])
def test_random_bytes_are_no_page(size: int) -> None:
    """However many there are, they are refused, and not kept as a text of signs."""
    for seed in range(20):
        with pytest.raises(NotAnArticleError):
            extract(random.Random(seed).randbytes(size))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_texts_of_any_encoding_are_let_in(encoding: str) -> None:
    """A sign that prints nothing here and there is no reason to refuse a text."""
    reject_binary(TEXT.encode(encoding))
    reject_binary((TEXT + "\x0c\x07" + TEXT).encode(encoding))


@pytest.mark.parametrize("encoding", ["shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5"])
def test_texts_of_many_signs_are_let_in(encoding: str) -> None:
    """The bytes of East Asian encodings are no control characters."""
    reject_binary(("夜の図書館で読む人は静かだ。" * 30).encode(encoding, "ignore"))


def test_a_text_with_many_control_characters_is_refused() -> None:
    """One in ten is no text, even where it is UTF-8."""
    with pytest.raises(NotAnArticleError):
        reject_binary(b"abcdefghi\x01" * 500)
