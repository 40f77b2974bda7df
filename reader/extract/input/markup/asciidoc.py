"""AsciiDoc files. Source: docs.asciidoctor.org/asciidoc."""

import re
from html import escape
from typing import Final

from reader.extract.input.markup.html_writer import (
    HtmlWriter,
    formula,
    image,
    link,
    render_inline,
)

_ATTRIBUTE: Final = re.compile(r":!?([\w-]+)!?:(?:[ \t]+(.*))?")
_FIELDS: Final = {
    "author": "author",
    "revdate": "date",
    "date": "date",
    "lang": "language",
    "description": "description",
    "keywords": "tags",
    "tags": "tags",
}
_HEADING: Final = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*)")
_ITEM: Final = re.compile(
    r"[ \t]*(?:(?P<bullet>\*{1,5}|-)|(?P<number>\.{1,5}|\d+\.))[ \t]+(?:\[(?P<box>[ xX*])\][ \t]+)?(?P<text>\S.*)"
)
_TERM: Final = re.compile(r"(\S.*?)(:{2,4})(?:[ \t]+(.*))?")
_ADMONITION: Final = re.compile(r"(NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+(.*)")
_BLOCK_IMAGE: Final = re.compile(r"(image|video)::([^\[\s]+)\[([^\]]*)\]")
_STYLE: Final = re.compile(r"\[([^\]]*)\]")
_FENCE: Final = re.compile(
    r"(-{4,}|\.{4,}|={4,}|_{4,}|\*{4,}|\+{4,}|/{4,}|--|```\w*|[|,!]={3,})[ \t]*"
)
_INLINE: Final = re.compile(
    r"(?:link:(?P<link>[^\s\[]+)|(?P<url>(?:https?|ftp|mailto)://?[^\s\[\]<>]*[^\s\[\]<>.,;:!?)]))\[(?P<label>[^\]]*)\]"
    r"|image:(?P<image>[^\s\[:]+)\[(?P<alt>[^\]]*)\]|footnote:[\w-]*\[(?P<note>[^\]]+)\]"
    r"|<<(?P<ref>[^,<>]+)(?:,[ ]*(?P<name>[^<>]+))?>>|xref:[^\s\[]+\[(?P<xref>[^\]]*)\]"
    r"|(?:latex|ascii)?(?:stem|math):\[(?P<math>[^\]]+)\]|kbd:\[(?P<key>[^\]]+)\]|\[\[[\w-]+\]\]"
    r"|\[[.#][\w.# -]+\](?=[#*_`])"
    r"|(?P<pair>\*\*|__|``|##)(?P<inner>\S(?:.{0,500}?\S)??)(?P=pair)"
    r"|(?<![\w*_`#^~+])(?P<sign>[*_`#+])(?P<body>\S(?:.{0,500}?\S)??)(?P=sign)(?!\w)"
    r"|\^(?P<sup>[^\s^]+)\^|~(?P<sub>[^\s~]+)~|(?P<break> \+)(?=\n|$)",
    re.S,
)
_ROLES: Final = re.compile(r",\s*\w+=.*$", re.S)
"""Attributes behind the text of a link."""
_TAGS: Final = {"*": "strong", "_": "em", "`": "code", "#": "mark", "+": "span"}


def to_html(text: str) -> tuple[str, dict[str, str]]:
    """Return a text as HTML, and the fields of its header."""
    lines = text.split("\n")
    fields: dict[str, str] = {}
    while lines and (
        not lines[0].strip() or lines[0].startswith("//") or _ATTRIBUTE.fullmatch(lines[0])
    ):
        _read_attribute(lines.pop(0), fields)
    if lines and (title := re.fullmatch(r"[=#] +(\S.*)", lines[0])):
        fields["title"] = title[1]
        lines.pop(0)
        _read_header(lines, fields)
    return _Reader(lines, fields).read(), fields


def _read_header(lines: list[str], fields: dict[str, str]) -> None:
    """Take the lines below the title up to an empty one: author, revision, attributes."""
    number = 0
    while lines and lines[0].strip():
        line = lines.pop(0)
        if _read_attribute(line, fields) or line.startswith("//"):
            continue
        if number == 0:
            fields["author"] = re.sub(r"\s*<[^>]*>", "", line).replace(";", ",").strip()
        elif number == 1 and (date := re.search(r"\d{4}-\d\d-\d\d|\w+ \d{1,2}, \d{4}", line)):
            fields["date"] = date[0]
        number += 1


