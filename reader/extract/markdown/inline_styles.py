"""Emphasis, raised text and preserved line ends that a page states by style, as HTML elements.

Source: CSS Text 4 (`white-space`), CSS Fonts 4 (`font-weight`, `font-style`).
"""

import re
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

from reader.extract.dom import ElementIndex
from reader.extract.style_sheets import StyleSheets

_BOLD: Final = re.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]\d\d)\b", re.I)
_NOT_BOLD: Final = re.compile(r"font-weight\s*:\s*(?:normal|lighter|[1-4]\d\d)\b", re.I)
_ITALIC: Final = re.compile(r"font-style\s*:\s*(?:italic|oblique)\b", re.I)
_NOT_ITALIC: Final = re.compile(r"font-style\s*:\s*normal\b", re.I)
_STRUCK: Final = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through\b", re.I)
_RAISED: Final = re.compile(r"vertical-align\s*:\s*super\b", re.I)
_LOWERED: Final = re.compile(r"vertical-align\s*:\s*sub\b", re.I)
_LINES: Final = re.compile(r"white-space\s*:\s*(?:pre-line|pre-wrap|pre|break-spaces)\b", re.I)
# Without regard to case the engine cannot search for the first word, and sheets are long.
_LINES_IN_SHEET: Final = re.compile(_LINES.pattern)
_BLOCK: Final = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|table|list-item)\b", re.I)
_EMPHASIS: Final = re.compile(
    "|".join(
        one.pattern for one in (_BOLD, _NOT_BOLD, _ITALIC, _NOT_ITALIC, _STRUCK, _RAISED, _LOWERED)
    ),
    re.I,
)
_SET_APART: Final = re.compile(f"{_LINES.pattern}|{_BLOCK.pattern}", re.I)
_INLINE_TAGS: Final = frozenset(("span", "b", "strong", "em", "i", "small", "time", "font"))
_BOX_TAGS: Final = frozenset(
    ("div", "section", "article", "main", "td", "li", "body", "aside", "header", "footer")
)
_SELECTOR: Final = re.compile(r"\s*(?:[a-z][a-z0-9]*)?\.([\w-]+)\s*(?:p\s*)?", re.I)
_NUMBERED_CLASS: Final = re.compile(r"(?:span)?\.([csT]\d{1,3})")
_NUMBERED_STYLES: Final = tuple(
    (re.compile(pattern), style)
    for pattern, style in (
        (r"font-weight\s*:\s*(?:bold|[6-9]\d\d)\b", "font-weight:bold"),
        (r"font-style\s*:\s*(?:italic|oblique)\b", "font-style:italic"),
        (r"text-decoration(?:-line)?\s*:\s*line-through\b", "text-decoration:line-through"),
        (r"vertical-align\s*:\s*super\b", "vertical-align:super"),
        (r"vertical-align\s*:\s*sub\b", "vertical-align:sub"),
    )
)
_NUMBERING_PROGRAM: Final = (
    "(//*[self::body or self::div][contains(@class, 'doc-content')]"
    "|//head/meta[contains(@content, 'Cocoa') or contains(@content, 'Office')])[1]"
)
_POEM: Final = re.compile(
    r"(?:^|[\s_-])(?:poem|poetry|verse|verseblock|lyrics|stanza)(?:$|[\s_-])", re.I
)
MIN_LETTER: Final = 400
"""Characters of preformatted text from which it may be a letter or an article."""
MAX_SENTENCE: Final = 300
"""Characters of its average sentence: code has few full stops before capitals."""
MAX_SIGN_SHARE: Final = 0.01
"""Share of its characters that are signs of code."""
MAX_SPACED_SHARE: Final = 0.1
"""Share of its lines with an indent or with columns."""
MAX_WIDTH: Final = 100
"""Characters of its widest line from which lines are paragraphs, not wrapped."""
_TEXT_TAGS: Final = frozenset(("a", "b", "i", "em", "strong", "u", "font", "br", "tt"))
_SENTENCE: Final = re.compile(r"[^\W\d_]{2}[.!?…][\"'”’»)]*\s+[\"'“‘«(]?[^\W\d_]|[。！？।]")
_CODE_SIGN: Final = re.compile(r"[{}\[\]<>=;|\\$^~`_@#]")
_SPACED: Final = re.compile(r"^[ \t]{2,}\S|\S {3,}\S|\t")
_GOES_ON: Final = re.compile(r"(?![\s>|*•–+#=_-]|\d{1,3}[.)] )\S")
"""A line that may continue the one above: no quotation, bullet or number."""
MIN_FULL_LINE: Final = 0.6
"""Width of a line that was wrapped, as a share of the widest."""
_CODE_TAGS: Final = frozenset(
    ("pre", "code", "textarea", "samp", "kbd", "script", "style", "table")
)


