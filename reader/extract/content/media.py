"""The images and players of a page that belong to its kept text."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from reader.extract.content.figures import is_caption
from reader.extract.content.patterns import NAME_GROUPS, name_groups, split_names
from reader.extract.content.segmenter import Block, Box, Media, ancestors
from reader.extract.markdown import embeds

MIN_CONTEXT_CHARS: Final = 150
"""Characters of text around an image from which it decides: fewer are buttons and counters."""
MIN_IMAGE_PIXELS: Final = 48
"""Pixels of a side below which an image is an ornament."""
MIN_BANNER_RATIO: Final = 6
"""Width divided by height from which an image around the text is a banner."""
MAX_LEAD_DISTANCE: Final = 2
"""Blocks between the text and an unnamed image above the title that leads it in."""
MAX_NAMED_ANCESTORS: Final = 6
"""Elements around an image whose names are read."""
MIN_FILE_LETTERS: Final = 5
"""Characters of the shortest file name by which two addresses are of the same picture."""
_ICON: Final = re.compile(
    r"avatar|icon|logo|emoji|spacer|pixel|tracking|gravatar|badge|button|spinner|loading|author|sprite|blank\.|1x1"
)
_LOGO: Final = re.compile(r"[/_.-]logos?(?:[_.-][^/]*)?\.(?:png|gif|svg|jpe?g|webp)", re.I)
_IMAGE_FILE: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)(?:$|[?#!@&/])", re.I)
_CONTROL_LINK: Final = re.compile(
    r"^#(?:page-?)?(?:top|header|begin)$|^#(?:back-?)?to-?top$|^(?:mailto|whatsapp|viber|tg|line):|^javascript:.{0,200}print|/pin/create/|addthis|addtoany"
    r"|/(?:sharer?|share-?article|intent|share-?offsite)(?:[./?]|$)",
    re.I,
)
_OFF_SCREEN: Final = re.compile(r"(?:^|;)\s*(?:left|top|text-indent)\s*:\s*-\d{3,}", re.I)
_SIZE_SUFFIX: Final = re.compile(r"[-_]\d{2,4}x\d{2,4}$")
_STAND_IN_WORDS: Final = frozenset(
    ("blank", "preload", "preloader", "spacer", "qrcode", "redot", "rss", "transparent")
)
"""Words of a file's name that show an ornament, a code for phones or a counter, among two at most."""
_CODE_WORDS: Final = frozenset(("qrcode", "qr", "ewm", "erweima"))
"""Names of a code that phones read; the last two are Chinese abbreviations."""
_SURROUNDING_WORDS: Final = _CODE_WORDS | frozenset(
    (
        "author",
        "authors",
        "avatar",
        "branding",
        "byline",
        "logo",
        "logos",
        "related",
        "sidebar",
        "toolbar",
    )
)
_SURROUNDING_GROUPS: Final = frozenset(
    number
    for number, name in enumerate(NAME_GROUPS)
    if name in ("ad", "foot", "nav", "share", "signup")
)
_LEAD_NAME: Final = re.compile(
    r"\b(?:cover|featured|hero|lead)\b|\b(?:article|big|entry|main|news|post|story|title|top)"
    r" (?:bild|foto|image|img|media|photo|pic|picture|thumb|thumbnail)\b"
)
"""Names of the picture above an article."""
_ARTICLE_WORDS: Final = frozenset(("article", "content", "entry", "post", "story"))
_ARTICLE_TAGS: Final = frozenset(("article", "main"))


@dataclass(frozen=True, slots=True)
class KeptText:
    """The chosen blocks: the first, the last, the title's number, and the elements around the first.

    Of the blocks that images stand above, captions aside, `inside` has those between two chosen
    ones; `images` are the file names of the images that the page's metadata declares.
    """

    first: int
    last: int
    title: int | None
    around: frozenset[HtmlElement]
    inside: frozenset[int]
    images: frozenset[str]


