"""Markup of documentation programs as plain elements: signatures, admonitions, prompts, captions.

Sources: the HTML of Sphinx 8 (`dt.sig`), Asciidoctor 2.0 (`admonitionblock`, `colist`, `checklist`,
`hdlist`) and nbconvert 7 (`jp-InputPrompt`, `input_prompt`).
"""

import re
from typing import Final

from lxml.html import HtmlElement
from lxml.html.builder import E

from reader.extract import removals
from reader.extract.dom import ElementIndex, replace
from reader.extract.markdown.lists import TASK_ATTRIBUTE

DOCUMENT: Final = "data-reader-document"
"""Attribute of the container that holds a program's whole document."""
THREAD: Final = "thread"
"""Value of the attribute for the posts of a thread."""
_HAS_BLOCKS: Final = (
    "(//div[contains(@class, 'jp-Cell') or contains(@class, 'admonitionblock')])[1]"
)
_PROMPT: Final = re.compile(
    r"(?:^|\s)(?:jp-(?:Input|Output)Prompt|input_prompt|output_prompt)(?:$|\s)"
)
_PERMALINK: Final = re.compile(
    r"(?:^|\s)(?:headerlink|anchor-link|viewcode-link|viewcode-back)(?:$|\s)"
)
_KIND: Final = re.compile(r"admonitionblock\s+(\w+)")
_CHECKED: Final = re.compile(r"fa-check-square")


def normalise(index: ElementIndex) -> None:
    """Give the blocks of a program's document their HTML elements. Linear."""
    root = index.root
    if not index.has_attribute(DOCUMENT) and not (
        index.names_class("jp-Cell", "admonitionblock") and root.xpath(_HAS_BLOCKS)
    ):
        return
    for element in root.xpath("//body//*[@class]"):
        parent = element.getparent()
        if parent is None:
            continue
        classes = element.get("class")
        tag = element.tag
        if tag == "a" and _PERMALINK.search(classes):
            removals.drop(element, "permalink")
        elif _PROMPT.search(classes):
            removals.drop(element, "prompt")
        elif tag == "summary" and "hideme" in classes.split():
            # rustdoc's "Expand description".
            removals.drop(element, "control")
        elif tag == "dt" and "sig" in classes.split():
            _write_signature(element)
        elif tag == "div" and "admonitionblock" in classes:
            _convert_admonition(element, classes)
        elif tag == "div" and ("colist" in classes or "hdlist" in classes):
            _convert_table_list(element, numbered="colist" in classes)
        elif tag == "ul" and "checklist" in classes:
            _mark_checklist(element)


def _write_signature(term: HtmlElement) -> None:
    """Write the signature of a function or class as code."""
    for link in term.xpath(".//a[contains(@class, 'headerlink') or contains(@class, 'viewcode')]"):
        link.drop_tree()
    text = " ".join(term.text_content().replace("¶", "").split())
    for inner in list(term):
        term.remove(inner)
    term.text = None
    term.append(E.code(text))


def _convert_admonition(box: HtmlElement, classes: str) -> None:
    """Turn an Asciidoctor admonition, a table of icon and content, into a callout."""
    kind = _KIND.search(classes)
    content = next(iter(box.xpath(".//td[contains(@class, 'content')]")), None)
    if kind is None or content is None:
        return
    callout = E.div()
    callout.set("class", f"admonition {kind[1]}")
    title = next((one for one in content if one.get("class") == "title"), None)
    name = E.p(kind[1] if title is None else title.text_content().strip())
    name.set("class", "admonition-title")
    callout.append(name)
    if title is not None:
        title.drop_tree()
    name.tail = content.text
    callout.extend(list(content))
    replace(box, callout)


def _convert_table_list(box: HtmlElement, *, numbered: bool) -> None:
    """Turn a table of two columns, as Asciidoctor writes some lists, into a list."""
    rows = [row.findall("td") for row in box.iter("tr")]
    if not rows or any(len(row) != 2 for row in rows):
        return
    found = E.ol() if numbered else E.dl()
    for first, second in rows:
        if numbered:
            second.tag = "li"
            found.append(second)
        else:
            first.tag, second.tag = "dt", "dd"
            found.extend((first, second))
    replace(box, found)


def _mark_checklist(items: HtmlElement) -> None:
    for item in items.iter("li"):
        icon = next(item.iter("i"), None)
        text = item.text_content().lstrip()
        if icon is not None and "square" in (icon.get("class") or ""):
            item.set(TASK_ATTRIBUTE, "x" if _CHECKED.search(icon.get("class")) else " ")
        elif text[:1] in "✓❏":
            item.set(TASK_ATTRIBUTE, "x" if text[0] == "✓" else " ")
            holder = next(
                (one for one in item.iter() if (one.text or "").lstrip()[:1] in ("✓", "❏")), None
            )
            if holder is not None:
                holder.text = holder.text.lstrip()[1:].lstrip()
