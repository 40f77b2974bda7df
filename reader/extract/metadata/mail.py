"""Metadata from mail headers."""

import re
from dataclasses import replace
from typing import Final

from reader.extract.input.containers import MailHeader
from reader.extract.metadata import Metadata
from reader.model.text import one_line

_REPLY: Final = re.compile(r"^(?:(?:re|aw|sv|fwd?|wg|tr|rv)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_NAME_FROM_SITE: Final = re.compile(
    r"(.{2,60}?)\s+(?:from|at|of|von|bei|de|chez|via|@|\||[-–—])\s+(.{2,80})"
)


def mail_metadata(about: Metadata, letter: MailHeader | None) -> Metadata:
    """Return the metadata with the mail's subject as title, its sender and date."""
    if letter is None:
        return about
    name, site = _parse_sender(letter)
    subject = _REPLY.sub("", letter.subject).strip()
    return replace(
        about,
        title=subject or about.title,
        byline=about.byline or name,
        site=about.site or site,
        published=about.published or _parse_mail_date(letter.date),
    )


def _parse_sender(letter: MailHeader) -> tuple[str | None, str | None]:
    """Return author and site: "Ann Lee from The Lookout", or a name and the list's name."""
    from email.utils import parseaddr  # slow to import, and most pages are no mail

    name = one_line(parseaddr(letter.sender)[0], 120).strip("\"' ")
    listed = one_line(letter.list_id.partition("<")[0], 120).strip("\"' ") or None
    both = _NAME_FROM_SITE.fullmatch(name)
    if both:
        return both[1], listed or both[2]
    return (None if name == listed else name or None), listed


def _parse_mail_date(text: str) -> str | None:
    """Return the date of a mail in ISO 8601 with its zone; None if invalid."""
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
