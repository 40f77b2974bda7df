"""Changes as journal lines, ready to be appended."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reader.library.clock import Stamp
from reader.library.lines import MAX_LINE, encode


@dataclass(frozen=True, slots=True)
class Draft:
    """One line: its bytes with checksum and end, and the value that reading them gives."""

    content: bytes
    value: dict[str, Any]


def drafted(
    changes: Mapping[str, Mapping[str, Any]],
    clock: Callable[[], tuple[int, int]],
    ahead: Callable[[str, str], Stamp | None],
) -> Iterator[Draft]:
    """Lines for the changes of one step, each whole in itself, at most about `MAX_LINE` long.

    `ahead` gives the clock of a field that a device of the future wrote: such a field gets a line
    of its own with that clock, counter + 1, so that the change holds.
    """
    rows: list[dict[str, Any]] = []
    size = 0
    for entry_id, fields in changes.items():
        rest: dict[str, Any] = {}
        for name, value in fields.items():
            stamp = ahead(entry_id, name)
            if stamp is None:
                rest[name] = value
            else:
                alone = {"o": "set", "i": entry_id, "f": {name: value}}
                yield _draft([alone], (stamp.ms, stamp.counter + 1))
        if rest:
            rows.append({"o": "set", "i": entry_id, "f": rest})
            size += sum(len(str(value)) + len(name) for name, value in rest.items()) + 40
        if size > MAX_LINE:
            yield _draft(rows, clock())
            rows, size = [], 0
    if rows:
        yield _draft(rows, clock())


def _draft(rows: list[dict[str, Any]], clock: tuple[int, int]) -> Draft:
    value: dict[str, Any] = {"c": list(clock)}
    value |= rows[0] if len(rows) == 1 else {"ops": rows}
    content = encode(value)
    return Draft(content, json.loads(content[9:]))
