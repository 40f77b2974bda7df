"""What the header of a mail says of the letter in it, where its text does not."""

import re
from dataclasses import replace
from typing import Final

from reader.extract.input.containers import Letter
from reader.extract.metadata import Metadata
from reader.model.text import one_line

_REPLY: Final = re.compile(r"^(?:(?:re|aw|sv|fwd?|wg|tr|rv)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_FROM_PLACE: Final = re.compile(
    r"(.{2,60}?)\s+(?:from|at|of|von|bei|de|chez|via|@|\||[-–—])\s+(.{2,80})"
)


def told(about: Metadata, letter: Letter | None) -> Metadata:
    """The metadata with the mail's subject as title, its sender and its date."""
    if letter is None:
        return about
    name, site = _sender(letter)
    subject = _REPLY.sub("", letter.subject).strip()
    return replace(
        about,
        title=subject or about.title,
        byline=about.byline or name,
        site=about.site or site,
        published=about.published or _date(letter.date),
    )


def _sender(letter: Letter) -> tuple[str | None, str | None]:
    """Who wrote, and for what: "Ann Lee from The Lookout", or a name and the list's own."""
    from email.utils import parseaddr  # slow to import, and most pages are no mail

    name = one_line(parseaddr(letter.sender)[0], 120).strip("\"' ")
    listed = one_line(letter.lists.partition("<")[0], 120).strip("\"' ") or None
    both = _FROM_PLACE.fullmatch(name)
    if both:
        return both[1], listed or both[2]
    return (None if name == listed else name or None), listed


def _date(text: str) -> str | None:
    """The date of a mail in ISO 8601 with its zone; `None` where it is none."""
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