def keep_media(
    media: Sequence[Media],
    boxes: Sequence[Box],
    blocks: Sequence[Block],
    kept: Sequence[bool],
    *,
    title: int | None = None,
    images: Collection[str] = (),
) -> list[Media]:
    """Return images and players among the chosen blocks, and those that lead in or follow them.

    `title` is the number of the block with the page's title; `images` are the addresses of the
    images that the page's metadata declares.
    """
    if not media or not any(kept):
        return []
    chosen: list[int] = []
    others: list[int] = []
    shares = {box: [0, 0] for box in boxes}
    for number, (block, keep) in enumerate(zip(blocks, kept, strict=True)):
        if is_caption(block):
            continue
        pair = shares[block.box]
        pair[1] += len(block.text)
        others.append(number)
        if keep:
            pair[0] += len(block.text)
            chosen.append(number)
    if not chosen:
        return []
    for box in reversed(boxes):
        if box.parent is not None:
            above, pair = shares[box.parent], shares[box]
            above[0] += pair[0]
            above[1] += pair[1]
    text = KeptText(
        chosen[0],
        chosen[-1],
        title,
        frozenset(box.element for box in ancestors(blocks[chosen[0]].box)),
        _between_kept(kept, others),
        frozenset(filter(None, map(_file_name, images))),
    )
    return [one for one in media if _belongs_to_text(one, shares, text)]


def _between_kept(kept: Sequence[bool], others: Sequence[int]) -> frozenset[int]:
    """Return the numbers of the blocks above which an image stands between two kept blocks.

    `others` are the blocks that are no captions; a caption counts as the block below it.
    """
    return frozenset(
        number
        for above, below in pairwise(others)
        if kept[above] and kept[below]
        for number in range(above + 1, below + 1)
    )


def _belongs_to_text(one: Media, shares: Mapping[Box, list[int]], text: KeptText) -> bool:
    """Return whether the text around a medium is kept, or adjoins the kept text."""
    around = one.box
    while around.parent is not None and shares[around][1] < MIN_CONTEXT_CHARS:
        around = around.parent
    share, whole = shares[around]
    if all(map(_is_ornament, one.elements)):
        return False
    if text.first < one.block_index <= text.last:
        return 2 * share >= whole or one.block_index in text.inside
    if one.block_index > text.last:
        adjoins = 10 * share >= 9 * whole and one.block_index - text.last < 3
    else:
        adjoins = 2 * share >= whole or (3 * share >= whole and text.first - one.block_index < 8)
    return adjoins and any(_adjoins(image, one, text) for image in _pictures(one))


def _pictures(one: Media) -> Iterator[HtmlElement]:
    for element in one.elements:
        found = list(element.iter("img", "amp-img"))
        yield from found or [element]


def _adjoins(image: HtmlElement, one: Media, text: KeptText) -> bool:
    """Return whether an image above or below the kept text belongs to it."""
    if text.images and _file_name(image.get("src") or "") in text.images:
        return True
    own = split_names(f"{image.get('class') or ''} {image.get('id') or ''}")
    around = _words_around(image, text.around)
    address = _link_address(image)
    if (
        _is_logo(image)
        or _is_banner(image)
        or embeds.is_advert(image.get("src") or "")
        or embeds.is_advert(address)
        or _is_first_page(address)
        or not _SURROUNDING_WORDS.isdisjoint((*own, *around))
        or _is_around_article(" ".join(around))
    ):
        return False
    if one.block_index > text.last:
        return not _leads_elsewhere(image)
    if text.title is not None and text.title < one.block_index:
        return True
    return _leads_in(image, (*own, *around), text.first - one.block_index, text)


def _leads_in(image: HtmlElement, names: Sequence[str], distance: int, text: KeptText) -> bool:
    """Return whether an image above the title is the article's; `distance` is in blocks."""
    if distance == 0 and not text.around.isdisjoint(islice(image.iterancestors(), 3)):
        return True
    if _leads_elsewhere(image):
        return False
    if _LEAD_NAME.search(" ".join(names)) or next(image.iterancestors("figure"), None) is not None:
        return True
    if "header" in names and _ARTICLE_WORDS.isdisjoint(names):
        return False
    if distance <= MAX_LEAD_DISTANCE:
        return True
    return any(
        element.tag in _ARTICLE_TAGS and element in text.around for element in image.iterancestors()
    )


