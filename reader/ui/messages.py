"""Messages of widgets and threads to the main screen: facts in the past tense, and requests."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from textual.message import Message

from reader.model.highlight import Highlight, Position

HighlightPurpose = Literal["note", "label", "remove"]


class ControllerMessage(Message):
    """A message that the main screen hands to one of its controllers."""


class ListPainted(Message):
    """The list's rows are on the screen, and every key works."""


@dataclass
class LibraryTouched(ControllerMessage, bubble=False):
    """Another program, or this one, wrote into the library's folders."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, LibraryTouched)


class LinkUse(StrEnum):
    """The use of a link."""

    OPEN = "open"
    COPY = "copy"
    SAVE = "save"


class ArticleMode(StrEnum):
    """The meaning of keys in the text."""

    READING = "reading"
    SELECTING = "marking"
    HINTING = "hinting"


@dataclass
class ProgressChanged(ControllerMessage):
    """The text was scrolled; `article` is its id."""

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
    """Keys have another meaning now."""

    mode: ArticleMode


@dataclass
class ReadingAloudStopped(ControllerMessage):
    """No sentence is marked any more: the program must be silent."""


@dataclass
class FollowLink(ControllerMessage):
    """Open, copy or save the address of a link; `url` is http, https or mailto."""

    url: str
    text: str
    use: LinkUse


@dataclass
class AddHighlight(ControllerMessage):
    """Save a new highlight, whose id is empty; `with_note` asks for a note."""

    article: str
    highlight: Highlight
    with_note: bool = False


@dataclass
class ChangeHighlight(ControllerMessage):
    """Change the note of a highlight, label or remove it; the user chooses among several.

    `color` is that of a label; without it the user is asked. A new highlight has no id.
    """

    article: str
    highlights: tuple[Highlight, ...]
    purpose: HighlightPurpose
    color: str = ""


@dataclass
class EndActionChosen(ControllerMessage):
    """An action below the end of the text was clicked."""

    command: str


@dataclass
class EditNote(ControllerMessage):
    """Change the note on the whole article."""

    article: str


@dataclass
class CopyText(ControllerMessage):
    """Copy sanitised text to the clipboard."""

    text: str


@dataclass
class RequestImage(ControllerMessage):
    """Decode an image close to the screen, for `set_image`.

    `file` is relative to `folder`. `cells` and `lines` are its maximum size, on the colour `background`.
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
    """The words of these highlights are missing from the text; they are listed below it."""

    article: str
    highlights: tuple[Highlight, ...]
