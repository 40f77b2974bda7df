"""Containers around blocks: quotes, list items and footnotes, with what stands left of their lines."""

from collections.abc import Iterator
from typing import Final

from reader.layout.text_styles import ColorRole, Decoration
from reader.markdown.events import MAX_NESTING, Event, events

_MARKER: Final = ColorRole.MARKER
Prefix = tuple[Decoration, ...]


class Container:
    """A container around blocks: `first` stands left of its first line, once.

    `prefix` stands left of the other lines, with that of the containers around it; `color` is that
    of their text. Containers deeper than `MAX_NESTING` show nothing.
    """

    __slots__ = ("color", "depth", "first", "has_started", "outer", "prefix")

    def __init__(
        self,
        outer: "Container | None",
        first: Decoration | None,
        prefix: Prefix,
        color: ColorRole | None,
        depth: int,
    ):
        self.outer = outer
        self.first = first
        self.prefix = prefix
        self.color = color
        self.depth = depth
        self.has_started = False

    def first_prefix(self) -> Prefix:
        """Return what stands left of the next line of text."""
        if self.has_started:
            return self.prefix
        marks: list[Decoration] = []
        container: Container | None = self
        while container and not container.has_started:
            if container.first:
                marks.append(container.first)
            container = container.outer
        return (*(container.prefix if container else ()), *reversed(marks))

    def start(self) -> None:
        """Let the container and those around it begin: a block stands in them."""
        container: Container | None = self
        while container and not container.has_started:
            container.has_started = True
            container = container.outer


def make_container(
    outer: Container | None,
    first: Decoration,
    rest: Decoration,
    color: ColorRole | None = None,
) -> Container:
    """Make a container inside another; its text has the color of that one by default."""
    depth = outer.depth + 1 if outer else 1
    before = outer.prefix if outer else ()
    color = color or (outer.color if outer else None)
    if depth > MAX_NESTING:
        return Container(outer, None, before, color, depth)
    return Container(outer, first, (*before, rest), color, depth)


def common_prefix(one: Container | None, other: Container | None) -> Prefix:
    """Return what stands left of the lines of all containers around both."""
    while one is not other:
        if one and (not other or one.depth > other.depth):
            one = one.outer
        elif other and (not one or other.depth > one.depth):
            other = other.outer
        elif one and other:
            one, other = one.outer, other.outer
    return one.prefix if one else ()


class OpenList:
    """A list that is being read: what its items share, and its next number."""

    __slots__ = ("_number", "_pattern", "_width", "is_ordered")

    def __init__(self, outer: Container | None, mark: str, number: int | None, width: int):
        self.is_ordered = number is not None
        self._number = number or 0
        self._width = width
        rest = Decoration(" " * width)
        self._pattern = make_container(outer, Decoration(mark, ColorRole.MARKER), rest)

    def next_item(self) -> Container:
        """Return the container of the next item."""
        pattern = self._pattern
        first = pattern.first
        if self.is_ordered:
            if first:
                text = f"{self._number}.".rjust(self._width - 1) + " "
                first = Decoration(text, _MARKER)
            self._number += 1
        return Container(pattern.outer, first, pattern.prefix, pattern.color, pattern.depth)


class ListLengths:
    """The items of each ordered list of a text, read ahead of its blocks.

    The numbers of a list are as wide as its last one, which stands behind all its items.
    """

    def __init__(self, markdown: str):
        self._markdown = markdown
        self._stream: Iterator[Event] | None = None
        self._taken = 0
        self._begun = 0
        self._open: list[tuple[int, list[int]]] = []
        self._closed: dict[int, int] = {}

    def take(self) -> int:
        """Return the items of the next ordered list, in the order in which lists begin."""
        if self._stream is None:
            self._stream = events(self._markdown)
        wanted, self._taken = self._taken, self._taken + 1
        while wanted not in self._closed:
            self._read_list(self._stream)
        return self._closed.pop(wanted)

    def _read_list(self, stream: Iterator[Event]) -> None:
        """Read to the end of an ordered list."""
        for event in stream:
            if type(event) is not dict:
                continue
            ((kind, value),) = event.items()
            if kind == "Start":
                if value == "Item":
                    self._open[-1][1][0] += 1
                elif type(value) is dict and "List" in value:
                    is_ordered = value["List"] is not None
                    self._open.append((self._begun if is_ordered else -1, [0]))
                    self._begun += is_ordered
            elif kind == "End" and type(value) is dict and "List" in value:
                number, items = self._open.pop()
                if number >= 0:
                    self._closed[number] = items[0]
                    return