def _read_attribute(line: str, fields: dict[str, str]) -> bool:
    found = _ATTRIBUTE.fullmatch(line)
    if found and (name := _FIELDS.get(found[1].lower())) and found[2]:
        fields.setdefault(name, found[2].strip())
    return found is not None


class _Reader:
    def __init__(self, lines: list[str], fields: dict[str, str]) -> None:
        self.lines = lines
        self.at = 0
        self.fields = fields
        self.writer = HtmlWriter()
        self.notes: list[str] = []
        self.style = self.title = ""
        self.goes_on = False

    def read(self) -> str:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            if not line.strip():
                continue
            if line.strip() == "+":
                self.goes_on = self.writer.in_list
            elif not self._read_block(line):
                self._add_paragraph(line)
        return self.writer.html

    def _read_block(self, line: str) -> bool:
        """Read a block other than a paragraph."""
        text = line.strip()
        if (fence := _FENCE.fullmatch(text)) is not None:
            self._add_fenced(fence[1])
        elif heading := _HEADING.fullmatch(line):
            self.writer.add_heading(len(heading[1]), _inline(heading[2]))
        elif style := _STYLE.fullmatch(text):
            self.style = style[1]
            return True
        elif re.fullmatch(r"\.[^\s.].*", line):
            self.title = line[1:]
            return True
        elif line.startswith("//") or re.match(r"(?:include|toc|ifdef|ifndef|endif)::", line):
            pass
        elif _ATTRIBUTE.fullmatch(line):
            _read_attribute(line, self.fields)
        elif re.fullmatch(r"'{3,}|-{3}|\*{3}", text):
            self.writer.add_raw("<hr>")
        elif picture := _BLOCK_IMAGE.fullmatch(text):
            caption = f"<figcaption>{_inline(self.title)}</figcaption>" if self.title else ""
            described = picture[3].split(",")[0].strip('"')
            self.writer.add("figure", f"{image(picture[2], described)}{caption}")
        elif item := _ITEM.fullmatch(line):
            self._add_item(item)
            return True
        elif (term := _TERM.fullmatch(line)) and "://" not in term[1]:
            rest = term[3] or self._take_paragraph()
            self.writer.add_item(len(term[2]), "dl", f"<dt>{_inline(term[1])}<dd>{_inline(rest)}")
        else:
            return False
        self.style = self.title = ""
        return True

    def _add_item(self, item: re.Match[str]) -> None:
        marker = item["bullet"] or item["number"]
        depth = 1 if marker == "-" or marker[0].isdecimal() else len(marker)
        tag = "ul" if item["bullet"] else "ol"
        ticked = None if item["box"] is None else item["box"] != " "
        rest = self._take_paragraph()
        text = f"{item['text']}\n{rest}" if rest else item["text"]
        self.writer.add_item(depth + (10 if tag == "ol" else 0), tag, _inline(text), ticked)

    def _take_paragraph(self) -> str:
        """Take the lines up to an empty one, a new item or a block."""
        taken = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip() or line.strip() == "+" or _FENCE.fullmatch(line.strip()):
                break
            if _ITEM.fullmatch(line) or (_TERM.fullmatch(line) and "://" not in line):
                break
            if not line.startswith("//"):
                taken.append(line.strip())
            self.at += 1
        return "\n".join(taken)

    def _add_paragraph(self, line: str) -> None:
        first = line.strip()
        taken = self._take_paragraph()
        text = f"{first}\n{taken}" if taken else first
        kind = self.style.split(",")[0].strip().lower()
        if line.startswith(" ") or kind in ("source", "listing", "literal"):
            self.writer.add_code(text.split("\n"), self._language())
        elif (found := _ADMONITION.match(text)) is not None:
            self._add_callout(found[1], f"<p>{_inline(text[found.start(2) :])}</p>")
        elif kind in ("quote", "verse"):
            self._add_quote(f"<p>{_inline(text)}</p>")
        elif self.goes_on:
            self.writer.add_to_item(f"<p>{_inline(text)}</p>")
        else:
            self.writer.add("p", _inline(text))
        self.style = self.title = ""
        self.goes_on = False

    def _add_fenced(self, fence: str) -> None:
        end = next(
            (
                at
                for at in range(self.at, len(self.lines))
                if self.lines[at].strip() == fence[: 3 if fence[0] == "`" else None]
            ),
            len(self.lines),
        )
        inside = self.lines[self.at : end]
        self.at = end + 1
        kind = self.style.split(",")[0].strip().upper()
        if not self.goes_on and fence[0] not in "/|,!":
            self.writer.end_lists()
        self.goes_on = False
        if fence[0] in "-.`+" and fence != "--":
            if self.title:
                self.writer.add("p", f"<em>{_inline(self.title)}</em>")
            self.writer.add_code(inside, fence[3:] if fence[0] == "`" else self._language())
        elif fence[0] == "|":
            self._add_table(inside)
        elif fence[0] not in "/,!":
            html = _Reader(inside, self.fields).read()
            if kind in ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"):
                self._add_callout(kind, html)
            elif fence[0] == "_":
                self._add_quote(html)
            else:
                title = f"<p><strong>{_inline(self.title)}</strong></p>" if self.title else ""
                self.writer.add("div", title + html)

    def _add_callout(self, kind: str, html: str) -> None:
        self.writer.add_raw(
            f'<div class="admonition {kind.lower()}"><p class="admonition-title">{kind.capitalize()}</p>{html}</div>'
        )

    def _add_quote(self, html: str) -> None:
        named = ", ".join(part.strip(" \"'") for part in self.style.split(",")[1:] if part.strip())
        said = f"<footer>{_inline(named)}</footer>" if named else ""
        self.writer.add("blockquote", html + said)

    def _language(self) -> str:
        parts = [part.strip() for part in self.style.split(",")]
        return parts[1] if len(parts) > 1 and re.fullmatch(r"[\w+#-]+", parts[1]) else ""

    def _add_table(self, lines: list[str]) -> None:
        columns = 0
        rows: list[list[str]] = []
        cells: list[str] = []
        for line in lines:
            if not line.strip():
                continue
            found = [cell.strip() for cell in re.split(r"(?:^|\s)[\d.+*]*[<^>]?[a-z]?\|", line)[1:]]
            if not found and cells:
                cells[-1] += f" {line.strip()}"
                continue
            columns = columns or len(found)
            cells += found
        named = re.search(r"cols=\"?(\d+\*|[^\"\]]+)", self.style)
        if named:
            spec = named[1]
            columns = int(spec[:-1]) if spec.endswith("*") else len(spec.split(","))
        for start in range(0, len(cells), max(1, columns)):
            rows.append([_inline(cell) for cell in cells[start : start + max(1, columns)]])
        if self.title:
            self.writer.add("p", f"<em>{_inline(self.title)}</em>")
        has_head = "header" in self.style or (len(lines) > 1 and not lines[1].strip())
        self.writer.add_table(rows, has_head=has_head)


def _inline(text: str) -> str:
    return render_inline(text, _INLINE, _write)


def _write(found: re.Match[str]) -> str:
    if url := found["link"] or found["url"]:
        return link(url, _inline(_ROLES.sub("", found["label"]).strip('"').rstrip("^")))
    if found["image"]:
        return image(found["image"], found["alt"].split(",")[0])
    if found["note"]:
        return f" ({_inline(found['note'])})"
    if found["ref"]:
        return _inline(found["name"] or found["ref"])
    if found["xref"]:
        return _inline(found["xref"])
    if found["math"]:
        return formula(found["math"])
    if found["key"]:
        return f"<kbd>{escape(found['key'], quote=False)}</kbd>"
    if found["sup"] or found["sub"]:
        tag = "sup" if found["sup"] else "sub"
        return f"<{tag}>{escape(found[tag], quote=False)}</{tag}>"
    if found["break"]:
        return "<br>"
    sign = found["sign"] or (found["pair"] or "")[:1]
    if not sign:
        return ""
    tag, body = _TAGS[sign], found["body"] or found["inner"]
    if tag == "code":
        return f"<code>{escape(body.strip('+'), quote=False)}</code>"
    return f"<{tag}>{_inline(body)}</{tag}>"
