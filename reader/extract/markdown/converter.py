"""markdownify's converter driven over the page's own lxml tree, block by block."""

import re
from collections.abc import Callable
from typing import Any, Final

from lxml.html import HtmlElement
from markdownify import ATX, MarkdownConverter

from reader.extract.markdown import callouts, code, embeds, math, tables
from reader.extract.markdown.escaping import escape_cell, escape_heading
from reader.extract.markdown.footnote_registry import FootnoteRegistry
from reader.extract.markdown.inline import collapse_spaces, finish_line, paragraphs, verbatim, wrap
from reader.extract.markdown.links import destination
from reader.extract.markdown.math import subscript_digits, superscript_digits
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
_IGNORED_TAGS: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "meta",
        "link",
        "title",
        "button",
        "select",
        "option",
        "textarea",
        "input",
        "object",
        "param",
        "source",
        "track",
        "map",
        "area",
        "canvas",
        "dialog",
        "svg",
    ]
)
_BLOCK_TAGS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "div",
        "fieldset",
        "footer",
        "form",
        "header",
        "hgroup",
        "html",
        "main",
        "nav",
        "p",
        "section",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "ul",
        "ol",
        "menu",
        "li",
        "dl",
        "dt",
        "dd",
        "pre",
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "caption",
        "figure",
        "figcaption",
        "hr",
        "details",
        "summary",
        "iframe",
        "embed",
        "video",
        "audio",
    ]
)
_EMPHASIS_TAGS: Final = frozenset(("em", "i", "cite", "dfn", "var"))
_STRONG_TAGS: Final = frozenset(("strong", "b"))
_INLINE_TAGS: Final = frozenset(
    [
        "b",
        "strong",
        "em",
        "i",
        "cite",
        "dfn",
        "var",
        "del",
        "s",
        "strike",
        "a",
        "img",
        "br",
        "code",
        "samp",
        "tt",
        "kbd",
        "q",
        "sup",
        "sub",
        "hr",
    ]
)
"""Elements with a rule of their own: a page names its elements as it likes, `soup` and `list` too."""
_WHITESPACE: Final = " \t\r\n"
Tags = frozenset[str]


