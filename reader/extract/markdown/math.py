"""Convert MathML, KaTeX, MathJax and images of formulas to `<code data-math>`."""

import re
from typing import Final
from urllib.parse import unquote, unquote_plus

from lxml.html import HtmlElement
from lxml.html.builder import E

from reader.extract import removals
from reader.extract.dom import ElementIndex
from reader.extract.markdown.mathml import to_tex

ATTRIBUTE: Final = "data-math"
_TEX_TYPE: Final = re.compile(r"math/(?:tex|latex|asciimath)\b", re.I)
_WRAPPER_CLASS: Final = re.compile(
    r"(?:^|\s)(?:katex-display|katex|mwe-math-element|MathJax_?\w*|mathjax-\w+|math-container|tex2jax\w*"
    r"|mjx-\w+|MJX\w*|MathJax_SVG\w*)(?:$|\s)"
)
_PREVIEW_CLASS: Final = re.compile(
    r"(?:^|\s)(?:MathJax_?(?:Preview|Display|SVG|SVG_Display|CHTML)?|mjx-chtml|MJX_Assistive_MathML)(?:$|\s)"
)
_IMAGE_URL: Final = re.compile(
    r"(?:codecogs\.com/\w+\.(?:image|latex)|latex\.php|/cgi-bin/math(?:tex|ime)\.cgi|mathtex|wp-latex"
    r"|render/math|equationeditor)[^?]*\?(?:latex=|math=|tex=|)?(?P<query>.+)"
    r"|chart\?(?:.*&)?chl=(?P<chart>[^&]+)"
    r"|/(?:formula|math|latex|tex|eq)/(?:svg/|png/|render/)?(?P<path>[^/?#]*(?:%5C|\\)[^/?#]+)$",
    re.I,
)
_IMAGE_CLASS: Final = re.compile(
    r"(?:^|\s)(?:latex|tex|math|ql-img-\w+-equation|mwe-math-fallback-\S+|wp-math|equation)(?:$|\s|-)",
    re.I,
)
_SOURCE_CLASS: Final = re.compile(
    r"(?:^|\s)(?:language-math|js-render-math|math-inline|math-display)(?:$|\s)"
)
"""Names of code that GitHub, GitLab and remark-math draw as a formula."""
_PREFIXED: Final = ("m:math", "mml:math", "mathml:math")
"""MathML with the prefixes that XHTML gives to it."""
_EQUATION_NUMBER: Final = re.compile(r"\(\s*([\w.]{1,12})\s*\)")
_COMMAND: Final = re.compile(r"\\[A-Za-z]+|[_^]\{|\^\d|_\d|[A-Za-z0-9)]\s*=\s*\S")
_MAX_TEX: Final = 20_000
"""Characters of the longest formula; a longer one is left out."""


def _pandoc_formulas(index: ElementIndex) -> list[tuple[HtmlElement, str]]:
    """Return the elements whose bare TeX pandoc's script for KaTeX draws, with their classes."""
    if not index.names_class("math"):
        return []
    return [
        (element, names)
        for element in index.root.iter("span")
        if not len(element)
        and (names := element.get("class") or "") in ("math inline", "math display")
        and element.getparent() is not None
        and (text := (element.text or "").strip())
        and not text.startswith(("\\(", "\\[", "$"))
    ]


