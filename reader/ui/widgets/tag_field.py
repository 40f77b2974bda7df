"""A text field for tags, separated by commas."""

from typing import ClassVar

from textual.widgets import Input


class TagField(Input):
    """A field for tags; each line of a paste is a tag of its own."""

    paste_separator: ClassVar[str] = ", "
