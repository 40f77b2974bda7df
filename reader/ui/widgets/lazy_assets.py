"""Lazily loaded parts of an article: images, code colors, hyphenation patterns.

Each is requested once, when it is close to the screen, and loaded in a thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from reader.layout.block_layout import text_width
from reader.layout.blocks import Block, BlockKind
from reader.layout.document import Document, ShownArticle
from reader.layout.half_block_image import Image
from reader.layout.line_breaking import Hyphenator, load_hyphenator
from reader.layout.syntax_highlighting import highlight_code
from reader.ui.messages import RequestImage
from reader.ui.widgets.document_view import DocumentView

RGB = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""
MAX_IMAGE_LINES = 24
"""Maximal lines of an image."""


@dataclass
class CodeColorsReady(Message, bubble=False):
    """Code blocks of the document were colored."""

    document: Document


@dataclass
class HyphenatorReady(Message, bubble=False):
    """The patterns of a language were loaded; None if it has none."""

    language: str | None
    hyphenator: Hyphenator | None


class LazyAssets:
    """Requests made for one article, and the images that were loaded."""

    def __init__(self, view: DocumentView):
        self._state = view
        self._requested: set[tuple[str, int, RGB] | int] = set()
        self._images: dict[str, Image] = {}

    def clear(self) -> None:
        """Forget everything: another article is shown."""
        self._requested = set()
        for picture in self._images.values():
            picture.release()
        self._images = {}

    def image_of(self, block: int) -> Image | None:
        """Return the image of a block, if it is loaded."""
        known = self._state.document.blocks[block]
        return self._images.get(known.info) if known.kind is BlockKind.IMAGE else None

    def request(self, blocks: range, article: ShownArticle, *, pictures: bool) -> None:
        """Request the assets of these blocks."""
        listings: list[int] = []
        for index in blocks:
            block = self._state.document.blocks[index]
            if block.kind is BlockKind.IMAGE and pictures:
                self._request_image(block, article)
            elif block.kind is BlockKind.CODE and block.info and index not in self._requested:
                self._requested.add(index)
                listings.append(index)
        if listings:
            document = self._state.document
            self._state.run_worker(lambda: self._color_code(document, listings), thread=True)

    def _request_image(self, block: Block, article: ShownArticle) -> None:
        """Request an image that is not loaded, or was made for another size or background."""
        view, file = self._state, article.images.get(block.info)
        cells, behind = text_width(block, view.fitted_options), view.background_colors[1].rgb
        known = self._images.get(block.info)
        if not (article.folder and file) or (known and known.fits(cells, behind)):
            return
        asked = block.info, cells, behind
        if asked not in self._requested:
            self._requested.add(asked)
            lines = min(MAX_IMAGE_LINES, max(4, view.size.height - 3))
            view.post_message(
                RequestImage(article.id, block.info, article.folder, file, cells, lines, behind)
            )

    def add_image(self, name: str, picture: Image) -> frozenset[int]:
        """Store an image; return the blocks that show it."""
        if former := self._images.get(name):
            former.release()
        self._images[name] = picture
        # The replaced image may be needed again: another width and back, another theme and back.
        self._requested = {
            each for each in self._requested if isinstance(each, int) or each[0] != name
        }
        return self.blocks_with_image(name)

    def blocks_with_image(self, name: str | None = None) -> frozenset[int]:
        """Return the blocks that show an image, or any loaded image."""
        names = {name} if name is not None else self._images.keys()
        blocks = enumerate(self._state.document.blocks)
        return frozenset(i for i, b in blocks if b.kind is BlockKind.IMAGE and b.info in names)

    def _color_code(self, document: Document, listings: Sequence[int]) -> None:
        """Color code blocks; runs in a thread, because lexers are slow to import and to run."""
        for index in listings:
            block = document.blocks[index]
            runs = highlight_code(block.content.text, block.info)
            if runs:
                document.set_color_runs(index, runs)
        self._state.post_message(CodeColorsReady(document))

    def request_hyphenator(self, language: str | None) -> None:
        """Load a language's patterns in a thread; German takes a second."""

        def read() -> None:
            self._state.post_message(HyphenatorReady(language, load_hyphenator(language)))

        self._state.run_worker(read, thread=True)