class Block(str):
    """A finished block among the parts of an element; what is no Block is a run of inline content."""

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
        """The element's content, and after it the notes it refers to."""
        self.notes.assign_labels(root)
        blocks = self.blocks(root, frozenset())
        while blocks and blocks[-1] == "---":
            blocks.pop()
        while blocks and blocks[0] == "---":
            blocks.pop(0)
        blocks += self.notes.definitions(lambda note: self.blocks(note, frozenset()))
        return "\n\n".join(blocks)

    def blocks(self, element: HtmlElement, tags: Tags) -> list[str]:
        """The element's content as finished blocks."""
        return self._finish(self.parts(element, tags))

    def line(self, element: HtmlElement, tags: Tags) -> str:
        """The element's content on one line, without what is no text of a line."""
        return finish_line("".join(self.parts(element, self._child_context(tags, "_inline"))))

    def parts(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Blocks, and runs of inline content between them, in order."""
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
        found = self._contexts.get((tags, tag))
        if found is None:
            found = self._contexts[tags, tag] = tags | {tag}
        return found

    def _finish(self, parts: list[str]) -> list[str]:
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
        if tag in _IGNORED_TAGS:
            return
        convert = self._rules.get_conv_fn_cached(tag) if tag in _INLINE_TAGS else None
        if tag not in _BLOCK_TAGS:
            self._convert_inline(element, tags, convert, out)
        elif "_inline" in tags:
            out += (" ", *(part for part in self._flatten(element, tags)), " ")
        else:
            special: Callable[[HtmlElement, Tags], list[str]] | None = getattr(
                self, f"block_{tag}", None
            )
            if special is not None:
                out += map(Block, special(element, tags))
                return
            blocks = self.blocks(element, tags)
            if convert is None:
                out += map(Block, blocks) if blocks else [Block("")]
            else:
                text = "\n\n".join(blocks)
                out.append(Block(convert(element, text, parent_tags=tags).strip("\n")))

    def _flatten(self, element: HtmlElement, tags: Tags) -> list[str]:
        """A block inside a heading or a cell, as a part of its line."""
        if element.tag == "pre":
            return [verbatim(code.code_span(element.text_content()))]
        if element.tag in ("hr", "iframe", "embed", "video", "audio"):
            return []
        return self.parts(element, tags)

    def _convert_inline(
        self, element: HtmlElement, tags: Tags, convert: Callable[..., str] | None, out: list[str]
    ) -> None:
        if element.tag in ("code", "kbd", "samp", "tt", "img", "br"):
            formula = math.to_markdown(element) if element.tag == "code" else None
            if formula is not None:
                if formula[1] and "_inline" not in tags:
                    out.append(Block(formula[0]))
                else:
                    out.append(verbatim(formula[0].replace("$$\n", "$").replace("\n$$", "$")))
                return
            if convert is not None:
                out.append(convert(element, "", parent_tags=tags))
            return
        if element.tag in _PUSHED_TAGS and "_inline" not in tags:
            _push_down(element)
        parts = self.parts(element, tags)
        if convert is None:
            out += parts
            return
        if not any(type(part) is Block for part in parts):
            out.append(convert(element, "".join(parts), parent_tags=tags))
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

    # Inline elements: `text` is a run; what is returned is one too.

    def convert_b(self, _el: HtmlElement, text: str, parent_tags: Tags) -> str:
        if _STRONG_TAGS & parent_tags or _HEADING_TAGS & parent_tags or "th" in parent_tags:
            return text
        return wrap(STRONG, text, END_STRONG)

    convert_strong = convert_b

    def convert_em(self, _el: HtmlElement, text: str, parent_tags: Tags) -> str:
        return text if _EMPHASIS_TAGS & parent_tags else wrap(EM, text, END_EM)

    convert_i = convert_cite = convert_dfn = convert_var = convert_em

    def convert_del(self, _el: HtmlElement, text: str, parent_tags: Tags) -> str:
        if parent_tags & {"del", "s", "strike"}:
            return text
        return wrap(DEL, text, END_DEL)

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
        alt = " ".join(collapse_spaces(el.get("alt") or "").split())[:1000]
        if target is None:
            return ""
        alt = re.sub(r"([\\\[\]`*_<&])", r"\\\1", alt) if re.search(r"[\\\[\]`*_<&]", alt) else alt
        return verbatim(f"![{alt}]({target})")

    def convert_br(self, _el: HtmlElement, _text: str, parent_tags: Tags) -> str:
        return BREAK

    def convert_code(self, el: HtmlElement, _text: str, parent_tags: Tags) -> str:
        said = el.text_content()
        span = code.code_span(said)
        if not span:
            return " " if said else ""
        lead = " " if said[0] in _WHITESPACE else ""
        return f"{lead}{verbatim(span)}{' ' if said[-1] in _WHITESPACE else ''}"

    convert_samp = convert_tt = convert_kbd = convert_code

    def convert_q(self, _el: HtmlElement, text: str, parent_tags: Tags) -> str:
        return f"“{text}”" if text[:1] not in "“\"'«„" else text

    def convert_sup(self, el: HtmlElement, text: str, parent_tags: Tags) -> str:
        label = self.notes.label_of(el)
        if label is not None:
            return verbatim(f"[^{label}]")
        return superscript_digits(text)

    def convert_sub(self, _el: HtmlElement, text: str, parent_tags: Tags) -> str:
        return subscript_digits(text)

    # Blocks: `text` is finished Markdown; markdownify's own rules serve for hr, hN and quotes.

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
        """One line; a title inside the text is a section, since the article's title stands above."""
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
        return [code.fenced_block(element)]

    def block_ul(self, element: HtmlElement, tags: Tags) -> list[str]:
        """A list; one of pictures is a gallery, whose pictures stand for themselves."""
        items = self._items(element, tags)
        if items and all(item[0].startswith(("![", "[![")) for item in items):
            return [Block(block) for item in items for block in item]
        return _list_block(items, None)

    block_menu = block_ul

    def block_li(self, element: HtmlElement, tags: Tags) -> list[str]:
        """An item that stands in no list is a list of its own."""
        blocks = self.blocks(element, tags)
        return _list_block([blocks], None) if blocks else []

    def block_ol(self, element: HtmlElement, tags: Tags) -> list[str]:
        found = re.match(r"\s*(\d{1,8})", element.get("start") or "1")
        return _list_block(self._items(element, tags), int(found[1]) if found else 1)

    def _items(self, element: HtmlElement, tags: Tags) -> list[list[str]]:
        """The blocks of each item; what stands between items belongs to the one before."""
        inner = self._child_context(tags, element.tag)
        items: list[list[str]] = []
        between: list[str] = [collapse_spaces(element.text or "")]
        for child in element:
            if child.tag == "li":
                self._add_between(items, between)
                blocks = self.blocks(child, inner)
                if blocks:
                    items.append([f"{_task_marker(child)}{blocks[0]}", *blocks[1:]])
            elif isinstance(child.tag, str):
                self._convert(child, inner, between)
            between.append(collapse_spaces(child.tail or ""))
        self._add_between(items, between)
        return items

    def _add_between(self, items: list[list[str]], parts: list[str]) -> None:
        blocks = self._finish(parts)
        parts.clear()
        if blocks and items:
            items[-1] += blocks
        elif blocks:
            items.append(blocks)

    def block_dl(self, element: HtmlElement, tags: Tags) -> list[str]:
        """A term is a paragraph in emphasis; what it means follows."""
        inner = self._child_context(tags, "dl")
        out: list[str] = []
        for child in element.iterdescendants("dt", "dd"):
            if child.tag == "dt":
                out += self._caption_line(child, inner)
            elif not any(above.tag == "dd" for above in _ancestors_below(child, element)):
                out += self.blocks(child, inner)
        return out

    def block_table(self, element: HtmlElement, tags: Tags) -> list[str]:
        rows = tables.table_rows(element)
        caption = element.find("caption")
        inner = self._child_context(tags, "table")
        out = self._caption_line(caption, inner) if caption is not None else []
        if not rows:
            return out + self.blocks(element, tags) if caption is None else out
        if tables.is_layout(element, rows):
            return out + [
                block for row in rows for cell in row for block in self.blocks(cell.element, inner)
            ]
        if tables.is_complex(rows):
            return out + self._labelled_rows(rows, inner)
        texts = [[escape_cell(self.line(cell.element, inner)) for cell in row] for row in rows]
        if not any(any(row) for row in texts):
            return out
        return [*out, tables.to_markdown(tables.grid(rows, texts))]

    def _labelled_rows(self, rows: list[list[tables.Cell]], tags: Tags) -> list[str]:
        """A table whose cells hold blocks, as one list item for each row with its labels."""
        heads: list[str] = []
        if len(rows[0]) > 1 and all(cell.is_header for cell in rows[0]):
            heads = [self.line(cell.element, tags) for cell in rows[0]]
            rows = rows[1:]
        items: list[list[str]] = []
        for row in rows:
            blocks: list[str] = []
            for at, cell in enumerate(row):
                label = heads[at] if at < len(heads) else ""
                inner = self.blocks(cell.element, tags)
                if inner and label:
                    blocks.append(f"**{label}**")
                blocks += inner
            if blocks:
                items.append(blocks)
        return _list_block(items, None)

    def block_figure(self, element: HtmlElement, tags: Tags) -> list[str]:
        """Pictures, and on the line below the last its captions in emphasis, as one line."""
        inner = self._child_context(tags, "figure")
        captions = [
            caption
            for caption in element.iter("figcaption")
            if next(caption.iterancestors("figcaption"), None) is None
        ]
        said = " ".join(filter(None, (self._emphasis_run(caption, inner) for caption in captions)))
        written = finish_line(wrap(EM, said, END_EM))
        for caption in captions:
            caption.drop_tree()
        images = list(element.iter("img"))
        lines: list[str] = []
        if captions and images and not element.text_content().strip():
            for image in images:
                lines += paragraphs(self.convert_img(image, "", inner))
            lines = list(dict.fromkeys(lines))
        if not lines:
            return [*self.blocks(element, tags), *filter(None, [written])]
        return [*lines[:-1], "\n".join(filter(None, [lines[-1], written]))]

    def block_figcaption(self, element: HtmlElement, tags: Tags) -> list[str]:
        return self._caption_line(element, tags)

    def _caption_line(self, element: HtmlElement, tags: Tags) -> list[str]:
        text = finish_line(wrap(EM, self._emphasis_run(element, tags), END_EM))
        return [text] if text else []

    def _emphasis_run(self, element: HtmlElement, tags: Tags) -> str:
        """What the element holds, as a run inside emphasis."""
        return "".join(
            self.parts(element, self._child_context(self._child_context(tags, "_inline"), "em"))
        )

    def block_details(self, element: HtmlElement, tags: Tags) -> list[str]:
        """The summary as a strong line, and what it unfolds."""
        out: list[str] = []
        summary = element.find("summary")
        if summary is not None:
            parts = "".join(
                self.parts(summary, self._child_context(self._child_context(tags, "_inline"), "b"))
            )
            text = finish_line(wrap(STRONG, parts, END_STRONG))
            out += [text] if text else []
            summary.drop_tree()
        return out + self.blocks(element, tags)

    def block_iframe(self, element: HtmlElement, _tags: Tags) -> list[str]:
        return self._embed_link(embeds.frame_embed(element))

    block_embed = block_iframe

    def block_video(self, element: HtmlElement, _tags: Tags) -> list[str]:
        return self._embed_link(embeds.media_embed(element))

    block_audio = block_video

    # What stands outside the list or table that it belongs to: markdownify's own methods ask the
    # parsed page of another library for the parent.

    def convert_li(self, _element: HtmlElement, text: str, parent_tags: Tags) -> str:
        """An item without a list is a list of one."""
        return _list_block([[Block(text)]], None)[0] if text else ""

    def convert_td(self, _element: HtmlElement, text: str, parent_tags: Tags) -> str:
        """A cell without a table is its content."""
        return text

    convert_th = convert_tr = convert_td

    def _embed_link(self, embed: embeds.Embed | None) -> list[str]:
        """A sign that leads there: no words that the page did not show."""
        target = destination(embed.url, self.base_url) if embed is not None else None
        if embed is None or target is None:
            return []
        title = re.sub(r"([\\\"&<])", r"\\\1", collapse_spaces(embed.title).strip())
        return [f'[{embed.symbol}]({target} "{title}")' if title else f"[{embed.symbol}]({target})"]


_HEADING_TAGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


_PUSHED_TAGS: Final = frozenset(("a", "b", "strong", "em", "i", "del", "s", "strike"))
_PUSHED_INTO_TAGS: Final = frozenset(
    ["p", "div", "section", "article", "center", "h1", "h2", "h3", "h4", "h5", "h6"]
)


def _push_down(element: HtmlElement) -> None:
    """Put the element inside the blocks that it holds, since inline marks cannot span blocks."""
    tag = element.tag
    for child in element:
        if child.tag in _PUSHED_INTO_TAGS and (len(child) or (child.text or "").strip()):
            inner = element.makeelement(tag, dict(element.attrib))
            inner.text = child.text
            child.text = None
            inner.extend(list(child))
            child.append(inner)
            # What is left of the mark itself counts for nothing around the new ones.
            element.tag = "span"


def _ancestors_below(element: HtmlElement, top: HtmlElement) -> list[HtmlElement]:
    out = []
    for above in element.iterancestors():
        if above is top:
            break
        out.append(above)
    return out


def _task_marker(item: HtmlElement) -> str:
    """`[ ] ` or `[x] ` for an item that begins with a checkbox."""
    box = next(item.iter("input"), None)
    if box is None or (box.get("type") or "").lower() != "checkbox":
        return ""
    return "[x] " if box.get("checked") is not None else "[ ] "


def _list_block(items: list[list[str]], start: int | None) -> list[str]:
    """The items as one list, tight where each is one paragraph with lists under it."""
    if not items:
        return []
    loose = any(not _is_list(block) for item in items for block in item[1:])
    lines: list[str] = []
    for number, item in enumerate(items):
        bullet = "- " if start is None else f"{start + number}. "
        indent = " " * len(bullet)
        text = ("\n\n" if loose else "\n").join(item)
        lines.append(
            bullet
            + "\n".join(
                f"{indent}{line}" if line and at else line
                for at, line in enumerate(text.split("\n"))
            )
        )
    return [("\n\n" if loose else "\n").join(lines)]


def _is_list(block: str) -> bool:
    return re.match(r"(?:- |\d{1,9}\. )", block) is not None


def convert(root: HtmlElement, base_url: str | None, notes: FootnoteRegistry | None = None) -> str:
    """Markdown of the element's content; all links absolute. Uses the tree up.

    At most `MAX_MARKDOWN` characters.
    """
    text = ArticleConverter(base_url, notes or FootnoteRegistry()).document(root)
    return text[:MAX_MARKDOWN].rstrip() + "\n"
