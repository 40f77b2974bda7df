"""What the main screen hands on to its crew: messages of one kind, so that it need not know them."""

from textual.message import Message


class ForCrew(Message):
    """Heard by the part of the crew that it is for."""
