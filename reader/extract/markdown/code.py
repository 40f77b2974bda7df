"""Blocks of code as `<pre>` of plain text, without line numbers, buttons and colours."""

import re
from collections.abc import Sequence
from typing import Final

from lxml import etree
from lxml.html import HtmlElement
from lxml.html.builder import E

from reader.extract import removals
from reader.extract.dom import ElementIndex, detach
from reader.extract.markdown.code_languages import is_language, language_of

_GUTTER: Final = re.compile(
    r"(?:^|[\s_-])(?:line-?(?:number|no|num)s?|linenos?|ln-?num(?:ber)?s?|lnt?|lntd|gutter|gl"
    r"|blob-num|linenumber|nums|rouge-gutter)(?:$|[\s_-])",
    re.I,
)
_LINE: Final = re.compile(r"(?:^|\s)(?:line|code-line|codeline|token-line|view-line|row)(?:$|\s)")
_TOOL: Final = re.compile(r"copy|clipboard|toolbar|code-?header|sr-only|visually-hidden", re.I)
_IGNORED_TAGS: Final = frozenset(
    ("button", "style", "script", "svg", "noscript", "template", "textarea")
)
_ROW_TAGS: Final = frozenset(("div", "p", "li", "tr", "section", "ol", "ul"))
_NUMBERS: Final = re.compile(r"[\d\s.:|]*")
_LABEL: Final = re.compile(
    r"(?:copy(?:\s+(?:code|to clipboard|page))?!?|copied!?|wrap(?: lines)?|download|expand|raw|run"
    r"|playground|try it(?: online| yourself)?|edit|(?:code|php|html|quelltext):?(?:\s*select all)?"
    r"|open in \w+|(?:in|out)\s*\[[\d\s*]*\]\s*:?|[\w+#. -]{0,30}\.\w{1,8}|[\d\s]*|\W*)",
    re.I,
)
_CAPTION: Final = re.compile(
    r"(?:^|[\s_-])(?:file-?name|caption(?:-text)?|title|code-?block-?title_\w+|code-?header)(?:$|\s)",
    re.I,
)
"""Names of the line above a block that says what the code is."""
_EDITOR: Final = re.compile(r"(?:^|\s)(?:cm-content|ace_text-layer|fragment)(?:$|\s)")
"""Names of the box of lines in CodeMirror 6, Ace and Doxygen."""
_MAYBE_EDITOR: Final = (
    "//div[contains(@class, 'cm-') or contains(@class, 'ace_') or contains(@class, 'fragment')]"
)
_EDITOR_LINE: Final = re.compile(r"(?:^|\s)(?:cm-line|ace_line|line)(?:$|\s)")
_EDITOR_GUTTER: Final = re.compile(r"(?:^|\s)(?:cm-gutters|ace_gutter)(?:$|\s)")
_WRAPPERS: Final = frozenset(
    ("div", "figure", "section", "span", "td", "tr", "tbody", "table", "code", "p")
)
_BLOCK_STYLE: Final = re.compile(r"white-space:\s*(?:pre|break-spaces)|display:\s*(?:block|grid)")
_BLOCK_DISPLAY: Final = re.compile(r"display:\s*(?:block|flex|grid)", re.I)
_BLOCK_CLASS: Final = re.compile(
    r"(?:^|\s)(?:block|code-?block|highlight|hljs|prettyprint)(?:$|\s)"
)
_MAX_WRAPPERS: Final = 8
"""Elements around a block of code that hold nothing else: bounds the walk upwards."""


def normalise(index: ElementIndex) -> None:
    """Give every block of code in the page the form `<pre><code class="language-…">text`."""
    root = index.root
    _join_line_tables(root)
    for box in index.with_attribute("data-lang", "data-language", "data-code-lang"):
        if box.tag == "div" and _is_code_box(box):
            box.tag = "pre"
    if index.names_class("cm-", "ace_", "fragment"):
        _join_editor_lines(root)
    for pre in list(root.iter("pre")):
        if pre.getparent() is not None and _is_attached(pre, root):
            _replace(pre)
    for code in list(root.iter("code")):
        if code.getparent() is not None and _is_block(code):
            _replace(code)


