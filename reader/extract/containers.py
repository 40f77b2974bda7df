"""What a page came wrapped in: SingleFile, MHTML, mail, Markdown and plain text become one page."""

from dataclasses import dataclass

from reader.model.article import Picture


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The page inside a container; `url` is the address that the container names."""

    html: str
    url: str | None = None
    pictures: tuple[Picture, ...] = ()
    cut: bool = False


def unwrap(text: str) -> Unwrapped:
    """The page in the text."""
    return Unwrapped(text)
