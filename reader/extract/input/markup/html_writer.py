"""HTML from the blocks of a text markup."""

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Final

MAX_LIST_DEPTH: Final = 20
"""Levels of nested lists; the parser drops deeper elements."""
_INDENT: Final = re.compile(r"[ \t]*")


class HtmlWriter:
    """Blocks of a text in order; items of lists nest by their indent."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._lists: list[tuple[int, str]] = []

    @property
    def html(self) -> str:
        """The whole text; open lists are closed."""
        self.end_lists()
        return "\n".join(self._parts)

    @property
    def is_empty(self) -> bool:
        """True until a block is added."""
        return not self._parts

    @property
    def in_list(self) -> bool:
        """True if the last block is an item of a list."""
        return bool(self._lists)

    def end_lists(self) -> None:
        while self._lists:
            self._parts.append(f"</{self._lists.pop()[1]}>")

    def add(self, tag: str, html: str) -> None:
        """Add a block that ends all lists; an empty one is left out."""
        self.end_lists()
        if html.strip():
            self._parts.append(f"<{tag}>{html}</{tag.split()[0]}>")

    def add_raw(self, html: str) -> None:
        """Add whole elements."""
        self.end_lists()
        self._parts.append(html)

    def add_heading(self, level: int, html: str) -> None:
        self.add(f"h{max(1, min(6, level))}", html)

    def add_code(self, lines: Iterable[str], language: str = "") -> None:
        """Add code with its own line ends; inside a list it belongs to the last item."""
        name = f' class="language-{escape(language)}"' if language else ""
        text = escape(dedent("\n".join(lines)).strip("\n"), quote=False)
        if text.strip():
            self._parts.append(f"<pre><code{name}>{text}</code></pre>")

    def add_item(self, indent: int, tag: str, html: str, ticked: bool | None = None) -> None:
        """Add an item of `ul`, `ol` or `dl`; a wider indent than the last item's nests it."""
        while self._lists and self._lists[-1][0] > indent:
            self._parts.append(f"</{self._lists.pop()[1]}>")
        if self._lists and self._lists[-1] == (indent, tag):
            pass
        elif self._lists and self._lists[-1][0] == indent:
            self._parts.append(f"</{self._lists.pop()[1]}><{tag}>")
            self._lists.append((indent, tag))
        elif len(self._lists) < MAX_LIST_DEPTH:
            self._parts.append(f"<{tag}>")
            self._lists.append((indent, tag))
        box = "" if ticked is None else f'<input type="checkbox"{" checked" if ticked else ""}> '
        self._parts.append(html if tag == "dl" else f"<li>{box}{html}")

    def add_to_item(self, html: str) -> None:
        """Add text to the last item."""
        self._parts.append(html)

    def add_table(self, rows: Sequence[Sequence[str]], *, has_head: bool) -> None:
        """Add a table from the HTML of its cells."""
        self.end_lists()
        if not rows:
            return
        written = []
        for number, row in enumerate(rows):
            tag = "th" if has_head and not number else "td"
            written.append("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>")
        self._parts.append(f"<table>{''.join(written)}</table>")


def dedent(text: str) -> str:
    """Return a text without the indent that all its lines have."""
    lines = text.expandtabs(4).split("\n")
    widths = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    least = min(widths, default=0)
    return "\n".join(line[least:] for line in lines)


def indent_of(line: str) -> int:
    found = _INDENT.match(line)
    return len(found[0].expandtabs(4)) if found else 0


def link(url: str, html: str) -> str:
    """Return a link, with its address for an empty text."""
    return f'<a href="{escape(url)}">{html or escape(url)}</a>'


def image(url: str, description: str = "") -> str:
    return f'<img src="{escape(url)}" alt="{escape(description)}">'


def render_inline(
    text: str, pattern: re.Pattern[str], write: Callable[[re.Match[str]], str]
) -> str:
    """Return a text as HTML: matches of the pattern as `write` says, the rest escaped."""
    parts = []
    at = 0
    for found in pattern.finditer(text):
        parts += [escape(text[at : found.start()], quote=False), write(found)]
        at = found.end()
    return "".join((*parts, escape(text[at:], quote=False)))


def formula(source: str, *, is_block: bool = False) -> str:
    """Return a formula as MathJax has it."""
    mode = "; mode=display" if is_block else ""
    return f'<script type="math/tex{mode}">{source.strip().replace("</", "< /")}</script>'