def normalise(index: ElementIndex) -> None:
    """Replace every formula by its TeX, once, and drop its drawings."""
    root = index.root
    for script in list(root.iter("script")):
        if _TEX_TYPE.match((script.get("type") or "").strip()):
            _from_script(script)
    for element in list(root.iter("amp-mathml")):
        formula = element.get("data-formula")
        if formula is None:
            continue
        _replace_with_tex(element, formula, element.get("inline") is None and "\\(" not in formula)
    for element in list(root.iter("code", "pre")):
        if element.get("data-math-style") or _SOURCE_CLASS.search(element.get("class") or ""):
            _from_code(element)
    for element, names in _pandoc_formulas(index):
        _replace_with_tex(element, element.text or "", "display" in names)
    for element in list(root.iter("math", "{*}math", *_PREFIXED)):
        if element.getparent() is not None and not _is_detached(element, root):
            _from_mathml(element)
    has_source = index.has_attribute("data-tex", "data-latex", "data-expr")
    drawn = ("mjx-container", "span", "div") if has_source else ("mjx-container",)
    for element in list(root.iter(*drawn)):
        source = element.get("data-tex") or element.get("data-latex") or element.get("data-expr")
        if not source and element.tag == "mjx-container":
            # MathJax 4 leaves TeX on its own elements, and no MathML.
            inner = next(element.iter("mjx-math"), None)
            source = inner.get("data-latex") if inner is not None else None
        if (
            source
            and element.getparent() is not None
            and (element.tag == "mjx-container" or _COMMAND.search(source))
        ):
            _replace_with_tex(
                element, source, element.tag == "div" or element.get("display") == "true"
            )
    for image in list(root.iter("img")):
        _from_image(image)
    _replace_equation_tables(root)


def _is_detached(element: HtmlElement, root: HtmlElement) -> bool:
    top = element
    while (above := top.getparent()) is not None:
        top = above
    return top is not root


def _from_script(script: HtmlElement) -> None:
    display = "mode=display" in (script.get("type") or "").replace(" ", "")
    before = script.getprevious()
    while before is not None and not (before.tail or "").strip():
        if not isinstance(before.tag, str) or not _PREVIEW_CLASS.search(before.get("class") or ""):
            break
        previous = before.getprevious()
        removals.drop(before, "formula copy")
        before = previous
    _replace_with_tex(script, script.text or "", display)


def _from_code(code: HtmlElement) -> None:
    """Replace code that is TeX, and the block around it."""
    parent = code.getparent()
    if parent is None or (code.tag == "pre" and code.find("code") is not None and len(code) > 1):
        return
    above = parent if code.tag == "code" and parent.tag == "pre" else code
    names = f"{code.get('class') or ''} {above.get('class') or ''}"
    display = (
        above.tag == "pre"
        or "math-display" in names
        or "display" in (code.get("data-math-style"), above.get("data-math-style"))
    )
    _replace_with_tex(above, code.text_content(), display)


def _from_mathml(math: HtmlElement) -> None:
    source = ""
    for annotation in math.iter("annotation", "{*}annotation"):
        if "tex" in (annotation.get("encoding") or "").lower():
            source = "".join(annotation.itertext())
    if not source.strip():
        alt = math.get("alttext") or ""
        source = alt if _COMMAND.search(alt) or (alt and len(alt) < 4) else to_tex(math)
    display = math.get("display") == "block" or math.get("mode") == "display"
    outer = math
    while (above := outer.getparent()) is not None:
        name = above.get("class") or ""
        if above.tag in ("mjx-container", "mjx-assistive-mml") or _WRAPPER_CLASS.search(name):
            display = display or "katex-display" in name or above.get("display") == "true"
            outer = above
        elif above.tag == "span" and _is_only_content(above, outer):
            outer = above
        else:
            break
    _replace_with_tex(outer, source, display)


def _is_only_content(above: HtmlElement, child: HtmlElement) -> bool:
    """Return whether the element holds only copies of the formula."""
    if (above.text or "").strip() or (child.tail or "").strip():
        return False
    return all(
        other is child or other.get("aria-hidden") == "true" or not other.text_content().strip()
        for other in above
        if isinstance(other.tag, str) and other.tag != "img"
    )


