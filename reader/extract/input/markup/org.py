"""Org files of Emacs. Source: Org syntax, orgmode.org/worg/org-syntax.html."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from reader.extract.input.markup.html_writer import (
    HtmlWriter,
    formula,
    image,
    indent_of,
    link,
    render_inline,
)

_FIELDS: Final = {
    "title": "title",
    "author": "author",
    "date": "date",
    "language": "language",
    "description": "description",
    "filetags": "tags",
    "keywords": "tags",
}
_KEYWORD: Final = re.compile(r"#\+(\w+):[ \t]*(.*)")
_HEADING: Final = re.compile(
    r"(\*+) +(?:(?:TODO|NEXT|WAITING|DONE|CANCELLED) +)?(?:\[#[A-Z]\] +)?(.*?)(?: +:[\w@#%:]+:)?[ \t]*$"
)
_BEGIN: Final = re.compile(r"[ \t]*#\+begin_(\w+)(?:[ \t]+(\S+))?", re.I)
_ITEM: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<bullet>[-+]|(?<=[ \t])\*)|(?P<number>\d+|[a-z])[.)])[ \t]+(?:\[(?P<box>[ xX-])\][ \t]+)?(?:(?P<term>.+?)[ \t]+::(?:[ \t]+|$))?(?P<text>.*)"
)
_DRAWER: Final = re.compile(r"[ \t]*:(?:properties|logbook|\w+):[ \t]*$", re.I)
_TIMESTAMP: Final = re.compile(r"[ \t]*(?:scheduled|deadline|closed):", re.I)
_NOTE: Final = re.compile(r"\[fn:([\w-]+)\][ \t]+(.*)")
_INLINE: Final = re.compile(
    r"\[\[(?P<url>[^\[\]\n]+)\](?:\[(?P<label>[^\[\]\n]+)\])?\]"
    r"|\[fn:(?P<note>[\w-]+)\]|\\\((?P<math>.{1,500}?)\\\)|\\\[(?P<display>.{1,500}?)\\\]"
    r"|(?<![\w*/_=~+])(?P<sign>[*/_=~+])(?P<body>[^\s](?:[^\n]{0,500}?[^\s])??)(?P=sign)(?![\w*/_=~+])"
    r"|<(?P<bare>https?://[^\s<>]+)>",
)
_TAGS: Final = {"*": "strong", "/": "em", "_": "u", "=": "code", "~": "code", "+": "del"}
_PICTURE: Final = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif)$", re.I)


def to_html(text: str) -> tuple[str, dict[str, str]]:
    """Return a text as HTML, and its fields."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = iter(text.split("\n"))
        self.writer = HtmlWriter()
        self.fields: dict[str, str] = {}
        self.paragraph: list[str] = []
        self.rows: list[list[str]] = []
        self.has_head = False

    def read(self) -> tuple[str, dict[str, str]]:
        for line in self.lines:
            if not line.lstrip().startswith("|"):
                self._end_table()
            if not self._read_block(line):
                self._read_text(line)
        self._end()
        return self.writer.html, self.fields

    def _read_block(self, line: str) -> bool:
        """Read a line with a mark, and the lines that belong to it."""
        start = line.lstrip()
        if heading := _HEADING.match(line):
            self._end()
            self.writer.add_heading(len(heading[1]) + 1, _inline(heading[2]))
        elif begin := _BEGIN.match(line):
            self._end()
            self._add_block(begin[1].lower(), begin[2] or "")
        elif keyword := _KEYWORD.match(start):
            self._end()
            if field := _FIELDS.get(keyword[1].lower()):
                value = keyword[2].strip()
                self.fields[field] = (
                    re.sub(r"[:\s]+", ",", value).strip(",")
                    if field == "tags"
                    else value.strip("<>[]")
                )
        elif _DRAWER.match(line):
            self._end()
            for _ in self._until(":end:"):
                pass
        elif start.startswith("# ") or start == "#" or _TIMESTAMP.match(line):
            self._end()
        elif start.startswith(": "):
            self._end()
            self.writer.add_code([start[2:]])
        elif re.fullmatch(r"-{5,}\s*", line):
            self._end()
            self.writer.add_raw("<hr>")
        elif start.startswith("|"):
            self._end_text()
            self._add_row(start)
        else:
            return False
        return True

    def _add_block(self, kind: str, language: str) -> None:
        lines = list(self._until(f"#+end_{kind}"))
        if kind in ("src", "example", "export"):
            self.writer.add_code(lines, language if kind == "src" else "")
        elif kind == "verse":
            self.writer.add("p", "<br>".join(_inline(line.strip()) for line in lines))
        elif kind != "comment":
            inside, _ = _Reader("\n".join(lines)).read()
            self.writer.add("blockquote" if kind == "quote" else "div", inside)

    def _until(self, end: str) -> Iterator[str]:
        for line in self.lines:
            if line.strip().lower().startswith(end):
                return
            yield line

    def _add_row(self, line: str) -> None:
        if line.startswith("|-"):
            self.has_head = self.has_head or len(self.rows) == 1
        else:
            self.rows.append([_inline(cell.strip()) for cell in line.strip().strip("|").split("|")])

    def _read_text(self, line: str) -> None:
        if not line.strip():
            self._end_text()
        elif item := _ITEM.fullmatch(line):
            self._end_text()
            indent = indent_of(line)
            ticked = None if item["box"] is None else item["box"] in "xX"
            if item["term"]:
                html = f"<dt>{_inline(item['term'])}<dd>{_inline(item['text'])}"
                self.writer.add_item(indent, "dl", html)
            else:
                tag = "ul" if item["bullet"] else "ol"
                self.writer.add_item(indent, tag, _inline(item["text"]), ticked)
        elif self.writer.in_list and not self.paragraph and indent_of(line):
            self.writer.add_to_item(_inline(line.strip()))
        elif note := _NOTE.match(line):
            self._end()
            self.writer.add_raw(
                f'<div class="footnotes"><ol><li id="fn{note[1]}"><p>{_inline(note[2])}</p></li></ol></div>'
            )
        else:
            self.paragraph.append(line.strip())

    def _end_text(self) -> None:
        if self.paragraph:
            html = _inline("\n".join(self.paragraph))
            self.writer.add("p", html.replace("\\\\\n", "<br>"))
        self.paragraph = []

    def _end_table(self) -> None:
        if self.rows:
            self.writer.add_table(self.rows, has_head=self.has_head)
        self.rows, self.has_head = [], False

    def _end(self) -> None:
        self._end_text()
        self._end_table()


def _inline(text: str) -> str:
    return render_inline(text, _INLINE, _write)


def _write(found: re.Match[str]) -> str:
    if url := found["url"]:
        url = url.removeprefix("file:")
        if _PICTURE.search(url) and not found["label"]:
            return image(url)
        is_place = re.match(r"[a-z][a-z0-9+.-]*:|[./]", url, re.I) is not None
        label = _inline(found["label"]) if found["label"] else escape(url, quote=False)
        return link(url, label) if is_place else label
    if note := found["note"]:
        return f'<sup><a href="#fn{note}" id="fnr{note}">{note}</a></sup>'
    if found["bare"]:
        return link(found["bare"], "")
    if found["math"] or found["display"]:
        return formula(found["math"] or found["display"], is_block=found["math"] is None)
    tag = _TAGS[found["sign"]]
    body = found["body"]
    return f"<{tag}>{escape(body, quote=False) if tag == 'code' else _inline(body)}</{tag}>"
