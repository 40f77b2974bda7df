"""Wikitext of MediaWiki. Source: mediawiki.org/wiki/Help:Formatting, Help:Tables."""

import re
from bisect import bisect_right
from collections.abc import Callable
from html import escape, unescape
from typing import Final

from reader.extract.input.markup.html_writer import HtmlWriter, formula, link, render_inline

_COMMENT: Final = re.compile(r"<!--.*?(?:-->|$)", re.S)
_TEMPLATE: Final = re.compile(r"\{\{[^{}]*\}\}")
MAX_NESTED: Final = 12
"""Levels of templates inside templates that are taken out."""
_MAGIC: Final = re.compile(r"__[A-Z]{3,}__")
_CATEGORY: Final = re.compile(
    r"\[\[\s*(?:category|kategorie|catégorie|categoría|категория|分类|カテゴリ)\s*:\s*([^\]|]+)(?:\|[^\]]*)?\]\]\s*",
    re.I,
)
_FILE: Final = re.compile(
    r"\[\[\s*(?:file|image|datei|bild|fichier|archivo|файл|文件)\s*:\s*([^\[\]|]+)((?:\|(?:[^\[\]]|\[\[[^\[\]]*\]\]|\[[^\[\]]*\])*)?)\]\]",
    re.I,
)
_TAG: Final = re.compile(
    r"<(/?)(ref|nowiki|pre|syntaxhighlight|source|math|code)\b([^<>]{0,300}?)(/?)>", re.I
)
"""Tags of notes, and of elements whose content is kept as it is."""
_HEADING: Final = re.compile(r"(={1,6})\s*(.+?)\s*\1\s*")
_LIST: Final = re.compile(r"([*#:;]+)\s*(.*)")
_HASHTAGS: Final = re.compile(r"#\w+(?:\s+#\w+)+\s*")
"""A line of hashtags, which looks like an item of a numbered list."""
_SAFE_TAG: Final = r"</?(?:b|i|em|strong|s|del|ins|u|sub|sup|small|big|br|span|code|kbd|var|blockquote|div|p|cite|q|abbr|mark|tt)\b[^<>]*>"
_INLINE: Final = re.compile(
    rf"(?P<signs>'{{2,5}})|\[\[(?P<page>[^\[\]|]+)(?:\|(?P<label>[^\[\]]*))?\]\](?P<trail>[a-zA-Z]*)"
    rf"|\[(?P<url>(?:https?:)?//[^\s\[\]]+)(?:[ \t]+(?P<name>[^\[\]]+))?\]|(?P<tag>{_SAFE_TAG})|&(?P<entity>#?\w+);|\x02(?P<kept>\d+)\x03",
    re.I,
)


def to_html(text: str) -> tuple[str, dict[str, str]]:
    """Return a text as HTML; its categories are the tags."""
    return _Reader().read(text)