def _join_editor_lines(root: HtmlElement) -> None:
    """Make a block of each box whose children are all lines of code, as editors show it."""
    for box in root.xpath(_MAYBE_EDITOR):
        names = box.get("class")
        if _EDITOR.search(names):
            lines = [line for line in box if isinstance(line.tag, str)]
            if lines and all(_EDITOR_LINE.search(line.get("class") or "") for line in lines):
                box.tag = "pre"
        elif _EDITOR_GUTTER.search(names) and box.getparent() is not None:
            detach(box)


def _is_code_box(box: HtmlElement) -> bool:
    """Return whether a box with a language is code itself: lines without other elements."""
    if "\n" not in (box.text_content()).strip() or not _BLOCK_CLASS.search(box.get("class") or ""):
        return False
    return all(inner.tag in ("span", "br", "a", "b", "i") for inner in box.iterdescendants())


def _is_attached(pre: HtmlElement, root: HtmlElement) -> bool:
    """Return whether the block is still on the page and not yet converted."""
    top = pre
    while (parent := top.getparent()) is not None:
        if parent.tag == "pre":
            return False
        top = parent
    return top is root


def _is_block(code: HtmlElement) -> bool:
    if any(ancestor.tag == "pre" for ancestor in code.iterancestors()):
        return False
    text = code.text_content()
    if "\n" not in text.strip() and not code.findall(".//br"):
        language = f" {code.get('class') or ''} "
        return " block " in language and len(language.split()) > 1 and _is_alone(code)
    styled = _BLOCK_STYLE.search(code.get("style") or "") is not None
    return styled or (_BLOCK_CLASS.search(code.get("class") or "") is not None and _is_alone(code))


def _is_alone(code: HtmlElement) -> bool:
    parent = code.getparent()
    return parent.tag not in ("p", "li", "td", "span") or (
        parent.text_content().strip() == code.text_content().strip()
    )


def _replace(pre: HtmlElement) -> None:
    outer, around = _outermost_wrapper(pre)
    inner = pre.find(".//code")
    language = language_of(*([inner] if inner is not None else []), pre, *around)
    left_out: list[str] = []
    text = text_of(pre, left_out)
    removals.record("line numbers", " ".join(left_out), outer.getparent())
    for button in outer.iter("button"):
        removals.record("control", "".join(button.itertext()), outer.getparent())
    code = E.code(text)
    if language:
        code.set("class", f"language-{language}")
    block = E.pre(code)
    block.tail = outer.tail
    if outer is not pre:
        shown, own = (" ".join("".join(_visible_texts(box)).split()) for box in (outer, pre))
        removals.record("code label", shown.replace(own, "", 1), outer.getparent())
        if name := _file_name(outer, pre):
            line = E.p(E.em(name))
            outer.addprevious(line)
    outer.getparent().replace(outer, block)
    if not text.strip():
        block.drop_tree()


def _file_name(outer: HtmlElement, pre: HtmlElement) -> str:
    """Return the file name or title that a block shows above its code."""
    for element in outer.iter():
        if element is pre:
            break
        if isinstance(element.tag, str) and (
            element.tag == "figcaption" or _CAPTION.search(element.get("class") or "")
        ):
            words = " ".join("".join(_visible_texts(element)).split())
            if words and not is_language(words) and not _is_copy_label(words):
                return words
    return ""


def _outermost_wrapper(pre: HtmlElement) -> tuple[HtmlElement, list[HtmlElement]]:
    """Return the outermost element of the block alone, and its wrappers."""
    outer, around, above = pre, list[HtmlElement](), pre
    size = len(pre.text_content())
    for _ in range(_MAX_WRAPPERS):
        parent = above.getparent()
        if parent is None or parent.tag not in _WRAPPERS:
            break
        if parent.tag in ("td", "th") and not _is_code_table(parent):
            break
        if len(parent.text_content()) > 2 * size + 400 or not _has_only_labels(parent, above):
            break
        above = outer = parent
        around.append(parent)
    beyond = outer.getparent()
    if beyond is not None and len(beyond) == 1:
        around.append(beyond)
    return outer, around


def _is_code_table(cell: HtmlElement) -> bool:
    """Return whether the cell's table holds only line numbers and its code."""
    table = next(cell.iterancestors("table"), None)
    if table is None:
        return True
    cells = [other for other in table.iter("td", "th") if other is not cell]
    return all(
        _NUMBERS.fullmatch(other.text_content())
        or _GUTTER.search(other.get("class") or "")
        or (other.tag == "th" and _CAPTION.search(other.get("class") or ""))
        for other in cells
    )


