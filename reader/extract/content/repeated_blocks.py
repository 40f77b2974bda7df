"""Parts of a page that are made alike and stand in a row: the posts of a thread, a day's entries."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from reader.extract.content.segmenter import Block, Box, ancestors

MIN_SERIES: Final = 4
"""Parts in a row from which they are one series."""
MIN_SELECTED_SHARE: Final = 0.6
"""Share of the parts with text, from which the others belong to the article too."""
_UNITS: Final = frozenset(("article", "div", "li", "section", "table", "tr"))
_MIN_PROSE_CHARS: Final = 60
"""Characters of a line without links that is more than a name or a date."""


def keep_repeated(
    blocks: Sequence[Block], boxes: Sequence[Box], apart: Collection[int], kept: list[bool]
) -> None:
    """Keep, where most parts of a series are kept, what stands in the others at the same place.

    A thread can't be followed when two of its posts are missing. `apart` are numbers of blocks
    that are left out whatever stands beside them. Linear in blocks and boxes.
    """
    for units in _repeated_boxes(boxes):
        chosen = [unit for unit in units if any(kept[unit.first_block : unit.end_block])]
        spoken = [
            unit for unit in units if any(map(_is_prose, blocks[unit.first_block : unit.end_block]))
        ]
        if len(spoken) < MIN_SERIES or len(chosen) < MIN_SELECTED_SHARE * len(spoken):
            continue
        places: dict[tuple[str, ...], list[bool]] = defaultdict(list)
        for unit in chosen:
            for number in range(unit.first_block, unit.end_block):
                places[_path_in_unit(blocks[number], unit)].append(kept[number])
        for unit in units:
            if any(kept[unit.first_block : unit.end_block]):
                continue
            for number in range(unit.first_block, unit.end_block):
                found = places.get(_path_in_unit(blocks[number], unit), ())
                kept[number] = number not in apart and 2 * sum(found) > len(found)


def _repeated_boxes(boxes: Sequence[Box]) -> Iterator[list[Box]]:
    """Boxes beside one another of one kind and class that hold several lines each."""
    rows: dict[tuple[Box, str, str], list[Box]] = defaultdict(list)
    for box in boxes:
        name = box.element.get("class")
        if (
            name
            and box.parent is not None
            and box.element.tag in _UNITS
            and box.end_block - box.first_block > 1
        ):
            rows[box.parent, box.element.tag, " ".join(name.split())].append(box)
    return (units for units in rows.values() if len(units) >= MIN_SERIES)


def _is_prose(block: Block) -> bool:
    return len(block.text) > _MIN_PROSE_CHARS and 2 * block.linked_chars < len(block.text)


def _path_in_unit(block: Block, unit: Box) -> tuple[str, ...]:
    """Where a block stands inside a part: the kinds and classes of the boxes around it."""
    found: list[str] = []
    for box in ancestors(block.box):
        if box is unit:
            break
        found.append(f"{box.element.tag}.{box.element.get('class') or ''}")
    return tuple(found)
