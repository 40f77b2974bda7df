"""The one way from text that others wrote to what a widget shows: clean, and never markup."""

from textual.content import Content

from reader.model.text import clean, one_line


def plain_content(text: str, style: str = "") -> Content:
    """The text on one line, shown as it is written; brackets stay brackets."""
    return Content.styled(one_line(text), style) if style else Content(one_line(text))


def plain_lines(text: str) -> Content:
    """The text with its line ends, shown as it is written."""
    return Content(clean(text))
