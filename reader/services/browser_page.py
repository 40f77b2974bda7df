"""The page in a browser's message: checked, then saved like any page that is added."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from reader import paths, settings
from reader.model.errors import SourceError
from reader.model.text import clean_tag
from reader.model.urls import clean_url, is_web_url
from reader.services.input_sources import MAX_BYTES
from reader.services.workspace import Workspace

_END_OF_PAGE: Final = re.compile(r"</html\s*>", re.IGNORECASE)
_START_OF_PAGE: Final = re.compile(r"<(?:!doctype|html)\b", re.IGNORECASE)
_EDGE_CHARS: Final = 4_096
"""Size of the edges in which a page must start and end.

SingleFile puts a comment of some 200 characters before its page.
"""


@dataclass(frozen=True, slots=True)
class BrowserPage:
    """A page as a browser shows it; `url` is None for a local page."""

    content: bytes
    url: str | None


def parse_message(message: bytes) -> BrowserPage:
    """Return the page in a companion's message.

    Raises SourceError, with a sentence for the user, for anything but a whole page: SingleFile for
    Firefox sends pages of more than 16 MB in pieces, of which only the last arrives.
    """
    try:
        values = json.loads(message)
    except (ValueError, RecursionError):
        raise SourceError("the message from the browser cannot be parsed") from None
    page = values.get("pageData") if isinstance(values, dict) else None
    if not isinstance(page, dict) or values.get("method") != "save":
        raise SourceError("the message from the browser holds no page to save")
    content = page.get("content")
    if not isinstance(content, str) or not content.strip():
        raise SourceError("the page from the browser is empty or not a text")
    if not _START_OF_PAGE.search(content[:_EDGE_CHARS]) or not _END_OF_PAGE.search(
        content[-_EDGE_CHARS:]
    ):
        raise SourceError(
            "the page arrived incomplete, so it is not saved:"
            " save it as a file and use `reader add FILE`"
        )
    encoded = content.encode("utf-8", "replace")
    if len(encoded) > MAX_BYTES:
        raise SourceError(f"the page is larger than {MAX_BYTES >> 20} MB")
    return BrowserPage(encoded, _web_address(page.get("url")))


def _web_address(value: Any) -> str | None:
    if not isinstance(value, str) or not is_web_url(value.strip()):
        return None
    return clean_url(value.strip())


def save(page: BrowserPage) -> str:
    """Save the page to the user's library with the tags of `[browser]`.

    Returns an empty text, also for a page that is known already. Raises ReaderError.
    """
    from reader.services.add import add_page

    found = paths.find()
    chosen = settings.load(found.config)
    tags = [tag for tag in chosen.browser.tags if clean_tag(tag)]
    with Workspace(found, chosen) as workspace:
        add_page(workspace, page.content, url=page.url, tags=tags)
    return ""
