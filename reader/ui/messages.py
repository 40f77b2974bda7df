"""Messages of widgets: facts about reading, and requests to the controllers."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from textual.message import Message

from reader.model.highlight import Highlight, Position


class ControllerMessage(Message):
    """Base class of messages that the main screen forwards to its controllers."""


class LinkUse(StrEnum):
    """The use of a followed link."""

    OPEN = "open"
    COPY = "copy"
    SAVE = "save"


class ArticleMode(StrEnum):
    """The mode of the article view, which determines the meaning of its keys."""

    READING = "reading"
    SELECTING = "marking"
    HINTING = "hinting"


@dataclass
class ProgressChanged(ControllerMessage):
    """The top line of the article changed; `article` is its id."""

    article: str
    position: Position

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ProgressChanged) and message.article == self.article


@dataclass
class EndReached(ControllerMessage):
    """The user scrolled to the last line of the article."""

    article: str


@dataclass
class ModeChanged(ControllerMessage):
    """The article view entered another mode."""

    mode: ArticleMode


@dataclass
class FollowLink(ControllerMessage):
    """Open, copy or save the address of a link; `url` is http, https or mailto."""

    url: str
    text: str
    use: LinkUse


@dataclass
class AddHighlight(ControllerMessage):
    """Add a highlight (its id is empty); `with_note` asks for a note first."""

    article: str
    highlight: Highlight
    with_note: bool = False


@dataclass
class EditHighlight(ControllerMessage):
    """Edit the note of a highlight."""

    article: str
    highlight: Highlight


@dataclass
class RemoveHighlight(ControllerMessage):
    """Remove a highlight."""

    article: str
    highlight: Highlight


@dataclass
class EditNote(ControllerMessage):
    """Edit the note on the article."""

    article: str


@dataclass
class CopyText(ControllerMessage):
    """Copy clean text to the clipboard."""

    text: str


@dataclass
class RequestImage(ControllerMessage):
    """Decode an image in a worker and pass it to `set_image`; it is close to the screen.

    `file` is relative to `folder`. The image may take `cells` and `lines`, on the color
    `background`.
    """

    article: str
    name: str
    folder: Path
    file: str
    cells: int
    lines: int
    background: tuple[int, int, int]


@dataclass
class HighlightsUnanchored(ControllerMessage):
    """The words of these highlights are no longer in the text; they are listed below it."""

    article: str
    highlights: tuple[Highlight, ...]