def _has_only_labels(parent: HtmlElement, child: HtmlElement) -> bool:
    """Return whether the child's siblings are only line numbers, labels and buttons."""
    if parent.text and parent.text.strip():
        return False
    is_before = True
    for other in parent:
        if other.tail and other.tail.strip():
            return False
        is_before = is_before and other is not child
        if other is child or not isinstance(other.tag, str):
            continue
        if other.tag in ("img", "video", "iframe", "h1", "h2", "h3", "h4", "h5", "h6"):
            return False
        text = other.text_content().strip()
        if other.tag == "p" and not _LABEL.fullmatch(" ".join(text.split())):
            return False
        if other.tag in _IGNORED_TAGS or not text:
            continue
        if _NUMBERS.fullmatch(text):
            if is_before or other.find(".//pre") is None:
                continue
            # Numbers below the code are what it printed.
            return False
        if next(other.iter("table", "pre", "ul", "dl", "img"), None) is not None:
            return False
        words = " ".join(text.split())
        shown = " ".join("".join(_visible_texts(other)).split())
        if not (_LABEL.fullmatch(shown) or is_language(shown) or _is_copy_label(words)):
            return False
    return True


def _visible_texts(element: HtmlElement) -> list[str]:
    if element.tag in _IGNORED_TAGS:
        return []
    out = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            out += _visible_texts(child)
        out.append(child.tail or "")
    return out


def _is_copy_label(words: str) -> bool:
    """Return whether the words are a label with a copy button: `bash Copy`."""
    rest = re.sub(r"\bcop(?:y|ied)\b(?: (?:code|to clipboard))?[!:]?", "", words, flags=re.I)
    return rest != words and len(rest) < 40


def text_of(pre: HtmlElement, left_out: list[str] | None = None) -> str:
    """Return the lines of code in the element, without trailing spaces.

    Adds the numbers of lines, which are no code, to `left_out`.
    """
    left_out = [] if left_out is None else left_out
    left_out += _drop_line_numbers(pre)
    out: list[str] = []
    _collect_text(pre, out, left_out)
    text = "".join(out).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    text = re.sub("[\u200b\ufeff\ue000-\uf8ff]", "", text)
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def _collect_text(element: HtmlElement, out: list[str], left_out: list[str]) -> None:
    out.append(element.text or "")
    for child in element:
        tag = child.tag
        if tag == "br":
            out.append("\n")
        elif isinstance(tag, str) and tag not in _IGNORED_TAGS:
            if _is_gutter(child):
                left_out += child.itertext()
            else:
                _collect_child(child, out, left_out)
        out.append(child.tail or "")


def _collect_child(child: HtmlElement, out: list[str], left_out: list[str]) -> None:
    row = child.tag in _ROW_TAGS or _is_line(child)
    if row and out and not _is_at_line_start(out):
        previous = child.getprevious()
        if child.tag in _ROW_TAGS or (previous is not None and _is_line(previous)):
            out.append("\n")
    before = len(out)
    _collect_text(child, out, left_out)
    if not row or (child.tail or "").startswith("\n"):
        return
    following = child.getnext()
    if following is None or following.tag == "br" or following.tag in _IGNORED_TAGS:
        return
    if not "".join(out[before:]).endswith("\n"):
        out.append("\n")


def _is_at_line_start(out: list[str]) -> bool:
    last = next((piece for piece in reversed(out) if piece), "\n")
    return last.endswith("\n")


def _is_line(element: HtmlElement) -> bool:
    return element.tag in ("span", "code") and (
        element.get("data-line") is not None
        or _LINE.search(element.get("class") or "") is not None
        or _BLOCK_DISPLAY.search(element.get("style") or "") is not None
    )


def _is_gutter(element: HtmlElement) -> bool:
    classes = element.get("class") or ""
    if classes and _GUTTER.search(classes) and _NUMBERS.fullmatch(element.text_content()):
        return True
    if classes and _TOOL.search(classes) and len(element.text_content()) < 40:
        return True
    hidden = element.get("aria-hidden") == "true" or "user-select:none" in (
        (element.get("style") or "").replace(" ", "")
    )
    return hidden and bool(re.fullmatch(r"\s*\d+\s*", element.text_content()))