def _from_image(image: HtmlElement) -> None:
    source = image.get("src") or ""
    # Every such address has a query or a command of TeX.
    may_match = "?" in source or "\\" in source or "%5c" in source.lower()
    found = _IMAGE_URL.search(source) if may_match else None
    if found is not None:
        raw = found["query"] or found["chart"] or found["path"]
        text = unquote_plus(raw) if found["chart"] else unquote(raw)
        text = re.sub(
            r"^(?:\\(?:dpi|bg|fg)\{[^}]*\}\s*|\\(?:large|small|inline|Large)\s*)+", "", text
        )
        if _COMMAND.search(text) or found["query"]:
            _replace_with_tex(image, text.partition("&bg=")[0].partition("&fg=")[0], False)
        return
    alt = image.get("alt") or ""
    if _IMAGE_CLASS.search(image.get("class") or "") and (
        _COMMAND.search(alt) or 0 < len(alt.strip("$ ")) < 3
    ):
        _replace_with_tex(image, alt, "display" in (image.get("class") or ""))


def _replace_with_tex(element: HtmlElement, source: str, display: bool) -> None:
    """Put TeX in the element's place, or drop an element without any."""
    tex = _strip_delimiters(source)
    parent = element.getparent()
    if parent is None:
        return
    if not tex or len(tex) > _MAX_TEX:
        element.drop_tree()
        return
    code = E.code(tex)
    code.set(ATTRIBUTE, "block" if display else "inline")
    if not display:
        tail = element.tail or ""
        code.tail = f" {tail}" if tail[:1].isalnum() and _ends_with_space(element) else tail
        parent.replace(element, code)
        return
    block = code
    if parent.tag not in ("p", "span", "li", "dd", "td", "em", "b", "strong", "a"):
        block = E.p(code)
    block.tail = element.tail
    parent.replace(element, block)


def _ends_with_space(element: HtmlElement) -> bool:
    """Return whether white space ends the formula's element."""
    return element.tag != "math" and len(element) > 0 and (element[-1].tail or "")[-1:].isspace()


def _strip_delimiters(source: str) -> str:
    """Return TeX without delimiters, CDATA marks and comments."""
    tex = re.sub(r"%\s*<!\[CDATA\[|%\s*\]\]>|<!\[CDATA\[|\]\]>", "", source).strip()
    tex = re.sub("[\ue000-\uf8ff\u00a0\u200b]", " ", tex).strip()
    for opening, close in (("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$")):
        if len(tex) > len(opening) + len(close) and tex.startswith(opening) and tex.endswith(close):
            tex = tex[len(opening) : -len(close)].strip()
    return re.sub(r"\n\s*\n+", "\n", tex).strip()


def _replace_equation_tables(root: HtmlElement) -> None:
    """Replace tables that only place an equation and its number."""
    for table in list(root.iter("table")):
        formulas = [code for code in table.iter("code") if code.get(ATTRIBUTE)]
        if not formulas or table.getparent() is None:
            continue
        rest = table.text_content()
        for code in formulas:
            rest = rest.replace(code.text or "", "", 1)
        if (
            not re.fullmatch(r"[\s(]*(?:\d[\d.a-z]*)?[\s)]*", rest)
            or table.find(".//th") is not None
        ):
            continue
        box = E.div()
        for row in table.iter("tr"):
            sources = [code.text or "" for code in row.iter("code") if code.get(ATTRIBUTE)]
            source = " ".join(sources)
            number = row.text_content()
            for part in sources:
                number = number.replace(part, "", 1)
            if source and "\\tag" not in source:
                found = _EQUATION_NUMBER.fullmatch(number.strip())
                source += f" \\tag{{{found[1]}}}" if found else ""
            if source:
                line = E.code(source)
                line.set(ATTRIBUTE, "block")
                box.append(E.p(line))
        box.tail = table.tail
        table.getparent().replace(table, box)


def to_markdown(code: HtmlElement) -> tuple[str, bool] | None:
    """Return a formula's Markdown and whether it is a block; None for code."""
    kind = code.get(ATTRIBUTE)
    if kind is None:
        return None
    tex = _strip_delimiters(code.text or "")
    tex = re.sub(r"(?<!\\)\$", r"\\$", tex)
    if kind == "block":
        return f"$$\n{tex}\n$$", True
    return f"${tex}$", False
