"""Edits of a page's tree that lxml has no method for, and an index of its elements."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from re import Pattern

from lxml.html import HtmlElement


def append_text(element: HtmlElement, text: str | None) -> None:
    """Add the text at the end of the element's content."""
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def insert_text_before(element: HtmlElement, text: str) -> None:
    """Add the text directly before the element."""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    elif (parent := element.getparent()) is not None:
        parent.text = (parent.text or "") + text


def detach(element: HtmlElement) -> HtmlElement:
    """Take the element out of its parent and leave its tail there. Return the element."""
    parent = element.getparent()
    if parent is not None:
        if element.tail:
            insert_text_before(element, element.tail)
        element.tail = None
        parent.remove(element)
    return element


def replace(old: HtmlElement, new: HtmlElement) -> None:
    """Put the new element in the place of the old one, before its tail."""
    parent = old.getparent()
    if parent is not None:
        new.tail, old.tail = old.tail, None
        parent.replace(old, new)


class ElementIndex:
    """The elements of a page by attribute and by class, as they were when the index was made.

    An XPath with a condition on an attribute takes as long as the one walk of this index (⏱ 0.5 ms
    for 1,100 elements), and normalisation has about thirty. The index also keeps lxml's objects for
    the elements alive, so that later walks need not make them again.
    """

    __slots__ = (
        "_class_text",
        "_classes",
        "_elements",
        "_folded",
        "_groups",
        "_name_text",
        "_styles",
        "is_fresh",
        "root",
    )

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.is_fresh = True
        """No stage has changed the page since."""
        self._elements: list[HtmlElement] = list(root.iter())
        by_names: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, element in enumerate(self._elements):
            by_names[tuple(element.keys())].append(number)
        # By attribute name: the numbers of the elements, in one list for each set of names.
        self._groups: dict[str, list[list[int]]] = {}
        for names, numbers in by_names.items():
            for name in names:
                self._groups.setdefault(name, []).append(numbers)
        self._classes: dict[str, list[HtmlElement]] | None = None
        self._class_text: str | None = None
        self._folded: str | None = None
        self._name_text: str | None = None
        self._styles: dict[str, list[int]] | None = None

    def has_attribute(self, *names: str) -> bool:
        """Return whether any element had one of the attributes."""
        return any(name in self._groups for name in names)

    def mark(self, element: HtmlElement, name: str, value: str) -> None:
        """Give an element an attribute that later stages ask for, old or new on the page."""
        element.set(name, value)
        self._groups.setdefault(name, [])

    def with_attribute(self, *names: str) -> list[HtmlElement]:
        """Return the elements on the page that had one of the attributes, in document order."""
        return self._on_page(self._numbers_with(*names))

    def styled(self, pattern: Pattern[str]) -> list[HtmlElement]:
        """Return the elements on the page whose `style` had the pattern and is not gone, in order."""
        if self._styles is None:
            # Elements often share a style.
            styles: defaultdict[str, list[int]] = defaultdict(list)
            for number in self._numbers_with("style"):
                styles[self._elements[number].get("style") or ""].append(number)
            self._styles = dict(styles)
        search = pattern.search
        found = sorted(
            chain.from_iterable(all_ for style, all_ in self._styles.items() if search(style))
        )
        return [one for one in self._on_page(found) if one.get("style") is not None]

    def _on_page(self, numbers: Sequence[int]) -> list[HtmlElement]:
        """Return the elements of these numbers that still stand below the root."""
        elements = [self._elements[number] for number in numbers]
        if self.is_fresh:
            return elements
        found: list[HtmlElement] = []
        # Those known to stand below the root, so that shared ancestors are looked at once.
        known = {self.root}
        for element in elements:
            above = element.getparent()
            if above not in known:
                path: list[HtmlElement] = []
                while above is not None and above not in known:
                    path.append(above)
                    above = above.getparent()
                if above is None and element is not self.root:
                    continue
                known.update(path)
            known.add(element)
            found.append(element)
        return found

    def _numbers_with(self, *names: str) -> list[int]:
        groups = {id(group): group for name in names for group in self._groups.get(name, ())}
        return sorted(chain.from_iterable(groups.values()))

    def in_order(self, chosen: Collection[HtmlElement]) -> list[HtmlElement]:
        """Return the chosen elements in document order."""
        return [element for element in self._elements if element in chosen] if chosen else []

    def by_class(self) -> dict[str, list[HtmlElement]]:
        """Return the elements by the value of their `class`, also those no longer on the page."""
        if self._classes is None:
            classes: defaultdict[str, list[HtmlElement]] = defaultdict(list)
            for number in self._numbers_with("class"):
                element = self._elements[number]
                classes[element.get("class") or ""].append(element)
            self._classes = dict(classes)
        return self._classes

    def by_id(self) -> dict[str, HtmlElement]:
        """Return the first element on the page with each `id`."""
        ids: dict[str, HtmlElement] = {}
        for element in self.with_attribute("id"):
            ids.setdefault(element.get("id") or "", element)
        return ids

    def classes_with(self, *parts: str) -> Iterator[tuple[str, list[HtmlElement]]]:
        """Yield the values of `class` with one of the lower-case parts, in any case."""
        # Most parts stand in no class of a page.
        present = [part for part in parts if self.names_folded_class(part)]
        for names, elements in self.by_class().items() if present else ():
            if any(map(names.lower().__contains__, present)):
                yield names, elements

    def has_name(self, name: str) -> bool:
        """Return whether a class or an id of any element has the name as a substring."""
        return name in self._all_names()

    def has_whole_name(self, name: str) -> bool:
        """Return whether an element has this value of `id` or `class`."""
        return f"\n{name}\n" in self._all_names()

    def _all_names(self) -> str:
        """Return all values of `id` and `class`, each between line ends."""
        if self._name_text is None:
            ids = [one.get("id") or "" for one in self.with_attribute("id")]
            self._name_text = "\n".join(("", *ids, self._all_classes(), ""))
        return self._name_text

    def names_class(self, *parts: str) -> bool:
        """Return whether any value of `class` has one of the parts as a substring."""
        return any(map(self._all_classes().__contains__, parts))

    def names_folded_class(self, *parts: str) -> bool:
        """Return whether any value of `class` has one of the lower-case parts, in any case."""
        if self._folded is None:
            self._folded = self._all_classes().lower()
        return any(map(self._folded.__contains__, parts))

    def _all_classes(self) -> str:
        if self._class_text is None:
            self._class_text = "\n".join(self.by_class())
        return self._class_text


class LiveIndex:
    """The elements of a page by attribute and by class, without a walk over all of them before.

    Faster than `ElementIndex` for a few questions.
    """

    __slots__ = ("_classes", "root")

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self._classes: dict[str, list[HtmlElement]] | None = None

    def with_attribute(self, *names: str) -> list[HtmlElement]:
        """Return the elements with one of the attributes now, in document order. Linear."""
        wanted = frozenset(names)
        return [one for one in self.root.iter() if not wanted.isdisjoint(one.keys())]

    def by_class(self) -> dict[str, list[HtmlElement]]:
        """Return the elements by the value of their `class` at the first question."""
        if self._classes is None:
            classes: defaultdict[str, list[HtmlElement]] = defaultdict(list)
            for element in self.root.iter():
                if names := element.get("class"):
                    classes[names].append(element)
            self._classes = dict(classes)
        return self._classes
