"""Images with their best real source, lazy or not, once."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from reader.extract.dom import ElementIndex

_NO_FILE: Final = re.compile(r"(?:data:|about:|blob:|#|$)", re.I)
_FILE_NAME: Final = re.compile(r"([^/?#]*)\.(?:gif|png|jpe?g|svg|webp)(?:$|[?#])", re.I)
_STAND_INS: Final = frozenset((
    "blank", "spacer", "placeholder", "pixel", "transparent", "lazy", "lazyload", "loading",
    "loader", "1x1", "clear", "grey", "gray", "spinner", "empty", "dummy",
))  # fmt: skip
_NEUTRAL: Final = re.compile(
    r"(?:\d*x?\d*|px|gif|img|image|images?|bg|default|thumb(?:nail)?|small|large|square|wide|icon|ajax|no|white)"
)
"""Words that a stand-in's name may have, too; others name a photo."""
_IMAGE_URL: Final = re.compile(r"^\S+\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#&/])", re.I)
_LAZY_ATTRIBUTES: Final = (
    "data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-hi-res-src",
    "data-full-src", "data-orig-file", "data-large-file", "data-url", "data-image", "data-lazy",
    "data-image-src", "data-img-src", "data-source", "data-echo", "data-flickity-lazyload",
)  # fmt: skip
_SRCSET_ATTRIBUTES: Final = ("srcset", "data-srcset", "data-lazy-srcset", "data-original-set")
_CANDIDATE: Final = re.compile(r"([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]{1,9})([wx]))?\s*(?:,|$)")
MAX_EMOJI: Final = 12
"""Characters of the longest emoji: families and flags are several joined."""
_INITIAL: Final = re.compile(r"(?:^|[\s_-])(?:drop-?cap|initial|lettrine)(?:$|[\s_-])", re.I)
_EMOJI_CATEGORIES: Final = frozenset(("So", "Sk", "Mn", "Me", "Cf", "Cn"))
_BACKGROUND: Final = re.compile(
    r"background(?:-image)?\s*:[^;]{0,200}?url\(\s*['\"]?([^'\"()\s]+)", re.I
)
MAX_WIDTH: Final = 2600
"""Pixels beyond which a source is larger than any screen needs."""
_CAPTION: Final = re.compile(
    r"(?:^|[\s_-])(?:caption|wp-caption-text|image-caption|figcaption)(?:$|[\s_-])", re.I
)
_MAX_CAPTION: Final = 600
"""Characters of the longest caption; a longer text is the next paragraph."""


def normalise(index: ElementIndex) -> None:
    """Give images their best source, drop copies, and join captions to them."""
    root = index.root
    for noscript in list(root.iter("noscript")):
        _use_noscript_image(noscript)
    for picture in list(root.iter("picture")):
        _flatten_picture(picture)
    for drawn in index.styled(_BACKGROUND):
        _insert_background_image(drawn)
    for figure in list(root.iter("figure")):
        _insert_itemid_image(figure)
    for gallery in list(root.iter("dl")):
        _make_figure(gallery)
    for table in list(root.iter("table")):
        _unpack_image_table(table)
    for image in list(root.iter("img", "amp-img")):
        image.tag = "img"
        if _is_emoji(image):
            _write_emoji(image)
            continue
        found = best_source(image)
        if found is not None:
            image.set("src", found)
        elif (image.get("src") or "").startswith(("about:", "#", "blob:")):
            image.set("src", "")
    for image in list(root.iter("img")):
        _drop_duplicate(image)
        _join_caption(image)


def best_source(image: HtmlElement) -> str | None:
    """Return the address of the largest sensible source; None for placeholders."""
    for name in _SRCSET_ATTRIBUTES:
        found = _widest_source(image.get(name) or "")
        if found is not None:
            return found
    source = (image.get("src") or "").strip()
    if source and not _is_placeholder(source):
        return source
    for name in _LAZY_ATTRIBUTES:
        value = (image.get(name) or "").strip()
        if value and not _is_placeholder(value) and value[:1] not in "{[":
            return value
    for name, value in image.items():
        if name not in ("alt", "title", "class", "src") and _IMAGE_URL.match(value.strip()):
            return str(value.strip())
    return None


