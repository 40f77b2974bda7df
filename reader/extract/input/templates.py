"""Templates that scripts copy into a page, revealed in pages without text."""

from typing import Final

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

MIN_TEXT: Final = 400
"""Letters of a template that may hold an article."""
_TYPES: Final = ("text/template", "text/x-template", "text/html", "text/x-handlebars", "text/x-handlebars-template", "text/ng-template", "text/x-mustache")  # fmt: skip


def reveal_templates(root: HtmlElement) -> bool:
    """Make a `div` of each template, `<noscript>` and `<noframes>` with much text.

    Returns whether there was one.
    """
    found = False
    for template in list(root.iter("template", "noframes")):
        if _letters("".join(template.itertext())) >= MIN_TEXT:
            template.tag = "div"
            found = True
    for noscript in list(root.iter("noscript")):
        if _letters("".join(noscript.itertext())) >= MIN_TEXT:
            noscript.tag = "div"
            found = True
    for script in list(root.iter("script")):
        text = script.text or ""
        if (script.get("type") or "").casefold() in _TYPES and _letters(text) >= MIN_TEXT:
            body = _parse(text)
            if body is not None and _letters("".join(body.itertext())) >= MIN_TEXT:
                script.tag, script.text = "div", body.text
                script.attrib.clear()
                script.extend(list(body))
                found = True
    return found


def _parse(text: str) -> HtmlElement | None:
    try:
        root = document_fromstring(text, parser=HTMLParser(huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root.find(".//body")


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
