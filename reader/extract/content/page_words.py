"""Words and proportions that set the types of other pages apart from articles."""

import math
import re
from collections.abc import Collection, Sequence
from typing import Final

from reader.extract.content.patterns import NAME_GROUPS, name_groups
from reader.extract.content.segmenter import Block, Box

MAX_CHARS: Final = 200
"""Characters of a block whose words are counted: lines that tell the type are short."""
MAX_SHORT: Final = 40
"""Characters of a line that is a label, a price, a name."""
MIN_SERIES: Final = 4
"""Siblings of one class with several lines each that are a series."""
MAX_SERIES: Final = 60.0
"""Items of a series that count: the feature of a longer list is the same."""
_WORD: Final = re.compile(r"\w+")
_ASCII_WORD: Final = re.compile("[a-z0-9_]+")
"""The same in ASCII text in lower case, which takes two thirds of the time."""
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_CURRENCIES: Final = frozenset("$€£¥₹₽")
_KINDS: Final = {
    "shop": (
        "cart basket bag wishlist checkout sku quantity shipping stock delivery warenkorb panier carrito"
        " lieferung versand livraison"
    ),
    "rating": "review reviews rating ratings stars bewertungen avis reseñas",
    "thread": (
        "reply replies post posts joined topic thread answer answers vote votes upvote member"
        " forum antworten beiträge mitglied"
    ),
    "reference": (
        "install parameter parameters returns argument arguments syntax example examples function"
        " class version default deprecated api"
    ),
    "offer": (
        "contact team services clients customers mission trial pricing testimonials started solutions"
        " demo request quote kontakt leistungen"
    ),
}
"""Words of a type's labels."""
_KIND_OF: Final = {
    word: number for number, words in enumerate(_KINDS.values()) for word in words.split()
}
_COMMENT_GROUP: Final = list(NAME_GROUPS).index("comment")

PAGE_WORDS: Final = (
    *(f"lines_{kind}" for kind in _KINDS),
    "lines_price",
    "lines_date",
    "short_share",
    "link_lines",
    "headline_links",
    "prose_share",
    "comment_share",
    "item_count",
    "item_share",
    "mean_length",
)


def page_words(blocks: Sequence[Block], boxes: Sequence[Box], prose: Sequence[int]) -> list[float]:
    """Return the numbers in the order of `PAGE_WORDS`. Linear."""
    kinds = [0] * len(_KINDS)
    prices = dates = short = links = headlines = total = 0
    # Lines of menus and lists come again.
    known: dict[str, tuple[Collection[int], bool, bool]] = {}
    for block in blocks:
        text = block.text
        size = len(text)
        total += size
        short += size < MAX_SHORT
        if block.linked_chars > 0.8 * size:
            links += 1
            headlines += size > 30
        facts = known.get(text)
        if facts is None:
            facts = known[text] = _line_facts(block)
        for kind in facts[0]:
            kinds[kind] += 1
        prices += facts[1]
        dates += facts[2]
    count = max(1, len(blocks))
    chars = max(1, total)
    items, item_chars = _largest_series(boxes)
    return [
        *(math.log1p(number) for number in kinds),
        math.log1p(prices),
        math.log1p(dates),
        short / count,
        links / count,
        headlines / count,
        sum(prose) / chars,
        _comment_chars(boxes) / chars,
        min(MAX_SERIES, float(items)),
        item_chars / chars,
        math.log1p(chars / count),
    ]


def _line_facts(block: Block) -> tuple[Collection[int], bool, bool]:
    """Return the types whose words a line has, and whether it has a price and a date."""
    head = block.text[:MAX_CHARS]
    words = block.words if len(block.text) <= MAX_CHARS else ()
    if not words:
        lowered = head.lower()
        words = (_ASCII_WORD if lowered.isascii() else _WORD).findall(lowered)
    return (
        {_KIND_OF[word] for word in words if word in _KIND_OF}
        if any(map(_KIND_OF.__contains__, words))
        else (),
        "$" in head if head.isascii() else not _CURRENCIES.isdisjoint(head),
        "ago" in words or (("19" in head or "20" in head) and _YEAR.search(head) is not None),
    )


def _largest_series(boxes: Sequence[Box]) -> tuple[int, int]:
    """Return the number of boxes and the characters of the largest series of siblings."""
    series: dict[tuple[int, str, str], list[int]] = {}
    for box in boxes:
        if box.parent is not None and box.end_block - box.first_block > 1:
            sums = series.setdefault((id(box.parent), box.tag, box.class_name), [0, 0])
            sums[0] += 1
            sums[1] += box.chars
    found = [(chars, number) for number, chars in series.values() if number >= MIN_SERIES]
    chars, number = max(found, default=(0, 0))
    return number, chars


def _comment_chars(boxes: Sequence[Box]) -> int:
    """Return the characters in boxes named for comments."""
    found = end = 0
    for box in boxes:
        if box.first_block >= end and box.names and _COMMENT_GROUP in name_groups(box.names):
            found += box.chars
            end = box.end_block
    return found
