"""Pages drawn by scripts, rendered by a command such as a headless browser."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reader.fetch.response import Response
from reader.model.urls import host_of
from reader.services.external_command import run_command
from reader.services.input_sources import MAX_BYTES
from reader.settings import CommandSettings

TIMEOUT: Final = 60.0
"""Seconds for one page; a headless browser takes 4 to 7 on two cores."""
_URL: Final = "{url}"

Render = Callable[[Response], Response | None]
"""Renders a page without an article; None if the settings do not ask for it. Blocks."""


@dataclass(frozen=True, slots=True)
class PageRenderer:
    """Renders pages of `sites` (all if empty) by `command`; `{url}` is the page's address."""

    command: Sequence[str]
    sites: Sequence[str] = ()

    def render(self, page: Response) -> Response | None:
        """Return the rendered page, or None if the page's site is not asked for.

        The address was fetched before, so its host is not private; the output is as untrusted as
        any page. Raises ReaderError. Blocks, up to a minute.
        """
        host = host_of(page.final_url)
        if self.sites and not any(host == site or host.endswith(f".{site}") for site in self.sites):
            return None
        words = [word.replace(_URL, page.final_url) for word in self.command]
        content = run_command(words, max_bytes=MAX_BYTES, timeout=TIMEOUT)
        return replace(page, content=content, content_type="text/html; charset=utf-8")


def renderer_of(settings: CommandSettings) -> Render | None:
    """Return the renderer of the settings; None without a command."""
    if not settings.page:
        return None
    return PageRenderer(settings.page, settings.page_sites).render
