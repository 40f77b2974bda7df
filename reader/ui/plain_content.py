"""Conversion of foreign text to widget content: sanitised, and never markup."""

from textual.content import Content

from reader.model.text import clean, one_line


def plain_content(text: str, style: str = "") -> Content:
    """Return the text on one line, with brackets as brackets."""
    return Content.styled(one_line(text), style) if style else Content(one_line(text))


def plain_lines(text: str) -> Content:
    """Return the text with its line ends."""
    return Content(clean(text))
