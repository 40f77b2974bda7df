"""Markdown to XHTML without scripts, styles and remote images."""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from reader.markdown.events import MAX_NESTING, Event, events
from reader.markdown.outline import link_url, outline
from reader.model.entry import Entry, Record
from reader.model.labels import label_of
from reader.model.text import clean
from reader.model.urls import encode_url

_MAIL = "mailto:"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_FIGURE: Final = re.compile(r"<p>(<img [^<>]*>)\n<em>([^\n]*)</em></p>\n")
_CONTAINERS: Final = frozenset(("BlockQuote", "List", "Item"))
_TAGS: Final = {
    "Paragraph": "p", "BlockQuote": "blockquote", "Emphasis": "em",
    "Strong": "strong", "Strikethrough": "s",
}  # fmt: skip
_BLOCKS: Final = frozenset(("Paragraph", "BlockQuote"))
_PLAIN_TAGS: Final = {
    "Paragraph": ("<p>", "</p>\n"), "Emphasis": ("<em>", "</em>"),
    "Strong": ("<strong>", "</strong>"), "Strikethrough": ("<s>", "</s>"),
}  # fmt: skip
"""Start and end of elements that have neither attributes nor a limit of depth."""


def to_xhtml(
    markdown: str, pictures: Mapping[str, str], source: Callable[[str], str | None], mark: str = ""
) -> str:
    """Convert the body to well-formed XHTML; `mark` makes its ids unique among other bodies.

    `pictures` maps destinations in the Markdown to files; `source` returns the address of a file,
    or None if it is missing: then its description replaces it. Links lose their address unless it
    is `http`, `https`, `mailto`, or a heading of the same body. Formulas are TeX. Linear.
    """
    files = {unquote(place): file for place, file in pictures.items()}
    writer = _Writer(files, source, mark, _heading_ids(markdown, mark))
    writer.write_all(events(markdown))
    return _FIGURE.sub(_to_figure, clean(writer.finish()))


def _to_figure(found: re.Match[str]) -> str:
    """Return an image with the emphasised line below it as a figure with its caption."""
    if "</em>" in found[2]:
        return found[0]
    return f"<figure>{found[1]}<figcaption>{found[2]}</figcaption></figure>\n"


def _heading_ids(markdown: str, mark: str) -> Mapping[str, str]:
    """Map heading names to ids; empty if no link refers to one."""
    found: dict[str, str] = {}
    if "](#" in markdown:
        for _, text in outline(markdown):
            name = _heading_name(text)
            if name and name not in found:
                found[name] = f"h{mark}-{len(found) + 1}"
    return found


def _heading_name(text: str) -> str:
    return re.sub(r"[^\w\- ]", "", text.casefold()).strip().replace(" ", "-")


