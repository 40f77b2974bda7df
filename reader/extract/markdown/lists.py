"""Markdown lists: numbers as the page counts them, task boxes, tight or loose.

Sources: HTML 4.4.5 to 4.4.8 (`start`, `reversed`, `value`), CommonMark 0.31 section 5.3, GFM 5.3.
"""

import re
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from reader.extract.dom import ElementIndex, detach

_INTEGER: Final = re.compile(r"\s*([+-]?\d{1,8})")
_TIGHT_LIST: Final = re.compile(r"- |1[.)] ")
"""A list that can follow a line of text without a blank line."""
_MARK: Final = re.compile(r"^(?:[-*] |\d{1,9}[.)] )", re.MULTILINE)
_BLOCK_TAGS: Final = frozenset(("ul", "ol", "menu", "dl", "table", "pre", "blockquote"))
_DRAWN_BOXES: Final = (
    "//*[@role='checkbox'][@aria-checked]|//ul[contains(@class, 'to-do-list')]"
    "//div[contains(@class, 'checkbox-o')]"
)
"""Boxes that are no form controls; the second kind is Notion's."""
TASK_ATTRIBUTE: Final = "data-task"
"""Marks an item as a task: `x` for a finished one, else a space."""


def item_numbers(ordered: HtmlElement, items: Sequence[HtmlElement | None]) -> list[int]:
    """Return the number of each item; one without an element counts like the one before it."""
    step = -1 if ordered.get("reversed") is not None else 1
    number = _integer(ordered.get("start"))
    if number is None:
        number = 1 if step > 0 else sum(item is not None for item in items)
    numbers = []
    for item in items:
        value = _integer(item.get("value")) if item is not None else None
        number = number if value is None else value
        numbers.append(number)
        number += step
    return numbers


def _integer(text: str | None) -> int | None:
    found = _INTEGER.match(text or "")
    return int(found[1]) if found else None


def mark_tasks(index: ElementIndex) -> None:
    """Take the checkbox at the beginning of items out, and record its state."""
    root = index.root
    # `//li//input` would search each nested list again for every list around it.
    boxes = [box for box in root.iter("input") if (box.get("type") or "").lower() == "checkbox"]
    if index.has_attribute("aria-checked") or index.names_class("checkbox-o"):
        boxes += root.xpath(_DRAWN_BOXES)
    for box in boxes:
        item = next(box.iterancestors("li"), None)
        if item is None or item.get(TASK_ATTRIBUTE) is not None or not _begins(item, box):
            continue
        is_checked = (
            box.get("checked") is not None
            or box.get("aria-checked") == "true"
            or "checkbox-on" in (box.get("class") or "").split()
        )
        item.set(TASK_ATTRIBUTE, "x" if is_checked else " ")
        if box.tag == "input" or not box.text_content().strip():
            detach(box)
    is_gitlab = index.names_class("inline-task-list")
    for item in root.xpath("//ul[contains(@class, 'inline-task-list')]/li") if is_gitlab else ():
        item.set(TASK_ATTRIBUTE, "x" if "checked" in (item.get("class") or "").split() else " ")


def _begins(item: HtmlElement, box: HtmlElement) -> bool:
    """Return whether nothing is written before the box in its item."""
    element = box
    while element is not item:
        before = element.getprevious()
        while before is not None:
            if (before.tail or "").strip() or before.text_content().strip():
                return False
            before = before.getprevious()
        element = element.getparent()
        if (element.text or "").strip() or (element is not item and element.tag in _BLOCK_TAGS):
            return False
    return True


def task_marker(item: HtmlElement) -> str:
    """Return `[ ] ` or `[x] ` for an item that `mark_tasks` found a checkbox in."""
    state = item.get(TASK_ATTRIBUTE)
    return "" if state is None else f"[{'x' if state == 'x' else ' '}] "


def separate_lists(blocks: Sequence[str]) -> list[str]:
    """Return blocks in which each list that follows another one has other marks.

    CommonMark joins two lists with the same marks, whatever stands between their items.
    """
    found: list[str] = []
    last = ""
    for block in blocks:
        first = _MARK.match(block)
        if first is not None and _kind_of(first[0]) == last:
            block = _MARK.sub(_exchange, block)
        # Lines at the edge of a list are items; all else in it is indented.
        marks = _MARK.findall(block) if first is not None else []
        last = _kind_of(marks[-1]) if marks else ""
        found.append(block)
    return found


def _kind_of(mark: str) -> str:
    return mark.strip()[-1]


def _exchange(mark: re.Match[str]) -> str:
    """Return a mark that begins another list."""
    text = mark[0]
    if text == "- ":
        return "* "
    return "- " if text == "* " else text.replace(*(".)" if "." in text else ")."))


def list_block(items: Sequence[Sequence[str]], numbers: Sequence[int] | None = None) -> list[str]:
    """Return the items as one block, tight if each is one paragraph with lists below it.

    CommonMark counts on from the first number, so each jump changes the delimiter, which begins
    a new list. Negative numbers are text, since CommonMark has none.
    """
    if not items:
        return []
    if numbers is not None and min(numbers) < 0:
        items = [
            [f"{str(number).replace('-', '−')}\\. {item[0]}", *item[1:]]
            for number, item in zip(numbers, items, strict=True)
        ]
        numbers = None
    loose = any(_TIGHT_LIST.match(block) is None for item in items for block in item[1:])
    lines: list[str] = []
    delimiter = "."
    for position, item in enumerate(items):
        bullet = "- "
        if numbers is not None:
            if position and numbers[position] != numbers[position - 1] + 1:
                delimiter = ")" if delimiter == "." else "."
            bullet = f"{numbers[position]}{delimiter} "
        indent = " " * len(bullet)
        text = ("\n\n" if loose else "\n").join(item)
        lines.append(
            bullet
            + "\n".join(
                f"{indent}{line}" if line and row else line
                for row, line in enumerate(text.split("\n"))
            )
        )
    return [("\n\n" if loose else "\n").join(lines)]
