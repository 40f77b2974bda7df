"""An article's pictures, fetched and judged, so that it can be read whole without a network."""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from reader.fetch.response import Fetched
from reader.model.article import Article, Picture
from reader.model.errors import FetchError, ReaderError
from reader.model.urls import is_web

MOST_PICTURES: Final = 60
MOST_BYTES: Final = 50_000_000
SECONDS: Final = 60.0
INSIDE_SECONDS: Final = 12.0

Settle = Callable[[bytes], Picture]
"""Turns bytes into a picture that may be kept; blocks, raises ReaderError."""

_IMAGE: Final = re.compile(r"!\[(?:[^\[\]\\]|\\.)*\]\(\s*(?:<([^<>\n]+)>|([^\s()<>]+))")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")


class PictureSource(Protocol):
    """What asks for pictures: `fetch.client.Client`, or what a test puts in its place."""

    async def image(self, url: str) -> Fetched: ...


@dataclass(frozen=True, slots=True)
class Gathered:
    """Pictures ready to be saved, in the order of the text; `missing` could not be had.

    One file for several places is there several times, with the same name and content.
    """

    pictures: tuple[Picture, ...] = ()
    missing: tuple[str, ...] = ()


def destinations(markdown: str) -> list[str]:
    """Where the images of a text lie, as written, each once, in order; code is passed over."""
    return list(dict.fromkeys(found[1] or found[2] for found in _images(markdown)))


def _images(markdown: str) -> Iterator[re.Match[str]]:
    fence = ""
    for line in markdown.splitlines():
        mark = _FENCE.match(line.lstrip("> "))
        if mark and not fence:
            fence = mark[1]
        elif mark and fence and mark[1].startswith(fence):
            fence = ""
        elif not fence and "![" in line:
            yield from _IMAGE.finditer(line)


async def gather(
    article: Article, source: PictureSource, settle: Settle, *, seconds: float = SECONDS
) -> Gathered:
    """Fetch the pictures of an article, in order of the text, its own image last.

    At most 60, of 50 MB together, within `seconds`; what is beyond, private or damaged is missing
    and never an error. Pictures that came inside the page's container are judged the same way.
    """
    inside = {picture.name: picture.content for picture in article.pictures}
    wanted = [name for name in destinations(article.markdown) if name in inside or is_web(name)]
    if article.image and is_web(article.image) and article.image not in wanted:
        wanted.append(article.image)
    found: dict[str, Picture] = {}

    async def one(name: str) -> None:
        try:
            content = inside[name] if name in inside else (await source.image(name)).content
            found[name] = await asyncio.to_thread(settle, content)
        except ReaderError:
            return

    asked = [asyncio.ensure_future(one(name)) for name in wanted[:MOST_PICTURES]]
    try:
        async with asyncio.timeout(seconds):
            await asyncio.gather(*asked)
    except TimeoutError:
        pass
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    return _bounded(wanted, found)


def settle_inside(article: Article, settle: Settle) -> Article:
    """The article with the pictures of its container judged; blocks, asks no server.

    What is no picture, too large, or beyond the bounds of `gather` is left out.
    """
    if not article.pictures:
        return article
    found: dict[str, Picture] = {}
    until = time.monotonic() + INSIDE_SECONDS
    for picture in article.pictures[:MOST_PICTURES]:
        if time.monotonic() > until:
            break
        with contextlib.suppress(FetchError):
            found[picture.place] = settle(picture.content)
    wanted = [picture.place for picture in article.pictures]
    return replace(article, pictures=_bounded(wanted, found).pictures)


def _bounded(wanted: list[str], found: Mapping[str, Picture]) -> Gathered:
    """The first pictures of the text that fit, each file counted once."""
    kept: list[Picture] = []
    names: set[str] = set()
    size = 0
    for place in wanted:
        picture = found.get(place)
        if picture is None:
            continue
        if picture.name not in names:
            if size + len(picture.content) > MOST_BYTES:
                continue
            size += len(picture.content)
            names.add(picture.name)
        kept.append(replace(picture, of=place))
    places = {picture.place for picture in kept}
    return Gathered(tuple(kept), tuple(place for place in wanted if place not in places))
