"""An article to be exported: its record, its text and its images."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reader.model.entry import Record


@dataclass(frozen=True, slots=True)
class ExportItem:
    """`markdown` is the body without front matter, empty for a link.

    `picture` returns the bytes of a file named in `record.images`, or None if it is missing. Images
    are read one at a time, so that an export of thousands stays small in memory.
    """

    record: Record
    markdown: str = ""
    picture: Callable[[str], bytes | None] = field(default=lambda _name: None, repr=False)

    def pictures(self) -> Mapping[str, str]:
        """Destination in the Markdown to file name, for the pictures that are kept."""
        return self.record.images
