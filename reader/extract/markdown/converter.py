"""markdownify's converter driven over the page's own lxml tree, block by block."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from lxml.html import HtmlElement
from markdownify import ATX, MarkdownConverter

from reader.extract.markdown import callouts, code, embeds, lists, math, tables
from reader.extract.markdown.block_links import push_down
from reader.extract.markdown.escaping import escape_cell, escape_heading
from reader.extract.markdown.footnote_registry import FootnoteRegistry
from reader.extract.markdown.inline import (
    collapse_spaces,
    finish_line,
    paragraphs,
    verbatim,
    wrap,
)
from reader.extract.markdown.links import destination
from reader.extract.markdown.quotation_marks import quotation_marks
from reader.extract.markdown.scripts import subscript, superscript
from reader.extract.markdown.sentinels import (
    BREAK,
    DEL,
    EM,
    END_DEL,
    END_EM,
    END_LINK,
    END_STRONG,
    LINK,
    STRONG,
    TARGET,
)

MAX_MARKDOWN: Final = 10 * 1024 * 1024
"""Characters of an article: half of what a page may have."""
MAX_ALT: Final = 1000
"""Characters of an image's alternative text; longer ones are whole captions or embedded data."""
IGNORED_TAGS: Final = frozenset((
    "script", "style", "template", "noscript", "head", "meta", "link", "title", "base",
    "button", "select", "option", "optgroup", "textarea", "input", "datalist", "object",
    "param", "source", "track", "map", "area", "canvas", "svg", "rp",
))  # fmt: skip
"""Elements that browsers do not show, and the controls of a form."""
_BLOCK_TAGS: Final = frozenset((
    "address", "article", "aside", "body", "center", "details", "dialog", "dir", "div",
    "fieldset", "footer", "form", "frameset", "header", "hgroup", "html", "legend",
    "main", "nav", "p", "search", "section", "summary", "h1", "h2", "h3", "h4", "h5",
    "h6", "blockquote", "ul", "ol", "menu", "li", "dl", "dt", "dd", "pre", "table", "tr",
    "td", "th", "tbody", "thead", "tfoot", "caption", "figure", "figcaption", "hr",
    "iframe", "embed", "video", "audio",
))  # fmt: skip
_EMPHASIS_TAGS: Final = frozenset(("em", "i", "cite", "dfn", "var"))
_STRONG_TAGS: Final = frozenset(("strong", "b"))
_DELETED_TAGS: Final = frozenset(("del", "s", "strike"))
_CODE_TAGS: Final = frozenset(("code", "kbd", "samp", "tt"))
_HEADING_TAGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MEDIA_TAGS: Final = frozenset(("iframe", "embed", "video", "audio"))
_INLINE_TAGS: Final = frozenset(
    (*_EMPHASIS_TAGS, *_STRONG_TAGS, *_DELETED_TAGS, *_CODE_TAGS, "a", "img", "br", "q", "hr")
)
"""Elements with a rule; pages name their elements freely, `soup` and `list` too."""
_SCRIPTS: Final = {"sup": superscript, "sub": subscript}
_SENTINELS: Final = re.compile("[\ue000-\ue00b]+$")
_ALT_MARKUP: Final = re.compile(r"([\\\[\]`*_<&])")
_TITLE_MARKUP: Final = re.compile(r"([\\\"&<])")
_ESCAPED: Final = r"\\\1"
_WHITESPACE: Final = " \t\r\n"
Tags = frozenset[str]


class Block(str):
    """A finished block among the parts of an element; other parts are runs of inline content."""

    __slots__ = ()