class _Writer:
    """Write events as elements; notes are kept until the end of the body."""

    def __init__(
        self,
        files: Mapping[str, str],
        source: Callable[[str], str | None],
        mark: str,
        headings: Mapping[str, str],
    ) -> None:
        self._files = files
        self._source = source
        self._mark = mark
        self._headings = headings
        self._parts: list[str] = []
        self._body = self._parts
        self._depth = 0
        self._alt: list[str] | None = None
        self._image = ""
        self._aligns: Sequence[str] = ()
        self._cell = "td"
        self._column = 0
        self._ended: dict[str, str] = {}
        self._heading: tuple[int, list[str]] | None = None
        self._named: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._notes: dict[str, list[str]] = {}

    def write_all(self, stream: Iterable[Event]) -> None:
        """Add the elements of the events. A text may have a million."""
        for event in stream:
            if type(event) is dict and self._alt is None and self._heading is None:
                ((kind, value),) = event.items()
                if kind == "Text":
                    self._parts.append(html.escape(value))
                    continue
                if kind == "Start" or kind == "End":
                    is_end = kind == "End"
                    if type(value) is str:
                        if value in _PLAIN_TAGS:
                            self._parts.append(_PLAIN_TAGS[value][is_end])
                            continue
                        if value == "TableCell" and not any(self._aligns):
                            self._parts.append(
                                f"</{self._cell}>\n" if is_end else f"<{self._cell}>"
                            )
                            continue
                    elif not self._headings and "Heading" in value:
                        level = value["Heading"] if is_end else value["Heading"]["level"]
                        self._parts.append(f"</h{level[1]}>\n" if is_end else f"<h{level[1]}>")
                        continue
            self._write(event)

    def _write(self, event: Event) -> None:
        if isinstance(event, str):
            self._add({"HardBreak": "<br />\n", "Rule": "<hr />\n"}.get(event, "\n"))
            return
        ((kind, value),) = event.items()
        if kind == "Start":
            self._start(value)
        elif kind == "End":
            self._end(value)
        elif kind == "FootnoteReference":
            self._refer(value)
        elif kind == "TaskListMarker":
            self._add("☑ " if value else "☐ ")
        elif self._alt is not None:
            self._alt.append(value)
        else:
            if self._heading is not None:
                self._heading[1].append(value)
            self._add(_wrapped(kind, html.escape(value)))

    def finish(self) -> str:
        """Return the body, followed by its notes."""
        if not self._notes:
            return "".join(self._body)
        for label in self._notes:
            self._numbers.setdefault(label, len(self._numbers) + 1)
        rows = [
            '<hr class="footnotes-sep" />\n<section class="footnotes">\n<ol class="footnotes-list">\n'
        ]
        for label, number in self._numbers.items():
            back = f'<a href="#{self._id("fnref", number)}" class="footnote-backref">↩︎</a>'
            text = "".join(self._notes.get(label, ()))
            before, end, after = text.rpartition("</p>")
            text = f"{before} {back}{end}{after}" if end else f"{text}<p>{back}</p>"
            rows.append(f'<li id="{self._id("fn", number)}" class="footnote-item">{text}</li>\n')
        return "".join((*self._body, *rows, "</ol>\n</section>\n"))

    def _id(self, name: str, number: int) -> str:
        return f"{name}-{self._mark}-{number}" if self._mark else f"{name}{number}"

    def _add(self, text: str) -> None:
        if self._alt is None:
            self._parts.append(text)
        else:
            self._alt.append(" ")

    def _refer(self, label: str) -> None:
        is_first = label not in self._numbers
        number = self._numbers.setdefault(label, len(self._numbers) + 1)
        name = f' id="{self._id("fnref", number)}"' if is_first else ""
        self._add(
            f'<sup class="footnote-ref"><a href="#{self._id("fn", number)}"{name}>[{number}]</a></sup>'
        )

    def _start(self, value: str | dict[str, Any]) -> None:
        name, options = _name_of(value)
        if name in _CONTAINERS:
            self._depth += 1
            if self._depth > MAX_NESTING:
                return
            if name == "Item":
                self._add("<li>")
                return
        if name == "Image":
            self._alt, self._image = [], str(options["dest_url"])
        elif name == "Link":
            self._open_link(options)
        elif name == "Heading":
            self._heading = (len(self._parts), [])
            self._parts.append("")
        elif name == "CodeBlock":
            words = options["Fenced"].split() if isinstance(options, dict) else []
            language = f' class="language-{html.escape(words[0])}"' if words else ""
            self._add(f"<pre><code{language}>")
        elif name == "List":
            tag = "ul" if options is None else "ol"
            start = f' start="{options}"' if options not in (None, 1) else ""
            self._add(f"<{tag}{start}>\n")
        elif name == "FootnoteDefinition":
            self._parts = self._notes.setdefault(options, [])
        elif name == "Table":
            self._aligns = [align.lower() if align != "None" else "" for align in options]
            self._add("<table>\n")
        elif name == "TableHead":
            self._cell, self._column = "th", 0
            self._add("<thead>\n<tr>\n")
        elif name == "TableRow":
            self._column = 0
            self._add("<tr>\n")
        elif name == "TableCell":
            self._add(f"<{self._cell}{self._align()}>")
        elif name in _TAGS:
            self._add(f"<{_TAGS[name]}>")

    def _align(self) -> str:
        align = self._aligns[self._column] if self._column < len(self._aligns) else ""
        self._column += 1
        return f' style="text-align:{align}"' if align else ""

    def _open_link(self, options: Mapping[str, str]) -> None:
        address = link_url(dict(options))
        heading = address.startswith("#") and self._headings.get(unquote(address[1:]).casefold())
        target = f"#{heading}" if heading else link(address)
        title = f' title="{html.escape(options["title"])}"' if options["title"] else ""
        self._add(f'<a href="{html.escape(target)}"{title}>' if target else f"<a{title}>")

    def _end(self, value: str | dict[str, Any]) -> None:
        name, options = _name_of(value)
        if name in _CONTAINERS:
            self._depth -= 1
            if self._depth >= MAX_NESTING:
                return
            if name == "Item":
                self._add("</li>\n")
                return
        if name == "Image":
            self._close_image()
        elif name == "Heading" and self._heading is not None:
            place, words = self._heading
            self._heading = None
            key = _heading_name("".join(words))
            is_target = key in self._headings and key not in self._named
            self._named.add(key)
            name = f' id="{self._headings[key]}"' if is_target else ""
            level = str(options).lower()
            self._parts[place] = f"<{level}{name}>"
            self._add(f"</{level}>\n")
        elif name == "CodeBlock":
            self._add("</code></pre>\n")
        elif name == "List":
            self._add("</ol>\n" if options else "</ul>\n")
        elif name == "FootnoteDefinition":
            self._parts = self._body
        elif name == "Table":
            self._add("</tbody>\n</table>\n")
        elif name == "TableHead":
            self._cell = "td"
            self._add("</tr>\n</thead>\n<tbody>\n")
        elif name == "TableRow":
            self._add("</tr>\n")
        elif name == "TableCell":
            self._add(f"</{self._cell}>\n")
        elif name == "Link":
            self._add("</a>")
        elif name in _TAGS:
            self._add(f"</{_TAGS[name]}>" + ("\n" if name in _BLOCKS else ""))

    def _close_image(self) -> None:
        words = "".join(self._alt or ())
        self._alt = None
        address = self._source(self._files.get(unquote(self._image), ""))
        if address is not None:
            alt = html.escape(words)
            self._add(f'<img src="{html.escape(address)}" alt="{alt}" />')
        elif words:
            self._add(html.escape(f"[{words}]"))