def _is_emoji(image: HtmlElement) -> bool:
    """Return whether a small image stands for the signs of its alternative text: emoji, initials."""
    signs = (image.get("alt") or "").strip()
    if len(signs) == 1 and signs.isalpha():
        # The first letter of a text, drawn.
        return _INITIAL.search(image.get("class") or "") is not None
    return (
        0 < len(signs) <= MAX_EMOJI
        and not signs.isascii()
        and not any(map(str.isalnum, signs.replace("\ufe0f", "").replace("\u20e3", "")))
        and all(unicodedata.category(sign) in _EMOJI_CATEGORIES for sign in signs)
    )


def _write_emoji(image: HtmlElement) -> None:
    signs = image.get("alt").strip()
    image.tag = "span"
    image.attrib.clear()
    image.text = signs


def _is_placeholder(address: str) -> bool:
    """Return whether the address is missing or a stand-in until a script runs."""
    # Addresses that are the data are as long as a picture: the cache must not keep them.
    return _NO_FILE.match(address) is not None or _names_stand_in(address)


@lru_cache(maxsize=256)
def _names_stand_in(address: str) -> bool:
    """Return whether the address names a stand-in; an image's sources are judged several times."""
    address = address.lower()
    # Finding no word is faster than finding the file's name, and most addresses have none.
    if not any(map(address.__contains__, _STAND_INS)):
        return False
    file = _FILE_NAME.search(address)
    if file is None:
        return False
    words = re.split(r"[^a-z0-9]+", file[1])
    return not _STAND_INS.isdisjoint(words) and all(
        word in _STAND_INS or _NEUTRAL.fullmatch(word) for word in words
    )


def _widest_source(srcset: str) -> str | None:
    """Return the widest source of a srcset up to `MAX_WIDTH`."""
    if not srcset:
        return None
    best: tuple[float, str] | None = None
    for found in _CANDIDATE.finditer(srcset[:20_000]):
        address, size, unit = found[1], found[2], found[3]
        if _is_placeholder(address):
            continue
        try:
            width = float(size) * (1 if unit == "w" else 1000) if size else 1.0
        except ValueError:
            continue
        if width > MAX_WIDTH:
            width = MAX_WIDTH / width
        if best is None or width > best[0]:
            best = (width, address)
    return best[1] if best else None


def _flatten_picture(picture: HtmlElement) -> None:
    """Replace a `<picture>` by its one image."""
    image = next(picture.iter("img", "amp-img"), None)
    sources = list(picture.iter("source"))
    if image is None:
        if not sources or picture.getparent() is None:
            return
        image = picture.makeelement("img")
        picture.append(image)
    if best_source(image) is None or not any(image.get(name) for name in _SRCSET_ATTRIBUTES):
        for source in sources:
            found = _widest_source(source.get("srcset") or source.get("data-srcset") or "")
            if found is not None:
                if best_source(image) is None:
                    image.set("src", found)
                break
    for source in sources:
        source.drop_tag()


def _make_figure(pairs: HtmlElement) -> None:
    """Turn an old gallery's definition list of an image into a figure."""
    children = [child for child in pairs if isinstance(child.tag, str) and child.tag != "br"]
    if not children or children[0].tag != "dt" or len(children) > 2:
        return
    if children[0].text_content().strip() or children[0].find(".//img") is None:
        return
    pairs.tag = "figure"
    children[0].tag = "div"
    for caption in children[1:]:
        caption.tag = "figcaption"


def _unpack_image_table(table: HtmlElement) -> None:
    """Turn a table of one column, an image above its caption, into a figure."""
    if "caption" not in (table.get("class") or ""):
        return
    rows = list(table.iter("tr"))
    if len(rows) > 2 or any(len(row) != 1 for row in rows):
        return
    first, *captions = [row[0] for row in rows]
    if first.text_content().strip() or first.find(".//img") is None:
        return
    table.tag = "figure"
    for child in list(table):
        table.remove(child)
    table.text = None
    first.tag = "div"
    for caption in captions:
        caption.tag = "figcaption"
    table.extend([first, *captions])


