"""Pages of documentation programs and word processors: their whole document is the text.

Sphinx, MkDocs, Asciidoctor, mandoc, Jupyter and their like put the document into one container
and everything else outside, so no block inside needs judging. Word processors save nothing else.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from reader.extract.content.segmenter import HEADINGS, Box, blocks_in
from reader.extract.dom import ElementIndex
from reader.extract.markdown.documentation import DOCUMENT, THREAD

MIN_LETTERS: Final = 40
"""Letters of the shortest document."""

_CONTAINERS: Final = frozenset(
    # Sphinx themes, MkDocs, Docusaurus, VitePress, Docsy, GitBook, docsify
    "bd-article md-content__inner theme-doc-markdown vp-doc td-content markdown-section"
    # Starlight, VuePress and a theme of it, Rspress, Geekdoc
    " sl-markdown-content theme-default-content theme-hope-content rspress-doc gdoc-markdown"
    # Jupyter, mandoc
    " jp-Notebook notebook-container manual-text".split()
)
"""Classes and ids that only documentation programs give to a container."""
_GENERATED: Final = re.compile(r"asciidoc|docutils|mkdocs|mdbook|sphinx|rustdoc", re.I)
_WHOLE_BODY: Final = re.compile(r"microsoft word|libreoffice|openoffice|makeinfo|texi2any", re.I)
"""Word processors and Texinfo: their pages hold nothing else but links to the next page."""
_NAMED: Final = "//h1[contains(@class, 'title')]|//p[@class='MsoTitle' or contains(@class, ' title') or @class='title']"
"""Titles that word processors and pandoc set apart from the headings."""
_TITLED: Final = "//div[@class='headertitle']/div[contains(@class, 'title')]|//h1[contains(@class, 'page-title')]"
"""Titles that Doxygen and Notion put outside the document."""
_SECTION_HEADINGS: Final = frozenset(
    ("contents", "description", "documentation", "name", "synopsis", "table of contents")
)
"""Main headings of sections that every document of a program has."""
_SPHINX: Final = re.compile(
    r"_static/(?:documentation_options|doctools|pygments)[\w.-]*\.(?:js|css)"
)
_CONTENTS: Final = re.compile(r"(?:^|\s)(?:toc\w*|toctree-wrapper|contents|local)(?:\s|$)")
"""Names of the lists of a document's headings."""
_CHROME: Final = re.compile(
    r"(?:^|\s)(?:headerlink|md-source-file|prev-next-\w+|rst-footer-buttons"
    r"|related-pages|page-info|nav-panel|navheader|navfooter|head|foot|manual-\w*head\w*|footer|sphinxsidebar\w*|edit-this-page|breadcrumbs?)(?:\s|$)"
)
"""Names of the parts of a document that lead to other pages."""


def mark_document(index: ElementIndex, text: str) -> bool:
    """Mark the container of a documentation program's document. Return whether there is one.

    `text` is the page before parsing.
    """
    container = _find_container(index, text)
    if container is None or sum(map(str.isalpha, container.text_content())) < MIN_LETTERS:
        return False
    index.mark(container, DOCUMENT, "1")
    return True


def document_title(root: HtmlElement) -> str:
    """Return the title or one main heading of the marked document, without its permalink."""
    if root.xpath(f"//body[@{DOCUMENT}]") and (named := root.xpath(_NAMED)):
        return " ".join(named[0].text_content().split())
    headings = root.xpath(f"//*[@{DOCUMENT}]//h1") or root.xpath(_TITLED)
    if len(headings) != 1:
        return ""
    parts = headings[0].xpath(".//text()[not(ancestor::button)]|.//br")
    words = "".join(str(part) if isinstance(part, str) else " " for part in parts).split()
    title = " ".join(words).rstrip("¶#🔗\uf0c1 ")
    return "" if title.casefold() in _SECTION_HEADINGS else title


def document_blocks(boxes: Sequence[Box]) -> range:
    """Return the numbers of the blocks in the marked document; empty if there is none."""
    for box in boxes:
        if box.element.get(DOCUMENT) is not None:
            return range(box.first_block, box.end_block)
    return range(0)


def is_thread(boxes: Sequence[Box]) -> bool:
    """Return whether the marked container holds the posts of a thread."""
    return any(box.element.get(DOCUMENT) == THREAD for box in boxes)


def chrome_blocks(boxes: Sequence[Box], document: range) -> set[int]:
    """Return the numbers of the document's blocks that are contents lists and links around it."""
    if is_thread(boxes):
        # Posts use any names, and their container holds nothing else.
        return set()
    inside = [
        box
        for box in boxes
        if box.names
        and box.first_block in document
        and box.end_block - box.first_block < len(document)
    ]
    links = blocks_in(box for box in inside if _CHROME.search(box.names) or _is_link_bar(box))
    both = links | blocks_in(box for box in inside if _CONTENTS.search(box.names))
    # A page may be nothing but the contents of a book.
    return both if 2 * len(both) < len(document) else links