class _Reader:
    def __init__(self) -> None:
        self.writer = HtmlWriter()
        self.kept: list[str] = []
        self.notes: list[str] = []
        self.names: dict[str, int] = {}
        self.open: list[str] = []

    def read(self, text: str) -> tuple[str, dict[str, str]]:
        text = _replace_elements(_COMMENT.sub("", text), self._keep, is_note=False)
        tags = [found[1].strip() for found in _CATEGORY.finditer(text)]
        text = _MAGIC.sub("", _CATEGORY.sub("", text))
        for _ in range(MAX_NESTED):
            text, count = _TEMPLATE.subn("", text)
            if not count:
                break
        text = _FILE.sub(self._keep_file, _replace_elements(text, self._note, is_note=True))
        lines = text.split("\n")
        at = 0
        paragraph: list[str] = []
        while at < len(lines):
            line = lines[at]
            at += 1
            is_text = not self._is_block(line)
            if (not line.strip() or not is_text) and paragraph:
                self.writer.add("p", self.inline(" ".join(paragraph)))
                paragraph = []
            if not line.strip():
                continue
            if line.lstrip().startswith("{|"):
                at = self._add_table(lines, at)
            elif not self._read_block(line):
                paragraph.append(line.strip())
        if paragraph:
            self.writer.add("p", self.inline(" ".join(paragraph)))
        if self.notes:
            items = "".join(
                f'<li id="fn{number}">{note}</li>' for number, note in enumerate(self.notes, 1)
            )
            self.writer.add_raw(f'<div class="footnotes"><ol>{items}</ol></div>')
        return self.writer.html, {"tags": ",".join(tags)}

    @staticmethod
    def _is_block(line: str) -> bool:
        return line[:1] in ("=", "*", "#", ":", ";", "{") or line.startswith("----")

    def _read_block(self, line: str) -> bool:
        if heading := _HEADING.fullmatch(line):
            self.writer.add_heading(len(heading[1]), self.inline(heading[2]))
        elif line.startswith("----"):
            self.writer.add_raw("<hr>")
        elif (item := _LIST.fullmatch(line)) and not _HASHTAGS.fullmatch(line):
            self._add_item(item[1], item[2])
        else:
            return False
        return True

    def _add_item(self, signs: str, text: str) -> None:
        if signs[-1] in "*#":
            tag = "ul" if signs[-1] == "*" else "ol"
            self.writer.add_item(len(signs), tag, self.inline(text))
        elif set(signs) == {":"}:
            self.writer.add("blockquote", f"<p>{self.inline(text)}</p>")
        elif signs[-1] == ";":
            term, colon, rest = text.partition(" : ")
            rest = f"<dd>{self.inline(rest)}" if colon else ""
            self.writer.add_item(len(signs), "dl", f"<dt>{self.inline(term)}{rest}")
        elif self.writer.in_list:
            self.writer.add_to_item(f"<p>{self.inline(text)}</p>")
        else:
            self.writer.add_item(len(signs), "dl", f"<dd>{self.inline(text)}")

    def _add_table(self, lines: list[str], at: int) -> int:
        """Add a table; return the number of the line after it."""
        rows: list[list[str]] = [[]]
        caption = ""
        has_head = False
        while at < len(lines):
            line = lines[at].strip()
            at += 1
            if line.startswith("|}"):
                break
            if line.startswith("|+"):
                caption = line[2:].rpartition("|")[2].strip()
            elif line.startswith("|-"):
                rows.append([])
            elif line[:1] in ("|", "!"):
                has_head = has_head or (
                    line[0] == "!" and len(rows[-1]) == 0 and not any(rows[:-1])
                )
                cells = re.split(r"\|\||!!" if line[0] == "!" else r"\|\|", line[1:])
                rows[-1] += [self.inline(_without_attributes(cell)) for cell in cells]
            elif line and rows[-1]:
                rows[-1][-1] += f"<br>{self.inline(line)}"
        if caption:
            self.writer.add("p", f"<em>{self.inline(caption)}</em>")
        self.writer.add_table([row for row in rows if row], has_head=has_head)
        return at

    def _keep(self, name: str, attributes: str, inside: str) -> str:
        """Return the place of an element whose content is kept as it is."""
        if name == "math":
            html = formula(inside)
        elif name in ("pre", "syntaxhighlight", "source"):
            language = re.search(r"lang\s*=\s*[\"']?([\w+#-]+)", attributes)
            named = f' class="language-{language[1]}"' if language else ""
            html = f"<pre><code{named}>{escape(inside.strip(chr(10)), quote=False)}</code></pre>"
        else:
            html = escape(unescape(inside), quote=False)
            html = f"<code>{html}</code>" if name == "code" else html
        return self._store(html)

    def _store(self, html: str) -> str:
        self.kept.append(html)
        return f"\x02{len(self.kept) - 1}\x03"

    def _keep_file(self, found: re.Match[str]) -> str:
        parts = [part.strip() for part in found[2].split("|") if part.strip()]
        caption = (
            parts[-1]
            if parts
            and not re.fullmatch(
                r"(?:thumb|mini|frame|frameless|left|right|center|none|border|upright.*|\d*x?\d+px|alt=.*|link=.*|vignette)",
                parts[-1],
                re.I,
            )
            else ""
        )
        return f"\n\n{self._store(f'<em>{self.inline(caption)}</em>')}\n\n" if caption else ""

    def _note(self, _: str, attributes: str, inside: str) -> str:
        """Return the mark of a note; a name stands for the note that has it."""
        named = re.search(r"name\s*=\s*[\"']?([^\"'/>]+)", attributes)
        name = named[1].strip() if named else ""
        number = self.names.get(name) if name else None
        if number is None or (inside and not self.notes[number - 1]):
            if number is None:
                self.notes.append("")
                number = len(self.notes)
            self.notes[number - 1] = self.inline(" ".join(inside.split()))
            if name:
                self.names[name] = number
        return self._store(f'<sup><a href="#fn{number}">{number}</a></sup>')

    def inline(self, text: str) -> str:
        """Return a text as HTML; emphasis that is open at its end is closed."""
        self.open = []
        html = render_inline(text, _INLINE, self._write)
        return html + "".join(f"</{tag}>" for tag in reversed(self.open))

    def _write(self, found: re.Match[str]) -> str:
        if signs := found["signs"]:
            return self._toggle(len(signs))
        if found["kept"]:
            return self.kept[int(found["kept"])] if int(found["kept"]) < len(self.kept) else ""
        if found["tag"]:
            return found["tag"]
        if found["entity"]:
            return found[0]
        if found["url"]:
            return link(found["url"], escape(found["name"] or "", quote=False))
        label = found["label"] or found["page"].lstrip(":")
        return escape(label + found["trail"], quote=False).replace("&#x27;&#x27;", "")

    def _toggle(self, count: int) -> str:
        tags = {2: ("em",), 3: ("strong",), 5: ("strong", "em")}.get(count, ("strong",))
        written = "'" if count == 4 else ""
        for tag in tags:
            if tag in self.open:
                while self.open:
                    last = self.open.pop()
                    written += f"</{last}>"
                    if last == tag:
                        break
            else:
                self.open.append(tag)
                written += f"<{tag}>"
        return written


def _replace_elements(text: str, write: Callable[[str, str, str], str], *, is_note: bool) -> str:
    """Return a text with its notes, or its other elements, replaced. Linear.

    `write` gets name, attributes and content. An element without an end tag stays.
    """
    ends: dict[str, list[int]] = {}
    tags = list(_TAG.finditer(text))
    for tag in tags:
        if tag[1]:
            ends.setdefault(tag[2].lower(), []).append(tag.start())
    parts = []
    at = 0
    for tag in tags:
        name = tag[2].lower()
        if tag.start() < at or tag[1] or (name == "ref") is not is_note:
            continue
        if tag[4]:
            end = after = tag.end()
        else:
            places = ends.get(name, [])
            following = bisect_right(places, tag.start())
            if following == len(places):
                continue
            end = places[following]
            after = text.index(">", end) + 1
        parts += [text[at : tag.start()], write(name, tag[3], text[tag.end() : end])]
        at = after
    return "".join((*parts, text[at:]))


def _without_attributes(cell: str) -> str:
    """Return a cell without the attributes before its text."""
    before, bar, text = cell.partition("|")
    return text.strip() if bar and "[[" not in before and "=" in before else cell.strip()
