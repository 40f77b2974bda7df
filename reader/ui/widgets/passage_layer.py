"""The passage that is read aloud, and the place where reading along continues."""

from reader.layout.document import Document
from reader.layout.keyboard_selection import TextPosition
from reader.layout.read_along import Passage, ReadAlong


class PassageLayer:
    """The marked passage of a document, if any, and the place of the latest one.

    The place stays when the passage ends, so that reading aloud, speed reading and the saved
    position share it.
    """

    def __init__(self, document: Document):
        self.along = ReadAlong(document)
        self.passage: Passage | None = None
        self.place: TextPosition | None = None

    def mark(self, passage: Passage) -> None:
        """Mark a passage; its start is the place."""
        self.passage = passage
        self.place = TextPosition(passage.block, passage.start)

    def moved_to(self, document: Document, blocks: int) -> "PassageLayer":
        """Return the layer for the same text below a header with that many blocks more."""
        moved = PassageLayer(document)
        if self.passage is not None:
            moved.passage = self.passage._replace(block=self.passage.block + blocks)
        if self.place is not None:
            moved.place = self.place._replace(block=self.place.block + blocks)
        return moved

    def span(self, block: int) -> tuple[int, int] | None:
        """Return the marked range of a block."""
        if self.passage is None or self.passage.block != block:
            return None
        return self.passage.start, self.passage.end
