"""Frames whose page is in `srcdoc` or in the container, inlined."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import unquote_to_bytes, urljoin

from lxml.html import HtmlElement

from reader.extract.input.charset import decode
from reader.extract.input.mime import decode_base64, header_parameter

MAX_FRAMES: Final = 50
"""Frames of one page that are inlined."""
MAX_DEPTH: Final = 3
"""Levels of frames inside frames."""
MIN_TEXT: Final = 80
"""Letters of the shortest frame that is inlined; players and counters have fewer."""
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")

Parse = Callable[[str], HtmlElement]


def inline_frames(
    root: HtmlElement,
    pages: Mapping[str, str],
    parse: Parse,
    base: str | None = None,
    depth: int = 0,
) -> bool:
    """Replace frames by the body of their page, in a `div`. Return whether there was one.

    `pages` has the text of frames by address or path; `parse` makes a bounded tree.
    """
    if depth >= MAX_DEPTH:
        return False
    found = False
    for frame in list(root.iter("iframe", "frame"))[:MAX_FRAMES]:
        text = frame.get("srcdoc") or _page_of(frame, pages, base)
        if frame.get("srcdoc") is not None:
            del frame.attrib["srcdoc"]
        if not text or sum(map(str.isalnum, _TAG.sub(" ", text[:200_000]))) < MIN_TEXT:
            continue
        inner = parse(text)
        inline_frames(inner, pages, parse, base, depth + 1)
        body = inner.find(".//body")
        body = inner if body is None else body
        _replace(frame, body)
        found = True
    return _show_noframes(root, parse) or found


def _show_noframes(root: HtmlElement, parse: Parse) -> bool:
    """Put the text for programs without frames in the place of frames that are missing.

    Source: HTML 16.3 (parsers read `noframes` as text).
    """
    found = False
    for frames in [one for one in root.iter("frameset") if one.find(".//noframes") is not None]:
        text = "".join(map(str, frames.xpath(".//noframes//text()")))
        if sum(map(str.isalnum, _TAG.sub(" ", text[:200_000]))) < MIN_TEXT:
            continue
        inner = parse(text)
        body = inner.find(".//body")
        frames.clear()
        frames.tag = "body"
        for child in list(inner if body is None else body):
            frames.append(child)
        found = True
    return found


def _page_of(frame: HtmlElement, pages: Mapping[str, str], base: str | None) -> str:
    source = (frame.get("src") or "").strip()
    if source[:15].casefold().startswith("data:text/html"):
        return _data_page(source)
    if not source or not pages:
        return ""
    path = source.removeprefix("./")
    try:
        whole = urljoin(base or "", source)
    except ValueError:
        whole = source
    names = (source, path, f"{path.rstrip('/')}/index.html", whole)
    return next((pages[name] for name in names if name in pages), "")


def _data_page(url: str) -> str:
    """Return the page in a `data:` URL (RFC 2397)."""
    head, _, data = url.partition(",")
    content = unquote_to_bytes(data)
    if head.casefold().endswith(";base64"):
        content = decode_base64(content)
    return decode(content, header_parameter(head, "charset"))


def _replace(frame: HtmlElement, body: HtmlElement) -> None:
    holder = frame.makeelement("div")
    holder.text = body.text
    for child in list(body):
        holder.append(child)
    holder.tail = frame.tail
    parent = frame.getparent()
    if parent is None:
        return
    if parent.tag == "frameset":
        parent.tag = "div"
    parent.replace(frame, holder)
