"""An article's pictures come home, within bounds."""

import asyncio
import hashlib

import pytest

from reader.fetch.response import Response
from reader.model.article import Article, ImageFile
from reader.model.errors import FetchError
from reader.services import image_archiver
from reader.services.image_archiver import (
    ArchivedImages,
    download_images,
    extract_inline_images,
    image_destinations,
)


class Shelves:
    """A source of pictures by address; counts what was asked for."""

    def __init__(self, **pictures: bytes):
        self.pictures = {f"https://a.example/{name}": content for name, content in pictures.items()}
        self.asked: list[str] = []

    async def image(self, url: str) -> Response:
        self.asked.append(url)
        await asyncio.sleep(0)
        if url not in self.pictures:
            raise FetchError("not found", kind="not-found")
        return Response(url, url, self.pictures[url])


def settle(content: bytes) -> ImageFile:
    """A judge who knows pictures by their first letter."""
    if not content.startswith(b"P"):
        raise FetchError("no picture", kind="not-picture")
    return ImageFile(f"images/{hashlib.sha256(content).hexdigest()[:16]}.png", content)


def gathered(
    markdown: str, source: Shelves, seconds: float = 30.0, **fields: object
) -> ArchivedImages:
    article = Article(title="T", markdown=markdown, words=1, **fields)  # type: ignore[arg-type]
    return asyncio.run(download_images(article, source, settle, seconds=seconds))


def places(found: ArchivedImages) -> list[str]:
    return [picture.destination for picture in found.images]


def test_destinations_are_those_of_the_text() -> None:
    """Images in links, in brackets and in quotes count, in order and once; code does not."""
    markdown = """![one](https://a.example/1.png "t") and ![](<https://a.example/2 b.png>)
[![in a link](https://a.example/3.png)](https://a.example/page) \\![no] ![one](https://a.example/1.png)
> ![quoted \\] alt](https://a.example/4.png)
```
![code](https://a.example/5.png)
````
> ~~~
> ![code](https://a.example/6.png)
> ~~~
![](https://a.example/7_(1).png)
![](images/0123456789abcdef.png)"""
    assert image_destinations(markdown) == [
        "https://a.example/1.png", "https://a.example/2 b.png", "https://a.example/3.png",
        "https://a.example/4.png", "https://a.example/7_(1).png", "images/0123456789abcdef.png",
    ]  # fmt: skip


def test_images_are_named_by_content_and_missing_ones_reported() -> None:
    """Two addresses of one picture share a file; what fails or is no picture is missing."""
    source = Shelves(one=b"P1", same=b"P1", bad=b"<svg>")
    names = ["one", "same", "bad", "gone"]
    found = gathered("\n".join(f"![](https://a.example/{name})" for name in names), source)
    kept = settle(b"P1")
    assert [(one.source_url, one.name) for one in found.images] == [
        ("https://a.example/one", kept.name), ("https://a.example/same", kept.name),
    ]  # fmt: skip
    assert found.missing == ("https://a.example/bad", "https://a.example/gone")


def test_images_of_a_container_are_judged_too_and_nothing_else_is_asked() -> None:
    """Pictures inside the page are kept without a request; other schemes are left alone."""
    source = Shelves()
    inside = (ImageFile("images/a.png", b"P inside"), ImageFile("images/b.svg", b"<svg>"))
    text = "![](images/a.png) ![](images/b.svg) ![](file:///etc/passwd) ![](//b.example/c)"
    found = gathered(text, source, images=inside)
    assert [(one.source_url, one.name) for one in found.images] == [
        ("images/a.png", settle(b"P inside").name)
    ]
    assert found.missing == ("images/b.svg",)
    assert source.asked == []


def test_the_articles_own_image_comes_last() -> None:
    """The image that the page names for itself is kept beside those of its text."""
    source = Shelves(lead=b"P lead", one=b"P one")
    found = gathered("![](https://a.example/one)", source, image="https://a.example/lead")
    assert places(found) == ["https://a.example/one", "https://a.example/lead"]


def test_number_and_size_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of a thousand images costs sixty requests, and no more bytes than allowed."""
    source = Shelves(**{f"n{number}": b"P%d" % number for number in range(1000)})
    text = "\n".join(f"![](https://a.example/n{number})" for number in range(1000))
    found = gathered(text, source)
    assert len(source.asked) == len(found.images) == 60
    assert len(found.missing) == 940
    monkeypatch.setattr(image_archiver, "MAX_BYTES", 8)
    assert places(gathered(text, source)) == [f"https://a.example/n{n}" for n in range(4)]
    assert len(gathered(text, source).missing) == 996


def test_a_slow_server_costs_its_own_images_only() -> None:
    """What has come when the time is over is kept."""

    class Slow(Shelves):
        async def image(self, url: str) -> Response:
            if url.endswith("slow"):
                await asyncio.Event().wait()
            return await super().image(url)

    text = "![](https://a.example/slow) ![](https://a.example/one)"
    found = gathered(text, Slow(one=b"P1"), seconds=0.2)
    assert places(found) == ["https://a.example/one"]
    assert found.missing == ("https://a.example/slow",)


def test_images_of_a_saved_file_are_judged_without_a_request() -> None:
    """A container's pictures keep their places, and what is no picture is left out."""
    inside = (ImageFile("images/a.png", b"P inside"), ImageFile("images/b.svg", b"<svg>"))
    article = Article(title="T", markdown="![](images/a.png)", words=1, images=inside)
    (kept,) = extract_inline_images(article, settle).images
    assert (kept.destination, kept.name) == ("images/a.png", settle(b"P inside").name)
    assert extract_inline_images(Article(title="T", markdown="", words=0), settle).images == ()


@pytest.mark.parametrize("filler", ["![", "![a", "![](", "![](<", "![](  ", "!", "\\\\"])
def test_hostile_markdown_is_read_in_its_length(filler: str) -> None:
    """A line of a megabyte made to be slow takes no longer than any other."""
    assert len(image_destinations(filler * (1_000_000 // len(filler)))) <= 1
