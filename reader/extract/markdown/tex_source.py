r"""TeX that stands in a page's text for MathJax or KaTeX to draw: `\(a\)`, `\[b\]`, `$$c$$`.

Sources: MathJax 4 "TeX and LaTeX input" and its `tex` options, KaTeX "Auto-render extension".
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml.html import HtmlElement

from reader.extract.dom import ElementIndex, append_text

_LOADERS: Final = ("mathjax", "katex", "tex2jax", "asciimath")
_SINGLE_DOLLAR: Final = re.compile(
    r"inlineMath.{0,200}?\[\s*['\"]\$['\"]\s*,|delimiters[^;]{0,400}?left['\"]?\s*:\s*['\"]\$['\"]"
    r"|(?:inlineMath|singleDollar\w*)['\"]?\s*:\s*true",
    re.DOTALL,
)
MAX_CONFIG: Final = 200_000
"""Characters of inline scripts that are searched for MathJax's and KaTeX's options."""
MAX_FORMULA: Final = 5_000
"""Characters of a formula; a delimiter that far away belongs to something else."""
_IGNORED_TAGS: Final = frozenset((
    "script", "noscript", "style", "textarea", "pre", "code", "kbd", "samp", "annotation",
    "annotation-xml", "option", "math", "svg",
))  # fmt: skip
_IGNORED_CLASS: Final = re.compile(
    r"(?:^|\s)(?:tex2jax_ignore|mathjax_ignore|no-?math(?:jax)?)(?:$|\s)"
)
_ENVIRONMENT: Final = r"\\begin\{(?P<name>(?:equation|align|alignat|gather|multline|eqnarray|flalign|math|displaymath)\*?)\}"
_MARKED: Final = (
    "//span[contains(@class, 'math') or contains(@class, 'matex')]"
    "|//div[contains(@class, 'math') or contains(@class, 'matex')]|//math-renderer"
)
_MARK: Final = re.compile(r"(?:^|\s)(?:math|arithmatex|js-(?:display|inline)-math)(?:$|\s)")
"""Names that generators and GitHub give to the formulas that a script draws."""
_OPENING: Final = re.compile(rf"\\[(\[]|\$\$|(?<!\\)\$|{_ENVIRONMENT}")
_CLOSING: Final = {"\\(": "\\)", "\\[": "\\]", "$$": "$$", "$": "$"}


def normalise(index: ElementIndex, mark: str) -> None:
    """Put each formula of a page that draws TeX into `<code {mark}="inline|block">`. Linear."""
    root = index.root
    loads, dollars = _renderer(root)
    # A notebook's cells are drawn by whatever shows them.
    if (
        not loads
        and index.names_class("text_cell_render")
        and root.xpath("//div[contains(@class, 'text_cell_render')]")
    ):
        loads = dollars = True
    if not loads:
        # Generators mark the formulas that a script of the site may draw.
        is_marked = (
            index.names_class("math", "matex") or next(root.iter("math-renderer"), None) is not None
        )
        for element in root.xpath(_MARKED) if is_marked else ():
            # GitHub's element, whose tag an earlier stage may have changed.
            names = element.get("class") or ""
            is_drawn = element.tag == "math-renderer" or names.startswith("js-")
            if not is_drawn and _MARK.search(names) is None:
                continue
            _split_text(element, is_drawn, mark)
            if is_drawn:
                is_block = any(code.get(mark) == "block" for code in element)
                element.tag = "div" if is_block else "span"
        return
    for element in _readable(root):
        _split_text(element, dollars, mark)


def _renderer(root: HtmlElement) -> tuple[bool, bool]:
    """Return whether the page loads a renderer, and whether it takes single dollars."""
    loads = dollars = False
    read = 0
    for script in root.iter("script", "link"):
        source = script.get("src") or script.get("href") or ""
        loads = loads or _names_loader(source)
        text = script.text or ""
        if script.tag == "script" and text and read < MAX_CONFIG:
            read += len(text)
            text = text[:MAX_CONFIG]
            if _names_loader(text) or "renderMathInElement" in text:
                loads = loads or "MathJax" in text or "renderMathInElement" in text
                dollars = dollars or _SINGLE_DOLLAR.search(text) is not None
    return loads, dollars


def _names_loader(text: str) -> bool:
    # Ten times as fast as a pattern without regard to case.
    return any(map(text.lower().__contains__, _LOADERS))


def _readable(root: HtmlElement) -> Iterator[HtmlElement]:
    """Elements whose text a renderer reads, in document order."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        tag = element.tag
        if not isinstance(tag, str) or tag in _IGNORED_TAGS:
            continue
        if _IGNORED_CLASS.search(element.get("class") or ""):
            continue
        yield element
        waiting += reversed(element)


