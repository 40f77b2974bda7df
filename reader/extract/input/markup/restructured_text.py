"""reStructuredText files. Source: docutils.sourceforge.io/docs/ref/rst/restructuredtext.html."""

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Final

from reader.extract.input.markup.html_writer import (
    HtmlWriter,
    dedent,
    formula,
    image,
    indent_of,
    link,
    render_inline,
)

MAX_DEPTH: Final = 12
"""Levels of blocks inside blocks; deeper ones are text."""
_ADORNMENT: Final = re.compile(r"([=\-`:'\"~^_*+#<>.])\1{2,}[ \t]*")
_DIRECTIVE: Final = re.compile(r"\.\. (?:\|[^|]+\| )?([\w:-]+)::[ \t]*(.*)")
_TARGET: Final = re.compile(r"\.\. _([^:]+|`[^`]+`):[ \t]*(.*)")
_NOTE: Final = re.compile(r"\.\. \[(\d+|#\w*|\*|[\w.-]+)\][ \t]+(.*)")
_FIELD: Final = re.compile(r":([^:\n]+):(?:[ \t]+(.*))?")
_ITEM: Final = re.compile(r"(?:([-*+•])|\(?((?:\d+|#|[a-zA-Z]|[ivx]+)[.)]))[ \t]+(\S.*)")
_FIELDS: Final = {
    "author": "author",
    "authors": "author",
    "date": "date",
    "language": "language",
    "tags": "tags",
    "keywords": "tags",
    "summary": "description",
    "title": "title",
}
_CALLOUTS: Final = frozenset(
    "note tip hint important warning caution danger error attention admonition seealso".split()
)
_SIMPLE_RULE: Final = re.compile(r"=+(?:[ ]+=+)+[ \t]*")
_INLINE: Final = re.compile(
    r"``(?P<code>.{1,500}?)``|(?::(?P<role>[\w:+-]+):)?`(?P<text>[^`<\n]{0,300}(?:\n[^`<]{0,300})?)(?:<(?P<url>[^`>]{1,500})>)?`(?P<ref>__?)?"
    r"|\*\*(?P<strong>\S(?:.{0,500}?\S)??)\*\*|(?<![\w*])\*(?P<em>[^\s*](?:[^*]{0,500}?[^\s*])??)\*(?![\w*])"
    r"|\[(?P<note>\d+|#\w*|\*)\]_|(?<![\w/.@-])(?P<word>[A-Za-z][\w.-]*[\w])__?(?![\w])|(?P<bare>https?://[^\s<>]+[^\s<>.,;:!?)])"
    r"|\|(?P<sub>[^|\s][^|\n]{0,100})\||\\(?P<escaped>[\s\S])",
    re.S,
)


def to_html(text: str) -> tuple[str, dict[str, str]]:
    """Return a text as HTML, and the fields at its top."""
    reader = _Reader(text.expandtabs(8).split("\n"), {}, {}, [])
    reader.collect_targets()
    return reader.read(), reader.fields


