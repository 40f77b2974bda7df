"""What comes to the text later: pictures, colours of listings, patterns of hyphenation.

Each is asked for once, when it is close to the screen, and worked out beside the event loop.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from reader.layout.block_layout import room_of
from reader.layout.blocks import Block, Kind
from reader.layout.document import Document, ShownArticle
from reader.layout.half_block_image import Picture
from reader.layout.line_breaking import Hyphens, hyphens_of
from reader.layout.syntax_highlighting import coloured
from reader.ui.messages import WantPicture
from reader.ui.widgets.document_view import FlowView

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""
TALLEST = 24
"""Lines that a picture may take."""


@dataclass
class ColoursReady(Message, bubble=False):
    """Listings of the document have their colours."""

    document: Document


@dataclass
class HyphensReady(Message, bubble=False):
    """The patterns of a language are read; None where it has none."""

    language: str | None
    hyphens: Hyphens | None


class Extras:
    """What has been asked for of one article, and the pictures that came."""

    def __init__(self, view: FlowView):
        self._view = view
        self._asked: set[tuple[str, int, Colour] | int] = set()
        self._pictures: dict[str, Picture] = {}

    def clear(self) -> None:
        """Another text is shown."""
        self._asked = set()
        for picture in self._pictures.values():
            picture.forget()
        self._pictures = {}

    def picture(self, block: int) -> Picture | None:
        """The picture that stands at a block, if it has come."""
        known = self._view.document.blocks[block]
        return self._pictures.get(known.info) if known.kind is Kind.IMAGE else None

    def ask(self, blocks: range, article: ShownArticle, *, pictures: bool) -> None:
        """Ask for what these blocks need."""
        listings: list[int] = []
        for index in blocks:
            block = self._view.document.blocks[index]
            if block.kind is Kind.IMAGE and pictures:
                self._ask_picture(block, article)
            elif block.kind is Kind.CODE and block.info and index not in self._asked:
                self._asked.add(index)
                listings.append(index)
        if listings:
            document = self._view.document
            self._view.run_worker(lambda: self._colour(document, listings), thread=True)

    def _ask_picture(self, block: Block, article: ShownArticle) -> None:
        """Ask for a picture that has not come, or was made for another room or background."""
        view, file = self._view, article.pictures.get(block.info)
        cells, behind = room_of(block, view.fitted), view.background_colors[1].rgb
        known = self._pictures.get(block.info)
        if not (article.folder and file) or (known and known.fits(cells, behind)):
            return
        asked = block.info, cells, behind
        if asked not in self._asked:
            self._asked.add(asked)
            lines = min(TALLEST, max(4, view.size.height - 3))
            view.post_message(
                WantPicture(article.id, block.info, article.folder, file, cells, lines, behind)
            )

    def put_picture(self, name: str, picture: Picture) -> frozenset[int]:
        """Keep a picture; the blocks at which it stands."""
        if former := self._pictures.get(name):
            former.forget()
        self._pictures[name] = picture
        # What it replaces may be wanted again: another width and back, another theme and back.
        self._asked = {each for each in self._asked if isinstance(each, int) or each[0] != name}
        return self.placed(name)

    def placed(self, name: str | None = None) -> frozenset[int]:
        """The blocks at which a picture stands, or any that has come."""
        names = {name} if name is not None else self._pictures.keys()
        blocks = enumerate(self._view.document.blocks)
        return frozenset(i for i, b in blocks if b.kind is Kind.IMAGE and b.info in names)

    def _colour(self, document: Document, listings: Sequence[int]) -> None:
        """In a thread: lexers take long to import, and some to run."""
        for index in listings:
            block = document.blocks[index]
            runs = coloured(block.raw, block.info)
            if runs:
                document.colour(index, runs)
        self._view.post_message(ColoursReady(document))

    def ask_hyphens(self, language: str | None) -> None:
        """Have a language's patterns read; German takes a second."""

        def read() -> None:
            self._view.post_message(HyphensReady(language, hyphens_of(language)))

        self._view.run_worker(read, thread=True)
