"""What the reader pane says: facts about reading, and requests that a screen answers."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from textual.message import Message

from reader.model.highlight import Highlight, Position


class ControllerMessage(Message):
    """Heard by the part of the crew that it is for."""


class LinkUse(StrEnum):
    """What is to be done with a link."""

    OPEN = "open"
    COPY = "copy"
    SAVE = "save"


class ArticleMode(StrEnum):
    """What keys mean in the text just now."""

    READING = "reading"
    SELECTING = "marking"
    HINTING = "hinting"


@dataclass
class ProgressChanged(ControllerMessage):
    """The text on the screen moved; `article` is its id."""

    article: str
    position: Position

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ProgressChanged) and message.article == self.article


@dataclass
class EndReached(ControllerMessage):
    """The last line of the article came on the screen while someone scrolled."""

    article: str


@dataclass
class ModeChanged(ControllerMessage):
    """Keys mean something else from now on."""

    mode: ArticleMode


@dataclass
class FollowLink(ControllerMessage):
    """Open, copy or save the address of a link; `url` is http, https or mailto."""

    url: str
    text: str
    use: LinkUse


@dataclass
class AddHighlight(ControllerMessage):
    """Keep a new highlight (its id is empty); `noting` asks for a note as well."""

    article: str
    highlight: Highlight
    with_note: bool = False


@dataclass
class EditHighlight(ControllerMessage):
    """Change the note of a highlight."""

    article: str
    highlight: Highlight


@dataclass
class RemoveHighlight(ControllerMessage):
    """Remove a highlight."""

    article: str
    highlight: Highlight


@dataclass
class EditNote(ControllerMessage):
    """Change the note on the whole article."""

    article: str


@dataclass
class CopyText(ControllerMessage):
    """Put text on the clipboard; it is clean."""

    text: str


@dataclass
class RequestImage(ControllerMessage):
    """Decode a picture elsewhere and hand it to `set_picture`; it is close to the screen.

    `file` is relative to `folder`; `cells` and `lines` are the room that it may take, on the colour `behind`.
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
    """These highlights' words are no longer in the text; they are listed below it."""

    article: str
    highlights: tuple[Highlight, ...]
