"""HTML to Markdown: equivalent markup normalised before selection, the selected blocks converted."""

from lxml.html import HtmlElement

from reader.extract.dom import ElementIndex
from reader.extract.input.html_parser import Page
from reader.extract.markdown import (
    aria_roles,
    block_links,
    callouts,
    code,
    controls,
    documentation,
    embeds,
    footnotes,
    graphics,
    image_sources,
    inline_styles,
    math,
    ruby,
    tex_source,
    visibility,
    word_processors,
)
from reader.extract.markdown.converter import convert
from reader.extract.markdown.footnote_registry import FootnoteRegistry

__all__ = ["FootnoteRegistry", "convert", "normalise", "prepare"]


def prepare(root: HtmlElement, index: ElementIndex | None = None) -> None:
    """Show preserved line ends, tabs and folded panels, and drop permalinks, before all else.

    `index` is that of the unchanged page, if there is one.
    """
    index = index or ElementIndex(root)
    index.is_fresh = False
    inline_styles.preserve_line_ends(index)
    graphics.unwrap_foreign(root)
    embeds.normalise(root)
    controls.label_tabs(index)
    controls.show_panels(index)
    # A word after the sign of a permalink looks like a hashtag.
    aria_roles.drop_permalinks(root)


def normalise(page: Page, index: ElementIndex | None = None) -> FootnoteRegistry:
    """Give equivalent markup one form, and take the notes out of the page. Return the notes.

    `index` is that of the page before `prepare`, if there is one.
    """
    root = page.root
    index = index or ElementIndex(root)
    index.is_fresh = False
    documentation.normalise(index)
    word_processors.normalise(index)
    visibility.normalise(index)
    aria_roles.normalise(index)
    tex_source.normalise(index, math.ATTRIBUTE)
    math.normalise(index)
    controls.normalise(index)
    inline_styles.normalise(index)
    code.normalise(index)
    graphics.normalise(root)
    block_links.normalise(root)
    image_sources.normalise(index)
    ruby.normalise(root)
    callouts.normalise(index)
    return footnotes.normalise(index)
