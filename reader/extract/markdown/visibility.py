"""What `hidden`, `popover` and `<dialog>` say about whether an element can be seen.

Source: HTML 6.1 (`hidden`), 6.12 (`popover`), 4.11.4 (`dialog`).
"""

from lxml.html import HtmlElement


def normalise(root: HtmlElement) -> None:
    """Leave `hidden` on the elements that no reader of the page can bring into view. Linear."""
    for element in root.xpath("//*[@hidden or @popover]"):
        if (element.get("hidden") or "").strip().lower() == "until-found":
            del element.attrib["hidden"]
        elif element.get("popover") is not None:
            element.set("hidden", "")
    for dialog in root.iter("dialog"):
        if dialog.get("open") is None:
            dialog.set("hidden", "")
        dialog.tag = "div"