def _name_of(value: str | dict[str, Any]) -> tuple[str, Any]:
    """Return the name of what starts or ends, and its options."""
    if isinstance(value, str):
        return value, None
    return next(iter(value.items()))


def _wrapped(kind: str, text: str) -> str:
    """Return escaped text as the element of its kind: code, a formula, or plain text."""
    if kind == "Code":
        return f"<code>{text}</code>"
    if kind == "InlineMath":
        return f'<code class="math">{text}</code>'
    if kind == "DisplayMath":
        return f'<code class="math display">{text.strip()}</code>'
    return text


def link(address: str) -> str | None:
    """Return the address as a valid URI; None if it must not be followed."""
    safe = encode_url(clean(address))
    if safe.casefold().startswith(_MAIL):
        return safe
    try:
        parts = urlsplit(safe)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            return None
    except ValueError:
        return None
    behind = safe.index("//") + 2 + len(parts.netloc)
    return safe[:behind] + safe[behind:].replace("[", "%5B").replace("]", "%5D")


_RTL_LANGUAGES: Final = frozenset("ar arc ckb dv fa he iw ji ku nqo ps sd syr ug ur yi".split())
"""Languages whose usual script runs from right to left (CLDR)."""
_RTL_SCRIPTS: Final = frozenset("adlm arab hebr mand nkoo rohg samr syrc thaa".split())


def language(stated: str | None) -> str:
    """Return the language as HTML and XML name it (BCP 47); empty if it is unknown."""
    name = (stated or "").replace("_", "-")
    return name if _LANGUAGE.fullmatch(name) else ""


def is_right_to_left(language_code: str) -> bool:
    """Return whether a language is written from right to left, by its script or its name."""
    parts = language_code.casefold().split("-")
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]
    if scripts:
        return scripts[0] in _RTL_SCRIPTS
    return parts[0] in _RTL_LANGUAGES


def annotations_html(record: Record) -> str:
    """Return the user's note and highlights as elements for the end of an article."""
    if not record.highlights and not record.note:
        return ""
    rows = [element("h2", "Highlights and notes")]
    if record.note:
        rows.append(element("p", record.note))
    for mark in record.highlights:
        rows.append(f"<blockquote>{element('p', mark.quote)}</blockquote>")
        if label := label_of(mark).hashtags():
            rows.append(element("p", label))
        if mark.note:
            rows.append(element("p", mark.note))
    return "\n".join(rows) + "\n"


def byline_text(entry: Entry) -> str:
    """Return the line below a title: author, site, date and tags."""
    tags = ", ".join(f"#{tag}" for tag in entry.tags)
    return join_present([entry.byline, entry.site, (entry.published or "")[:10], tags])


def element(name: str, text: str, attributes: Mapping[str, str] | None = None) -> str:
    """Return an element with escaped text and attributes."""
    stated = "".join(f' {key}="{html.escape(value)}"' for key, value in (attributes or {}).items())
    return f"<{name}{stated}>{html.escape(clean(text))}</{name}>"


def join_present(parts: Sequence[str | None]) -> str:
    """Join the non-empty parts with middle dots."""
    return " · ".join(part for part in parts if part)
