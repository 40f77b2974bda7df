"""Copies of dead links in the Wayback Machine; asked only on the user's request.

Source: the addresses of web.archive.org: `/web/<time>id_/<url>` is the archived page without the
archive's toolbar, `im_` the same for images; the archive redirects to the copy nearest in time.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reader.fetch.response import Response

if TYPE_CHECKING:
    from reader.fetch.client import Client

ARCHIVE: Final = "https://web.archive.org/"
DEAD_KINDS: Final = ("gone", "not-found")
"""Kinds of FetchError after which a copy is worth asking for."""
_COPY: Final = re.compile(r"https?://web\.archive\.org/web/\d*(?:[a-z]{2}_)?/(https?:/.*)")
_NEWEST: Final = "2"


def copy_url(url: str, time: str = _NEWEST, kind: str = "") -> str:
    """Return the address of the copy nearest to a time, `YYYYMMDDhhmmss` or a prefix."""
    return f"{ARCHIVE}web/{time}{kind}/{url}"


class Wayback:
    """Client for pages and images from the archive, with their original addresses.

    `added` maps an address to the time it was saved, `YYYY-MM-DDTHH:MM:SSZ`: the copy of that time is
    the page the user saved, a newer one is often the archive's copy of an error.
    """

    def __init__(self, client: "Client", added: Mapping[str, str]):
        self._client = client
        self._times = {url: re.sub(r"\D", "", time) for url, time in added.items()}

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Response:
        """Fetch the copy of a page; `final_url` is the original's. Raises FetchError."""
        found = await self._client.page(copy_url(url, self._times.get(url, _NEWEST), "id_"))
        original = _COPY.fullmatch(found.final_url)
        return replace(found, url=url, final_url=original[1] if original else url)

    async def image(self, url: str) -> Response:
        """Fetch the copy of an image. Raises FetchError."""
        return await self._client.image(copy_url(url, self._times.get(url, _NEWEST), "im_"))

    async def can_reach(self, url: str) -> bool:
        """Return whether the archive can be reached."""
        return await self._client.can_reach(ARCHIVE)
