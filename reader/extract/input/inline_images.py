"""Images embedded in a page, extracted and named by their content."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote, unquote_to_bytes, urljoin

from lxml.html import HtmlElement

from reader.extract.input.mime import decode_base64
from reader.model.article import ImageFile

MAX_IMAGES: Final = 300
"""Images inside a page or a file that are kept."""
MAX_BYTES: Final = 10_000_000
"""Bytes of the largest image: the limit of a download."""
MIN_BYTES: Final = 100
"""Bytes of the smallest image that is more than a pixel or a placeholder."""

_REF_PREFIX: Final = "https://pictures.invalid/"
# A reserved host (RFC 2606): later stages treat the address like any other.
_REF: Final = re.compile(re.escape(_REF_PREFIX) + r"([0-9a-f]{16}\.[a-z]{3,4})")
_DATA: Final = re.compile(
    r"data:(?:image/[\w.+-]+|application/octet-stream)?((?:;[^,;]{0,80})*),", re.I
)
_VARIABLE_USE: Final = re.compile(r"var\(\s*(--sf-img-\d+)")
_VARIABLE_DEFINITION: Final = re.compile(
    r"(--sf-img-\d+)\s*:\s*url\(\s*[\"']?(data:image/[^\"')]+)"
)
_ALTERNATIVES: Final = (
    "srcset", "data-srcset", "data-src", "data-original", "data-lazy-src", "data-lazy-srcset", "data-hi-res-src",
)  # fmt: skip
_BROWSER_FOLDER: Final = re.compile(
    r"(?:\./)?[^/]*[_ .-](?:files|dateien|fichiers|archivos|ficheiros|arquivos|bestanden|pliki|файлы|dosyalar|file)/[^/]+$",
    re.I,
)
_URL_IN_SET: Final = re.compile(r"([^\s,]\S*)")


def detect_image_type(content: bytes) -> str | None:
    """Return the file extension of a raster image by its first bytes, else None."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:12] in (b"ftypavif", b"ftypavis"):
        return "avif"
    return "bmp" if content.startswith(b"BM") and len(content) > 60 else None


def embed_refs(
    root: HtmlElement, base: str | None, images: Mapping[str, bytes], *, archived: bool
) -> dict[str, ImageFile]:
    """Point images at embedded content; return that content by name, in page order.

    `images` are those of the container. In a page that is not an archive, an embedded image counts
    only if it has no other source, since it is then mostly a placeholder. Unused data is dropped from
    the tree.
    """
    taken: dict[str, ImageFile] = {}
    variables = _variables(root) if archived else {}
    for image in root.iter("img"):
        others = [name for name in _ALTERNATIVES if image.get(name)]
        inside = (
            _find_content(image, base, images, variables)
            if archived or images or not others
            else None
        )
        if inside is not None and len(taken) < MAX_IMAGES:
            picture = _name_image(inside)
            taken[picture.name] = picture
            image.set("src", _REF_PREFIX + picture.name.partition("/")[2])
            for name in others:
                del image.attrib[name]
            _drop_sources(image)
        elif base and _BROWSER_FOLDER.match(unquote(image.get("src", ""))):
            # The folder of "Webpage, complete" is not on the page's server.
            del image.attrib["src"]
            if not others and not image.get("srcset") and not _other_sources(image):
                _show_alternative(image)
    for element in root.iter("img", "source", "object", "embed", "video"):
        for name in ("src", "srcset", "data", "poster"):
            value = element.get(name, "")
            if len(value) > 2_000 and "data:" in value[:200]:
                del element.attrib[name]
    return taken


def _show_alternative(image: HtmlElement) -> None:
    """Put an image's alternative text in its place."""
    words = " ".join((image.get("alt") or "").split())
    image.attrib.clear()
    image.tag, image.text = "span", words


def resolve_refs(
    markdown: str, taken: Mapping[str, ImageFile]
) -> tuple[str, tuple[ImageFile, ...]]:
    """Return the Markdown with file names as destinations, and the images in it."""
    if not taken:
        return markdown, ()
    shown = dict.fromkeys(f"images/{name}" for name in _REF.findall(markdown))
    pictures = tuple(taken[name] for name in shown if name in taken)
    return _REF.sub(r"images/\1", markdown), pictures


def is_embedded(url: str | None) -> bool:
    """Return whether an address stands for an embedded image."""
    return bool(url and url.startswith(_REF_PREFIX))


def _find_content(
    image: HtmlElement, base: str | None, images: Mapping[str, bytes], variables: Mapping[str, str]
) -> bytes | None:
    """Return the bytes of an image's first embedded source; skips tracking pixels."""
    for source in _sources(image, variables):
        content: bytes | None
        if source[:5].casefold() == "data:":
            content = _decode_data_url(source)
        else:
            content = images.get(source) or images.get(unquote(source).removeprefix("./"))
            if content is None and images and base:
                content = images.get(_join_url(base, source))
        if (
            content
            and MIN_BYTES <= len(content) <= MAX_BYTES
            and detect_image_type(content)
            and not _is_tracking_pixel(content)
        ):
            return content
    return None


def _sources(image: HtmlElement, variables: Mapping[str, str]) -> Iterator[str]:
    named = _VARIABLE_USE.search(image.get("style", "")) if variables else None
    if named and named[1] in variables:
        yield variables[named[1]]
    yield image.get("src", "").strip()
    sets = [image.get("srcset", "")]
    sets += [source.get("srcset", "") for source in _other_sources(image)]
    for names in sets:
        for part in names.split(", ")[:20]:
            found = _URL_IN_SET.search(part)
            if found:
                yield found[1]


def _drop_sources(image: HtmlElement) -> None:
    for source in _other_sources(image):
        source.drop_tag()


def _other_sources(image: HtmlElement) -> list[HtmlElement]:
    """Return the sources of an image's `<picture>`; the parser puts the image into the last one."""
    picture = next(image.iterancestors("picture"), None)
    return [] if picture is None else list(picture.iter("source"))


def _variables(root: HtmlElement) -> dict[str, str]:
    """Return the images that SingleFile stores once, as variables of its style sheet."""
    found: dict[str, str] = {}
    for style in root.iter("style"):
        for name, address in _VARIABLE_DEFINITION.findall(style.text or ""):
            found.setdefault(name, address)
    return found


def _decode_data_url(address: str) -> bytes | None:
    head = _DATA.match(address)
    if head is None:
        return None
    content = unquote_to_bytes(address[head.end() :])
    return decode_base64(content) if ";base64" in head[1].casefold() else content


def _is_tracking_pixel(content: bytes) -> bool:
    """Return whether a PNG or GIF has at most three pixels on a side."""
    if content.startswith(b"\x89PNG"):
        width, height = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    elif content.startswith(b"GIF8"):
        width, height = (
            int.from_bytes(content[6:8], "little"),
            int.from_bytes(content[8:10], "little"),
        )
    else:
        return False
    return min(width, height) <= 3


def _name_image(content: bytes) -> ImageFile:
    digest = hashlib.sha256(content).hexdigest()[:16]
    return ImageFile(f"images/{digest}.{detect_image_type(content)}", content)


def _join_url(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address