def _words_around(image: HtmlElement, text: Collection[HtmlElement]) -> tuple[str, ...]:
    """Return the words in the names of the elements between an image and the text."""
    names: list[str] = []
    for element in islice(image.iterancestors(), MAX_NAMED_ANCESTORS):
        if element in text:
            break
        names += (element.get("class") or "", element.get("id") or "")
    return split_names(" ".join(names))


@lru_cache(maxsize=1024)
def _is_around_article(names: str) -> bool:
    """Return whether names are of navigation, advertisements, buttons to share, or a footer."""
    return not _SURROUNDING_GROUPS.isdisjoint(name_groups(names))


def _leads_elsewhere(image: HtmlElement) -> bool:
    """Return whether an image is a link to another page, not to a larger form of itself."""
    address = _link_address(image)
    if not address or address.startswith("#") or _IMAGE_FILE.search(address):
        return False
    file = _path(image.get("src") or "").rsplit("/", 1)[-1]
    return len(file) < MIN_FILE_LETTERS or file not in address


def _is_banner(image: HtmlElement) -> bool:
    width, height = (_pixels(image, side) for side in ("width", "height"))
    return bool(width and height) and width >= MIN_BANNER_RATIO * height


def _is_logo(image: HtmlElement) -> bool:
    """Return whether an image is named as a logo."""
    alt = (image.get("alt") or "").strip().casefold()
    return alt == "logo" or _LOGO.search(image.get("src") or "") is not None


def _is_ornament(element: HtmlElement) -> bool:
    """Return whether an element shows nothing that belongs to a text, wherever it stands."""
    if element.tag == "svg":
        return True
    images = list(element.iter("img", "amp-img"))
    return bool(images) and all(
        _is_small(image) or _is_control(image) or _names_ornament(image.get("src") or "")
        for image in images
    )


def _is_control(image: HtmlElement) -> bool:
    """Return whether an image is a button, an advert, off the screen, or leads to the first page."""
    address = _link_address(image)
    return (
        address in ("/", "./", "../")
        or _CONTROL_LINK.search(address) is not None
        or (embeds.is_advert(address) and embeds.is_advert(image.get("src") or ""))
        or _OFF_SCREEN.search(image.get("style") or "") is not None
    )


def _is_first_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.netloc) and parts.path in ("", "/") and not parts.query


def _link_address(image: HtmlElement) -> str:
    """Return the address of the link around an image, or an empty string."""
    link = next(image.iterancestors("a"), None)
    return (link.get("href") or "").strip() if link is not None else ""


@lru_cache(maxsize=256)
def _names_ornament(address: str) -> bool:
    """Return whether an image's address names a stand-in, a counter, or a code for phones."""
    if address.startswith("data:"):
        return False
    words = split_names(_path(address).rsplit("/", 1)[-1].rpartition(".")[0])
    return not _CODE_WORDS.isdisjoint(words) or (
        len(words) <= 2 and not _STAND_IN_WORDS.isdisjoint(words)
    )


def _file_name(address: str) -> str:
    """Return the name of an address's file without its size and kind, empty if it is too short."""
    if address.startswith("data:"):
        return ""
    file = _path(address).rsplit("/", 1)[-1]
    name = _SIZE_SUFFIX.sub("", file.rpartition(".")[0] or file)
    return name if len(name) >= MIN_FILE_LETTERS else ""


def _path(address: str) -> str:
    return address.partition("?")[0].partition("#")[0]


def _pixels(image: HtmlElement, side: str) -> int:
    """Return the declared pixels of a side, 0 if unknown."""
    size = re.match(r"\s*(\d{1,6})(?:px)?\s*$", image.get(side) or "")
    return int(size[1]) if size else 0


def _is_small(image: HtmlElement) -> bool:
    if any(0 < _pixels(image, side) < MIN_IMAGE_PIXELS for side in ("width", "height")):
        return True
    names = f"{image.get('class') or ''} {image.get('id') or ''}".lower()
    return bool(_ICON.search(names))