def _split_text(element: HtmlElement, dollars: bool, mark: str) -> None:
    """Replace the formulas in the element's own text nodes; line breaks may stand inside them."""
    own = (element.text or "", *(child.tail or "" for child in element))
    if not any("$" in text or "\\" in text for text in own):
        return
    run: list[str | HtmlElement] = [element.text or ""]
    runs = [run]
    for child in list(element):
        if child.tag == "br":
            run += (child, child.tail or "")
        else:
            run = [child, child.tail or ""]
            runs.append(run)
    replaced = [_replace_formulas(element, run, dollars, mark) for run in runs]
    if not any(replaced):
        return
    for child in list(element):
        child.tail = None
        element.remove(child)
    element.text = None
    for item in (item for run in runs for item in run):
        if isinstance(item, str):
            append_text(element, item)
        else:
            element.append(item)


def _replace_formulas(
    element: HtmlElement, run: list[str | HtmlElement], dollars: bool, mark: str
) -> bool:
    """Replace the formulas of the run, which may begin with an element. Return whether any was."""
    first = 0 if isinstance(run[0], str) else 1
    items = run[first:]
    text = "".join(item if isinstance(item, str) else "\n" for item in items)
    formulas = list(_formulas(text, dollars))
    if not formulas:
        return False
    out: list[str | HtmlElement] = []
    position = 0
    pending = iter([*formulas, (len(text), len(text), "", False)])
    start, end, tex, display = next(pending)
    for item in items:
        size = len(item) if isinstance(item, str) else 1
        offset = 0
        while offset < size:
            at = position + offset
            if at < start:
                step = min(size - offset, start - at)
                out.append(item[offset : offset + step] if isinstance(item, str) else item)
            else:
                step = min(size - offset, end - at)
                if at + step == end:
                    code = element.makeelement("code")
                    code.text = tex
                    code.set(mark, "block" if display else "inline")
                    out.append(code)
                    start, end, tex, display = next(pending)
            offset += step
        position += size
    run[first:] = out
    return True


def _formulas(text: str, dollars: bool) -> Iterator[tuple[int, int, str, bool]]:
    """Start, end, TeX and display mode of each formula in the text, in order."""
    position = 0
    while (found := _OPENING.search(text, position)) is not None:
        sign = found[0]
        position = found.end()
        if sign == "$" and (not dollars or text[position : position + 1].isspace()):
            continue
        name = found["name"]
        closing = f"\\end{{{name}}}" if name else _CLOSING[sign]
        end = text.find(closing, position, position + MAX_FORMULA)
        if sign == "$" and end > position:
            # A price: a closing dollar has no space before and no digit after it.
            after = text[end + 1 : end + 2]
            if text[end - 1].isspace() or after.isdigit() or "\n\n" in text[position:end]:
                continue
        if end <= position:
            continue
        inner = text[position:end]
        position = end + len(closing)
        tex = text[found.start() : position] if name else inner.strip()
        if tex:
            yield found.start(), position, tex, bool(name) or sign in ("\\[", "$$")