def _insert_background_image(drawn: HtmlElement) -> None:
    """Replace an empty box that stands for an image by the image that its style names."""
    found = _BACKGROUND.search(drawn.get("style") or "")
    if found is None or drawn.text_content().strip() or _is_placeholder(found[1]):
        return
    figure = next(drawn.iterancestors("figure"), None)
    is_image = drawn.get("role") == "img" or (
        figure is not None and next(figure.iter("img", "amp-img", "video", "iframe"), None) is None
    )
    if not is_image:
        return
    for inner in list(drawn):
        drawn.remove(inner)
    alt = drawn.get("aria-label") or drawn.get("title") or ""
    drawn.tag, drawn.text = "img", None
    drawn.attrib.clear()
    drawn.set("src", found[1])
    drawn.set("alt", alt)


def _insert_itemid_image(figure: HtmlElement) -> None:
    """Give a figure without an image the one that its `itemid` names."""
    address = (figure.get("itemid") or "").strip()
    if _IMAGE_URL.match(address) and next(figure.iter("img", "amp-img"), None) is None:
        image = figure.makeelement("img", {"src": address})
        image.tail, figure.text = figure.text, None
        figure.insert(0, image)


def _use_noscript_image(noscript: HtmlElement) -> None:
    """Put the image inside a `<noscript>` in its placeholder's place."""
    images = list(noscript.iter("img"))
    parent = noscript.getparent()
    if parent is None or len(images) != 1 or noscript.text_content().strip():
        return
    real = best_source(images[0])
    if real is None:
        return
    before = noscript.getprevious()
    shown = None
    if before is not None and isinstance(before.tag, str):
        shown = before if before.tag in ("img", "amp-img") else next(before.iter("img"), None)
    if shown is None:
        noscript.tag = "span"
        return
    if best_source(shown) is None or best_source(shown) == real or _has_same_filename(shown, real):
        shown.set("src", real)
        for name in (*_SRCSET_ATTRIBUTES, *_LAZY_ATTRIBUTES):
            shown.attrib.pop(name, None)
    for name in ("alt", "srcset"):
        if not shown.get(name) and images[0].get(name):
            shown.set(name, images[0].get(name))
    noscript.drop_tree()


def _has_same_filename(image: HtmlElement, address: str) -> bool:
    own = best_source(image) or ""
    return own.partition("?")[0].rsplit("/", 1)[-1] == address.partition("?")[0].rsplit("/", 1)[-1]


def _drop_duplicate(image: HtmlElement) -> None:
    """Drop an image that repeats the one before it or its link."""
    before = image.getprevious()
    if before is None or not isinstance(before.tag, str) or (before.tail or "").strip():
        return
    source = image.get("src")
    if not source:
        return
    if before.tag == "img" and before.get("src") == source:
        image.drop_tree()
    elif before.tag == "a" and not before.text_content().strip():
        inner = next(before.iter("img"), None)
        if inner is not None and source in (before.get("href"), inner.get("src")):
            image.drop_tree()


def _join_caption(image: HtmlElement) -> None:
    """Make a figure of an image and the caption after it."""
    holder = image
    for _ in range(3):
        parent = holder.getparent()
        if parent is None or parent.tag == "figure":
            return
        following = holder.getnext()
        if (holder.tail or "").strip():
            return
        if following is not None:
            break
        if parent.tag not in ("a", "p", "div", "span") or (parent.text or "").strip():
            return
        if len(parent) > 1:
            return
        holder = parent
    following = holder.getnext()
    if following is None or following.tag not in ("div", "p", "span", "figcaption", "small"):
        return
    if following.tag != "figcaption" and not _CAPTION.search(following.get("class") or ""):
        return
    words = following.text_content().strip()
    if not words or len(words) > _MAX_CAPTION or next(following.iter("img"), None) is not None:
        return
    if holder.tag == "p":
        holder.tag = "div"
    figure = image.makeelement("figure")
    holder.getparent().replace(holder, figure)
    holder.tail = None
    figure.tail = following.tail
    following.tail = None
    following.tag = "figcaption"
    figure.append(holder)
    figure.append(following)