class ArticleConverter(MarkdownConverter):
    """Markdown of lxml elements; `convert_<tag>` is found and called as markdownify does."""

    def __init__(self, base_url: str | None, notes: FootnoteRegistry) -> None:
        super().__init__(heading_style=ATX)
        self.base_url = base_url
        self.notes = notes
        self._contexts: dict[tuple[Tags, str], Tags] = {}
        # markdownify's stubs name neither its dispatch nor its rules.
        self._rules: Any = self

    def document(self, root: HtmlElement) -> str:
        """Return the element's content, followed by the notes it refers to."""
        self.notes.assign_labels(root)
        blocks = self.blocks(root, frozenset())
        while blocks and blocks[-1] == "---":
            blocks.pop()
        while blocks and blocks[0] == "---":
            blocks.pop(0)
        blocks += self.notes.definitions(lambda note: self.blocks(note, frozenset()))
        return "\n\n".join(blocks)

    def blocks(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return the element's content as finished blocks."""
        return lists.separate_lists(self._finish(self.parts(element, tags)))

    def line(self, element: HtmlElement, tags: Tags) -> str:
        """Return the element's content as one line."""
        return finish_line("".join(self.parts(element, self._child_context(tags, "_inline"))))

    def parts(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return the element's blocks, and the runs of inline content between them, in order."""
        inner = self._child_context(tags, element.tag)
        out: list[str] = []
        if element.text:
            out.append(collapse_spaces(element.text))
        for child in element:
            if isinstance(child.tag, str):
                self._convert(child, inner, out)
            if child.tail:
                out.append(collapse_spaces(child.tail))
        return out

    def _child_context(self, tags: Tags, tag: str) -> Tags:
        context = self._contexts.get((tags, tag))
        if context is None:
            context = self._contexts[tags, tag] = tags | {tag}
        return context

    def _finish(self, parts: Iterable[str]) -> list[str]:
        out: list[str] = []
        run: list[str] = []
        for part in parts:
            if type(part) is Block:
                if run:
                    out += paragraphs("".join(run))
                    run = []
                if part:
                    out.append(part)
            else:
                run.append(part)
        if run:
            out += paragraphs("".join(run))
        return out

    def _convert(self, element: HtmlElement, tags: Tags, out: list[str]) -> None:
        tag = element.tag
        if tag in IGNORED_TAGS:
            return
        if tag not in _BLOCK_TAGS:
            self._convert_inline(element, tags, out)
        elif "_inline" in tags:
            out += (" ", *self._flatten(element, tags), " ")
        else:
            block: Callable[[HtmlElement, Tags], list[str]] | None = getattr(
                self, f"block_{tag}", None
            )
            blocks = self.blocks(element, tags) if block is None else block(element, tags)
            out += map(Block, blocks) if blocks else [Block("")]

    def _flatten(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return a block inside a heading or a cell as parts of its line."""
        tag = element.tag
        if tag == "pre":
            return [verbatim(code.line_spans(element))]
        if tag in MEDIA_TAGS:
            return [verbatim(link) for link in getattr(self, f"block_{tag}")(element, tags)]
        if tag in ("ul", "ol", "menu"):
            return self._flat_items(element, tags)
        if tag == "table":
            return self._flat_table(element, tags)
        if tag == "figcaption":
            return [wrap(EM, self._emphasis_run(element, tags), END_EM)]
        return [] if tag == "hr" else self.parts(element, tags)

    def _flat_table(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return a table inside a line: cells between commas, rows between semicolons."""
        table = tables.table_rows(element)
        out: list[str] = []
        for caption in table.captions:
            out += (wrap(EM, self._emphasis_run(caption, tags), END_EM), " ")
        for stray in table.strays:
            if isinstance(stray, str):
                out.append(collapse_spaces(stray))
            else:
                self._convert(stray, tags, out)
        rows = [
            ", ".join(filter(None, (self.line(cell.element, tags) for cell in row)))
            for row in table.rows
        ]
        return [*out, verbatim("; ".join(filter(None, rows)))] if any(rows) else out

    def _flat_items(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return a list inside a line: each item behind its bullet or number."""
        items = list(element.iterchildren("li"))
        if not items:
            return self.parts(element, tags)
        numbers = lists.item_numbers(element, items) if element.tag == "ol" else None
        out: list[str] = []
        for position, item in enumerate(items):
            bullet = f"{numbers[position]}. " if numbers else lists.task_marker(item) or "• "
            out += (bullet, *self.parts(item, tags), " ", collapse_spaces(item.tail or ""))
        return out

    def _convert_inline(self, element: HtmlElement, tags: Tags, out: list[str]) -> None:
        tag = element.tag
        convert: Callable[..., str] | None = (
            self._rules.get_conv_fn_cached(tag) if tag in _INLINE_TAGS else None
        )
        if tag in _CODE_TAGS and (formula := math.to_markdown(element)) is not None:
            if formula[1] and "_inline" not in tags:
                out.append(Block(formula[0]))
            else:
                out.append(verbatim(formula[0].replace("$$\n", "$").replace("\n$$", "$")))
            return
        if convert is not None and (tag in _CODE_TAGS or tag in ("img", "br")):
            out.append(convert(element, "", parent_tags=tags))
            return
        if tag in _SCRIPTS:
            label = self.notes.label_of(element)
            if label is not None:
                out.append(verbatim(f"[^{label}]"))
            else:
                is_run = bool(out) and type(out[-1]) is not Block
                before = _SENTINELS.sub("", "".join(out[-3:])) if is_run else ""
                out.append(_SCRIPTS[tag]("".join(self.parts(element, tags)), before))
            return
        if tag in _PUSHED_TAGS and "_inline" not in tags:
            push_down(element)
        parts = self.parts(element, tags)
        if convert is None:
            out += parts
            return
        run: list[str] = []
        for part in [*parts, Block("")]:
            if type(part) is not Block:
                run.append(part)
                continue
            if run:
                out.append(convert(element, "".join(run), parent_tags=tags))
                run = []
            if part:
                out.append(part)

    # Rules of inline elements take a run and return one.

    def convert_b(self, _el: HtmlElement, text: str, parent_tags: Tags) -> str:
        if _STRONG_TAGS & parent_tags or _HEADING_TAGS & parent_tags or "th" in parent_tags:
            return text
        return wrap(STRONG, text, END_STRONG)

    convert_strong = convert_b

    def convert_em(self, _el: HtmlElement, text: str, parent_tags: Tags) -> str:
        return text if _EMPHASIS_TAGS & parent_tags else wrap(EM, text, END_EM)

    convert_i = convert_cite = convert_dfn = convert_var = convert_em

    def convert_del(self, _el: HtmlElement, text: str, parent_tags: Tags) -> str:
        return text if parent_tags & _DELETED_TAGS else wrap(DEL, text, END_DEL)

    convert_s = convert_strike = convert_del

    def convert_a(self, el: HtmlElement, text: str, parent_tags: Tags) -> str:
        if "a" in parent_tags:
            return text
        target = destination(el.get("href"), self.base_url)
        if target is None or (el.get("href") or "").startswith("#"):
            return text
        return wrap(f"{LINK}{target}{TARGET}", text, END_LINK)

    def convert_img(self, el: HtmlElement, _text: str, parent_tags: Tags) -> str:
        target = destination(el.get("src"), self.base_url)
        if target is None:
            return ""
        alt = " ".join(collapse_spaces(el.get("alt") or "").split())[:MAX_ALT]
        return verbatim(f"![{_ALT_MARKUP.sub(_ESCAPED, alt)}]({target})")

    def convert_br(self, _el: HtmlElement, _text: str, parent_tags: Tags) -> str:
        return BREAK

    def convert_code(self, el: HtmlElement, _text: str, parent_tags: Tags) -> str:
        """Return a code span for each line, inside a link around all."""
        text = el.text_content()
        spans = [verbatim(span) for line in code.inline_lines(el) if (span := code.code_span(line))]
        if not spans:
            return " " if text else ""
        run = BREAK.join(spans)
        link = el[0] if len(el) == 1 and el[0].tag == "a" else None
        if link is not None and "".join(link.itertext()).strip() == text.strip():
            run = self.convert_a(link, run, parent_tags)
        lead = " " if text[:1] in _WHITESPACE else ""
        return f"{lead}{run}{' ' if text[-1:] in _WHITESPACE else ''}"

    convert_samp = convert_tt = convert_kbd = convert_code

    def convert_q(self, el: HtmlElement, text: str, parent_tags: Tags) -> str:
        if text[:1] in "“\"'«„「":
            return text
        marks = quotation_marks(el)[2:] if "q" in parent_tags else quotation_marks(el)
        return f"{marks[0]}{text}{marks[1]}"

    # Rules of blocks return finished Markdown; markdownify's own serve for headings and quotes.

    def block_hr(self, _element: HtmlElement, _tags: Tags) -> list[str]:
        return ["---"]

    def block_blockquote(self, element: HtmlElement, tags: Tags) -> list[str]:
        blocks = self.blocks(element, tags)
        heading = callouts.heading(element)
        if not blocks and heading is None:
            return []
        text = "\n\n".join(blocks)
        if heading is not None:
            text = f"{heading}\n{text}" if text else heading
        return [self._rules.convert_blockquote(element, text, tags).strip("\n")]

    def _heading(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return the heading's images, and its text at level 2 or below.

        Level 1 is the article's title, which stands above the text.
        """
        images = [
            Block(text)
            for image in element.iter("img")
            for text in paragraphs(self.convert_img(image, "", tags))
        ]
        for image in list(element.iter("img")):
            image.drop_tree()
        text = escape_heading(self.line(element, tags))
        if not text:
            return [*images]
        level = max(2, int(element.tag[1]))
        return [*images, self._rules.convert_hN(level, element, text, tags).strip("\n")]

    block_h1 = block_h2 = block_h3 = block_h4 = block_h5 = block_h6 = _heading

    def block_pre(self, element: HtmlElement, _tags: Tags) -> list[str]:
        block = code.fenced_block(element)
        return [block] if block else []

    def block_ul(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return a list. A list of images is a gallery, whose images are blocks."""
        items, _ = self._items(element, tags)
        if items and all(item[0].startswith(("![", "[![")) for item in items):
            return [block for item in items for block in item]
        return lists.list_block(items)

    block_menu = block_dir = block_ul

    def block_li(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return an item outside any list as a list of one."""
        blocks = self.blocks(element, tags)
        return lists.list_block([blocks]) if blocks else []

    def block_ol(self, element: HtmlElement, tags: Tags) -> list[str]:
        items, elements = self._items(element, tags)
        return lists.list_block(items, lists.item_numbers(element, elements))

    def _items(
        self, element: HtmlElement, tags: Tags
    ) -> tuple[list[list[str]], list[HtmlElement | None]]:
        """Return the blocks of each item, and its element.

        Content between items belongs to the item before it, and is one without an element at the
        list's beginning.
        """
        inner = self._child_context(tags, element.tag)
        items: list[list[str]] = []
        elements: list[HtmlElement | None] = []
        between: list[str] = [collapse_spaces(element.text or "")]

        def add_between() -> None:
            blocks = self._finish(between)
            between.clear()
            if blocks and items:
                items[-1] += blocks
            elif blocks:
                items.append(blocks)
                elements.append(None)

        for child in element:
            if child.tag == "li":
                add_between()
                marker = lists.task_marker(child)
                blocks = self.blocks(child, inner)
                if blocks:
                    items.append([f"{marker}{blocks[0]}", *blocks[1:]])
                    elements.append(child)
            elif isinstance(child.tag, str):
                self._convert(child, inner, between)
            between.append(collapse_spaces(child.tail or ""))
        add_between()
        return items, elements

    def block_dt(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return a term as a paragraph in emphasis; its definition follows as blocks."""
        if next(element.iter(*_HEADING_TAGS, "img", "pre"), None) is not None:
            return self.blocks(element, tags)
        return self._caption_line(element, tags)

    def block_table(self, element: HtmlElement, tags: Tags) -> list[str]:
        table = tables.table_rows(element)
        inner = self._child_context(tags, "table")
        out: list[str] = []
        for caption in table.captions:
            out += self._caption_line(caption, inner)
        for stray in table.strays:
            parts: list[str] = []
            if isinstance(stray, str):
                parts.append(collapse_spaces(stray))
            else:
                self._convert(stray, inner, parts)
            out += self._finish(parts)
        rows = table.rows
        if tables.is_layout(element, rows):
            return out + [
                block for row in rows for cell in row for block in self.blocks(cell.element, inner)
            ]
        if tables.is_complex(rows):
            return out + self._labelled_rows(rows, inner)
        texts = [[escape_cell(self.line(cell.element, inner)) for cell in row] for row in rows]
        if any(any(row) for row in texts):
            out.append(tables.to_markdown(tables.grid(rows, texts)))
        return out

    def _labelled_rows(self, rows: list[list[tables.Cell]], tags: Tags) -> list[str]:
        """Return a table with blocks in cells as a list of labelled rows."""
        labels: list[str] = []
        if len(rows) > 1 and len(rows[0]) > 1 and all(cell.is_header for cell in rows[0]):
            for cell in rows[0]:
                labels += [self.line(cell.element, tags)] * cell.column_span
            rows = rows[1:]
        items: list[list[str]] = []
        for row in rows:
            blocks: list[str] = []
            column = 0
            for cell in row:
                label = labels[column] if column < len(labels) else ""
                column += cell.column_span
                inner = self.blocks(cell.element, tags)
                if inner and label:
                    blocks.append(f"**{label}**")
                blocks += inner
            if blocks:
                items.append(blocks)
        return lists.list_block(items)

    def block_figure(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return the images, and on the line below the last one the captions in emphasis."""
        inner = self._child_context(tags, "figure")
        captions = [
            caption
            for caption in element.iter("figcaption")
            if next(caption.iterancestors("figure", "figcaption"), None) is element
        ]
        run = " ".join(filter(None, (self._emphasis_run(caption, inner) for caption in captions)))
        caption_line = finish_line(wrap(EM, run, END_EM))
        for caption in captions:
            caption.drop_tree()
        images = list(element.iter("img"))
        lines: list[str] = []
        is_gallery = next(element.iterdescendants("figure"), None) is not None
        if captions and images and not is_gallery and not element.text_content().strip():
            for image in images:
                lines += paragraphs(self.convert_img(image, "", inner))
            lines = list(dict.fromkeys(lines))
        if not lines:
            return [*self.blocks(element, tags), *filter(None, [caption_line])]
        return [*lines[:-1], "\n".join(filter(None, [lines[-1], caption_line]))]

    def block_figcaption(self, element: HtmlElement, tags: Tags) -> list[str]:
        return self._caption_line(element, tags)

    def _caption_line(self, element: HtmlElement, tags: Tags) -> list[str]:
        text = finish_line(wrap(EM, self._emphasis_run(element, tags), END_EM))
        return [text] if text else []

    def _emphasis_run(self, element: HtmlElement, tags: Tags) -> str:
        """Return the element's content as a run inside emphasis."""
        inner = self._child_context(self._child_context(tags, "_inline"), "em")
        return "".join(self.parts(element, inner))

    def block_summary(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Return the label of a `<details>` as a strong line or heading."""
        if next(element.iter(*_HEADING_TAGS), None) is not None:
            return self.blocks(element, tags)
        inner = self._child_context(self._child_context(tags, "_inline"), "b")
        text = finish_line(wrap(STRONG, "".join(self.parts(element, inner)), END_STRONG))
        return [text] if text else []

    def block_iframe(self, element: HtmlElement, _tags: Tags) -> list[str]:
        return self._embed_link(embeds.frame_embed(element))

    block_embed = block_iframe

    def block_video(self, element: HtmlElement, _tags: Tags) -> list[str]:
        return self._embed_link(embeds.media_embed(element))

    block_audio = block_video

    def _embed_link(self, embed: embeds.Embed | None) -> list[str]:
        """Return a link of one symbol, which adds no word to the page's."""
        target = destination(embed.url, self.base_url) if embed is not None else None
        if embed is None or target is None:
            return []
        title = _TITLE_MARKUP.sub(_ESCAPED, collapse_spaces(embed.title).strip())
        return [f'[{embed.symbol}]({target} "{title}")' if title else f"[{embed.symbol}]({target})"]


_PUSHED_TAGS: Final = frozenset(("a", *_STRONG_TAGS, "em", "i", *_DELETED_TAGS))


def convert(root: HtmlElement, base_url: str | None, notes: FootnoteRegistry | None = None) -> str:
    """Return the element's content as Markdown with absolute links. Uses the tree up.

    At most `MAX_MARKDOWN` characters.
    """
    text = ArticleConverter(base_url, notes or FootnoteRegistry()).document(root)
    return text[:MAX_MARKDOWN].rstrip() + "\n"
