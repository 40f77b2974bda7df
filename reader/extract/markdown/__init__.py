"""HTML to Markdown: equivalent markup normalised before selection, the selected blocks converted."""

from lxml.html import HtmlElement

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
    images,
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


def prepare(root: HtmlElement) -> None:
    """Show preserved line ends, tabs and folded panels, and drop permalinks, before all else."""
    inline_styles.preserve_line_ends(root)
    embeds.normalise(root)
    controls.label_tabs(root)
    controls.show_panels(root)
    # A word after the sign of a permalink looks like a hashtag.
    aria_roles.drop_permalinks(root)


def normalise(page: Page) -> FootnoteRegistry:
    """Give equivalent markup one form, and take the notes out of the page. Return the notes."""
    root = page.root
    documentation.normalise(root)
    word_processors.normalise(root)
    visibility.normalise(root)
    aria_roles.normalise(root)
    tex_source.normalise(root, math.ATTRIBUTE)
    math.normalise(root)
    controls.normalise(root)
    inline_styles.normalise(root)
    code.normalise(root)
    graphics.normalise(root)
    block_links.normalise(root)
    images.normalise(root)
    ruby.normalise(root)
    callouts.normalise(root)
    return footnotes.normalise(root)
