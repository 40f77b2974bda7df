"""A text field for tags, separated by commas."""

from typing import ClassVar

from textual.widgets import Input


class TagField(Input):
    """A field for tags; each line of a paste becomes a tag."""

    paste_separator: ClassVar[str] = ", "
