"""The chosen blocks as Markdown."""

from lxml.html import HtmlElement, tostring
from markdownify import markdownify


def write(root: HtmlElement, base_url: str | None) -> str:
    """Markdown of the element's content."""
    if base_url:
        root.make_links_absolute(base_url, resolve_base_href=False, handle_failures="ignore")
    return str(markdownify(tostring(root, encoding="unicode"), heading_style="ATX")).strip() + "\n"