def normalise(index: ElementIndex) -> None:
    """Replace the styles of inline elements by tags. Linear."""
    root = index.root
    numbered = _inline_numbered_styles(index)
    for element in root.xpath("//*[@style]") if numbered else index.styled(_EMPHASIS):
        style = element.get("style") or ""
        tag = element.tag
        if tag in ("span", "font"):
            _wrap_styled(element, style)
        elif tag in ("b", "strong") and _NOT_BOLD.search(style):
            element.tag = "span"
        elif tag in ("i", "em") and _NOT_ITALIC.search(style):
            element.tag = "span"
    for moment in root.iter("time"):
        following = moment.getnext()
        if not moment.tail and following is not None and (following.text or "")[:1].isalnum():
            # Styles set a time apart from the words after it.
            moment.tail = " "
    for span in root.iter("span"):
        if not span.tail and (following := span.getnext()) is not None:
            _separate(span, following)


def _inline_numbered_styles(index: ElementIndex) -> bool:
    """Write the emphasis that a word processor's numbered classes state as styles of the elements.

    Google Docs names its classes `c0`, Apple's programs `s1`, LibreOffice `T1`. Return whether the
    page has such classes.
    """
    root = index.root
    is_numbered = index.names_class("doc-content") or any(
        name in (meta.get("content") or "")
        for meta in root.iter("meta")
        for name in ("Cocoa", "Office")
    )
    if not is_numbered or not root.xpath(_NUMBERING_PROGRAM):
        return False
    styles: dict[str, list[str]] = {}
    sheets = StyleSheets(root)
    for pattern, style in _NUMBERED_STYLES:
        for selector in sheets.selectors(pattern):
            found = _NUMBERED_CLASS.fullmatch(selector)
            if found is not None:
                styles.setdefault(found[1], []).append(style)
    for span in root.xpath("//span[@class][not(@style)]") if styles else ():
        found_styles = [one for name in span.get("class").split() for one in styles.get(name, ())]
        if found_styles:
            span.set("style", ";".join(found_styles))
    return bool(styles)


def _separate(span: HtmlElement, following: HtmlElement) -> None:
    """Put a space between two named spans that styles set apart: a term and its value."""
    left, right = span.text or "", following.text or ""
    if (
        following.tag == "span"
        and not len(span)
        and left[-1:].isalnum()
        and not left[-1:].isupper()
        and right[:1].isupper()
        and right[1:2].islower()
        and (" " in left.strip() or " " in right.strip())
        and span.get("class") != following.get("class")
        and next(span.iterancestors("pre", "code"), None) is None
    ):
        span.tail = " "


def preserve_line_ends(index: ElementIndex) -> None:
    """Replace the line ends that styles preserve, and those of poems, by breaks. Linear."""
    root = index.root
    for pre in list(root.iter("pre")):
        if _is_verse(pre):
            pre.tag = "p"
            _break_lines(pre)
        elif _is_running_text(pre):
            pre.tag = "div"
            _join_wrapped(pre)
            _break_lines(pre)
    classes = set(_line_classes(root))
    for element in index.styled(_SET_APART):
        style = element.get("style") or ""
        if _LINES.search(style):
            _break_lines(element)
        if element.tag in _INLINE_TAGS and _BLOCK.search(style):
            _stand_alone(element)
    if classes:
        for element in root.xpath("//body//*[@class]"):
            if not classes.isdisjoint(element.get("class").split()):
                _break_lines(element)


