"""Series of similar parts of a page: posts of a thread, entries of a day."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from reader.extract.content.segmenter import Block, Box, ancestors

MIN_SERIES: Final = 4
"""Parts in a row from which they are a series."""
MIN_SELECTED_SHARE: Final = 0.6
"""Share of the parts, and of a place in them, that is kept, from which the others are too."""
_UNITS: Final = frozenset(("article", "div", "li", "section", "table", "tr"))
_MIN_PROSE_CHARS: Final = 60
"""Characters of a line without links that is longer than a name or a date."""


def keep_repeated(
    blocks: Sequence[Block], boxes: Sequence[Box], excluded: Collection[int], kept: list[bool]
) -> None:
    """Keep all parts of a series of which most are kept, each with the same places.

    A thread without two of its posts cannot be followed. `excluded` are numbers of blocks that
    are never kept. Linear in blocks and boxes.
    """
    for units in _repeated_boxes(boxes):
        chosen = [unit for unit in units if any(kept[unit.first_block : unit.end_block])]
        with_prose = [
            unit for unit in units if any(map(_is_prose, blocks[unit.first_block : unit.end_block]))
        ]
        if len(with_prose) < MIN_SERIES or len(chosen) < MIN_SELECTED_SHARE * len(with_prose):
            continue
        places: dict[tuple[str, ...], list[bool]] = defaultdict(list)
        for unit in chosen:
            for number in range(unit.first_block, unit.end_block):
                places[_path_in_unit(blocks[number], unit)].append(kept[number])
        for unit in units:
            numbers = range(unit.first_block, unit.end_block)
            share = MIN_SELECTED_SHARE if any(kept[number] for number in numbers) else 0.5
            for number in numbers:
                found = places.get(_path_in_unit(blocks[number], unit), ())
                if number not in excluded and sum(found) > share * len(found):
                    kept[number] = True


def _repeated_boxes(boxes: Sequence[Box]) -> Iterator[list[Box]]:
    """Yield siblings of one tag and class that have several lines each."""
    rows: dict[tuple[Box, str, str], list[Box]] = defaultdict(list)
    for box in boxes:
        name = box.class_name
        if (
            name
            and box.parent is not None
            and box.tag in _UNITS
            and box.end_block - box.first_block > 1
        ):
            rows[box.parent, box.tag, " ".join(name.split())].append(box)
    return (units for units in rows.values() if len(units) >= MIN_SERIES)


def _is_prose(block: Block) -> bool:
    return len(block.text) > _MIN_PROSE_CHARS and 2 * block.linked_chars < len(block.text)


def _path_in_unit(block: Block, unit: Box) -> tuple[str, ...]:
    """Return the tags and classes of the boxes around a block inside a part."""
    found: list[str] = []
    for box in ancestors(block.box):
        if box is unit:
            break
        found.append(f"{box.tag}.{box.class_name}")
    return tuple(found)
