"""Quotation marks of `<q>` by language, as browsers draw them (HTML 15.3.2, CLDR)."""

from typing import Final

from lxml.html import HtmlElement

_MARKS: Final = {
    "de": "„“‚‘",
    "cs": "„“‚‘",
    "sk": "„“‚‘",
    "sl": "„“‚‘",
    "bg": "„“‚‘",
    "pl": "„”«»",
    "ro": "„”«»",
    "hu": "„”»«",
    "ru": "«»„“",
    "uk": "«»„“",
    "el": "«»“”",
    "es": "«»“”",
    "it": "«»“”",
    "pt": "“”‘’",
    "fr": "«»‹›",
    "ja": "「」『』",
    "sv": "””’’",
    "fi": "””’’",
}


def quotation_marks(element: HtmlElement) -> str:
    """Return the four signs of an element's language: outer and inner, opening and closing."""
    around: HtmlElement | None = element
    while around is not None:
        if language := around.get("lang"):
            return _MARKS.get(language.split("-")[0].casefold(), "“”‘’")
        around = around.getparent()
    return "“”‘’"
