"""Download and validate an article's images, so that it can be read offline."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from reader.fetch.response import Response
from reader.markdown.events import events
from reader.model.article import Article, ImageFile
from reader.model.errors import FetchError, ReaderError
from reader.model.urls import is_web_url

MAX_IMAGES: Final = 60
"""Images of one article that are kept: bounds a page of thousands."""
MAX_BYTES: Final = 50_000_000
"""Bytes of all images of one article."""
TIMEOUT: Final = 60.0
"""Seconds for the images of one article from the web."""
INLINE_TIMEOUT: Final = 12.0
"""Seconds for decoding the images inside the file."""

NormaliseImage = Callable[[bytes], ImageFile]
"""Turns bytes into an image to store; blocks, raises ReaderError."""


class ImageSource(Protocol):
    """A source of images: `fetch.client.Client`, or a test's replacement."""

    async def image(self, url: str) -> Response: ...


@dataclass(frozen=True, slots=True)
class ArchivedImages:
    """Images ready to be saved, in the order of the text; `missing` could not be fetched.

    A file used in several places is listed for each, with the same name and content.
    """

    images: tuple[ImageFile, ...] = ()
    missing: tuple[str, ...] = ()


def image_destinations(markdown: str) -> list[str]:
    """Return the destinations of a text's images, each once. Linear in the text."""
    found: dict[str, None] = {}
    for event in events(markdown) if "![" in markdown else ():
        if isinstance(event, dict):
            ((kind, value),) = event.items()
            if kind == "Start" and isinstance(value, dict) and "Image" in value:
                found[value["Image"]["dest_url"]] = None
    return [place for place in found if place]


async def download_images(
    article: Article, source: ImageSource, normalise: NormaliseImage, *, seconds: float = TIMEOUT
) -> ArchivedImages:
    """Fetch an article's images in the order of the text, its lead image last.

    At most 60 images, 50 MB in all, within `seconds`; any other, private or damaged image is
    missing and never an error. Images inside the page's container are validated the same way.
    """
    inside = {picture.name: picture.content for picture in article.images}
    wanted = [
        name for name in image_destinations(article.markdown) if name in inside or is_web_url(name)
    ]
    if article.image and is_web_url(article.image) and article.image not in wanted:
        wanted.append(article.image)
    found: dict[str, ImageFile] = {}

    async def one(name: str) -> None:
        try:
            content = inside[name] if name in inside else (await source.image(name)).content
            found[name] = await asyncio.to_thread(normalise, content)
        except ReaderError:
            return

    asked = [asyncio.ensure_future(one(name)) for name in wanted[:MAX_IMAGES]]
    try:
        async with asyncio.timeout(seconds):
            await asyncio.gather(*asked)
    except TimeoutError:
        pass
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    return _within_limits(wanted, found)


def extract_inline_images(article: Article, normalise: NormaliseImage) -> Article:
    """Validate the images of an article's container; blocks, sends no request.

    Leaves out invalid images, and those beyond the limits of `download_images`.
    """
    if not article.images:
        return article
    found: dict[str, ImageFile] = {}
    until = time.monotonic() + INLINE_TIMEOUT
    for picture in article.images[:MAX_IMAGES]:
        if time.monotonic() > until:
            break
        with contextlib.suppress(FetchError):
            found[picture.destination] = normalise(picture.content)
    wanted = [picture.destination for picture in article.images]
    return replace(article, images=_within_limits(wanted, found).images)


def _within_limits(wanted: list[str], found: Mapping[str, ImageFile]) -> ArchivedImages:
    """Return the first images of the text that fit, each file counted once."""
    kept: list[ImageFile] = []
    names: set[str] = set()
    size = 0
    for place in wanted:
        picture = found.get(place)
        if picture is None:
            continue
        if picture.name not in names:
            if size + len(picture.content) > MAX_BYTES:
                continue
            size += len(picture.content)
            names.add(picture.name)
        kept.append(replace(picture, source_url=place))
    places = {picture.destination for picture in kept}
    return ArchivedImages(tuple(kept), tuple(place for place in wanted if place not in places))