def _drop_line_numbers(pre: HtmlElement) -> list[str]:
    """Drop first children that only number the lines, and return the numbers: 1, 2, 3 …"""
    for holder in (pre, *pre.iter("code", "tbody", "ol", "div")):
        rows = [row for row in holder if isinstance(row.tag, str)]
        firsts = [row[0] for row in rows if len(row) > 1 and not (row.text or "").strip()]
        if len(firsts) < 2 or len(firsts) != len(rows):
            continue
        numbers = [first.text_content().strip() for first in firsts]
        if numbers[0].isdecimal() and len(numbers[0]) < 6:
            start = int(numbers[0])
            if numbers == [str(start + at) for at in range(len(numbers))]:
                for first in firsts:
                    first.drop_tree()
                return numbers
    return []


def _join_line_tables(root: HtmlElement) -> None:
    """Join tables with one row for each line of code to one block."""
    for table in list(root.iter("table")):
        rows = list(table.iter("tr"))
        if table.getparent() is None or len(rows) < 1:
            continue
        if changes := _changed_lines(rows):
            block = E.pre(E.code("\n".join(changes), {"class": "language-diff"}))
            block.tail = table.tail
            table.getparent().replace(table, block)
            continue
        cells = [row.findall("td") for row in rows]
        if any(len(row) != 2 for row in cells):
            continue
        if not all(_NUMBERS.fullmatch(row[0].text_content()) for row in cells):
            continue
        classes = f"{table.get('class') or ''} {cells[0][0].get('class') or ''}"
        if cells[0][1].find(".//pre") is not None:
            continue
        numbered = any(
            row[0].get("data-line-number") or _GUTTER.search(row[0].get("class") or "")
            for row in cells
        )
        if not numbered and not re.search(r"hljs-ln|blob|highlight|code", classes):
            continue
        above = next(table.iterancestors("pre"), None)
        code = E.code(
            "\n".join(
                text_of(row[1]) if len(row[1]) else row[1].text_content().strip("\n")
                for row in cells
            )
        )
        language = language_of(table, *list(table.iterancestors())[:3])
        numbers = " ".join(row[0].text_content() for row in cells)
        if above is not None:
            language = language or language_of(above)
            table = above
        if language:
            code.set("class", f"language-{language}")
        block = E.pre(code)
        block.tail = table.tail
        removals.record("line numbers", numbers, table.getparent())
        table.getparent().replace(table, block)


def _changed_lines(rows: Sequence[HtmlElement]) -> list[str]:
    """Return the lines of a table of changes with their signs; empty for other tables."""
    lines = [line for row in rows for line in row.xpath(".//*[@data-code-marker]")]
    return [
        f"{line.get('data-code-marker')[:1] or ' '}{line.text_content().strip(chr(10))}"
        for line in lines
    ]


def lines_of(element: HtmlElement) -> list[str]:
    """Return the lines of code in an element, whose `<br>` end a line."""
    parts: list[str] = []
    _collect_text(element, parts, [])
    return "".join(parts).split("\n")


def inline_lines(element: HtmlElement) -> list[str]:
    """Return the text of inline code, cut at each `<br>`."""
    if element.find(".//br") is None:
        return [element.text_content()]
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            text = "\0" if inner.tag == "br" else inner.text
        else:
            text = inner.tail if inner is not element else None
        parts.append(text or "")
    return "".join(parts).split("\0")


def line_spans(element: HtmlElement) -> str:
    """Return a block of code as one span for each line, for a place without lines."""
    return " ".join(filter(None, map(code_span, lines_of(element))))


def fenced_block(pre: HtmlElement) -> str:
    """Return the block in a fence longer than any run of backticks in it."""
    code = pre.find(".//code")
    language = language_of(*([code] if code is not None else []), pre)
    text = text_of(pre)
    if not text.strip():
        return ""
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def code_span(text: str) -> str:
    """Return text as an inline code span; empty for white space."""
    text = " ".join(re.sub("[\u200b\ufeff\ue000-\uf8ff]", "", text).split())
    if not text:
        return ""
    runs = {len(run) for run in re.findall("`+", text)}
    fence = "`" * next(size for size in range(1, len(runs) + 2) if size not in runs)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"
