"""One article as exports take it: its record, its text and its pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reader.model.entry import Record


@dataclass(frozen=True, slots=True)
class ExportItem:
    """`markdown` is the body without front matter, empty for a link.

    `picture` gives the bytes of a file named in `record.pictures`, or None where it is missing;
    pictures are read one at a time so that an export of thousands stays small in memory.
    """

    record: Record
    markdown: str = ""
    picture: Callable[[str], bytes | None] = field(default=lambda _name: None, repr=False)

    def pictures(self) -> Mapping[str, str]:
        """Destination in the Markdown to file name, for the pictures that are kept."""
        return self.record.images