def _is_link_bar(box: Box) -> bool:
    """Return whether a box is the row of links that Texinfo before its version 7 writes above a text."""
    return (
        box.names == "header"
        and next(box.element.iter("a"), None) is not None
        and next(box.element.iter(*HEADINGS), None) is None
    )


def _find_container(index: ElementIndex, text: str) -> HtmlElement | None:
    root = index.root
    generator = " ".join(
        meta.get("content") or ""
        for meta in root.iter("meta")
        if (meta.get("name") or "").lower() == "generator"
    )
    if _GENERATED.search(generator) or _is_sphinx(root):
        for path in _GENERATED_PATHS:
            if found := root.xpath(path):
                return found[0] if len(found) == 1 else None
    for program in _PROGRAMS:
        # Names first: they are a hundredth of the text.
        if (
            program.may_have_written(index)
            and (program.sign in text or program.sign in generator)
            and len(found := root.xpath(program.container)) == 1
        ):
            return found[0]
    if (
        _WHOLE_BODY.search(generator)
        or (
            index.has_name("title-block-header")
            and root.xpath("//body/header[@id='title-block-header']")
        )
        or (generator == "pandoc" and root.xpath("//body/div[@id='header']/h1[@class='title']"))
        or (
            index.names_class("doc-content")
            and root.xpath("//body[contains(@class, 'doc-content')]")
        )
    ):
        return root.find(".//body")
    if index.names_class("code_cell") and root.xpath(
        "//div[contains(@class, 'code_cell')]/div[@class='input']"
    ):
        # A notebook, with or without the template around it.
        return root.find(".//body")
    # Looking at the names first is a hundred times as fast as looking at the elements.
    if any(map(index.has_name, _CONTAINERS)):
        for element in root.xpath("//body[@class]|//body//*[@class or @id]"):
            names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
            if not _CONTAINERS.isdisjoint(names):
                return element
    return None


_DOCBOOK: Final = "//div[{0}][not(ancestor::div[{0}])]".format(
    " or ".join(
        f"@class='{name}'"
        for name in "appendix article book chapter colophon glossary index part preface refentry reference sect1 section set".split()
    )
)
"""The outermost division of DocBook: its stylesheets name elements of HTML by it."""


class _Program(NamedTuple):
    """A program that writes documents.

    `sign` is a word in the page or its generator. `name` is a part of a class or id that the container
    has, the whole value if `is_whole`; empty if it needs none.
    """

    sign: str
    container: str
    name: str = ""
    is_whole: bool = False

    def may_have_written(self, index: ElementIndex) -> bool:
        """Return whether an element has the container's name."""
        has_name = index.has_whole_name if self.is_whole else index.has_name
        return has_name(self.name)


_PROGRAMS: Final = (
    _Program("rustdoc", "//section[@id='main-content']", "main-content", is_whole=True),
    _Program("javadoc/", "//main"),
    _Program("Doxygen", "//div[@class='contents']", "contents", is_whole=True),
    _Program(
        "page-body", "//article[contains(@class, 'page')]/div[@class='page-body']", "page-body"
    ),
    _Program(
        "doc-content",
        "//div[@id='contents']/div[contains(@class, 'doc-content')]",
        "doc-content",
    ),
    _Program(
        "wiki-content",
        "//div[@id='main-content'][contains(@class, 'wiki-content')]",
        "wiki-content",
    ),
    _Program("haddock", "//div[@id='content']", "content", is_whole=True),
    _Program("DocBook XSL", _DOCBOOK),
    _Program("rendered-md", "//div[@id='rendered-md']", "rendered-md", is_whole=True),
    _Program(
        "markdown-preview-view",
        "//div[contains(@class, 'markdown-preview-view')]",
        "markdown-preview-view",
    ),
    _Program("typora-export", "//div[@id='write']", "write", is_whole=True),
    _Program("markdown-body", "//article[contains(@class, 'markdown-body')]", "markdown-body"),
    _Program(
        "js-markup-content", "//div[contains(@class, 'js-markup-content')]", "js-markup-content"
    ),
)
"""Programs for API documentation, notes, wikis and READMEs."""
_GENERATED_PATHS: Final = (
    "//*[@itemprop='articleBody']",
    "//article[@role='main' or contains(@class, 'md-content__inner') or contains(@class, 'bd-article')]",
    "//div[@class='body' and @role='main']|//div[@class='body'][not(.//div[@class='body'])]",
    "//body[contains(@class, 'article') or contains(@class, 'book') or contains(@class, 'manpage')][div[@id='content']]",
    "//body[div[@id='header']][div[@id='content']][div[@id='footer']]",
    "//*[@id='content']//main|//main[@id='content']",
    # Whatever the theme, Sphinx writes the document as one section with its main heading.
    "//*[self::section or self::div[@class='section']][@id and h1]",
)


def _is_sphinx(root: HtmlElement) -> bool:
    return any(
        "_static/" in (address := element.get("src") or element.get("href") or "")
        and _SPHINX.search(address)
        for element in root.iter("script", "link")
    )