class _Reader:
    def __init__(
        self,
        lines: Sequence[str],
        targets: dict[str, str],
        fields: dict[str, str],
        levels: list[str],
        depth: int = 0,
    ) -> None:
        self.lines = lines
        self.at = 0
        self.targets = targets
        self.fields = fields
        self.levels = levels
        self.depth = depth
        self.writer = HtmlWriter()

    def collect_targets(self) -> None:
        """Collect the addresses of names before the text that uses them."""
        for line in self.lines:
            if found := _TARGET.fullmatch(line.strip()):
                name = found[1].strip("`").casefold()
                if found[2]:
                    self.targets[name] = found[2].strip()

    def read(self) -> str:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                self.at += 1
            elif not self._read_block(line):
                self._add_paragraph()
        return self.writer.html

    def _read_block(self, line: str) -> bool:
        start = self.at
        if self._read_heading(line) or self._read_table(line):
            return True
        if line.startswith(".. ") or line.strip() == "..":
            self._read_explicit(line)
        elif indent_of(line) > 0:
            self._nest("blockquote", self._take_indented(self.at))
        elif line.startswith("| "):
            rows = []
            while self.at < len(self.lines) and self.lines[self.at].startswith("|"):
                rows.append(self._inline(self.lines[self.at][1:].strip()))
                self.at += 1
            self.writer.add("p", "<br>".join(rows))
        elif (field := _FIELD.fullmatch(line)) and " " not in field[1].strip(" "):
            self._read_field(field)
        elif item := _ITEM.fullmatch(line):
            self._add_item(item, line)
        elif (
            self.at + 1 < len(self.lines)
            and indent_of(self.lines[self.at + 1]) > 0
            and self.lines[self.at + 1].strip()
            and not line.rstrip().endswith("::")
        ):
            self.at += 1
            inside = self._sub(self._take_indented(self.at))
            self.writer.add_item(0, "dl", f"<dt>{self._inline(line.strip())}<dd>{inside}")
        else:
            return False
        return self.at > start

    def _read_heading(self, line: str) -> bool:
        lines, at = self.lines, self.at
        if (
            _ADORNMENT.fullmatch(line)
            and at + 2 < len(lines)
            and lines[at + 1].strip()
            and lines[at + 2].rstrip() == line.rstrip()
        ):
            style, title, after = line[0] * 2, lines[at + 1].strip(), at + 3
        elif (
            at + 1 < len(lines)
            and _ADORNMENT.fullmatch(lines[at + 1])
            and not _ADORNMENT.fullmatch(line)
            and indent_of(line) == 0
            and len(lines[at + 1].strip()) + 2 >= len(line.strip())
        ):
            style, title, after = lines[at + 1][0], line.strip(), at + 2
        elif (
            _ADORNMENT.fullmatch(line)
            and len(line.strip()) > 3
            and not _SIMPLE_RULE.fullmatch(line)
        ):
            self.at += 1
            self.writer.add_raw("<hr>")
            return True
        else:
            return False
        if style not in self.levels:
            self.levels.append(style)
        self.writer.add_heading(self.levels.index(style) + 1, self._inline(title))
        self.at = after
        return True

    def _read_explicit(self, line: str) -> None:
        """Read a directive, a note, a target or a comment."""
        self.at += 1
        inside = self._take_indented(self.at)
        if (directive := _DIRECTIVE.fullmatch(line)) is not None:
            self._add_directive(directive[1].lower(), directive[2].strip(), inside)
        elif (note := _NOTE.fullmatch(line)) is not None:
            text = self._inline(" ".join((note[2], *(one.strip() for one in inside))))
            self.writer.add_raw(
                f'<div class="footnotes"><ol><li id="fn{escape(note[1])}"><p>{text}</p></li></ol></div>'
            )

    def _add_directive(self, name: str, argument: str, inside: list[str]) -> None:
        options: dict[str, str] = {}
        body = list(inside)
        while body and (option := _FIELD.fullmatch(body[0].strip())):
            options[option[1]] = (option[2] or "").strip()
            body.pop(0)
        if name in (
            "code-block",
            "code",
            "sourcecode",
            "highlight-block",
            "parsed-literal",
            "literalinclude",
            "prompt",
        ):
            self.writer.end_lists()
            self.writer.add_code(body, argument.split()[0] if argument else "")
        elif name in ("image", "figure"):
            described = options.get("alt", "")
            caption = self._sub(body) if body else ""
            caption = f"<figcaption>{caption}</figcaption>" if caption else ""
            self.writer.add("figure", image(argument, described) + caption)
        elif name in _CALLOUTS:
            title = argument if name == "admonition" else name.capitalize()
            text = (
                body
                if name == "admonition" or not argument
                else [argument, *dedent("\n".join(body)).split("\n")]
            )
            self.writer.add_raw(
                f'<div class="admonition {name}"><p class="admonition-title">{self._inline(title)}</p>{self._sub(text)}</div>'
            )
        elif name == "math":
            self.writer.add("p", formula("\n".join([argument, *body]), is_block=True))
        elif name in ("epigraph", "highlights", "pull-quote"):
            self._nest("blockquote", body)
        elif name in ("rubric", "topic", "sidebar"):
            self.writer.add("p", f"<strong>{self._inline(argument)}</strong>")
            self.writer.add_raw(self._sub(body))
        elif name in ("versionadded", "versionchanged", "deprecated"):
            self.writer.add_raw(self._sub([argument, "", *body]))
        elif name in ("list-table", "csv-table"):
            self._add_listed_table(name, argument, options, body)
        elif name in (
            "only",
            "container",
            "compound",
            "class",
            "tab",
            "tabs",
            "tab-set",
            "tab-item",
            "details",
        ):
            self.writer.add_raw(self._sub(body))

    def _add_listed_table(
        self, name: str, caption: str, options: dict[str, str], body: list[str]
    ) -> None:
        if name == "csv-table":
            import csv

            rows = [
                [self._inline(cell) for cell in row]
                for row in csv.reader(
                    [one.strip() for one in body if one.strip()], skipinitialspace=True
                )
            ]
            head = [
                self._inline(one.strip(' "'))
                for one in options.get("header", "").split(",")
                if one.strip()
            ]
            rows = [head, *rows] if head else rows
        else:
            rows = []
            for line in dedent("\n".join(body)).split("\n"):
                if line.startswith("* - "):
                    rows.append([self._inline(line[4:])])
                elif line.startswith("  - ") and rows:
                    rows[-1].append(self._inline(line[4:]))
                elif line.strip() and rows:
                    rows[-1][-1] += " " + self._inline(line.strip())
        if caption:
            self.writer.add("p", f"<em>{self._inline(caption)}</em>")
        self.writer.add_table(
            rows, has_head="header" in options or options.get("header-rows", "0") != "0"
        )

    def _read_field(self, field: re.Match[str]) -> None:
        self.at += 1
        more = " ".join(one.strip() for one in self._take_indented(self.at))
        value = " ".join(filter(None, (field[2], more)))
        if (name := _FIELDS.get(field[1].lower())) and name not in self.fields:
            self.fields[name] = value
        elif not self.writer.is_empty and value:
            self.writer.add_item(
                0, "dl", f"<dt>{escape(field[1], quote=False)}<dd>{self._inline(value)}"
            )

    def _add_item(self, item: re.Match[str], line: str) -> None:
        width = len(line) - len(item[3])
        self.at += 1
        inside = [item[3], *(one[width:] for one in self._take_indented(self.at))]
        html = self._sub(inside)
        if "\n<" not in html and html.count("<p>") == 1:
            html = html.replace("<p>", "").replace("</p>", "")
        self.writer.add_item(0, "ul" if item[1] else "ol", html)

    def _read_table(self, line: str) -> bool:
        if _SIMPLE_RULE.fullmatch(line):
            self._add_simple_table(line)
        elif re.fullmatch(r"\+(?:[-=]+\+)+[ \t]*", line):
            self._add_grid_table(line)
        else:
            return False
        return True

    def _add_simple_table(self, rule: str) -> None:
        starts = [found.start() for found in re.finditer(r"=+", rule)]
        rows: list[list[str]] = []
        rules = 0
        has_head = False
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            if _SIMPLE_RULE.fullmatch(line):
                rules += 1
                has_head = has_head or (rules == 2 and len(rows) > 0 and self._more_rule())
                if rules == 3 or (rules == 2 and not has_head):
                    break
                continue
            if not line.strip():
                if rules < 2 or not self._more_rule():
                    break
                continue
            cells = [line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)]
            if not cells[0] and rows:
                rows[-1] = [
                    f"{old} {new}".strip() for old, new in zip(rows[-1], cells, strict=True)
                ]
            else:
                rows.append(cells)
        self.writer.add_table(
            [[self._inline(cell) for cell in row] for row in rows], has_head=has_head
        )

    def _more_rule(self) -> bool:
        """Return whether another rule ends the table below."""
        for line in self.lines[self.at : self.at + 200]:
            if _SIMPLE_RULE.fullmatch(line):
                return True
            if line and indent_of(line) == 0 and len(line.split("  ")) < 2:
                return False
        return False

    def _add_grid_table(self, rule: str) -> None:
        edges = [found.start() for found in re.finditer(r"\+", rule)]
        rows: list[list[str]] = []
        cells: list[str] | None = None
        has_head = False
        while self.at < len(self.lines) and self.lines[self.at][:1] in ("+", "|"):
            line = self.lines[self.at]
            self.at += 1
            if line.startswith("+"):
                if cells is not None:
                    rows.append(cells)
                has_head = has_head or "=" in line
                cells = None
                continue
            parts = [line[a + 1 : b].strip(" |") for a, b in pairwise(edges)]
            cells = (
                parts
                if cells is None
                else [f"{old} {new}".strip() for old, new in zip(cells, parts, strict=True)]
            )
        self.writer.add_table(
            [[self._inline(cell) for cell in row] for row in rows], has_head=has_head
        )

    def _take_indented(self, at: int) -> list[str]:
        """Take the indented lines from `at` on, empty ones between them included."""
        end = at
        while end < len(self.lines) and (
            not self.lines[end].strip() or indent_of(self.lines[end]) > 0
        ):
            end += 1
        self.at = end
        taken = list(self.lines[at:end])
        while taken and not taken[-1].strip():
            taken.pop()
        while taken and not taken[0].strip():
            taken.pop(0)
        return taken

    def _sub(self, lines: Sequence[str]) -> str:
        text = dedent("\n".join(lines))
        if self.depth >= MAX_DEPTH:
            return f"<p>{self._inline(text)}</p>"
        return _Reader(
            text.split("\n"), self.targets, self.fields, self.levels, self.depth + 1
        ).read()

    def _nest(self, tag: str, lines: Sequence[str]) -> None:
        self.writer.add(tag, self._sub(lines))

    def _add_paragraph(self) -> None:
        taken: list[str] = []
        while self.at < len(self.lines) and self.lines[self.at].strip():
            line = self.lines[self.at]
            if taken and (
                line.startswith(".. ")
                or (
                    self.at + 1 < len(self.lines)
                    and len(taken) > 0
                    and _ADORNMENT.fullmatch(self.lines[self.at + 1])
                    and not taken[-1].strip()
                )
            ):
                break
            taken.append(line.strip())
            self.at += 1
        text = "\n".join(taken)
        is_literal = text.endswith("::")
        if is_literal:
            text = text[:-2].rstrip() + (
                "" if text[:-2].endswith((" ", "\n")) or text == "::" else ":"
            )
        self.writer.add("p", self._inline(text))
        if is_literal:
            self.writer.add_code(self._take_indented(self.at))

    def _inline(self, text: str) -> str:
        return render_inline(text, _INLINE, self._write)

    def _write(self, found: re.Match[str]) -> str:
        if found["code"]:
            return f"<code>{escape(found['code'], quote=False)}</code>"
        if found["strong"]:
            return f"<strong>{self._inline(found['strong'])}</strong>"
        if found["em"]:
            return f"<em>{self._inline(found['em'])}</em>"
        if found["note"]:
            number = escape(found["note"])
            return f'<sup><a href="#fn{number}">{number}</a></sup>'
        if found["bare"]:
            return link(found["bare"], "")
        if found["escaped"] is not None:
            return escape(found["escaped"].strip(), quote=False)
        if found["sub"]:
            return escape(found["sub"], quote=False)
        if found["word"]:
            url = self.targets.get(found["word"].casefold())
            return (
                link(url, escape(found["word"], quote=False))
                if url
                else escape(found[0], quote=False)
            )
        return self._interpreted(found)

    def _interpreted(self, found: re.Match[str]) -> str:
        """Return interpreted text: a link, or text in a role."""
        text = " ".join(found["text"].split())
        role = found["role"] or ""
        if found["ref"] or (found["url"] and "://" in found["url"]):
            url = found["url"] or self.targets.get(text.casefold(), "")
            url = self.targets.get(url.rstrip("_").casefold(), url)
            return link(url, escape(text, quote=False)) if url else escape(text, quote=False)
        if role == "math":
            return formula(text)
        if role in ("sub", "sup", "subscript", "superscript"):
            return f"<{role[:3]}>{escape(text, quote=False)}</{role[:3]}>"
        if role in ("", "emphasis", "title"):
            return f"<em>{escape(text, quote=False)}</em>"
        if role in ("ref", "doc", "term", "abbr", "numref", "strong", "guilabel", "menuselection"):
            return escape(text.strip(), quote=False)
        return f"<code>{escape(text.lstrip('~!'), quote=False)}</code>"