def _stand_alone(element: HtmlElement) -> None:
    """Make a box of an inline element that is drawn as one; in a paragraph, a line."""
    parent = element.getparent()
    if parent is None:
        return
    if parent.tag in _BOX_TAGS:
        if element.tag == "span":
            element.tag = "div"
        return
    previous = element.getprevious()
    above = parent.text if previous is None else previous.tail
    if (above and not above.isspace()) or (previous is not None and previous.tag != "br"):
        element.addprevious(element.makeelement("br"))
    if element.tail and not element.tail.isspace():
        line_break = element.makeelement("br")
        line_break.tail, element.tail = element.tail, None
        element.addnext(line_break)


def _wrap_styled(element: HtmlElement, style: str) -> None:
    """Give a span the tag of its style; further styles become elements inside it."""
    tags = [
        tag
        for pattern, tag in (
            (_BOLD, "strong"), (_ITALIC, "em"), (_STRUCK, "del"), (_RAISED, "sup"),
            (_LOWERED, "sub"),
        )
        if pattern.search(style)
    ]  # fmt: skip
    if not tags or not "".join(element.itertext()).strip():
        return
    element.tag = tags[0]
    for tag in tags[1:]:
        inner = element.makeelement(tag)
        inner.text, element.text = element.text, None
        inner.extend(list(element))
        element.append(inner)


def _is_verse(pre: HtmlElement) -> bool:
    """Return whether the preformatted text is a poem and not code."""
    parent = pre.getparent()
    names = f"{pre.get('class') or ''} {'' if parent is None else parent.get('class') or ''}"
    return _POEM.search(names) is not None and pre.find(".//code") is None


def _is_running_text(pre: HtmlElement) -> bool:
    """Return whether the preformatted text has the paragraphs of a letter, unlike code."""
    if any(element.tag not in _TEXT_TAGS for element in pre.iterdescendants()):
        return False
    text = "".join(pre.itertext())
    lines = [line for line in text.split("\n") if line.strip()]
    return (
        len(text) >= MIN_LETTER
        and len(_SENTENCE.findall(text)) * MAX_SENTENCE > len(text)
        and _CODE_SIGN.subn("", text)[1] < MAX_SIGN_SHARE * len(text)
        and sum(_SPACED.search(line) is not None for line in lines) < MAX_SPACED_SHARE * len(lines)
    )


def _join_wrapped(pre: HtmlElement) -> None:
    """Replace the line ends inside wrapped paragraphs by spaces."""
    lines = "".join(pre.itertext()).split("\n")
    width = max(map(len, lines))
    if width > MAX_WIDTH:
        return
    ends = iter(
        [
            " " if len(line) >= MIN_FULL_LINE * width and _GOES_ON.match(following) else "\n"
            for line, following in pairwise(lines)
        ]
    )
    for node in pre.xpath(".//text()"):
        text = "".join(next(ends) if sign == "\n" else sign for sign in node)
        if node.is_tail:
            node.getparent().tail = text
        else:
            node.getparent().text = text


def _line_classes(root: HtmlElement) -> set[str]:
    """Return the classes whose rules in the page's own style sheets preserve line ends."""
    found = map(_SELECTOR.fullmatch, StyleSheets(root).selectors(_LINES_IN_SHEET))
    return {selector[1] for selector in found if selector is not None}


def _break_lines(top: HtmlElement) -> None:
    """Replace the line ends in the element's text by `<br>`, but for those at its edges."""
    if top.tag in _CODE_TAGS or any(above.tag in _CODE_TAGS for above in top.iterancestors()):
        return
    waiting = [top]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str) or element.tag in _CODE_TAGS:
            continue
        waiting += element
        for child in list(element):
            _split_lines(element, child, child.tail, last=child.getnext() is None)
        _split_lines(element, None, element.text, last=len(element) == 0)


def _split_lines(
    element: HtmlElement, before: HtmlElement | None, text: str | None, *, last: bool
) -> None:
    """Split one text node: the element's first one, or the one behind `before`."""
    if not text or "\n" not in text or not text.strip():
        return
    text = text.lstrip("\n") if before is None else text
    text = text.rstrip("\n ") if last else text
    first, *lines = text.split("\n")
    place = 0
    if before is None:
        element.text = first
    else:
        before.tail = first
        place = element.index(before) + 1
    breaks = []
    for line in lines:
        line_break = element.makeelement("br")
        line_break.tail = line
        breaks.append(line_break)
    element[place:place] = breaks
